"""Who speaks in captions without voice spans: labels in the words, or marks where the speaker changes."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .cue_pieces import Piece, timed
from .cues import Cue
from .labels import Label, bracketed_label, inline_label, label_behind
from .markup import plain_words
from .names import CLEAR_COVERAGE, Sightings, choose_names, fold, is_sound, looks_like_name, suspects
from .wording import count_of, unread_warning, were

_MIN_COVERAGE = 0.03
_EARLY = 0.2
_EARLY_CUES = 10
_MIN_LABELS = 2
_MIN_BEHIND = 0.5
_MIN_CHANGES = 2
_CHEVRONS = re.compile(r"(?:^|\s)>>+\s*")
_CHEVRON = re.compile(r"(?:^|\s)>>+(?=[\s\w\"“'‘¿¡\[(-]|$)")
_DASH = re.compile(r"[-–—]\s?(?=\w|[\"“'‘¿¡\[(])")
_SHORT_DASH = re.compile(r"[-–]\s?(?=\w|[\"“'‘¿¡\[(])")


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line of a cue begins in its words, and the label it could carry; `wrapped` is one cut by the line's end.

    `mark` is the length of a sign at its start that says that somebody else speaks.
    """

    begin: int
    label: Label | None = None
    wrapped: Label | None = None
    mark: int = 0


def by_label(cues: Sequence[Cue]) -> tuple[list[Piece], list[str]]:
    """Pieces and warnings: by `Name: words`, `[Name] words`, `words (Name)`, or else by `>>` and dashes alone."""
    texts = [plain_words("\n".join(cue.lines)).strip("\n") for cue in cues]
    chevrons = _uses_chevrons(texts)
    if chevrons:
        texts = [_CHEVRONS.sub("\n>> ", text).strip("\n") if ">>" in text else text for text in texts]
    lines = [_lines_of(text, inline_label, chevrons=chevrons) for text in texts]
    names = _choose(_filled(texts, lines), inline=True)
    if names:
        unread = _unread(cues, lines, names)
        return list(_cut_all(cues, texts, lines, names)), unread
    if chevrons or any("[" in text or "(" in text for text in texts):
        lines = [_lines_of(text, bracketed_label, chevrons=chevrons) for text in texts]
        names = _choose(_filled(texts, lines), inline=False)
    if names or chevrons:
        return list(_cut_all(cues, texts, lines, names)), []
    if behind := _by_label_behind(cues, texts):
        return behind
    return list(_cut_all(cues, texts, _by_dash(texts), {})), []


def _filled(texts: Sequence[str], lines: Sequence[Sequence[_Line]]) -> list[Sequence[_Line]]:
    return [cue_lines for text, cue_lines in zip(texts, lines, strict=True) if text.strip()]


def _uses_chevrons(texts: Sequence[str]) -> bool:
    """Whether `>>` says, again and again, that somebody else speaks."""
    return sum(1 for text in texts if ">>" in text and _CHEVRON.search(text)) >= _MIN_CHANGES


def _lines_of(words: str, find: Callable[[str], Label | None], *, chevrons: bool) -> list[_Line]:
    lines, begin = [], 0
    split = words.split("\n")
    for line in split:
        mark = _CHEVRONS.match(line) if chevrons and ">>" in line else None
        lines.append(_Line(begin, find(line), None, mark.end() if mark else 0))
        begin += len(line) + 1
    if len(split) > 1 and find is inline_label and lines[0].label is None:
        lines[0] = replace(lines[0], wrapped=inline_label(words.replace("\n", " ")))
    return lines


def _by_dash(texts: Sequence[str]) -> list[list[_Line]]:
    """Lines that open with a dash, where a cue holds two of them: the habit of subtitles for two people in one cue."""
    if not any(sum(1 for line in text.split("\n") if _DASH.match(line)) > 1 for text in texts if "\n" in text):
        return [[] for _ in texts]
    found = []
    for text in texts:
        lines, begin = [], 0
        split = text.split("\n")
        dash = _DASH if sum(1 for line in split if _DASH.match(line)) > 1 else _SHORT_DASH
        for line in split:
            mark = dash.match(line)
            lines.append(_Line(begin, mark=mark.end() if mark else 0))
            begin += len(line) + 1
        found.append(lines)
    return found


