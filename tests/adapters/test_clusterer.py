import subprocess
import sys

import numpy as np
import pytest

from app.adapters.hdbscan import HdbscanClusterer
from app.adapters.kmeans import KMeansClusterer, SizedClusterer
from app.domain.themes import ClusterProposal


@pytest.fixture(params=[HdbscanClusterer, KMeansClusterer])
def clusterer(request):
    return request.param()


def blobs(count, size, seed=0, spread=0.05):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(count, 12))
    features = np.vstack([centre + spread * rng.normal(size=(size, 12)) for centre in centres]).astype(np.float32)
    return [f"q{i:04d}" for i in rng.permutation(count * size)], features


def speech(n, seed=0):
    """Rows as speech gives them: of length 1, in no groups that are plain to see."""
    rows = np.random.default_rng(seed).normal(size=(n, 15))
    return [f"q{i:05d}" for i in range(n)], (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def accounted(proposal):
    return sorted([*(q for group in proposal.groups for q in group), *proposal.unplaced])


def test_separate_heaps_become_separate_groups(clusterer):
    ids, features = blobs(6, 15)
    proposal = clusterer.cluster(ids, features)
    heap = {quote_id: row // 15 for row, quote_id in enumerate(ids)}
    assert sorted(sorted({heap[q] for q in group}) for group in proposal.groups) == [[n] for n in range(6)]
    assert accounted(proposal) == sorted(ids)


def test_what_belongs_to_no_heap_stays_unplaced(clusterer):
    ids, features = blobs(4, 15)
    centre = features.mean(axis=0)
    proposal = clusterer.cluster([*ids, "stray"], np.vstack([features, centre]))
    assert proposal.unplaced == ("stray",)


@pytest.mark.parametrize("n", [90, 400])
def test_the_order_of_rows_changes_nothing(clusterer, n):
    ids, features = speech(n)
    order = np.random.default_rng(3).permutation(n)
    assert clusterer.cluster([ids[i] for i in order], features[order]) == clusterer.cluster(ids, features)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 6, 20])
def test_small_studies_raise_nothing_and_lose_nobody(clusterer, n):
    ids = [f"q{i}" for i in range(n)]
    for features in (np.random.default_rng(n).normal(size=(n, 9)), np.ones((n, 9)), np.zeros((n, 0))):
        assert accounted(clusterer.cluster(ids, features.astype(np.float32))) == sorted(ids)


def test_quotes_all_alike_are_one_group(clusterer):
    ids = ["c", "a", "b"]
    assert clusterer.cluster(ids, np.ones((3, 9), np.float32)) == ClusterProposal((("a", "b", "c"),), ())
    assert clusterer.cluster(ids[:2], np.ones((2, 9), np.float32)).groups == ()
    many = [f"q{i:04d}" for i in range(400)]
    assert clusterer.cluster(many, np.ones((400, 9), np.float32)).groups == (tuple(many),)


def test_hundreds_of_copies_of_two_sentences_are_two_groups(clusterer):
    ids = [f"q{i:04d}" for i in range(400)]
    rows = np.repeat(np.eye(2, 9, dtype=np.float32), 200, axis=0)
    assert clusterer.cluster(ids, rows).groups == (tuple(ids[:200]), tuple(ids[200:]))


@pytest.mark.parametrize("n", [20, 60, 200, 700])
def test_no_theme_holds_more_than_a_third_and_hardly_anything_is_left_out(clusterer, n):
    ids, features = speech(n)
    proposal = clusterer.cluster(ids, features)
    assert len(proposal.groups[0]) <= n / 3
    assert len(proposal.unplaced) <= n / 5
    assert np.sqrt(n) / 2 <= len(proposal.groups) <= np.sqrt(n) + 1


def test_large_groups_hold_smaller_ones_of_their_own_quotes(clusterer):
    ids, features = speech(2500)
    proposal = clusterer.cluster(ids, features)
    assert len(proposal.children) == len(proposal.groups)
    assert any(proposal.children)
    for group, children in zip(proposal.groups, proposal.children, strict=True):
        inside = [q for child in children for q in child]
        assert set(inside) <= set(group)
        assert len(inside) == len(set(inside))
        assert not children or (len(group) >= 40 and len(children) > 1 and min(map(len, children)) >= 5)


def test_the_number_of_rows_decides_who_groups_them():
    class Telling:
        def __init__(self, name):
            self.name = name

        def cluster(self, quote_ids, features):
            assert len(features) == len(quote_ids)
            return ClusterProposal(((self.name, *quote_ids),), ())

    both = SizedClusterer(Telling("small"), Telling("large"), most=2)
    assert both.cluster(["a", "b"], np.zeros((2, 1))).groups == (("small", "a", "b"),)
    assert both.cluster(["a", "b", "c"], np.zeros((3, 1))).groups == (("large", "a", "b", "c"),)


@pytest.mark.slow
def test_another_process_finds_the_same_groups(clusterer):
    ids, features = speech(300, seed=5)
    code = (
        "import numpy as np, hashlib;"
        f"from {type(clusterer).__module__} import {type(clusterer).__name__} as C;"
        "rows=np.random.default_rng(5).normal(size=(300,15)); rows=(rows/np.linalg.norm(rows,axis=1,keepdims=True)).astype(np.float32);"
        "print(C().cluster([f'q{i:05d}' for i in range(300)], rows))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(clusterer.cluster(ids, features))


def test_choosing_a_clusterer_loads_no_library_of_theirs():
    code = "import sys, app.wiring; print(sorted({'hdbscan', 'sklearn.cluster', 'numba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
