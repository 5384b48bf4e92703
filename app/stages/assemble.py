"""Assemble a journey map from tagged quotes and themes: which statements there are, what they rest on, what adds up."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.domain.journey import (
    Coverage,
    CurvePoint,
    Doubt,
    Evidence,
    JourneyMap,
    Lane,
    Origin,
    Relation,
    StageColumn,
    Statement,
    TaggedQuote,
    statement_id,
)
from app.domain.quote import State
from app.domain.stages import Stage
from app.domain.tags import Experience, Kind, Tags
from app.domain.themes import match_groups
from app.domain.transcript import count_words
from app.stages.segment.lexicon import plain
from app.stages.stretch import best_stretch
from app.stages.telling import Find, ask_how, is_english, most_telling, telling_words
from app.stages.weighing import feeling_of, moment_rank, relation_to, shared_rank, state_of, usual_channel, weight_of

WORST = 3
BEST = 2
MODERATE_WORDS = (8, 45)
OPPORTUNITY_QUOTES = 2
TOPIC_JOINT = ", "
_SIDES = {Lane.PAINS: Experience.PAIN, Lane.DELIGHTS: Experience.DELIGHT, Lane.OPPORTUNITIES: Experience.PAIN}
_OPPOSITE = {Experience.PAIN: Experience.DELIGHT, Experience.DELIGHT: Experience.PAIN}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a statement: the quotes that bear on it, strongest first, before anybody has worded it.

    `label` names the anchor (a theme's label or a touchpoint), `topic` says what it is about without taking sides, since a theme's
    in-vivo label is one participant's view; `theme_id` is None where the anchor is no theme.
    """

    id: str
    stage_id: str
    lane: Lane
    label: str
    topic: str
    theme_id: str | None
    channel: str | None
    supporting: tuple[str, ...]
    contrary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence for a slot and the quotes it cites; all of them belong to the slot, or the wording is not used.

    `doubt` is what a second look found, None where nobody looked or all was well.
    """

    text: str
    origin: Origin
    quote_ids: tuple[str, ...]
    doubt: Doubt | None = None

    def fits(self, slot: Slot) -> bool:
        """Whether it may stand there."""
        return bool(self.quote_ids) and set(self.quote_ids) <= set(slot.supporting)


@dataclass(frozen=True, slots=True)
class AssemblyInput:
    """What a map is made of: `quotes` are those of the participants within the map's filter, `skipped` their skipped sentences."""

    map_id: str
    stages: tuple[Stage, ...]
    quotes: tuple[TaggedQuote, ...]
    themes: Mapping[str, str]
    topics: Mapping[str, str]
    strengths: Mapping[str, float]
    of_participants: int
    skipped: int
    ungrounded: int = 0
    previous: Mapping[tuple[str, Lane], Mapping[str, frozenset[str]]] | None = None


def plan_slots(given: AssemblyInput) -> tuple[Slot, ...]:
    """Decide which statements the map has, stage by stage, lane by lane, most shared first.

    Quotes group by theme within a stage and lane; those without a theme by touchpoint. A touchpoint groups by its own words.
    Ids come from the anchor; a group that continues one of the previous map (Jaccard ≥ 0.5) keeps that one's id.
    """
    by_stage: dict[str, list[TaggedQuote]] = {stage.id: [] for stage in given.stages}
    for quote in given.quotes:
        if quote.tags and quote.tags.stage in by_stage:
            by_stage[quote.tags.stage].append(quote)
    slots: list[Slot] = []
    for stage in given.stages:
        for lane in Lane:
            slots += _slots_of_lane(given, stage.id, lane, by_stage[stage.id])
    return tuple(slots)


