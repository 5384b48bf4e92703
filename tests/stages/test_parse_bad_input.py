"""What cannot be read is refused with the file's name, what it is, and the way out."""

import pytest

from app.errors import NotSpeech, ThroughlineError, TooLarge, UnreadableFile
from app.stages.parse import MAX_BYTES, READERS, decode, parse

TALK = "Anna: So, was the café “fine”?\nBen: It’s naïve — but yes.\nAnna: Good.\n"


def spoken(data):
    return parse(data, "talk.txt").canonical.text


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", UnreadableFile, "nothing in this file"),
        (b" \r\n\t\n", UnreadableFile, "nothing in this file"),
        ("\ufeff\n".encode(), UnreadableFile, "nothing in this file"),
        (bytes(range(256)) * 8, UnreadableFile, "binary"),
        (b"hello\x00there, this is no text", UnreadableFile, "binary"),
        (b"\x01\x02\x03\x04ab" * 50, UnreadableFile, "binary"),
        (b"%PDF-1.7\n%...", UnreadableFile, "PDF.*Save it as plain text"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml", UnreadableFile, "Word document.*Save it as plain text"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"a.txt", UnreadableFile, "ZIP archive.*unpack"),
        (b"\x1f\x8b\x08\x00rest", UnreadableFile, "compressed"),
        (b"{\\rtf1 hello}", UnreadableFile, "rich text"),
        (b"\x00\x00\x00\x18ftypmp42rest", NotSpeech, "recording.*transcribe it first"),
        (b"\x1a\x45\xdf\xa3rest", NotSpeech, "recording.*transcribe it first"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", NotSpeech, "recording.*transcribe it first"),
        (b"\x89PNG\r\n\x1a\n", NotSpeech, "picture"),
    ],
)
def test_what_is_no_text_is_refused_by_name_with_the_way_out(data, error, says):
    with pytest.raises(error, match=rf"(?s)talk one\.vtt: .*{says}") as caught:
        parse(data, "talk one.vtt")
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"segments": [{"text": "hi"}]}', "JSON"),
        ('[\n  {"speaker": "A", "text": "hi"}\n]', "JSON"),
        ("<!DOCTYPE html>\n<html><body><p>Hello there</p></body></html>", "HTML"),
        ('<?xml version="1.0"?>\n<tt><body><p>Hello</p></body></tt>', "XML"),
        ('time,speaker,text\n0:01,Anna,Hello there\n0:02,Ben,"Well, hi"\n', "table"),
        ("00:21:14\tAnna Lee:\tHello all\n00:21:35\tBen:\tHi, how are you?\n00:22:01\tAnna Lee:\tgood\n", "chat export, not speech"),
        ("10:01:02 From Anna to Everyone:\n hi all\n10:01:05 From Ben to Everyone:\n yo\n", "chat export, not speech"),
        ("[12/03/2023, 10:15:32] Anna: hi\n[12/03/2023, 10:16:32] Ben: yo\n", "chat export, not speech"),
        ("2024-01-02 10:00:00 INFO started\n" * 5, "log"),
        ("import os\n\n\ndef main():\n    return os.name\n\n\nif __name__ == '__main__':\n    main()\n", "code"),
        ("version: 3\nservices:\n  web:\n    image: nginx\n    ports: 80\n", "configuration"),
        ("# Samples\n\nFiles to try.\n\n| file | shape |\n|---|---|\n| a.vtt | vtt |\n| b.srt | srt |\n", "headings, lists and tables"),
        ("0:00:00.599,0:00:04.160\nHello there\n\n0:00:04.160,0:00:06.770\nand bye\n", "SBV"),
        ("12 34 56 78 90 11.5 14.8 19.2\n" * 20, "does not read like speech"),
        ("QmFzZTY0IGlzIG5vIHNwZWVjaA" * 30, "does not read like speech"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "“vtt” but holds no spoken word"),
        ("1\n00:00:01,000 --> 00:00:02,000\n♪♪\n", "“srt” but holds no spoken word"),
    ],
)
def test_text_that_is_no_speech_is_refused_with_what_it_looks_like(text, says):
    with pytest.raises(NotSpeech, match=f"file.txt: .*{says}.*(this release reads|upload the transcript)"):
        parse(text.encode(), "file.txt")


def test_a_file_above_the_limit_is_too_large():
    with pytest.raises(TooLarge, match=r"huge\.vtt: the file has 60 MB, the limit is 50 MB"):
        parse(b"a" * 60_000_000, "huge.vtt")
    assert MAX_BYTES == 50_000_000


def test_a_file_of_too_many_lines_is_too_large():
    with pytest.raises(TooLarge, match="lines; split it"):
        parse(b"a\n" * 600_000, "long.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_read_alike(encoding):
    assert spoken(TALK.encode(encoding)) == spoken(TALK.encode())


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028"])
def test_newlines_of_every_system_are_read_alike(newline):
    assert decode(TALK.replace("\n", newline).encode())[0] == TALK


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", TALK),
        (
            "cp1250",
            "Anna: Když jsem přišel domů, žádný účet nefungoval.\nBen: Řekl jsem si, že to zkusím znovu.\nAnna: Dobře, děkuji.\n" * 3,
        ),
        ("cp1251", "Анна: Я пришла домой, и приложение не работало.\nБорис: Понятно.\nАнна: Поэтому я позвонила в поддержку.\n" * 3),
        ("mac_roman", "Anna: I’d say it’s fine, really.\nBen: That’s good.\nAnna: Ok.\n"),
    ],
)
def test_an_old_encoding_is_guessed_and_the_guess_is_said(encoding, text):
    decoded, warnings = decode(text.encode(encoding))
    assert decoded == text
    assert any(encoding in w for w in warnings)


def test_damaged_utf8_keeps_the_rest_and_names_the_line():
    text, warnings = decode(TALK.encode() + b"Ben: caf\xe9 \xff\n")
    assert text == f"{TALK}Ben: caf\ufffd \ufffd\n"
    assert any("2 places with invalid UTF-8 on line 4" in w for w in warnings)


def test_utf16_cut_in_the_middle_of_a_character_is_read_and_said():
    text, warnings = decode(TALK.encode("utf-16")[:-1])
    assert text.startswith("Anna: So")
    assert any("invalid UTF-16-LE on line 3" in w for w in warnings)


def test_messages_never_hold_words_of_the_file():
    with pytest.raises(ThroughlineError) as caught:
        parse(b'{"text": "a secret remark"}', "a.json")
    assert "secret" not in caught.value.message


def test_every_reader_names_its_version():
    assert [reader.version.partition("/")[0] for reader in READERS] == [reader.shape for reader in READERS]
    assert [reader.shape for reader in READERS] == ["vtt", "srt", "header", "inline", "plain"]


def test_captions_of_sounds_only_are_no_speech():
    captions = "WEBVTT\n\n00:01.000 --> 00:04.000\n[Music]\n\n00:05.000 --> 00:09.000\n(applause) ♪ la la ♪\n"
    with pytest.raises(NotSpeech, match=r"sounds\.vtt: .*no spoken word"):
        parse(captions.encode(), "sounds.vtt")
    assert "hello" in parse(captions.replace("(applause)", "hello").encode(), "sounds.vtt").canonical.text
