"""Refit: how somebody's answers about a study depart from the shipped heads' probabilities, learned from a few dozen labels or many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no types either

Array = NDArray[np.float32]
PENALTIES = (30.0, 10.0, 3.0, 1.0, 0.3, 0.1)
"""Strengths of the ridge penalty that are tried, strongest first; each row of features is about one unit long."""
WEAKEST = 400.0
"""Divided by the number of labels: a weaker penalty is not tried, since few labels come from few conversations, which are alike."""
WEAKEST_DECIDED = 6.0
"""The same for what people decided one by one: such labels are surer, and meant to be followed."""
FEW = 12
"""Labels below which nothing is tried and the heads stay as they are."""
SHARES = 4.0
"""How much more strongly than other weights a class's mere frequency is held back: a few conversations are not the whole study."""
FOLDS, FOLDS_FROM_MANY, MANY = 4, 2, 600
"""Parts of the cross-validation; with many labels two are enough, and each costs more."""
ITERATIONS = 40
TRUSTED = (0.1, 2.0)
UNLIKELY = 1e-4
"""What a probability of zero counts as, so that labels can still speak against it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Added to the logarithm of the heads' probabilities: `weights` (features + classes, classes), one row a column of `inputs`.

    `penalty` is the strength chosen; None where no strength did better than the heads themselves, and nothing is corrected.
    """

    trust: float
    """What the heads' logarithms are multiplied by: below 1 where they claim to know more than they do."""
    centre: Array
    scale: Array
    weights: Array
    bias: Array
    penalty: float | None

    def apply(self, features: Array, base: Array) -> Array:
        """Probabilities (n, classes) from hidden features (n, k) and the heads' probabilities (n, classes)."""
        start = _logarithms(base)
        scores = self.trust * start
        if self.penalty is not None:
            scores = scores + ((_inputs(features, start) - self.centre) * self.scale) @ self.weights + self.bias
        return _softmax(scores)


def fit(features: Array, base: Array, labels: NDArray[np.intp], weakest: float = WEAKEST) -> Correction:
    """Fit a multinomial correction with the heads as its starting point: features (n, k), base (n, classes), labels (n) as columns of base.

    Weights are drawn towards zero, so with few labels the heads stand. How strongly is chosen by log loss over contiguous parts of the
    rows (rows in the order in which they were said, so that neighbours do not help each other); leaving the heads alone is one choice.
    The same rows give the same correction. Under a second for 400 labels.
    """
    start = _logarithms(base)
    inputs = _inputs(features, start)
    centre = inputs.mean(axis=0) if len(inputs) else np.zeros(inputs.shape[1], np.float32)
    scale = _scale(inputs, features.shape[1])
    if len(labels) < FEW:
        nothing = np.zeros((inputs.shape[1], base.shape[1]), np.float32)
        return Correction(1.0, centre, scale, nothing, np.zeros(base.shape[1], np.float32), None)
    rows = (inputs - centre) * scale
    trust = _trust(start, labels)
    tempered = np.float32(trust) * start
    with threadpool_limits(1):  # matrices this small lose more to waiting threads than they gain
        short, back = _shortened(rows)
        penalty = _best_penalty(short, tempered, labels, weakest)
        weights, bias = _weights(short, tempered, labels, penalty) if penalty else _none(short, start)
    return Correction(trust, centre, scale, back @ weights, bias, penalty)


def refit(
    features: Array, base: Mapping[str, Array], values: Mapping[str, Sequence[str]], labels: Mapping[str, Sequence[str]]
) -> dict[str, Correction]:
    """A correction for each field that people decided: one label a row of `features` (n, k) and of the field's `base` (n, values).

    A label that is none of the field's `values` is passed by.
    """
    fitted = {}
    for field, told in labels.items():
        place = {value: column for column, value in enumerate(values[field])}
        rows = [row for row, label in enumerate(told) if label in place]
        numbers = np.array([place[told[row]] for row in rows], np.intp)
        fitted[field] = fit(features[rows], base[field][rows], numbers, WEAKEST_DECIDED)
    return fitted


def _logarithms(base: Array) -> Array:
    return np.log(np.maximum(base, UNLIKELY)).astype(np.float32)


