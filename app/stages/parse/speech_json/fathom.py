"""Fathom: `transcript` with `speaker.display_name` and a clock time."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader
from .values import dig, facts, first_of, listed

_PIECE = Keys(text=("text",), start=("timestamp",), end=())
_LOOKED_AT = 3


def _pieces(value: Any) -> list[Any]:
    return value if isinstance(value, list) else listed(value, "transcript")


def _holds(value: Any) -> bool:
    return any(isinstance(dig(piece, "speaker", "display_name"), str) for piece in _pieces(value)[:_LOOKED_AT])


def _read(value: Any) -> Reading:
    speech = Speech()
    speech.add_segments(_pieces(value), _PIECE)
    about = facts(
        title=first_of(value, ("title", "meeting_title")),
        date=first_of(value, ("recording_start_time", "scheduled_start_time", "created_at")),
        language=dig(value, "transcript_language"),
    )
    return speech.reading(about)


FATHOM = json_reader(
    "fathom-json",
    _holds,
    _read,
    title="Fathom (JSON)",
    reads="`transcript` with display names and times",
    loses="summary, action items, e-mail addresses of invitees",
)
