"""Bytes to text: which encoding, said aloud where it was guessed."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from app.errors import TooLarge, UnreadableFile

from .binary import refuse_binary, refuse_unprintable
from .wording import count_of, places

MAX_BYTES = 50_000_000
_SAMPLE = 20_000
_NUL_SHARE = 0.25
_CONTROL_SHARE = 0.05
_ASCII_SHARE = 0.9
_BOMS = (  # the longer first: the one of UTF-32 LE starts with the one of UTF-16 LE
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = frozenset("‘’‚“”„–—…•·«»‹›¿¡£€§°©®™½¼ºª\xa0\xadàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžßÀÁÄÅÇÈÉÊÑÓÖØÜ")
_NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")
_OTHER_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_REPLACEMENT = "\ufffd"
_EMPTY = "there is nothing in this file; export the transcript again and upload that"


def refuse_large(data: bytes) -> None:
    """Raise `TooLarge` above `MAX_BYTES`."""
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"the file has {len(data) / 1e6:,.0f} MB, the limit is {MAX_BYTES // 1_000_000} MB; split it into one file an interview"
        )


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text with newlines normalised, and warnings where the encoding was guessed or bytes were damaged.

    Raises `TooLarge` above `MAX_BYTES`, `UnreadableFile` for empty files and binaries, `NotSpeech` for recordings and pictures.
    """
    refuse_large(data)
    if not data.strip():
        raise UnreadableFile(_EMPTY)
    refuse_binary(data)
    text, warnings = _decode(data)
    text = text.removeprefix("\ufeff")
    if any(end in text for end in "\r\x85\u2028\u2029"):
        text = _NEWLINES.sub("\n", text)
    sample = text[:_SAMPLE]
    if len(_OTHER_CONTROLS.findall(sample)) > len(sample) * _CONTROL_SHARE:
        raise refuse_unprintable()
    if not text.strip("\ufeff\u200b \t\n\f\v\xa0\x00"):
        raise UnreadableFile(_EMPTY)
    return text, warnings


def _decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _forgiving(data[len(bom) :], encoding)
    if b"\x00" in data:
        wide = _wide_encoding(data[:_SAMPLE])
        if wide is None:
            raise refuse_unprintable()
        text, warnings = _forgiving(data, wide)
        return text, (f"the file says nothing about its encoding; it was read as {wide.upper()}", *warnings)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    encoding = _guess(data)
    text, warnings = _forgiving(data, encoding)
    return text, (f"the file is not UTF-8; its encoding was guessed as {encoding}: check accented letters, or save it as UTF-8", *warnings)


def _forgiving(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode; what cannot be decoded becomes `�`, with a warning that names the lines."""
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    # the character may also have been in the file, so this counts what a reader of the text will see
    bad = [i for i, line in enumerate(_NEWLINES.sub("\n", text).split("\n"), 1) if _REPLACEMENT in line]
    broken = count_of(text.count(_REPLACEMENT), "place")
    what = f"{broken} with invalid {encoding.upper()} on {places(bad)}"
    return text, (f"{what}: shown as “{_REPLACEMENT}”; save the file as UTF-8 to repair it",)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of common text is NUL, on one side only."""
    half = max(len(sample) // 2, 1)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > _NUL_SHARE and even < odd / 10:
        return "utf-16-le"
    if even > _NUL_SHARE and odd < even / 10:
        return "utf-16-be"
    return None


def _damaged_utf8(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8 with a few broken places (cut off, or pasted from elsewhere): more of its long sequences are right than wrong."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count(_REPLACEMENT)
    right = sum(1 for c in text if c > "\x7f" and c != _REPLACEMENT)
    return _forgiving(data, "utf-8") if right > broken else None


def _guess(data: bytes) -> str:
    """Name of a one-byte or East Asian encoding, from the lines that are not ASCII."""
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    best = from_bytes(telling).best()
    western, mac = telling.decode("cp1252", errors="replace"), telling.decode("mac_roman")
    # curly quotes and a few accents read the same in many encodings, so among equals take the most common one
    if _typical(western) and (best is None or best.encoding == "cp1252" or _equally_clean(telling, best.chaos)):
        return "cp1252"
    if _typical(mac) and _mostly_ascii(telling):
        return "mac_roman"
    if best is None or best.encoding.startswith(("utf_", "ascii")):
        raise UnreadableFile("the encoding of this file is not recognised; save it as UTF-8 and upload that")
    return best.encoding


def _mostly_ascii(data: bytes) -> bool:
    return len(data.decode("ascii", errors="ignore")) > len(data) * _ASCII_SHARE


def _equally_clean(telling: bytes, chaos: float) -> bool:
    """Whether windows-1252 makes no more of a mess of these bytes than the best guess."""
    mine = from_bytes(telling, cp_isolation=["cp1252"]).best()
    return mine is not None and mine.chaos <= chaos


def _typical(text: str) -> bool:
    """Whether every character beyond ASCII is one that Western European texts are full of."""
    return all(c <= "\x7f" or c in _WESTERN for c in unicodedata.normalize("NFC", text))
