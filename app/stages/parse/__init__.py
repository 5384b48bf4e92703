"""Parse: bytes of one file to its canonical transcript, whatever shape it has."""

import re

from app.domain.transcript import ParsedTranscript, render_canonical
from app.errors import NotSpeech, UnreadableFile

from .binary import refuse_binary
from .encoding import MAX_BYTES, decode
from .registry import READERS, choose_reader
from .source import Reader, Reading, Source
from .wording import SUPPORTED

__all__ = ["MAX_BYTES", "READERS", "Reader", "Reading", "Source", "decode", "parse", "refuse_recording"]

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
    text, warnings = decode(data)
    source = Source(text)
    reader = choose_reader(source)
    reading = reader.read(source)
    canonical = render_canonical(reading.utterances)
    if not any(map(str.isalpha, _SOUND.sub("", canonical.text))):
        raise NotSpeech(f"the file has the shape “{reader.shape}” but holds no spoken word; check the export, {SUPPORTED}")
    return ParsedTranscript(reader.shape, reader.version, canonical, (*warnings, *reading.warnings))
