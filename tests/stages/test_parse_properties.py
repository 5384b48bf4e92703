"""Whatever is in a file, reading it ends in spans that hold or in an error of the tree; words are not lost on the way."""

import csv
import io
import json
import time
from html import escape

import pytest
from containers import docx, odt, pdf, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.transcript import PARAGRAPH_BREAK, normalise
from app.errors import UnreadableFile
from app.stages.parse import OPENERS, READERS, Source, parse

FRAGMENTS = """\
WEBVTT|00:01.000 --> 00:02.000|00:00:01,000 --> 00:00:02,000|00:0x:01 --> 1|-->|1|2|<v Anna>|</v>|<v |>|<|&amp;|&|&#0;|{\\an8}|{|NOTE |
STYLE|Anna: |Ben: |**Anna:** |[0:03] |(Ben) |Anna  0:03|Ben (00:00:05):|### Anna|# |---|> |>> |```| |*|_|\\[|[|]|(|)|:|\uff1a|![a](b)|[a](http://b)|
hello there|One thing: so|yes.|é|e\u0301|\u200b|\ufeff|\x00|\x1f|\u2028|\r|\t|🙂|\u202e|[laughs]|::|"|'|,|;|="""
PIECES = st.sampled_from([*FRAGMENTS.replace("|\n", "|").split("|"), "|", "\n", "\n\n", "\n\n"])
VOCABULARY = ["so", "we", "went", "home", "and", "it", "broke", "in", "Rome", "yes", "12", "café"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)


def check(data):
    try:
        canonical = parse(data, "any").canonical
    except UnreadableFile as error:
        named = error.message.startswith("any: ")
        assert named
        return
    cuts = [canonical.text[t.start : t.end] for t in canonical.turns]
    assert all(cuts)
    assert cuts == [normalise(cut) for cut in cuts]
    assert canonical.text == PARAGRAPH_BREAK.join(cuts)
    assert [t.index for t in canonical.turns] == list(range(len(cuts)))
    assert all(a.ms <= b.ms and a.offset <= b.offset for a, b in zip(canonical.marks, canonical.marks[1:], strict=False))


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_any_text_survives(text):
    check(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_survive(data):
    check(data)


@settings(deadline=None, max_examples=250)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_of_marks_survives(text):
    check(text.encode())


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_reader_that_sees_a_chance_stumbles_over_a_file_of_another_shape(text):
    source = Source(text)
    for reader in READERS:
        confidence = reader.detect(source)
        assert 0 <= confidence <= 1
        try:
            if confidence:
                reader.read(source)
        except UnreadableFile:
            continue


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_no_opener_stumbles_over_rubbish_behind_its_first_bytes(rubbish):
    for start in (b"%PDF-1.7\n", b"{\\rtf1 ", b"<!DOCTYPE html><html><body>", b"PK\x03\x04", docx("<w:p/>")[:400], xlsx("<row/>")[:700]):
        check(start + rubbish)
        for opener in OPENERS:
            if opener.matches(start + rubbish):
                try:
                    opener.open(start + rubbish)
                except UnreadableFile:
                    continue


SPOKEN_KEYS = st.sampled_from([
    "segments", "results", "words", "text", "speaker", "start", "end", "transcripts", "alternatives", "items", "channels", "utterances",
    "monologues", "elements", "value", "type", "content", "speaker_label", "transcript", "phrases", "body", "messages", "role",
])  # fmt: skip
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | WORDS | st.sampled_from(["1.5s", "0:03", "spk_0"])


@settings(deadline=None, max_examples=200)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SPOKEN_KEYS, inner, max_size=5), max_leaves=25))
def test_any_json_survives(value):
    check(json.dumps(value).encode())


def xml(name, words):
    return escape(f"{name}: {words}")


