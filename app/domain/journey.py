"""The journey map: statements that rest on evidence, curve points that can be recomputed, coverage that adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import derive_id
from app.domain.tags import Tags
from app.errors import EvidenceError

DRAFT = "draft"
"""Status of a statement that people said nothing about."""


class Lane(StrEnum):
    """A row of the map that holds statements with evidence."""

    ACTIONS = "actions"
    THOUGHTS = "thoughts"
    TOUCHPOINTS = "touchpoints"
    PAINS = "pains"
    DELIGHTS = "delights"
    OPPORTUNITIES = "opportunities"


class Relation(StrEnum):
    """How a quote bears on a statement."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


class Origin(StrEnum):
    """Who worded a statement."""

    LLM = "llm"
    OFFLINE = "offline"
    HUMAN = "human"


class Verdict(StrEnum):
    """How far the quotes that a statement cites bear it out, as a second look found."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Doubt:
    """That a second look did not find a statement borne out by its quotes, and in a few words why."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that a statement or curve point rests on, or that speaks against it."""

    quote_id: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence on a map. It has at least one supporting quote or it cannot be constructed."""

    id: str
    stage_id: str
    lane: Lane
    text: str
    evidence: tuple[Evidence, ...]
    participants: int
    of_participants: int
    origin: Origin
    theme_id: str | None = None
    channel: str | None = None
    status: str = DRAFT
    mean_valence: float = 0.0
    doubt: Doubt | None = None
    """None also where nobody looked."""

    def __post_init__(self) -> None:
        if not any(e.relation is Relation.SUPPORTS for e in self.evidence):
            raise EvidenceError(f"no quote supports “{self.text}”, so it cannot stand on the map")

    @property
    def shown_doubt(self) -> Doubt | None:
        """The doubt, unless people stand for the statement: those who wrote, accepted or edited it have looked themselves."""
        return self.doubt if self.status == DRAFT and self.origin is Origin.LLM else None

    @property
    def supporting(self) -> tuple[str, ...]:
        """Ids of supporting quotes, strongest first."""
        return tuple(e.quote_id for e in self.evidence if e.relation is Relation.SUPPORTS)

    @property
    def contrary(self) -> tuple[str, ...]:
        """Ids of contradicting quotes."""
        return tuple(e.quote_id for e in self.evidence if e.relation is Relation.CONTRADICTS)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Emotion of a stage.

    `score` is the mean over participants of each one's mean valence (−2…+2), `spread` the standard deviation between them (0 for one).
    """

    score: float
    spread: float
    participants: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TaggedQuote:
    """A quote as assembly sees it: who, what was judged, which theme. `tags` is None for a gap."""

    id: str
    participant_id: str
    sentences: int
    text: str
    tags: Tags | None
    theme_id: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of every participant sentence; `ungrounded` counts what a model said that resolved to no quote."""

    sentences: int
    used: int
    unplaced: int
    gap: int
    skipped: int
    ungrounded: int

    def __post_init__(self) -> None:
        if self.used + self.unplaced + self.gap + self.skipped != self.sentences:
            raise ValueError(f"coverage does not add up: {self}")


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One column: its curve point (None without evidence) and its statements by lane."""

    stage_id: str
    emotion: CurvePoint | None
    lanes: dict[Lane, tuple[Statement, ...]]


@dataclass(frozen=True, slots=True)
class JourneyMap:
    """One assembly of a map. `states` says for each quote what became of it."""

    columns: tuple[StageColumn, ...]
    worst: tuple[str, ...]
    best: tuple[str, ...]
    coverage: Coverage
    states: dict[str, str]

    def statements(self) -> Sequence[Statement]:
        """All statements, column by column, lane by lane."""
        return [s for column in self.columns for lane in column.lanes.values() for s in lane]


def statement_id(map_id: str, stage_id: str, lane: Lane, anchor: str) -> str:
    """The anchor is a theme, touchpoint or opportunity group."""
    return derive_id("statement", map_id, stage_id, lane, anchor)
