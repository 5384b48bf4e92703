import numpy as np
import pytest

from app.adapters.hdbscan import HdbscanClusterer, smallest_theme


def blobs(count, size, seed=0, spread=0.05):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(count, 12))
    features = np.vstack([centre + spread * rng.normal(size=(size, 12)) for centre in centres]).astype(np.float32)
    return [f"q{i:04d}" for i in rng.permutation(count * size)], features


def accounted(proposal):
    return sorted([*(q for group in proposal.groups for q in group), *proposal.unplaced])


def test_separate_heaps_become_separate_groups():
    ids, features = blobs(6, 15)
    proposal = HdbscanClusterer().cluster(ids, features)
    heap = {quote_id: row // 15 for row, quote_id in enumerate(ids)}
    assert {heap[group[0]] for group in proposal.groups} == set(range(6))
    assert all(len({heap[q] for q in group}) == 1 for group in proposal.groups)
    assert accounted(proposal) == sorted(ids)


def test_what_is_dense_nowhere_stays_unplaced():
    ids, features = blobs(4, 15)
    lonely = np.random.default_rng(9).normal(scale=20, size=(6, 12)).astype(np.float32)
    proposal = HdbscanClusterer().cluster([*ids, *(f"stray{i}" for i in range(6))], np.vstack([features, lonely]))
    assert {f"stray{i}" for i in range(6)} <= set(proposal.unplaced)


def test_the_order_of_rows_changes_nothing():
    ids, features = blobs(5, 20, spread=0.6)
    order = np.random.default_rng(3).permutation(len(ids))
    assert HdbscanClusterer().cluster([ids[i] for i in order], features[order]) == HdbscanClusterer().cluster(ids, features)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 6, 20])
def test_small_studies_raise_nothing_and_lose_nobody(n):
    ids = [f"q{i}" for i in range(n)]
    for features in (np.random.default_rng(n).normal(size=(n, 9)), np.ones((n, 9)), np.zeros((n, 0))):
        assert accounted(HdbscanClusterer().cluster(ids, features.astype(np.float32))) == sorted(ids)


def test_quotes_all_alike_are_one_group():
    ids = ["c", "a", "b"]
    assert HdbscanClusterer().cluster(ids, np.ones((3, 9), np.float32)).groups == (("a", "b", "c"),)
    assert HdbscanClusterer().cluster(ids[:2], np.ones((2, 9), np.float32)).groups == ()


def test_the_smallest_theme_grows_slowly_with_the_study():
    assert [smallest_theme(n) for n in (0, 20, 100, 250, 20_000)] == [3, 3, 3, 5, 47]
