"""Small drawings about people: scores in, SVG path data out; the templates only write them down."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

STEP, HEIGHT, EDGE = 16, 36, 5
_LIMIT = 2


def small_curve(stage_ids: Sequence[str], scores: Mapping[str, float]) -> dict[str, Any]:
    """A person's curve at the size of a word: `line` joins neighbouring stages, `leaps` those with stages between, CSS pixels.

    Scores of −2 to 2 by stage; a stage without one keeps its place. `words` tells the same to those who do not see it.
    """
    points = [(n, _y(scores[stage])) for n, stage in enumerate(stage_ids) if stage in scores]
    pairs = list(pairwise(points))
    return {
        "width": max(1, len(stage_ids)) * STEP,
        "height": HEIGHT,
        "zero": _y(0),
        "line": "".join(_stroke(a, b) for a, b in pairs if b[0] == a[0] + 1),
        "leaps": "".join(_stroke(a, b) for a, b in pairs if b[0] > a[0] + 1),
        "points": [{"x": _x(n), "y": y} for n, y in points],
    }


def _x(n: int) -> float:
    return (n + 0.5) * STEP


def _y(score: float) -> float:
    bounded = max(-_LIMIT, min(_LIMIT, score))
    return round(EDGE + (_LIMIT - bounded) / (2 * _LIMIT) * (HEIGHT - 2 * EDGE), 1)


def _stroke(a: tuple[int, float], b: tuple[int, float]) -> str:
    return f"M{_x(a[0]):g} {a[1]:g}L{_x(b[0]):g} {b[1]:g}"
