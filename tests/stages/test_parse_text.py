"""Text and Markdown: labels in the line, header lines, and prose without names."""

import pytest

from app.domain.transcript import QUOTED_SPEAKER, UNKNOWN_SPEAKER
from app.stages.parse import parse


def read(text):
    return parse(text.encode(), "talk.any")


def turns(text):
    canonical = read(text).canonical
    return [(t.speaker, canonical.text[t.start : t.end]) for t in canonical.turns]


def times(text):
    return [m.ms for m in read(text).canonical.marks]


@pytest.mark.parametrize(
    "label",
    ["{}: ", "{}:", "**{}:** ", "**{}**: ", "__{}__: ", "*{}:* ", "- {}: ", ">> {}: ", "[{}]: ", "\N{NO-BREAK SPACE}{}:\t", "{}\uff1a"],
)
def test_a_label_in_the_line_names_the_speaker(label):
    text = "".join(f"{label.format(name)}{words}\n\n" for name, words in [("Anna Lee", "So?"), ("Ben", "Well."), ("Anna Lee", "Go on.")])
    assert read(text).shape == "inline"
    assert turns(text) == [("Anna Lee", "So?"), ("Ben", "Well."), ("Anna Lee", "Go on.")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[00:00:03] Anna: ", "[00:01:05] Ben: "),
        ("(0:03) Anna: ", "(1:05) Ben: "),
        ("00:00:03 Anna: ", "00:01:05 Ben: "),
        ("[0:03 - 0:09] Anna: ", "[1:05 - 1:09] Ben: "),
        ("**[0:03] Anna:** ", "**[1:05] Ben:** "),
        ("(0:03) **Anna:** ", "(1:05) **Ben:** "),
        ("Anna (00:03): ", "Ben (01:05): "),
        ("**Anna** [00:03]: ", "**Ben** [01:05]: "),
    ],
)
def test_a_time_beside_the_label_becomes_a_mark(first, second):
    text = f"{first}So what was it?\n{second}It was slow.\n"
    assert turns(text) == [("Anna", "So what was it?"), ("Ben", "It was slow.")]
    assert times(text) == [3000, 65_000]


def test_capitals_are_labels_and_further_paragraphs_continue_the_speaker():
    text = "MEL: Hi.\n\nJACKIE: Hello.\n\nAnd there is more.\nMuch more.\n\nMEL: Fine.\n"
    assert turns(text) == [("MEL", "Hi."), ("JACKIE", "Hello. And there is more. Much more."), ("MEL", "Fine.")]


def test_two_spellings_of_a_name_are_one_speaker():
    assert {speaker for speaker, _ in turns("Anna Lee: Hi.\nBen: Ho.\nANNA LEE: So.\nAnna  Lee: Go.\nBen: Yes.\n")} == {"Anna Lee", "Ben"}


def test_a_preamble_is_kept_out_of_speech_and_counted():
    text = (
        "---\ntitle: Talk\n---\n# Interview with Ben\n\nDate: 3 May\nInterviewer: Anna Lee\nParticipant: Ben\n\nTyped up by hand.\n\n"
        "Interviewer: So?\n\nParticipant: Well.\n\nInterviewer: Go on.\n"
    )
    assert turns(text) == [("Interviewer", "So?"), ("Participant", "Well."), ("Interviewer", "Go on.")]
    assert "5 lines before the first speaker were left out" in read(text).warnings
    assert read(text).about == {"title": "Talk", "date": "3 May", "interviewer": "Anna Lee", "participant": "Ben"}


def test_headings_rules_and_footers_between_speech_are_left_out_and_named():
    text = "Anna: So?\n\n## Part two\n\nBen: Well.\n\n---\n\nAnna: Bye.\n\nMeeting ended after 00:50:32 👋\n"
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well."), ("Anna", "Bye.")]
    assert any("2 lines between or after the speech" in w and "lines 3, 11" in w for w in read(text).warnings)


def test_a_closing_section_is_no_speech():
    text = "Anna: So?\n\nBen: Well.\n\nAnna: Bye.\n\n## References\n\nThe book of books.\n"
    assert turns(text)[-1] == ("Anna", "Bye.")
    assert any("lines 7, 9" in w for w in read(text).warnings)


def test_a_time_on_its_own_line_or_within_a_paragraph_is_a_mark_and_no_word():
    text = "Anna: So?\n\n00:05:00\n\nBen: Well, I [00:05:10] waited.\n\n[00:06:00] And waited.\n\nAnna: Oh.\n"
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well, I waited. And waited."), ("Anna", "Oh.")]
    assert times(text) == [300_000, 310_000, 360_000]


def test_a_time_of_day_that_is_spoken_stays():
    assert turns("Anna: When?\nBen: Late.\n10:30 we left.\nAnna: Oh.\n")[1] == ("Ben", "Late. 10:30 we left.")


