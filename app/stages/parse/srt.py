"""SRT (SubRip): with or without indices, with commas or dots, labels `Name: words`, `[Name] words`, `words (Name)`, `>>`."""

from collections.abc import Sequence
from itertools import pairwise

from .cue_speech import speech_of
from .cues import cue_times, in_brackets, split_cues
from .source import Reader, Reading, Source

_SOUND, _BROKEN, _MENTIONED = 0.97, 0.9, 0.3
_IN_TEXT = 0.4
_LOOKED_AT = 2000
_SHARE = 0.1
_MIN_BROKEN = 2


def _detect(source: Source) -> float:
    head = source.head(_LOOKED_AT)
    times = [t for line in head if (t := cue_times(line))]
    if len(times) < _SHARE * len(head) or not times:
        return _MENTIONED if times else 0.0
    if any(start is not None for start, _ in times):
        if _labels_in_text(head):
            return _IN_TEXT
        return _SOUND
    indexed = any(line.strip().isdecimal() and cue_times(after) for line, after in pairwise(head))
    return _BROKEN if indexed or len(times) >= _MIN_BROKEN else _MENTIONED


def _labels_in_text(head: Sequence[str]) -> bool:
    """Whether `[0:00 --> 0:05] Name` are headings, their words below, rather than cues of one line."""
    above = [i for i, line in enumerate(head) if in_brackets(line) and cue_times(line)]
    below = [head[i + 1] for i in above if i + 1 < len(head)]
    return sum(1 for line in below if line.strip() and cue_times(line) is None) > len(above) / 2


def _read(source: Source) -> Reading:
    return speech_of(split_cues(source.lines, vtt=False))


READER = Reader(
    "srt",
    "srt/2",
    _detect,
    _read,
    title="SRT (SubRip)",
    reads="with or without indices and blank lines; `Name: words`, `[Name] words`, `(Name) words`, `words (Name)`, `>>` and dashes",
    loses="fonts, colours, positions; who speaks where only `>>` or a dash says that it is somebody else",
)