WRITERS = {
    "voice": lambda said: "WEBVTT\n\n" + "".join(f"{i}\n{clock(i)} --> {clock(i + 1)}\n<v {n}>{w}\n\n" for i, (n, w) in enumerate(said, 1)),
    "label": lambda said: "WEBVTT\n\n" + "".join(f"{clock(i)} --> {clock(i + 1)}\n{n}: {w}\n\n" for i, (n, w) in enumerate(said, 1)),
    "srt": lambda said: "".join(f"{i}\n{clock(i)} --> {clock(i + 1)}\n{n}: {w}\n\n" for i, (n, w) in enumerate(said, 1)).replace(".", ","),
    "sbv": lambda said: "".join(f"{clock(i)[1:]},{clock(i + 1)[1:]}\n{n}: {w}\n\n" for i, (n, w) in enumerate(said, 1)),
    "ttml": lambda said: (
        '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
        + "".join(f'<p begin="{i}s" end="{i + 1}s">{xml(n, w)}</p>' for i, (n, w) in enumerate(said))
        + "</div></body></tt>"
    ),
    "inline": lambda said: "".join(f"{n}: {w}\n\n" for n, w in said),
    "bold": lambda said: "".join(f"**{n}:** {w}\n\n" for n, w in said),
    "header": lambda said: "".join(f"{n}  0:{i:02}\n{w}\n\n" for i, (n, w) in enumerate(said)),
    "docx": lambda said: docx("".join(f"<w:p><w:r><w:t>{xml(n, w)}</w:t></w:r></w:p>" for n, w in said)),
    "odt": lambda said: odt("".join(f"<text:p>{xml(n, w)}</text:p>" for n, w in said)),
    "html": lambda said: "<!DOCTYPE html><html><body>" + "".join(f"<p>{xml(n, w)}</p>" for n, w in said) + "</body></html>",
    "rtf": lambda said: (
        "{\\rtf1\\ansi " + "".join(f"{n}: {w}\\par\n" for n, w in said).replace("é", "\\u233?") + "}"
    ),
    "pdf": lambda said: pdf([f"{n}: {w}".replace("é", "e") for n, w in said]),
    "segments": lambda said: json.dumps(
        {"segments": [{"speaker": n, "start": i, "end": i + 1, "text": w} for i, (n, w) in enumerate(said)]}
    ),
    "words": lambda said: json.dumps(
        {"results": {"channels": [{"alternatives": [{"words": [
            {"word": word, "start": i, "end": i + 1, "speaker": n} for i, (n, w) in enumerate(said) for word in w.split()
        ]}]}]}}
    ),
    "csv": lambda said: as_csv([("speaker", "text"), *said]),
    "xlsx": lambda said: xlsx(
        "".join(
            f'<row r="{i}"><c r="A{i}" t="inlineStr"><is><t>{escape(n)}</t></is></c>'
            f'<c r="B{i}" t="inlineStr"><is><t>{escape(w)}</t></is></c></row>'
            for i, (n, w) in enumerate([("speaker", "text"), *said], 1)
        )
    ),
}  # fmt: skip


def clock(seconds):
    return f"00:{seconds // 60:02}:{seconds % 60:02}.000"


def as_csv(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("shape", WRITERS)
@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(["Anna Lee", "Ben"]), WORDS), min_size=4, max_size=20))
def test_no_spoken_word_is_lost_and_each_keeps_its_speaker(shape, said):
    said = [("Anna Lee", "so hello"), ("Ben", "hello you"), ("Anna Lee", "right"), ("Ben", "yes please"), *said]
    written = WRITERS[shape](said)
    canonical = parse(written if isinstance(written, bytes) else written.encode(), "any").canonical
    heard = [(t.speaker, word) for t in canonical.turns for word in canonical.text[t.start : t.end].split()]
    kept = (lambda text: text.replace("é", "e")) if shape == "pdf" else str
    names = {"Anna Lee": {"Anna Lee", "Speaker Anna Lee"}, "Ben": {"Ben", "Speaker Ben"}}
    expected = [(name, word) for name, words in said for word in kept(words).split()]
    assert [word for _, word in heard] == [word for _, word in expected]
    assert all(spoken in names[name] for (spoken, _), (name, _) in zip(heard, expected, strict=True))


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "[",
        "a: ",
        "*a",
        "_ a_",
        "-->\n",
        "1\n",
        "# a\n",
        "> a\n",
        "&",
        "\\[",
        "{\\a",
        "![",
        "[a](http",
        "a,b\n",
        "0:0",
        "[0:01]",
        "word ",
        "(",
        "é",
    ],
)
def test_hostile_repetition_takes_linear_time(unit):
    for head in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "Anna: hi\nBen: ho\nAnna: **hi** "):
        begun = time.process_time()
        check((head + unit * (100_000 // len(unit))).encode())
        assert time.process_time() - begun < 5
