"""Fit the offline tagger's heads on the labelled quotes beside this file: `python -m app.adapters.offline.train` (`make train`)."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, log_loss
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no types either

from app.adapters.offline import heads
from app.adapters.offline.heads import CUE_FIELDS, FIELDS, Array, Head
from app.adapters.sentence_transformers import MiniLmEmbedder

QUOTES_PATH = Path(__file__).with_name("data") / "quotes.jsonl"
PENALTIES = (0.001, 0.003, 0.01)
"""Inverse strengths of the ridge penalty that are tried."""
FOLDS = 10
MAX_ITERATIONS = 500


@dataclass(frozen=True, slots=True)
class Fit:
    """A field's head, and its raw scores for quotes of fields of life it was not fitted on."""

    head: Head
    unseen: Array
    penalty: float


def main() -> None:
    """Fit all heads, write the weights, print how well unseen fields of life are tagged."""
    rows = [json.loads(line) for line in QUOTES_PATH.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    groups = np.array([row["field"] for row in rows])
    hidden = MiniLmEmbedder().encode(texts).hidden
    labels = {field: np.array([row[field] for row in rows]) for field in FIELDS}
    with threadpool_limits(1):  # matrices this small lose more to waiting threads than they gain
        fits = {
            field: fit_head(heads.features_of(hidden, texts, cued=field in CUE_FIELDS), labels[field], groups, hidden.shape[1])
            for field in FIELDS
        }
    heads.save_heads({field: fit.head for field, fit in fits.items()}, heads.WEIGHTS_PATH)
    sys.stdout.write(report(fits, labels))


def fit_head(features: Array, labels: NDArray[Any], groups: NDArray[Any], standardised: int) -> Fit:
    """Choose the penalty by kappa on unseen fields of life, the temperature by their log loss, then fit on everything."""
    classes = np.unique(labels)
    trials = {penalty: _unseen_scores(features, labels, groups, standardised, penalty) for penalty in PENALTIES}
    penalty = max(PENALTIES, key=lambda p: cohen_kappa_score(labels, classes[trials[p].argmax(axis=1)]))
    unseen = trials[penalty]
    temperature = float(
        minimize_scalar(lambda t: log_loss(labels, heads.softmax(unseen / t), labels=classes), bounds=(0.2, 5.0), method="bounded").x
    )
    weights, bias = _fit(features, labels, standardised, penalty)
    prior = np.array([np.mean(labels == name) for name in classes], np.float32)
    head = Head(tuple(classes.tolist()), (weights / temperature).astype(np.float32), (bias / temperature).astype(np.float32), prior)
    return Fit(head, (unseen / temperature).astype(np.float32), penalty)


def _unseen_scores(features: Array, labels: NDArray[Any], groups: NDArray[Any], standardised: int, penalty: float) -> Array:
    scores = np.zeros((len(labels), len(np.unique(labels))), np.float32)
    for train, test in GroupKFold(FOLDS).split(features, labels, groups):
        weights, bias = _fit(features[train], labels[train], standardised, penalty)
        scores[test] = features[test] @ weights + bias
    return scores


def _fit(features: Array, labels: NDArray[Any], standardised: int, penalty: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (features, classes) and bias for raw features.

    The first `standardised` columns are scaled for the fit, and the scale is folded back into the weights.
    """
    mean, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
    mean[:standardised] = features[:, :standardised].mean(axis=0)
    scale[:standardised] = features[:, :standardised].std(axis=0) + 1e-6
    model = LogisticRegression(C=penalty, max_iter=MAX_ITERATIONS, tol=1e-3).fit((features - mean) / scale, labels)
    weights = model.coef_.T / scale[:, None]
    return weights, model.intercept_ - mean @ weights


def report(fits: dict[str, Fit], labels: dict[str, NDArray[Any]]) -> str:
    """Accuracy, kappa, macro-F1 and expected calibration error a field, on fields of life not seen in the fit."""
    chances = {field: heads.softmax(fit.unseen) for field, fit in fits.items()}
    emotions, experiences = fits["emotion"].head.classes, fits["experience"].head.classes
    pairs = heads.best_pairs(chances["emotion"], chances["experience"], heads.coherence(emotions, experiences))
    chosen = {field: chances[field].argmax(axis=1) for field in FIELDS}
    lines = ["| field | penalty C | accuracy | kappa | macro-F1 | ECE |", "|---|---|---|---|---|---|"]
    for name, picks in (*chosen.items(), ("emotion, given the experience", pairs[0])):
        field = name.split(",")[0]
        lines.append(_row(name, fits[field], labels[field], chances[field], picks))
    picks = chosen | {"emotion": pairs[0], "experience": pairs[1]}
    right = np.mean([np.array(fits[f].head.classes)[picks[f]] == labels[f] for f in FIELDS], axis=0)
    sure = np.mean([chances[f][np.arange(len(right)), picks[f]] for f in FIELDS], axis=0)
    error = calibration_error(sure, right)
    lines.append(f"\nconfidence: mean {sure.mean():.2f}, share of the four fields right {right.mean():.2f}, ECE {error:.3f}\n")
    return "\n".join(lines)


def _row(name: str, fit: Fit, labels: NDArray[Any], chances: Array, picks: NDArray[Any]) -> str:
    named = np.array(fit.head.classes)[picks]
    sure = chances[np.arange(len(picks)), picks]
    scores: list[Callable[..., float]] = [accuracy_score, cohen_kappa_score]
    figures = [f"{score(labels, named):.2f}" for score in scores]
    error = calibration_error(sure, (named == labels).astype(np.float64))
    return f"| {name} | {fit.penalty} | {' | '.join(figures)} | {f1_score(labels, named, average='macro'):.2f} | {error:.3f} |"


def calibration_error(sure: NDArray[Any], right: NDArray[Any], bins: int = 10) -> float:
    """Expected calibration error over equally filled bins: mean distance of confidence and share right."""
    parts = np.array_split(np.argsort(sure, kind="stable"), bins)
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts if len(part)) / len(sure))


if __name__ == "__main__":
    main()
