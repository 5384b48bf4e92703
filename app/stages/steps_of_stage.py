"""Steps of a stage: what several people did in it, one after the other as they tell it, where a stage holds enough to be divided."""

import statistics
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.identity import derive_id
from app.domain.journey import Origin, Relation, TaggedQuote
from app.domain.layout import STEPS
from app.domain.tags import Kind
from app.stages.facts import NONE
from app.stages.narrow import Document, Part

MANY = 6
"""Quotes of what people did, from which on a stage is divided: fewer are read at a glance."""
OF_PEOPLE = 2
"""People who did it for it to be a step: what one person did is their story and not a part of the journey."""
FEWEST = 2
"""Steps of a stage at least; a single one would divide nothing."""
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class _Done:
    """What somebody says they did: places of the quote and its person, the interview, where in it (0 to 1), and what it goes by."""

    quote: int
    person: int
    interview: int
    at: float
    touchpoint: str | None
    theme_id: str | None


def doing_of(quotes: Iterable[TaggedQuote], ids: Sequence[str], told: Mapping[str, tuple[str, float]]) -> dict[str, list[Any]]:
    """What of the facts steps are made from: of each quote that tells what somebody did in a stage, in lists of equal length.

    `ids` are the quotes of the facts in their order, `told` says for each quote in which interview it was said, and where (0 to 1).
    Back come `quote` (place in `ids`, rising), `interview` (number), `at` (thousandths), `touchpoint` (place in `touchpoints`, or −1).
    """
    place = {quote_id: n for n, quote_id in enumerate(ids)}
    acts = sorted((place[q.id], q) for q in quotes if q.tags and q.tags.kind is Kind.ACTION and q.id in place and q.id in told)
    interviews = {name: n for n, name in enumerate(sorted({told[q.id][0] for _, q in acts}))}
    names = sorted({q.tags.touchpoint for _, q in acts if q.tags and q.tags.touchpoint})
    name = {touchpoint: n for n, touchpoint in enumerate(names)}
    return {
        "touchpoints": names,
        "quote": [n for n, _ in acts],
        "interview": [interviews[told[q.id][0]] for _, q in acts],
        "at": [round(told[q.id][1] * _THOUSAND) for _, q in acts],
        "touchpoint": [name[q.tags.touchpoint] if q.tags and q.tags.touchpoint else NONE for _, q in acts],
    }


def divided(document: Document, facts: Mapping[str, Any], map_id: str) -> tuple[Document, dict[str, Any]]:
    """A whole map with the `steps` of each stage, and its facts with what each step rests on, as they have it of statements."""
    part = Part(facts, tuple(facts["participants"]), [True] * len(facts["quotes"]), whole_talks=True)
    stages = with_steps(document, part, map_id)["stages"]
    place = {quote_id: n for n, quote_id in enumerate(facts["quotes"])}
    found = {
        step["id"]: {
            "at": [n, STEPS, k],
            "supports": [place[e["quote_id"]] for e in step["evidence"]],
            "contradicts": [],
            "label": step["text"],
            "topic": step["text"],
        }
        for n, stage in enumerate(stages)
        for k, step in enumerate(stage[STEPS])
    }
    return {**document, "stages": stages}, {**facts, "statements": facts["statements"] | found}


def with_steps(document: Document, part: Part, map_id: str) -> Document:
    """The same map with the steps of each stage, counted from what is left of its quotes.

    A theme that code named with somebody's words is called by its topic: one person's sentence is no name for what several did.
    """
    labels = {theme["id"]: theme["label"] for theme in document["themes"]}
    labels |= {theme: told["topic"] for theme, told in part.facts.get("voiced", {}).items()}
    return {**document, "stages": [{**stage, STEPS: steps_of(part, map_id, stage["id"], labels)} for stage in document["stages"]]}


def step_within(part: Part, map_id: str, stage_id: str, step: Document) -> Document | None:
    """What is left of a step of a whole map; None where that is none."""
    left = steps_of(part, map_id, stage_id, {step["theme_id"]: step["text"]})
    return next((one for one in left if one["id"] == step["id"]), None)


def steps_of(part: Part, map_id: str, stage_id: str, labels: Mapping[str, str]) -> list[Document]:
    """The steps of a stage in the order in which they are told, in the form of statements; none where the evidence is thin.

    A step is a touchpoint at which at least two people say they did something; where the stage has fewer than two of these, a theme
    (`labels` by id) within which they do. Steps stand by the median over the interviews of where in each they are told (`place`, 0 to 1),
    the median within an interview first, so that nobody who returns to something often moves it. What is in no step stays in its lanes.
    """
    done = _done(part, stage_id)
    if len(done) < MANY:
        return []
    for kind in ("touchpoint", "theme"):
        groups: dict[str, list[_Done]] = {}
        for act in done:
            if anchor := act.touchpoint if kind == "touchpoint" else act.theme_id:
                groups.setdefault(anchor, []).append(act)
        shared = {anchor: acts for anchor, acts in groups.items() if len({a.person for a in acts}) >= OF_PEOPLE}
        if len(shared) >= FEWEST:
            ranked = sorted(shared.items(), key=lambda group: (_place(group[1]), group[0]))
            return [_step(part, (map_id, stage_id, kind, anchor), labels, acts) for anchor, acts in ranked]
    return []


def _done(part: Part, stage_id: str) -> list[_Done]:
    facts = part.facts
    doing = facts.get("doing") or {"quote": []}
    begin, end = (bisect_left(doing["quote"], place) for place in facts["curve"].get(stage_id, (0, 0)))
    found = []
    for k in range(begin, end):
        n, touchpoint, chain = doing["quote"][k], doing["touchpoint"][k], facts["theme"][doing["quote"][k]]
        if part.kept[n]:
            name = None if touchpoint == NONE else doing["touchpoints"][touchpoint]
            theme = None if chain == NONE else facts["chains"][chain][-1]
            found.append(_Done(n, facts["participant"][n], doing["interview"][k], doing["at"][k] / _THOUSAND, name, theme))
    return found


def _place(acts: Iterable[_Done]) -> float:
    by_interview: dict[int, list[float]] = {}
    for act in acts:
        by_interview.setdefault(act.interview, []).append(act.at)
    return statistics.median(statistics.median(places) for places in by_interview.values())


def _step(part: Part, names: tuple[str, str, str, str], labels: Mapping[str, str], acts: Sequence[_Done]) -> Document:
    _, _, kind, anchor = names
    confidence, valence = part.facts["confidence"], part.facts["valence"]
    places = sorted((act.quote for act in acts), key=lambda n: (-confidence[n], n))
    name = labels.get(anchor, anchor) if kind == "theme" else anchor
    return {
        "id": derive_id("step", *names),
        "text": name[:1].upper() + name[1:],
        "theme_id": anchor if kind == "theme" else None,
        "origin": Origin.OFFLINE.value,
        "status": "draft",
        "participants": part.count(places),
        "of_participants": len(part.people),
        "evidence_total": len(places),
        "contrary_total": 0,
        "mean_valence": round(statistics.fmean(valence[n] for n in places), 3),
        "place": round(_place(acts), 3),
        "evidence": part.items(Relation.SUPPORTS, places),
    }