def _trust(start: Array, labels: NDArray[np.intp]) -> float:
    """The multiple of the logarithms with the least log loss, drawn towards 1 as by a few labels that the heads had right."""
    from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import, and it ships no types

    found = minimize_scalar(lambda t: _loss(t * start, labels) + FEW * (t - 1) ** 2, bounds=TRUSTED, method="bounded")
    return float(found.x)


def _inputs(features: Array, start: Array) -> Array:
    """What a correction sees: hidden features, and what the heads said."""
    return np.hstack([features.astype(np.float32), start - start.mean(axis=1, keepdims=True)]).astype(np.float32)


def _scale(inputs: Array, hidden: int) -> Array:
    """Standardises; the hidden features together weigh as much as the heads' answers do together."""
    spread = inputs.std(axis=0) if len(inputs) else np.ones(inputs.shape[1], np.float32)
    parts = np.where(np.arange(inputs.shape[1]) < hidden, hidden, inputs.shape[1] - hidden)
    scale: Array = np.where(spread > 1e-6, 1 / (np.maximum(spread, 1e-6) * np.sqrt(parts)), 0).astype(np.float32)  # noqa: PLR2004  # constant
    return scale


def _shortened(rows: Array) -> tuple[Array, Array]:
    """Rows in as few columns as there are rows, and the way back: a ridge penalty sees no difference, the fit is several times quicker."""
    n, columns = rows.shape
    if n >= columns:
        return rows, np.eye(columns, dtype=np.float32)
    values, vectors = np.linalg.eigh((rows @ rows.T).astype(np.float64))
    kept = values > max(float(values[-1]), 1e-12) * 1e-7
    lengths = np.sqrt(values[kept])
    return (vectors[:, kept] * lengths).astype(np.float32), (rows.T @ (vectors[:, kept] / lengths)).astype(np.float32)


def _best_penalty(rows: Array, start: Array, labels: NDArray[np.intp], weakest: float) -> float | None:
    folds = FOLDS if len(labels) < MANY else FOLDS_FROM_MANY
    losses: dict[float | None, float] = {None: _loss(start, labels)}
    tried = [penalty for penalty in PENALTIES if penalty * len(labels) >= weakest]
    losses |= dict.fromkeys(tried, 0.0)
    for held in np.array_split(np.arange(len(rows)), folds):
        train = np.setdiff1d(np.arange(len(rows)), held)
        warm = None
        for penalty in tried:
            weights, bias = warm = _weights(rows[train], start[train], labels[train], penalty, warm)
            losses[penalty] += _loss(start[held] + rows[held] @ weights + bias, labels[held])
    return min(losses, key=lambda penalty: losses[penalty])


def _weights(
    rows: Array, start: Array, labels: NDArray[np.intp], penalty: float, warm: tuple[Array, Array] | None = None
) -> tuple[Array, Array]:
    """Weights (columns, classes) and bias (classes) of the least penalised log loss; the search may begin at others."""
    n, columns = rows.shape
    classes = start.shape[1]
    said = np.zeros((n, classes), np.float32)
    said[np.arange(n), labels] = 1
    drawn = np.full((columns + 1, 1), penalty, np.float32)
    drawn[-1] *= SHARES

    def slope(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(columns + 1, classes).astype(np.float32)
        chances = _softmax(start + rows @ table[:-1] + table[-1])
        loss = -np.log(np.maximum(chances[np.arange(n), labels], 1e-12)).sum() + float((drawn / 2 * table**2).sum())
        off = chances - said
        return float(loss), (np.vstack([rows.T @ off, off.sum(axis=0)]) + drawn * table).ravel().astype(np.float64)

    first = np.vstack(warm) if warm else np.zeros((columns + 1, classes), np.float32)
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import

    found = minimize(slope, first.ravel().astype(np.float64), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS, "ftol": 1e-6})
    table = found.x.reshape(columns + 1, classes).astype(np.float32)
    return table[:-1], table[-1]


def _none(rows: Array, start: Array) -> tuple[Array, Array]:
    return np.zeros((rows.shape[1], start.shape[1]), np.float32), np.zeros(start.shape[1], np.float32)


def _loss(scores: Array, labels: Iterable[np.intp]) -> float:
    columns = np.fromiter(labels, np.intp)
    return float(-np.log(np.maximum(_softmax(scores)[np.arange(len(columns)), columns], 1e-12)).sum())


def _softmax(scores: Array) -> Array:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return result
