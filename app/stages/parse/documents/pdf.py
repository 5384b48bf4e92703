"""PDF documents: lines with their places on the page, by PDFium; how lines become paragraphs is decided in `pdf_lines`."""

import ctypes
import re
import threading
import zlib
from collections.abc import Callable
from typing import Any

from app.errors import TooLarge, UnreadableFile
from app.stages.parse.source import Opened, Opener
from app.stages.parse.wording import count_of, were

from .edge import opening
from .flow import Flow, titled
from .pdf_lines import Line, paragraphs, without_furniture

MAX_PAGES = 400
MAX_CHARACTERS = 3_000_000
MAX_LINES = 20_000
MAX_DRAWN_BYTES, MAX_STREAM_BYTES = 12_000_000, 1_500_000
"""Instructions that draw, unpacked, in all and at once: PDFium takes time by the one and memory by the other."""
MAX_FORMS_DRAWN = 20_000
"""Drawings may draw drawings: so many in all where each draws the next."""
MAX_OTHER_BYTES = 250_000_000
"""Pictures and fonts, unpacked."""
_START = b"%PDF-"
_LEAD_IN = 1024
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NOT_DRAWN = re.compile(
    rb"/Image\b|/Length1\b|/(?:Type1C|CIDFontType0C|OpenType)\b|/Type\s{0,4}/(?:XRef|ObjStm|Metadata|EmbeddedFile)|/FunctionType|/N\s{1,4}[134]\b"
)
_FORM = re.compile(rb"/Form\b|#")
_DRAWS = re.compile(rb"\bDo\b")
_DICTIONARY = 4000
MAX_STREAMS = 100_000
_NESTED_FILTERS = 4
_UNDECIDED = object()
_ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_CHUNK = 1 << 18
_BOLD_WEIGHT = 600
_LONGEST_NAME = 60
_HYPHEN_AT_LINE_END = "\ufffe"
"""What PDFium puts in place of a hyphen and the line end after it."""
_LINE_END = re.compile(f"(\r\n)|(?<={_HYPHEN_AT_LINE_END})")
_FONT_NAME = 128
_OBJECTS_LOOKED_AT = 1000
_NAMED_PAGES = 5
_ALONE = threading.Lock()
"""PDFium is not made for several threads at once."""


def _open(data: bytes) -> Opened:
    with opening("a PDF"):
        _refuse_bombs(data)
        with _ALONE:
            pages, pictures, title = _pages(data)
        empty = [number for number, lines in enumerate(pages, 1) if not lines]
        if len(empty) == len(pages):
            raise UnreadableFile(
                "it holds pictures of text; run text recognition (OCR) on it and upload the result"
                if pictures
                else "there is no text in it; export the transcript again as text or .docx"
            )
        kept, removed = without_furniture(pages)
        flow = Flow()
        for text, level, lead in paragraphs(kept):
            flow.words(text[:lead], bold=True)
            flow.words(text[lead:])
            flow.end_paragraph(level)
        return flow.opened(titled(title), _warnings(removed, empty, len(pages)))


def _warnings(removed: int, empty: list[int], pages: int) -> tuple[str, ...]:
    said = []
    if removed:
        said.append(f"{count_of(removed, 'line')} that recur on the pages (running heads, page numbers) {were(removed)} left out")
    if empty:
        named = ", ".join(map(str, empty[:_NAMED_PAGES])) + (" …" if len(empty) > _NAMED_PAGES else "")
        said.append(f"{len(empty)} of {count_of(pages, 'page')} hold no text (blank, or a picture): {named}")
    return tuple(said)


