"""The language of short interviews, measured on invented ones."""

import pytest
from interviews import INTERVIEWS, ONE_PAGE, UNPUNCTUATED, lines

from app.adapters.language import detect_language

PAGES = [(language, " ".join(lines(text))) for source in (INTERVIEWS, ONE_PAGE, UNPUNCTUATED) for language, text in source.items()]
TURNS = [(language, turn) for source in (INTERVIEWS, ONE_PAGE, UNPUNCTUATED) for language, text in source.items() for turn in lines(text)]
ANSWERS = [(language, answer) for language, text in INTERVIEWS.items() for answer in lines(text)[3::4]]


@pytest.mark.parametrize(("language", "page"), PAGES)
def test_a_page_of_an_interview_tells_its_language(language, page):
    assert detect_language(page) == language
    assert detect_language(page[:200]) == language


def test_a_single_turn_tells_its_language_or_nothing_but_hardly_ever_another_one():
    told = [(language, detect_language(turn)) for language, turn in TURNS]
    judged = [(language, found) for language, found in told if found != "und"]
    right = sum(language == found for language, found in judged)
    assert len(judged) > 100
    assert right >= 0.98 * len(judged)


def test_most_answers_alone_tell_their_language():
    assert sum(detect_language(answer) == language for language, answer in ANSWERS) >= 0.95 * len(ANSWERS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes. No. Maybe.",
        "はい、そうです。",
        "12:03 15:44 3.50 1000 2000",
        "Zurbali kantor meno dovari lika siro pento malavi grosti fen",
        "ok ok ok ok ok yeah yeah yeah yeah yeah yeah yeah yeah yeah yeah hm hm",
        "asdf qwer zxcv uiop hjkl bnm asdf qwerty lorem fnord blarg",
    ],
)
def test_what_tells_too_little_stays_undetermined(text):
    assert detect_language(text) == "und"


def test_a_preamble_in_english_does_not_hide_the_language_spoken():
    preamble = "This interview was recorded with the consent of the participant and transcribed by the research team in Berlin. "
    assert detect_language(preamble + " ".join(lines(INTERVIEWS["de"]))) == "de"


@pytest.mark.parametrize("language", sorted(set(INTERVIEWS) - {"en"}))
def test_where_questions_and_answers_differ_the_answers_count(language):
    mixed = [lines(INTERVIEWS["en" if i % 2 == 0 else language])[i] for i in range(len(lines(INTERVIEWS[language])))]
    assert detect_language(" ".join(mixed)) == language


def test_letters_of_long_words_without_blanks_are_judged_too():
    assert detect_language("".join(lines(INTERVIEWS["ja"])).replace("。", "")) == "ja"
