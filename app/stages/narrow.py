"""Narrow a map to some of its people, channels, experiences or themes: every number counted anew from what is left of the evidence."""

import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.journey import Coverage, Lane, Relation
from app.domain.narrowing import Narrowing
from app.domain.quote import State
from app.domain.tags import Channel
from app.stages.assemble import BEST, OPPORTUNITY_QUOTES, WORST, extractive_text
from app.stages.facts import NONE, is_extract, slot_of
from app.stages.weighing import Feeling, feeling_of, moment_rank, relation_to, shared_rank, state_of, theme_rank, usual_channel, weight_of

Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """What is left of a map: its people, and the places of its quotes in the facts."""

    facts: Mapping[str, Any]
    people: tuple[str, ...]
    kept: Sequence[bool]
    whole_talks: bool
    """Whether all that its people said is meant, so that what was skipped of it counts as well."""

    def left(self, places: Iterable[int]) -> list[int]:
        """Those of the places that are left."""
        kept = self.kept
        return [n for n in places if kept[n]]

    def count(self, places: Iterable[int]) -> int:
        """How many people said these quotes."""
        participant = self.facts["participant"]
        return len({participant[n] for n in places})

    def items(self, relation: Relation, places: Iterable[int]) -> list[dict[str, str]]:
        """Evidence items for these quotes."""
        quotes = self.facts["quotes"]
        return [{"quote_id": quotes[n], "relation": relation.value} for n in places]


def part_of(facts: Mapping[str, Any], within: Collection[str] | None, narrowing: Narrowing) -> Part:
    """What of a map fits a narrowing; `within` are the ids of the participants that its people fields mean, None for everybody.

    A quote that was never tagged has no channel, no experience and no confidence, so it fits only where none of these is asked for.
    """
    people = tuple(p for p in facts["participants"] if within is None or p in within)
    chosen = set(people)
    kept = [p in chosen for p in facts["participants"]]
    kept = [kept[n] for n in facts["participant"]]
    if narrowing.channels:
        kept = _also(kept, facts["channel"], _wanted(facts["channels"], narrowing.channels))
    if narrowing.experiences:
        kept = _also(kept, facts["experience"], _wanted(facts["experiences"], narrowing.experiences))
    if narrowing.themes:
        themes = set(narrowing.themes)
        kept = _also(kept, facts["theme"], {n for n, around in enumerate(facts["chains"]) if themes & set(around)})
    if narrowing.confidence:
        tagged = facts["tagged"]
        kept = [k and n < tagged and facts["confidence"][n] >= narrowing.confidence for n, k in enumerate(kept)]
    only_people = not (narrowing.channels or narrowing.experiences or narrowing.themes or narrowing.confidence)
    return Part(facts, people, kept, whole_talks=only_people)


def narrow(document: Document, part: Part) -> Document:
    """The part of a map that fits, in the form of a whole one: counted, ordered and weighed by the rules that a map is drawn by.

    `document` is a version as it is kept, with all of its evidence or only the first of it; what comes back has all that is left.
    A statement without a supporting quote is left out, as is an opportunity that too few quotes speak for. One that lost quotes has
    `narrowed`, with how many it rests on in the whole map (`of`); where it was worded with words of a quote that is gone, its text is
    None until `tell` words it anew. Coverage is that of the people's whole talks where only people were chosen; else of the quotes that
    fit, and nothing of it is skipped. `ungrounded` is a number of the run and stays.
    """
    facts = part.facts
    stages = [_stage(part, stage) for stage in document["stages"]]
    states = _states(part, stages)
    speaking = {facts["participant"][n] for n, kept in enumerate(part.kept) if kept}
    return {
        **document,
        "participants": [p for n, p in enumerate(facts["participants"]) if n in speaking],
        "of_participants": len(part.people),
        "summary": {"worst": _moments(part, stages, Lane.PAINS, WORST), "best": _moments(part, stages, Lane.DELIGHTS, BEST)},
        "stages": stages,
        "themes": _themes(part, document["themes"]),
        "states": states,
        "coverage": _coverage(part, states, document["coverage"]["ungrounded"]),
    }


