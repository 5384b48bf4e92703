import pytest

from app.stages.in_vivo import clauses_of, fitness, holds_name


def test_clauses_are_cut_at_commas_and_joints_and_stand_in_the_text_word_for_word():
    text = "Well, I waited on hold for an hour and nobody told me the queue."
    found = list(clauses_of(text))
    assert "I waited on hold for an hour" in found
    assert "nobody told me the queue" in found
    assert all(clause in text for clause in found)


def test_a_question_is_no_clause():
    assert list(clauses_of("Would you like the scan with that? I said no thank you.")) == ["I said no thank you"]


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("No signal reached the garden shed.", "signal reached the garden shed"),
        ("I would pay for it if they asked nicely.", "I would pay for it"),
        ("I didn't trust the thing until Tom explained.", "I didn't trust the thing"),
        ("I thought the price was quite fair.", "the price was quite fair"),
    ],
)
def test_no_cut_turns_what_was_meant(text, never):
    assert never not in list(clauses_of(text))


def test_discourse_words_go_from_front_and_end():
    assert list(clauses_of("Yeah, well, I do find them rude, mind.")) == ["I do find them rude"]


def test_a_clause_neither_dangles_nor_breaks_a_quotation():
    assert list(clauses_of("It was because I had the")) == []
    assert 'it says "free with most retailers' not in list(clauses_of('So it says "free with most retailers", you see.'))


def test_a_clause_that_can_be_understood_alone_is_fitter_than_one_that_points_back():
    assert fitness("the bank wants another code") > fitness("it wants another code")
    assert fitness("I waited on hold an hour") > fitness("in the middle of the week")
    assert fitness("twelve pounds and eighty pence") < fitness("I never got the refund")


def test_stage_directions_are_never_part_of_a_label():
    assert fitness("I [laughs] rang the wrong number") == 0


def test_a_japanese_clause_is_as_long_as_its_characters_make_it():
    text = "パスワードを忘れてしまって、電話で三十分も待たされました。"
    found = list(clauses_of(text))
    assert "電話で三十分も待たされました" in found
    assert fitness("電話で三十分も待たされました", "ja") > 0


def test_names_are_found_with_and_without_their_genitive():
    assert holds_name("Lowri's phone was flat again", {"lowri"})
    assert not holds_name("the phone was flat again", {"lowri"})
