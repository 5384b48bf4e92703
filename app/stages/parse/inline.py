"""Text and Markdown with labels in the line: `Name: words`, `[00:01:23] Name: words`, `**Name:** words`, `MEL: words`, `P01: words`."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .labels import Label, header_label, inline_label
from .names import Sightings, choose_names, could_recur, fold, looks_like_name, recurring, suspects
from .paragraphs import assemble, starts_paragraph
from .prepared import prepare
from .source import Reader, Reading, Source
from .styles import names_before, question_label, with_other_styles
from .within import labels_within
from .wording import before_warning, unread_warning

_FIELD = re.compile(
    r"(?:title|date|time|location|place|duration|attendees|participants|present|recorded|recording|transcribed|transcriber|file|project|"
    r"study|subject|language|keywords|licen[cs]e|url|source|format|interview(?: id| number| date)?|participant id|session|version|persona|"
    r"segment|company|job title|industry|age|gender|cohort|datum|titel|dauer|sprache|fecha|título|duración|segmento|titre|durée|titolo)"
    r"(?: by| at| on| date)?\W{0,4}[:：]|"
    r"participant\W{0,4}[:：]\W{0,4}[A-Z]{1,3}[-_ ]?\d{1,4}\W{0,4}$",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?:#{1,6} )?(ChatGPT|You|Claude|Gemini|Copilot|Perplexity|Grok|Le Chat|DeepSeek) said")
_LONGEST_HEAD, _LOOKED_AT = 15, 200
_AGAIN = 3
_FEW_LINES = 3
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
    names: tuple[str, ...] = ()


def _find(whole: Source) -> _Labelled | None:
    source = whole.once(prepare).source
    starts = frozenset(starts_paragraph(source))
    possible = {i: label for i in source.filled if (label := _label(source.lines[i]))}
    for i in _field_block(source, Counter(fold(label.name) for label in possible.values())):
        possible.pop(i, None)
    units = len(starts | possible.keys())
    names = _names_of(possible, starts)
    labels = {i: replace(label, name=names[fold(label.name)]) for i, label in possible.items() if fold(label.name) in names}
    # one name alone, now and then, is more often "London: …" in a text than a speaker
    enough = _MIN_COVERAGE if len(names) > 1 else _MIN_COVERAGE_ALONE
    if len(labels) < _MIN_LABELS or len(labels) < enough * units:
        return _in_few_lines(source)
    often = recurring(label.name for label in labels.values())
    first = next((i for i, label in labels.items() if label.name in often), min(labels))
    labels = dict(with_other_styles(source, {i: label for i, label in labels.items() if i >= first}, (header_label, question_label)))
    first = min(labels)
    unread = tuple(suspects([(i, label.name) for i, label in possible.items() if i > first and i in starts and i not in labels]))
    return _Labelled(labels, first, len(labels) / units, unread)


def _label(line: str) -> Label | None:
    """`Name: words`, and `ChatGPT said:` alone on its line, as a chat with a machine is copied."""
    label = inline_label(line)
    said = _SAID.fullmatch(label.name) if label and label.words_at >= len(line.rstrip()) else None
    return replace(label, name=said[1]) if label and said else label


def _in_few_lines(source: Source) -> _Labelled | None:
    """A talk written into one paragraph: `Speaker 1: … Speaker 2: … Speaker 1: …`."""
    if not 0 < len(source.filled) <= _FEW_LINES:
        return None
    seen = [name for i in source.filled for name in labels_within(source.lines[i])]
    names = choose_names(Sightings(Counter(seen), Counter(), len(seen), opens=True, order=tuple(seen)))
    opening = inline_label(source.lines[source.filled[0]])
    if len(names) < _MIN_LABELS or not recurring(map(fold, seen)) or opening is None or fold(opening.name) not in names:
        return None
    labels = {i: label for i in source.filled if (label := inline_label(source.lines[i])) and fold(label.name) in names}
    return _Labelled(labels, source.filled[0], 1.0, (), tuple(names.values()))


def _names_of(possible: Mapping[int, Label], starts: frozenset[int]) -> Mapping[str, str]:
    """Names of the file, judged from the first one that recurs: what stands before is a preamble and says nothing about labels."""
    times = Counter(fold(label.name) for label in possible.values())
    again = {label.name for label in possible.values() if times[fold(label.name)] > 1}
    often = {fold(name) for name in again if looks_like_name(name) or (times[fold(name)] >= _AGAIN and could_recur(name))}
    first = next((i for i, label in possible.items() if fold(label.name) in often), min(starts, default=0))
    spoken = {i: label for i, label in possible.items() if i >= first}
    firm, weak = (Counter(label.name for i, label in spoken.items() if (i in starts) is at_start) for at_start in (True, False))
    units = {i for i in starts | spoken.keys() if i >= first}
    opens = first in spoken and looks_like_name(spoken[first].name)
    return choose_names(Sightings(firm, weak, len(units), opens, tuple(label.name for label in spoken.values())))


def _field_block(source: Source, times: Counter[str]) -> list[int]:
    """Lines of the first blocks that say `Date: …`, `Interviewer: …`: facts about the talk, not the talk.

    A label that comes again and again (`times`), as `Subject: …` may, is no such fact.
    """

    def is_field(line: str) -> bool:
        label = inline_label(line)
        again = label is not None and times[fold(label.name)] >= _AGAIN
        return not again and bool(_FIELD.match(line[:_LOOKED_AT].strip("*_#- \t")))

    fields: list[int] = []
    block: list[int] = []
    for i in (*source.filled, len(source.lines) + 1):
        if block and i != block[-1] + 1:
            at = [n for n, j in enumerate(block[:_LONGEST_HEAD]) if is_field(source.lines[j])]
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
    reading = assemble(source, found.labels, found.first, found.names)
    unread: tuple[str, ...] = (unread_warning([i + 1 for i in found.unread]),) if found.unread else ()
    fields = set(_field_block(view := source.once(prepare).source, Counter()))
    unread += before_warning([i + 1 for i in names_before(view, found.first) if i not in fields])
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
