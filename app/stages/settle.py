"""Settle: where every quote belongs, when some have a place already, people moved some and a clusterer groups them all anew.

What has a place keeps it; new quotes join the theme they are near; what is near none may form new themes; that a theme falls apart, or that
two are one, is proposed and never done.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.domain.identity import derive_id
from app.domain.themes import ClusterProposal, Placement, theme_id
from app.stages.splitting import most_typical

NEAR, NEAR_LOOSE = 2, 3
"""How many further themes a placement names, and how many a quote without a place."""
REACH = 90
"""Percentile of its members' distances to its centre within which a theme takes a newcomer in."""
SMALLEST = 3
MOST_OF = 0.5
"""Share of a group that has no place yet, from which on the group is a theme of its own."""
PART = 0.3
"""Share of a theme's quotes that a part has at least for a split to be proposed; of the group they share for a merge."""
SPLIT_FROM = 10
"""Quotes from which on a theme may be proposed to be split."""
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Before:
    """What stands: open themes with their quotes, which quotes were there at all, and themes that are to be left alone.

    `fixed` maps a quote to the theme that people or a model gave it, None where it belongs to none; it outweighs `members`.
    """

    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    fixed: Mapping[str, str | None] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    """Who placed the quotes in `fixed`."""
    shaped: frozenset[str] = frozenset()
    """Themes that people pinned, merged, split or moved quotes of: no change of them is proposed."""
    closed: frozenset[str] = frozenset()
    """Themes that no newcomer joins, such as those marked as noise: what is new should be seen."""
    own: frozenset[str] = frozenset()
    """Entries that people made or named: newcomers join them also where they hold few quotes, or none."""
    fits: Mapping[str, str] = field(default_factory=dict)
    """By quote such an entry whose words fit it best: it joins, as long as the entry holds too few quotes to be measured by."""
    bears: bool = True
    """Whether quotes without a place may form new themes; not where a model drafts them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A split or merge that the quotes suggest: the themes it is about, and the groups of quotes that would follow.

    `voices` are of each group the quotes nearest to its middle. `near` says how alike the middles are of the parts, or of the themes that
    would be merged (cosine, −1 to 1), `usual` how alike any two themes of the study are; None where there are no two.
    """

    id: str
    kind: str
    theme_ids: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    voices: tuple[tuple[str, ...], ...] = ()
    near: float | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Placements by quote id; themes that were born (id, parent or None, members), and changes that are proposed.

    `loose` are the quotes without a place, each with the themes that come nearest and how near (as in a placement), the nearest first.
    """

    placements: Mapping[str, Placement]
    born: tuple[tuple[str, str | None, tuple[str, ...]], ...]
    changes: tuple[Change, ...]
    loose: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)


def settle(study_id: str, quote_ids: Sequence[str], features: NDArray[np.float32], anew: ClusterProposal, before: Before) -> Settled:
    """Place quotes, given with a row of `features` (n, d) each and grouped `anew` without regard to what stands; in any order."""
    rows = {q: features[i].astype(np.float64) for i, q in enumerate(quote_ids)}
    placed: dict[str, str] = {q: t for t, members in before.members.items() for q in members if q in rows}
    for quote_id, theme in before.fixed.items():
        if quote_id in rows:
            placed.pop(quote_id, None)
            if theme is not None:
                placed[quote_id] = theme
    standing = _members(placed)
    free = [q for q in sorted(rows) if q not in placed and q not in before.fixed]
    placed |= _join(rows, standing, before, [q for q in free if q not in before.seen])
    born = _born(study_id, anew, frozenset(q for q in free if q not in placed)) if before.bears else []
    for theme, _, members in born:
        placed |= dict.fromkeys(members, theme)
    changes = _explained(rows, standing, _changes(study_id, anew, standing, before))
    return Settled(_placements(rows, placed, before), tuple(born), changes, _loose(rows, placed, before))


def _members(placed: Mapping[str, str]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for quote_id in sorted(placed):
        members.setdefault(placed[quote_id], []).append(quote_id)
    return members


def _join(
    rows: Mapping[str, NDArray[np.float64]], standing: Mapping[str, Sequence[str]], before: Before, new: Sequence[str]
) -> dict[str, str]:
    """The entry of people whose words fit a new quote best, if it holds few, else the nearest theme that it lies within.

    It lies within where it is no farther from the centre than most members are. People's entries that hold too few quotes to tell reach as
    far as the others usually do.
    """
    few = {theme for theme in before.own - before.closed if len(standing.get(theme, ())) < SMALLEST}
    by_words = {q: theme for q in new if (theme := before.fits.get(q)) in few and theme is not None}
    settled = {theme for theme, members in standing.items() if len(members) >= SMALLEST}
    themes = sorted((settled | (few & standing.keys())) - before.closed)
    if not settled or not themes:
        return by_words
    inside = {theme: np.stack([rows[q] for q in standing[theme]]) for theme in sorted(settled | set(themes))}
    usual = float(np.median([_reach(inside[t]) / _spread(len(inside[t]) - 1) for t in sorted(settled)])) * _spread(SMALLEST)
    reach = [_reach(inside[theme]) if theme in settled else usual for theme in themes]
    stretch = np.array([_spread(min(len(inside[theme]), SMALLEST)) / _spread(SMALLEST) for theme in themes])
    centres = np.stack([inside[theme].mean(axis=0) for theme in themes])
    joined = {}
    for quote_id in new:
        away = (np.linalg.norm(centres - rows[quote_id], axis=1) / stretch).round(DECIMALS)
        nearest = int(away.argmin())
        if away[nearest] <= reach[nearest]:
            joined[quote_id] = themes[nearest]
    return joined | by_words


def _spread(count: int) -> float:
    """How much farther a quote lies from the middle of so many like it than from that of very many."""
    return math.sqrt(1 + 1 / count)


def _reach(inside: NDArray[np.float64]) -> float:
    """How far from its centre most members (n, d) of a theme lie.

    Distances are as if each member were the newcomer: a centre is nearer to those it was computed from.
    """
    away = np.linalg.norm(inside - inside.mean(axis=0), axis=1)
    return float(np.percentile(away, REACH) * len(inside) / (len(inside) - 1))


def _born(study_id: str, anew: ClusterProposal, free: Collection[str]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Groups made mostly of quotes without a place, as themes; sub-groups of a whole new group become themes inside it."""
    born: list[tuple[str, str | None, tuple[str, ...]]] = []
    for n, group in enumerate(anew.groups):
        members = tuple(q for q in group if q in free)
        if len(members) < min(SMALLEST, len(group)) or len(members) < MOST_OF * len(group):
            continue
        outer = theme_id(study_id, members)
        inner = [tuple(q for q in child if q in free) for child in (anew.children[n] if anew.children else ())]
        inside = [child for child in inner if len(child) >= SMALLEST]
        left = set(members).difference(*inside)
        born.append((outer, None, tuple(sorted(left))))
        born += [(theme_id(study_id, child), outer, child) for child in inside]
    return born