def assemble_journey(given: AssemblyInput, slots: Sequence[Slot], wordings: Mapping[str, Wording]) -> JourneyMap:
    """Put statements, curve, moments and coverage together; a slot without a usable wording is worded from its own quotes."""
    quotes = {quote.id: quote for quote in given.quotes}
    find = cache(best_stretch)  # a quote stands in several lanes
    columns: list[StageColumn] = []
    for stage in given.stages:
        lanes: dict[Lane, tuple[Statement, ...]] = {}
        for lane in Lane:
            here = [s for s in slots if s.stage_id == stage.id and s.lane is lane]
            lanes[lane] = tuple(_statement(given, slot, wordings.get(slot.id), quotes, find) for slot in here)
        columns.append(StageColumn(stage.id, _curve_point(stage.id, given.quotes), lanes))
    states = _states(given, columns)
    return JourneyMap(
        columns=tuple(columns),
        worst=_moments(columns, Lane.PAINS, WORST),
        best=_moments(columns, Lane.DELIGHTS, BEST),
        coverage=_coverage(given, states),
        states=states,
    )


def _slots_of_lane(given: AssemblyInput, stage_id: str, lane: Lane, quotes: Sequence[TaggedQuote]) -> list[Slot]:
    groups: dict[tuple[str, str], list[TaggedQuote]] = {}
    for quote in quotes:
        group = _anchor(lane, quote, given.themes)
        if group and quote.tags and _belongs(lane, quote.tags):
            groups.setdefault(group, []).append(quote)
    if lane is Lane.OPPORTUNITIES:
        groups = {anchor: members for anchor, members in groups.items() if len(members) >= OPPORTUNITY_QUOTES}
    by_theme: dict[str | None, list[TaggedQuote]] = {}
    for quote in quotes:
        by_theme.setdefault(quote.theme_id, []).append(quote)
    against = {
        (kind, anchor): _contrary(lane, members, by_theme[anchor]) if kind == "theme" else {} for (kind, anchor), members in groups.items()
    }
    groups = {anchor: [q for q in members if q.id not in against[anchor]] for anchor, members in groups.items()}
    ordered = sorted(groups.items(), key=lambda g: shared_rank(_people(g[1]), _weight(g[1]), len(g[1]), g[0]))
    previous = (given.previous or {}).get((stage_id, lane), {})
    slots = []
    for (kind, anchor), members in ordered:
        ranked = sorted(members, key=lambda q: _rank(lane, q, given.strengths))
        theme_id = anchor if kind == "theme" else None
        slots.append(
            Slot(
                id=statement_id(given.map_id, stage_id, lane, f"{kind}:{anchor}"),
                stage_id=stage_id,
                lane=lane,
                label=given.themes[anchor] if theme_id else anchor,
                topic=(given.topics.get(anchor) or given.themes[anchor]) if theme_id else anchor,
                theme_id=theme_id,
                channel=usual_channel(q.tags.channel for q in members if q.tags) if lane is Lane.TOUCHPOINTS else None,
                supporting=tuple(q.id for q in ranked),
                contrary=tuple(q.id for q in sorted(against[kind, anchor].values(), key=lambda q: _rank(lane, q, given.strengths))),
            )
        )
    return _keep_ids(slots, previous)


def _keep_ids(slots: list[Slot], previous: Mapping[str, frozenset[str]]) -> list[Slot]:
    born = {slot.id for slot in slots}
    free = {key: quotes for key, quotes in previous.items() if key not in born}
    new = [slot for slot in slots if slot.id not in previous]
    renamed = dict(zip([s.id for s in new], match_groups(free, [frozenset(s.supporting) for s in new]), strict=True))
    return [replace(slot, id=renamed.get(slot.id) or slot.id) for slot in slots]


def _belongs(lane: Lane, tags: Tags) -> bool:
    match lane:
        case Lane.ACTIONS:
            return tags.kind is Kind.ACTION
        case Lane.THOUGHTS:
            return tags.kind is Kind.THOUGHT
        case Lane.TOUCHPOINTS:
            return tags.touchpoint is not None
        case Lane.PAINS:
            return tags.experience is Experience.PAIN
        case Lane.DELIGHTS:
            return tags.experience is Experience.DELIGHT
        case Lane.OPPORTUNITIES:
            return tags.kind is Kind.NEED or tags.experience is Experience.PAIN


