"""Cluster: from small cores of like quotes to themes and themes within them.

Any clusterer finds the cores; what makes themes of them is the same for all: cores are merged as Ward did (1963, "Hierarchical grouping to
optimize an objective function"), then each quote goes where it is nearest, or nowhere.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.themes import ClusterProposal

NOISE = -1
SMALLEST_THEME = 3
LARGEST_SHARE, FURTHER = 1 / 3, 2
"""No theme holds more, if up to twice as many themes can prevent it."""
SUB_FROM, SMALLEST_SUB = 40, 5
"""Quotes from which on a theme has themes within it, and quotes that each of those has at least."""
PLAIN, MOST_PLAIN = 0.5, 50
"""From this silhouette on the quotes themselves say how many groups they form, if not too many; speech about one product hardly does."""
ROUNDS = 10
BLOCK = 16_384
SAMPLE, DECIDING = 2_000, 20_000
"""Rows, evenly spaced, that say whether groups are plain to see; those that say where their middles are."""
DECIMALS = 9

Rows = NDArray[np.float64]
Labels = NDArray[np.intp]


def propose(
    quote_ids: Sequence[str], labels: Sequence[int], within: Sequence[int] | None = None, smallest: int = SMALLEST_SUB
) -> ClusterProposal:
    """Groups from a clusterer's raw labels (−1 is noise): largest first, then by first member; members in order of id.

    `within` are labels of groups inside the groups; those of fewer than `smallest` quotes are none, nor is one that stands alone.
    """
    groups = _grouped(quote_ids, labels)
    unplaced = groups.pop(NOISE, ())
    ordered = _ordered(groups.values())
    if within is None:
        return ClusterProposal(ordered, unplaced)
    inner = dict(zip(quote_ids, within, strict=True))
    children = []
    for group in ordered:
        parts = _grouped(group, [inner[quote_id] for quote_id in group])
        found = _ordered(part for label, part in parts.items() if label != NOISE and len(part) >= smallest)
        children.append(found if len(found) > 1 else ())
    return ClusterProposal(ordered, unplaced, tuple(children) if any(children) else ())


def themes_of(quote_ids: Sequence[str], rows: NDArray[np.float32], cores: Labels) -> ClusterProposal:
    """Themes from cores: `rows` (n, d) in order of `quote_ids`, `cores` a label a row, −1 for what lies between them.

    How many themes there are follows from the number of rows, unless these fall into fewer groups that are plain to see. A row that lies
    nearer to the middle of all than to that of its theme stays unplaced, as do those of themes of fewer than 3. Themes of 40 rows and more
    have themes within them, made in the same way of the cores inside.
    """
    exact = np.asarray(rows, np.float64)
    if len(exact) < SMALLEST_THEME:
        return propose(quote_ids, [NOISE] * len(exact))
    if (exact == exact[0]).all():
        return propose(quote_ids, [0] * len(exact))
    labels = _themes(exact, cores, theme_count(len(exact)))
    within = np.full(len(exact), NOISE, np.intp)
    for label in range(int(labels.max()) + 1):
        inside = np.flatnonzero(labels == label)
        if len(inside) >= SUB_FROM:
            within[inside] = _themes(exact[inside], cores[inside], sub_count(len(inside)))
    return propose(quote_ids, labels.tolist(), within.tolist())


def theme_count(quotes: int) -> int:
    """How many themes there are at most: 4 of 20 quotes, 14 of 200, 48 of 2,000, 190 of 20,000.

    As many as quotes in each up to 1,000 quotes; of more there is more to tell apart (measured on BANKING77).
    """
    return max(1, round(max(math.sqrt(quotes), math.pow(quotes, 0.6) / 2)))


def sub_count(quotes: int) -> int:
    """How many themes there are at most within one: 3 of 40 quotes, 7 of 200."""
    return max(2, round(math.sqrt(quotes) / 2))


def _grouped(quote_ids: Sequence[str], labels: Sequence[int]) -> dict[int, tuple[str, ...]]:
    groups: dict[int, list[str]] = {}
    for quote_id, label in zip(quote_ids, labels, strict=True):
        groups.setdefault(int(label), []).append(quote_id)
    return {label: tuple(sorted(group)) for label, group in groups.items()}


def _ordered(groups: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(groups, key=lambda group: (-len(group), group[0])))


def _themes(rows: Rows, cores: Labels, most: int) -> Labels:
    """A theme a row, numbered without gaps, −1 for none; a few more than `most` where one would hold too many rows."""
    held = np.flatnonzero(cores != NOISE)
    if not len(held):
        return np.full(len(rows), NOISE, np.intp)
    numbers = np.unique(cores[held], return_inverse=True)[1]
    middles, sizes = _middles(rows[held], numbers)
    merges = merged(middles, sizes)
    plain = _plain(rows[held], numbers, merges, most)
    tried = [plain] if plain is not None else (cut(len(middles), merges, count) for count in range(most, FURTHER * most + 1))
    labels = np.full(len(rows), NOISE, np.intp)
    for groups in tried:
        labels[held] = groups[numbers]
        settled = _settled(rows, labels)
        if np.bincount(settled + 1)[1:].max(initial=0) <= LARGEST_SHARE * len(rows):
            break
    members = np.bincount(settled + 1)[1:]
    settled = np.where((settled != NOISE) & (members[settled] >= SMALLEST_THEME), settled, NOISE)
    kept = settled != NOISE
    settled[kept] = np.unique(settled[kept], return_inverse=True)[1]
    return settled


def merged(middles: Rows, sizes: Rows) -> list[tuple[int, int]]:
    """Pairs in the order in which Ward merges groups with these middles (m, d) and sizes; the second of a pair joins the first."""
    middles, sizes = middles.copy(), sizes.astype(np.float64)
    costs = np.array([_costs(middles, sizes, i) for i in range(len(sizes))])
    nearest = costs.argmin(axis=1)
    lowest = costs[np.arange(len(sizes)), nearest]
    pairs = []
    for _ in range(len(sizes) - 1):
        first = int(lowest.argmin())
        keep, gone = sorted((first, int(nearest[first])))
        pairs.append((keep, gone))
        middles[keep] = (middles[keep] * sizes[keep] + middles[gone] * sizes[gone]) / (sizes[keep] + sizes[gone])
        sizes[keep] += sizes[gone]
        sizes[gone] = 0.0
        costs[gone], costs[:, gone], lowest[gone] = np.inf, np.inf, np.inf
        new = _costs(middles, sizes, keep)
        costs[keep], costs[:, keep] = new, new
        stale = (sizes > 0) & ((nearest == keep) | (nearest == gone))
        stale[keep] = True
        nearest[stale] = costs[stale].argmin(axis=1)
        lowest[stale] = costs[stale, nearest[stale]]
        closer = ~stale & (new < lowest)
        nearest[closer], lowest[closer] = keep, new[closer]
    return pairs


def _costs(middles: Rows, sizes: Rows, i: int) -> Rows:
    """What merging group `i` with each other one adds to the scatter; infinite for itself and for those that are gone."""
    apart = ((middles - middles[i]) ** 2).sum(axis=1).round(DECIMALS)
    costs: Rows = np.full(len(sizes), np.inf)
    there = sizes > 0
    there[i] = False
    costs[there] = apart[there] * sizes[there] * sizes[i] / (sizes[there] + sizes[i])
    return costs


def cut(groups: int, merges: Sequence[tuple[int, int]], wanted: int) -> Labels:
    """A number for each of so many groups after as many merges as leave `wanted`."""
    labels = np.arange(groups)
    for keep, gone in merges[: max(0, groups - wanted)]:
        labels[labels == gone] = keep
    numbers: Labels = np.unique(labels, return_inverse=True)[1]
    return numbers


def _plain(rows: Rows, cores: Labels, merges: Sequence[tuple[int, int]], most: int) -> Labels | None:
    """A group for each core where groups are plain to see in the rows, as many as that is plainest of; None where they are not."""
    groups = len(merges) + 1
    step = -(-len(rows) // SAMPLE)
    rows, cores = rows[::step], cores[::step]
    best, plainest = None, PLAIN
    for count in range(min(most, groups, MOST_PLAIN), 1, -1):
        labels = cut(groups, merges, count)
        if (apart := _silhouette(rows, labels[cores])) > plainest:
            best, plainest = labels, apart
    return best


def _silhouette(rows: Rows, labels: Labels) -> float:
    """How much nearer rows are to the middle of their own group than to the next, −1 to 1."""
    labels = np.unique(labels, return_inverse=True)[1]
    if not labels.any():
        return 0.0
    away = np.sqrt(_away(rows, _middles(rows, labels)[0]))
    own = away[np.arange(len(rows)), labels].copy()
    away[np.arange(len(rows)), labels] = np.inf
    other = away.min(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 10.0**-DECIMALS)).mean().round(DECIMALS))


def _settled(rows: Rows, labels: Labels) -> Labels:
    """Each row with the group whose middle is nearest, until none moves; −1 for rows that lie nearer to the middle of all.

    Of very many rows evenly spaced ones decide where the middles come to lie.
    """
    step = -(-len(rows) // DECIDING)
    some, nearest = rows[::step], labels[::step]
    for _ in range(ROUNDS):
        held = nearest != NOISE
        middles = _middles(some[held], np.unique(nearest[held], return_inverse=True)[1])[0]
        before, nearest = nearest, _nearest(some, middles)[0]
        if (before == nearest).all():
            break
    nearest, away = _nearest(rows, middles)
    alone = ((rows - rows.mean(axis=0)) ** 2).sum(axis=1)
    return np.where(nearest.any() & (away >= alone), NOISE, nearest)


def _nearest(rows: Rows, middles: Rows) -> tuple[Labels, Rows]:
    """Of each row the nearest middle and the squared distance to it."""
    found, away = np.zeros(len(rows), np.intp), np.zeros(len(rows))
    for first in range(0, len(rows), BLOCK):
        block = slice(first, first + BLOCK)
        apart = _away(rows[block], middles)
        found[block] = apart.argmin(axis=1)
        away[block] = apart.min(axis=1)
    return found, away


def _away(rows: Rows, middles: Rows) -> Rows:
    """Squared distances, (n, middles), rounded so that ties are ties."""
    apart: Rows = (rows**2).sum(axis=1)[:, None] + (middles**2).sum(axis=1)[None, :] - 2 * rows @ middles.T
    return np.maximum(apart, 0).round(DECIMALS)


def _middles(rows: Rows, labels: Labels) -> tuple[Rows, Rows]:
    """Mean row and number of rows of each label; labels are 0, 1, 2 and so on."""
    sizes = np.bincount(labels)
    order = np.argsort(labels, kind="stable")
    sums = np.add.reduceat(rows[order], np.concatenate([[0], np.cumsum(sizes)[:-1]]))
    return sums / sizes[:, None], sizes.astype(np.float64)