def _placements(rows: Mapping[str, NDArray[np.float64]], placed: Mapping[str, str], before: Before) -> dict[str, Placement]:
    """Each placement with its closeness to its theme's centre and the themes that come next (cosines of centred rows)."""
    if not placed:
        return {}
    space = _Space.of(rows, _members(placed))
    column = {theme: i for i, theme in enumerate(space.themes)}
    result = {}
    for quote_id, theme in placed.items():
        close = space.closeness(rows[quote_id])
        source = before.sources.get(quote_id, "offline")
        result[quote_id] = Placement(theme, float(close[column[theme]]), source, space.nearest(close, NEAR, but=theme))
    return result


def _loose(rows: Mapping[str, NDArray[np.float64]], placed: Mapping[str, str], before: Before) -> dict[str, tuple[tuple[str, float], ...]]:
    """The nearest themes of each quote without a place."""
    left = [q for q in sorted(rows) if q not in placed]
    offered = {theme: members for theme, members in _members(placed).items() if theme not in before.closed}
    if not left or not offered:
        return dict.fromkeys(left, ())
    space = _Space.of(rows, offered)
    return {q: space.nearest(space.closeness(rows[q]), NEAR_LOOSE) for q in left}


@dataclass(frozen=True, slots=True)
class _Space:
    """Where themes lie, seen from the middle of all quotes; `centres` (themes, d) have unit length."""

    middle: NDArray[np.float64]
    themes: tuple[str, ...]
    centres: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Mapping[str, NDArray[np.float64]], groups: Mapping[str, Sequence[str]]) -> "_Space":
        """The place of each group, by name."""
        middle = np.mean([rows[q] for q in sorted(rows)], axis=0)
        names = tuple(sorted(groups))
        return cls(middle, names, np.stack([_unit(np.mean([rows[q] for q in groups[n]], axis=0) - middle) for n in names]))

    def closeness(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """How close a quote is to each theme (cosine)."""
        close: NDArray[np.float64] = (self.centres @ _unit(row - self.middle)).round(DECIMALS)
        return close

    def nearest(self, close: NDArray[np.float64], most: int, but: str | None = None) -> tuple[tuple[str, float], ...]:
        """The closest themes, other than one."""
        ranked = ((self.themes[i], float(close[i])) for i in np.argsort(-close, kind="stable") if self.themes[i] != but)
        return tuple(islice(ranked, most))

    def likeness(self) -> float | None:
        """How alike two of them are on average; None where there are no two."""
        count = len(self.themes)
        if count <= 1:
            return None
        alike = self.centres @ self.centres.T
        return round(float((alike.sum() - np.trace(alike)) / (count * (count - 1))), DECIMALS)


def _unit(row: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(row))
    return row / length if length > 10**-DECIMALS else np.zeros_like(row)


def _changes(study_id: str, anew: ClusterProposal, standing: Mapping[str, Sequence[str]], before: Before) -> tuple[Change, ...]:
    """Splits of themes that several groups share, and merges of themes that one group holds, among those that may be touched."""
    group_of = {q: n for n, group in enumerate(anew.groups) for q in group}
    parts: dict[str, dict[int, list[str]]] = {}
    for theme in sorted(standing.keys() - before.shaped - before.closed):
        for quote_id in standing[theme]:
            if quote_id in group_of:
                parts.setdefault(theme, {}).setdefault(group_of[quote_id], []).append(quote_id)
    changes = []
    for theme, shared in parts.items():
        size = len(standing[theme])
        large = sorted(tuple(p) for p in shared.values() if len(p) >= max(SMALLEST, PART * size))
        if size >= SPLIT_FROM and len(large) > 1:
            changes.append(_change(study_id, "split", (theme,), tuple(large), size))
    for n, group in enumerate(anew.groups):
        whole = [
            t for t in parts if len(parts[t].get(n, ())) >= max(SMALLEST, 2 * PART * len(standing[t])) and len(standing[t]) >= SMALLEST
        ]
        shares = [t for t in whole if len(parts[t][n]) >= PART * len(group)]
        if len(shares) > 1:
            together = tuple(tuple(parts[t][n]) for t in shares)
            changes.append(_change(study_id, "merge", tuple(shares), together, sum(len(standing[t]) for t in shares)))
    return tuple(changes)


def _explained(
    rows: Mapping[str, NDArray[np.float64]], standing: Mapping[str, Sequence[str]], changes: Sequence[Change]
) -> tuple[Change, ...]:
    """Changes with what speaks for them: typical quotes of each group, and how alike the groups are."""
    if not changes:
        return ()
    themes = {theme: members for theme, members in standing.items() if len(members) >= SMALLEST}
    usual = _Space.of(rows, themes).likeness() if len(themes) > 1 else None
    told = []
    for change in changes:
        groups = change.groups if change.kind == "split" else [standing[theme] for theme in change.theme_ids]
        near = _Space.of(rows, {str(n): group for n, group in enumerate(groups)}).likeness()
        voices = tuple(most_typical(group, np.stack([rows[q] for q in group])) for group in change.groups)
        told.append(replace(change, voices=voices, near=near, usual=usual))
    return tuple(told)


def _change(study_id: str, kind: str, themes: tuple[str, ...], groups: tuple[tuple[str, ...], ...], size: int) -> Change:
    """A change whose id stays while it is about the same themes of like size: one verdict is enough until they have doubled."""
    return Change(derive_id("proposal", study_id, kind, size.bit_length(), *themes), kind, themes, groups)
