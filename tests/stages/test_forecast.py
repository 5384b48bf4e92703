import pytest

from app.ports import Foreseen
from app.stages.forecast import Frame, born_part, grown_statements, usual_names, usual_statements

FRAME = Frame(Foreseen(1, 700, 100, 2900), tokens_per_char=0.25, group_tokens=70, room_chars=30_000)


def test_a_study_without_quotes_needs_no_words():
    assert usual_names(0, 0, FRAME, 16) == usual_statements(0, 0, 7, FRAME) == Foreseen()


def test_every_stage_is_asked_for_once_until_its_quotes_outgrow_a_request():
    assert usual_statements(90, 11_000, 7, FRAME).calls == 7
    assert usual_statements(90, 11_000, 3, FRAME).calls == 3
    assert usual_statements(2000, 260_000, 7, FRAME).calls > 20


def test_what_a_request_costs_empty_is_counted_for_each_call():
    told = usual_statements(90, 10_000, 7, FRAME)
    assert told.tokens_in == pytest.approx(7 * 700 + told.characters / 4 - 7 * 2900 / 4)


def test_themes_are_named_together_as_far_as_a_request_holds_them():
    assert usual_names(300, 40_000, FRAME, 16).calls == 1
    assert usual_names(300, 40_000, FRAME, 5).calls == 3
    assert usual_names(20_000, 2_600_000, FRAME, 16).calls > 15


def test_what_was_worded_before_grows_more_slowly_than_the_study():
    before = [[9000], [25_000, 5000]]
    same, more = grown_statements(before, 60, 1.0, FRAME), grown_statements(before, 60, 2.0, FRAME)
    assert (same.calls, same.characters) == (3, 3 * 2900 + 39_000)
    assert 1.6 * 39_000 < more.characters - more.calls * 2900 < 2 * 39_000


def test_the_more_quotes_are_new_the_more_themes_are():
    assert born_part(0) == 0
    assert 0 < born_part(0.05) < born_part(0.1) < born_part(0.3) < 1
