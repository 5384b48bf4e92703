"""Documents in which only a part is speech: notes, a summary or a recap, and the transcript under its own heading."""

import re
from collections import Counter
from dataclasses import dataclass

from .labels import header_label, inline_label
from .names import fold, looks_like_name
from .section_words import NOTES, STRONG, TITLES, TRANSCRIPT, UNTIL_BLANK
from .source import Source

_LONGEST = 90
_MARKDOWN = re.compile(r"\s{0,3}(#{1,6})\s{0,3}")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LIST = re.compile(r"\s*(?:[-*+•·–]\s|\d{1,3}[.)]\s)")
_PLAIN = 7
"""The level of a heading that is not marked as one."""
_FEW_LABELS, _ENOUGH, _RECURS = 2, 0.3, 3
_SOME, _HARDLY = 0.3, 0.12


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names what stands below it; `kind` is "transcript", "notes", "list" (ends with its paragraph) or "other"."""

    at: int
    kind: str
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Sections:
    """Indexes of the lines that are no speech, titles of what was left out, and whether there is nothing but notes."""

    left_out: frozenset[int] = frozenset()
    titles: tuple[str, ...] = ()
    notes_only: bool = False


def sections_of(source: Source) -> Sections:
    """Which lines of a document are speech: where it has a heading "Transcript", those under it; else all, or none of a mere summary."""
    headings = [heading for i in source.filled if (heading := _heading(source, i))]
    if not any(heading.kind != "other" for heading in headings):
        return Sections()
    labelled = _labelled(source)
    if not any(heading.kind == "transcript" for heading in headings):
        return Sections(notes_only=_is_notes(source, headings, labelled))
    speech, titles = _walk(source, headings, labelled)
    letters = sum(len(source.lines[i]) for i in speech)
    if sum(1 for i in labelled if i in speech) < _FEW_LABELS and letters < _ENOUGH * len(source.text):
        whole = not labelled and bool(STRONG & {heading.title for heading in headings})
        return Sections(notes_only=whole and not letters)
    return Sections(frozenset(i for i in source.filled if i not in speech), tuple(dict.fromkeys(titles)))


def _heading(source: Source, at: int) -> Heading | None:
    line = source.lines[at]
    if len(line) > _LONGEST:
        return None
    mark = _MARKDOWN.match(line)
    title = " ".join(_EDGES.sub("", line).casefold().split())
    level = len(mark[1]) if mark else _PLAIN
    if TRANSCRIPT.fullmatch(title) and not line.rstrip().endswith((".", "?", "!", ",")):
        return Heading(at, "transcript", level, title)
    if title in UNTIL_BLANK:
        return Heading(at, "list", level, title)
    if title in NOTES and not line.rstrip().endswith((".", "?", "!", ",")):
        return Heading(at, "notes", level, title)
    return Heading(at, "other", level, title) if mark else None


def _labelled(source: Source) -> frozenset[int]:
    """Lines that open with a name that recurs, as those of a talk do; items of a list are none."""
    found: dict[int, str] = {}
    for i in source.filled:
        line = source.lines[i]
        label = None if _LIST.match(line) else header_label(line) or inline_label(line)
        if label and looks_like_name(label.name):
            found[i] = fold(label.name)
    often = Counter(found.values())
    return frozenset(i for i, name in found.items() if often[name] >= _RECURS)


def _is_notes(source: Source, headings: list[Heading], labelled: frozenset[int]) -> bool:
    """Whether headings say that this is a summary, and hardly a line is said by anybody."""
    titles = {heading.title for heading in headings if heading.kind == "notes"}
    said = bool(titles & STRONG) and (len(titles) > 1 or bool(titles & TITLES))
    return said and len(labelled) <= _HARDLY * len(source.filled)


def _walk(source: Source, headings: list[Heading], labelled: frozenset[int]) -> tuple[set[int], list[str]]:
    """Lines under a heading "Transcript", and the titles of the other parts."""
    last = max(heading.at for heading in headings if heading.kind == "transcript")
    speech: set[int] = set()
    titles: list[str] = []
    in_speech, notes_level = False, 0
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        end = following.at if following else len(source.lines)
        body = [i for i in range(heading.at + 1, end) if source.lines[i].strip()]
        said = sum(1 for i in body if i in labelled)
        few = said <= (_SOME if heading.level < _PLAIN else _HARDLY) * len(labelled)
        if heading.kind == "transcript":
            in_speech, notes_level = True, 0
        elif heading.kind == "notes" and (heading.at < last or few):
            in_speech, notes_level = False, heading.level
            titles.append(heading.title)
        elif heading.kind == "list":
            body = _behind_paragraph(source, heading.at, body)
        elif notes_level and heading.level <= notes_level and heading.at > last:
            in_speech, notes_level = True, 0
        if in_speech:
            speech.update(body)
            if heading.kind in {"other", "notes"}:  # a heading that names a speaker, or a line that somebody says
                speech.add(heading.at)
    return speech, titles


def _behind_paragraph(source: Source, heading: int, body: list[int]) -> list[int]:
    """What stands behind the paragraph under a heading."""
    first = next(iter(body), heading)
    blank = next((i for i in range(first, len(source.lines)) if not source.lines[i].strip()), len(source.lines))
    return [i for i in body if i > blank]
