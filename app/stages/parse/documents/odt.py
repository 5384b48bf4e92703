"""OpenDocument texts: the body in its order, without what was deleted or written beside the text."""

import re
from collections.abc import Mapping
from typing import Any

from app.errors import UnreadableFile
from app.stages.parse.source import Opened, Opener

from .edge import opening
from .flow import Flow, titled
from .package import Package, is_package, open_package

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TEXT, _TABLE, _STYLE = (f"{{{_NAMES}{name}:1.0}}" for name in ("office", "text", "table", "style"))
_FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_DRAW = f"{{{_NAMES}drawing:1.0}}"
_MAX_BLANKS = 100
_MAX_REPEATED = 100
_SKIPPED = {f"{_TEXT}{name}" for name in ("sequence-decls", "variable-decls", "user-field-decls", "ruby-text", "index-title-template")} | {
    f"{_OFFICE}forms",
    f"{_OFFICE}annotation-end",
    f"{_TEXT}table-of-content-source",
}
_COUNTED = {
    f"{_OFFICE}annotation": "comment",
    f"{_DRAW}text-box": "text box",
    f"{_TEXT}note": "footnote",
    f"{_TEXT}table-of-content": "table of contents",
}
_HEADING, _SPAN, _BLANKS, _CHANGES = (f"{_TEXT}{name}" for name in ("h", "span", "s", "tracked-changes"))
_STYLE_NAME, _OUTLINE, _COUNT, _NOTE_CLASS = (f"{_TEXT}{name}" for name in ("style-name", "outline-level", "c", "note-class"))
_TABLES, _ROW, _REPEATED = (f"{_TABLE}{name}" for name in ("table", "table-row", "number-columns-repeated"))
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_PARAGRAPHS = {f"{_TEXT}p", _HEADING}
_WORDY = _PARAGRAPHS | {_SPAN}
_SIGNS = {f"{_TEXT}tab": "   ", f"{_TEXT}line-break": "\n"}
_DIGITS = 8
_WHITE = re.compile(r"[ \t\r\n]+")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def _matches(data: bytes) -> bool:
    return is_package(data, b"content.xml")


def _open(data: bytes) -> Opened:
    from lxml import etree  # noqa: PLC0415  # only who opens a document pays for its reader

    with opening("an OpenDocument file"):
        package = open_package(data)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        if _is_encrypted(package):
            raise UnreadableFile("it is locked with a password; open it, remove the password, save it and upload that")
        content = etree.fromstring(package.xml("content.xml"), parser)
        named = etree.fromstring(package.xml("styles.xml"), parser) if "styles.xml" in package else None
        walk = _Walk(Flow(), _Styles([named, content]))
        body = content.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise UnreadableFile(
                "it is a spreadsheet, a presentation or a drawing; save its text as .odt or .docx, a table as .xlsx or .csv"
            )
        walk.run(body)
        return walk.flow.opened(_about(package, parser))


def _is_encrypted(package: Package) -> bool:
    return "META-INF/manifest.xml" in package and b"encryption-data" in package["META-INF/manifest.xml"]


class _Styles:
    """Which styles write in bold, and which hide what is written; a style has what the one above it has."""

    def __init__(self, roots: list[Any]) -> None:
        self.bold: set[str] = set()
        self.hidden: set[str] = set()
        above: dict[str, str] = {}
        for root in roots:
            for style in () if root is None else root.iter(f"{_STYLE}style"):
                name = style.get(f"{_STYLE}name") or ""
                looks = style.find(f"{_STYLE}text-properties")
                above[name] = style.get(f"{_STYLE}parent-style-name") or ""
                if looks is not None and looks.get(f"{_FO}font-weight") in {"bold", "600", "700", "800", "900"}:
                    self.bold.add(name)
                if looks is not None and looks.get(f"{_TEXT}display") == "none":
                    self.hidden.add(name)
        self.hidden |= {name for name, parent in above.items() if parent in self.hidden}
        self.bold |= {name for name, parent in above.items() if parent in self.bold}


