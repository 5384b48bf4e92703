"""Tables as people and programs make them: sessions of an AI interviewer, questions beside answers, video and tier exports."""

import pytest
from containers import docx

from app.errors import NotSpeech
from app.stages.parse import parse
from app.stages.parse.source import Source
from app.stages.parse.table import READER

SESSIONS = [
    ("abc1", "assistant", "How did it go today?"),
    ("abc1", "user", "It went fine for me."),
    ("abc1", "assistant", "Thank you."),
    ("def2", "assistant", "How did it go?"),
    ("def2", "user", "It was bad for me."),
]
APART = [
    ("AI interviewer", "How did it go today?"),
    ("abc1", "It went fine for me."),
    ("AI interviewer", "Thank you."),
    ("AI interviewer", "How did it go?"),
    ("def2", "It was bad for me."),
]
TALK = [
    ("0:03", "Anna", "How did you find us?"),
    ("0:09", "Ben", "A friend of mine told me."),
    ("0:12", "Anna", "What did she say then?"),
    ("0:19", "Ben", "That it would be cheap."),
]
LABELLED = [
    ("I: How was it for you?", "opening"),
    ("P: It was fine for me.", "trust"),
    ("I: And later in the week?", ""),
    ("P: Later it broke again.", "failure"),
]
ASKED = [("How did you find us?", "A friend told me."), ("Why did you stay?", "Because it worked.")]
ASKED_TURNS = [
    ("Interviewer", "How did you find us?"),
    ("Participant", "A friend told me."),
    ("Interviewer", "Why did you stay?"),
    ("Participant", "Because it worked."),
]


def lines(*rows, delimiter=","):
    return "".join(f"{delimiter.join(row)}\n" for row in rows).encode()


def word(*rows, above=""):
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return docx(f"{paragraph(above) if above else ''}<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>")


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def turns(data):
    canonical = parse(data, "talk").canonical
    return [(turn.speaker, canonical.text[turn.start : turn.end]) for turn in canonical.turns]


def starts(data):
    return [u.start_ms for u in READER.read(Source(data.decode())).utterances]


def warned(data, words):
    return any(words in warning for warning in parse(data, "talk").warnings)


@pytest.mark.parametrize(
    "titles",
    [
        ("session_id", "role", "message"),
        ("conversation_id", "role", "content"),
        ("interview_id", "sender", "text"),
        ("participant_id", "role", "message"),
        ("participant", "role", "message"),
        ("user", "role", "content"),
    ],
)
def test_sessions_in_one_table_keep_their_participants_and_turns_apart(titles):
    data = lines(titles, *SESSIONS)
    assert turns(data) == APART
    assert warned(data, "the table holds 2 interviews, told by their ids")


def test_sessions_in_a_table_of_a_document_are_kept_apart_too():
    assert turns(word(("session_id", "role", "message"), *SESSIONS)) == APART


def test_numbered_speakers_of_several_sessions_are_others_in_each():
    rows = [("a", "Speaker 1", "How was it?"), ("a", "Speaker 2", "Fine."), ("b", "Speaker 2", "And how?"), ("b", "Speaker 1", "Well.")]
    data = lines(("session_id", "speaker", "text"), *rows)
    assert turns(data) == [(f"{ident} {name}", said) for ident, name, said in rows]


def test_named_speakers_of_several_sessions_keep_their_names_and_their_turns_end_with_the_session():
    rows = [("a", "Anna", "How was it?"), ("a", "Ben", "Fine."), ("b", "Ben", "And so on."), ("b", "Anna", "I see.")]
    data = lines(("session_id", "speaker", "text"), *rows)
    assert turns(data) == [row[1:] for row in rows]
    assert warned(data, "equal names one speaker")


def test_short_sessions_that_are_numbered_are_sessions():
    rows = [("1", "assistant", "How was it?"), ("1", "user", "Fine."), ("2", "assistant", "How was it?"), ("2", "user", "Bad.")]
    said = turns(lines(("session_id", "role", "message"), *rows))
    assert [who for who, _ in said] == ["AI interviewer", "Participant 1", "AI interviewer", "Participant 2"]


