"""Settle: where every quote belongs, when some have a place already, people moved some and a clusterer groups them all anew.

What has a place keeps it; new quotes join the theme they are near; what is near none may form new themes; that a theme falls apart, or that
two are one, is proposed and never done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.identity import derive_id
from app.domain.themes import ClusterProposal, Placement, theme_id

NEAR = 2
"""How many further themes a placement names."""
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
    bears: bool = True
    """Whether quotes without a place may form new themes; not where a model drafts them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A split or merge that the quotes suggest: the themes it is about, and the groups of quotes that would follow."""

    id: str
    kind: str
    theme_ids: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """Placements by quote id; themes that were born (id, parent or None, members), and changes that are proposed."""

    placements: Mapping[str, Placement]
    born: tuple[tuple[str, str | None, tuple[str, ...]], ...]
    changes: tuple[Change, ...]


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
    open_to_all = {theme: members for theme, members in standing.items() if theme not in before.closed}
    placed |= _join(rows, open_to_all, [q for q in free if q not in before.seen])
    born = _born(study_id, anew, frozenset(q for q in free if q not in placed)) if before.bears else []
    for theme, _, members in born:
        placed |= dict.fromkeys(members, theme)
    return Settled(_placements(rows, placed, before), tuple(born), _changes(study_id, anew, standing, before))


def _members(placed: Mapping[str, str]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for quote_id in sorted(placed):
        members.setdefault(placed[quote_id], []).append(quote_id)
    return members


def _join(rows: Mapping[str, NDArray[np.float64]], standing: Mapping[str, Sequence[str]], new: Sequence[str]) -> dict[str, str]:
    """The nearest theme of each new quote that lies no farther from its centre than most of its members do."""
    themes = [theme for theme in sorted(standing) if len(standing[theme]) >= SMALLEST]
    if not themes or not new:
        return {}
    members = [np.stack([rows[q] for q in standing[t]]) for t in themes]
    centres = np.stack([inside.mean(axis=0) for inside in members])
    # distances as if each member were the newcomer: a centre is nearer to those it was computed from
    reach = np.array(
        [
            np.percentile(np.linalg.norm(inside - centre, axis=1), REACH) * len(inside) / (len(inside) - 1)
            for inside, centre in zip(members, centres, strict=True)
        ]
    )
    joined = {}
    for quote_id in new:
        away = np.linalg.norm(centres - rows[quote_id], axis=1).round(DECIMALS)
        nearest = int(away.argmin())
        if away[nearest] <= reach[nearest]:
            joined[quote_id] = themes[nearest]
    return joined


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
    middle = np.mean([rows[q] for q in sorted(rows)], axis=0)
    members = _members(placed)
    themes = sorted(members)
    centres = np.stack([_unit(np.mean([rows[q] for q in members[t]], axis=0) - middle) for t in themes])
    column = {theme: i for i, theme in enumerate(themes)}
    result = {}
    for quote_id, theme in placed.items():
        close = (centres @ _unit(rows[quote_id] - middle)).round(DECIMALS)
        others = [(themes[i], float(close[i])) for i in np.argsort(-close, kind="stable") if themes[i] != theme][:NEAR]
        source = before.sources.get(quote_id, "offline")
        result[quote_id] = Placement(theme, float(close[column[theme]]), source, tuple(others))
    return result


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


def _change(study_id: str, kind: str, themes: tuple[str, ...], groups: tuple[tuple[str, ...], ...], size: int) -> Change:
    """A change whose id stays while it is about the same themes of like size: one verdict is enough until they have doubled."""
    return Change(derive_id("proposal", study_id, kind, size.bit_length(), *themes), kind, themes, groups)
