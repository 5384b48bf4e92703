"""Files that are no text at all, told by their first bytes."""

from dataclasses import dataclass

from app.errors import NotSpeech, UnreadableFile

from .documents.package import is_package
from .wording import SUPPORTED

_SAVE_AS_TEXT = f"{SUPPORTED}. Save it as plain text (.txt) and upload that"
_TRANSCRIBE = "transcribe it first and upload the transcript (WebVTT, SRT or text with speaker names)"
_SAVE_AGAIN = "open it, save it as .docx, .xlsx or plain text, and upload that"
_UNLOCK = "open it, remove the password, save it again and upload that"
_UNPACK = "unpack it and upload the transcripts in it"
_PICTURE = "upload the transcript as text"
_UNKNOWN = f"{SUPPORTED}. Export the transcript again in one of these"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "an Office document that is locked with a password", _UNLOCK),
    ("WordDocument", "an old Word document (.doc)", _SAVE_AGAIN),
    ("Workbook", "an old Excel workbook (.xls)", _SAVE_AGAIN),
    ("PowerPoint Document", "an old presentation (.ppt)", f"export what is spoken as text. {SUPPORTED}"),
    ("__substg1.0", "an e-mail (.msg)", _SAVE_AGAIN),
)
_ZIP_PARTS = (
    (b"ppt/", "a presentation (.pptx)", f"export what is spoken as text. {SUPPORTED}"),
    (
        b"Index/Document.iwa",
        "a Pages, Numbers or Keynote document",
        "export it as Word (.docx), Excel (.xlsx) or plain text and upload that",
    ),
    (b"META-INF/container.xml", "an electronic book (.epub)", _SAVE_AS_TEXT),
    (b"AndroidManifest.xml", "a program", _UNKNOWN),
    (b"META-INF/MANIFEST.MF", "a program", _UNKNOWN),
)
_OPENED = (b"word/", b"xl/", b"content.xml")


@dataclass(frozen=True, slots=True)
class _Magic:
    start: bytes
    name: str
    way_out: str
    offset: int = 0


_MAGIC = (
    _Magic(b"PK\x05\x06", "an empty ZIP archive", _UNPACK),
    _Magic(b"\x1f\x8b\x08", "a compressed file (.gz)", _UNPACK),
    _Magic(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    _Magic(b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    _Magic(b"BZh91AY&SY", "a compressed file (.bz2)", _UNPACK),
    _Magic(b"\xfd7zXZ\x00", "a compressed file (.xz)", _UNPACK),
    _Magic(b"\x28\xb5\x2f\xfd", "a compressed file (.zst)", _UNPACK),
    _Magic(b"ftyp", "a video or audio recording", _TRANSCRIBE, offset=4),
    _Magic(b"\x1a\x45\xdf\xa3", "a video recording", _TRANSCRIBE),
    _Magic(b"OggS\x00", "an audio recording", _TRANSCRIBE),
    _Magic(b"fLaC\x00", "an audio recording", _TRANSCRIBE),
    _Magic(b"ID3\x02", "an audio recording", _TRANSCRIBE),
    _Magic(b"ID3\x03", "an audio recording", _TRANSCRIBE),
    _Magic(b"ID3\x04", "an audio recording", _TRANSCRIBE),
    _Magic(b"\xff\xfb", "an audio recording", _TRANSCRIBE),
    _Magic(b"\xff\xf3", "an audio recording", _TRANSCRIBE),
    _Magic(b"FLV\x01", "a video recording", _TRANSCRIBE),
    _Magic(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a video or audio recording", _TRANSCRIBE),
    _Magic(b"\x00\x00\x01\xba", "a video recording", _TRANSCRIBE),
    _Magic(b"\x89PNG\r\n", "a picture", _PICTURE),
    _Magic(b"\xff\xd8\xff", "a picture", _PICTURE),
    _Magic(b"GIF87a", "a picture", _PICTURE),
    _Magic(b"GIF89a", "a picture", _PICTURE),
    _Magic(b"SQLite format 3\x00", "a database", _UNKNOWN),
    _Magic(b"\x7fELF", "a program", _UNKNOWN),
)


def refuse_binary(data: bytes) -> None:
    """Raise `UnreadableFile` (documents, archives) or `NotSpeech` (recordings, pictures) where the first bytes give it away."""
    for magic in _MAGIC:
        if data.startswith(magic.start, magic.offset):
            error = NotSpeech if magic.way_out in {_TRANSCRIBE, _PICTURE} else UnreadableFile
            raise error(f"this is {magic.name}; {magic.way_out}")
    if data.startswith(b"RIFF") and data[8:12] in {b"WAVE", b"AVI ", b"WEBP"}:
        raise NotSpeech(f"this is a video or audio recording; {_TRANSCRIBE}")
    if data.startswith(_OLE):
        raise UnreadableFile(f"this is {_ole_kind(data)}")
    if data.startswith(b"PK\x03\x04") and (kind := _zip_kind(data)):
        raise UnreadableFile(f"this is {kind}")


def refuse_unprintable() -> UnreadableFile:
    """The error for bytes that are neither text nor a kind of file known here."""
    return UnreadableFile(f"this is a binary file, not text; {_UNKNOWN}")


def _ole_kind(data: bytes) -> str:
    """Old Office files, and locked new ones, are small file systems; their directory names what is in them in UTF-16."""
    for stream, name, way_out in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return f"{name}; {way_out}"
    return f"an old Office document (.doc, .xls); {_SAVE_AGAIN}"


def _zip_kind(data: bytes) -> str | None:
    """What a ZIP archive is, where it holds no document that is read here; None for those, which only came in damaged or too large."""
    for part, name, way_out in _ZIP_PARTS:
        if is_package(data, part):
            return f"{name}; {way_out}"
    return None if any(is_package(data, part) for part in _OPENED) else f"a ZIP archive; {_UNPACK}"