def test_numbers_of_questions_are_no_sessions():
    rows = [("1", "AI", "How was it?"), ("1", "User", "Fine."), ("2", "AI", "Why so?"), ("2", "User", "It worked.")]
    assert {speaker for speaker, _ in turns(lines(("no", "role", "text"), *rows))} == {"AI interviewer", "User"}


@pytest.mark.parametrize("line", ["Question, answer.", "Then, who, what, when, where?"])
def test_speech_that_asks_who_and_what_is_no_row_of_titles(line):
    said = f"So, we went, and it rained.\n{line}\nThen, it was, well, over.\nAnd, so, on.\n"
    assert parse(said.encode(), "talk").shape != "table"


def test_rows_of_sessions_that_ran_at_the_same_time_are_put_together():
    mixed = [SESSIONS[i] for i in (0, 3, 1, 4, 2)]
    assert turns(lines(("session_id", "role", "message"), *mixed)) == APART


def test_sessions_led_by_a_person_are_kept_apart_too():
    people = {"assistant": "Interviewer", "user": "Participant"}
    data = lines(("session_id", "role", "message"), *((ident, people[role], said) for ident, role, said in SESSIONS))
    assert turns(data) == [("Interviewer" if who == "AI interviewer" else who, said) for who, said in APART]


@pytest.mark.parametrize("columns", [slice(0, 3), slice(1, 3)])
def test_one_session_names_its_speakers_as_the_json_log_does(columns):
    rows = [("session_id", "role", "message"), *SESSIONS[:3]]
    data = lines(*(row[columns] for row in rows))
    assert turns(data) == [("AI interviewer", "How did it go today?"), ("User", "It went fine for me."), ("AI interviewer", "Thank you.")]
    assert not warned(data, "interviews")


def test_ids_of_rows_or_of_speakers_are_no_sessions():
    rows = [("1", "interviewer", "How was it?"), ("2", "participant", "Fine."), ("3", "interviewer", "Why?"), ("4", "participant", "Well.")]
    assert {speaker for speaker, _ in turns(lines(("id", "role", "text"), *rows))} == {"interviewer", "participant"}
    rows = [
        ("m1", "interviewer", "How was it?"),
        ("p1", "participant", "Fine."),
        ("m1", "interviewer", "Why?"),
        ("p1", "participant", "Well."),
    ]
    assert len(turns(lines(("participant_id", "role", "text"), *rows))) == len(rows)
    assert not warned(lines(("participant_id", "role", "text"), *rows), "interviews")


def test_messages_of_the_system_are_left_out_and_named():
    data = lines(("session_id", "role", "message"), ("abc1", "system", "You are a kind interviewer."), *SESSIONS)
    assert turns(data) == APART
    assert warned(data, "1 message of the system or of tools was left out (row 2)")


def test_the_last_question_of_one_json_log_does_not_run_on_into_the_next():
    logs = [f'{{"id": "{i}", "messages": [{m}]}}' for i, m in (("abc1", _messages("abc1")), ("def2", _messages("def2")))]
    assert turns("\n".join(logs).encode()) == APART


def _messages(ident):
    return ", ".join(f'{{"role": "{role}", "content": "{said}"}}' for i, role, said in SESSIONS if i == ident)


@pytest.mark.parametrize("above", ["", "Interview with Rosa"])
def test_labels_in_a_column_of_a_word_table_are_turns(above):
    data = word(("Transcript", "Codes"), *LABELLED, above=above)
    assert turns(data) == [(cell[0], cell[3:]) for cell, _ in LABELLED]
    assert warned(data, "1 column of a table beside the one that is spoken was left out")


def test_a_table_of_facts_is_not_read_as_labelled_speech():
    facts = "<w:tbl>" + "".join(
        f"<w:tr><w:tc>{paragraph(a)}</w:tc><w:tc>{paragraph(b)}</w:tc></w:tr>"
        for a, b in (("Interviewer: Anna", "Date: May"), ("Participant: Rosa", "Place: Rome"))
    )
    said = "".join(paragraph(cell) for cell, _ in LABELLED)
    assert turns(docx(f"{facts}</w:tbl>{said}")) == [(cell[0], cell[3:]) for cell, _ in LABELLED]