def _anchor(lane: Lane, quote: TaggedQuote, themes: Mapping[str, str]) -> tuple[str, str] | None:
    touchpoint = quote.tags.touchpoint if quote.tags else None
    if lane is Lane.TOUCHPOINTS:
        return ("touchpoint", touchpoint) if touchpoint else None
    if quote.theme_id in themes and quote.theme_id:
        return "theme", quote.theme_id
    return ("touchpoint", touchpoint) if touchpoint else None


def _weight(quotes: Iterable[TaggedQuote]) -> float:
    return weight_of(q.tags.valence for q in quotes if q.tags)


def _people(quotes: Iterable[TaggedQuote]) -> int:
    return len({q.participant_id for q in quotes})


def _rank(lane: Lane, quote: TaggedQuote, strengths: Mapping[str, float]) -> tuple[int, int, float, float, str]:
    """Telling quotes first: surely and strongly felt (in pains and delights), of readable length, close to the theme's centre."""
    tags = quote.tags
    felt = abs(tags.valence) * tags.confidence if tags and lane in {Lane.PAINS, Lane.DELIGHTS, Lane.OPPORTUNITIES} else 0
    words = count_words(quote.text)
    readable = MODERATE_WORDS[0] <= words <= MODERATE_WORDS[1]
    need_first = bool(tags and lane is Lane.OPPORTUNITIES and tags.kind is Kind.NEED)
    return (-int(need_first), -int(readable), -felt - strengths.get(quote.id, 0.0), -(tags.confidence if tags else 0.0), quote.id)


def _contrary(lane: Lane, members: Sequence[TaggedQuote], of_theme: Iterable[TaggedQuote]) -> dict[str, TaggedQuote]:
    """Of a stage's quotes of one theme, those with the other sign than the statement that these members make, by id.

    What people do and think has the sign that they told it with, where they agree; members that tell the opposite speak against it and
    not for it. A delight speaks against an opportunity: there it works already. A touchpoint claims nothing.
    """
    if lane is Lane.TOUCHPOINTS:
        return {}
    side = _SIDES.get(lane) or _side(members)
    wished = {q.id for q in members} if lane is Lane.OPPORTUNITIES else frozenset()
    opposite = _OPPOSITE.get(side) if side else None
    return {q.id: q for q in of_theme if opposite and q.tags and q.tags.experience is opposite and q.id not in wished}


def _side(quotes: Sequence[TaggedQuote]) -> Experience | None:
    """How what is told here was lived through: as half of the people tell it at least, and more than tell the opposite; else None.

    Of somebody who tells both counts what they tell more of.
    """
    told: dict[str, Counter[Experience]] = {}
    for quote in quotes:
        told.setdefault(quote.participant_id, Counter()).update([quote.tags.experience] if quote.tags else ())
    pained = sum(of_one[Experience.PAIN] > of_one[Experience.DELIGHT] for of_one in told.values())
    pleased = sum(of_one[Experience.PAIN] < of_one[Experience.DELIGHT] for of_one in told.values())
    if pained == pleased or 2 * max(pained, pleased) < len(told):
        return None
    return Experience.PAIN if pained > pleased else Experience.DELIGHT


def _statement(given: AssemblyInput, slot: Slot, wording: Wording | None, quotes: Mapping[str, TaggedQuote], find: Find) -> Statement:
    if wording is None or not wording.fits(slot):
        slot = _most_telling_first(slot, quotes, find)
        said = [quotes[q].text for q in slot.supporting]
        wording = Wording(extractive_text(slot, said[0], said, find), Origin.OFFLINE, slot.supporting)
    cited = set(wording.quote_ids)
    supporting = [quote_id for quote_id in slot.supporting if quote_id in cited]
    evidence = [Evidence(q, Relation.SUPPORTS) for q in supporting] + [Evidence(q, Relation.CONTRADICTS) for q in slot.contrary]
    return Statement(
        id=slot.id,
        stage_id=slot.stage_id,
        lane=slot.lane,
        text=wording.text,
        evidence=tuple(evidence),
        participants=len({quotes[q].participant_id for q in supporting}),
        of_participants=given.of_participants,
        origin=wording.origin,
        theme_id=slot.theme_id,
        channel=slot.channel,
        mean_valence=statistics.fmean(tags.valence for q in supporting if (tags := quotes[q].tags)),
        doubt=wording.doubt,
    )


