import numpy as np
import pytest

from app.stages.ranking import best, fuse, spread


def rows(*numbers):
    return np.array(numbers, np.intp)


SCORES = np.array([0.1, 0.9, 0.5, 0.9, 0.2], np.float32)
EVERY = np.ones(5, bool)


def test_the_best_come_first_and_equals_in_their_order():
    assert best(SCORES, EVERY).tolist() == [1, 3, 2, 4, 0]


@pytest.mark.parametrize(("limit", "expected"), [(1, [1]), (2, [1, 3]), (3, [1, 3, 2]), (9, [1, 3, 2, 4, 0])])
def test_a_limit_cuts_the_ranking_and_changes_nothing_before(limit, expected):
    assert best(SCORES, EVERY, limit).tolist() == expected


def test_only_rows_that_are_asked_for_and_reach_the_floor_are_ranked():
    assert best(SCORES, np.array([True, False, True, True, True]), floor=0.2).tolist() == [3, 2, 4]
    assert best(SCORES, np.zeros(5, bool)).tolist() == []
    assert best(np.zeros(0, np.float32), np.zeros(0, bool), 3).tolist() == []


def test_what_both_rankings_have_comes_before_what_one_has_higher():
    assert fuse([rows(7, 4, 9), rows(2, 4, 5)]).tolist() == [4, 2, 7, 5, 9]


def test_one_ranking_alone_stays_as_it_is():
    assert fuse([rows(7, 4, 9), rows()]).tolist() == [7, 4, 9]
    assert fuse([rows(), rows()]).tolist() == []
    assert fuse([]).tolist() == []


def test_among_the_first_five_are_at_most_two_of_one_participant():
    voices = ["a", "a", "a", "a", "b", "a", "c", "d"]
    ahead = spread(rows(*range(8)), voices)
    assert ahead.tolist() == [0, 1, 4, 6, 7, 2, 3, 5]


def test_where_nobody_else_says_it_one_participant_may_fill_the_first_five():
    assert spread(rows(3, 1, 2, 0), ["a"] * 4).tolist() == [3, 1, 2, 0]
    assert spread(rows(5, 4, 3, 2, 1, 0), ["a", "a", "a", "a", "a", "b"]).tolist() == [5, 4, 3, 2, 1, 0]
    assert spread(rows(), []).tolist() == []
