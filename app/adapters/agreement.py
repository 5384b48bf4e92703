"""Agreement between labels and answers (`ports.Agreement`), by scikit-learn and krippendorff; nothing else imports these for it.

Gwet's AC1 is ten lines of its own: irrCAC 0.4.4, which has it, holds scipy at 1.12, years behind what the rest of Throughline needs.
A test compares it with figures that irrCAC gave.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.gold import Figures, ReliabilityBin

RESAMPLES = 500
SEED = 20_250_301
"""Any will do; a fixed one makes intervals the same everywhere."""
INTERVAL = (2.5, 97.5)
"""Per cent of resamples below the interval's ends: the middle 95 %."""
DIGITS = 4
UNTAGGED = "untagged"
"""Where an answer is missing; no closed set has a value of this name."""

Pairs = Sequence[tuple[str, str | None]]


class LibraryAgreement:
    """Figures of agreement; its libraries are loaded when they are first needed, since they take a second or two."""

    def figures(self, pairs: Pairs, values: Sequence[str], groups: Sequence[str] = (), *, ordinal: bool = False) -> Figures:
        """Compare (label, answer) pairs, at least one; `values` is the closed set in its order.

        `groups` names each pair's interview; kappa's interval comes from drawing interviews, not quotes, since quotes of one interview
        resemble each other. It stays open with fewer than two. `ordinal` makes Krippendorff's alpha heed how far two values are apart.
        """
        from sklearn.metrics import f1_score  # noqa: PLC0415  # see the class

        labels = [label for label, _ in pairs]
        answers = [UNTAGGED if answer is None else answer for _, answer in pairs]
        columns = [*values, UNTAGGED]
        table = _table(labels, answers, columns)
        seen = sorted({*labels, *answers} - {UNTAGGED})
        low, high = _interval(labels, answers, columns, groups)
        counted = Counter(labels)
        return Figures(
            n=len(pairs),
            accuracy=_rounded(float(np.trace(table) / len(pairs))),
            macro_f1=_rounded(float(f1_score(labels, answers, labels=seen, average="macro", zero_division=0))),
            kappa=self.kappa(pairs),
            kappa_low=low,
            kappa_high=high,
            ac1=_ac1(table),
            alpha=_alpha(table, columns, ordinal=ordinal),
            untagged=_rounded(answers.count(UNTAGGED) / len(pairs)),
            prevalence={value: _rounded(counted[value] / len(pairs)) for value in values if counted[value]},
            values=tuple(values),
            confusion=tuple(tuple(int(cell) for cell in row) for row in table[:-1]),
        )

    def kappa(self, pairs: Pairs) -> float | None:
        """Cohen's kappa; None where only one value occurs, so that there is no chance to agree beyond."""
        from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415  # see the class

        labels = [label for label, _ in pairs]
        answers = [UNTAGGED if answer is None else answer for _, answer in pairs]
        if len({*labels, *answers}) < 2:  # noqa: PLR2004  # two values
            return None
        return _rounded(float(cohen_kappa_score(labels, answers)))

    def reliability(self, sure: Sequence[float], right: Sequence[float], bins: int) -> tuple[ReliabilityBin, ...]:
        """Equally filled bins by confidence, least sure first; quotes of the same confidence stay in one bin, so there may be fewer."""
        if not sure:
            return ()
        confidence, share = np.asarray(sure, float), np.asarray(right, float)
        edges = np.unique(np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1]))
        place = np.searchsorted(edges, confidence, side="left")
        found = (place == number for number in np.unique(place))
        return tuple(
            ReliabilityBin(int(here.sum()), _rounded(float(confidence[here].mean())), _rounded(float(share[here].mean()))) for here in found
        )


def _table(labels: Sequence[str], answers: Sequence[str], columns: Sequence[str]) -> NDArray[np.int64]:
    """Counts by label (rows) and answer."""
    place = {value: i for i, value in enumerate(columns)}
    table = np.zeros((len(columns), len(columns)), np.int64)
    np.add.at(table, ([place[label] for label in labels], [place[answer] for answer in answers]), 1)
    return table


def _ac1(table: NDArray[np.int64]) -> float | None:
    """Gwet's AC1 (2008): as kappa, with the chance that two who guess at random agree in place of that of two who keep their shares.

    (pa − pe) / (1 − pe), pa the share of agreement, pe = Σ π(1 − π) / (q − 1), π a value's mean share of both, q the number of values.
    """
    used = table[:-1, :-1] if not table[:, -1].any() else table  # a missing answer is a value of its own where there is one
    q = len(used)
    if q < 2:  # noqa: PLR2004  # two values
        return None
    shares = (used.sum(axis=0) + used.sum(axis=1)) / (2 * used.sum())
    agreed = np.trace(used) / used.sum()
    chance = float((shares * (1 - shares)).sum() / (q - 1))
    return _rounded(float((agreed - chance) / (1 - chance)))


def _alpha(table: NDArray[np.int64], columns: Sequence[str], *, ordinal: bool) -> float | None:
    """Krippendorff's alpha; a missing answer is a value, and in an ordered set leaves the quote out, since it has no place there."""
    import krippendorff  # noqa: PLC0415  # see the class

    if ordinal:
        table, columns = table[:-1, :-1], columns[:-1]
    used = np.flatnonzero(table.sum(axis=0) + table.sum(axis=1))
    if len(used) < 2:  # noqa: PLR2004  # two values
        return None
    units = np.vstack([np.eye(len(columns), dtype=np.int64)[[row, column]].sum(axis=0) for row, column in np.argwhere(table)])
    counted = np.repeat(units, table[table > 0], axis=0)[:, used]
    domain = list(range(len(used)))
    if ordinal:
        return _rounded(float(krippendorff.alpha(value_counts=counted, value_domain=domain, level_of_measurement="ordinal")))
    return _rounded(float(krippendorff.alpha(value_counts=counted, value_domain=domain, level_of_measurement="nominal")))


def _interval(
    labels: Sequence[str], answers: Sequence[str], columns: Sequence[str], groups: Sequence[str]
) -> tuple[float | None, float | None]:
    """Ends of kappa's 95 % interval by drawing interviews with replacement.

    Kappa is worked out here from the drawn interviews' summed tables, all draws at once: one call of the library a draw takes seconds.
    """
    names = sorted(set(groups))
    if len(names) < 2:  # noqa: PLR2004  # two interviews
        return None, None
    member = np.array([names.index(group) for group in groups])
    given, told = np.array(labels), np.array(answers)
    tables = np.stack([_table(given[member == i].tolist(), told[member == i].tolist(), columns) for i in range(len(names))])
    drawn = np.random.default_rng(SEED).integers(0, len(names), (RESAMPLES, len(names)))
    counts = np.stack([np.bincount(draw, minlength=len(names)) for draw in drawn])
    kappas = kappas_of(np.tensordot(counts, tables, axes=1))
    kappas = kappas[np.isfinite(kappas)]
    if not len(kappas):
        return None, None
    low, high = np.percentile(kappas, INTERVAL)
    return _rounded(float(low)), _rounded(float(high))


def kappas_of(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cohen's kappa of each table of counts, (n, k, k) to (n,); NaN where it is not defined."""
    totals = tables.sum(axis=(1, 2)).astype(np.float64)
    agreed = np.trace(tables, axis1=1, axis2=2) / totals
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / totals**2
    return np.where(chance < 1, (agreed - chance) / np.where(chance < 1, 1 - chance, 1), np.nan)


def _rounded(value: float) -> float:
    """Four digits; more would claim what no sample holds, and would not be the same on every machine."""
    return round(value, DIGITS) + 0.0  # no −0.0
