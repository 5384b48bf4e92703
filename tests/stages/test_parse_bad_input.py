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
        (b"%PDF-1.7\n%...", UnreadableFile, "PDF, but it is damaged"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml", UnreadableFile, "Word document, but the file is damaged"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"a.txt", UnreadableFile, "ZIP archive.*unpack"),
        (b"\x1f\x8b\x08\x00rest", UnreadableFile, "compressed"),
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
        ('{"steps": {"first": [1, 2]}, "count": 3}', "JSON"),
        ("[\n  1,\n  2\n]", "JSON"),
        ('<?xml version="1.0"?>\n<feed><entry>Hello</entry></feed>', "XML"),
        ("id,score,value\n1,5,3\n2,6,4\n3,5,5\n", "table"),
        ("00:21:14\tAnna Lee:\tHello all\n00:21:35\tBen:\tHi, how are you?\n00:22:01\tAnna Lee:\tgood\n", "chat export, not speech"),
        ("10:01:02 From Anna to Everyone:\n hi all\n10:01:05 From Ben to Everyone:\n yo\n", "chat export, not speech"),
        ("[12/03/2023, 10:15:32] Anna: hi\n[12/03/2023, 10:16:32] Ben: yo\n", "chat export, not speech"),
        ("2024-01-02 10:00:00 INFO started\n" * 5, "log"),
        ("import os\n\n\ndef main():\n    return os.name\n\n\nif __name__ == '__main__':\n    main()\n", "code"),
        ("version: 3\nservices:\n  web:\n    image: nginx\n    ports: 80\n", "configuration"),
        ("# Samples\n\nFiles to try.\n\n| file | shape |\n|---|---|\n| a.vtt | vtt |\n| b.srt | srt |\n", "headings, lists and tables"),
        ("12 34 56 78 90 11.5 14.8 19.2\n" * 20, "does not read like speech"),
        ("QmFzZTY0IGlzIG5vIHNwZWVjaA" * 30, "does not read like speech"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "“vtt” but holds no spoken word"),
        ("1\n00:00:01,000 --> 00:00:02,000\n♪♪\n", "“srt” but holds no spoken word"),
    ],
)
def test_text_that_is_no_speech_is_refused_with_what_it_looks_like(text, says):
    with pytest.raises(NotSpeech, match=f"file.txt: .*{says}.*(reads|upload)"):
        parse(text.encode(), "file.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Anna Lee  10:15 AM\nhey all\n\nBen  10:16 AM\nyo :wave:\n\nAnna Lee  10:20 AM\nsee https://example.org\n",
        "Anna Lee\n  10:15 AM\nhey all\nBen\n  10:16 AM\nyo\n",
        "[10:15 AM] Anna Lee\nhey all\n\n[10:16 AM] Ben\nyo\n\n[3/5/2024 10:17 AM] Ben\nand more\n",
        "Anna Lee 3/5/2024 10:15 AM\nhey\n\nBen 3/5/2024 10:16 AM\nyo\n",
        "Anna — Today at 10:15 AM\nhey\nBen — Today at 10:16 AM\nyo\n",
        "Anna — Heute um 10:15\nhallo\nBen — Heute um 10:16\nmoin\n",
        "Anna Lee, [05.03.2024 10:15]\nhey\n\nBen, [05.03.2024 10:16]\nyo\n",
        "12/03/2023, 10:15 - Anna: hi\n12/03/2023, 10:16 - Ben: yo\n12/03/2023, 10:16 - Ben: <Media omitted>\n",
        "10:01:02\t From  Anna Lee : hi all\n10:01:09\t From  Ben : yo\n",
        '10:01:02 From Anna Lee to Everyone:\n\thi all\n10:02:09 From Ben to Anna Lee (Direct Message):\n\tReacted to "hi all"\n',
    ],
)
def test_a_chat_export_is_refused_whatever_tool_it_is_from(text):
    with pytest.raises(NotSpeech, match="a chat export, not speech; upload the transcript of the meeting"):
        parse(text.encode(), "chat.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Meeting summary\n\nQuick recap\n\nThe team discussed refunds. Anna will look into it.\n\nNext steps\n\nAnna to call Ben.\n",
        "# Call with Ben\n\n## Summary\n\nHe said it was slow.\n\n## Action items\n\n- Anna: send the deck\n- Ben: fix it\n",
        "Besprechungsnotizen\n\nZusammenfassung\n\nDer Kunde fand es langsam.\n\nNächste Schritte\n\n- Anna ruft an\n",
        "Compte rendu de réunion\n\nRésumé\n\nLe client a trouvé ça lent.\n\nPoints clés\n\n- Lent\n",
        "Resumen de la reunión\n\nEl cliente lo encontró lento.\n\nPróximos pasos\n\nAna llamará.\n",
        "Samenvatting\n\nDe klant vond het traag.\n\nActiepunten\n\nAnna belt.\n",
        "Resumo da reunião\n\nO cliente achou lento.\n\nPróximos passos\n\nAna vai ligar.\n",
        "Riepilogo della riunione\n\nIl cliente lo ha trovato lento.\n\nProssimi passi\n\nAnna chiama.\n",
    ],
)
def test_a_summary_without_the_transcript_is_refused(text):
    with pytest.raises(NotSpeech, match="a meeting summary, not speech; upload the transcript itself"):
        parse(text.encode(), "recap.txt")


def test_a_file_above_the_limit_is_too_large():
    with pytest.raises(TooLarge, match=r"huge\.vtt: the file has 60 MB, the limit is 50 MB"):
        parse(b"a" * 60_000_000, "huge.vtt")
    assert MAX_BYTES == 50_000_000


def test_a_file_of_too_many_lines_is_too_large():
    with pytest.raises(TooLarge, match="lines; split it"):
        parse(b"a\n" * 600_000, "long.txt")


@pytest.mark.parametrize("text", ["Anna: so\nBen: yes\n" * 30_000, "[00:00:03] Anna: so " * 200_000])
def test_a_text_that_is_far_longer_than_an_interview_is_too_large(text):
    with pytest.raises(TooLarge, match="far more than an interview; split it"):
        parse(text.encode(), "long.txt")


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
        parse(b'{"steps": {"first": "a secret remark"}}', "a.json")
    assert "secret" not in caught.value.message


def test_every_reader_names_its_version():
    assert [reader.version.partition("/")[0] for reader in READERS] == [reader.shape for reader in READERS]
    shapes = [reader.shape for reader in READERS]
    assert len(set(shapes)) == len(shapes)
    assert [shape for shape in shapes if shape in {"vtt", "srt", "header", "inline", "set-apart", "plain"}] == [
        "vtt",
        "srt",
        "header",
        "inline",
        "set-apart",
        "plain",
    ]


def test_captions_of_sounds_only_are_no_speech():
    captions = "WEBVTT\n\n00:01.000 --> 00:04.000\n[Music]\n\n00:05.000 --> 00:09.000\n(applause) ♪ la la ♪\n"
    with pytest.raises(NotSpeech, match=r"sounds\.vtt: .*no spoken word"):
        parse(captions.encode(), "sounds.vtt")
    assert "hello" in parse(captions.replace("(applause)", "hello").encode(), "sounds.vtt").canonical.text
