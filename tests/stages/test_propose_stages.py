"""Which talk a model is shown to propose stages, whatever there is of it."""

from itertools import pairwise

import pytest

from app.stages.propose_stages import FEWEST_LINES, Talk, TalkLine, fair_sample, said_of


def talk(name, lines, words=12):
    return Talk(name, tuple(TalkLine(f"{name}-{n}", "P1", " ".join(["word"] * words)) for n in range(lines)))


def tokens(talks):
    return sum(line.tokens for one in talks for line in one.lines)


A_LINE = talk("x", 1).lines[0].tokens


def test_everything_is_shown_where_it_fits_and_who_said_nothing_takes_no_place():
    talks = [talk("a", 5), talk("b", 0), talk("c", 2)]
    assert fair_sample(talks, 7 * A_LINE) == (talks[0], talks[2])
    assert fair_sample([], 100) == ()


def test_every_interview_gives_as_much_and_what_short_ones_leave_goes_to_the_others():
    chosen = fair_sample([talk("long", 100), talk("longer", 300), talk("short", 10)], 90.5 * A_LINE)
    assert [len(one.lines) for one in chosen] == [40, 40, 10]


def test_lines_are_spread_from_the_beginning_of_a_talk_to_its_end():
    (chosen,) = fair_sample([talk("a", 100)], 10.5 * A_LINE)
    places = [int(line.quote_id.partition("-")[2]) for line in chosen.lines]
    assert len(places) == 10
    assert {b - a for a, b in pairwise(places)} == {10}
    assert places[0] < 10
    assert places[-1] >= 90


def test_of_too_many_interviews_some_are_read_whole_enough_to_follow():
    talks = [talk(f"t{n:03}", 50) for n in range(100)]
    chosen = fair_sample(talks, 10.5 * FEWEST_LINES * A_LINE)
    assert [len(one.lines) for one in chosen] == [FEWEST_LINES] * 10
    assert [one.transcript_id for one in chosen] == [f"t{n:03}" for n in range(5, 100, 10)]


@pytest.mark.parametrize("room", [1, 50, 333, 2000, 40_000])
def test_the_room_is_kept_and_used_and_the_order_of_the_talk_stays(room):
    talks = [talk(f"t{n}", 3 + 17 * n, words=3 + n) for n in range(8)]
    chosen = fair_sample(talks, room)
    assert tokens(chosen) <= max(room, *(line.tokens for one in chosen for line in one.lines))
    assert tokens(chosen) >= min(tokens(talks), room / 2)
    for one in chosen:
        places = [int(line.quote_id.partition("-")[2]) for line in one.lines]
        assert places == sorted(set(places))


def test_a_gist_stands_for_a_quote_and_long_ones_are_cut():
    assert said_of("I rang them twice", "rang twice") == "rang twice"
    assert said_of("I rang them twice", None) == "I rang them twice"
    assert said_of("word " * 50, None).endswith("word …")
