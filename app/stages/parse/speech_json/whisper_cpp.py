"""whisper.cpp (`--output-json`): `transcription` with offsets in milliseconds; a speaker only with `--diarize` (stereo)."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Speech, json_reader
from .times import MILLISECONDS
from .values import dig, facts, label_of, listed

_UNKNOWN = "?"


def _holds(value: Any) -> bool:
    return any(
        "text" in s and ("offsets" in s or "timestamps" in s) for s in listed(value, "transcription")[:3] if isinstance(s, dict)
    ) or (listed(value, "transcription") == [] and isinstance(dig(value, "transcription"), list) and isinstance(dig(value, "result"), dict))


def _read(value: Any) -> Reading:
    speech = Speech()
    for at, segment in enumerate(listed(value, "transcription"), 1):
        text = segment if isinstance(segment, str) else dig(segment, "text")
        speaker = dig(segment, "speaker")
        times = dig(segment, "offsets") or dig(segment, "timestamps")
        who = None if speaker == _UNKNOWN else label_of(speaker)
        speech.add(at, who, text, dig(times, "from"), dig(times, "to"), MILLISECONDS)
    return speech.reading(facts(language=dig(value, "result", "language")))


WHISPER_CPP = json_reader(
    "whisper-cpp-json",
    _holds,
    _read,
    title="whisper.cpp (JSON)",
    reads="`transcription` with its offsets, and the speaker of stereo recordings",
    loses="tokens, marks of a turn that name nobody",
)
