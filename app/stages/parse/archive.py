"""Archives of transcripts: what is in a ZIP, unpacked with caps; whatever its entries are called, they are only names."""

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import NotSpeech, TooLarge, UnreadableFile

from .documents.package import FAULTS
from .wording import count_of

MAX_ENTRIES = 5_000
MAX_INFLATED = 200_000_000
"""Bytes that one archive may unpack to in all."""
MAX_RATIO = 200
"""So many times its packed size no text unpacks to; data made to fill memory does, up to a thousand."""
RATIO_FROM = 1_000_000
"""Below, the ratio says nothing: a short file of blanks packs well."""
HEAD = 4096
_CHUNK = 1 << 16
_DIRECTORY_BYTES = 2_000_000
_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1
_ALSO_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_DOCUMENTS = ("word/", "xl/", "ppt/", "META-INF/manifest.xml", "content.xml", "[Content_Types].xml")
_HIDDEN = (".", "__MACOSX", "Thumbs.db", "desktop.ini")
_AGAIN = "unpack it and upload the transcripts in it"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; `path` as the archive gives it. Without `error` it is whole, with one `data` is its beginning at most."""

    path: str
    data: bytes
    size: int
    error: UnreadableFile | None = None


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a ZIP of files, and not a document that happens to be one (Word, Excel, OpenDocument)."""
    if not data.startswith(_STARTS):
        return False
    try:
        names = [info.filename for info in _directory(data)]
    except UnreadableFile:
        return not any(name.encode() in data[:HEAD] for name in (*_DOCUMENTS, "mimetype"))
    return not ("mimetype" in names[:1] or any(name.startswith(_DOCUMENTS) for name in names))


def unpack(data: bytes, file_name: str, *, max_files: int, max_bytes: int) -> tuple[Member, ...]:
    """The files in an archive by path, hidden ones and the system's left out; each is read until a cap stops it.

    Raises `UnreadableFile`, `TooLarge` or `NotSpeech` naming the archive where it cannot be used as a whole; a member that is encrypted,
    damaged, an archive itself, larger than `max_bytes` or a bomb carries its own error.
    """
    try:
        wanted = sorted((info for info in _directory(data) if not info.is_dir() and not _hidden(info.filename)), key=lambda i: i.filename)
        if not wanted:
            raise NotSpeech(f"there is no file in this ZIP archive; {_AGAIN}")
        if len(wanted) > max_files:
            raise TooLarge(f"this ZIP archive holds {count_of(len(wanted), 'file')}; one upload holds at most {max_files}, so split it")
        return tuple(_members(data, wanted, file_name, max_bytes))
    except UnreadableFile as error:
        raise type(error)(f"{file_name}: {error.message}") from error


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    """Entries of the archive; its directory is weighed before it is read."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if at < 0 or len(data) < at + _END.size:
        raise UnreadableFile(f"this ZIP archive is damaged or incomplete; {_AGAIN}")
    _, _, _, _, entries, size, _, _ = _END.unpack_from(data, at)
    large = data[max(0, at - 20) : at].startswith(b"PK\x06\x07")  # a second directory, for archives of more than 65,535 entries
    if large or entries > MAX_ENTRIES or size > _DIRECTORY_BYTES:
        raise TooLarge(f"this ZIP archive has more than {MAX_ENTRIES:,} entries; {_AGAIN}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except FAULTS:
        raise UnreadableFile(f"this ZIP archive is damaged or incomplete; {_AGAIN}") from None


def _members(data: bytes, wanted: list[zipfile.ZipInfo], file_name: str, max_bytes: int) -> Iterator[Member]:
    left = MAX_INFLATED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in wanted:
            member = _member(archive, info, f"{file_name}/{info.filename}", max_bytes, left)
            left -= member.size
            yield member


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, max_bytes: int, left: int) -> Member:
    """One file, as far as it could be read, and why no further."""
    found = bytearray()
    try:
        _inflate(archive, info, found, max_bytes, left)
    except UnreadableFile as error:
        return Member(path, bytes(found[:HEAD]), len(found), type(error)(f"{path.rpartition('/')[2]}: {error.message}"))
    return Member(path, bytes(found), len(found))


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, found: bytearray, max_bytes: int, left: int) -> None:
    """Read into `found` until the file ends or a cap is reached; what the directory says of its size is not believed."""
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFile(f"this file is locked with a password; unlock the archive, then {_AGAIN}")
    if info.filename.lower().endswith(_ALSO_ARCHIVES):
        raise UnreadableFile(f"this is an archive within an archive; {_AGAIN}")
    try:
        with archive.open(info) as opened:
            while chunk := opened.read(_CHUNK):
                found += chunk
                if len(found) > RATIO_FROM and len(found) > MAX_RATIO * max(1, info.compress_size):
                    raise TooLarge(f"this unpacks to more than {MAX_RATIO} times its size, as no transcript does")
                if len(found) > left:
                    raise TooLarge(f"the archive unpacks to more than {MAX_INFLATED // 1_000_000} MB; upload it in parts")
                if len(found) > max_bytes:
                    size, limit = max(len(found), info.file_size) / 1e6, max_bytes / 1e6
                    raise TooLarge(f"this has {size:,.0f} MB; the limit is {limit:.0f} MB. Split it into one file an interview")
    except FAULTS:
        raise UnreadableFile(f"this cannot be unpacked, the archive is damaged or packed in an unusual way; {_AGAIN}") from None


def _hidden(path: str) -> bool:
    return any(part.startswith(_HIDDEN) for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."})
