"""Prose without names: one unnamed speaker, said aloud."""

from collections import Counter
from dataclasses import replace

from app.errors import NotSpeech, TooLarge

from .cue_speech import NAMELESS_WARNING
from .front_matter import facts_above
from .labels import inline_label
from .names import could_recur, fold
from .paragraphs import assemble, starts_paragraph
from .prepared import MAX_TEXT_LINES, prepare
from .source import MAX_CHARACTERS, Reader, Reading, Source
from .wording import SUPPORTED, unread_warning

_LAST_RESORT = 0.2
_AGAIN = 3
_SAMPLE = 20_000
_MIN_JUDGED = 200
_LETTERS = 0.6
_BLANKS = 0.05


def _detect(_source: Source) -> float:
    return _LAST_RESORT


def _read(source: Source) -> Reading:
    if source.once(prepare).too_large:
        raise TooLarge(
            f"the file has more than {MAX_TEXT_LINES:,} lines or {MAX_CHARACTERS:,} characters of text, far more than an interview; "
            "split it into one file an interview"
        )
    if not _reads_as_speech(source.text[:_SAMPLE]):
        raise NotSpeech(f"this does not read like speech (mostly signs and numbers, or no blanks between words); {SUPPORTED}")
    reading = assemble(source, {}, _first(source))
    at = _labels_that_recur(source)
    unread = (unread_warning(at),) if at else ()
    return replace(reading, warnings=(*reading.warnings, NAMELESS_WARNING, *unread)) if reading.utterances else reading


def _labels_that_recur(source: Source) -> list[int]:
    """Numbers of the lines that open a paragraph with a word and a colon, again and again: perhaps speakers after all."""
    view = source.once(prepare).source
    opening = [(i + 1, label.name) for i in starts_paragraph(view) if (label := inline_label(view.lines[i]))]
    times = Counter(fold(name) for _, name in opening)
    return [at for at, name in opening if times[fold(name)] >= _AGAIN and could_recur(name)]


def _first(source: Source) -> int:
    """Index of the first line of speech: behind a block of fields such as `Participant: P3` that opens the file."""
    view = source.once(prepare).source
    for n, i in enumerate(view.filled):
        if not facts_above([view.lines[i]]):
            return i if n and i - 1 != view.filled[n - 1] else 0
    return 0


def _reads_as_speech(sample: str) -> bool:
    """Mostly letters, and in scripts with blanks a blank now and then; too short a text is given the benefit of the doubt."""
    visible = [c for c in sample if not c.isspace()]
    if len(visible) < _MIN_JUDGED:
        return True
    # combining vowel signs of many scripts are no letters to Python, so count whatever is beyond ASCII with them
    letters = sum(1 for c in visible if c.isalpha() or c > "\x7f")
    blanks = len(sample) - len(visible)
    latin = sum(1 for c in visible if c.isascii())
    return letters >= _LETTERS * len(visible) and (blanks >= _BLANKS * len(sample) or latin < _LETTERS * len(visible))


READER = Reader(
    "plain",
    "plain/2",
    _detect,
    _read,
    title="Text without names",
    reads="every line, as one unnamed speaker",
    loses="who said what",
)
