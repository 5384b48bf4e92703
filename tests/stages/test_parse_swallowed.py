"""Nobody's words end up in somebody else's turn: ordinary role words, second styles, speakers in the midst of a paragraph."""

import pytest

from app.domain.transcript import UNKNOWN_SPEAKER
from app.stages.parse import parse

SAID = ["So what happened?", "It broke, and I waited.", "Go on.", "I left it there.", "Why?", "It was late."]
FORMS = [
    "{name}: {words}\n\n",
    "{name}: {words}\n",
    "[00:0{i}] {name}: {words}\n",
    "{name} (00:0{i}):\n{words}\n\n",
    "{name}   0:0{i}\n{words}\n\n",
    "{name} [00:00:0{i}] {words}\n\n",
    "[{name}] {words}\n",
    "{n}\n00:00:0{i},000 --> 00:00:0{i},900\n{name}: {words}\n\n",
]
LABELS = [
    "Client",
    "Subject",
    "Translator",
    "Company",
    "Author",
    "Note",
    "No",
    "My mother",
    "???",
    "Dr. J. R. de Souza Filho",
    "Patient/Carer",
    "Entrevistador/a",
    "Participants",
]


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def speakers(text):
    return set(read(text).canonical.speakers())


def says(text, what):
    return any(what in w for w in read(text).warnings)


def talk(form, names=("Anna", "Ben"), begin=0):
    return "".join(form.format(name=names[i % 2], words=words, i=begin + i, n=begin + i + 1) for i, words in enumerate(SAID))


def expected(names=("Anna", "Ben")):
    return [(names[i % 2], words) for i, words in enumerate(SAID)]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("form", FORMS)
def test_a_label_of_ordinary_words_that_takes_turns_is_a_speaker(form, label):
    assert turns(talk(form, ("Interviewer", label))) == expected(("Interviewer", label))
    assert turns(talk(form, (label, "Interviewer"))) == expected((label, "Interviewer"))


def test_two_turns_of_an_ordinary_word_between_those_of_one_speaker_are_enough():
    text = "Interviewer: So?\n\nClient: It broke.\n\nInterviewer: Why?\n\nClient: Late.\n"
    assert turns(text) == [("Interviewer", "So?"), ("Client", "It broke."), ("Interviewer", "Why?"), ("Client", "Late.")]
    text = text.replace("Client", "Subject")
    assert speakers(text) == {"Interviewer", "Subject"}


def test_a_third_speaker_of_an_ordinary_word_who_recurs_is_one():
    text = (talk("{name}: {words}\n\n") + "Participants: Yes, we all did.\n\n") * 3
    assert speakers(text) == {"Anna", "Ben", "Participants"}


@pytest.mark.parametrize(
    "said", ["Note: it broke.", "One thing: it was slow.", "For example: this.", "So: no.", "1. Agenda: a\n2. Money: b"]
)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_figure_of_speech_within_a_talk_is_no_speaker(said, times):
    plain = talk("{name}: {words}\n\n")
    text = plain + f"{plain}{said}\n\n{plain}{plain}" * times
    assert speakers(text) == {"Anna", "Ben"}
    if times > 1 and not said[0].isdecimal():
        assert says(text, "may open with a speaker's label that is not read as one")


def test_a_list_of_goals_and_methods_is_no_talk_and_what_recurs_is_named():
    text = "Goal: to learn of it all.\n\nMethod: a talk with five people.\n\n" * 4
    assert speakers(text) == {UNKNOWN_SPEAKER}
    assert says(text, "may open with a speaker's label that is not read as one (lines 1, 3, 5 and 5 more)")


def test_a_fact_above_a_talk_is_no_speaker_even_where_its_word_could_be_one():
    text = f"Date: 3 May\nClient: Acme\nSubject: refunds\n\n{talk('{name}: {words}' + chr(10) * 2)}"
    assert turns(text) == expected()
    assert read(text).about["subject"] == "refunds"


@pytest.mark.parametrize("label", ["Unidentified male", "Rosa's husband", "Male voice", "Off-screen voice"])
@pytest.mark.parametrize("form", ["{}: {}\n\n", "{} (00:07):\n{}\n\n"])
def test_somebody_who_speaks_once_is_a_speaker_where_the_file_is_clearly_labelled(label, form):
    talking = "{name}: {words}\n\n" if form.startswith("{}:") else "{name} (00:0{i}):\n{words}\n\n"
    assert turns(talk(talking) + form.format(label, "Dinner!"))[-1] == (label, "Dinner!")


