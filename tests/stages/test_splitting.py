import numpy as np
import pytest

from app.stages.splitting import most_typical, propose_split


def blobs(sizes, seed=0, spread=0.05):
    random = np.random.default_rng(seed)
    centres = random.normal(size=(len(sizes), 16))
    rows = np.concatenate([c + spread * random.normal(size=(n, 16)) for c, n in zip(centres, sizes, strict=True)])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return [f"{k}-{i:02}" for k, n in enumerate(sizes) for i in range(n)], rows.astype(np.float32)


@pytest.mark.parametrize("sizes", [(8, 5), (9, 7, 4), (6, 5, 4, 3)])
def test_groups_that_set_themselves_apart_are_found_with_their_number(sizes):
    ids, rows = blobs(sizes)
    parts = propose_split(ids, rows)
    assert [len(part) for part in parts] == sorted(sizes, reverse=True)
    assert all(len({q[0] for q in part}) == 1 for part in parts)


def test_the_order_in_which_quotes_come_changes_nothing():
    ids, rows = blobs((7, 6, 5), spread=0.4)
    order = np.random.default_rng(3).permutation(len(ids))
    for parts in (None, 2, 3, 4):
        assert propose_split([ids[i] for i in order], rows[order], parts) == propose_split(ids, rows, parts)


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_as_many_parts_as_are_asked_for_hold_every_quote_once(parts):
    ids, rows = blobs((20,), spread=1.0)
    found = propose_split(ids, rows, parts)
    assert len(found) == parts
    assert sorted(q for part in found for q in part) == ids


def test_quotes_that_are_all_alike_have_no_parts():
    assert propose_split(["a", "b", "c"], np.ones((3, 8), np.float32)) == ()
    assert propose_split(["a"], np.ones((1, 8), np.float32)) == ()


def test_fewer_parts_come_out_where_fewer_quotes_differ():
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert propose_split(["a", "b", "c"], rows, 4) == (("a", "b"), ("c",))


def test_the_most_typical_quotes_of_a_part_lie_nearest_to_its_middle_in_whatever_order_they_come():
    ids = ["a", "b", "c", "d"]
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [1.2, 0.0], [3.0, 0.0]], np.float32)
    assert most_typical(ids, rows, 2) == ("c", "b")
    assert most_typical(ids[::-1], rows[::-1], 2) == ("c", "b")
    assert most_typical(["b", "a"], np.ones((2, 2), np.float32)) == ("a", "b")