def narrow_statement(part: Part, lane: Lane, statement: Document) -> Document | None:
    """What is left of a statement, in the form of a whole one; None where that is nothing."""
    told = part.facts["statements"][statement["id"]]
    supports, contradicts = part.left(told["supports"]), part.left(told["contradicts"])
    if not supports or (lane is Lane.OPPORTUNITIES and len(_group(part, told)) < OPPORTUNITY_QUOTES):
        return None
    made = {
        **statement,
        "participants": part.count(supports),
        "of_participants": len(part.people),
        "evidence_total": len(supports),
        "contrary_total": len(contradicts),
        "mean_valence": round(_mean_valence(part, supports), 3),
        "evidence": part.items(Relation.SUPPORTS, supports) + part.items(Relation.CONTRADICTS, contradicts),
    }
    if lane is Lane.TOUCHPOINTS:
        channels, channel = part.facts["channels"], part.facts["channel"]
        made["channel"] = usual_channel(Channel(channels[channel[n]]) for n in supports)
    if len(supports) < len(told["supports"]):
        made["narrowed"] = {"of": len(told["supports"])}
    if _speaks_for_others(part, lane, statement, supports):
        made["text"] = None
    return made


def untold(document: Document) -> dict[str, str]:
    """By the id of each statement that has to be worded anew, the id of the quote to take the words from: its strongest that is left."""
    return {s["id"]: s["evidence"][0]["quote_id"] for _, _, s in _statements(document) if s["text"] is None}


def tell(document: Document, facts: Mapping[str, Any], words: Mapping[str, str]) -> Document:
    """Word anew what `untold` names; `words` are the texts of those quotes, by id."""
    asked = untold(document)
    for stage, lane, statement in _statements(document):
        if statement["id"] in asked:
            statement["text"] = retold(facts, stage["id"], lane, statement, words[asked[statement["id"]]])
    return document


def retold(facts: Mapping[str, Any], stage_id: str, lane: Lane, statement: Document, words: str) -> str:
    """The sentence of a statement, cut anew from the words of a quote."""
    slot = slot_of(statement["id"], stage_id, lane, statement["theme_id"], facts["statements"][statement["id"]])
    return extractive_text(slot, words)


def curve_point(part: Part, stage_id: str) -> dict[str, Any] | None:
    """What people felt in a stage, with all of its evidence; None where nothing is left of it."""
    places = part.left(range(*part.facts["curve"].get(stage_id, (0, 0))))
    feeling = feeling_of(_by_person(part.facts, places))
    if feeling is None:
        return None
    quotes, valence = part.facts["quotes"], part.facts["valence"]
    against = [relation_to(feeling.score, valence[n]) for n in places]
    return {
        "score": round(feeling.score, 3),
        "spread": round(feeling.spread, 3),
        "participants": feeling.participants,
        "quotes": len(places),
        "contrary": against.count(Relation.CONTRADICTS),
        "evidence": [{"quote_id": quotes[n], "relation": relation.value} for relation, n in zip(against, places, strict=True)],
    }


def curves(facts: Mapping[str, Any], stage_ids: Sequence[str], groups: Sequence[Collection[str]]) -> list[list[Feeling | None]]:
    """The emotion curve of each group of participants, stage by stage."""
    felt = [_by_person(facts, range(*facts["curve"].get(stage_id, (0, 0)))) for stage_id in stage_ids]
    return [[feeling_of({p: said for p, said in by_person.items() if p in group}) for by_person in felt] for group in groups]


def _wanted(names: Sequence[str], asked: Collection[str]) -> set[int]:
    return {n for n, name in enumerate(names) if name in asked}


def _also(kept: Sequence[bool], values: Sequence[int], wanted: Collection[int]) -> list[bool]:
    return [k and value != NONE and value in wanted for k, value in zip(kept, values, strict=True)]


def _by_person(facts: Mapping[str, Any], places: Iterable[int]) -> dict[str, list[int]]:
    participant, valence = facts["participant"], facts["valence"]
    said: dict[int, list[int]] = {}
    for n in places:
        said.setdefault(participant[n], []).append(valence[n])
    return {facts["participants"][person]: valences for person, valences in said.items()}


