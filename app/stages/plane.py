"""A plane to explore: every theme a disc of its quotes, discs nearer to each other where they are about nearer things.

Two dimensions cannot hold what embeddings hold, so this drawing promises little and keeps it: a quote stands in the disc of its own
theme and in no other, the more typical ones nearer to the middle and leaning towards the themes they resemble; no two marks and no two
labels cover each other. Distances between discs follow classical multidimensional scaling of the themes' mean vectors, pushed apart.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.identity import sha256

WIDTH, HEIGHT = 1000.0, 620.0
"""Units of a plane of middling size; a crowded one grows beyond."""
LINE = 18.0
"""Height of a line of a label, in units."""
_LETTER = 8.4
_LETTERS, _LINES = 19, 3
_NUMBER = 3
_FILLED = 0.24
_NARROW, _WIDE = 11.0, 22.0
_SEED = 0.58
_GOLDEN = np.pi * (3 - np.sqrt(5))
_GAP = 14.0
_ROUNDS = 600
_NEAREST = 3
_ROOM = 1.6
_SAME = 1e-6
_SHARPNESS = 12.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Disc:
    """Where a theme stands: its middle and radius, and its label in lines, written below it."""

    theme_id: str
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """A drawing's frame (left, top, width, height, in units), its discs by theme id, and where each quote stands by id.

    `spacing` is the distance between neighbouring quotes, so that marks of less than that width never touch.
    """

    frame: tuple[float, float, float, float]
    spacing: float
    discs: tuple[Disc, ...]
    spots: Mapping[str, tuple[float, float]]


def chosen(quote_ids: Sequence[str], limit: int) -> tuple[str, ...]:
    """At most `limit` of these quotes: a sample that depends on nothing but their ids, and changes little as quotes are added."""
    return tuple(sorted(sorted(quote_ids, key=lambda q: (sha256(q), q))[:limit]))


def lay_out(vectors: Mapping[str, NDArray[np.float32]], themes: Mapping[str, str], labels: Mapping[str, str]) -> Plane:
    """Lay quotes out: their vectors by quote id, the theme of those that have one, the label of each such theme.

    The order in which anything is given changes nothing.
    """
    ids = sorted(vectors)
    if not ids:
        return Plane((0.0, 0.0, WIDTH, HEIGHT), _WIDE, (), {})
    rows = _unit(np.array([vectors[q] for q in ids], np.float64).reshape(len(ids), -1))
    members = {t: [i for i, q in enumerate(ids) if themes.get(q) == t] for t in sorted({themes[q] for q in ids if q in themes})}
    spacing = float(np.clip(np.sqrt(_FILLED * WIDTH * HEIGHT / max(len(ids), 1)), _NARROW, _WIDE))
    means = np.array([rows[m].mean(axis=0) for m in members.values()]).reshape(len(members), rows.shape[1])
    radii = np.array([spacing * (_SEED * np.sqrt(len(m)) + 0.5) for m in members.values()])
    lines = [_lines(labels[t]) for t in members]
    boxes = np.array([_box(r, told) for r, told in zip(radii, lines, strict=True)]).reshape(-1, 3)
    middles = _apart(_scaled(means, boxes), boxes)
    towards = _towards(rows, means, middles)
    spots: dict[int, Array] = {}
    for at, mean, inside in zip(middles, means, members.values(), strict=True):
        closeness = rows[inside] @ mean
        spots |= dict(zip(inside, at + _seeds(closeness, (rows[inside] - mean) @ towards, spacing), strict=True))
    loose = [i for i, q in enumerate(ids) if q not in themes]
    spots |= dict(zip(loose, _between(rows[loose], means, middles, boxes, spacing), strict=True))
    discs = tuple(
        Disc(t, round(x, 1), round(y, 1), round(r, 1), told)
        for t, (x, y), r, told in zip(members, middles.tolist(), radii.tolist(), lines, strict=True)
    )
    placed = {ids[i]: (round(float(x), 1), round(float(y), 1)) for i, (x, y) in sorted(spots.items())}
    return Plane(_frame(placed, middles, boxes, spacing), spacing, discs, placed)


def _unit(rows: Array) -> Array:
    unit: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit


def _lines(label: str) -> tuple[str, ...]:
    """A label in short lines; the first leaves room for a number."""
    wrapped = textwrap.wrap(label, _LETTERS, initial_indent=" " * _NUMBER, max_lines=_LINES, placeholder=" …")
    return tuple(line.strip() for line in wrapped)


def _box(radius: float, lines: Sequence[str]) -> tuple[float, float, float]:
    """What a disc and the label below it take up: half the width, and the height above and below the middle."""
    widest = max((len(line) + (0 if n else _NUMBER) for n, line in enumerate(lines)), default=0)
    return max(radius, widest * _LETTER / 2), radius, radius + LINE * len(lines) + LINE / 3


def _scaled(means: Array, boxes: Array) -> Array:
    """Themes by classical multidimensional scaling, on a plane of which their boxes fill a part; alike ones a little apart."""
    n = len(means)
    spiral = np.array([[np.cos(i * _GOLDEN), np.sin(i * _GOLDEN)] for i in range(n)]).reshape(n, 2) * np.sqrt(np.arange(n))[:, None]
    if n <= 1:
        return spiral
    squared = ((means[:, None, :] - means[None, :, :]) ** 2).sum(axis=2)
    centring = np.eye(n) - 1 / n
    values, axes = np.linalg.eigh(-0.5 * centring @ squared @ centring)
    axes = _signed(axes[:, [-1, -2]]) * np.sqrt(np.maximum(values[[-1, -2]], 0))
    reach = np.maximum(np.abs(axes).max(axis=0), 1e-9)
    wide = np.sqrt((2 * boxes[:, 0] * (boxes[:, 1] + boxes[:, 2])).sum() * _ROOM * WIDTH / HEIGHT)
    filled = axes / reach * np.array([wide, wide * HEIGHT / WIDTH]) / 2 * (reach > _SAME)
    scaled: Array = np.round(filled + spiral, 6)
    return scaled


def _signed(axes: Array) -> Array:
    """Axes (columns) that point the way in which they reach farthest: an eigenvector's sign means nothing, and machines differ."""
    peaks = np.abs(np.round(axes, 9)).argmax(axis=0)
    return axes * np.where(axes[peaks, range(axes.shape[1])] < 0, -1.0, 1.0)


