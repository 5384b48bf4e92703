"""Microsoft Teams: Graph's `metadataContent` (cues that hold JSON, or JSON Lines) and the transcript kept in Stream."""

from typing import Any

from app.domain.transcript import Utterance
from app.stages.parse.cues import cue_times
from app.stages.parse.source import Reader, Reading, Source

from .lines import first_lines, parsed
from .speech import SURE, Keys, Speech, json_reader
from .values import dig, first_of, is_text, label_of, listed, objects

_ENTRY = Keys(text=("text",), speaker=("speakerDisplayName", "speakerId"), start=("startOffset",), end=("endOffset",))
_LOOKED_AT = 60
_SPOKEN = "spokenText"


def _detect(source: Source) -> float:
    if not source.text[:_LOOKED_AT].lstrip("\ufeff \n").startswith(("WEBVTT", "{")):
        return 0.0
    head = first_lines(source, _LOOKED_AT)
    return SURE if any(_SPOKEN in line and dig(parsed(line), _SPOKEN) is not None for line in head) else 0.0


def _read(source: Source) -> Reading:
    speech = Speech(noun="line")
    start_ms, end_ms = None, None
    for i in source.filled:
        line = source.lines[i]
        times = cue_times(line)
        if times:
            start_ms, end_ms = times
            continue
        found = parsed(line) if line.lstrip().startswith("{") else None
        if not isinstance(found, dict):
            if line.lstrip().startswith("{"):
                speech.warnings.append(f"line {i + 1:,} holds damaged JSON and was left out")
            continue
        before = len(speech.utterances)
        speech.add(i + 1, label_of(first_of(found, ("speakerName", "speakerId"))), found.get(_SPOKEN))
        if len(speech.utterances) > before:
            said = speech.utterances[-1]
            speech.utterances[-1] = Utterance(said.speaker, said.text, start_ms, end_ms)
        start_ms, end_ms = None, None
    return speech.reading()


def _holds(value: Any) -> bool:
    entries = objects(value, "entries")[:3]
    return any("text" in entry and ("speakerDisplayName" in entry or "startOffset" in entry) for entry in entries)


def _read_stream(value: Any) -> Reading:
    speech = Speech(noun="entry")
    speech.add_segments(listed(value, "entries"), _ENTRY)
    language = next((found for entry in objects(value, "entries") if is_text(found := first_of(entry, ("spokenLanguageTag",)))), None)
    return speech.reading({"language": language} if language else {})


TEAMS_METADATA = Reader(
    "teams-metadata",
    "teams-metadata/1",
    _detect,
    _read,
    title="Teams metadata from Graph",
    reads="cues or lines of JSON with `speakerName` and `spokenText`",
    loses="dates of each piece",
)
TEAMS_STREAM = json_reader(
    "teams-json",
    _holds,
    _read_stream,
    title="Teams transcript in Stream (JSON)",
    reads="`entries` with display names and offsets",
    loses="confidences, meeting events",
)