class _Walk:
    """One pass over the body's elements in order, without recursion."""

    def __init__(self, flow: Flow, styles: _Styles) -> None:
        self.flow, self.styles = flow, styles
        self.bold: list[bool] = []
        self.depth = 0

    def run(self, body: Any) -> None:
        from lxml import etree  # noqa: PLC0415  # as above

        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._begin(element.tag, element):
                    walker.skip_subtree()
                else:
                    self._say(element.text)
            else:
                self._end(element.tag, element)
                if element is not body:
                    self._say(element.tail)

    def _say(self, text: str | None) -> None:
        """Words within a paragraph; white space is one blank, as the format has it. What stands between paragraphs is layout."""
        if text and self.depth:
            self.flow.words(_WHITE.sub(" ", text), bold=bool(self.bold) and self.bold[-1])

    def _begin(self, tag: str, element: Any) -> bool:
        """Take up an element; whether nothing in it is to be read."""
        if tag in _WORDY:
            return self._begin_words(tag, element)
        if tag in _SIGNS:
            self.flow.words(_SIGNS[tag])
        elif tag == _BLANKS:
            count = element.get(_COUNT) or "1"
            self.flow.words(" " * min(int(count) if count.isdecimal() and len(count) <= _DIGITS else _MAX_BLANKS, _MAX_BLANKS))
        elif tag == _TABLES:
            self.flow.begin_table()
        elif tag == _ROW:
            self.flow.begin_row()
        elif tag in _CELLS:
            self._begin_cell(element)
        elif tag == _CHANGES:
            self.flow.leave_out("tracked deletion", sum(1 for _ in element.iter(f"{_TEXT}deletion")))
            return True
        elif tag in _COUNTED:
            self.flow.leave_out(element.get(_NOTE_CLASS) or _COUNTED[tag])
            return True
        return tag in _SKIPPED

    def _begin_words(self, tag: str, element: Any) -> bool:
        style = element.get(_STYLE_NAME) or ""
        if style in self.styles.hidden:
            self.flow.leave_out("hidden piece of text")
            return True
        if tag in _PARAGRAPHS:
            self.flow.end_paragraph()
            self.depth += 1
        self.bold.append(style in self.styles.bold or (tag not in _PARAGRAPHS and bool(self.bold) and self.bold[-1]))
        return False

    def _begin_cell(self, element: Any) -> None:
        repeated = element.get(_REPEATED) or "1"
        for _ in range(min(int(repeated), _MAX_REPEATED) if repeated.isdecimal() and len(repeated) <= _DIGITS else _MAX_REPEATED):
            self.flow.begin_cell()  # of repeated cells, which are empty ones, the last takes what there is

    def _end(self, tag: str, element: Any) -> None:
        if tag == _TABLES:
            self.flow.end_table()
        elif tag in _WORDY and (element.get(_STYLE_NAME) or "") not in self.styles.hidden:
            self.bold.pop()
            if tag in _PARAGRAPHS:
                self.depth -= 1
                level = (element.get(_OUTLINE) or "1")[:1] if tag == _HEADING else "0"
                self.flow.end_paragraph(int(level) if level.isdecimal() else 1)


def _about(package: Package, parser: Any) -> Mapping[str, str]:
    from lxml import etree  # noqa: PLC0415  # as above

    if "meta.xml" not in package:
        return {}
    title = etree.fromstring(package.xml("meta.xml"), parser).findtext(f".//{_TITLE}") or ""
    return titled(title)


OPENER = Opener(
    "odt",
    "odt/1",
    _matches,
    _open,
    title="OpenDocument text (.odt)",
    reads="as Word: paragraphs, headings, bold names, tables of turns",
    loses="comments, notes, headers, footers, text boxes, hidden and deleted text, other tables, notes before a heading “Transcript”",
)
