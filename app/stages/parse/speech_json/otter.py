"""Otter: `speech_segments` with names, and the form of its app with `transcripts` beside `speakers`."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader
from .values import dig, facts, first_of, label_of, listed, names_by_id, number, objects

_SEGMENT = Keys(text=("transcript", "text"), speaker=("speaker_name", "speaker_id"), start=("start_ts",), end=("end_ts",))
_SAMPLES_PER_MS = 16
_LOOKED_AT = 3
_GUESSED = "times were read as samples of 16,000 a second, as Otter's app counts them; check them against the recording"


def _holds(value: Any) -> bool:
    return bool(_transcripts(value)) or any("transcript" in s for s in objects(value, "speech_segments")[:_LOOKED_AT])


def _transcripts(value: Any) -> list[dict[str, Any]]:
    found = objects(value, "speech", "transcripts") or objects(value, "transcripts")
    told = any("transcript" in t and ("start_offset" in t or "speaker_id" in t) for t in found[:_LOOKED_AT])
    return found if told else []


def _read(value: Any) -> Reading:
    speech = Speech()
    segments = listed(value, "speech_segments")
    talk = value if segments or "speech" not in value else dig(value, "speech")
    if segments:
        speech.add_segments(segments, _SEGMENT)
    else:
        people = listed(talk, "speakers") or listed(value, "speakers")
        names = names_by_id(people, ("id", "speaker_id"), ("speaker_name", "name"))
        for at, segment in enumerate(_transcripts(value), 1):
            who = label_of(first_of(segment, ("speaker_name", "speaker_id")), names) or label_of(segment.get("speaker_model_label"))
            speech.add(at, who, segment.get("transcript"), *(_time(segment, edge, at=i) for i, edge in enumerate(("start", "end"))))
        if any("start_offset" in s and not listed(s, "alignment") for s in _transcripts(value)):
            speech.warnings.append(_GUESSED)
    return speech.reading(
        facts(title=dig(talk, "title"), date=first_of(talk, ("created_at", "start_time")), language=dig(talk, "language"))
    )


def _time(segment: dict[str, Any], edge: str, *, at: int) -> Any:
    """Seconds: of the first or last aligned word, else of the offset in samples."""
    aligned = dig(segment, "alignment", -at, edge)
    samples = number(segment.get(f"{edge}_offset"))
    return aligned if aligned is not None or samples is None else samples / _SAMPLES_PER_MS / 1000


OTTER = json_reader(
    "otter-json",
    _holds,
    _read,
    title="Otter (JSON)",
    reads="`speech_segments`, or `transcripts` with the names in `speakers`",
    loses="summary, outline, keywords",
)
