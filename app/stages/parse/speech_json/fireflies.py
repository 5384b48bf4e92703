"""Fireflies: `sentences` with speaker names, as exported and as its GraphQL interface answers."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader
from .values import dig, facts, first_of, listed, names_by_id, objects

_SENTENCE = Keys(
    text=("text", "sentence", "raw_text"),
    speaker=("speaker_name", "speaker_id"),
    start=("start_time", "startTime"),
    end=("end_time", "endTime"),
)
_PLACES = (("meeting",), ("data", "transcript"), ("transcript",), ())
_LOOKED_AT = 3


def _meeting(value: Any) -> Any:
    """The object that holds the sentences, None where there is none."""
    if isinstance(value, list):
        value = {"sentences": value} if "sentence" in (value[0] if value and isinstance(value[0], dict) else {}) else None
    return next((found for place in _PLACES if listed(found := dig(value, *place), "sentences")), None)


def _holds(value: Any) -> bool:
    sentences = objects(_meeting(value), "sentences")[:_LOOKED_AT]
    return any(first_of(s, _SENTENCE.text) is not None and ("speaker_name" in s or "speaker_id" in s) for s in sentences)


def _read(value: Any) -> Reading:
    meeting = _meeting(value)
    speech = Speech(noun="sentence")
    names = names_by_id(dig(meeting, "speakers"), ("id", "speaker_id"), ("name", "speaker_name"))
    speech.add_segments(listed(meeting, "sentences"), _SENTENCE, names=names)
    return speech.reading(facts(title=dig(meeting, "title"), date=first_of(meeting, ("date", "dateString"))))


FIREFLIES = json_reader(
    "fireflies-json",
    _holds,
    _read,
    title="Fireflies (JSON)",
    reads="`sentences` with names and times, exported or from GraphQL",
    loses="summary, filters, analytics",
)