def _apart(at: Array, boxes: Array) -> Array:
    """These places, moved no more than it takes for no two boxes to overlap: each pair along the axis where it takes less."""
    at = at.copy()
    half, up, down = boxes.T
    above = np.triu(np.ones((len(at), len(at)), bool), 1)
    for _ in range(_ROUNDS):
        dx, dy = (at[None, :, axis] - at[:, None, axis] for axis in (0, 1))
        wide = half[:, None] + half[None, :] + _GAP - np.abs(dx)
        high = np.where(dy >= 0, down[:, None] + up[None, :], up[:, None] + down[None, :]) + _GAP - np.abs(dy)
        clash = above & (wide > 0) & (high > 0)
        if not clash.any():
            break
        sideways = wide / WIDTH <= high / HEIGHT  # rather wide than high, as screens are
        step = np.zeros((len(at), 2))
        for axis, overlap, by, mask in ((0, wide, dx, clash & sideways), (1, high, dy, clash & ~sideways)):
            push = np.where(mask, (overlap + 0.5) * np.where(by >= 0, 0.5, -0.5), 0)
            step[:, axis] = push.sum(axis=0) - push.sum(axis=1)
        shared = np.maximum((clash | clash.T).sum(axis=1, keepdims=True), 1)
        at += step / np.sqrt(shared)
    return at


def _towards(rows: Array, means: Array, middles: Array) -> Array:
    """A linear map (dimensions × 2) from meaning to directions on the plane: as the themes lie, or with too few of them as quotes do."""
    n = len(means)
    if n > 2:  # noqa: PLR2004  # two points span no plane
        centred = means - means.mean(axis=0)
        ridge = 0.1 * np.trace(centred @ centred.T) / n + 1e-9
        towards: Array = centred.T @ np.linalg.solve(centred @ centred.T + ridge * np.eye(n), middles - middles.mean(axis=0))
        return towards
    spread = rows - rows.mean(axis=0)
    axes = np.linalg.svd(spread, full_matrices=False)[2][:2].T
    return np.pad(_signed(axes), ((0, 0), (0, 2 - axes.shape[1])))


