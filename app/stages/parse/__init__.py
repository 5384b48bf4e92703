"""Parse: bytes of one file to its canonical transcript, whatever shape it has."""

import re

from app.domain.transcript import ParsedTranscript, render_canonical
from app.errors import NotSpeech, TooLarge, UnreadableFile

from .binary import refuse_binary
from .encoding import MAX_BYTES, decode, refuse_large
from .registry import OPENERS, READERS, choose_reader
from .source import MAX_CHARACTERS, Opened, Opener, Reader, Reading, Source
from .wording import SUPPORTED

__all__ = ["MAX_BYTES", "OPENERS", "READERS", "Opener", "Reader", "Reading", "Source", "decode", "parse", "refuse_recording"]

_SOUND = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\*[^*]*\*|♪[^♪]*♪?")
"""What captions note in place of speech: [Music], (laughter), *coughs*."""


def parse(data: bytes, file_name: str) -> ParsedTranscript:
    """Read one file, its shape told by its content; `file_name` is used in messages only.

    Raises `TooLarge`, `NotSpeech` or `UnreadableFile` with a message that names the file, what was found and the way out.
    """
    try:
        return _parse(data)
    except UnreadableFile as error:
        raise type(error)(f"{file_name}: {error.message}") from error


def refuse_recording(head: bytes, file_name: str) -> None:
    """Raise what `parse` would where the first bytes of a file show that it is no text: a recording, a document, an archive."""
    try:
        refuse_binary(head)
    except UnreadableFile as error:
        raise type(error)(f"{file_name}: {error.message}") from error


def _parse(data: bytes) -> ParsedTranscript:
    opened, opener = _open(data)
    source = Source(opened.text, opened.rows)
    reader = choose_reader(source)
    reading = reader.read(source)
    if sum(len(utterance.text) for utterance in reading.utterances) > MAX_CHARACTERS:
        raise TooLarge(f"the file holds more than {MAX_CHARACTERS:,} characters of speech; split it into one file an interview")
    canonical = render_canonical(reading.utterances)
    shape, version = (f"{opener.shape}-{reader.shape}", f"{opener.version}+{reader.version}") if opener else (reader.shape, reader.version)
    if not any(map(str.isalpha, _SOUND.sub("", canonical.text))):
        raise NotSpeech(f"the file has the shape “{shape}” but holds no spoken word; check the export, {SUPPORTED}")
    return ParsedTranscript(shape, version, canonical, (*opened.warnings, *reading.warnings), {**opened.about, **reading.about})


def _open(data: bytes) -> tuple[Opened, Opener | None]:
    """The text and tables in a file, by the opener of its container; a file that is text itself needs none."""
    refuse_large(data)
    opener = next((o for o in OPENERS if o.matches(data)), None)
    if opener:
        return opener.open(data), opener
    text, warnings = decode(data)
    return Opened(text, warnings=warnings), None
