"""HTML pages: what a browser would show of their text, in blocks; nothing they link to is fetched and no script runs."""

import codecs
import re
from collections.abc import Mapping

from app.errors import TooLarge
from app.stages.parse.clock import TIME
from app.stages.parse.encoding import decode
from app.stages.parse.names import looks_like_name
from app.stages.parse.source import Opened, Opener

from .edge import opening
from .flow import Flow, titled

MAX_EVENTS = 400_000
"""Elements and pieces of text between them; each takes a few millionths of a second."""
_CHUNK = 1 << 16
_SAMPLE = 20_000
_START = re.compile(
    r"(?:\s|<!--(?:(?!-->).){0,4000}-->|<\?xml[^>]{0,200}>){0,20}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FRAGMENT = re.compile(
    r"<(?:p|div|table|h[1-6]|[uod]l|span|b|strong|center|font|article|section|main|pre|blockquote|meta|title|style|link|hr)\b",
    re.IGNORECASE,
)
_BLOCK_ENDS = re.compile(r"</(?:p|div|tr|li|dd|h[1-6]|table)\s*>|<br\b", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{1,200}?charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([\w.:-]{2,40})", re.IGNORECASE)
_WESTERN = {b"iso-8859-1", b"latin1", b"latin-1", b"us-ascii", b"ascii"}
_CHARSET = re.compile(
    r"windows-\d{3,4}|cp\d{3,4}|iso-8859-\d{1,2}|iso-2022-(?:jp|kr)|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift[_-]jis|"
    r"macintosh|tis-620"
)
_UNSEEN = {
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "canvas", "audio", "video", "select", "textarea",
    "head", "rt", "rp", "del", "button",
}  # fmt: skip
_AROUND = {"nav", "footer", "aside", "menu"}
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "details", "dir", "div", "dl", "fieldset", "figcaption", "figure",
    "form", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "ul", "h1", "h2", "h3", "h4", "h5",
    "h6",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = {"b", "strong"}
_CELLS = {"td", "th"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPEAKER_CLASS = re.compile(r"(?:^|[\s_-])(?:speaker|interlocutor|who)(?:[_-]?(?:name|label))?(?:$|\s)", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\n\r\f]+")
_GOES_ON = re.compile(rf"[:：]|[\[(\-–—|]?\s*{TIME}")
_LONGEST_LABEL = 60


def _matches(data: bytes) -> bool:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = data[:_SAMPLE].decode("utf-16" if wide else "latin-1", errors="ignore").removeprefix("ï»¿").lstrip()
    if not head.startswith("<"):
        return False
    if _START.match(head):
        return True
    if not _FRAGMENT.match(head):
        return False
    filled = sum(1 for line in head.split("\n") if line.strip())
    return bool(_BLOCK_ENDS.search(head)) and len(_BLOCK_ENDS.findall(head)) * 2 >= filled


def _open(data: bytes) -> Opened:
    from lxml import etree  # noqa: PLC0415  # only who opens a page pays for its reader

    text, warnings = _decoded(data)
    with opening("an HTML page"):
        page = _Page()
        parser = etree.HTMLParser(target=page, huge_tree=False, no_network=True)
        for at in range(0, len(text), _CHUNK):  # events as they come: no tree, so depth costs nothing
            parser.feed(text[at : at + _CHUNK])
        parser.close()
        return page.flow.opened(titled(page.title), warnings)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """By what the page says of its encoding, where it is not UTF-8 anyway; else as any text file."""
    meta = _META.search(data[:_SAMPLE])
    named = (b"windows-1252" if meta[1].lower() in _WESTERN else meta[1].lower()).decode("ascii", "ignore") if meta else ""
    if _CHARSET.fullmatch(named) and (b"\x1b" in data or not _is_utf8(data)):
        try:
            return data.decode(named, errors="replace").replace("\r\n", "\n"), ()
        except LookupError:
            return decode(data)
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True


class _Page:
    """Takes the parser's events in order (lxml's target interface) and keeps counters only, so that nesting has no price."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.title = ""
        self.events = self.unseen = self.bold = self.pre = 0
        self.in_title = self.blank = self.broken = self.label_waits = self.has_colon = False
        self.label: list[str] | None = None
        self.label_depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._count()
        self.in_title = tag == "title" and not self.title
        if self.unseen or self._hides(tag, attributes):
            self.unseen += 1
            return
        self.label_depth += self.label is not None
        if tag == "br":
            self._break()
        elif tag in _BOLD:
            self.bold += 1
        elif tag == "table":
            self._block()
            self.flow.begin_table()
        elif tag == "tr":
            self._block()
            self.flow.begin_row()
        elif tag in _CELLS:
            self._block()
            self.flow.begin_cell()
        elif tag in _BLOCKS or tag == "dt":
            self._block()
            self.pre += tag == "pre"
        elif tag == "dd" and not self.label_waits:
            self._block()
        if tag == "dt" or _SPEAKER_CLASS.search(attributes.get("class") or ""):
            self.label, self.label_depth = [], 0

    def end(self, tag: str) -> None:
        """An element ends."""
        self.in_title = False
        if self.unseen:
            self.unseen -= 1
            return
        if self.label is not None:
            if self.label_depth == 0:
                self._end_label(self.label)
            self.label_depth -= 1
        if tag in _BOLD:
            self.bold = max(0, self.bold - 1)
        elif tag in {"table", "tr", *_CELLS}:
            self.label_waits = False
            self._block()
            if tag == "table":
                self.flow.end_table()
        elif tag in _BLOCKS or tag in {"dt", "dd"}:
            self._block(_HEADINGS.get(tag, 0))
            self.pre = max(0, self.pre - (tag == "pre"))

    def data(self, text: str) -> None:
        """Words, or white space between elements."""
        self._count()
        if self.in_title:
            self.title += text
        if self.unseen:
            return
        if not self.pre:
            text = _WHITE.sub(" ", text)
            text = text.removeprefix(" ") if self.blank else text
        if not text:
            return
        if self.label is not None:
            self.label.append(text)
        if text.strip():
            if self.label_waits:
                self.label_waits = False
                text = f" {text}" if self.has_colon or _GOES_ON.match(text.strip()) else f": {text.lstrip()}"
            self.broken = False
        self.blank = text[-1:] in {" ", "\n"}
        self.flow.words(text, bold=self.bold > 0)

    def comment(self, text: str) -> None:
        """Nothing to see."""

    def pi(self, target: str, text: str | None = None) -> None:
        """Nothing to see."""

    def close(self) -> None:
        """The page ends."""

    def _count(self) -> None:
        self.events += 1
        if self.events > MAX_EVENTS:
            raise TooLarge(f"it has more than {MAX_EVENTS:,} elements; save the text of the transcript alone and upload that")

    def _hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _AROUND:
            self.flow.leave_out("part of the page around the text (navigation, footer)")
            return True
        if tag not in {"html", "body"} and ("hidden" in attributes or _HIDDEN.search(attributes.get("style") or "")):
            self.flow.leave_out("hidden part of the page")
            return True
        return tag in _UNSEEN

    def _break(self) -> None:
        """A line break; a second one after it begins a new paragraph."""
        if self.broken:
            self._block()
        else:
            self.flow.words("\n")
            self.broken = self.blank = True

    def _block(self, level: int = 0) -> None:
        """A block begins or ends, and so does the paragraph, unless it is a speaker's name that waits for the words."""
        self.blank, self.broken = True, False
        if not self.label_waits:
            self.flow.end_paragraph(level)

    def _end_label(self, label: list[str]) -> None:
        name = "".join(label).strip()
        self.label = None
        self.has_colon = name.endswith((":", "："))
        self.label_waits = len(name) <= _LONGEST_LABEL and looks_like_name(name.rstrip(":： "))


OPENER = Opener(
    "html",
    "html/1",
    _matches,
    _open,
    title="HTML",
    reads="paragraphs, headings, bold names, definition lists, tables of turns, in the page's own encoding",
    loses="scripts, styles, navigation, footers, hidden parts, deleted text, other tables, notes before a heading “Transcript”",
)
