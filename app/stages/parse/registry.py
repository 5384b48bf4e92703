"""The registry of containers and shapes, and the choice among them by content."""

from app.errors import NotSpeech

from . import ass, header, inline, plain, sbv, set_apart, srt, table, ttml, vtt, youtube_xml
from .documents import docx, html, odt, pdf, rtf, xlsx
from .refusals import REFUSALS
from .source import Opener, Reader, Source
from .speech_json import JSON_READERS

OPENERS: tuple[Opener, ...] = (docx.OPENER, odt.OPENER, xlsx.OPENER, pdf.OPENER, rtf.OPENER, html.OPENER)
CAPTIONS: tuple[Reader, ...] = (vtt.READER, srt.READER, sbv.READER, ttml.READER, youtube_xml.READER, ass.READER)
READERS: tuple[Reader, ...] = (*JSON_READERS, *CAPTIONS, table.READER, header.READER, inline.READER, set_apart.READER, plain.READER)

_CERTAIN = 0.97


def choose_reader(source: Source) -> Reader:
    """The reader most sure of a file, the earlier in the registry where two are; raises `NotSpeech` where a refusal is surer."""
    best, chosen = 0.0, READERS[-1]
    for reader in READERS:
        confidence = reader.detect(source)
        if confidence > best:
            best, chosen = confidence, reader
        if best >= _CERTAIN:  # cue files are not looked at for labels and chat
            return chosen
    for refusal in REFUSALS:
        if refusal.detect(source) > best:
            raise NotSpeech(f"this looks like {refusal.name}; {refusal.way_out}")
    return chosen
