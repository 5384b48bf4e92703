"""Text and Markdown with labels in the line: `Name: words`, `[00:01:23] Name: words`, `**Name:** words`, `MEL: words`, `P01: words`."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .labels import Label, inline_label
from .names import Sightings, choose_names, could_be_label, fold, looks_like_name, recurring
from .paragraphs import assemble, starts_paragraph
from .prepared import prepare
from .source import Reader, Reading, Source
from .wording import unread_warning

_FIELD = re.compile(
    r"(?:title|date|time|location|place|duration|attendees|participants|present|recorded|recording|transcribed|transcriber|file|project|"
    r"study|subject|language|keywords|licen[cs]e|url|source|format|interview(?: id| number| date)?|participant id|session|version|persona|"
    r"segment|company|job title|industry|age|gender|cohort|datum|titel|dauer|sprache|fecha|título|duración|segmento|titre|durée|titolo)"
    r"(?: by| at| on| date)?\W{0,4}[:：]|"
    r"participant\W{0,4}[:：]\W{0,4}[A-Z]{1,3}[-_ ]?\d{1,4}\W{0,4}$",
    re.IGNORECASE,
)
_LONGEST_HEAD, _LOOKED_AT = 15, 200
_MIN_LABELS = 2
_MIN_COVERAGE, _MIN_COVERAGE_ALONE = 0.05, 0.3
_BASE, _PER_COVERAGE = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class _Labelled:
    """Accepted labels by line index, where speech starts, the share of paragraphs they cover, and lines with labels that are not."""

    labels: Mapping[int, Label]
    first: int
    coverage: float
    unread: tuple[int, ...]


def _find(whole: Source) -> _Labelled | None:
    source = whole.once(prepare).source
    starts = frozenset(starts_paragraph(source))
    possible = {i: label for i in source.filled if (label := inline_label(source.lines[i]))}
    for i in _field_block(source):
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
    unread = tuple(i for i, label in possible.items() if i > first and i in starts and i not in labels and could_be_label(label.name))
    return _Labelled({i: label for i, label in labels.items() if i >= first}, first, len(labels) / units, unread)


def _names_of(possible: Mapping[int, Label], starts: frozenset[int]) -> Mapping[str, str]:
    """Names of the file, judged from the first one that recurs: what stands before is a preamble and says nothing about labels."""
    often = recurring(fold(label.name) for label in possible.values() if looks_like_name(label.name))
    first = next((i for i, label in possible.items() if fold(label.name) in often), min(starts, default=0))
    spoken = {i: label for i, label in possible.items() if i >= first}
    firm, weak = (Counter(label.name for i, label in spoken.items() if (i in starts) is at_start) for at_start in (True, False))
    units = {i for i in starts | spoken.keys() if i >= first}
    opens = first in spoken and looks_like_name(spoken[first].name)
    return choose_names(Sightings(firm, weak, len(units), opens))


def _field_block(source: Source) -> list[int]:
    """Lines of the first blocks that say `Date: …`, `Interviewer: …`: facts about the talk, not the talk."""
    fields: list[int] = []
    block: list[int] = []
    for i in (*source.filled, len(source.lines) + 1):
        if block and i != block[-1] + 1:
            at = [n for n, j in enumerate(block[:_LONGEST_HEAD]) if _FIELD.match(source.lines[j][:_LOOKED_AT].strip("*_#- \t"))]
            if at:
                whole = len(block) <= _LONGEST_HEAD and block[-1] != source.filled[-1]
                fields += block if whole else block[: at[-1] + 1]
            elif any(inline_label(source.lines[j]) for j in block):
                return fields
            block = []
        block.append(i)
    return fields


def _detect(source: Source) -> float:
    found = source.once(_find)
    return _BASE + _PER_COVERAGE * min(1.0, found.coverage) if found else 0.0


def _read(source: Source) -> Reading:
    found = source.once(_find)
    if not found:
        return assemble(source, {})
    reading = assemble(source, found.labels, found.first)
    unread = (unread_warning([i + 1 for i in found.unread]),) if found.unread else ()
    return replace(reading, warnings=(*reading.warnings, *unread))


READER = Reader(
    "inline",
    "inline/2",
    _detect,
    _read,
    title="Text, Markdown: labels in the line",
    reads="`Name: words`, `[00:01:23] Name: words`, `**Name:** words`, `MEL: words`, `P01: words`, `12 Name: words`",
    loses="headings, tables, fenced blocks, what stands before the first speaker, notes and summaries beside the transcript",
)
