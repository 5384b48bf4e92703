import numpy as np
import pytest

from app.domain.themes import ClusterProposal
from app.stages.cluster import NOISE, cut, merged, propose, sub_count, theme_count, themes_of


def rows(n, seed=0):
    found = np.random.default_rng(seed).normal(size=(n, 12))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def ids(n):
    return [f"q{i:04d}" for i in range(n)]


def test_groups_come_largest_first_then_by_first_member_and_noise_is_unplaced():
    proposal = propose(["f", "e", "d", "c", "b", "a", "g"], [4, 4, -1, 7, 7, 2, 2])
    assert proposal.groups == (("a", "g"), ("b", "c"), ("e", "f"))
    assert proposal.unplaced == ("d",)
    assert propose(["f", "e", "d"], [0, 1, 1]).groups == (("d", "e"), ("f",))


def test_groups_inside_groups_are_large_enough_and_never_alone():
    members = ["a", "b", "c", "d", "e", "f"]
    proposal = propose(members, [0, 0, 0, 0, 1, 1], [5, 5, 6, 6, 5, 5], smallest=2)
    assert proposal.children == ((("a", "b"), ("c", "d")), ())
    assert propose(members, [0] * 6, [5, 5, 5, 5, 5, 6], smallest=2).children == ()
    assert propose(members, [0] * 6, [5, 5, NOISE, 6, 6, NOISE], smallest=2).children == ((("a", "b"), ("d", "e")),)


def test_merging_joins_what_adds_least_scatter_first():
    middles = np.array([[0.0], [1.0], [5.0], [5.4], [20.0]])
    merges = merged(middles, np.ones(5))
    assert merges[:2] == [(2, 3), (0, 1)]
    assert cut(5, merges, 3).tolist() == [0, 0, 1, 1, 2]
    assert cut(5, merges, 9).tolist() == [0, 1, 2, 3, 4]


def test_large_groups_are_dearer_to_merge_than_small_ones_as_far_apart():
    assert merged(np.array([[0.0], [2.0], [10.0], [12.0]]), np.array([9.0, 9.0, 1.0, 1.0]))[0] == (2, 3)


def test_merging_agrees_with_the_textbook():
    linkage = pytest.importorskip("scipy.cluster.hierarchy")
    exact = rows(60).astype(float)
    ours = cut(60, merged(exact, np.ones(60)), 8)
    theirs = linkage.fcluster(linkage.linkage(exact, "ward"), 8, "maxclust")
    assert len({*zip(ours.tolist(), theirs.tolist(), strict=True)}) == 8


def test_the_number_of_themes_grows_slowly_with_the_study():
    assert [theme_count(n) for n in (0, 5, 20, 200, 2000, 20_000)] == [1, 2, 4, 14, 48, 190]
    assert [sub_count(n) for n in (40, 200)] == [3, 7]


def test_rows_between_cores_go_where_they_are_nearest():
    heaps = np.repeat(np.eye(3, 4, dtype=np.float32), 5, axis=0)
    cores = np.repeat([0, 1, 2], 5)
    cores[[4, 9]] = NOISE
    assert [len(group) for group in themes_of(ids(15), heaps, cores).groups] == [5, 5, 5]


def test_without_any_core_nothing_is_placed():
    assert themes_of(ids(6), rows(6), np.full(6, NOISE)) == ClusterProposal((), tuple(ids(6)))
