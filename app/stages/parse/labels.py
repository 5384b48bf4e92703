"""Speaker labels at the start of a line: `Name: words` in its many forms, and header lines `Name  0:03`.

These functions only say what *could* be a label; whether it is one is decided for the file as a whole (`names.choose_names`).
"""

import re
from dataclasses import dataclass

from .badges import without_badges
from .clock import TIME, milliseconds
from .markup import without_links, without_tags

# A label stands at the very start, so only this much of a line is looked at: no pattern can run away on a long line.
_HEAD = 140
_LONG_LINE = 600
_SECONDS = ("second", "seconds", "sekunde", "sekunden", "seconde", "secondes", "segundos", "seconden", "secondi", "segundo", "secondo")
_STAMP = rf"[\[(]?({TIME})(?:\s{{0,2}}(?:-->|->|[-–—])\s{{0,2}}{TIME})?[\])]?"
_INLINE = re.compile(rf"(?:{_STAMP}\s{{0,4}}[-–—|]?\s{{0,4}})?([^:]{{1,80}}?)(?:\s{{0,3}}{_STAMP})?\s{{0,3}}")
_HEADER = re.compile(rf"(?:#{{1,6}}\s{{0,3}})?([^\[\]:]{{1,80}}?)\s{{0,8}}(?:[-–—|,]\s{{0,8}})?{_STAMP}\s{{0,3}}:?")
_HEADER_TIME_FIRST = re.compile(rf"(?:#{{1,6}}\s{{0,3}})?{_STAMP}\s{{1,8}}(?:[-–—|]\s{{0,8}})?([^\[\]:]{{1,80}}?):?")
_HEADER_BRACKETED = re.compile(rf"\[([^\[\]:]{{1,80}})\]\s{{1,8}}({TIME})")
_UNITS = r"(?:(\d{1,3})\s(?:hours?|stunden?|heures?|horas?|uur|ore|ora)[ ,]{1,2})?(?:(\d{1,3})\s(?:minut\w{0,3})[ ,]{1,2})?"
_IN_WORDS = re.compile(rf"(?:([^\s\d].{{0,80}}?)\s{{1,4}})?{_UNITS}(\d{{1,3}})\s(?:se[ck]\w{{0,6}})(?:\s?{TIME})?", re.IGNORECASE)
_NO_NAMES = frozenset({"am", "pm", "a.m.", "p.m.", "uhr", "h"})
_HEADING = re.compile(r"#{1,6}\s{0,3}([^#:\[\]]{1,80}?)\s{0,3}:?\s{0,3}#{0,6}")
_BRACKETED = re.compile(r"[\[(]([^\[\]():]{1,48}):?[\])]\s{0,3}")
_BEHIND = re.compile(r"[\[(]([^\[\]():]{1,48})[\])]\s{0,3}$")
_BRACKETED_TIME = re.compile(rf"[\[(]({TIME})(?:\s{{0,2}}(?:-->|->|[-–—])\s{{0,2}}{TIME})?[\])]\s{{0,4}}")
_LONG_TIME = re.compile(r"(\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?)\s{1,4}")
_LONE_TIME = re.compile(rf"{_STAMP}:?")
_LEAD = re.compile(r"\s*(?:>>+\s*|[-•–—]\s+|[*+]\s+)?")
_COLON = re.compile(r"[:：]")


@dataclass(frozen=True, slots=True)
class Label:
    """A possible label: `name`, the time written with it, and `words_at`, the offset in the line where speech begins.

    `of_day` says that the time is one of the clock on the wall.
    """

    name: str
    start_ms: int | None
    words_at: int
    of_day: bool = False


def inline_label(line: str) -> Label | None:
    """`Name: words`, with a time before or after the name, bold or italic, behind a dash or `>>`; None where there is none."""
    head = line[:_HEAD]
    lead = _LEAD.match(head)
    begin = lead.end() if lead else 0
    for colon in _COLON.finditer(head, begin):
        after = head[colon.end() : colon.end() + 1]
        if colon[0] == ":" and after and (after.isdigit() or after in "/:\\"):
            continue  # a colon within a time, an address, a path
        match = _INLINE.fullmatch(_bare(head[begin : colon.start()]))
        if not match:
            return None
        before, name, behind = match.groups()
        stamp = before or behind
        words_at = colon.end()
        while words_at < len(line) and line[words_at] in "*_ \t\xa0":
            if line[words_at] in "*_" and not _closes(line, begin, colon.start(), words_at):
                break
            words_at += 1
        return Label(without_badges(_unbracketed(name.strip())), milliseconds(stamp) if stamp else None, words_at)
    return None


