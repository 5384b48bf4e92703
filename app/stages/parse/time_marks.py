"""Time marks of text files in the many forms that tools and people write, made the one that readers know: `[0:00:16.600]`.

`#00:00:16-6#` (f4, MAXQDA, ATLAS.ti), `00:00:03:12 - 00:00:12:03` (Premiere), `` `00:00:03` ``, `{00:01:03}`, `[1m 3s]`, `[14.6s]`,
`Name: (00:03)`. Each is looked for in the file as a whole: a time that somebody says stays among the words.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from .clock import TIME, milliseconds, written
from .labels import inline_label, lone_time
from .names import looks_like_name
from .source import Source

_F4 = re.compile(r"\s?#(\d{1,2}:\d{1,2}:\d{2}|\d{1,3}:\d{2})(?:[-.,](\d{1,3}))?#")
_FRAMES = r"(\d{1,2})[:;](\d{2})[:;](\d{2})[:;](\d{2})"
_FRAME_RANGE = re.compile(rf"\s*{_FRAMES}\s{{0,3}}(?:-{{1,2}}>|[-–—])\s{{0,3}}{_FRAMES}\s*")
_FRAME_LEAD = re.compile(rf"\s*[\[(]?{_FRAMES}[\])]?(?=\s|$)")
_FRAMES_WITHIN = re.compile(rf"[\[(]{_FRAMES}[\])]")
_TICKED = re.compile(rf"`\[?({TIME})\]?`")
_CURLY = re.compile(rf"(\s{{0,4}})\{{({TIME})\}}")
_UNITS = r"(?:(\d{1,2})\s?h\s?)?(?:(\d{1,3})\s?m(?:in)?\s?)?(\d{1,5}(?:\.\d{1,3})?)\s?s(?:ec)?"
_UNITS_LEAD = re.compile(rf"\s{{0,4}}[\[(]{_UNITS}(?:\s?(?:-{{0,2}}>|[-–—])\s?[\dhmins. ]{{2,20}})?[\])]\s{{1,4}}")
_UNITS_END = re.compile(rf"[\[(]{_UNITS}[\])]\s{{0,4}}$")
_POINTED = re.compile(r"\s{0,4}\((\d{1,3})\.([0-5]\d)\)\s{1,4}")
_BEHIND_LABEL = re.compile(rf"[\[(]?({TIME})[\])]?(?=\s|$)")
_DIGIT_BEHIND_COLON = re.compile(r"[:：][*_]{0,3}\s{1,4}[*_]{0,3}[\[(]?\d")
_MIN, _MOSTLY, _IN_ORDER = 3, 0.5, 0.9
_LONGEST_END, _FRAMES_A_SECOND = 30, 25
_HEAD = 140
_BLOCK = 3  # times, name, words


def with_known_marks(source: Source) -> dict[int, str]:
    """Lines whose time marks had another form, by index, with the form that readers know; a mark at a line's end is `#0:00:16.600#`."""
    changed: dict[int, str] = {}
    lines = list(source.lines)
    for make in (_frames, _signs, _f4, _units, _pointed, _behind_labels):
        for i, line in make(Source("\n".join(lines)) if changed else source).items():
            lines[i] = changed[i] = line
    return changed


def _frames(source: Source) -> dict[int, str]:
    """Time codes with frames; of blocks `times, name, words` the name takes the times to its line."""
    if not any(_FRAME_LEAD.match(line) for line in source.lines if line[:12].count(":") > 1 or ";" in line[:12]):
        return {}
    blocks = [n for n, i in enumerate(source.filled) if _FRAME_RANGE.fullmatch(source.lines[i][:80])]
    ends = [*blocks, len(source.filled)][1:]
    named = [
        n
        for n, end in zip(blocks, ends, strict=True)
        if end - n >= _BLOCK and looks_like_name(source.lines[source.filled[n + 1]].strip(" :"))
    ]
    changed: dict[int, str] = {}
    for i in source.filled:
        line = source.lines[i]
        if match := _FRAME_RANGE.fullmatch(line[:80]) or _FRAME_LEAD.match(line):
            changed[i] = f"[{_of_frames(match)}]{line[match.end() :]}"
    if len(named) > _MOSTLY * len(blocks):
        for n in named:
            name_at = source.filled[n + 1]
            changed[name_at] = f"{changed[source.filled[n]]} {source.lines[name_at].strip(' :')}"
            changed[source.filled[n]] = ""
    return changed


