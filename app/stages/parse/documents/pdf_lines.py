"""Lines on pages, and how they become paragraphs: running heads taken out, what was wrapped in one piece again."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.stages.parse.clock import TIME
from app.stages.parse.labels import header_label, inline_label, lone_time
from app.stages.parse.names import fold, looks_like_name, recurring

_EDGE_LINES = 3
_SAME_PLACE = 6.0
"""Points by which a running head may stand higher or lower on another page."""
_OFTEN, _NEARLY_ALL = 0.5, 0.8
_FEW_PAGES = 2
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|pagina|p\.)\s{0,3})?[-–—]?\s{0,2}\d{1,4}\s{0,2}[-–—]?(?:\s{0,3}(?:of|von|de|di|van|/)\s{0,3}\d{1,4})?",
    re.IGNORECASE,
)
_COLUMN = 60.0
_WIDE_GAP = 1.4
_LARGE = 1.25
_LONGEST_HEADING = 120
_SAME_ROW = 0.5
_ALIGNED = 3
_APART = 1.5
"""As many letters' heights between words are a gap between columns, not a blank."""
_ENDS = (".", "?", "!", "…", ":", "”", '"', "]", ")")
_HYPHENS = ("-", "\xad", "‐")
_SOFT_HYPHEN = "\xad"
_HYPHENATED = 0.03
_WORD = re.compile(r"\w+(?:[-‐]\w+)*")


