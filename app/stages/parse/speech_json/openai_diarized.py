"""OpenAI's `diarized_json`: segments of type `transcript.text.segment` with a speaker (A, B, or a name that was given)."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Speech, json_reader
from .values import dig, facts, lettered, listed

_TYPE = "transcript.text.segment"


def _holds(value: Any) -> bool:
    return any(dig(segment, "type") == _TYPE for segment in listed(value, "segments")[:3])


def _read(value: Any) -> Reading:
    speech = Speech()
    for at, segment in enumerate(listed(value, "segments"), 1):
        text = segment if isinstance(segment, str) else dig(segment, "text")
        speech.add(at, lettered(dig(segment, "speaker")), text, dig(segment, "start"), dig(segment, "end"))
    return speech.reading(facts(language=dig(value, "language")))


OPENAI_DIARIZED = json_reader(
    "openai-diarized-json",
    _holds,
    _read,
    title="OpenAI diarized (JSON)",
    reads="`diarized_json`: segments with speakers (A becomes “Speaker A”) and times",
    loses="usage, segment ids",
)
