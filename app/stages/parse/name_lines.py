"""Names that stand alone on a line, the words below: `Anna`, with or without a time on a line of its own above or below."""

import re
from collections.abc import Mapping
from itertools import pairwise

from .badges import without_badges
from .labels import Label, lone_time
from .names import fold, is_sound, looks_like_name, recurring
from .paragraphs import starts_paragraph
from .source import Source
from .vocabulary import INTERJECTIONS

_LONGEST = 60
_NAME = re.compile(r"(?:#{1,6}\s{0,3})?[*_\[(]{0,3}([^\[\]()*:]{1,50}(?:\([^()]{1,30}\)|\[[^\[\]]{1,30}\])?)[*_\])]{0,3}:?[*_]{0,3}")
_ENDS = (".", "?", "!", ",", ";", "…")
_MIN_NAMES, _MIN_LABELS, _MIN_TIMED = 2, 4, 3
_TIMED, _SHARE, _AT_STARTS = 0.6, 0.25, 0.9


def name_lines(source: Source) -> Mapping[int, Label]:
    """Lines that are a name and nothing else, by index, where the file as a whole is written so; else none."""
    filled = source.filled
    times = {i for i in filled if lone_time(source.lines[i]) is not None}
    spoken = [i for i in filled if i not in times]
    found = {i: label for i in spoken if (label := _name(source.lines[i]))}
    # of names below each other, as in a list of who was there, the last may speak
    found = {i: found[i] for i, below in pairwise(spoken) if i in found and below not in found}
    neighbours = {i: {*filled[max(n - 1, 0) : n], *filled[n + 1 : n + 2]} for n, i in enumerate(filled) if i in found}
    beside = {i: label for i, label in found.items() if neighbours[i] & times}
    often = recurring(fold(label.name) for label in beside.values())
    if often and len(beside) >= max(_MIN_TIMED, _TIMED * len(times)) and len({fold(label.name) for label in beside.values()}) >= _MIN_NAMES:
        known = {fold(label.name) for label in beside.values()}
        return {i: label for i, label in found.items() if i in beside or fold(label.name) in known}
    often = recurring(fold(label.name) for label in found.values())
    found = {i: label for i, label in found.items() if fold(label.name) in often}
    starts = frozenset(starts_paragraph(source))
    open_paragraphs = sum(1 for i in found if i in starts)
    enough = len(found) >= max(_MIN_LABELS, _SHARE * len(starts)) and open_paragraphs >= _AT_STARTS * len(found)
    return found if len(often) >= _MIN_NAMES and enough else {}


def _name(line: str) -> Label | None:
    bare = line.strip()
    if not bare or len(bare) > _LONGEST or bare.endswith(_ENDS):
        return None
    match = _NAME.fullmatch(bare)
    name = without_badges(match[1].strip()) if match else ""
    speaks = name and looks_like_name(name) and not is_sound(name) and name.casefold() not in INTERJECTIONS
    return Label(name, None, len(line)) if speaks else None
