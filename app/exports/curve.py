"""The throughline itself: the emotion curve of a journey as inline SVG, drawn like a transit line.

The drawing is as wide as its place: x is given in per cent, so that every point stands above the middle of its stage's column
whatever the column's width. Only the line and its band live in a stretched inner drawing; points and words are never distorted.
Its height shows the part of −2…+2 that the study reaches, bands included, so that small differences can be seen; the axis names it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

HEIGHT = 216
"""Of the drawing, in CSS pixels."""
_PAD_TOP = 34
_PAD_BOTTOM = 46
_COLUMN = 100.0
_PLATFORM = 20.0
_BEND = 7.0
_LIMIT = 2
_MOODS = ((-1.2, "very low"), (-0.4, "low"), (0.4, "even"), (1.2, "good"))

Point = tuple[float, float]
"""x in units of a hundredth of a column, y in pixels from the top."""


def signed(value: float) -> str:
    """A score with its sign and one decimal: `+1.2`, `−0.8`, `0.0`."""
    rounded = round(value, 1)
    if not rounded:
        return "0.0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}"


def mood(score: float) -> str:
    """A score of −2…+2 in words."""
    return next((word for limit, word in _MOODS if score < limit), "very good")


@dataclass(frozen=True, slots=True)
class _Scale:
    """The part of −2…+2 that a drawing shows, in whole scores; −1…+1 at least, so that a nearly even journey looks like one."""

    low: int
    high: int

    def y(self, score: float) -> float:
        """Pixels from the top; a score beyond the scale stands at its edge."""
        bounded = max(self.low, min(self.high, score))
        return round(_PAD_TOP + (self.high - bounded) / (self.high - self.low) * (HEIGHT - _PAD_TOP - _PAD_BOTTOM), 1)

    def levels(self) -> Iterator[int]:
        """Whole scores on the scale, best first."""
        yield from range(self.high, self.low - 1, -1)


def _scale(stages: Sequence[Mapping[str, Any]]) -> _Scale:
    reached = [e["score"] + side * e["spread"] for stage in stages if (e := stage["emotion"]) for side in (-1, 1)]
    low, high = math.floor(min(reached, default=-_LIMIT)), math.ceil(max(reached, default=_LIMIT))
    return _Scale(max(-_LIMIT, min(-1, low)), min(_LIMIT, max(1, high)))


def _centre(index: int) -> float:
    return (index + 0.5) * _COLUMN


def _corners(levels: Sequence[tuple[int, float]]) -> list[Point]:
    """Both ends of each platform: level while the line passes a stage, slanted between stages."""
    return [(_centre(i) + side, y) for i, y in levels for side in (-_PLATFORM, _PLATFORM)]


def _bent(corners: Sequence[Point]) -> str:
    """Path commands through these corners, each but the first and last rounded."""
    parts = [f"{corners[0][0]:g} {corners[0][1]:g}"]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _towards(here, before), _towards(here, after)
        parts.append(f"L{into[0]:g} {into[1]:g}Q{here[0]:g} {here[1]:g} {out[0]:g} {out[1]:g}")
    return "".join([*parts, f"L{corners[-1][0]:g} {corners[-1][1]:g}"])


def _towards(here: Point, other: Point) -> Point:
    reach = min(1.0, _BEND / (abs(other[0] - here[0]) or 1.0))
    return round(here[0] + (other[0] - here[0]) * reach, 1), round(here[1] + (other[1] - here[1]) * reach, 1)


def _stretches(known: Sequence[int]) -> list[list[int]]:
    """Indices in runs of neighbouring stages: the line is solid within a run, dashed across stages without evidence."""
    runs: list[list[int]] = []
    for i in known:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _line(stages: Sequence[Mapping[str, Any]], known: Sequence[int], scale: _Scale) -> Markup:
    score = {i: float(stages[i]["emotion"]["score"]) for i in known}
    spread = {i: float(stages[i]["emotion"]["spread"]) for i in known}
    drawn = Markup()
    runs = _stretches(known)
    for run in runs:
        upper = _corners([(i, scale.y(score[i] + spread[i])) for i in run])
        lower = _corners([(i, scale.y(score[i] - spread[i])) for i in run])
        drawn += Markup('<path class="curve-band" d="M{}L{}Z"/>').format(_bent(upper), _bent(lower[::-1]))
    for before, after in pairwise(runs):
        ends = [(_centre(before[-1]) + _PLATFORM, scale.y(score[before[-1]])), (_centre(after[0]) - _PLATFORM, scale.y(score[after[0]]))]
        drawn += Markup('<path class="curve-leap" d="M{}"/>').format(_bent(ends))
    for run in runs:
        drawn += Markup('<path class="curve-line" d="M{}"/>').format(_bent(_corners([(i, scale.y(score[i])) for i in run])))
    return Markup('<svg viewBox="0 0 {:g} {}" width="100%" height="{}" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(
        len(stages) * _COLUMN, HEIGHT, HEIGHT, drawn
    )


def _spoken(stage: Mapping[str, Any], of: int) -> str:
    emotion = stage["emotion"]
    people = f"{emotion['participants']} of {of} participant{'s' if of != 1 else ''}"
    quotes = f"{emotion['quotes']} quote{'s' if emotion['quotes'] != 1 else ''}"
    return f"{stage['title']}: {signed(emotion['score'])}, {mood(emotion['score'])}, spread {emotion['spread']:.1f}; {people}, {quotes}"


def _station(stage: Mapping[str, Any], at: tuple[str, float], of: int, href: str, note: str) -> Markup:
    emotion = stage["emotion"]
    x, y = at
    above = emotion["score"] >= 0
    words = Markup('<tspan class="curve-note"> {}</tspan>').format(note) if note else Markup()
    return Markup(
        '<a class="station" href="{href}" aria-label="{spoken}. Open the quotes" data-panel="point-{id}"><title>{spoken}</title>'
        '<circle class="station-reach" cx="{x}" cy="{y}" r="24"/><circle class="station-ring" cx="{x}" cy="{y}" r="8"/>'
        '<text class="curve-score" x="{x}" y="{label}" text-anchor="middle">{score}{words}</text></a>'
    ).format(
        href=href,
        spoken=_spoken(stage, of),
        id=stage["id"],
        x=x,
        y=y,
        label=y - 18 if above else y + 30,
        score=signed(emotion["score"]),
        words=words,
    )


def emotion_curve(stages: Sequence[Mapping[str, Any]], of: int, href: Callable[[str], str]) -> Markup:
    """Draw the curve over the stages, one column each.

    `stages` as in `map.json` (id, title, emotion or None); `of` is the number of participants; `href` gives the address that opens a
    stage's quotes. A stage without evidence keeps its place, says so, and the line leaps over it dashed.
    """
    scale = _scale(stages)
    known = [i for i, stage in enumerate(stages) if stage["emotion"]]
    scores = [stages[i]["emotion"]["score"] for i in known]
    notes = dict.fromkeys(known, "")
    if len(set(scores)) > 1:
        notes[known[scores.index(min(scores))]] = "lowest"
        notes[known[scores.index(max(scores))]] = "highest"
    grid = Markup().join(
        Markup('<line class="curve-grid{}" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format("" if level else " curve-zero", y=scale.y(level))
        for level in scale.levels()
    )
    places = Markup()
    for i, stage in enumerate(stages):
        x = f"{_centre(i) / len(stages):.3f}%"
        if stage["emotion"]:
            y = scale.y(stage["emotion"]["score"])
            drop = Markup('<line class="curve-drop" x1="{x}" x2="{x}" y1="{}" y2="{}"/>').format(y, HEIGHT, x=x)
            places += drop + _station(stage, (x, y), of, href(stage["id"]), notes[i])
        else:
            places += Markup('<text class="curve-none" x="{}" y="{}" text-anchor="middle">no evidence</text>').format(x, HEIGHT - 14)
    told = "; ".join(_spoken(stages[i], of) for i in known) or "No stage has evidence yet"
    return Markup(
        '<svg class="curve-drawing" width="100%" height="{}" role="group" aria-labelledby="curve-title curve-desc">'
        '<title id="curve-title">Emotion curve</title><desc id="curve-desc">From −2, very low, to +2, very good. {}.</desc>{}{}{}</svg>'
    ).format(HEIGHT, told, grid, _line(stages, known, scale) if known else Markup(), places)


def curve_axis(stages: Sequence[Mapping[str, Any]] = ()) -> Markup:
    """The scale of these stages' curve, for the column of lane names; read out by the curve's description instead."""
    scale = _scale(stages)
    marks = Markup().join(
        Markup('<text class="curve-tick" x="100%" dx="-10" y="{}" text-anchor="end">{} {}</text>').format(
            scale.y(level) + 4, mood(level), f"{level:+d}".replace("-", "−") if level else "0"
        )
        for level in scale.levels()
    )
    return Markup('<svg class="curve-scale" width="100%" height="{}" aria-hidden="true">{}</svg>').format(HEIGHT, marks)
