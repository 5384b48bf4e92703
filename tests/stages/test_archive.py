"""A ZIP of transcripts is unpacked with caps, and nothing in it is more than bytes with a name."""

import contextlib
import io
import random
import struct
import zipfile

import pytest

from app.errors import NotSpeech, TooLarge, UnreadableFile
from app.stages.parse import archive
from app.stages.parse.archive import is_archive, unpack

LIMITS = {"max_files": 10, "max_bytes": 5_000_000}


def packed(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def names(data, **limits):
    return [member.path for member in unpack(data, "talks.zip", **LIMITS | limits)]


def errors(data, **limits):
    return {member.path: member.error.message for member in unpack(data, "talks.zip", **LIMITS | limits) if member.error}


def test_files_come_out_by_path_and_what_the_system_put_there_does_not():
    data = packed(
        ("b/02.txt", b"two"), ("a/01.vtt", b"one"), ("__MACOSX/a/._01.vtt", b"x"), (".DS_Store", b"x"), ("a/.hidden", b"x"), ("a/", b"")
    )
    found = unpack(data, "talks.zip", **LIMITS)
    assert [(m.path, m.data, m.error) for m in found] == [("talks.zip/a/01.vtt", b"one", None), ("talks.zip/b/02.txt", b"two", None)]


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "a/../../b.txt", "..\\..\\x.txt"])
def test_a_path_that_leads_out_is_only_a_name(path):
    (member,) = unpack(packed((path, b"words")), "talks.zip", **LIMITS)
    assert member.data == b"words"


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_document_that_is_a_zip_is_no_archive(part):
    assert not is_archive(packed((part, b"<x/>"), ("docProps/app.xml", b"")))


def test_an_opendocument_file_is_no_archive_and_other_bytes_are_none():
    assert not is_archive(packed(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")))
    assert not is_archive(b"WEBVTT\n")
    assert is_archive(packed(("a.vtt", b"x")))
    assert is_archive(packed(("a.vtt", b"x" * 100))[:60])


def test_a_bomb_is_stopped_by_what_it_unpacks_to_and_costs_no_other():
    data = packed(("bomb.txt", b"\0" * 40_000_000), ("good.txt", b"Ann: Hi.\n"))
    assert "more than 200 times its size" in errors(data, max_bytes=50_000_000)["talks.zip/bomb.txt"]
    assert [m.data for m in unpack(data, "talks.zip", **LIMITS) if not m.error] == [b"Ann: Hi.\n"]


def test_a_file_whose_size_is_a_lie_is_read_by_what_is_there():
    data = bytearray(packed(("big.txt", bytes(range(256)) * 30_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature)
        data[at + offset : at + offset + 4] = struct.pack("<I", 10)
    assert errors(bytes(data), max_bytes=1_000_000)


def test_all_files_together_have_a_cap(monkeypatch):
    monkeypatch.setattr(archive, "MAX_INFLATED", 2_500_000)
    noise = [(f"{i}.txt", random.Random(i).randbytes(1_000_000)) for i in range(4)]  # noqa: S311 - bytes that do not pack
    told = errors(packed(*noise))
    assert len(told) >= 2
    assert all("the archive unpacks to more than 2 MB" in message for message in told.values())


def test_a_file_over_the_limit_is_refused_by_name_with_its_size():
    told = errors(packed(("long.txt", bytes(range(256)) * 20_000)), max_bytes=1_000_000)
    assert told == {"talks.zip/long.txt": "long.txt: this has 5 MB; the limit is 1 MB. Split it into one file an interview"}


def test_an_archive_within_an_archive_is_not_opened():
    told = errors(packed(("more.zip", packed(("a.vtt", b"x"))), ("x.tar.gz", b"y"), ("good.txt", b"z")))
    assert set(told) == {"talks.zip/more.zip", "talks.zip/x.tar.gz"}
    assert "archive within an archive" in told["talks.zip/more.zip"]


def test_a_locked_file_says_so_and_the_others_are_read():
    data = bytearray(packed(("secret.txt", b"words"), ("z.txt", b"open")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1
    assert list(errors(bytes(data))) == ["talks.zip/secret.txt"]
    assert "locked with a password" in errors(bytes(data))["talks.zip/secret.txt"]


def test_a_damaged_file_in_it_costs_no_other():
    data = bytearray(packed(("a.txt", b"first words " * 50), ("b.txt", b"other words"), method=zipfile.ZIP_STORED))
    data[data.find(b"first words") + 3] ^= 0xFF
    assert list(errors(bytes(data))) == ["talks.zip/a.txt"]


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (packed(), NotSpeech, "talks.zip: there is no file in this ZIP archive"),
        (packed((".DS_Store", b"x")), NotSpeech, "there is no file in this ZIP archive"),
        (packed(*((f"{i}.txt", b"x") for i in range(11))), TooLarge, "holds 11 files; one upload holds at most 10"),
        (packed(("a.txt", b"x" * 1000))[:80], UnreadableFile, "damaged or incomplete"),
        (packed(*((f"{i}", b"") for i in range(5001))), TooLarge, "more than 5,000 entries"),
        (b"PK\x03\x04" + b"\0" * 100 + b"PK\x06\x07" + b"\0" * 16 + packed()[-22:], TooLarge, "more than 5,000 entries"),
    ],
    ids=["empty", "hidden files only", "too many files", "cut off", "too many entries", "64-bit directory"],
)
def test_an_archive_that_cannot_be_used_is_refused_whole_by_name(data, kind, said):
    with pytest.raises(kind, match=said) as told:
        unpack(data, "talks.zip", **LIMITS)
    assert type(told.value) is kind


def test_any_cut_and_any_flipped_byte_raises_nothing_but_the_error_tree():
    data = packed(("a.txt", b"first words " * 20), ("b/c.vtt", b"WEBVTT\n" * 9))
    for at in range(0, len(data), 3):
        flipped = bytearray(data)
        flipped[at] ^= 0x55
        for broken in (data[:at], bytes(flipped)):
            is_archive(broken)
            with contextlib.suppress(UnreadableFile):
                unpack(broken, "talks.zip", **LIMITS)
