"""Whatever is in a file, reading it ends in spans that hold or in an error of the tree; words are not lost on the way."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.transcript import PARAGRAPH_BREAK, normalise
from app.errors import UnreadableFile
from app.stages.parse import parse

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
@given(
    st.lists(st.tuples(st.sampled_from(["Anna Lee", "Ben"]), WORDS), min_size=4, max_size=20),
    st.sampled_from(["voice", "label", "srt", "inline", "header"]),
)
def test_no_spoken_word_is_lost_and_each_keeps_its_speaker(said, shape):
    said = [("Anna Lee", "so hello"), ("Ben", "hello you"), ("Anna Lee", "right"), ("Ben", "yes please"), *said]
    blocks = {
        "voice": lambda i, name, words: f"{i}\n00:{i:02}.000 --> 00:{i:02}.500\n<v {name}>{words}\n\n",
        "label": lambda i, name, words: f"00:{i:02}.000 --> 00:{i:02}.500\n{name}: {words}\n\n",
        "srt": lambda i, name, words: f"{i}\n00:00:{i:02},000 --> 00:00:{i:02},500\n{name}: {words}\n\n",
        "inline": lambda _, name, words: f"{name}: {words}\n\n",
        "header": lambda i, name, words: f"{name}  0:{i:02}\n{words}\n\n",
    }
    text = "".join(blocks[shape](i, name, words) for i, (name, words) in enumerate(said, 1))
    canonical = parse((f"WEBVTT\n\n{text}" if shape in {"voice", "label"} else text).encode(), "any").canonical
    heard = [(t.speaker, word) for t in canonical.turns for word in canonical.text[t.start : t.end].split()]
    assert heard == [(name, word) for name, words in said for word in words.split()]


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
