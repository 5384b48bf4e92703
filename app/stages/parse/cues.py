"""Cues of WebVTT, SRT and SBV: blocks of text under a line `start --> end`.

Written here rather than taken from webvtt-py or pysubs2: the first drops a cue with a broken time without a word, the second
hangs its words on the cue before; neither keeps line numbers for a message, and a cue with several voices has one in webvtt-py
and none in pysubs2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.errors import TooLarge

from .clock import TIME, milliseconds
from .wording import count_of, places, were

_ARROW = r"\s*(?:-{1,2}\s?>|[–—]>|→)\s*"
_TIMES = re.compile(rf"\s*(?:(\d{{1,9}})\s+)?\[?({TIME}){_ARROW}({TIME})\]?(?=\s|$|[^\d:.,])")
_SETTINGS = re.compile(r"(?:\s*(?:align|position|line|size|region|vertical|[A-Z]\d?):\S+)*\s*")
_BROKEN = re.compile(r"\s*([^\s]{0,24}(?:\s[^\s]{1,12})?)\s*--+>\s*([^\s]{0,24})")
_MAX_TIME_LINE = 200
_INDEX = re.compile(r"\s*\d{1,9}\s*")
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?=\s|$)")
_HEADER_FIELD = re.compile(r"X-TIMESTAMP-MAP\s{0,3}=")
_SIGNATURES = ("WEBVTT", "\ufeffWEBVTT")
_LANGUAGE = re.compile(r"(?:NOTE )?\s{0,3}language:\s{0,3}([A-Za-z]{2,3}(?:-\w{2,8})?)\s*", re.IGNORECASE)
_TITLE_WORDS = 3
MAX_CUES = 50_000
MAX_CUE_LINES = 200_000


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
    about: dict[str, str] = field(default_factory=dict)

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
    head = line[:_MAX_TIME_LINE]
    match = _TIMES.match(head)
    if match:
        start_ms, end_ms = milliseconds(match[2]), milliseconds(match[3])
        return (None, None) if start_ms is None or end_ms is None else (start_ms, end_ms)
    match = _BROKEN.match(line) if "--" in line and len(line) <= _MAX_TIME_LINE else None
    if match and (":" in match[1] or ":" in match[2]) and not re.search(r"[^\W\d_]{4}", f"{match[1]} {match[2]}"):
        return None, None
    return None


def _words_behind(line: str) -> str:
    """Words that lost their line break and stand behind the times; settings such as `align:start` are none."""
    match = _TIMES.match(line[:_MAX_TIME_LINE])
    if not match or match.end() == len(line):
        return ""
    settings = _SETTINGS.match(line, match.end())
    words = line[settings.end() if settings else match.end() :]
    return words if any(map(str.isalpha, words)) or (words.strip() and in_brackets(line)) else ""


def in_brackets(line: str) -> bool:
    """Whether a time line is one of Whisper's console, `[00:00.000 --> 00:05.000]  words`: all that stands behind is spoken."""
    return line.lstrip()[:1] == "["


def split_cues(lines: Sequence[str], *, vtt: bool) -> CueFile:
    """Cut a file into cues. Words are never dropped: text that stands under no time becomes a cue without one.

    Identifiers before a time line, and with `vtt` the header and the blocks NOTE, STYLE and REGION, are no words.
    """
    if len(lines) > MAX_CUE_LINES:
        raise TooLarge(
            f"the file has more than {MAX_CUE_LINES:,} lines of captions, far more than an interview; split it into one file an interview"
        )
    return _Splitter(lines, vtt=vtt).split()


class _Splitter:
    """One pass over the lines; `cue` is the one being filled."""

    def __init__(self, lines: Sequence[str], *, vtt: bool) -> None:
        self.lines, self.vtt = lines, vtt
        self.times = [cue_times(line) if ">" in line or "→" in line else None for line in lines]
        self.file = CueFile()
        self.cue: Cue | None = None
        self.last_index: int | None = None
        self.in_header = self.in_comment = False

    def split(self) -> CueFile:
        """The one pass; each line is a time line, a blank one, one of a header or comment, or words."""
        for at, line in enumerate(self.lines):
            times = self.times[at]
            if times is not None or ("-->" in line and self._is_index(at - 1)):
                self._open(at, times or (None, None))
            elif not (line if self.vtt else line.strip()):  # in WebVTT a line with a single blank does not end a block
                self.in_header = self.in_comment = False
            elif self.vtt and line.startswith(_SIGNATURES) and (at == 0 or self._blank(at - 1)):
                self.in_header = True
            elif self.in_header or self.in_comment:
                self._note(line)
            else:
                self._take(at, line)
        return self.file

    def _note(self, line: str) -> None:
        """Nobody's words: of the header and the notes only the language is kept."""
        if "anguage" in line and (match := _LANGUAGE.match(line)):
            self.file.about.setdefault("language", match[1])

    def _blank(self, at: int) -> bool:
        """Whether a line ends a block; in WebVTT one with a single blank does not."""
        line = self.lines[at] if at >= 0 else ""
        return not (line if self.vtt else line.strip())

    def _is_index(self, at: int) -> bool:
        return at >= 0 and bool(_INDEX.fullmatch(self.lines[at])) and (at == 0 or not self.lines[at - 1].strip())

    def _open(self, at: int, times: tuple[int | None, int | None]) -> None:
        self.in_header = self.in_comment = False
        self._drop_identifier(at - 1)
        self._begin(at, times)
        if times == (None, None):
            self.file.broken.append(at + 1)
        elif words := _words_behind(self.lines[at]):
            self.file.cues[-1].lines.append(words)

    def _begin(self, at: int, times: tuple[int | None, int | None]) -> None:
        if len(self.file.cues) >= MAX_CUES:
            raise TooLarge(f"the file has more than {MAX_CUES:,} cues, far more than an interview; split it into one file an interview")
        self.cue = Cue(at + 1, *times)
        self.file.cues.append(self.cue)

    def _drop_identifier(self, at: int) -> None:
        """Takes the line above a time line back: it is the cue's index, or its identifier in WebVTT."""
        line = self.lines[at] if at >= 0 else ""
        if not line.strip():
            return
        after_blank = at <= 0 or not self.lines[at - 1].strip()
        number = bool(_INDEX.fullmatch(line))
        if not ((number and (after_blank or self._follows(line))) or (self.vtt and after_blank and self.times[at] is None)):
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
        if not self._blank(at - 1):
            if self.cue is None:
                self.file.before.append(at + 1)
            else:
                self.cue.lines.append(line)
        elif self.vtt and _COMMENT.match(line):
            self.in_comment = True
            self._note(line)
        elif self.vtt and _HEADER_FIELD.match(line):
            self.in_header = True  # once more between the pieces of a stream
            self._note(line)
        elif self.cue is None:
            self.file.before.append(at + 1)
        else:
            self._take_after_blank(at, line)

    def _take_after_blank(self, at: int, line: str) -> None:
        lost_index = bool(_INDEX.fullmatch(line)) and self._follows(line)
        if lost_index:
            self.last_index = int(line)
        if lost_index:
            following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
            if not following.strip():
                return
            if self.times[at + 1] is None and "-->" not in following:
                self._open_untimed(at)
                return
        if self.vtt and self.cue is not None and self.cue.lines:
            self._open_untimed(at)
        self.file.cues[-1].lines.append(line)

    def _open_untimed(self, at: int) -> None:
        self._begin(at, (None, None))
        self.file.untimed.append(at + 1)
