"""WebVTT: voice spans (Teams), `Name: words` cues (Zoom), names at a change of speaker only (Descript), rolling captions (YouTube)."""

from .cue_speech import speech_of
from .cues import cue_times, split_cues
from .source import Reader, Reading, Source

_WITHOUT_HEADER = 0.99
_LOOKED_AT = 200


def _detect(source: Source) -> float:
    head = source.head(_LOOKED_AT)
    if head and head[0].lstrip("\ufeff ").startswith("WEBVTT"):
        return 1.0
    lost_header = any(line.startswith("<v") for line in head) and any(cue_times(line) for line in head)
    return _WITHOUT_HEADER if lost_header else 0.0


def _read(source: Source) -> Reading:
    return speech_of(split_cues(source.lines, vtt=True))


READER = Reader(
    "vtt",
    "vtt/2",
    _detect,
    _read,
    title="WebVTT",
    reads="voice spans (Teams, badges such as “(Guest)” removed), `Name: words` (Zoom), names at a change of speaker only (Descript), "
    "rolling captions (YouTube), `>>` and dashes where the speaker changes",
    loses="cue settings, styles, notes, positions; who speaks where only `>>` or a dash says that it is somebody else",
)
