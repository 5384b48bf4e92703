import pytest

from app.stages.sample import ALL_UP_TO, Part, first_round, hold_back, share, spread, take

QUOTES = 10


def parts_of(*transcripts, windows=6):
    return [Part(f"run/{t}/{n}", t, tuple(f"{t}-{n}-{q}" for q in range(QUOTES))) for t in transcripts for n in range(windows)]


def test_a_small_study_is_tagged_by_the_model_as_a_whole_and_the_share_falls_as_a_study_grows():
    assert [share(n) for n in (0, 1, 300, ALL_UP_TO)] == [0, 1, 300, ALL_UP_TO]
    assert share(2_000) / 2_000 == pytest.approx(0.36, abs=0.02)
    assert share(20_000) / 20_000 == pytest.approx(0.08, abs=0.005)
    shares = [share(n) / n for n in range(ALL_UP_TO, 100_000, 500)]
    assert shares == sorted(shares, reverse=True)
    asked = [share(n) for n in range(0, 100_000, 100)]
    assert asked == sorted(asked)


def test_a_drawn_sample_takes_a_window_of_every_transcript_before_a_second_of_any():
    drawn = spread(parts_of("a", "b", "c"), "seed")
    assert [{part.transcript_id for part in drawn[i : i + 3]} for i in range(0, 18, 3)] == [{"a", "b", "c"}] * 6
    assert drawn == spread(reversed(parts_of("a", "b", "c")), "seed")
    assert drawn != spread(parts_of("a", "b", "c"), "another seed")


def test_a_transcript_that_is_added_leaves_the_drawn_order_of_the_others():
    before = spread(parts_of("a", "b"), "seed")
    after = spread(parts_of("a", "b", "c"), "seed")
    assert [part for part in after if part.transcript_id != "c"] == before


def test_the_first_round_is_half_drawn_and_a_quarter_those_the_tagger_is_least_sure_of():
    parts = parts_of("a", "b")
    weak = spread(parts, "seed")[-1]
    sure = {q: 0.2 if part == weak else 0.9 for part in parts for q in part.quote_ids}
    chosen = first_round(parts, 40, "seed", sure)
    assert chosen == [*spread(parts, "seed")[:2], weak]
    assert first_round(parts, 1_000, "seed", {}) == parts


def test_no_more_windows_are_taken_than_there_is_room_for():
    assert take(parts_of("a"), 35) == parts_of("a")[:3]
    assert take(parts_of("a"), 9) == []


def test_answers_are_held_back_in_whole_windows_from_the_front_of_the_drawn_order():
    parts = parts_of("a", "b", windows=30)
    answered = {q for part in parts for q in part.quote_ids}
    held = hold_back(parts, "seed", answered)
    assert held == [q for part in spread(parts, "seed")[:9] for q in part.quote_ids]
    few = {q for part in parts[:6] for q in part.quote_ids}
    assert set(hold_back(parts, "seed", few)) < few
    assert len(hold_back(parts, "seed", few)) == 2 * QUOTES
    assert hold_back(parts, "seed", set(parts[0].quote_ids)) == []
