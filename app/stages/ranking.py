"""Putting results in order: nearest vectors, several rankings as one, and room for more than one voice at the top."""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Order = NDArray[np.intp]
RANK_BLUR = 60
"""How little the first places of one ranking outweigh the next ones (Cormack, Clarke & Büttcher 2009 use the same)."""
FIRST, OF_ONE = 5, 2
"""Among the first five at most two of one participant."""


def best(scores: NDArray[np.float32], among: NDArray[np.bool_], limit: int | None = None, floor: float | None = None) -> Order:
    """Rows (n) by falling score, equal ones in their order; only those `among` which is true and whose score reaches `floor`."""
    rows = np.flatnonzero(among if floor is None else among & (scores >= floor))
    if limit is not None and len(rows) > limit:
        bar = np.partition(scores[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[scores[rows] >= bar]
    return rows[np.argsort(-scores[rows], kind="stable")][:limit]


def fuse(rankings: Sequence[Order]) -> Order:
    """One ranking of all rows that occur in any, by reciprocal ranks; equal ones by row."""
    rows = np.unique(np.concatenate(rankings)) if rankings else np.zeros(0, np.intp)
    scores = np.zeros(len(rows))
    for ranking in rankings:
        scores[np.searchsorted(rows, ranking)] += 1 / (RANK_BLUR + 1 + np.arange(len(ranking)))
    return rows[np.argsort(-scores, kind="stable")]


def spread(ranking: Order, voices: Sequence[Hashable], first: int = FIRST, of_one: int = OF_ONE) -> Order:
    """The same rows with at most `of_one` of a voice among the `first`, as far as there are others; `voices` is whose each row is."""
    heard: Counter[Hashable] = Counter()
    ahead: list[int] = []
    for place, row in enumerate(ranking.tolist()):
        if len(ahead) == first:
            break
        if heard[voices[row]] < of_one:
            heard[voices[row]] += 1
            ahead.append(place)
    held = np.ones(len(ranking), np.bool_)
    held[ahead] = False
    return np.concatenate([ranking[ahead], ranking[held]]) if ahead else ranking