def _seeds(closeness: Array, lean: Array, spacing: float) -> Array:
    """Places around a middle like the seeds of a sunflower: ring by ring from the closest, in a ring in the order of where they lean."""
    n = len(closeness)
    turns = np.arange(n) * _GOLDEN
    seeds = np.column_stack([np.cos(turns), np.sin(turns)]) * (_SEED * spacing * np.sqrt(np.arange(n) + 0.5))[:, None]
    order = np.argsort(-np.round(closeness, 9), kind="stable")
    placed = np.zeros((n, 2))
    first, size = 0, 1
    while first < n:
        ring = np.arange(first, min(first + size, n))
        by_lean = order[ring][np.argsort(np.round(np.arctan2(lean[order[ring], 1], lean[order[ring], 0]), 9), kind="stable")]
        by_turn = ring[np.argsort(np.arctan2(seeds[ring, 1], seeds[ring, 0]), kind="stable")]
        placed[by_lean] = seeds[by_turn]
        first, size = first + size, size + 6
    return placed


def _between(rows: Array, means: Array, middles: Array, boxes: Array, spacing: float) -> Array:
    """Free places for quotes without a theme: each as near as can be to the middle of the themes that it is closest to."""
    if not len(rows):
        return np.zeros((0, 2))
    wanted = _wanted(rows, means, middles)
    free = _free(len(rows), wanted, middles, boxes, spacing)
    taken = np.zeros(len(free), bool)
    places = np.zeros((len(rows), 2))
    for i, goal in enumerate(wanted):
        slot = int(np.where(taken, np.inf, ((free - goal) ** 2).sum(axis=1)).argmin())
        taken[slot] = True
        places[i] = free[slot]
    return places


def _wanted(rows: Array, means: Array, middles: Array) -> Array:
    wanted: Array
    if not len(means):
        wanted = ((rows - rows.mean(axis=0)) @ _towards(rows, means, middles)) * (WIDTH / 4)
        return wanted
    close = rows @ _unit(means).T
    nearest = np.argsort(-np.round(close, 9), axis=1, kind="stable")[:, :_NEAREST]
    weight = np.exp(_SHARPNESS * np.take_along_axis(close, nearest, axis=1))
    wanted = np.einsum("ij,ijk->ik", weight / weight.sum(axis=1, keepdims=True), middles[nearest])
    return wanted


def _free(count: int, wanted: Array, middles: Array, boxes: Array, spacing: float) -> Array:
    """A lattice of at least `count` places outside every box, around what is wanted and what stands there already."""
    around = np.concatenate([wanted, middles])
    low, high = around.min(axis=0), around.max(axis=0)
    margin = spacing
    while True:
        xs = np.arange(low[0] - margin, high[0] + margin + spacing, spacing)
        ys = np.arange(low[1] - margin, high[1] + margin + spacing, spacing * 0.87)
        grid = np.array([(x + spacing / 2 * (j % 2), y) for j, y in enumerate(ys) for x in xs])
        dx, dy = (grid[:, None, axis] - middles[None, :, axis] for axis in (0, 1))
        half, up, down = (boxes[:, i] + spacing * 0.6 for i in range(3))
        free = grid[~((np.abs(dx) < half) & (dy > -up) & (dy < down)).any(axis=1)]
        if len(free) >= count:
            return free
        margin += spacing * 2


def _frame(spots: Mapping[str, tuple[float, float]], middles: Array, boxes: Array, spacing: float) -> tuple[float, float, float, float]:
    half, up, down = boxes.T
    low = np.concatenate([list(spots.values()), middles - np.column_stack([half, up])]).min(axis=0) - spacing
    high = np.concatenate([list(spots.values()), middles + np.column_stack([half, down])]).max(axis=0) + spacing
    left, top, right, bottom = (round(float(edge), 1) for edge in (*low, *high))
    return left, top, round(right - left, 1), round(bottom - top, 1)
