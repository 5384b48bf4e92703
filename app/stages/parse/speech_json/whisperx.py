"""WhisperX: segments of which each word carries its speaker."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader
from .values import dig, facts, is_text, objects

_SEGMENT = Keys(text=("text",))
_WORD = Keys(text=("word",))
_LOOKED_AT = 200


def _holds(value: Any) -> bool:
    segments = objects(value, "segments")[:_LOOKED_AT]
    words = [word for segment in segments for word in objects(segment, "words")]
    timed = any("start" in s and "text" in s for s in segments)
    named = any("speaker" in piece for piece in (*segments, *words))
    return timed and named and ("word_segments" in value or any(is_text(dig(word, "word")) for word in words))


def _read(value: Any) -> Reading:
    speech = Speech()
    speech.add_segments(value["segments"], _SEGMENT, _WORD)
    return speech.reading(facts(language=dig(value, "language")))


WHISPERX = json_reader(
    "whisperx-json",
    _holds,
    _read,
    title="WhisperX (JSON)",
    reads="segments; where words carry speakers, every change of speaker within a segment",
    loses="scores, characters, times of single words",
)
