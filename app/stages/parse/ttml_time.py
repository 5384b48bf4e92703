"""Times of TTML: `00:01:23.5`, `00:01:23:12` (frames), `83.5s`, `250ms`, `90f`, `900t`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_CLOCK = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})(?:[.,](\d{1,9})|:(\d{1,3})(?:\.\d{1,3})?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_DIGITS = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_FRAMES = 30.0


@dataclass(frozen=True, slots=True)
class Clock:
    """What a frame and a tick last in a file: `frame_rate` and `tick_rate` a second."""

    frame_rate: float = _FRAMES
    tick_rate: float = 1.0

    def milliseconds(self, text: str) -> int | None:
        """Milliseconds of a time as TTML writes it; None where it is none."""
        text = text.strip()
        if match := _CLOCK.fullmatch(text):
            hours, minutes, seconds, fraction, frames = match.groups()
            whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
            part = float(f"0.{fraction}") if fraction else int(frames or 0) / self.frame_rate
            return round((whole + part) * 1000)
        if match := _OFFSET.fullmatch(text):
            unit = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / self.frame_rate, "t": 1 / self.tick_rate}[match[2]]
            return round(float(match[1]) * unit * 1000)
        return None


def clock_of(attributes: Mapping[str, str]) -> Clock:
    """The clock that the root element's `frameRate`, `frameRateMultiplier` and `tickRate` set; what is unreadable counts as not there."""
    rate = _number(attributes.get("frameRate"))
    parts = [_number(part) for part in attributes.get("frameRateMultiplier", "").replace(":", " ").split()]
    factor = parts[0] / parts[1] if len(parts) == len(("numerator", "denominator")) and parts[0] and parts[1] else 1.0
    frame_rate = (rate or _FRAMES) * factor
    ticks = _number(attributes.get("tickRate")) or (frame_rate if rate else 1.0)
    return Clock(frame_rate, ticks)


def _number(text: str | None) -> float | None:
    """A number above 0."""
    return float(text) or None if text and _DIGITS.fullmatch(text.strip()) else None