def _stage(part: Part, stage: Document) -> Document:
    lanes = dict(stage["lanes"])
    for lane in Lane:
        left = [(made, statement) for statement in stage["lanes"][lane] if (made := narrow_statement(part, lane, statement))]
        lanes[lane] = [made for made, _ in sorted(left, key=lambda pair: _rank(part, *pair))]
    return {**stage, "emotion": curve_point(part, stage["id"]), "lanes": lanes}


def _speaks_for_others(part: Part, lane: Lane, statement: Document, supports: Sequence[int]) -> bool:
    """Whether a statement may hold words of somebody who is left out: of the quote it was cut from, or a question about their words."""
    before = part.facts["statements"][statement["id"]]["supports"]
    gone = len(supports) < len(before) if lane is Lane.OPPORTUNITIES else supports[0] != before[0]
    return gone and is_extract(statement, lane)


def _group(part: Part, told: Mapping[str, Any]) -> list[int]:
    """What is left of the quotes that a statement could cite."""
    return part.left(told.get("group", told["supports"]))


def _rank(part: Part, made: Document, statement: Document) -> Any:
    told = part.facts["statements"][statement["id"]]
    group = _group(part, told)
    anchor = ("theme", made["theme_id"]) if made["theme_id"] else ("touchpoint", told["label"])
    return shared_rank(part.count(group), weight_of(part.facts["valence"][n] for n in group), len(group), anchor)


def _mean_valence(part: Part, places: Sequence[int]) -> float:
    valence = part.facts["valence"]
    return statistics.fmean(valence[n] for n in places)


def _moments(part: Part, stages: Sequence[Document], lane: Lane, most: int) -> list[str]:
    ranks = []
    for stage in stages:
        for s in stage["lanes"][lane]:
            supports = part.left(part.facts["statements"][s["id"]]["supports"])
            ranks.append(moment_rank(s["participants"], _mean_valence(part, supports), len(supports), s["id"]))
    return [rank[-1] for rank in sorted(ranks)[:most]]


def _themes(part: Part, themes: Sequence[Document]) -> list[Document]:
    members: dict[str, list[int]] = {}
    for n, chain in enumerate(part.facts["theme"]):
        if chain != NONE and part.kept[n]:
            for theme in part.facts["chains"][chain]:
                members.setdefault(theme, []).append(n)
    ids = part.facts["quotes"]
    left = [
        {
            **{key: value for key, value in theme.items() if key != "quotes"},
            "quote_ids": sorted(ids[n] for n in members[theme["id"]]),
            "participants": part.count(members[theme["id"]]),
        }
        for theme in themes
        if theme["id"] in members
    ]
    return sorted(left, key=lambda t: theme_rank(t["participants"], len(t["quote_ids"]), t["id"]))


def _states(part: Part, stages: Sequence[Document]) -> dict[str, str]:
    cited = {e["quote_id"] for stage in stages if stage["emotion"] for e in stage["emotion"]["evidence"]}
    cited |= {e["quote_id"] for stage in stages for lane in Lane for s in stage["lanes"][lane] for e in s["evidence"]}
    tagged, theme = part.facts["tagged"], part.facts["theme"]
    return {
        quote_id: state_of(tagged=n < tagged, used=quote_id in cited or theme[n] != NONE).value
        for n, quote_id in enumerate(part.facts["quotes"])
        if part.kept[n]
    }


def _coverage(part: Part, states: Mapping[str, str], ungrounded: int) -> dict[str, int]:
    count = dict.fromkeys(State, 0)
    for quote_id, sentences in zip(part.facts["quotes"], part.facts["sentences"], strict=True):
        if quote_id in states:
            count[State(states[quote_id])] += sentences
    if part.whole_talks:
        people = set(part.people)
        skipped = zip(part.facts["participants"], part.facts["skipped"], strict=True)
        count[State.SKIPPED] = sum(sentences for person, sentences in skipped if person in people)
    return asdict(
        Coverage(
            sentences=sum(count.values()),
            used=count[State.USED],
            unplaced=count[State.UNPLACED],
            gap=count[State.GAP],
            skipped=count[State.SKIPPED],
            ungrounded=ungrounded,
        )
    )


def _statements(document: Document) -> list[tuple[Document, Lane, Document]]:
    return [(stage, lane, s) for stage in document["stages"] for lane in Lane for s in stage["lanes"][lane]]