def _refuse_bombs(data: bytes) -> None:
    """Raise `TooLarge` where streams unpack to more than a transcript has; what they say of their length is not believed."""
    view, before, end, weighed = memoryview(data), 0, 0, _Weighed()
    for count, match in enumerate(_STREAM.finditer(data)):
        if count > MAX_STREAMS:
            raise _too_much()
        about = data[max(before, match.start() - _DICTIONARY) : match.start()]
        weighed.begin(about[about.rfind(b" obj") + 1 :])
        start = before = match.end()
        if end < start:
            end = data.find(b"endstream", start)
            end = end if end >= 0 else len(data)
        stream = _Inflating(_NESTED_FILTERS, weighed.take)
        for at in range(start, end, _CHUNK):
            if stream.ended:
                break
            stream.feed(view[at : min(at + _CHUNK, end)])
        if not stream.found:
            weighed.take(data[start : min(end, start + MAX_STREAM_BYTES + 1)])


class _Weighed:
    """What the streams of a document come to so far."""

    def __init__(self) -> None:
        self.drawn = self.other = self.size = 0
        self.forms = 1
        self.is_drawn = self.is_form = False
        self.draws = 0

    def begin(self, about: bytes) -> None:
        """The next stream, by its dictionary."""
        self.forms *= max(1, self.draws)
        self.is_drawn, self.is_form = not _NOT_DRAWN.search(about), bool(_FORM.search(about))
        self.size = self.draws = 0
        if self.forms > MAX_FORMS_DRAWN:
            raise _too_much()

    def take(self, piece: bytes) -> None:
        """What came out of the stream under way, at any of its filters."""
        self.other += len(piece)
        if self.is_drawn:
            self.drawn, self.size = self.drawn + len(piece), self.size + len(piece)
            if self.is_form:
                self.draws += len(_DRAWS.findall(piece))
        if self.drawn > MAX_DRAWN_BYTES or self.size > MAX_STREAM_BYTES or self.other > MAX_OTHER_BYTES:
            raise _too_much()


def _too_much() -> TooLarge:
    return TooLarge("its pages unpack to far more than a transcript has; print it to a new PDF, or save it as text")


class _Inflating:
    """One filter of a stream, and behind it the next where what comes out is packed again; `take` is given what comes out."""

    def __init__(self, filters: int, take: Callable[[bytes], None]) -> None:
        self.filters, self.take = filters, take
        self.inflate = zlib.decompressobj()
        self.behind: _Inflating | object | None = _UNDECIDED if filters > 1 else None
        self.ended = self.found = False

    def feed(self, packed: Any) -> None:
        while packed and not self.ended:
            try:
                piece = self.inflate.decompress(packed, _CHUNK)
            except zlib.error:  # packed in another way, or not at all
                self.ended = True
                return
            self.found = True
            self.take(piece)
            if self.behind is _UNDECIDED and piece:
                self.behind = _Inflating(self.filters - 1, self.take) if piece.startswith(_ZLIB) else None
            if isinstance(self.behind, _Inflating):
                self.behind.feed(piece)
            packed, self.ended = self.inflate.unconsumed_tail, self.inflate.eof


def _pages(data: bytes) -> tuple[list[list[Line]], bool, str]:
    """The lines of every page, whether there are pictures, and the document's title."""
    import pypdfium2  # noqa: PLC0415  # only who opens a PDF pays for its reader

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            locked = "it is locked with a password; open it, print it to a new PDF without one, and upload that"
            raise UnreadableFile(locked) from None
        raise
    try:
        if len(document) > MAX_PAGES:
            raise TooLarge(f"it has {len(document):,} pages, the limit is {MAX_PAGES}; split it into one file an interview")
        pages, pictures, lines, characters = [], False, 0, 0
        for number in range(len(document)):
            page = document[number]
            found, drawn = _lines(page)
            pictures = pictures or (not found and drawn)
            page.close()
            lines, characters = lines + len(found), characters + sum(len(line.text) for line in found)
            if lines > MAX_LINES or characters > MAX_CHARACTERS:
                raise TooLarge("it has more text than can be read at once; split it into one file an interview")
            pages.append(found)
        return pages, pictures, document.get_metadata_dict().get("Title", "")
    finally:
        document.close()


