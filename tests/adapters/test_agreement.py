"""Figures of agreement, against hand counts and what other libraries gave for the same pairs."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from app.adapters.agreement import LibraryAgreement, kappas_of

LABELS = list("aaabbcccabacbbaacbaa")
ANSWERS = list("ababbcacabaccbaacaab")
PAIRS = list(zip(LABELS, ANSWERS, strict=True))


@pytest.fixture(scope="module")
def agreement():
    return LibraryAgreement()


def test_figures_are_those_that_irrcac_and_scikit_learn_give_for_the_same_pairs(agreement):
    figures = agreement.figures(PAIRS, "abc")
    assert figures.ac1 == pytest.approx(0.631)  # irrCAC 0.4.4: 0.631
    assert figures.alpha == pytest.approx(0.62209, abs=1e-4)  # irrCAC 0.4.4
    assert figures.kappa == pytest.approx(cohen_kappa_score(LABELS, ANSWERS), abs=1e-4)
    assert figures.accuracy == 0.75
    assert figures.prevalence == {"a": 0.45, "b": 0.3, "c": 0.25}
    assert figures.confusion == ((7, 2, 0, 0), (1, 4, 1, 0), (1, 0, 4, 0))


def test_a_value_that_nobody_used_counts_for_ac1_since_it_could_have_been_chosen(agreement):
    assert agreement.figures(PAIRS, "abcd").ac1 == pytest.approx(0.6815, abs=1e-4)  # irrCAC with the same four categories: 0.68153


def test_a_missing_answer_is_a_disagreement_in_every_figure_and_stated(agreement):
    whole = agreement.figures(PAIRS, "abc")
    gapped = agreement.figures([(label, None if i < 5 else answer) for i, (label, answer) in enumerate(PAIRS)], "abc")
    assert gapped.untagged == 0.25
    assert sum(row[-1] for row in gapped.confusion) == 5
    for name in ("accuracy", "macro_f1", "kappa", "ac1", "alpha"):
        assert getattr(gapped, name) < getattr(whole, name), name


def test_where_only_one_value_occurs_kappa_is_not_defined_and_nothing_breaks(agreement):
    figures = agreement.figures([("a", "a")] * 4, "ab", ["x", "x", "y", "y"])
    assert (figures.kappa, figures.kappa_low, figures.alpha) == (None, None, None)
    assert figures.accuracy == figures.ac1 == 1.0


def test_the_interval_holds_the_point_and_is_the_same_at_every_call(agreement):
    groups = [f"interview {i // 4}" for i in range(20)]
    figures = agreement.figures(PAIRS, "abc", groups)
    assert figures.kappa_low < figures.kappa < figures.kappa_high
    assert agreement.figures(PAIRS, "abc", groups) == figures


def test_one_interview_alone_gives_no_interval(agreement):
    figures = agreement.figures(PAIRS, "abc", ["only"] * 20)
    assert (figures.kappa_low, figures.kappa_high) == (None, None)


def test_kappa_of_a_table_is_scikit_learns_kappa_of_its_pairs():
    tables = np.random.default_rng(3).integers(0, 6, (5, 4, 4))
    rows, columns = np.indices((4, 4))
    for table, kappa in zip(tables, kappas_of(tables), strict=True):
        assert kappa == pytest.approx(cohen_kappa_score(rows.ravel(), columns.ravel(), sample_weight=table.ravel()))


def test_alpha_of_an_ordered_set_forgives_a_near_miss(agreement):
    near = [("1", "2"), ("2", "3"), ("3", "3"), ("1", "1"), ("2", "2"), ("3", "2")] * 3
    assert agreement.figures(near, "123", ordinal=True).alpha > agreement.figures(near, "123").alpha


def test_reliability_bins_are_equally_filled_but_never_part_quotes_of_the_same_confidence(agreement):
    sure = [i / 100 for i in range(100)]
    bins = agreement.reliability(sure, sure, 10)
    assert [b.n for b in bins] == [10] * 10
    assert all(b.confidence == b.right for b in bins)
    tied = agreement.reliability([0.9] * 60 + [0.5] * 40, [1.0] * 30 + [0.0] * 70, 10)
    assert [(b.n, b.confidence, b.right) for b in tied] == [(40, 0.5, 0.0), (60, 0.9, 0.5)]
    assert agreement.reliability([], [], 10) == ()
