"""Prose without names: one unnamed speaker, said aloud."""

from dataclasses import replace

from app.errors import NotSpeech, TooLarge

from .cue_speech import NAMELESS_WARNING
from .front_matter import facts_above
from .paragraphs import assemble
from .prepared import MAX_TEXT_LINES, prepare
from .source import MAX_CHARACTERS, Reader, Reading, Source
from .wording import SUPPORTED

_LAST_RESORT = 0.2
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
    return replace(reading, warnings=(*reading.warnings, NAMELESS_WARNING)) if reading.utterances else reading


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
