"""Where things stand in the drawings about themes: numbers in, coordinates out; the templates only write them down."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import quote as escaped

from app.exports.figures import number
from app.services.plane import PlaneSeen

MARK_SHAPES = (
    "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z",
    "M-.88-.88H.88V.88H-.88Z",
    "M0-1.15L1.1.8H-1.1Z",
    "M0-1.25L1.1 0L0 1.25L-1.1 0Z",
    "M-.36-1.05H.36V-.36H1.05V.36H.36V1.05H-.36V.36H-1.05V-.36H-.36Z",
)
"""Marks of about one size around a middle, as SVG path data; with the hues they tell forty themes apart."""
HUES = 8
_MARK, _LOOSE = 0.36, 0.22
_CHARS = 160
_NEAR = 2
_LEFT, _TOP, _PLOT, _BELOW = 44, 12, 190, 30
_SLOT_MIN, _SLOT_MAX, _WIDEST = 26, 84, 760
_TICKS = 5
_LABELLED = 20


def saturation_chart(saturation: Mapping[str, Any]) -> dict[str, Any]:
    """Bars of new themes, steps of themes so far and the band around them, in CSS pixels."""
    rows = saturation["interviews"]
    slot = max(_SLOT_MIN, min(_SLOT_MAX, _WIDEST / max(len(rows), 1)))
    tops = [row["seen"] for row in rows] + [point["high"] for point in saturation["band"]]
    unit = _step(max(tops, default=1))
    top = unit * math.ceil(max(*tops, 1) / unit) if tops else unit
    bottom = _TOP + _PLOT

    def y(value: float) -> float:
        return round(bottom - value / top * _PLOT, 1)

    def middle(index: int) -> float:
        return round(_LEFT + (index + 0.5) * slot, 1)

    every = math.ceil(len(rows) / _LABELLED)
    bars = [
        {
            "x": round(middle(i) - slot * 0.28, 1),
            "width": round(slot * 0.56, 1),
            "y": y(row["new"]),
            "height": round(bottom - y(row["new"]), 1),
            "middle": middle(i),
            "seen_y": y(row["seen"]),
            "words": number(i + 1) if i % every == 0 else "",
        }
        for i, row in enumerate(rows)
    ]
    width = round(_LEFT + len(rows) * slot + 12)
    return {
        "width": width,
        "height": bottom + _BELOW,
        "left": _LEFT,
        "right": width - 12,
        "bottom": bottom,
        "ticks": [{"y": y(n), "words": number(n)} for n in range(0, top + 1, unit)],
        "bars": bars,
        "step": _steps([(middle(i), y(row["seen"])) for i, row in enumerate(rows)]),
        **_band(saturation["band"], middle, y),
    }


def _step(top: float) -> int:
    """Whole themes between two lines of the grid: 1, 2, 5, 10, 20 …, so that there are few lines."""
    unit = 1
    while top / unit > _TICKS:
        unit = unit * 5 // 2 if str(unit)[0] == "2" else unit * 2
    return unit


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """A line that stays level until half way to the next interview, and goes up there."""
    if not points:
        return ""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x, _), (to_x, to_y) in pairwise(points):
        path += f"H{(x + to_x) / 2:g}V{to_y:g}H{to_x:g}"
    return path


def _band(band: Sequence[Mapping[str, Any]], middle: Any, y: Any) -> dict[str, str | None]:
    """The mean and what 8 in 10 orders lie between; a single interview has no order."""
    if len(band) < 2:  # noqa: PLR2004  # same
        return {"band": None, "mean": None}
    at = [middle(point["interviews"] - 1) for point in band]
    highs = [f"{x:g} {y(p['high']):g}" for x, p in zip(at, band, strict=True)]
    lows = [f"{x:g} {y(p['low']):g}" for x, p in zip(at, band, strict=True)]
    means = [f"{x:g} {y(p['mean']):g}" for x, p in zip(at, band, strict=True)]
    return {"band": f"M{'L'.join([*highs, *reversed(lows)])}Z", "mean": f"M{'L'.join(means)}"}


def plane_drawing(seen: PlaneSeen) -> dict[str, Any]:
    """A plane's frame, its themes (most quotes first) with their marks, and the quotes in none; in the units of the plane."""
    within: dict[str | None, list[dict[str, Any]]] = {}
    for quote_id, (x, y) in seen.plane.spots.items():
        within.setdefault(seen.themes.get(quote_id), []).append(_point(seen, quote_id, x, y))
    discs = sorted(seen.plane.discs, key=lambda d: (-len(within[d.theme_id]), d.theme_id))
    themes = []
    for rank, d in enumerate(discs):
        others = sorted((o for o in discs if o is not d), key=lambda o: (math.dist((o.x, o.y), (d.x, d.y)), o.theme_id))
        themes.append(
            {
                "id": d.theme_id,
                "label": seen.labels[d.theme_id],
                "number": rank + 1,
                "hue": rank % HUES,
                "shape": rank % len(MARK_SHAPES),
                "x": d.x,
                "y": d.y,
                "radius": d.radius,
                "lines": list(d.lines),
                "near": [seen.labels[o.theme_id] for o in others[:_NEAR]],
                "points": within[d.theme_id],
            }
        )
    return {
        "frame": seen.plane.frame,
        "size": round(seen.plane.spacing * _MARK, 2),
        "loose_size": round(seen.plane.spacing * _LOOSE, 2),
        "themes": themes,
        "loose": within.get(None, []),
        "points": len(seen.plane.spots),
        "shown": len(seen.plane.spots),
        "total": seen.total,
    }


def _point(seen: PlaneSeen, quote_id: str, x: float, y: float) -> dict[str, Any]:
    quote = seen.quotes[quote_id]
    key, transcript = escaped(quote_id, safe=""), escaped(quote.transcript_id, safe="")
    text = quote.text if len(quote.text) <= _CHARS else quote.text[:_CHARS].rpartition(" ")[0] + " …"
    return {"x": x, "y": y, "text": text, "participant": quote.participant, "href": f"/transcripts/{transcript}?quote={key}#q-{key}"}
