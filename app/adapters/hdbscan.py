"""HDBSCAN behind the `Clusterer` port."""

import math
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.themes import ClusterProposal
from app.stages.cluster import NOISE, propose

SMALLEST_THEME = 3
LARGEST_SHARE = 1 / 3


class HdbscanClusterer:
    """Groups rows by density, finely; what is dense nowhere stays unplaced. Deterministic, and blind to the order of rows.

    `min_theme` overrides the smallest group, which else is 3 quotes and grows with a third of the square root of their number.
    """

    def __init__(self, min_theme: int | None = None) -> None:
        self._min_theme = min_theme

    def cluster(self, quote_ids: Sequence[str], features: NDArray[np.float32]) -> ClusterProposal:
        """Group rows of `features` (n, d); any n from 0; fewer than 3 rows make no group, rows all alike make one."""
        order = sorted(range(len(quote_ids)), key=lambda row: quote_ids[row])
        return propose([quote_ids[row] for row in order], self._labels(np.asarray(features, np.float64)[order]).tolist())

    def _labels(self, rows: NDArray[np.float64]) -> NDArray[np.intp]:
        smallest = self._min_theme or smallest_theme(len(rows))
        if len(rows) < max(smallest, 2):
            return np.full(len(rows), NOISE)
        if (rows == rows[0]).all():
            return np.zeros(len(rows), np.intp)
        labels = _hdbscan(rows, smallest, "leaf")
        while not _spread(labels) and smallest > SMALLEST_THEME:
            smallest = max(SMALLEST_THEME, smallest // 2)
            labels = _hdbscan(rows, smallest, "leaf")
        return labels


def smallest_theme(quotes: int) -> int:
    """How many quotes make a theme at least: 3 up to 100 quotes, 5 of 250, 47 of 20,000."""
    return max(SMALLEST_THEME, round(math.sqrt(quotes) / 3))


def _spread(labels: NDArray[np.intp]) -> bool:
    """Whether there are groups and none holds more than a third of all rows."""
    sizes = np.unique(labels[labels != NOISE], return_counts=True)[1]
    return bool(len(sizes)) and bool(sizes.max() <= LARGEST_SHARE * len(labels))


def _hdbscan(rows: NDArray[np.float64], smallest: int, method: str) -> NDArray[np.intp]:
    with warnings.catch_warnings():
        # invalid escape sequences in its own source, and a renamed argument it passes to scikit-learn
        warnings.filterwarnings("ignore", category=SyntaxWarning, module=r".*hdbscan")
        warnings.filterwarnings("ignore", category=FutureWarning, module=r".*sklearn")
        import hdbscan  # noqa: PLC0415 - seconds to import; the web process and `--help` never need it

        # min_samples 1: interview studies are small, and a stricter density left half to nine tenths of the quotes unplaced
        model = hdbscan.HDBSCAN(min_cluster_size=smallest, min_samples=1, cluster_selection_method=method, core_dist_n_jobs=1)
        labels: NDArray[np.intp] = model.fit(rows).labels_
    return labels
