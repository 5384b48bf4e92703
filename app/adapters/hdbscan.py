"""HDBSCAN behind the `Clusterer` port, for studies of the usual size."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.themes import ClusterProposal
from app.stages.cluster import FURTHER, SMALLEST_THEME, theme_count, themes_of

CORE = 2
"""Quotes of a core at least; 2 to 4 measured alike. HDBSCAN's own groups are either far too many, or leave half of the quotes out."""


class HdbscanClusterer:
    """Groups rows around cores of like ones, which HDBSCAN finds. Deterministic, and blind to the order of rows.

    Takes a second for 2,000 rows and grows with their square.
    """

    def cluster(self, quote_ids: Sequence[str], features: NDArray[np.float32]) -> ClusterProposal:
        """Group rows of `features` (n, d); any n from 0; fewer than 3 rows make no group, rows all alike make one."""
        order = sorted(range(len(quote_ids)), key=lambda row: quote_ids[row])
        rows = np.asarray(features, np.float32)[order]
        return themes_of([quote_ids[row] for row in order], rows, _cores(rows.astype(np.float64)))


def _cores(rows: NDArray[np.float64]) -> NDArray[np.intp]:
    """A core a row, −1 for none; where density finds too few to merge, every row is its own."""
    if len(rows) < SMALLEST_THEME or not rows.shape[1]:
        return np.arange(len(rows))
    with warnings.catch_warnings():
        # invalid escape sequences in its own source, and a renamed argument it passes to scikit-learn
        warnings.filterwarnings("ignore", category=SyntaxWarning, module=r".*hdbscan")
        warnings.filterwarnings("ignore", category=FutureWarning, module=r".*sklearn")
        import hdbscan  # noqa: PLC0415 - seconds to import; the web process and `--help` never need it

        # min_samples 1: interview studies are small, and a stricter density finds cores in few of their themes
        model = hdbscan.HDBSCAN(min_cluster_size=CORE, min_samples=1, cluster_selection_method="leaf", core_dist_n_jobs=1)
        labels: NDArray[np.intp] = model.fit(rows).labels_
    return labels if labels.max() + 1 > FURTHER * theme_count(len(rows)) else np.arange(len(rows))
