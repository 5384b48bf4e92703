"""Splitting: how the quotes of one theme fall into parts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEWEST_PARTS, MOST_PARTS = 2, 4
ROUNDS = 30
"""Rounds of refinement; a theme's worth of quotes settles in fewer."""
DECIMALS = 6
LONELY = 1
"""A part of one quote is an outlier and no part, where there is a choice."""
VOICES = 6
"""Quotes that stand for a part."""
Rows = NDArray[np.float64]


def propose_split(quote_ids: Sequence[str], vectors: NDArray[np.float32], parts: int | None = None) -> tuple[tuple[str, ...], ...]:
    """Two to four groups of quotes, given with a row of `vectors` (n, d) each in any order: the largest first, ids sorted.

    Without `parts` as many as set themselves apart best. Fewer than asked for where quotes are alike, and none where all are.
    """
    order = sorted(range(len(quote_ids)), key=lambda i: quote_ids[i])
    rows = vectors[order].astype(np.float64).round(DECIMALS)
    found = [labels for k in ([parts] if parts else range(FEWEST_PARTS, MOST_PARTS + 1)) if (labels := _divide(rows, k)) is not None]
    if not found:
        return ()
    best = max(found, key=lambda labels: (_smallest(labels) > LONELY, round(_apart(rows, labels), DECIMALS), -int(labels.max())))
    groups: dict[int, list[str]] = {}
    for i, label in zip(order, best, strict=True):
        groups.setdefault(int(label), []).append(quote_ids[i])
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group[0])))


def most_typical(quote_ids: Sequence[str], rows: NDArray[np.floating[Any]], most: int = VOICES) -> tuple[str, ...]:
    """Those quotes of a group, given with a row (n, d) each in any order, that lie nearest to its middle; the nearest first."""
    order = sorted(range(len(quote_ids)), key=lambda i: quote_ids[i])
    exact = rows[order].astype(np.float64)
    away = np.linalg.norm(exact - exact.mean(axis=0), axis=1).round(DECIMALS)
    return tuple(quote_ids[order[i]] for i in np.argsort(away, kind="stable")[:most])


def _divide(rows: Rows, parts: int) -> NDArray[np.int64] | None:
    """A label per row: halved along the longest axis, the most scattered part next, then refined; None where nothing can be told apart."""
    labels = np.zeros(len(rows), np.int64)
    for new in range(1, parts):
        scatter = [_scatter(rows[labels == k]) for k in range(new)]
        widest = int(np.argmax(scatter))
        if scatter[widest] <= 0:
            break
        inside = np.flatnonzero(labels == widest)
        labels[inside[_far_side(rows[inside])]] = new
    if not labels.any():
        return None
    return _refine(rows, labels)


def _scatter(rows: Rows) -> float:
    return float(((rows - rows.mean(axis=0)) ** 2).sum().round(DECIMALS))


def _far_side(rows: Rows) -> NDArray[np.bool_]:
    """Which rows lie beyond the middle of the axis along which they vary most."""
    centred = rows - rows.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    along = (centred @ axes[:, -1]).round(DECIMALS)
    far: NDArray[np.bool_] = along > 0
    return far if far.any() else along < 0


def _refine(rows: Rows, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each row with the nearest middle, until nothing moves; a part that loses all its rows would end it too."""
    for _ in range(ROUNDS):
        moved = _away(rows, labels).argmin(axis=1)
        if len(np.unique(moved)) < len(np.unique(labels)) or (moved == labels).all():
            break
        labels = moved
    return labels


def _away(rows: Rows, labels: NDArray[np.int64]) -> Rows:
    """Distances of the rows to the middles of the parts, (n, parts)."""
    middles = np.stack([rows[labels == k].mean(axis=0) for k in range(int(labels.max()) + 1)])
    away: Rows = np.linalg.norm(rows[:, None, :] - middles[None, :, :], axis=2).round(DECIMALS)
    return away


def _apart(rows: Rows, labels: NDArray[np.int64]) -> float:
    """How much nearer rows are to their own middle than to the next, −1 to 1 (the silhouette, by middles)."""
    away = _away(rows, labels)
    own = away[np.arange(len(rows)), labels]
    away[np.arange(len(rows)), labels] = np.inf
    other = away.min(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 10.0**-DECIMALS)).mean())


def _smallest(labels: NDArray[np.int64]) -> int:
    return int(np.bincount(labels).min())
