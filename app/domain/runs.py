"""A run: one synthesis job over a study, with its inputs frozen."""

from dataclasses import dataclass
from enum import StrEnum


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
class StageProgress:
    """Done and total items of one pipeline stage; `total` is None until it is known."""

    name: str
    done: int
    total: int | None
