"""Tables: CSV and its kin, and the rows of spreadsheets; a row an utterance, or a row an interview."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.transcript import UNKNOWN_SPEAKER, render_canonical
from app.errors import NotSpeech, UnreadableFile
from app.stages.parse import parse
from app.stages.parse.source import Source
from app.stages.parse.table import READER

SAID = [("Anna", "How was it, then?"), ("Ben", 'It "worked", mostly.')]


def table(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(text):
    return parse(text.encode(), "talk.csv")


def turns(text):
    return turns_of(read(text).canonical)


def turns_of(canonical):
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def starts(text):
    return [u.start_ms for u in READER.read(Source(text)).utterances]


def warned(text, words):
    return any(words in warning for warning in read(text).warnings)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_separates_its_cells(delimiter):
    text = table(
        [("speaker", "start", "end", "text"), ("Anna", "0:01", "0:04", SAID[0][1]), ("Ben", "0:05", "0:09", SAID[1][1])], delimiter
    )
    assert read(text).shape == "table"
    assert turns(text) == SAID
    assert starts(text) == [1000, 5000]


@pytest.mark.parametrize(
    "titles",
    [
        ("Speaker Name", "Transcript"),
        ("PARTICIPANT", "Statement"),
        ("who", "utterance"),
        ("Sprecher", "Äußerung"),
        ("Sprecher:in", "Text"),
        ("Locuteur", "Texte"),
        ("Hablante", "Texto"),
        ("Spreker", "Tekst"),
        ("Orador", "Transcrição"),
        ("Parlante", "Testo"),
        ("話者", "発言"),
        ("speaker_label", "content"),
        ("\ufeffName", "Message"),
    ],
)
def test_columns_are_known_by_their_names_in_many_languages(titles):
    assert turns(table([titles, *SAID])) == SAID
    assert turns(table([titles[::-1], *((text, name) for name, text in SAID)])) == SAID


@pytest.mark.parametrize(
    ("title", "cell", "ms"),
    [
        ("start_ms", "1500", 1500),
        ("Start (s)", "1.5", 1500),
        ("Start Time (hh:mm:ss)", "00:01:02", 62000),
        ("timestamp", "[0:07]", 7000),
        ("Beginn", "00:00:01,500", 1500),
        ("début", "0:02", 2000),
        ("in", "0:03 - 0:05", 3000),
    ],
)
def test_times_are_read_in_the_unit_that_their_title_or_form_tells(title, cell, ms):
    assert starts(table([("speaker", title, "text"), ("Anna", cell, "Hello there.")])) == [ms]


def test_times_without_a_unit_are_guessed_and_it_is_said():
    text = table(
        [("start", "end", "speaker", "text"), ("0", "1900", "Anna", "So it went on."), ("2000", "4100", "Ben", "And then it broke.")]
    )
    assert starts(text) == [0, 2000]
    assert warned(text, "carry no unit: read as milliseconds")


def test_many_columns_of_numbers_beside_the_speech_do_no_harm():
    text = table([("id", "start", "end", "speaker", "text", *"abcdefghijkl"), *[(1, 2, 3, name, said, *range(12)) for name, said in SAID]])
    assert turns(text) == SAID


def test_captions_without_speakers_are_one_unnamed_speaker():
    text = table([("start", "end", "text"), ("0.0", "1.5", "So it went"), ("1.5", "2.5", "on and on.")])
    assert turns(text) == [(UNKNOWN_SPEAKER, "So it went on and on.")]
    assert warned(text, "no speaker names were found")


def test_a_table_without_titles_is_told_by_names_that_recur_beside_long_text():
    rows = [
        ("0:01", "Anna", "How did you find us?"),
        ("0:04", "Ben", "A friend of mine told me."),
        ("0:09", "Anna", "What did she say then?"),
    ]
    assert turns(table([*rows, ("0:12", "Ben", "That it would be cheap.")]))[0] == ("Anna", "How did you find us?")
    assert starts(table([*rows, ("0:12", "Ben", "That it would be cheap.")])) == [1000, 4000, 9000, 12000]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: Well, it was fine.\nBen: Yes, it was.\nAnna: So, shall we?\nBen: Fine, let us.\n",
        "So, I went home.\nThen, it broke.\nWell, that was all.\nYes, really.\n",
        "Anna  0:03\nHello, you.\n\nBen  0:06\nHi, Anna.\n",
    ],
)
def test_prose_with_commas_is_no_table(text):
    assert read(text).shape != "table"


def test_cells_may_hold_line_breaks_and_quotes():
    text = 'speaker,text\nAnna,"So it\nwent ""well"",\n\nI think."\nBen,Good.\n'
    assert turns(text) == [("Anna", 'So it went "well", I think.'), ("Ben", "Good.")]


def test_ragged_rows_are_repaired_where_it_is_clear_and_named():
    text = "speaker,text\nAnna,Well, yes, it did\nBen\nAnna,Go on.\n\nBen,Hm.\n"
    assert turns(text) == [("Anna", "Well, yes, it did Go on."), ("Ben", "Hm.")]
    assert warned(text, "1 row with unquoted commas: the text was joined again (row 2)")
    assert warned(text, "1 row ended before the column of the text, left out (row 3)")


def test_cells_beyond_the_columns_are_named():
    text = "text,speaker\nHello there.,Anna,what\nGood.,Ben\n"
    assert turns(text) == [("Anna", "Hello there."), ("Ben", "Good.")]
    assert warned(text, "(row 2)")


def test_a_row_without_a_name_goes_on_with_the_one_before_and_it_is_said():
    text = "speaker,text\nAnna,So\n,I went.\nBen,Ah.\n"
    assert turns(text) == [("Anna", "So I went."), ("Ben", "Ah.")]
    assert warned(text, "1 row without a name was given to the speaker of the row before")


def test_rows_above_the_titles_and_titles_once_more_are_no_speech():
    text = "Interview 4,,\n2024-05-01,,\nspeaker,start,text\nAnna,0:01,Hello.\nspeaker,start,text\nBen,0:02,Hi.\n"
    assert turns(text) == [("Anna", "Hello."), ("Ben", "Hi.")]
    assert warned(text, "2 rows above the titles were left out")


def test_a_formula_is_text_and_sounds_stay_as_they_are():
    text = 'speaker,text\nAnna,"=HYPERLINK(""http://example.org"",""x"")"\nBen,[Music] +1 from me\n'
    assert turns(text) == [("Anna", '=HYPERLINK("http://example.org","x")'), ("Ben", "[Music] +1 from me")]


def test_excels_separator_line_and_a_markdown_table_are_read():
    assert turns("sep=;\nspeaker;text\nAnna;Hello.\nBen;Hi.\n") == [("Anna", "Hello."), ("Ben", "Hi.")]
    assert turns("| Speaker | Text |\n|---|:--|\n| Anna | Hello. |\n| Ben | Hi. |\n") == [("Anna", "Hello."), ("Ben", "Hi.")]


def test_rows_of_a_spreadsheet_are_read_as_those_of_a_file():
    rows = (("Study 3", "", ""), ("Speaker", "Start", "Text"), ("Anna", "00:00:01", "Hello."), ("", "", ""), ("Ben", "", "Hi."))
    source = Source("", rows)
    assert READER.detect(source) > 0.97
    assert turns_of(render_canonical(READER.read(source).utterances)) == [("Anna", "Hello."), ("Ben", "Hi.")]


TALK = "AI: What do you use it for?\nUser: Mostly for work.\nAI: And else?\nUser: For fun."


def test_a_row_an_interview_gives_each_participant_a_name_of_their_own():
    text = table([("transcript_id", "text"), ("p-1", TALK), ("7", "Assistant: Hi.\n\nUser: Hello to you."), ("", TALK)])
    assert [speaker for speaker, _ in turns(text)] == [
        *("AI interviewer", "p-1", "AI interviewer", "p-1"),
        *("AI interviewer", "Participant 7"),
        *("AI interviewer", "Row 4", "AI interviewer", "Row 4"),
    ]
    assert turns(text)[1] == ("p-1", "Mostly for work.")
    assert warned(text, "the table holds 3 interviews")


def test_an_interview_in_a_cell_that_lost_its_line_ends_is_read_too():
    text = table([("id", "transcript"), ("p1", TALK.replace("\n", " "))])
    assert turns(text) == [
        ("AI interviewer", "What do you use it for?"),
        ("p1", "Mostly for work."),
        ("AI interviewer", "And else?"),
        ("p1", "For fun."),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            table(
                [
                    ("Timestamp", "How old are you?", "What do you like about it?", "What would you change?"),
                    *[("2024", "33", "All", "No")] * 4,
                ]
            ),
            "a survey export",
        ),
        (table([("a", "b", "c"), *[(1, 2.5, 3)] * 9]), "a table of numbers"),
        (table([("id", "comment", "score"), (1, "I like it a lot", 5), (2, "Not for me at all", 1)]), "a table of comments"),
        (table([("name", "comment"), *((name, "It was good for me") for name in ("Ann", "Bo", "Cy", "Di", "Ed"))]), "a table of comments"),
        (
            table(
                [("file", "speaker", "role", "quote"), ("a.vtt", "Ann", "participant", "Not for me"), ("b.vtt", "Bo", "participant", "Ok")]
            ),
            "a table of participants",
        ),
    ],
)
def test_tables_that_are_no_transcripts_are_refused_with_the_way_out(text, says):
    with pytest.raises(NotSpeech, match=rf"talk\.csv: this looks like {says}.*upload a table with a column for the text"):
        read(text)


def test_a_spreadsheet_that_is_no_transcript_is_refused():
    source = Source("", (("Country", "Sales"), ("Chile", "many"), ("Peru", "few")))
    assert READER.detect(source) > 0.9
    with pytest.raises(NotSpeech, match="no transcript"):
        READER.read(source)


def test_a_quotation_mark_that_is_never_closed_is_told():
    with pytest.raises(UnreadableFile, match="never closed"):
        read('speaker,text\nAnna,Hi.\nBen,"' + "so it went on\n" * 20_000)


ROWS = st.lists(st.lists(st.text(alphabet="aB,;|\t\"'\n=:0. User:AI", max_size=12), max_size=5), max_size=12)


@settings(deadline=None, max_examples=200)
@given(ROWS, st.sampled_from([("speaker", "text"), ("start", "end", "text"), ("id", "text"), ()]), st.sampled_from(",;\t|"))
def test_any_table_is_read_or_refused(rows, titles, delimiter):
    text = table([titles, *rows] if titles else rows, delimiter)
    try:
        parsed = parse(text.encode(), "talk.csv")
    except UnreadableFile:
        return
    assert parsed.canonical.text


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Anna", "Ben"]), st.sampled_from(["so it", 'he said "no"', "a, b", "c;d", "x\ny"])),
        min_size=1,
        max_size=20,
    )
)
def test_no_word_of_a_table_is_lost_and_each_keeps_its_speaker(said):
    heard = [(speaker, word) for speaker, text in turns(table([("speaker", "text"), *said])) for word in text.split()]
    assert heard == [(speaker, word) for speaker, text in said for word in text.split()]
