"""Word documents: the body in its order, what is typed and shown, without what was deleted, hidden or written beside the text."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from app.stages.parse.source import Opened, Opener

from .edge import opening
from .flow import Flow, titled
from .package import Package, is_package, open_package

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = f"{{{_NAMESPACE}}}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MAIN, _STYLES = "word/document.xml", "word/styles.xml"
_WRAPPING = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{_MAIN}" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/{_STYLES}" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{_MAIN}"/></Relationships>'
    ),
}
_STYLE_RELATION = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_SKIPPED = {
    f"{_W}{name}"
    for name in ("moveFrom", "rt", "instrText", "delText", "delInstrText", "object", "sdtPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_COUNTED = {
    f"{_W}del": "tracked deletion",
    f"{_W}txbxContent": "text box",
    f"{_W}commentReference": "comment",
    f"{_W}footnoteReference": "footnote",
    f"{_W}endnoteReference": "endnote",
    f"{_W}altChunk": "embedded document",
    f"{_W}subDoc": "embedded document",
}
_BLANKS = "   "
_SIGNS = {f"{_W}tab": _BLANKS, f"{_W}ptab": _BLANKS, f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HEADING_STYLE = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_TITLE_STYLES = {"title": 1, "subtitle": 2}
_CONTENTS_STYLE = re.compile(r"toc \d", re.IGNORECASE)
_CONTENTS = -1
_MARGINS = re.compile(r"word/(?:header|footer)\d{0,4}\.xml")
_MARGINS_LOOKED_AT = 40
_LEVELS = "012345678"
_PARAGRAPH, _RUN, _TEXT, _ROW, _VALUE = (f"{_W}{name}" for name in ("p", "r", "t", "tr", "val"))
_BOLD = {f"{_W}b", f"{_W}bCs"}
_HIDDEN = {f"{_W}vanish", f"{_W}webHidden"}
_OFF = {"0", "false", "off", "none"}


def _matches(data: bytes) -> bool:
    return is_package(data, b"word/document")


def _open(data: bytes) -> Opened:
    from docx import Document  # noqa: PLC0415  # only who opens a Word document pays for its reader

    with opening("a Word document"):
        package = open_package(data)
        document = Document(io.BytesIO(_essence(package)))
        flow = Flow()
        _Walk(flow, _levels(document.styles.element)).run(document.element.body)
        for name in [name for name in package if _MARGINS.fullmatch(name)][:_MARGINS_LOOKED_AT]:
            if b"<w:t" in package[name]:
                flow.leave_out("page margin with text (header, footer)")
        return flow.opened(_about(package))


def _essence(package: Package) -> bytes:
    """The package with its text and styles alone: macros, pictures and links are never unpacked, missing ones do no harm."""
    main = _MAIN if _MAIN in package else next((name for name in package if name.startswith("word/document")), _MAIN)
    parts = {_MAIN: package.xml(main).replace(_STRICT, _NAMESPACE.encode())}
    if _STYLES in package:
        parts[_STYLES] = package.xml(_STYLES).replace(_STRICT, _NAMESPACE.encode())
        parts["word/_rels/document.xml.rels"] = _STYLE_RELATION.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in ({name: text.encode() for name, text in _WRAPPING.items()} | parts).items():
            archive.writestr(name, part)
    return out.getvalue()


def _levels(styles: Any) -> Mapping[str, int]:
    """Heading level by style id, -1 for lines of a table of contents; a style without its own takes that of the one it is based on."""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in styles.iterchildren(f"{_W}style"):
        key = style.get(f"{_W}styleId") or ""
        name = _value(style, "name") or ""
        heading = _HEADING_STYLE.fullmatch(name)
        outline = _value(style, "pPr", "outlineLvl")
        if heading:
            own[key] = int(heading[1])
        elif name.lower() in _TITLE_STYLES:
            own[key] = _TITLE_STYLES[name.lower()]
        elif _CONTENTS_STYLE.fullmatch(name):
            own[key] = _CONTENTS
        elif outline and outline in _LEVELS:
            own[key] = int(outline) + 1
        if parent := _value(style, "basedOn"):
            based[key] = parent
    # one step is what people do; a chain without end is what an attacker would
    return {**{key: own[parent] for key, parent in based.items() if parent in own}, **own}


def _value(element: Any, *path: str) -> str | None:
    found = element.find("/".join(f"{_W}{name}" for name in path))
    value = found.get(_VALUE) if found is not None else None
    return str(value) if value is not None else None


class _Walk:
    """One pass over the body's elements in order, without recursion."""

    def __init__(self, flow: Flow, levels: Mapping[str, int]) -> None:
        self.flow, self.levels = flow, levels
        self.level = 0
        self.bold = self.hidden = self.counted = self.mark_deleted = False
        self.begins: Mapping[str, Callable[[Any], bool]] = {
            _TEXT: self._say,
            _RUN: self._begin_run,
            f"{_W}rPr": self._take_looks,
            f"{_W}pPr": self._take_properties,
            f"{_W}tbl": self._begin_table,
            _ROW: self._begin_row,
            f"{_W}tc": self._begin_cell,
        }
        self.ends = {_PARAGRAPH: self._end_paragraph, f"{_W}tbl": flow.end_table}

    def run(self, body: Any) -> None:
        from lxml import etree  # noqa: PLC0415  # as its reader

        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "end":
                if tag in self.ends:
                    self.ends[tag]()
            elif not isinstance(tag, str) or self._begin(tag, element):
                walker.skip_subtree()

    def _begin(self, tag: str, element: Any) -> bool:
        """Take up an element; whether nothing in it is to be read."""
        begin = self.begins.get(tag)
        if begin:
            return begin(element)
        if tag in _SIGNS:
            self.flow.words(_SIGNS[tag])
        elif tag in _COUNTED:
            self.flow.leave_out(_COUNTED[tag])
            return True
        return tag in _SKIPPED

    def _say(self, element: Any) -> bool:
        text = element.text or ""
        if not self.hidden:
            self.flow.words(text, bold=self.bold)
            self.counted = False
        elif not self.counted:
            self.flow.leave_out("hidden piece of text")
            self.counted = True
        return False

    def _begin_run(self, _run: Any) -> bool:
        self.bold = self.hidden = False
        return False

    def _take_looks(self, properties: Any) -> bool:
        on = {p.tag for p in properties if (p.get(_VALUE) or "").lower() not in _OFF}
        self.bold, self.hidden = not _BOLD.isdisjoint(on), not _HIDDEN.isdisjoint(on)
        return True

    def _begin_table(self, _table: Any) -> bool:
        self.flow.begin_table()
        return False

    def _begin_row(self, row: Any) -> bool:
        if row.find(f"{_W}trPr/{_W}del") is not None:
            self.flow.leave_out("tracked deletion")
            return True
        self.flow.begin_row()
        return False

    def _begin_cell(self, _cell: Any) -> bool:
        self.flow.begin_cell()
        return False

    def _take_properties(self, properties: Any) -> bool:
        outline = _value(properties, "outlineLvl")
        self.level = self.levels.get(_value(properties, "pStyle") or "", 0)
        if outline and outline in _LEVELS:
            self.level = int(outline) + 1
        self.mark_deleted = properties.find(f"{_W}rPr/{_W}del") is not None
        return True

    def _end_paragraph(self) -> None:
        if self.mark_deleted:  # with its mark deleted a paragraph goes on in the next one
            self.mark_deleted = False
            return
        if self.level == _CONTENTS:
            self.flow.drop_paragraph("line of a table of contents")
        else:
            self.flow.end_paragraph(self.level)
        self.level = 0


def _about(package: Package) -> Mapping[str, str]:
    from lxml import etree  # noqa: PLC0415  # as its reader

    if "docProps/core.xml" not in package:
        return {}
    core = etree.fromstring(package.xml("docProps/core.xml"), etree.XMLParser(resolve_entities=False, no_network=True))
    return titled(core.findtext("{http://purl.org/dc/elements/1.1/}title") or "")


OPENER = Opener(
    "docx",
    "docx/2",
    _matches,
    _open,
    title="Word (.docx, .docm)",
    reads="paragraphs, headings, bold names, tables of turns; what a transcript in the document looks like is told as in text files",
    loses="comments, notes, headers, footers, text boxes, hidden and deleted text, other tables, notes before a heading “Transcript”",
)