def header_label(line: str) -> Label | None:
    """A line that holds a name and a time and nothing else: `Name  0:03`, `Name (00:00:05):`, `[0:03] Name`, `[Name] 10:15:04`."""
    length = len(line)
    if length > _LONG_LINE:
        return None
    if "](" in line:
        line = without_links(line)
    if len(line) > _HEAD:
        return None
    bare = _bare(line.strip()).strip()
    if ":" not in line or (bare.endswith(_SECONDS) and bare[:1].isalpha()):
        match = _IN_WORDS.fullmatch(bare) if bare.casefold().endswith(_SECONDS) else None
        name = match[1].strip(" -–—|,\t") if match and match[1] else ""
        return Label(without_badges(name), _in_words(match), length) if match and name else None
    of_day = False
    if match := _HEADER.fullmatch(bare):
        name, stamp = match.groups()
    elif match := _HEADER_TIME_FIRST.fullmatch(bare):
        stamp, name = match.groups()
    elif match := _HEADER_BRACKETED.fullmatch(bare):
        name, stamp = match.groups()
        of_day = True
    else:
        return None
    start_ms, name = milliseconds(stamp), name.strip(" -–—|,\t*_")
    note = name.count("(") > name.count(")")  # "(inaudible 00:12:03)"
    if not name or note or start_ms is None or name.casefold() in _NO_NAMES or name.casefold().endswith(_SECONDS):
        return None
    return Label(without_badges(name), start_ms, length, of_day)


def _in_words(match: re.Match[str]) -> int:
    """Milliseconds of `1 hour 2 minutes 3 seconds`."""
    hours, minutes, seconds = (int(match[i] or 0) for i in (2, 3, 4))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def heading_label(line: str) -> Label | None:
    """A Markdown heading that could be a name, `### Name`."""
    match = _HEADING.fullmatch(_bare(line)) if line.startswith("#") and len(line) <= _HEAD else None
    return Label(match[1].strip(" *_"), None, len(line)) if match and match[1].strip(" *_") else None


def bracketed_label(line: str) -> Label | None:
    """`[Name] words` or `(Name) words`; None for `[0:03]`."""
    lead = _LEAD.match(line[:_HEAD])
    match = _BRACKETED.match(line, lead.end() if lead else 0)
    return Label(without_badges(match[1].strip()), None, match.end()) if match else None


def label_behind(line: str) -> Label | None:
    """`words (Name)`, the name behind what was said; `words_at` is where the name stands, so the words are before it."""
    at = max(line.rfind("(", -_HEAD), line.rfind("[", -_HEAD))
    match = _BEHIND.match(line, at) if at > 0 else None
    return Label(without_badges(match[1].strip()), None, at) if match else None


def leading_time(line: str) -> tuple[int, str] | None:
    """Time and rest of `[00:01:23] words` or `00:01:23 words`; bare `10:30 we left` is speech and gives None."""
    match = _BRACKETED_TIME.match(line) or _LONG_TIME.match(line)
    start_ms = milliseconds(match[1]) if match else None
    return (start_ms, line[match.end() :]) if match and start_ms is not None else None


def lone_time(line: str) -> int | None:
    """Milliseconds where a line holds a time and nothing else; it may be a heading, or in words: `0 minutes 3 seconds`."""
    if len(line) > _HEAD or not any(map(str.isdecimal, line)):
        return None
    bare = _bare(line.strip().lstrip("# "))
    if match := _LONE_TIME.fullmatch(bare):
        return milliseconds(match[1])
    if " " not in bare:
        return None
    spoken = _IN_WORDS.fullmatch(bare)
    return _in_words(spoken) if spoken and not spoken[1] else None


def _bare(head: str) -> str:
    """Without emphasis marks around its parts, without tags; `SPEAKER_00` keeps its underscore."""
    if "<" in head:
        head = without_tags(head)
    return head.replace("*", "").strip("_ \t\xa0\u200e\u200f\ufeff")


def _unbracketed(name: str) -> str:
    """`[Name]` and `(Name)` without their brackets; `Name (Guest)` as it is."""
    return name[1:-1].strip() if name[:1] + name[-1:] in {"[]", "()"} else name


def _closes(line: str, begin: int, colon: int, at: int) -> bool:
    """Whether the emphasis mark at `at` closes one opened before the label, rather than opening one for the words."""
    return line.count(line[at], begin, colon) > line.count(line[at], colon, at)
