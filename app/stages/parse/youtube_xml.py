"""YouTube's captions as XML: `<transcript><text start dur>` and `<timedtext><body><p t d>`."""

import html
import re
from collections.abc import Mapping

from app.errors import TooLarge, UnreadableFile

from .cue_speech import speech_of
from .cues import MAX_CUES, Cue, CueFile
from .source import Reader, Reading, Source
from .xml_stream import read_xml, root_of

_FIRST = re.compile(r"<transcript>\s{0,20}<text\s+start=")
_HEAD = 2000
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")


class _Captions:
    """Collects captions; times of `text` are in seconds, those of `p` in milliseconds."""

    def __init__(self) -> None:
        self.file = CueFile()
        self.words: list[str] | None = None

    def open(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        if tag == "text":
            self._begin(line, _ms(attributes.get("start"), 1000), _ms(attributes.get("dur"), 1000))
        elif tag == "p":
            self._begin(line, _ms(attributes.get("t"), 1), _ms(attributes.get("d"), 1))
        elif tag == "br":
            self.text("\n")

    def close(self, tag: str) -> None:
        if tag in {"text", "p"} and self.words is not None:
            # entities are escaped twice here, once as XML and once before
            self.file.cues[-1].lines = html.unescape("".join(self.words)).split("\n")
            self.words = None

    def text(self, text: str) -> None:
        if self.words is not None:
            self.words.append(text)

    def _begin(self, line: int, start_ms: int | None, length_ms: int | None) -> None:
        if len(self.file.cues) >= MAX_CUES:
            raise TooLarge(f"the file has more than {MAX_CUES:,} captions, far more than an interview; split it")
        end_ms = None if start_ms is None or length_ms is None else start_ms + length_ms
        self.file.cues.append(Cue(line, None if end_ms is None else start_ms, end_ms))
        self.words = []


def _ms(text: str | None, unit_ms: int) -> int | None:
    return round(float(text) * unit_ms) if text and _NUMBER.fullmatch(text) else None


def _detect(source: Source) -> float:
    root = root_of(source.text)
    return 1.0 if root == "timedtext" or (root == "transcript" and _FIRST.search(source.text[:_HEAD])) else 0.0


def _read(source: Source) -> Reading:
    captions = _Captions()
    broken_at = read_xml(source.text.lstrip("\ufeff \n\t"), captions)
    if broken_at is not None and not captions.file.cues:
        raise UnreadableFile(f"the XML of these captions is broken at line {broken_at}; export them again, as WebVTT or SRT")
    captions.close("p")
    reading = speech_of(captions.file)
    found = [f"the XML is broken at line {broken_at}: what follows is lost; export the captions again if you can"] if broken_at else []
    return Reading(reading.utterances, (*found, *reading.warnings))


READER = Reader(
    "youtube-xml",
    "youtube-xml/1",
    _detect,
    _read,
    title="YouTube captions (XML)",
    reads="captions of `<transcript>` and `<timedtext>`; speakers where they are written into them",
    loses="times of single words, styles, positions",
)
