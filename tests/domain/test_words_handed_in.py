from app.domain.wording import in_words, listed, quoted
from app.stages.prevalence import Interview, saturation


def test_things_in_a_row_have_a_word_before_the_last():
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_a_name_stands_in_quotation_marks_whatever_it_holds():
    assert quoted("{x}") == "“{x}”"


def test_small_numbers_are_written_out():
    assert [in_words(n) for n in (0, 1, 9, 10)] == ["no", "one", "nine", "10"]


def test_every_one_of_the_last_interviews_may_add_a_theme():
    said = saturation([Interview(str(n), frozenset(theme)) for n, theme in enumerate("abcd")]).reading
    assert said.startswith("Each of the last three interviews added a theme; together they added three themes.")
