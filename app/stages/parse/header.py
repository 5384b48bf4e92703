"""Text and Markdown with header lines (Otter, Rev): `Name  0:03`, `Name (00:00:05):`, `### Name`, `Name`, and the words below."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from .labels import Label, header_label, heading_label, inline_label, lone_time
from .name_lines import name_lines
from .names import could_recur, fold, is_sound, looks_like_name, names_person, recurring
from .paragraphs import assemble
from .prepared import prepare
from .source import Reader, Reading, Source
from .styles import names_before, question_label, with_other_styles
from .wording import before_warning, unread_warning

_BASE, _PER_COVERAGE = 0.6, 0.35
_MIN_HEADERS = 2
_MIN_NAMED_HEADINGS = 3
_MIN_SHARE = 0.02
_IN_ORDER = 0.8
_OF_DAY = "times are those of the clock on the wall: they are counted from the first one"


def _find(whole: Source) -> Mapping[int, Label]:
    """Header lines by line index: with times, or else Markdown headings that recur, or names alone on their lines."""
    source = whole.once(prepare).source
    timed = {i: label for i in source.filled if (label := header_label(source.lines[i])) and could_recur(label.name)}
    often = recurring(fold(label.name) for label in timed.values())
    timed = {i: label for i, label in timed.items() if fold(label.name) in often or looks_like_name(label.name) or names_person(label.name)}
    if len(timed) >= _MIN_HEADERS and _run_forward(timed):
        return _with_repeated_names(source, _counted_from_first(timed))
    headings = {i: label for i in source.filled if (label := heading_label(source.lines[i])) and looks_like_name(label.name)}
    often = recurring(fold(label.name) for label in headings.values())
    headings = {i: label for i, label in headings.items() if fold(label.name) in often}
    return headings if len(headings) >= _MIN_NAMED_HEADINGS else name_lines(source)


def _counted_from_first(labels: Mapping[int, Label]) -> Mapping[int, Label]:
    """Times of the clock on the wall become times of the recording, which is taken to begin with the first."""
    if not all(label.of_day for label in labels.values()):
        return labels
    first = min(label.start_ms or 0 for label in labels.values())
    return {i: replace(label, start_ms=(label.start_ms or 0) - first) for i, label in labels.items()}


def _with_repeated_names(source: Source, labels: Mapping[int, Label]) -> Mapping[int, Label]:
    """Teams, copied from the page, writes a name on a line of its own too, above the one with the time: that is no speech."""
    found = dict(labels)
    for i, label in labels.items():
        for above in (i - 1, i - 2):
            if above >= 0 and above not in labels and fold(source.lines[above]) == fold(label.name):
                found[above] = Label(label.name, None, len(source.lines[above]))
    return dict(sorted(found.items()))


def _run_forward(labels: Mapping[int, Label]) -> bool:
    """Times of a talk do; those of an opening-hours list need not."""
    times = [label.start_ms or 0 for label in labels.values()]
    return sum(1 for a, b in pairwise(times) if a <= b) >= _IN_ORDER * (len(times) - 1)


def _detect(source: Source) -> float:
    labels = source.once(_find)
    source = source.once(prepare).source
    said = sum(1 for i in labels if _has_words_below(source, labels, i))
    if not labels or said < _MIN_HEADERS or len(labels) < _MIN_SHARE * len(source.filled):
        return 0.0
    return _BASE + _PER_COVERAGE * min(1.0, 2 * len(labels) / len(source.filled))


def _has_words_below(source: Source, labels: Mapping[int, Label], at: int) -> bool:
    lines = source.lines
    following = next((i for i in (at + 1, at + 2) if i < len(lines) and lines[i].strip() and lone_time(lines[i]) is None), None)
    return following is None or following not in labels


def _could_be_header(line: str) -> bool:
    """Whether a line that was not taken holds a short label and a time and nothing else."""
    label = header_label(line)
    return label is not None and could_recur(label.name) and not is_sound(label.name)


def _read(source: Source) -> Reading:
    labels = source.once(_find)
    often = recurring(fold(label.name) for label in labels.values())
    first = next((i for i, label in labels.items() if fold(label.name) in often), min(labels, default=0))
    view = source.once(prepare).source
    labels = with_other_styles(view, {i: label for i, label in labels.items() if i >= first}, (inline_label, question_label))
    first = min(labels, default=0)
    spelling: dict[str, str] = {}
    for label in labels.values():
        spelling.setdefault(fold(label.name), label.name)
    reading = assemble(source, {i: replace(label, name=spelling[fold(label.name)]) for i, label in labels.items() if i >= first}, first)
    missed = names_before(view, first)
    unread = [i + 1 for i in view.filled if i > first and i not in labels and _could_be_header(view.lines[i])]
    unread_too = (unread_warning(unread),) if unread else ()
    reading = replace(reading, warnings=(*reading.warnings, *unread_too, *before_warning([i + 1 for i in missed])))
    of_day = labels and all(label.of_day for label in labels.values() if label.start_ms is not None)
    return replace(reading, warnings=(*reading.warnings, _OF_DAY)) if of_day and any(label.of_day for label in labels.values()) else reading


READER = Reader(
    "header",
    "header/2",
    _detect,
    _read,
    title="Text, Markdown: header lines",
    reads="`Name  0:03`, `Name (00:00:05):`, `[0:03] Name`, `[Name] 10:15:04`, `### Name`, or `Name` alone on its line, the words below "
    "(Otter, Rev, Happy Scribe, Word, Google Meet, Zoom's closed captions)",
    loses="headings, tables, fenced blocks, what stands before the first speaker, notes and summaries beside the transcript",
)