def _of_frames(match: re.Match[str]) -> str:
    hours, minutes, seconds, frames = (int(match[n]) for n in (1, 2, 3, 4))
    return written(((hours * 60 + minutes) * 60 + seconds) * 1000 + min(999, frames * 1000 // _FRAMES_A_SECOND))


def _signs(source: Source) -> dict[int, str]:
    """Times in backticks, and with frames in brackets, wherever they stand, and in curly brackets at the start of a line."""
    changed = {}
    for i in source.filled:
        line = source.lines[i]
        if "`" in line or "{" in line[:8] or "[" in line or "(" in line:
            new = _FRAMES_WITHIN.sub(lambda match: f"[{_of_frames(match)}]", _TICKED.sub(r"[\1]", line))
            if curly := _CURLY.match(new):
                new = f"{curly[1]}[{curly[2]}]{new[curly.end() :]}"
            if new != line:
                changed[i] = new
    return changed


def _f4(source: Source) -> dict[int, str]:
    """`#00:00:16-6#`: at the end of a paragraph, or alone right below one, it is the time when that ends."""
    changed: dict[int, str] = {}
    for n, i in enumerate(source.filled):
        line = source.lines[i]
        if "#" not in line or not _F4.search(line):
            continue
        alone = _F4.fullmatch(line.strip())
        above = source.filled[n - 1] if n else -1
        above_line = changed.get(above, source.lines[above]) if above >= 0 else ""
        if alone and above == i - 1 and above >= 0 and any(map(str.isalpha, above_line)) and not above_line.rstrip().endswith("#"):
            changed[above], changed[i] = f"{above_line.rstrip()} #{_of_f4(alone)}#", ""
        elif alone:
            changed[i] = f"[{_of_f4(alone)}]"
        else:
            changed[i] = _f4_within(line)
    return changed


def _f4_within(line: str) -> str:
    length = len(line.rstrip())

    def mark(match: re.Match[str]) -> str:
        return f" #{_of_f4(match)}#" if match.end() == length else f" [{_of_f4(match)}]"

    return _F4.sub(mark, line).lstrip()


def _of_f4(match: re.Match[str]) -> str:
    whole = milliseconds(match[1])
    return match[0].strip(" #") if whole is None else written(whole + (int(f"{match[2]:0<3}") if match[2] else 0))


def _units(source: Source) -> dict[int, str]:
    """`[1m 3s] words` and `words [14.6s]`, where most lines have one and they run forward; a lone `(3s)` is a pause."""
    starts = {i: m for i in source.filled if source.lines[i].lstrip()[:1] in {"[", "("} and (m := _UNITS_LEAD.match(source.lines[i]))}
    if _are_times(source, starts, _of_units):
        return {i: f"[{written(_of_units(match))}] {source.lines[i][match.end() :]}" for i, match in starts.items()}
    ends = {i: m for i in source.filled if (m := _at_end(source.lines[i]))}
    if not _are_times(source, ends, _of_units):
        return {}
    if _of_units(next(iter(ends.values()))) == 0:  # nothing ends at zero: the times are those at which lines begin
        return {i: f"[{written(_of_units(match))}] {source.lines[i][: match.start()].rstrip()}" for i, match in ends.items()}
    return {i: f"{source.lines[i][: match.start()].rstrip()} #{written(_of_units(match))}#" for i, match in ends.items()}


def _at_end(line: str) -> re.Match[str] | None:
    if line.rstrip()[-2:] not in {"s]", "s)", "c]", "c)"}:
        return None
    at = max(line.rfind("[", -_LONGEST_END), line.rfind("(", -_LONGEST_END))
    return _UNITS_END.match(line, at) if at > 0 else None


def _of_units(match: re.Match[str]) -> int:
    return (int(match[1] or 0) * 3600 + int(match[2] or 0) * 60) * 1000 + round(float(match[3]) * 1000)


def _are_times(source: Source, found: Mapping[int, re.Match[str]], of: Callable[[re.Match[str]], int]) -> bool:
    if len(found) < _MIN or len(found) <= _MOSTLY * len(source.filled):
        return False
    times = [of(match) for match in found.values()]
    return times[-1] > times[0] and sum(1 for a, b in pairwise(times) if a <= b) >= _IN_ORDER * (len(times) - 1)


def _pointed(source: Source) -> dict[int, str]:
    """`(1.03) Name: words`, minutes and seconds, where every label has one."""
    found = {i: m for i in source.filled if (m := _POINTED.match(source.lines[i][:_LONGEST_END]))}
    if len(found) < _MIN:
        return {}
    labelled = [i for i in source.filled if inline_label(source.lines[i])]
    bare = {i: inline_label(source.lines[i][match.end() :]) for i, match in found.items()}
    times = [_of_pointed(match) for match in found.values()]
    if not all(bare.values()) or any(i not in found for i in labelled) or times != sorted(set(times)):
        return {}
    return {i: f"[{written(_of_pointed(match))}] {source.lines[i][match.end() :]}" for i, match in found.items()}


def _of_pointed(match: re.Match[str]) -> int:
    return (int(match[1]) * 60 + int(match[2])) * 1000


def _behind_labels(source: Source) -> dict[int, str]:
    """`Name: (00:03)` and `Name: 00:00:03`, where most labels have one; a single `Ben: 10:30` is what he says."""
    if sum(1 for i in source.filled if _DIGIT_BEHIND_COLON.search(source.lines[i][:_HEAD])) < _MIN:
        return {}
    labels = {i: label for i in source.filled if (label := inline_label(source.lines[i])) and looks_like_name(label.name)}
    found = {}
    for i, label in labels.items():
        match = _BEHIND_LABEL.match(source.lines[i], label.words_at)
        if match and milliseconds(match[1]) is not None and lone_time(match[0]) is not None:
            found[i] = match
    times = [milliseconds(match[1]) or 0 for match in found.values()]
    forward = sum(1 for a, b in pairwise(times) if a <= b) >= _IN_ORDER * (len(times) - 1)
    if len(found) < _MIN or len(found) <= _MOSTLY * len(labels) or not forward:
        return {}
    return {i: f"{source.lines[i][: match.start()]}[{match[1]}]{source.lines[i][match.end() :]}" for i, match in found.items()}
