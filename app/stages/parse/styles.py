"""Labels of a second style: a file put together of two transcripts, or one whose tool changed halfway."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from .labels import Label, header_label, inline_label
from .names import fold, looks_like_name, recurring
from .source import Source

_DOTTED = re.compile(r"\s{0,4}[*_]{0,3}([QA])[.)][*_]{0,3}\s{1,4}(?=\S)")
_AGAIN = 2


def question_label(line: str) -> Label | None:
    """`Q. words`, `A. words`."""
    match = _DOTTED.match(line)
    return Label(match[1], None, match.end()) if match else None


def with_other_styles(
    source: Source, labels: Mapping[int, Label], finders: Iterable[Callable[[str], Label | None]] = (inline_label, header_label)
) -> Mapping[int, Label]:
    """Labels, and those of other styles: of names known from `labels`, or of others that stand all before or all behind them."""
    found = dict(labels)
    if not labels:
        return found
    for find in finders:
        other = {i: label for i in source.filled if i not in found and (label := find(source.lines[i])) and looks_like_name(label.name)}
        found.update(_taken(other, found, min(labels), max(labels)))
    return dict(sorted(found.items()))


def _taken(other: Mapping[int, Label], known: Mapping[int, Label], first: int, last: int) -> dict[int, Label]:
    spelling = {fold(label.name): label.name for label in known.values()}
    taken: dict[int, Label] = {}
    # between two labels of the file only a known name counts; outside of them, where it recurs: `Interviewer: Anna` in a head does not
    for part in ([i for i in other if i < first], [i for i in other if i > last], [i for i in other if first < i < last]):
        inside = bool(part) and first < part[0] < last
        often = recurring(fold(other[i].name) for i in part)
        same = {i for i in part if fold(other[i].name) in spelling and (inside or fold(other[i].name) in often)}
        new = {i for i in part if fold(other[i].name) in often} if not inside else set[int]()
        if len({fold(other[i].name) for i in new}) >= _AGAIN:
            same |= new
        if len(same) >= _AGAIN:
            taken |= {i: replace(other[i], name=spelling.get(fold(other[i].name), other[i].name)) for i in same}
    return taken


def names_before(source: Source, first: int) -> list[int]:
    """Lines above the first speaker that open with a name that recurs there: they may be speech."""
    found = {
        i: fold(label.name)
        for i in source.filled
        if i < first and (label := inline_label(source.lines[i]) or header_label(source.lines[i])) and looks_like_name(label.name)
    }
    times = Counter(found.values())
    return [i for i, name in found.items() if times[name] >= _AGAIN]
