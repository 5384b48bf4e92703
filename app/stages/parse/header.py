"""Text and Markdown with header lines (Otter, Rev): `Name  0:03`, `Name (00:00:05):`, `### Name`, and the words below."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from .labels import Label, header_label, heading_label
from .names import could_be_name, fold, looks_like_name, recurring
from .paragraphs import assemble
from .source import Reader, Reading, Source

_BASE, _PER_COVERAGE = 0.6, 0.35
_MIN_HEADERS = 2
_MIN_NAMED_HEADINGS = 3
_MIN_SHARE = 0.02
_IN_ORDER = 0.8


def _find(source: Source) -> Mapping[int, Label]:
    """Header lines by line index: with times, or else Markdown headings that recur."""
    timed = {i: label for i in source.filled if (label := header_label(source.lines[i])) and could_be_name(label.name)}
    often = recurring(fold(label.name) for label in timed.values())
    timed = {i: label for i, label in timed.items() if fold(label.name) in often or looks_like_name(label.name)}
    if len(timed) >= _MIN_HEADERS and _run_forward(timed):
        return timed
    headings = {i: label for i in source.filled if (label := heading_label(source.lines[i])) and looks_like_name(label.name)}
    often = recurring(fold(label.name) for label in headings.values())
    headings = {i: label for i, label in headings.items() if fold(label.name) in often}
    return headings if len(headings) >= _MIN_NAMED_HEADINGS else {}


def _run_forward(labels: Mapping[int, Label]) -> bool:
    """Times of a talk do; those of an opening-hours list need not."""
    times = [label.start_ms or 0 for label in labels.values()]
    return sum(1 for a, b in pairwise(times) if a <= b) >= _IN_ORDER * (len(times) - 1)


def _detect(source: Source) -> float:
    labels = _find(source)
    said = sum(1 for i in labels if _has_words_below(source, labels, i))
    if not labels or said < _MIN_HEADERS or len(labels) < _MIN_SHARE * len(source.filled):
        return 0.0
    return _BASE + _PER_COVERAGE * min(1.0, 2 * len(labels) / len(source.filled))


def _has_words_below(source: Source, labels: Mapping[int, Label], at: int) -> bool:
    lines = source.lines
    following = next((i for i in (at + 1, at + 2) if i < len(lines) and lines[i].strip()), None)
    return following is not None and following not in labels


def _read(source: Source) -> Reading:
    labels = _find(source)
    often = recurring(fold(label.name) for label in labels.values())
    first = next((i for i, label in labels.items() if fold(label.name) in often), min(labels, default=0))
    spelling: dict[str, str] = {}
    for label in labels.values():
        spelling.setdefault(fold(label.name), label.name)
    return assemble(source, {i: replace(label, name=spelling[fold(label.name)]) for i, label in labels.items() if i >= first}, first)


READER = Reader(
    "header",
    "header/1",
    _detect,
    _read,
    title="Text, Markdown: header lines",
    reads="`Name  0:03`, `Name (00:00:05):`, `### Name`, the words below (Otter, Rev)",
    loses="headings, tables, fenced blocks, what stands before the first speaker",
)