def _lines(page: Any) -> tuple[list[Line], bool]:
    """Lines of a page as PDFium reads them, and whether it shows pictures where it has none."""
    from pypdfium2 import raw  # noqa: PLC0415  # as above

    view = page.get_textpage()
    try:
        count = view.count_chars()
        if count > MAX_CHARACTERS:
            raise TooLarge("it has more text than can be read at once; split it into one file an interview")
        text = view.get_text_range() if count else ""
        height = page.get_height()
        found, at = [], 0
        for part in filter(None, _LINE_END.split(text)):  # ends of lines are kept among the parts
            if line := _line(raw, view.raw, part, at, height):
                line.gaps = _gaps(raw, view.raw, part, at)
                found.append(line)
            at += len(part)
        if found:
            return found, False
        shown = raw.FPDFPage_CountObjects(page.raw)
        kinds = (raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, i)) for i in range(min(shown, _OBJECTS_LOOKED_AT)))
        return [], any(kind == raw.FPDF_PAGEOBJ_IMAGE for kind in kinds)
    finally:
        view.close()


def _gaps(raw: Any, view: Any, part: str, at: int) -> tuple[tuple[int, float, float], ...]:
    """Where in a line's beginning two pieces of text meet that were drawn apart: offset, end of the first, start of the second."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    box = (ctypes.byref(left), ctypes.byref(right), ctypes.byref(bottom), ctypes.byref(top))
    found = []
    blank = part.find(" ", 1, _LONGEST_NAME)
    while 0 < blank < len(part) - 1:
        index = raw.FPDFText_GetCharIndexFromTextIndex(view, at + blank)
        if index > 0 and raw.FPDFText_IsGenerated(view, index) == 1 and raw.FPDFText_GetCharBox(view, index - 1, *box):
            ends = right.value
            if raw.FPDFText_GetCharBox(view, index + 1, *box):
                found.append((blank + 1, ends, left.value))
        blank = part.find(" ", blank + 1, _LONGEST_NAME)
    return tuple(found)


def _line(raw: Any, view: Any, part: str, at: int, height: float) -> Line | None:
    """A line with its box: x from the left, y from the top, in points; `at` is the offset of its first character in the page's text."""
    words = part.strip()
    if not words:
        return None
    first = raw.FPDFText_GetCharIndexFromTextIndex(view, at + part.index(words[0]))
    last = raw.FPDFText_GetCharIndexFromTextIndex(view, at + len(part.rstrip()) - 1)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    box = (ctypes.byref(left), ctypes.byref(right), ctypes.byref(bottom), ctypes.byref(top))
    if first < 0 or last < 0 or not raw.FPDFText_GetCharBox(view, last, *box):
        return Line(words, 0, 0, 0, 0)
    x1 = right.value
    if not raw.FPDFText_GetCharBox(view, first, *box):
        return Line(words, 0, 0, 0, 0)
    size = raw.FPDFText_GetFontSize(view, first)
    origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(view, first, ctypes.byref(origin_x), ctypes.byref(origin_y))
    words = words.replace(_HYPHEN_AT_LINE_END, "-")
    return Line(words, left.value, x1, height - origin_y.value, size, _bold_lead(raw, view, first, words))


def _bold_lead(raw: Any, view: Any, first: int, words: str) -> int:
    """How many characters at a line's start are bold, as far as a name reaches; one with a colon needs no emphasis."""
    if ":" in words[:_LONGEST_NAME]:
        return 0
    for i in range(min(len(words), _LONGEST_NAME)):
        if not words[i].isspace() and not _is_bold(raw, view, first + i):
            return i
    return 0


def _is_bold(raw: Any, view: Any, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(view, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(_FONT_NAME)
    raw.FPDFText_GetFontInfo(view, index, name, _FONT_NAME, ctypes.byref(ctypes.c_int()))
    return b"bold" in name.value.lower()


OPENER = Opener(
    "pdf",
    "pdf/1",
    lambda data: _START in data[:_LEAD_IN],
    _open,
    title="PDF",
    reads="lines joined to paragraphs over lines, columns and pages; bold names, names in a column of their own",
    loses="running heads, page numbers, pictures (a scan is refused), columns of a table beyond name and words",
)