@pytest.mark.parametrize("titles", [("Question", "Answer"), ("Frage", "Antwort"), ("Pregunta", "Respuesta"), ("Q", "A")])
def test_questions_beside_answers_are_the_turns_of_two_roles(titles):
    for data in (lines(titles, *ASKED), word(titles, *ASKED)):
        assert turns(data) == ASKED_TURNS
        assert warned(data, "no column names a speaker")


def test_answers_of_several_people_stay_apart():
    data = lines(("respondent", "question", "answer"), *((who, *pair) for who in ("p1", "p2") for pair in ASKED))
    assert [speaker for speaker, _ in turns(data)] == ["Interviewer", "p1", "Interviewer", "p1", "Interviewer", "p2", "Interviewer", "p2"]
    assert warned(data, "the table holds 2 interviews")


def test_a_document_whose_words_are_all_in_unreadable_tables_is_refused():
    rows = [("So it went on", f"and on, {i} times", "until it stopped") for i in range(9)]
    with pytest.raises(NotSpeech, match="nearly all its words stand in tables whose columns could not be told"):
        parse(word(*rows, above="Interview with Rosa"), "talk")


@pytest.mark.parametrize(
    "titles",
    [
        ("Time", "Who", "What"),
        ("When", "Who", "What was said"),
        ("Wann", "Wer", "Was"),
        ("Quand", "Qui", "Quoi"),
        ("Cuándo", "Quién", "Qué"),
        ("Wanneer", "Wie", "Wat"),
        ("Quando", "Quem", "O que"),
        ("Quando", "Chi", "Che cosa"),
    ],
)
def test_who_said_what_and_when_are_titles(titles):
    said = [row[1:] for row in TALK]
    assert turns(lines(titles, *TALK)) == turns(word(titles, *TALK)) == said
    assert starts(lines(titles, *TALK)) == [3000, 9000, 12000, 19000]
    assert parse(word(titles, *TALK), "talk").canonical.marks[0].ms == 3000


def test_titles_under_a_heading_are_titles():
    rows = [("Interview 4",), ("Time", "Name", "Utterance", "Notes"), *((*row, "x") for row in TALK)]
    assert turns(lines(*rows, delimiter="\t")) == [row[1:] for row in TALK]


def test_clock_times_under_a_title_of_their_own_are_read():
    assert starts(lines(("Position", "Who", "What"), *TALK)) == [3000, 9000, 12000, 19000]


@pytest.mark.parametrize("sign", [":", ";"])
def test_times_with_frames_are_read_to_the_second(sign):
    rows = [("Anna", f"00:00:03{sign}12", f"00:00:05{sign}01", "Hello."), ("Ben", f"00:00:06{sign}00", f"00:00:08{sign}24", "Hi.")]
    data = lines(("Speaker Name", "Start Time", "End Time", "Text"), *rows)
    assert turns(data) == [("Anna", "Hello."), ("Ben", "Hi.")]
    assert starts(data) == [3000, 6000]
    assert not warned(data, "unreadable time")


def tier(name, start, end, said):
    return (name, "", f"00:00:{start:06.3f}", str(start), f"00:00:{end:06.3f}", str(end), said)


ELAN = [
    tier("Rosa", 7.12, 13.0, "So it went on"),
    tier("Ben", 14.0, 15.0, '"Really, I thought.'),
    tier("Rosa", 17.5, 23.0, "Another thing happened."),
]


def test_an_export_of_tiers_without_titles_is_read_with_its_times():
    data = lines(*ELAN, delimiter="\t")
    assert turns(data) == [(row[0], row[-1]) for row in ELAN]
    assert starts(data) == [7120, 14000, 17500]


def test_tiers_one_after_the_other_are_put_into_the_order_of_time():
    data = lines(ELAN[0], ELAN[2], ELAN[1], delimiter="\t")
    assert turns(data) == [(row[0], row[-1]) for row in ELAN]
    assert warned(data, "put into the order of their times")


def test_a_lone_quotation_mark_between_tabs_swallows_no_row():
    data = lines(("speaker", "text"), ("Anna", '"So he said'), ("Ben", '"Yes ""really"", yes"'), delimiter="\t")
    assert turns(data) == [("Anna", '"So he said'), ("Ben", 'Yes "really", yes')]