def _most_telling_first(slot: Slot, quotes: Mapping[str, TaggedQuote], find: Find) -> Slot:
    """The slot with the quote that its words are taken from before the others, so that whoever reads on finds them on top."""
    if slot.lane is Lane.TOUCHPOINTS:
        return slot
    first = slot.supporting[most_telling([quotes[q].text for q in slot.supporting], slot.topic.split(TOPIC_JOINT), find)]
    return replace(slot, supporting=(first, *(q for q in slot.supporting if q != first)))


def extractive_text(slot: Slot, telling: str, supporting: Iterable[str] = (), find: Find = best_stretch) -> str:
    """Word a slot without a model: the most telling words of a quote, cut and not rewritten, and its topic.

    An opportunity asks how one might help with what it is about; beside a quote in another language than English it does not. It is about
    its theme's label where that is a name, or the very words of one of the quotes that support it, else about the topic: a label that
    code found is somebody's words, and those of somebody who was pleased would ask for help with what works.
    """
    if slot.lane is Lane.TOUCHPOINTS:
        return slot.label[:1].upper() + slot.label[1:]
    topics = slot.topic.split(TOPIC_JOINT)
    if slot.lane is not Lane.OPPORTUNITIES:
        return f"“{telling_words(telling, topics, find=find)}” — {slot.topic[:1].lower() + slot.topic[1:]}"
    if not is_english(telling):
        return f"“{telling_words(telling, topics, find=find)}”"
    named = slot.topic == slot.label or any(plain(slot.label) in plain(text) for text in (telling, *supporting))
    return ask_how([slot.label] if named else topics, telling, topics, find)


def _curve_point(stage_id: str, quotes: Iterable[TaggedQuote]) -> CurvePoint | None:
    here = [(q, q.tags) for q in quotes if q.tags and q.tags.stage == stage_id]
    by_person: dict[str, list[int]] = {}
    for quote, tags in here:
        by_person.setdefault(quote.participant_id, []).append(tags.valence)
    feeling = feeling_of(by_person)
    if feeling is None:
        return None
    evidence = [
        Evidence(q.id, relation_to(feeling.score, tags.valence))
        for q, tags in sorted(here, key=lambda x: (-abs(x[1].valence), -x[1].confidence, x[0].id))
    ]
    return CurvePoint(round(feeling.score, 3), round(feeling.spread, 3), feeling.participants, tuple(evidence))


def _moments(columns: Iterable[StageColumn], lane: Lane, most: int) -> tuple[str, ...]:
    statements = [s for column in columns for s in column.lanes[lane]]
    ranked = sorted(statements, key=lambda s: moment_rank(s.participants, s.mean_valence, len(s.supporting), s.id))
    return tuple(s.id for s in ranked[:most])


def _states(given: AssemblyInput, columns: Iterable[StageColumn]) -> dict[str, str]:
    cited: set[str] = set()
    for column in columns:
        cited.update(e.quote_id for e in (column.emotion.evidence if column.emotion else ()))
        cited.update(e.quote_id for statements in column.lanes.values() for s in statements for e in s.evidence)
    states = {}
    for quote in given.quotes:
        states[quote.id] = state_of(tagged=quote.tags is not None, used=quote.id in cited or quote.theme_id in given.themes).value
    return states


def _coverage(given: AssemblyInput, states: Mapping[str, str]) -> Coverage:
    count: Counter[str] = Counter()
    for quote in given.quotes:
        count[states[quote.id]] += quote.sentences
    return Coverage(
        sentences=sum(count.values()) + given.skipped,
        used=count[State.USED],
        unplaced=count[State.UNPLACED],
        gap=count[State.GAP],
        skipped=given.skipped,
        ungrounded=given.ungrounded,
    )
