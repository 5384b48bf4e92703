"""The registry of shapes, and the choice among them by content."""

from app.errors import NotSpeech

from . import header, inline, plain, srt, vtt
from .refusals import REFUSALS
from .source import Reader, Source

READERS: tuple[Reader, ...] = (vtt.READER, srt.READER, header.READER, inline.READER, plain.READER)


def choose_reader(source: Source) -> Reader:
    """The reader most sure of a file, the earlier in the registry where two are; raises `NotSpeech` where a refusal is surer."""
    confidences = [(reader.detect(source), reader) for reader in READERS]
    best, reader = max(confidences, key=lambda pair: pair[0])
    for refusal in REFUSALS:
        if refusal.detect(source) > best:
            raise NotSpeech(f"this looks like {refusal.name}; {refusal.way_out}")
    return reader