def _cut_all(cues: Sequence[Cue], texts: Sequence[str], lines: Sequence[Sequence[_Line]], names: Mapping[str, str]) -> Iterator[Piece]:
    for cue, text, cue_lines in zip(cues, texts, lines, strict=True):
        said: list[tuple[str | None, str]] = []
        changes: list[bool] = []
        voice: str | None = None
        changed, begin = False, 0
        for line in (*cue_lines, _Line(len(text), mark=1)):
            # a name that two lines share must be known from elsewhere: "Yes" above "Anna: no" is nobody
            label = line.label or line.wrapped
            name = names.get(fold(label.name)) if label else None
            if line.begin < begin or not (name or line.mark):
                continue
            words = text[begin : line.begin]
            if voice or changed or words.strip():
                said.append((voice, words))
                changes.append(changed)
            voice, changed = name, not name
            begin = line.begin + (label.words_at if label and name else line.mark)
        yield from timed(cue, said, changes)


def _choose(filled: Sequence[Sequence[_Line]], *, inline: bool) -> Mapping[str, str]:
    """Names of the file, or none: labels must be many enough and begin early, or they are speech with a colon in it."""
    firm: Counter[str] = Counter()
    weak: Counter[str] = Counter()
    labelled: list[tuple[int, str]] = []
    for at, cue_lines in enumerate(filled):
        for line in cue_lines:
            label = line.label
            if label and (inline or (looks_like_name(label.name) and not is_sound(label.name))):
                (weak if line.begin and not line.mark else firm)[label.name] += 1
                labelled.append((at, label.name))
    if not labelled:
        return {}
    opens = labelled[0][0] == 0 and looks_like_name(labelled[0][1])
    names = choose_names(Sightings(firm, weak, len(filled), opens, tuple(name for _, name in labelled)))
    at_cues = [at for at, name in labelled if fold(name) in names]
    enough = len(at_cues) >= max(_MIN_LABELS, _MIN_COVERAGE * len(filled))
    early = bool(at_cues) and at_cues[0] <= max(_EARLY_CUES, _EARLY * len(filled))
    alone = len(names) == 1 and at_cues[:1] != [0] and len(at_cues) < CLEAR_COVERAGE * len(filled)
    return names if enough and early and not alone else {}


def _unread(cues: Sequence[Cue], lines: Sequence[Sequence[_Line]], names: Mapping[str, str]) -> list[str]:
    """A warning where a cue opens with what may be a label that is not read as one."""
    opening = [
        (cue.line + 1, label.name)
        for cue, cue_lines in zip(cues, lines, strict=True)
        if (label := cue_lines[0].label) and fold(label.name) not in names
    ]
    at = suspects(opening)
    return [unread_warning(at)] if at else []


def _by_label_behind(cues: Sequence[Cue], texts: Sequence[str]) -> tuple[list[Piece], list[str]] | None:
    """`words (Name)`: a cue without a name belongs to the next one that has it; None where the file does not use such labels."""
    labels = [label_behind(text) if text.endswith((")", "]", " ")) else None for text in texts]
    counts = Counter(label.name for label in labels if label and looks_like_name(label.name) and not is_sound(label.name))
    filled = sum(1 for text in texts if text.strip())
    names = choose_names(Sightings(counts, Counter(), filled, opens=False))
    if len(names) < _MIN_LABELS or sum(n for name, n in counts.items() if fold(name) in names) < _MIN_BEHIND * filled:
        return None
    pieces: list[Piece] = []
    given, name = 0, None
    for cue, text, label in reversed(list(zip(cues, texts, labels, strict=True))):
        own = names.get(fold(label.name)) if label else None
        name = own or name
        given += not own and bool(text.strip())
        pieces.append(Piece(name, text[: label.words_at] if label and own else text, cue.start_ms, cue.end_ms, changed=name is None))
    found = f"{count_of(given, 'cue')} without a name {were(given)} given to the name that follows: names stand behind the words here"
    return pieces[::-1], [found] if given else []
