"""SBV, the captions YouTube lets people download: `0:00:01.000,0:00:03.000` above the words."""

import re

from app.errors import NotSpeech

from .clock import TIME, milliseconds
from .cue_speech import speech_of
from .cues import split_cues
from .labels import inline_label
from .refusals import CHAT, CHAT_WAY_OUT
from .source import Reader, Reading, Source

_SURE, _LIKELY = 0.97, 0.9
_LOOKED_AT = 400
_SHARE, _FEW = 0.1, 2
_TIMES = re.compile(rf"\s*({TIME})\s?,\s?({TIME})\s*")
_BROKEN = re.compile(r"\s*([^\s,]{0,4}:[^\s,]{1,6}:[^\s,]{1,8}),([^\s,]{0,4}:[^\s,]{1,6}:[^\s,]{1,8})\s*")
_WORD = re.compile(r"[^\W\d_]{4}")
_TWO_DIGITS = re.compile(r"\d\d:\d\d:")
_LONGEST = 60


def _detect(source: Source) -> float:
    head = source.head(_LOOKED_AT)
    times = sum(1 for line in head if len(line) <= _LONGEST and _TIMES.fullmatch(line))
    if times < _SHARE * len(head) or not times:
        return 0.0
    first = _TIMES.fullmatch(head[0][:_LONGEST].lstrip("\ufeff")) if head else None
    return _SURE if first and times >= min(_FEW, len(head) // 2) else _LIKELY


def _read(source: Source) -> Reading:
    if _is_chat(source):
        raise NotSpeech(f"this looks like {CHAT}; {CHAT_WAY_OUT}")
    return speech_of(split_cues([_as_srt(line) for line in source.lines], vtt=False))


def _is_chat(source: Source) -> bool:
    """Meeting tools save their chat as SBV too: every message stands equally long, two digits for the hour, a name before each."""
    lengths: set[int | None] = set()
    for at in source.filled:
        match = _TIMES.fullmatch(source.lines[at][:_LONGEST])
        if match:
            start_ms, end_ms = milliseconds(match[1]), milliseconds(match[2])
            lengths.add(None if start_ms is None or end_ms is None else end_ms - start_ms)
            following = source.lines[at + 1] if at + 1 < len(source.lines) else ""
            if len(lengths) > 1 or not _TWO_DIGITS.match(match[1]) or not inline_label(following):
                return False
    return True


def _as_srt(line: str) -> str:
    """The line with its times as SRT writes them; `[br]` in the words is a line break that nobody says."""
    if "," in line and len(line) <= _LONGEST:
        match = _TIMES.fullmatch(line.lstrip("\ufeff"))
        if not match and not _WORD.search(line):
            match = _BROKEN.fullmatch(line)
        if match:
            return f"{match[1]} --> {match[2]}"
    return line.replace("[br]", " ") if "[br]" in line else line


READER = Reader(
    "sbv",
    "sbv/1",
    _detect,
    _read,
    title="SBV (YouTube)",
    reads="captions; speakers as in SRT: `Name: words`, `[Name] words`, `>>` at a change of speaker",
    loses="who speaks where the captions do not say it",
)
