"""Prose without names: one unnamed speaker, said aloud."""

from app.errors import NotSpeech

from .cue_speech import NAMELESS_WARNING
from .paragraphs import assemble
from .source import Reader, Reading, Source
from .wording import SUPPORTED

_LAST_RESORT = 0.2
_SAMPLE = 20_000
_MIN_JUDGED = 200
_LETTERS = 0.6
_BLANKS = 0.05


def _detect(_source: Source) -> float:
    return _LAST_RESORT


def _read(source: Source) -> Reading:
    if not _reads_as_speech(source.text[:_SAMPLE]):
        raise NotSpeech(f"this does not read like speech (mostly signs and numbers, or no blanks between words); {SUPPORTED}")
    reading = assemble(source, {})
    return Reading(reading.utterances, (*reading.warnings, NAMELESS_WARNING) if reading.utterances else reading.warnings)


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
    "plain/1",
    _detect,
    _read,
    title="Text without names",
    reads="every line, as one unnamed speaker",
    loses="who said what",
)