def test_a_phrase_with_a_colon_that_names_nobody_stays_in_its_turn():
    assert turns(talk("{name}: {words}\n\n") + "Main problem: the app.\n\nAnna: Ok.\n")[5] == ("Ben", "It was late. Main problem: the app.")


@pytest.mark.parametrize("form", FORMS[:3])
def test_a_speaker_who_begins_in_the_midst_of_a_paragraph_has_a_turn(form):
    text = talk(form, ("Interviewer", "Rosa")).replace("Go on.", "Who helped? Rosa: I never saw it.")
    assert turns(text)[2:4] == [("Interviewer", "Who helped?"), ("Rosa", "I never saw it. I left it there.")]


@pytest.mark.parametrize(
    "said",
    [
        "He wrote. rosa: come.",
        "He wrote “Go. Rosa: come.” So.",
        'He wrote "Go. Rosa: come." So.',
        "He (once. Rosa: no) left.",
        "It was for Rosa: her car.",
        "He went. One thing: it rained.",
    ],
)
def test_a_name_in_a_quotation_or_a_sentence_is_no_change_of_speaker(said):
    text = talk("{name}: {words}\n\n", ("Interviewer", "Rosa")).replace("Go on.", said)
    assert turns(text)[2] == ("Interviewer", said)


def test_a_talk_in_one_paragraph_has_its_speakers():
    text = "Speaker 1: So what? Speaker 2: It broke. I left. Speaker 1: Why?\n"
    assert turns(text) == [("Speaker 1", "So what?"), ("Speaker 2", "It broke. I left."), ("Speaker 1", "Why?")]


def test_a_paragraph_of_prose_with_colons_has_none():
    assert speakers("So I went home. One thing: it was slow. And another: no. Monday: I rang. And so on.") == {UNKNOWN_SPEAKER}


INLINE, STAMPED, OTTER, DOTTED = (
    "{name}: {words}\n\n",
    "[00:00:{i:02}] {name}\n{words}\n\n",
    "{name}  0:{i:02}\n{words}\n\n",
    "{name}. {words}\n\n",
)


@pytest.mark.parametrize(
    ("first", "second"),
    [(INLINE, STAMPED), (STAMPED, INLINE), (INLINE, OTTER), (OTTER, INLINE)],
)
@pytest.mark.parametrize("names", [("Anna", "Ben"), ("Speaker 1", "Speaker 2")])
def test_a_file_whose_style_changes_halfway_is_read_to_its_end(first, second, names):
    assert turns(talk(first) * 3 + talk(second, names, 20) * 3) == expected() * 3 + expected(names) * 3


@pytest.mark.parametrize(("one", "two"), [(1, 5), (3, 3), (5, 1)])
def test_question_and_answer_after_names_or_before_them_are_read(one, two):
    names, letters = ("Interviewer", "Rosa"), ("Q", "A")
    assert turns(talk(INLINE, names) * one + talk(DOTTED, letters) * two) == expected(names) * one + expected(letters) * two
    assert turns(talk(DOTTED, letters) * two + talk(INLINE, names) * one) == expected(letters) * two + expected(names) * one


def test_the_head_of_a_file_of_headers_stays_a_head():
    text = "Date: 3 May\nInterviewer: Anna\nParticipant: Ben\n\n" + talk(OTTER, ("Interviewer", "Ben"))
    assert turns(text) == expected(("Interviewer", "Ben"))
    assert read(text).about == {"date": "3 May", "interviewer": "Anna", "participant": "Ben"}


def test_a_question_that_is_asked_is_no_fact_about_the_talk():
    text = "Interviewer: What happened next?\nIt was odd.\n\n" + talk("{name}  0:{i:02}\n{words}\n\n")
    assert "interviewer" not in read(text).about


def test_lines_above_the_first_speaker_that_open_with_a_name_are_named():
    text = "Carl: Hello there\n\nSomething\n\nCarl: Hello again\n\n" + talk(OTTER) * 3
    assert says(text, "2 lines above the first speaker that was found open with a name (lines 1, 5): they were not read as speech")


@pytest.mark.parametrize("mark", ["", "#### "])
def test_a_chat_with_a_machine_names_both(mark):
    text = f"{mark}You said:\nHow so?\n\n{mark}ChatGPT said:\nThus.\n\nMore.\n\n{mark}You said:\nOk\n\n{mark}ChatGPT said:\nBye\n"
    assert turns(text) == [("You", "How so?"), ("ChatGPT", "Thus. More."), ("You", "Ok"), ("ChatGPT", "Bye")]
