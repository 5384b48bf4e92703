import numpy as np
import pytest

from app.adapters.offline.refit import WEAKEST_DECIDED, fit, refit

CLASSES = 4


def made(n, *, agree=0.0, seed=0):
    """Hidden features that tell the label, and heads that are right as often as `agree` says and at random else."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, n)
    centres = np.random.default_rng(99).normal(size=(CLASSES, 200))
    features = (centres[labels] + rng.normal(size=(n, 200)) * 2).astype(np.float32)
    heads = np.where(rng.random(n) < agree, labels, rng.integers(0, CLASSES, n))
    base = np.full((n, CLASSES), 0.1, np.float32)
    base[np.arange(n), heads] = 0.7
    return features, base, labels


def right(correction, features, base, labels):
    return float((correction.apply(features, base).argmax(axis=1) == labels).mean())


def test_with_many_labels_the_correction_follows_them():
    correction = fit(*made(400, seed=1))
    features, base, labels = made(300, seed=2)
    assert (base.argmax(axis=1) == labels).mean() < 0.4
    assert right(correction, features, base, labels) > 0.85


def test_with_few_labels_the_heads_stand():
    features, base, labels = made(300, agree=0.8, seed=2)
    few = fit(*made(8, seed=1))
    assert few.penalty is None
    assert few.apply(features, base) == pytest.approx(base, abs=1e-5)
    some = fit(*made(40, agree=0.8, seed=1))
    assert right(some, features, base, labels) > 0.75


def test_labels_that_the_features_do_not_tell_leave_good_heads_as_they_are():
    rng = np.random.default_rng(3)
    _, base, labels = made(200, agree=0.9, seed=4)
    noise = rng.normal(size=(200, 300)).astype(np.float32)
    correction = fit(noise, base, labels)
    _, other, others = made(200, agree=0.9, seed=5)
    assert right(correction, rng.normal(size=(200, 300)).astype(np.float32), other, others) > 0.85


def test_heads_that_claim_too_much_are_trusted_less():
    features, base, labels = made(200, agree=0.0, seed=6)
    correction = fit(np.zeros_like(features), np.clip(base * 1.4, 0.001, 0.98), labels)
    assert correction.trust < 0.5


def test_the_same_labels_give_the_same_correction_and_rows_sum_to_one():
    rows = made(120, agree=0.3)
    one, other = fit(*rows), fit(*rows)
    assert np.array_equal(one.weights, other.weights)
    assert one.apply(*rows[:2]).sum(axis=1) == pytest.approx(np.ones(120), abs=1e-5)


def test_fields_are_corrected_apart_and_a_label_that_is_no_value_is_passed_by():
    features, base, labels = made(200, seed=1)
    values = {"stage": ("a", "b", "c", "d"), "kind": ("w", "x", "y", "z")}
    told = {"stage": [values["stage"][i] for i in labels], "kind": ["gone", *(values["kind"][i] for i in labels[1:])]}
    fitted = refit(features, {"stage": base, "kind": base}, values, told)
    assert fitted.keys() == {"stage", "kind"}
    assert np.array_equal(fitted["kind"].weights, fit(features[1:], base[1:], labels[1:], WEAKEST_DECIDED).weights)
    assert refit(features, {"stage": base}, values, {}) == {}


def test_no_rows_are_no_error():
    empty = fit(np.zeros((0, 5), np.float32), np.zeros((0, CLASSES), np.float32), np.zeros(0, np.intp))
    assert empty.apply(np.zeros((2, 5), np.float32), np.full((2, CLASSES), 0.25, np.float32)).shape == (2, CLASSES)
