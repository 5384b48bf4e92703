import pytest

from app.ports import Foreseen
from app.stages.codebook import BATCH, usual_themes
from app.stages.forecast import AT_MOST, ENTRY_CHARS, Frame, grown_statements, usual_draft, usual_placing, usual_statements

FRAME = Frame(Foreseen(1, 700, 100, 2900), tokens_per_char=0.25, group_tokens=70, room_chars=30_000)


def test_a_study_without_quotes_needs_no_words():
    assert usual_draft(0, FRAME) == usual_placing(0, 0, None, FRAME) == usual_statements(0, 0, 7, FRAME) == Foreseen()


def test_every_stage_is_asked_for_once_until_its_quotes_outgrow_a_request():
    assert usual_statements(90, 11_000, 7, FRAME).calls == 7
    assert usual_statements(90, 11_000, 3, FRAME).calls == 3
    assert usual_statements(2000, 260_000, 7, FRAME).calls > 20


def test_what_a_request_costs_empty_is_counted_for_each_call():
    told = usual_statements(90, 10_000, 7, FRAME)
    assert told.tokens_in == pytest.approx(7 * 700 + told.characters / 4 - 7 * 2900 / 4)


def test_a_code_book_is_drafted_in_one_call_until_its_gists_outgrow_a_request_and_then_made_into_one():
    assert usual_draft(300, FRAME).calls == 1
    assert usual_draft(1000, FRAME).calls == 3
    assert usual_draft(2, FRAME).calls == 0


def test_a_draft_is_told_with_as_many_entries_as_are_usual_at_most():
    assert usual_draft(300, FRAME).tokens_out == 100 + 70 * usual_themes(300)[1]


def test_quotes_are_placed_in_batches_that_each_show_the_code_book():
    once, thrice = usual_placing(BATCH, 9000, 20, FRAME), usual_placing(3 * BATCH, 27_000, 20, FRAME)
    assert (once.calls, thrice.calls) == (1, 3)
    assert thrice.tokens_in == pytest.approx(3 * once.tokens_in, abs=3)
    unknown = usual_placing(BATCH, 9000, None, FRAME)
    assert unknown.characters - once.characters == usual_themes(BATCH)[1] * ENTRY_CHARS
    assert once.tokens_out <= 100 + AT_MOST * 70 * BATCH


def test_what_was_worded_before_grows_more_slowly_than_the_study():
    before = [[9000], [25_000, 5000]]
    same, more = grown_statements(before, 60, 1.0, FRAME), grown_statements(before, 60, 2.0, FRAME)
    assert (same.calls, same.characters) == (3, 3 * 2900 + 39_000)
    assert 1.6 * 39_000 < more.characters - more.calls * 2900 < 2 * 39_000
