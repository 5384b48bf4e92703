"""Text and Markdown with labels in the line: `Name: words`, `[00:01:23] Name: words`, `**Name:** words`, `MEL: words`."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .labels import Label, inline_label
from .names import Sightings, choose_names, fold, looks_like_name, recurring
from .paragraphs import assemble, starts_paragraph
from .source import Reader, Reading, Source

_FIELD = re.compile(
    r"(?:title|date|time|location|place|duration|attendees|participants|present|recorded|recording|transcribed|transcriber|file|project|"
    r"study|subject|language|keywords|licen[cs]e|url|source|format|interview(?: id| number| date)?|participant id|session|version)"
    r"(?: by| at| on| date)?\W{0,4}[:：]",
    re.IGNORECASE,
)
_MIN_LABELS = 2
_MIN_COVERAGE, _MIN_COVERAGE_ALONE = 0.05, 0.3
_BASE, _PER_COVERAGE = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class _Labelled:
    """Accepted labels by line index, where speech starts, and the share of paragraphs they cover."""

    labels: Mapping[int, Label]
    first: int
    coverage: float


def _find(source: Source) -> _Labelled | None:
    starts = frozenset(starts_paragraph(source))
    begin = _front_matter_end(source)
    possible = {i: label for i in source.filled if i >= begin and (label := inline_label(source.lines[i]))}
    for i in _field_block(source, begin):
        possible.pop(i, None)
    units = len(starts | possible.keys())
    names = _names_of(possible, starts)
    labels = {i: replace(label, name=names[fold(label.name)]) for i, label in possible.items() if fold(label.name) in names}
    # one name alone, now and then, is more often "London: …" in a text than a speaker
    enough = _MIN_COVERAGE if len(names) > 1 else _MIN_COVERAGE_ALONE
    if len(labels) < _MIN_LABELS or len(labels) < enough * units:
        return None
    often = recurring(label.name for label in labels.values())
    first = next((i for i, label in labels.items() if label.name in often), min(labels))
    return _Labelled({i: label for i, label in labels.items() if i >= first}, first, len(labels) / units)


def _names_of(possible: Mapping[int, Label], starts: frozenset[int]) -> Mapping[str, str]:
    """Names of the file, judged from the first one that recurs: what stands before is a preamble and says nothing about labels."""
    often = recurring(fold(label.name) for label in possible.values() if looks_like_name(label.name))
    first = next((i for i, label in possible.items() if fold(label.name) in often), min(starts, default=0))
    spoken = {i: label for i, label in possible.items() if i >= first}
    firm, weak = (Counter(label.name for i, label in spoken.items() if (i in starts) is at_start) for at_start in (True, False))
    units = {i for i in starts | spoken.keys() if i >= first}
    opens = first in spoken and looks_like_name(spoken[first].name)
    return choose_names(Sightings(firm, weak, len(units), opens))


def _front_matter_end(source: Source) -> int:
    """Index after a YAML block `--- … ---` at the top; 0 where there is none."""
    if not source.filled or source.lines[source.filled[0]].strip() != "---":
        return 0
    return next((i + 1 for i in source.filled[1:] if source.lines[i].strip() in {"---", "..."}), 0)


def _field_block(source: Source, begin: int) -> list[int]:
    """Lines of the first blocks that say `Date: …`, `Interviewer: …`: facts about the talk, not the talk."""
    fields: list[int] = []
    block: list[int] = []
    for i in source.filled:
        if i < begin:
            continue
        if block and i != block[-1] + 1:
            if _has_field(source, block):
                fields += block
            elif any(inline_label(source.lines[j]) for j in block):
                return fields
            block = []
        block.append(i)
    return fields


def _has_field(source: Source, block: list[int]) -> bool:
    return any(_FIELD.match(source.lines[i].strip("*_#- \t")) for i in block)


def _detect(source: Source) -> float:
    found = _find(source)
    return _BASE + _PER_COVERAGE * min(1.0, found.coverage) if found else 0.0


def _read(source: Source) -> Reading:
    found = _find(source)
    return assemble(source, found.labels, found.first) if found else assemble(source, {})


READER = Reader(
    "inline",
    "inline/1",
    _detect,
    _read,
    title="Text, Markdown: labels in the line",
    reads="`Name: words`, `[00:01:23] Name: words`, `**Name:** words`, `MEL: words`",
    loses="headings, tables, fenced blocks, what stands before the first speaker",
)
