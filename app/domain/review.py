"""Suggestions, which models propose, and decisions, which people make; the shown value is the fold of both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model proposed for one target; append-only. `payload` maps fields to values."""

    target_type: str
    target_id: str
    run_id: str
    source: str
    model: str
    prompt: str
    confidence: float
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one field of one target; in force until undone."""

    id: str
    target_type: str
    target_id: str
    field: str
    value: Any
    actor: str
    at: datetime
    undone_at: datetime | None = None


def fold(suggested: Mapping[str, Any], decisions: Iterable[Decision]) -> dict[str, Any]:
    """Suggested fields with people's latest standing decisions laid over them, field by field."""
    shown = dict(suggested)
    for decision in sorted(decisions, key=lambda d: (d.at, d.id)):
        if decision.undone_at is None:
            shown[decision.field] = decision.value
    return shown