@dataclass(slots=True)
class Line:
    """A line of text: from `x0` to `x1`, its baseline `y` below the page's top edge, letters of `size`, all in points.

    The first `bold` characters are bold; 0 where none is, or where that says nothing.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: int = 0
    gaps: tuple[tuple[int, float, float], ...] = ()
    """Places within its beginning where pieces meet that were drawn apart: offset, end of the one, start of the other."""


def without_furniture(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], int]:
    """Pages without running heads, feet and page numbers, and how many lines these were.

    They say the same, numbers aside, at the same height of several pages, among the first or last lines.
    """
    places: dict[str, Counter[int]] = defaultdict(Counter)
    for page in pages:
        for key, band in {(_key(line), band) for line in _edges(page) for band in _bands(line)}:
            places[key][band] += 1
    spoken = sum(1 for page in pages if page)
    needed = max(_FEW_PAGES, _OFTEN * spoken)

    def recurs(line: Line) -> bool:
        # “Ben: yes.” may stand at the same height of a few pages
        enough = max(needed, _NEARLY_ALL * spoken) if inline_label(line.text) else needed
        return max(places[_key(line)][band] for band in _bands(line)) >= enough

    kept, removed = [], 0
    for page in pages:
        furniture = {id(line) for line in _edges(page) if recurs(line)} if spoken >= _FEW_PAGES else set()
        kept.append([line for line in page if id(line) not in furniture])
        removed += len(furniture)
    return kept, removed


def _edges(page: Sequence[Line]) -> list[Line]:
    """The lines at the top and bottom of a page by their height, whatever order they were drawn in."""
    by_height = sorted(page, key=lambda line: line.y)
    return by_height[:_EDGE_LINES] + by_height[max(_EDGE_LINES, len(by_height) - _EDGE_LINES) :]


def _key(line: Line) -> str:
    """What recurs: the words, with any number for a number; a speaker with a time is only the same with the same time."""
    if _PAGE_NUMBER.fullmatch(line.text):
        return "#"
    named = header_label(line.text) or lone_time(line.text) is not None or (inline_label(line.text) and len(line.text) > _LONGEST_HEADING)
    return line.text if named else _DIGITS.sub("#", line.text.casefold())


def _bands(line: Line) -> tuple[int, int]:
    """Two overlapping grids of heights, so that lines near each other share a band of one of them."""
    return 2 * int(line.y // _SAME_PLACE), 2 * int((line.y + _SAME_PLACE / 2) // _SAME_PLACE) + 1


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[str, int, int]]:
    """Text, heading level (0 for none) and length of the bold lead of each paragraph, in the order in which the pages were drawn."""
    starts = Counter(round(line.x0) for page in pages for line in page)
    lines = [line for page in pages for line in _rows([piece for line in page for piece in _cells(line, starts)])]
    if not lines:
        return
    layout = _Layout(lines)
    begun = lines[0]
    text = begun.text
    for before, line in pairwise(lines):
        if layout.goes_on(before, line):
            text = layout.joined(text, line.text)
            continue
        yield text.replace(_SOFT_HYPHEN, ""), layout.level(begun, text), begun.bold
        begun, text = line, line.text
    yield text.replace(_SOFT_HYPHEN, ""), layout.level(begun, text), begun.bold


def _cells(line: Line, starts: Mapping[int, int]) -> tuple[Line, ...]:
    """A name and the words beside it as two lines, where a wide gap or the column in which other lines begin is between them."""
    for at, end, start in line.gaps:
        aligned = sum(starts.get(round(start) + off, 0) for off in (-1, 0, 1)) >= _ALIGNED and start - line.x0 > line.size
        if (aligned or start - end > _APART * line.size) and _is_label(line.text[: at - 1]):
            left = Line(line.text[: at - 1], line.x0, end, line.y, line.size)
            return left, Line(line.text[at:], start, line.x1, line.y, line.size)
    return (line,)


def _rows(page: Sequence[Line]) -> list[Line]:
    """Lines with a name in a column of its own put before the words that stand beside it, as a label."""
    found: list[Line] = []
    for line in page:
        before = found[-1] if found else None
        beside = before is not None and abs(before.y - line.y) < _SAME_ROW * max(line.size, 1) and before.x1 <= line.x0 and before.size > 0
        if before is not None and beside and _is_label(before.text):
            name = before.text.rstrip(": ")
            glue = " " if re.fullmatch(rf"[\[(]?{TIME}[\])]?", name) or header_label(before.text) else ": "
            found[-1] = Line(f"{name}{glue}{line.text}", line.x0, line.x1, line.y, line.size)
        else:
            found.append(line)
    return found


def _is_label(text: str) -> bool:
    return bool(lone_time(text) is not None or looks_like_name(text.rstrip(": ")) or header_label(text))


class _Layout:
    """What is usual in a document: how far lines reach, how far they are apart, how large letters are, which words it uses."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.reach: dict[int, float] = {}
        by_column: dict[int, list[float]] = defaultdict(list)
        for line in lines:
            by_column[self._column(line)].append(line.x1)
        for column in by_column:
            near = [x for other in (column - 1, column, column + 1) for x in by_column.get(other, ())]
            self.reach[column] = sorted(near)[int(len(near) * 0.97)] if near else 0.0
        steps = [b.y - a.y for a, b in pairwise(lines) if 0 < b.y - a.y < 4 * max(a.size, 1)]
        self.step = median(sorted(steps)[: max(1, len(steps) * 3 // 4)]) if steps else 0.0
        self.size = median(line.size for line in lines for _ in range(1 + len(line.text) // 40))
        named = (label for line in lines if (label := inline_label(line.text)) and looks_like_name(label.name))
        self.speakers = recurring(fold(label.name) for label in named)
        self.words = Counter(word.casefold() for line in lines for word in _WORD.findall(line.text))
        broken = sum(1 for line in lines if line.text.endswith(_HYPHENS))
        self.hyphenates = broken >= _HYPHENATED * len(lines)

    @staticmethod
    def _column(line: Line) -> int:
        return int(line.x0 // _COLUMN)

    def goes_on(self, before: Line, line: Line) -> bool:
        """Whether a line was wrapped from the one before it, over the end of a column or page too."""
        if abs(before.size - line.size) > 1 or self._begins_turn(before, line):
            return False
        gap = line.y - before.y
        if gap > _WIDE_GAP * self.step or (gap >= 0 and self._column(line) < self._column(before) - 1):
            return False
        letter = (line.x1 - line.x0) / max(len(line.text), 1)
        first_word = line.text.split(maxsplit=1)[0]
        room = self.reach[self._column(before)] - before.x1
        return room < letter * (len(first_word) + 1) or before.text.endswith(_SOFT_HYPHEN)

    def _begins_turn(self, before: Line, line: Line) -> bool:
        """Whether a speaker's label, a time or a sign of one stands at the start of the line, or is all of the one before."""
        if header_label(line.text) or lone_time(line.text) is not None or header_label(before.text) or lone_time(before.text) is not None:
            return True
        label = inline_label(line.text)
        if label and looks_like_name(label.name) and (before.text.endswith(_ENDS) or fold(label.name) in self.speakers):
            return True
        return 0 < line.bold < len(line.text)

    def joined(self, text: str, more: str) -> str:
        """A paragraph and its next line; a hyphen at the line's end stays where the document writes the word so elsewhere."""
        if not text.endswith(_HYPHENS) or len(text) < 2 or not text[-2].isalpha() or not more[:1].isalpha():  # noqa: PLR2004  # a letter before it
            return f"{text} {more}"
        left, right = _WORD.findall(text[-80:-1]), _WORD.match(more[:80])
        if not left or not right:
            return f"{text} {more}"
        end, begin = left[-1].casefold(), right[0].casefold()
        if text.endswith(_SOFT_HYPHEN) or (end + begin in self.words and f"{end}-{begin}" not in self.words):
            return text[:-1] + more
        if f"{end}-{begin}" in self.words or not self.hyphenates or not more[0].islower():
            return text + more
        return text[:-1] + more

    def level(self, line: Line, text: str) -> int:
        """Level 1 for a short paragraph in larger letters, 0 for others."""
        return int(
            line.size > _LARGE * self.size and len(text) <= _LONGEST_HEADING and not header_label(line.text) and not inline_label(line.text)
        )
