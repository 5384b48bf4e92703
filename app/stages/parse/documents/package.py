"""Documents that are ZIP packages (.docx, .odt, .xlsx): checked before anything is unpacked, and unpacked one part at a time.

What a package says of itself is not believed: bytes are counted while they are inflated. Names are only names, nothing is ever written.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from app.errors import TooLarge, UnreadableFile

MAX_MEMBERS = 2_000
MAX_BYTES = 200_000_000
"""All parts together, unpacked."""
MAX_XML_BYTES = 40_000_000
"""One part that is parsed; the text of a hundred hours of interviews takes less."""
MAX_XML_NODES = 600_000
"""Tags and attributes of all parts that are parsed: a tree takes memory and time by these, not by bytes."""
MAX_RATIO = 300
RATIO_FROM = 20_000_000
"""Below, a high ratio is a short document with much formatting."""
ZIP_START = b"PK\x03\x04"

_END = b"PK\x05\x06"
_END_REACH, _END_SIZE = 66_000, 22
_HEAD = 4096
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OUTWARD = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")
_DECLARED = re.compile(rb"""^\s{0,8}<\?xml[^>]{0,200}?encoding\s{0,4}=\s{0,4}["']([\w.-]{1,40})["']""")
_ENCODINGS = {b"utf-8", b"utf-16", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_DAMAGED = "the file is damaged or incomplete; open it in the program it was made with, save it again and upload that"
FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, struct.error)
"""What `zipfile` raises on archives that are damaged, cut off, locked or packed in an unusual way."""


class Package(Mapping[str, bytes]):
    """The parts of a package by name, each inflated when it is asked for and then not kept.

    A part that cannot be inflated raises `UnreadableFile`.
    """

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], max_nodes: int) -> None:
        self._archive, self._members = archive, members
        self._nodes, self._max_nodes = 0, max_nodes

    def __getitem__(self, name: str) -> bytes:
        member = self._members[name]
        try:
            with self._archive.open(member) as part:
                found = part.read(member.file_size + 1)
        except FAULTS:
            raise UnreadableFile(_DAMAGED) from None
        if len(found) != member.file_size:
            raise UnreadableFile(_DAMAGED)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, name: object) -> bool:  # Mapping's own would inflate the part
        return name in self._members

    def xml(self, name: str) -> bytes:
        """A part to be parsed as XML: with those before it within the caps, in a plain encoding, without document type and entities."""
        if name not in self._members:
            raise UnreadableFile(f"a part is missing in it; {_DAMAGED}")
        if self._members[name].file_size > MAX_XML_BYTES:
            raise _too_much()
        data = vetted_xml(self[name])
        self._nodes += _nodes(data)
        if self._nodes > self._max_nodes:
            raise _too_much()
        return data


def open_package(data: bytes, *, max_members: int = MAX_MEMBERS, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_XML_NODES) -> Package:
    """The parts of a ZIP package by name.

    Raises `TooLarge` for more than `max_members` parts, more than `max_bytes` unpacked, bombs, and later for more than `max_nodes` in
    what `Package.xml` gives; `UnreadableFile` for damage, locked parts, a name that occurs twice or leads out of the package, and
    unusual compression.
    """
    if _entries(data) > max_members:
        raise TooLarge(f"it holds more than {max_members:,} parts, as no transcript does; save its text in a new document and upload that")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except FAULTS:
        raise UnreadableFile(_DAMAGED) from None
    members: dict[str, zipfile.ZipInfo] = {}
    infos = [info for info in archive.infolist() if not info.is_dir()]
    for info in infos:
        _check(info, members)
        members[info.filename] = info
    size = sum(info.file_size for info in infos)
    if size > max_bytes or (size > RATIO_FROM and size > MAX_RATIO * len(data)):
        raise TooLarge(f"it unpacks to {size / 1e6:,.0f} MB, as no transcript does; save its text in a new document and upload that")
    return Package(archive, members, max_nodes)


def is_package(data: bytes, part: bytes) -> bool:
    """Whether this is a ZIP that lists a part of this name (or of a name that begins so), or seems to be such a one cut off."""
    if not data.startswith(ZIP_START):
        return False
    at = data.rfind(_END, max(0, len(data) - _END_REACH))
    if at < 0 or len(data) < at + _END_SIZE:
        return part in data[:_HEAD]
    first = max(0, at - int.from_bytes(data[at + 12 : at + 16], "little") - _END_SIZE)
    return data.find(part, first, at) >= 0


def vetted_xml(data: bytes) -> bytes:
    """The same bytes where they are safe to give to an XML parser.

    Raises `UnreadableFile` for a document type, entities or an unusual encoding, `TooLarge` for more elements than a transcript has.
    """
    plain = data.replace(b"\0", b"") if b"\0" in data else data  # UTF-16 hides nothing
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableFile("it defines XML entities, which documents do not need and attacks do; save its text in a new document")
    declared = _DECLARED.match(plain[:400].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe"))
    if declared and declared[1].lower() not in _ENCODINGS:
        raise UnreadableFile(f"its XML is in an unusual encoding; {_DAMAGED}")
    if len(data) > MAX_XML_BYTES or _nodes(data) > MAX_XML_NODES:
        raise _too_much()
    return data


def _nodes(data: bytes) -> int:
    """At least as many elements and attributes as the XML has, by the signs that they cannot do without."""
    return data.count(b"<") + data.count(b"=")


def _too_much() -> TooLarge:
    return TooLarge("it holds more text and formatting than can be read at once; split it into one file an interview, or save it as text")


def _entries(data: bytes) -> int:
    """How many entries the directory lists, counted before it is read: a million of them would fill the memory."""
    at = data.rfind(_END, max(0, len(data) - _END_REACH))
    if at < 0 or len(data) < at + _END_SIZE:
        raise UnreadableFile(_DAMAGED)
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    return data.count(_ENTRY, max(0, at - size - _END_SIZE), at)


def _check(info: zipfile.ZipInfo, seen: Mapping[str, zipfile.ZipInfo]) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFile("it is locked with a password; open it, remove the password, save it and upload that")
    if info.filename in seen or _OUTWARD.search(info.filename.replace("\\", "/")) or stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableFile("its parts have names that no document has; save its text in a new document and upload that")
    if info.compress_type not in _METHODS:
        raise UnreadableFile(f"it is packed in an unusual way; {_DAMAGED}")
