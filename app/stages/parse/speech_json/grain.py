"""Grain: pieces of a transcript with `participant_id`, times in milliseconds."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader
from .times import MILLISECONDS
from .values import dig, facts, first_of, objects

_PIECE = Keys(text=("text",), speaker=("speaker", "participant_id"), unit_ms=MILLISECONDS)
_LISTS = ("transcript", "transcript_json")
_LOOKED_AT = 3


def _pieces(value: Any) -> Any:
    return value if isinstance(value, list) else first_of(value, _LISTS)


def _holds(value: Any) -> bool:
    pieces = objects({"pieces": _pieces(value)}, "pieces")[:_LOOKED_AT]
    return any({"text", "start", "end", "participant_id"} <= piece.keys() for piece in pieces)


def _read(value: Any) -> Reading:
    speech = Speech()
    speech.add_segments(_pieces(value), _PIECE)
    return speech.reading(facts(title=dig(value, "title"), date=first_of(value, ("start_datetime", "created_at"))))


GRAIN = json_reader(
    "grain-json",
    _holds,
    _read,
    title="Grain (JSON)",
    reads="pieces with speaker and times",
    loses="highlights, notes",
)
