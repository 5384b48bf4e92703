"""A run: one synthesis job over a study, with its inputs frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class RunStatus(StrEnum):
    """Where a run stands; `partial` ended with gaps that a resume can close."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen without a person."""
        return self not in {RunStatus.QUEUED, RunStatus.RUNNING}


class TaggerKind(StrEnum):
    """Which tagger to use; `auto` is the LLM when one is configured, else offline."""

    AUTO = "auto"
    LLM = "llm"
    OFFLINE = "offline"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a run could not do: which item, how many quotes it left untagged, why."""

    item: str
    what: str
    reason: str
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run's calls for one task by one prompt version cost."""

    task: str
    prompt: str
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    """In the currency of the prices that held; None where there was no price."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Price of a million tokens read and written; None where nobody named one."""

    tokens_in: float | None = None
    tokens_out: float | None = None

    def of(self, tokens_in: int, tokens_out: int) -> float | None:
        """What so many tokens cost; None without a price."""
        if self.tokens_in is None and self.tokens_out is None:
            return None
        return round(((self.tokens_in or 0.0) * tokens_in + (self.tokens_out or 0.0) * tokens_out) / 1_000_000, 6)


@dataclass(frozen=True, slots=True)
class StageProgress:
    """Done and total items of one pipeline stage; `total` is None until it is known."""

    name: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class RunInputs:
    """What a run works on, frozen when it is made (ids, roles and stages as they were)."""

    transcript_ids: tuple[str, ...]
    stage_ids: tuple[str, ...]
    roles: dict[str, str]
    codebook_version: int
    window_size: int
    segmenter: str
    retag: bool = False
    """Whether every quote is judged again, instead of those only that this tagger has not judged."""
    recode: bool = False
    """Whether the model places every quote again, in the code book as it is now, instead of those only that have no place."""
    check: bool = False
    """Whether the model looks again at each statement: do the quotes that it cites bear it out?"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its rows tell it. `tagger_key` names the tagger that judged: source, model and prompt."""

    id: str
    study_id: str
    status: RunStatus
    tagger: str
    model: str
    prompt: str
    tagger_key: str
    inputs: RunInputs
    attempt: int
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    ungrounded: int
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: tuple[StageProgress, ...] = ()
    gaps: tuple[Gap, ...] = ()
    spent: tuple[Spent, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What the run found out on its way and a resume goes by, as JSON; of hybrid tagging its division and the agreement."""

    @property
    def agreement(self) -> Mapping[str, Any] | None:
        """How far heads that were fitted on a model's answers agree with it where nothing was learned from it; None where none were."""
        return self.notes.get("agreement")

    @property
    def cost(self) -> float | None:
        """What the run has cost so far; None where nothing had a price."""
        priced = [s.cost for s in self.spent if s.cost is not None]
        return round(sum(priced), 6) if priced else None
