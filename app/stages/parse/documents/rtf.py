"""Rich text (RTF): control words followed just far enough to know which words a reader would see."""

import codecs
import re
from dataclasses import dataclass

from app.errors import TooLarge
from app.stages.parse.source import Opened, Opener

from .edge import opening
from .flow import Flow, titled

MAX_TOKENS = 500_000
_START = b"{\\rtf"
# text reaches over line ends, which mean nothing in RTF: a picture in hexadecimal is one token
_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)|\\", re.DOTALL)
_SKIPPED = {
    "colortbl", "stylesheet", "pict", "object", "shp", "shpgrp", "do", "listtext", "pntext", "nonshppict", "xe", "tc", "rxe",
    "txe", "upr", "private", "template", "fldinst", "filetbl", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator",
    "themedata", "datastore", "latentstyles", "author", "operator", "company", "subject", "keywords", "doccomm", "comment",
    "hlinkbase", "manager", "category", "creatim", "revtim", "printim", "buptim", "bkmkstart", "bkmkend", "formfield",
}  # fmt: skip
_MARGINS = ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf")
_COUNTED = {
    **dict.fromkeys(_MARGINS, "page margin with text (header, footer)"),
    "footnote": "footnote",
    "annotation": "comment",
    "shptxt": "text box",
}
_DESTINATIONS = _SKIPPED | _COUNTED.keys() | {"fonttbl", "title", "info"}
_SIGNS = {
    "line": "\n", "lbr": "\n", "tab": "   ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ", "nestcell": "   ", "nestrow": "\n", "softline": "\n",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_PARAGRAPH_ENDS = {"par", "sect", "page"}
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_BODY_TEXT = 9
_MAX_SKIP = 100


@dataclass(slots=True)
class _Group:
    """What holds within braces, and ends with them."""

    reads: str = "text"
    """Where words go: text, title, fonts, nowhere."""
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    skip_after_unicode: int = 1
    codec: str | None = None

    def inner(self) -> "_Group":
        """A group within this one, which begins as this one is."""
        return _Group(self.reads, self.bold, self.hidden, self.deleted, self.skip_after_unicode, self.codec)


def _open(data: bytes) -> Opened:
    with opening("a rich text document (.rtf)"):
        walk = _Walk(data.rstrip(b"\0\r\n ").decode("latin-1"))
        walk.run()
        cut = ("the document is cut off: its end is missing",) if walk.stack else ()
        return walk.flow.opened(titled(walk.title), cut)


class _Walk:
    """One pass over the tokens; groups are a stack of states, not of calls."""

    def __init__(self, source: str) -> None:
        self.source, self.flow = source, Flow()
        self.group, self.stack = _Group(), list[_Group]()
        self.codec, self.fonts, self.font = "cp1252", dict[int, str](), 0
        self.raw, self.units = bytearray(), bytearray()
        self.title, self.level, self.to_skip = "", 0, 0
        self.starred = self.in_table_text = self.in_table = self.in_row = self.in_cell = self.counted = False

    def run(self) -> None:
        at, tokens = 0, 0
        while match := _TOKEN.match(self.source, at):
            at, tokens = match.end(), tokens + 1
            if tokens > MAX_TOKENS:
                raise TooLarge("it has more formatting than can be read at once; save it as .docx or plain text and upload that")
            word, number, code, symbol, brace, text = match.groups()
            if word:
                at += self._word(word, int(number) if number else None, len(self.source) - at)
            elif text is not None:
                self._text(text)
            elif code:
                self._byte(int(code, 16))
            elif brace:
                self._brace(brace)
            elif symbol == "*":
                self.starred = True
            elif symbol in {"\n", "\r"}:
                self._end_paragraph()
            elif symbol in _SYMBOLS:
                self._flush()
                self._say(_SYMBOLS[symbol])
        self._flush()

    def _text(self, text: str) -> None:
        if self.group.reads == "nowhere":
            return
        text = text.replace("\r", "").replace("\n", "")
        if self.to_skip:
            self.to_skip, text = max(0, self.to_skip - len(text)), text[self.to_skip :]
        if text:
            self._flush_units()
            self.raw += text.encode("latin-1")

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif self.group.reads != "nowhere":
            self._flush_units()
            self.raw.append(value)

    def _brace(self, brace: str) -> None:
        self._flush()
        self.to_skip, self.starred = 0, False
        if brace == "{":
            self.stack.append(self.group)
            self.group = self.group.inner()
        elif self.stack:
            self.group = self.stack.pop()

    def _word(self, word: str, number: int | None, left: int) -> int:
        """Obey a control word; how many characters of data follow it."""
        if word == "u" and number is not None:
            self._unicode(number)
            return 0
        if self.to_skip:
            self.to_skip -= 1
            return 0
        if word == "bin":
            return min(max(number or 0, 0), left)
        if self.group.reads == "nowhere" and word != "title":
            return 0
        if self.raw or self.units:
            self._flush()
        if self.starred or word in _DESTINATIONS:
            self._destination(word)
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word in _PARAGRAPH_ENDS:
            self._end_paragraph()
        elif word in {"cell", "row"}:
            self._end_cell(row=word == "row")
        else:
            self._property(word, number)
        return 0

    def _destination(self, word: str) -> None:
        """The group that begins so goes elsewhere than into the text, or nowhere."""
        reads = {"fonttbl": "fonts", "title": "title", "info": "nowhere"}.get(word, "nowhere")
        if word in _COUNTED and self.group.reads == "text":
            self.flow.leave_out(_COUNTED[word])
        self.starred = False
        if self.group.reads != "nowhere" or word == "title":
            self.group.reads = reads

    def _property(self, word: str, number: int | None) -> None:
        on = number != 0
        if word in {"b", "ab"}:
            self.group.bold = on
        elif word == "v":
            self.group.hidden = on
        elif word == "deleted":
            self.group.deleted = on
        elif word == "plain":
            self.group.bold = self.group.hidden = False
        elif word == "pard":
            self.level, self.in_table_text = 0, False
        elif word in {"intbl", "trowd"}:
            self.in_table_text = True
        elif word == "outlinelevel" and number is not None:
            self.level = number + 1 if 0 <= number < _BODY_TEXT else 0
        elif word == "uc":
            self.group.skip_after_unicode = min(max(number or 0, 0), _MAX_SKIP)
        else:
            self._encoding(word, number)

    def _encoding(self, word: str, number: int | None) -> None:
        if word in _CODE_PAGES:
            self.codec = _CODE_PAGES[word]
        elif word == "ansicpg" and number is not None:
            self.codec = _codec(f"cp{number}") or self.codec
        elif word == "fcharset" and number in _CHARSETS:
            self.fonts[self.font] = _CHARSETS[number]
        elif word == "f" and number is not None:
            self.font = number
            self.group.codec = self.fonts.get(number)

    def _unicode(self, number: int) -> None:
        self.to_skip = self.group.skip_after_unicode
        if self.group.reads != "nowhere":
            self._flush_raw()
            self.units += (number & 0xFFFF).to_bytes(2, "little")

    def _flush(self) -> None:
        self._flush_raw()
        self._flush_units()

    def _flush_raw(self) -> None:
        if self.raw:
            raw, self.raw = bytes(self.raw), bytearray()
            self._say(raw.decode(self.group.codec or self.codec, errors="replace"))

    def _flush_units(self) -> None:
        if self.units:
            units, self.units = bytes(self.units), bytearray()
            self._say(units.decode("utf-16-le", errors="replace"))

    def _say(self, text: str) -> None:
        group = self.group
        if group.reads == "title":
            self.title += text
        elif group.reads == "text" and (group.hidden or group.deleted):
            if text.strip() and not self.counted:
                self.flow.leave_out("tracked deletion" if group.deleted else "hidden piece of text")
                self.counted = True
        elif group.reads == "text":
            self.counted = False
            self._place()
            self.flow.words(text, bold=group.bold)

    def _place(self) -> None:
        """Begin or end a table where the words to come stand in one, or no longer do."""
        if self.in_table and not self.in_table_text:
            self.flow.end_table()
            self.in_table = self.in_row = self.in_cell = False
        if self.in_table_text:
            if not self.in_table:
                self.flow.begin_table()
            if not self.in_row:
                self.flow.begin_row()
            if not self.in_cell:
                self.flow.begin_cell()
            self.in_table = self.in_row = self.in_cell = True

    def _end_paragraph(self) -> None:
        self._flush()
        if self.group.reads == "text" and not self.group.deleted:
            self.flow.end_paragraph(self.level)

    def _end_cell(self, *, row: bool) -> None:
        if self.group.reads != "text":
            return
        if not row:
            self.in_table_text = True
            self._place()
        self.flow.end_paragraph()
        self.in_cell = False
        self.in_row = self.in_row and not row


def _codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8" if name == "cp65001" else None


OPENER = Opener(
    "rtf",
    "rtf/1",
    lambda data: data.startswith(_START),
    _open,
    title="Rich text (.rtf)",
    reads="paragraphs, bold names, tables of turns, in any of the format's encodings",
    loses="pictures, comments, notes, headers, footers, text boxes, hidden and deleted text, other tables",
)
