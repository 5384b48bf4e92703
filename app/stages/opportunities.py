"""Opportunities: what a map's pains and needs suggest helping with, and in which order, with every figure that the order comes from."""

import statistics
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from app.domain.journey import Lane
from app.domain.tags import MAX_VALENCE, Experience
from app.domain.wording import ENGLISH

Anchor = tuple[str, str]
"""What statements of an opportunity have in common: (`theme`, its id), or (`touchpoint`, its words)."""
LEAST_FELT = 0.5
"""What a wish counts as that nobody felt as a pain: it is worth something, and less than any pain that is clearly felt."""
STRONGLY, CLEARLY = 1.5, 1.0
TOP = 100


@dataclass(frozen=True, slots=True)
class StagePart:
    """One stage's share of an opportunity: the statement of the map, how many participants it counts and how many quotes."""

    stage_id: str
    statement_id: str
    text: str
    origin: str
    participants: int
    quotes: int


@dataclass(frozen=True, slots=True)
class Priority:
    """How much an opportunity matters, 0 to 100, and the three factors that are multiplied.

    `reach` participants need help, of `of`; `intensity` is how strongly they feel it, 0 to 2, None where nobody does; for `works` others
    the same thing is a delight already.
    """

    reach: int
    intensity: float | None
    works: int
    of: int

    @property
    def felt(self) -> float:
        """What the intensity counts as, 0.5 to 2."""
        return max(self.intensity or 0.0, LEAST_FELT)

    @property
    def value(self) -> int:
        """100 × reach ÷ of × felt ÷ 2 × (1 − works ÷ of), rounded; 0 on a map of nobody."""
        if not self.of:
            return 0
        return round(TOP * self.reach / self.of * self.felt / MAX_VALENCE * (1 - self.works / self.of))

    def told(self, words: NullTranslations = ENGLISH) -> str:
        """The factors in words: “4 of 6 participants × felt strongly (1.5 of 2) × works for 1 of 6”; `words` are of its language."""
        _ = words.gettext
        people = words.ngettext("{n} of {of} participant", "{n} of {of} participants", self.of).format(n=self.reach, of=self.of)
        works = _("works for {n} of {of}").format(n=self.works, of=self.of) if self.works else _("works for nobody yet")
        return f"{people} × {self._felt_words(words)} × {works}"

    def _felt_words(self, words: NullTranslations) -> str:
        _ = words.gettext
        if self.intensity is None:
            return _("wished for, not felt as a pain (counts as {felt} of {most})").format(felt=LEAST_FELT, most=MAX_VALENCE)
        if self.intensity < LEAST_FELT:
            return _("hardly felt (counts as {felt} of {most})").format(felt=LEAST_FELT, most=MAX_VALENCE)
        if self.intensity >= STRONGLY:
            how = _("felt strongly ({felt} of {most})")
        elif self.intensity >= CLEARLY:
            how = _("felt clearly ({felt} of {most})")
        else:
            how = _("felt slightly ({felt} of {most})")
        return how.format(felt=f"{self.intensity:.1f}", most=MAX_VALENCE)


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Statements of a map's opportunities lane that are about one thing, stage by stage in the order of the journey.

    `said` are ids of the quotes that support it, strongest first, `working` of those for whose speakers it works already; `mixed` counts
    participants who said both, and therefore count as needing help. Each of its statements' ids names it; `id` is one of them.
    """

    id: str
    parts: tuple[StagePart, ...]
    theme_id: str | None
    said: tuple[str, ...]
    working: tuple[str, ...]
    mixed: int
    priority: Priority

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """Ids of its statements, in the order of the journey."""
        return tuple(part.statement_id for part in self.parts)

    @property
    def lead(self) -> StagePart:
        """The part that words it: the most shared, ties by quotes, then the earlier in the journey."""
        return max(self.parts, key=lambda part: (part.participants, part.quotes))


def opportunities_of(document: Mapping[str, Any], facts: Mapping[str, Any], known: Collection[str] = ()) -> tuple[Opportunity, ...]:
    """The opportunities of a map, as they come in the journey; `document` is a version as it is kept, `facts` its facts (`facts_of`).

    An opportunity goes by the id of its first statement, or rather by one that is `known` because people decided about it.

    Statements of the opportunities lane belong together where they have the same theme, or without one the same touchpoint. Reach counts
    the participants whose quotes support them. Intensity is the mean |valence| of those quotes that are pains, each participant's mean
    first, so that one talkative person does not bend it. What works already are the quotes of the delights lane, in any stage, about the
    same thing; it works for those who said one and do not need help themselves.
    """
    delights: dict[Anchor, list[int]] = {}
    for _, statement in _statements(document, Lane.DELIGHTS):
        told = facts["statements"][statement["id"]]
        delights.setdefault(_anchor(statement, told), []).extend(told.get("group", told["supports"]))
    parts: dict[Anchor, list[StagePart]] = {}
    said: dict[Anchor, list[int]] = {}
    for stage, statement in _statements(document, Lane.OPPORTUNITIES):
        told = facts["statements"][statement["id"]]
        anchor = _anchor(statement, told)
        people = _people(facts, told["supports"])
        part = StagePart(stage["id"], statement["id"], statement["text"], statement["origin"], len(people), len(told["supports"]))
        parts.setdefault(anchor, []).append(part)
        said.setdefault(anchor, []).extend(told["supports"])
    of = document["of_participants"]
    return tuple(
        Opportunity(
            id=next((part.statement_id for part in of_anchor if part.statement_id in known), of_anchor[0].statement_id),
            parts=tuple(of_anchor),
            theme_id=anchor[1] if anchor[0] == "theme" else None,
            said=_ids(facts, said[anchor]),
            working=_ids(facts, delights.get(anchor, ())),
            mixed=len(_people(facts, said[anchor]) & _people(facts, delights.get(anchor, ()))),
            priority=_priority(facts, said[anchor], delights.get(anchor, ()), of),
        )
        for anchor, of_anchor in parts.items()
    )


def ranked(opportunities: Iterable[Opportunity], priorities: Mapping[str, int] | None = None) -> tuple[Opportunity, ...]:
    """The most important first, by its own priority or the one that people gave it (by id); ties by quotes, then by reach, then by id."""
    given = priorities or {}
    return tuple(sorted(opportunities, key=lambda o: (-given.get(o.id, o.priority.value), -len(o.said), -o.priority.reach, o.id)))


def _priority(facts: Mapping[str, Any], said: Iterable[int], working: Iterable[int], of: int) -> Priority:
    needing = _people(facts, said)
    return Priority(len(needing), _intensity(facts, said), len(_people(facts, working) - needing), of)


def _intensity(facts: Mapping[str, Any], places: Iterable[int]) -> float | None:
    """Mean |valence| of those quotes that are pains, per participant first; None where none is."""
    pain = facts["experiences"].index(Experience.PAIN)
    felt: dict[int, list[int]] = {}
    for n in places:
        if facts["experience"][n] == pain:
            felt.setdefault(facts["participant"][n], []).append(abs(facts["valence"][n]))
    return round(statistics.fmean(statistics.fmean(values) for _, values in sorted(felt.items())), 3) if felt else None


def _people(facts: Mapping[str, Any], places: Iterable[int]) -> set[int]:
    return {facts["participant"][n] for n in places}


def _ids(facts: Mapping[str, Any], places: Iterable[int]) -> tuple[str, ...]:
    return tuple(facts["quotes"][n] for n in dict.fromkeys(places))


def _anchor(statement: Mapping[str, Any], told: Mapping[str, Any]) -> Anchor:
    return ("theme", statement["theme_id"]) if statement["theme_id"] else ("touchpoint", told["label"])


def _statements(document: Mapping[str, Any], lane: Lane) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [(stage, statement) for stage in document["stages"] for statement in stage["lanes"][lane]]
