"""Cues of WebVTT and SRT: blocks of text under a line `start --> end`.

Written here rather than taken from webvtt-py or pysubs2: the first drops a cue with a broken time without a word, the second
hangs its words on the cue before; neither keeps line numbers for a message, and a cue with several voices has one in webvtt-py
and none in pysubs2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .clock import TIME, milliseconds
from .wording import count_of, places, were

_ARROW = r"\s*(?:-{1,2}\s?>|[–—]>|→)\s*"
_TIMES = re.compile(rf"\s*({TIME}){_ARROW}({TIME})(?=\s|$|[^\d:.,])")
_BROKEN = re.compile(r"\s*([^\s]{0,24}(?:\s[^\s]{1,12})?)\s*--+>\s*([^\s]{0,24})")
_MAX_TIME_LINE = 200
_INDEX = re.compile(r"\s*\d{1,9}\s*")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?=\s|$)")
_TITLE_WORDS = 3


@dataclass(slots=True)
class Cue:
    """Text of one cue; `line` counts from 1. Both times are None where the time code is broken or missing."""

    line: int
    start_ms: int | None
    end_ms: int | None
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CueFile:
    """Cues in file order, with line numbers of what was repaired or left out."""

    cues: list[Cue] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    untimed: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)

    def warnings(self) -> tuple[str, ...]:
        """What a person should know about these cues."""
        found: list[str] = []
        if n := len(self.broken):
            found.append(f"{count_of(n, 'cue')} with a broken time code on {places(self.broken)}: the words are kept without time")
        if n := len(self.untimed):
            found.append(f"{count_of(n, 'piece')} of text without a time code on {places(self.untimed)}: kept without time")
        if n := len(self.before):
            found.append(f"{count_of(n, 'line')} before the first cue {were(n)} left out ({places(self.before)})")
        if n := len(self.titles):
            found.append(f"{count_of(n, 'cue title')} {were(n)} left out ({places(self.titles)})")
        if backwards := self._backwards():
            found.append(f"times run backwards on {places(backwards)}: these are ignored where they contradict the ones before")
        return tuple(found)

    def _backwards(self) -> list[int]:
        lines, latest = [], 0
        for cue in self.cues:
            if cue.start_ms is None:
                continue
            if cue.start_ms < latest or (cue.end_ms is not None and cue.end_ms < cue.start_ms):
                lines.append(cue.line)
            latest = max(latest, cue.start_ms)
        return lines


def cue_times(line: str) -> tuple[int | None, int | None] | None:
    """Start and end of a time line, (None, None) where it is one but broken; None where it is no time line."""
    if ">" not in line and "→" not in line:
        return None
    match = _TIMES.match(line[:_MAX_TIME_LINE])
    if match:
        start_ms, end_ms = milliseconds(match[1]), milliseconds(match[2])
        return (None, None) if start_ms is None or end_ms is None else (start_ms, end_ms)
    match = _BROKEN.match(line) if "--" in line and len(line) <= _MAX_TIME_LINE else None
    if match and (":" in match[1] or ":" in match[2]) and not re.search(r"[^\W\d_]{4}", f"{match[1]} {match[2]}"):
        return None, None
    return None


def split_cues(lines: Sequence[str], *, vtt: bool) -> CueFile:
    """Cut a file into cues. Words are never dropped: text that stands under no time becomes a cue without one.

    Identifiers before a time line, and with `vtt` the header and the blocks NOTE, STYLE and REGION, are no words.
    """
    return _Splitter(lines, vtt=vtt).split()


class _Splitter:
    """One pass over the lines; `cue` is the one being filled."""

    def __init__(self, lines: Sequence[str], *, vtt: bool) -> None:
        self.lines, self.vtt = lines, vtt
        self.file = CueFile()
        self.cue: Cue | None = None
        self.last_index: int | None = None
        self.in_header = self.in_comment = False

    def split(self) -> CueFile:
        self.in_header = self.vtt and bool(self.lines) and self.lines[0].lstrip("\ufeff").startswith("WEBVTT")
        for at, line in enumerate(self.lines):
            times = cue_times(line)
            if times is not None or self._is_lost_time(at):
                self._open(at, times or (None, None))
            elif self._blank(at):
                self.in_header = self.in_comment = False
            elif not (self.in_header or self.in_comment):
                self._take(at, line)
        return self.file

    def _blank(self, at: int) -> bool:
        """Whether a line ends a block; in WebVTT one with a single blank does not."""
        line = self.lines[at] if at >= 0 else ""
        return not (line if self.vtt else line.strip())

    def _is_lost_time(self, at: int) -> bool:
        """An arrow right under an index is a time line whatever is left of it."""
        return "-->" in self.lines[at] and self._is_index(at - 1)

    def _is_index(self, at: int) -> bool:
        return at >= 0 and bool(_INDEX.fullmatch(self.lines[at])) and (at == 0 or not self.lines[at - 1].strip())

    def _open(self, at: int, times: tuple[int | None, int | None]) -> None:
        self.in_header = self.in_comment = False
        self._drop_identifier(at - 1)
        self.cue = Cue(at + 1, *times)
        self.file.cues.append(self.cue)
        if times == (None, None):
            self.file.broken.append(at + 1)

    def _drop_identifier(self, at: int) -> None:
        """Takes the line above a time line back: it is the cue's index, or its identifier in WebVTT."""
        line = self.lines[at] if at >= 0 else ""
        after_blank = at <= 0 or not self.lines[at - 1].strip()
        number = bool(_INDEX.fullmatch(line))
        is_identifier = (number and (after_blank or self._follows(line))) or (self.vtt and after_blank and cue_times(line) is None)
        if not line.strip() or not is_identifier:
            return
        if number:
            self.last_index = int(line)
        if self.cue is not None and self.cue.lines and self.cue.lines[-1] is line:
            self.cue.lines.pop()
            if not self.cue.lines and self.file.untimed and self.file.untimed[-1] == at + 1:
                self.file.untimed.pop()
                self.file.cues.pop()
        elif self.file.before and self.file.before[-1] == at + 1:
            self.file.before.pop()
        else:
            return
        if len(line.split()) > _TITLE_WORDS:
            self.file.titles.append(at + 1)

    def _follows(self, line: str) -> bool:
        return self.last_index is not None and int(line) == self.last_index + 1

    def _take(self, at: int, line: str) -> None:
        """A line of words, or the start of a comment, or the index of a cue that lost its time line."""
        after_blank = self._blank(at - 1)
        if self.vtt and after_blank and _COMMENT.match(line):
            self.in_comment = True
            return
        if self.cue is None:
            self.file.before.append(at + 1)
            return
        lost_index = after_blank and bool(_INDEX.fullmatch(line)) and self._follows(line)
        if lost_index:
            self.last_index = int(line)
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        if lost_index and cue_times(following) is None and "-->" not in following:
            if following.strip():
                self._open_untimed(at)
            return
        if self.vtt and after_blank and self.cue.lines:
            self._open_untimed(at)
        self.cue.lines.append(line)

    def _open_untimed(self, at: int) -> None:
        self.cue = Cue(at + 1, None, None)
        self.file.cues.append(self.cue)
        self.file.untimed.append(at + 1)
