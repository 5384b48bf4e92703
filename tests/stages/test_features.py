import numpy as np
import pytest

from app.stages.features import BLOCK, SAMPLE, Clusterable, cluster_features


def quotes(n, *, stage="abcab", talks=5, answers=3):
    """So many quotes, in talks one after another, with so many quotes an answer; stages go round."""
    size = -(-n // talks)
    return [
        Clusterable(f"q{i:05d}", f"t{i // size}", i % size * 100, i % size // answers, stage[i % len(stage)], "phone", "pain")
        for i in range(n)
    ]


def vectors(n, seed=0, width=40):
    rows = np.random.default_rng(seed).normal(size=(n, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def distance(rows, a, b):
    return float(np.linalg.norm(rows[a] - rows[b]))


def tilted(rows, a, b):
    """Rows of which two are the same."""
    rows = rows.copy()
    rows[b] = rows[a]
    return rows


@pytest.mark.parametrize("others", [(), ("questions",), ("questions", "gists", "touchpoints")])
def test_features_of_a_quote_do_not_depend_on_the_order_of_quotes(others):
    given = {name: vectors(60, seed) for seed, name in enumerate(("vectors", *others))}
    listed = quotes(60)
    order = np.random.default_rng(5).permutation(60)
    shuffled = cluster_features([listed[i] for i in order], **{name: rows[order] for name, rows in given.items()})
    assert np.array_equal(shuffled, cluster_features(listed, **given)[order])


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 20])
def test_features_of_few_quotes_are_finite(n):
    for rows in (vectors(n), np.ones((n, 40), np.float32), np.zeros((n, 40), np.float32)):
        for more in ({}, {"questions": rows}, {"questions": rows, "gists": rows, "touchpoints": rows}):
            features = cluster_features(quotes(n), rows, **more)
            assert len(features) == n
            assert np.isfinite(features).all()


def test_the_same_sentence_over_and_over_gives_the_same_features():
    features = cluster_features(quotes(12, stage="a"), np.ones((12, 40), np.float32))
    assert (features == features[0]).all()


def test_the_same_words_lie_closer_in_answers_to_the_same_question():
    asked = vectors(40, seed=1)
    rows = tilted(tilted(vectors(40), 0, 13), 0, 26)
    listed = quotes(40, stage="a", talks=40)
    features = cluster_features(listed, rows, questions=tilted(asked, 0, 13))
    assert distance(features, 0, 13) < distance(features, 0, 26)


def test_the_same_words_lie_closer_with_the_same_tags():
    rows = tilted(tilted(vectors(40), 0, 10), 0, 11)
    features = cluster_features(quotes(40, talks=40), rows)
    assert distance(features, 0, 10) < distance(features, 0, 11)


def test_the_same_words_lie_closer_among_the_same_words():
    rows = vectors(60)
    rows[20], rows[40] = rows[0], rows[0]
    rows[21:23] = rows[1:3]
    features = cluster_features(quotes(60, stage="a", talks=3), rows)
    assert distance(features, 0, 20) < distance(features, 0, 40)


def test_a_question_put_in_one_wording_everywhere_groups_nothing():
    rows = vectors(40)
    guide = np.tile(vectors(1, seed=9), (40, 1))
    listed = quotes(40, stage="a", talks=10)
    half = guide.copy()
    half[::2] = 0
    assert np.array_equal(cluster_features(listed, rows, questions=guide), cluster_features(listed, rows))
    assert np.array_equal(cluster_features(listed, rows, questions=half), cluster_features(listed, rows))


def test_a_gist_outweighs_the_wording():
    gists = tilted(vectors(40, seed=1), 0, 13)
    rows = tilted(vectors(40), 0, 26)
    features = cluster_features(quotes(40, stage="a", talks=4), rows, gists=gists)
    assert distance(features, 0, 13) < distance(features, 0, 26)


def test_rows_have_length_one():
    assert np.allclose(np.linalg.norm(cluster_features(quotes(80), vectors(80)), axis=1), 1, atol=1e-4)


def test_more_quotes_than_are_worked_on_at_once_make_no_seam():
    n = max(BLOCK, SAMPLE) + 50
    rows = np.tile(vectors(10, width=8), (-(-n // 10), 1))[:n]
    features = cluster_features(quotes(n, stage="a", talks=1, answers=10), rows)
    assert np.array_equal(features[BLOCK - 20 : BLOCK - 10], features[BLOCK : BLOCK + 10])


def test_rows_that_are_missing_are_named():
    with pytest.raises(ValueError, match="3 quotes but 2 questions"):
        cluster_features(quotes(3), vectors(3), questions=vectors(2))