def test_a_sentence_with_a_colon_is_speech():
    said = "One thing: it was slow.\n\nImportant: call first.\n\nhttp://example.org/a: b"
    text = f"Anna: So?\n\nBen: Well.\n\n{said}\n\nAnna: Yes.\n\nBen: Ok.\n"
    assert [speaker for speaker, _ in turns(text)] == ["Anna", "Ben", "Anna", "Ben"]
    assert "Well. One thing: it was slow. Important: call first." in read(text).canonical.text


def test_lower_case_roles_are_labels_when_they_take_turns():
    text = "interviewer: so what happened?\nuser: it broke\ninterviewer: and then?\nuser: i left\ninterviewer: why?\nuser: because\n"
    assert [speaker for speaker, _ in turns(text)] == ["interviewer", "user"] * 3


def test_scripts_without_capitals_have_labels_too():
    assert turns("面接官：こんにちは。\n田中：はい。\n面接官：どうぞ。\n") == [
        ("面接官", "こんにちは。"),
        ("田中", "はい。"),
        ("面接官", "どうぞ。"),
    ]


def test_a_suffix_in_brackets_belongs_to_the_name():
    assert turns("Anna (Acme): Hi.\nBen: Ho.\nAnna (Acme): So.\n")[0] == ("Anna (Acme)", "Hi.")


def test_badges_of_meeting_tools_are_no_part_of_a_name():
    text = "Anna Lee (Guest): Hi.\nBen [Contoso]: Ho.\nAnna Lee: So.\nBen (External): Go.\nAnna Lee (Guest, Unverified): No.\n"
    assert {speaker for speaker, _ in turns(text)} == {"Anna Lee", "Ben"}


def test_markdown_marks_go_and_their_words_stay():
    first, second = "\\[so\\] _Zelda_ in snake_case_here, 2 * 3 * 4", "a [link](https://a.b/c) and **bold** R&amp;D"
    text = f"**Anna:** {first}\n\n**Ben:** {second}\n\n**Anna:** ok\n"
    assert [words for _, words in turns(text)] == ["[so] Zelda in snake_case_here, 2 * 3 * 4", "a link and bold R&D", "ok"]


def test_asterisks_of_plain_text_are_kept():
    assert turns("Anna: it *really* was\nBen: no\nAnna: yes\n")[0] == ("Anna", "it *really* was")


def test_a_quoted_passage_is_not_put_into_the_speakers_mouth():
    text = "**Anna:** hi\n\n**Ben:** he said\n\n> four score\n\nwell\n\n**Anna:** ok\n"
    assert turns(text) == [("Anna", "hi"), ("Ben", "he said"), (QUOTED_SPEAKER, "four score"), ("Ben", "well"), ("Anna", "ok")]
    assert any("line 5" in w for w in read(text).warnings)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Anna Lee  0:03", "Speaker 2  1:05"),
        ("Anna Lee (00:00:03):", "Speaker 2 (00:01:05):"),
        ("Anna Lee 00:00:03", "Speaker 2 00:01:05"),
        ("Anna Lee  (0:03)", "Speaker 2  (1:05)"),
        ("### Anna Lee 0:03", "### Speaker 2 1:05"),
        ("**Anna Lee** [0:03]", "**Speaker 2** [1:05]"),
        ("[0:03] Anna Lee", "[1:05] Speaker 2"),
        ("Anna Lee - 0:03", "Speaker 2 - 1:05"),
    ],
)
def test_a_header_line_names_the_speaker_of_the_text_below(first, second):
    text = f"{first}\nSo I'm joined by: Ben.\n\nAnd more.\n\n{second}\nHi.\n\n{first.replace('0:03', '1:09')}\nBye.\n"
    assert read(text).shape == "header"
    assert turns(text) == [("Anna Lee", "So I'm joined by: Ben. And more."), ("Speaker 2", "Hi."), ("Anna Lee", "Bye.")]
    assert times(text)[:2] == [3000, 65_000]


def test_headings_that_recur_are_speakers():
    text = "# Talk\n\n### Anna\n\nSo?\n\n### Ben\n\nWell.\n\n### Anna\n\nGo on.\n\n### Ben\n\nOk.\n"
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well."), ("Anna", "Go on."), ("Ben", "Ok.")]


def test_a_header_file_has_its_preamble_left_out():
    text = "My talk\nEdited by Jo\n\nAnna  0:03\nSo?\n\nBen  0:05\nWell.\n\nAnna  0:09\nOk.\n\nTranscribed by https://otter.ai\n"
    assert turns(text) == [("Anna", "So?"), ("Ben", "Well."), ("Anna", "Ok.")]
    assert "2 lines before the first speaker were left out" in read(text).warnings


def test_prose_without_names_is_one_unnamed_speaker_and_it_is_said():
    parsed = read("So I went to the shop. It was fine.\n\nThen I came home and it broke.\n")
    assert (parsed.shape, parsed.canonical.speakers()) == ("plain", (UNKNOWN_SPEAKER,))
    assert parsed.canonical.text == "So I went to the shop. It was fine. Then I came home and it broke."
    assert any("no speaker names" in w for w in parsed.warnings)
