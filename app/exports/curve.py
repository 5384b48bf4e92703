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

from app.exports.catalogue import N_, _, ngettext, spoken
from app.exports.figures import decimal, number, of_participants, signed

HEIGHT = 216
"""Of the drawing, in CSS pixels."""
_PAD_TOP = 34
_PAD_BOTTOM = 46
_COLUMN = 100.0
_PLATFORM = 20.0
_BEND = 7.0
_LIMIT = 2
_MOODS = ((-1.2, N_("very low")), (-0.4, N_("low")), (0.4, N_("even")), (1.2, N_("good")))
_BEST_MOOD = N_("very good")
_DASHES = ("9 5", "2 5", "14 4 2 4", "5 3")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER_WIDTH = 17
_BESIDE = 30
_HUES = 7
"""Hues beside the one of the line that stands for everybody."""

Stage = Mapping[str, Any]
"""As in `map.json`: id, title, emotion or None."""
Line = Mapping[str, Any]
"""A curve of some of the people: id, name, participants, and `points`, each with stage_id, score and participants, or None."""
Point = tuple[float, float]
"""x in units of a hundredth of a column, y in pixels from the top."""


def mood(score: float) -> str:
    """A score of −2…+2 in words."""
    return _(next((word for limit, word in _MOODS if score < limit), _BEST_MOOD))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The part of −2…+2 that a drawing shows, in whole scores; −1…+1 at least, so that a nearly even journey looks like one."""

    low: int
    high: int
    height: int = HEIGHT

    def y(self, score: float) -> float:
        """Pixels from the top; a score beyond the scale stands at its edge."""
        bounded = max(self.low, min(self.high, score))
        return round(_PAD_TOP + (self.high - bounded) / (self.high - self.low) * (self.height - _PAD_TOP - _PAD_BOTTOM), 1)

    def levels(self) -> Iterator[int]:
        """Whole scores on the scale, best first."""
        yield from range(self.high, self.low - 1, -1)


def _scale(stages: Sequence[Stage], lines: Sequence[Line] = (), height: int = HEIGHT) -> _Scale:
    reached = [e["score"] + side * e["spread"] for stage in stages if (e := stage["emotion"]) for side in (-1, 1)]
    reached += [point["score"] for line in lines for point in line["points"] if point]
    low, high = math.floor(min(reached, default=-_LIMIT)), math.ceil(max(reached, default=_LIMIT))
    return _Scale(max(-_LIMIT, min(-1, low)), min(_LIMIT, max(1, high)), height)


def _centre(index: int) -> float:
    return (index + 0.5) * _COLUMN


def _across(index: int, count: int) -> str:
    """The middle of a column in per cent from the left; where pages run from right to left, the first column is the rightmost."""
    place = _centre(index) / count
    return f"{place if spoken().direction == 'ltr' else 100 - place:.3f}%"


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


def _line(stages: Sequence[Stage], known: Sequence[int], scale: _Scale) -> Markup:
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
    return _stretched(len(stages), drawn, scale.height)


def _stretched(columns: int, drawn: Markup, height: int) -> Markup:
    """A drawing in units of a hundredth of a column, as wide as its place, in the direction of the page."""
    if spoken().direction == "rtl":
        drawn = Markup('<g transform="matrix(-1 0 0 1 {:g} 0)">{}</g>').format(columns * _COLUMN, drawn)
    return Markup('<svg viewBox="0 0 {:g} {}" width="100%" height="{}" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(
        columns * _COLUMN, height, height, drawn
    )


def _told(stage: Stage, of: int, note: str = "") -> str:
    emotion = stage["emotion"]
    return _("{stage}: {score}, {mood}, spread {spread}; {people}, {quotes}").format(
        stage=stage["title"],
        score=f"{signed(emotion['score'])} {note}".strip(),  # as it stands in the drawing
        mood=mood(emotion["score"]),
        spread=decimal(emotion["spread"]),
        people=of_participants(emotion["participants"], of),
        quotes=ngettext("{n} quote", "{n} quotes", emotion["quotes"]).format(n=number(emotion["quotes"])),
    )


def _station(stage: Stage, at: tuple[str, float], of: int, href: str, note: str) -> Markup:
    emotion = stage["emotion"]
    x, y = at
    above = emotion["score"] >= 0
    words = Markup('<tspan class="curve-note"> {}</tspan>').format(note) if note else Markup()
    return Markup(
        '<a class="station" href="{href}" aria-label="{label}" data-panel="point-{id}">'
        '<circle class="station-reach" cx="{x}" cy="{y}" r="24"/><circle class="station-ring" cx="{x}" cy="{y}" r="8"/>'
        '<text class="curve-score" x="{x}" y="{at}" text-anchor="middle">{score}{words}</text></a>'
    ).format(
        href=href,
        label=_("{point}. Open the quotes").format(point=_told(stage, of, note)),
        id=stage["id"],
        x=x,
        y=y,
        at=y - 18 if above else y + 30,
        score=signed(emotion["score"]),
        words=words,
    )


def emotion_curve(stages: Sequence[Stage], of: int, href: Callable[[str], str], lines: Sequence[Line] = (), height: int = HEIGHT) -> Markup:
    """Draw the curve over the stages, one column each.

    `stages` as in `map.json` (id, title, emotion or None); `of` is the number of participants; `href` gives the address that opens a
    stage's quotes. A stage without evidence keeps its place, says so, and the line leaps over it dashed. `lines` are curves of some of
    the people, drawn thin over the one of all; each has its letter and its dash, so that no colour is needed to tell them apart.
    `height` is in CSS pixels.
    """
    scale = _scale(stages, lines, height)
    known = [i for i, stage in enumerate(stages) if stage["emotion"]]
    scores = [stages[i]["emotion"]["score"] for i in known]
    notes = dict.fromkeys(known, "")
    if len(set(scores)) > 1 and not lines:
        notes[known[scores.index(min(scores))]] = _("lowest")
        notes[known[scores.index(max(scores))]] = _("highest")
    places = Markup()
    for i, stage in enumerate(stages):
        x = _across(i, len(stages))
        if stage["emotion"]:
            y = scale.y(stage["emotion"]["score"])
            drop = Markup('<line class="curve-drop" x1="{x}" x2="{x}" y1="{}" y2="{}"/>').format(y, height, x=x)
            places += drop + _station(stage, (x, y), of, href(stage["id"]), notes[i])
        else:
            words = _("no evidence")
            places += Markup('<text class="curve-none" x="{}" y="{}" text-anchor="middle">{}</text>').format(x, height - 14, words)
    told = "; ".join(_told(stages[i], of) for i in known) or _("No stage has evidence yet")
    apart = "".join(f" {_told_apart(stages, line, place)}." for place, line in enumerate(lines))
    described = _("From −2, very low, to +2, very good. {points}.").format(points=told) + apart
    return Markup(
        '<svg class="curve-drawing" width="100%" height="{}" role="group" aria-labelledby="curve-title curve-desc">'
        '<title id="curve-title">{}</title><desc id="curve-desc">{}</desc>{}{}{}{}</svg>'
    ).format(
        height,
        _("Emotion curve"),
        described,
        _levels(scale),
        _line(stages, known, scale) if known else Markup(),
        _lines(stages, lines, scale),
        places,
    )


def _levels(scale: _Scale) -> Markup:
    return Markup().join(
        Markup('<line class="curve-grid{}" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format("" if level else " curve-zero", y=scale.y(level))
        for level in scale.levels()
    )


def line_points(line: Line) -> dict[str, Mapping[str, Any]]:
    """Points of a line by the id of their stage."""
    return {point["stage_id"]: point for point in line["points"] if point}


def _by_stage(stages: Sequence[Stage], line: Line) -> dict[int, float]:
    """Scores of a line by the index of their stage."""
    points = line_points(line)
    return {i: float(points[stage["id"]]["score"]) for i, stage in enumerate(stages) if stage["id"] in points}


def _told_apart(stages: Sequence[Stage], line: Line, place: int) -> str:
    points = ", ".join(f"{stages[i]['title']} {signed(score)}" for i, score in _by_stage(stages, line).items())
    return _("{letter}, {name}: {points}").format(letter=line_letter(place), name=line["name"], points=points or _("no evidence"))


def _lines(stages: Sequence[Stage], lines: Sequence[Line], scale: _Scale) -> Markup:
    """Each line and, beside the middle of every column, its letters next to one another."""
    drawn, letters = Markup(), Markup()
    for place, line in enumerate(lines):
        scores = _by_stage(stages, line)
        for run in _stretches(list(scores)):
            path = _bent(_corners([(i, scale.y(scores[i])) for i in run]))
            drawn += Markup('<path class="curve-side hue-{}" stroke-dasharray="{}" d="M{}"/>').format(_hue(place), line_dash(place), path)
        aside = (1 if place % 2 else -1) * (_BESIDE + place // 2 * _LETTER_WIDTH)  # to both sides of the score in turn
        for i, score in scores.items():
            letters += _letter(place, _across(i, len(stages)), aside, scale.y(score))
    return _stretched(len(stages), drawn, scale.height) + Markup('<g aria-hidden="true">{}</g>').format(letters) if lines else Markup()


def _letter(place: int, x: str, aside: int, y: float) -> Markup:
    return Markup(
        '<svg class="curve-letter hue-{}" x="{}" y="{}"><circle cx="{aside}" r="7.5"/>'
        '<text x="{aside}" y="3.5" text-anchor="middle">{}</text></svg>'
    ).format(_hue(place), x, y, line_letter(place), aside=aside)


def _hue(place: int) -> int:
    return place % _HUES + 1


def line_letter(place: int) -> str:
    """The letter of the line at this place: A, B, … Z, then A again."""
    return _LETTERS[place % len(_LETTERS)]


def line_dash(place: int) -> str:
    """The dashes of the line at this place, as SVG has them."""
    return _DASHES[place % len(_DASHES)]


def line_key(place: int) -> Markup:
    """A sample of the line at this place, for the key beside its name."""
    return Markup(
        '<svg class="curve-sample" width="58" height="16" aria-hidden="true"><path class="curve-side hue-{}" stroke-dasharray="{}" '
        'd="M18 8H58"/>{}</svg>'
    ).format(_hue(place), line_dash(place), _letter(place, "0", 8, 8))


def curve_axis(stages: Sequence[Stage] = (), lines: Sequence[Line] = (), height: int = HEIGHT) -> Markup:
    """The scale of these stages' curve and lines, for the column of lane names; read out by the curve's description instead."""
    scale = _scale(stages, lines, height)
    x, aside, anchor = ("100%", -10, "end") if spoken().direction == "ltr" else ("0", 10, "start")
    marks = Markup().join(
        Markup('<text class="curve-tick" x="{}" dx="{}" y="{}" text-anchor="{}">{} {}</text>').format(
            x, aside, scale.y(level) + 4, anchor, mood(level), f"{level:+d}".replace("-", "−") if level else "0"
        )
        for level in scale.levels()
    )
    return Markup('<svg class="curve-scale" width="100%" height="{}" aria-hidden="true">{}</svg>').format(height, marks)


def paired_curve(stages: Sequence[Stage], names: tuple[str, str], href: Callable[[int, str], str]) -> Markup:
    """Draw two curves in one, told apart by dash and by the shape of their stations.

    `stages` have id, title and, under `left` and `right`, an emotion or None; `href` gives the address of a side's (0 or 1) stage.
    """
    sides = [[{**stage, "emotion": stage[side]["emotion"]} for stage in stages] for side in ("left", "right")]
    scale = _scale([stage for side in sides for stage in side])
    drawn = Markup()
    for side, of_side in enumerate(sides):
        known = [i for i, stage in enumerate(of_side) if stage["emotion"]]
        for run in _stretches(known):
            path = _bent(_corners([(i, scale.y(of_side[i]["emotion"]["score"])) for i in run]))
            drawn += Markup('<path class="curve-pair of-{}" d="M{}"/>').format("right" if side else "left", path)
    stations = Markup()
    for i, pair in enumerate(zip(*sides, strict=True)):
        x = _across(i, len(stages))
        heights = [scale.y(stage["emotion"]["score"]) if stage["emotion"] else None for stage in pair]
        for side, (stage, y) in enumerate(zip(pair, heights, strict=True)):
            other = heights[1 - side]
            if y is not None:
                above = other is None or y < other or (y == other and side == 0)
                score = stage["emotion"]["score"]
                label = _("{side}, {stage}: {score}, {mood}. Open the quotes").format(
                    side=names[side], stage=stage["title"], score=signed(score), mood=mood(score)
                )
                stations += _paired_station(side, (x, y), href(side, stage["id"]), label, score, above=above)
    ticks = Markup().join(
        Markup('<text class="curve-tick" x="0" y="{}">{}</text>').format(
            scale.y(level) - 4, f"{level:+d}".replace("-", "−") if level else "0"
        )
        for level in scale.levels()
    )
    lines = _levels(scale) + Markup('<g aria-hidden="true">{}</g>').format(ticks) + _stretched(len(stages), drawn, scale.height)
    return Markup('<svg class="curve-drawing" width="100%" height="{}" role="group" aria-label="{}">{}{}</svg>').format(
        HEIGHT, _("Emotion curves of {left} and {right}").format(left=names[0], right=names[1]), lines, stations
    )


def _paired_station(side: int, at: tuple[str, float], href: str, label: str, score: float, *, above: bool) -> Markup:
    x, y = at
    shape = (
        '<rect class="station-ring" x="3" y="-7" width="14" height="14"/>' if side else '<circle class="station-ring" cx="-10" r="7.5"/>'
    )
    return Markup(
        '<a class="station of-{}" href="{}" aria-label="{label}"><svg x="{}" y="{}">'
        '<circle class="station-reach" cx="{aside}" r="16"/>{}'
        '<text class="curve-score" x="{aside}" y="{}" text-anchor="middle">{}</text></svg></a>'
    ).format(
        "right" if side else "left",
        href,
        x,
        y,
        Markup(shape),  # noqa: S704  # one of the two above
        -15 if above else 25,
        signed(score),
        label=label,
        aside=10 if side else -10,
    )
