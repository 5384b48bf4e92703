"""k-means behind the `Clusterer` port, for studies that are too large for HDBSCAN, and the choice between the two."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.themes import ClusterProposal
from app.ports import Clusterer
from app.stages.cluster import themes_of

CORES_PER_ROOT, MOST_CORES = 6.0, 2_000
"""Cores grow with the square root of the rows, as themes do, and are some times as many."""
SAMPLE = 20_000
"""Rows, evenly spaced, that the cores are found in; the others go to the nearest."""
PASSES, SEED = 10, 0
MOST = 2_000
"""Rows up to which the clusterer for the usual size is asked; beyond, this one finds as good themes, and sooner."""
BLOCK = 16_384


class KMeansClusterer:
    """Groups rows around cores of like ones, which k-means finds in a sample. Deterministic, and blind to the order of rows.

    Takes a few seconds for 20,000 rows, and then grows with their number.
    """

    def cluster(self, quote_ids: Sequence[str], features: NDArray[np.float32]) -> ClusterProposal:
        """Group rows of `features` (n, d); any n from 0; fewer than 3 rows make no group, rows all alike make one."""
        order = sorted(range(len(quote_ids)), key=lambda row: quote_ids[row])
        rows = np.asarray(features, np.float32)[order]
        return themes_of([quote_ids[row] for row in order], rows, _cores(rows))


class SizedClusterer:
    """Has `small` group up to `most` rows, and `large` what is more."""

    def __init__(self, small: Clusterer, large: Clusterer, most: int = MOST) -> None:
        self._small = small
        self._large = large
        self._most = most

    def cluster(self, quote_ids: Sequence[str], features: NDArray[np.float32]) -> ClusterProposal:
        """Group rows of `features` (n, d); any n from 0."""
        return (self._small if len(quote_ids) <= self._most else self._large).cluster(quote_ids, features)


def _cores(rows: NDArray[np.float32]) -> NDArray[np.intp]:
    """A core a row."""
    wanted = min(round(CORES_PER_ROOT * math.sqrt(len(rows))), MOST_CORES)
    if len(rows) <= wanted or not rows.shape[1]:
        return np.arange(len(rows))
    from sklearn.cluster import KMeans  # noqa: PLC0415 - seconds to import; the web process and `--help` never need it
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 - same; no types

    sample = rows[:: -(-len(rows) // SAMPLE)]
    distinct = len(np.unique(sample, axis=0))
    with threadpool_limits(limits=1):  # threads add up in whatever order they come
        model = KMeans(min(wanted, distinct), n_init=1, max_iter=PASSES, random_state=SEED, init="random").fit(sample)
        found = [model.predict(rows[first : first + BLOCK]) for first in range(0, len(rows), BLOCK)]
    return np.concatenate(found).astype(np.intp)
