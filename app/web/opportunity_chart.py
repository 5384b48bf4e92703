"""Where opportunities stand in the drawing of reach and intensity: numbers in, coordinates out; the template only writes them down."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.tags import MAX_VALENCE
from app.exports.catalogue import N_, _
from app.stages.opportunities import LEAST_FELT

WIDTH, HEIGHT = 680, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 24, 22, 40
RADIUS = 11
CHARTED = 20
"""Opportunities that are drawn; more of them would hide each other."""
_STEP = 2 * RADIUS + 2
_MOST_TICKS = 10
_FELT = ((LEAST_FELT, N_("slightly")), (1, N_("clearly")), (MAX_VALENCE, N_("strongly")))
"""What stands at the heights of the drawing."""
_CHARACTER, _ASIDE = 5.75, 12
"""Width of a character of these words, and of the room beside them."""


def opportunity_chart(rows: Sequence[Mapping[str, Any]], of_participants: int) -> dict[str, Any]:
    """Marks of opportunities, numbered by their place in the list, in CSS pixels: reach to the right, intensity upwards.

    Marks that would lie on each other stand side by side, no nearer to another count of participants, or in rows where there are many.
    """
    felt_words = [(height, _(words)) for height, words in _FELT]
    left = max(_LEFT, round(_CHARACTER * max(len(words) for _height, words in felt_words)) + _ASIDE)
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    across, up = right - left - 2 * RADIUS, bottom - _TOP - RADIUS

    def x(people: float) -> float:
        return round(left + RADIUS + across * people / max(of_participants, 1), 1)

    def y(felt: float) -> float:
        return round(bottom - up * felt / MAX_VALENCE, 1)

    band = across / max(of_participants, 1)
    every = -(-of_participants // _MOST_TICKS) or 1
    taken: list[tuple[float, float]] = []
    marks = []
    for number, row in enumerate(rows[:CHARTED], start=1):
        at = _free(x(row["participants"]), y(max(row["intensity"] or 0.0, LEAST_FELT)), taken, band)
        taken.append(at)
        marks.append({"id": row["id"], "number": number, "x": at[0], "y": at[1], "text": row["text"]})
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": left,
        "right": right,
        "top": _TOP,
        "bottom": bottom,
        "radius": RADIUS,
        "across": [{"x": x(n), "words": str(n)} for n in range(0, of_participants + 1, every)],
        "up": [{"y": y(felt), "words": words} for felt, words in felt_words],
        "marks": marks,
    }


def _free(x: float, y: float, taken: Sequence[tuple[float, float]], band: float) -> tuple[float, float]:
    """The first place that no other mark touches: beside the one wanted as far as the band goes, then in rows above and below it."""
    beside = [0.0, *(side * n * _STEP for n in range(1, int(band / 2 / _STEP) + 1) for side in (-1, 1))]
    rows = [0.0, *(side * n * _STEP for n in range(1, CHARTED) for side in (-1, 1))]
    for row in rows:
        for aside in beside:
            at = round(x + aside, 1), round(y + row, 1)
            if _TOP <= at[1] <= HEIGHT - _BOTTOM - RADIUS and all(max(abs(at[0] - tx), abs(at[1] - ty)) >= _STEP - 1 for tx, ty in taken):
                return at
    return x, y
