import pytest

from app.exports import present


@pytest.mark.parametrize(
    ("ms", "words"), [(40_000, "40 s"), (59_600, "1 min"), (1_560_000, "26 min"), (3_600_000, "1 h"), (4_320_000, "1 h 12 min")]
)
def test_lengths_read_as_lengths(ms, words):
    assert present.duration(ms) == words


@pytest.mark.parametrize(("ms", "code"), [(0, "0:00"), (312_999, "5:12"), (3_723_000, "1:02:03"), (None, "")])
def test_time_codes_are_the_same_everywhere(ms, code):
    assert present.time_code(ms) == code


def test_numbers_carry_their_nouns():
    assert present.counted(1, "quote") == "1 quote"
    assert present.counted(1204, "quote") == "1,204 quotes"
    assert present.of_participants(1, 1) == "1 of 1 participant"
    assert present.percent(0.002) == "under 1%"
    assert present.day("2025-03-04T09:20:00+00:00") == "4 March 2025"


def test_context_cut_by_its_length_shows_whole_words_only():
    assert present.own_words_before("urant, and then she said to me, ") == "…and then she said to me,"
    assert present.own_words_after(" and he said that it was all ove") == "and he said that it was all…"
    assert present.own_words_before("Well, ") == "Well,"


def test_a_question_and_the_words_beside_it_are_told_apart():
    assert present.asked_and_said("How might we help with “app”? — “It is in my head.”") == (
        "How might we help with “app”?",
        "“It is in my head.”",
    )
    assert present.asked_and_said("Why? Nobody knows") == ("Why? Nobody knows", "")
