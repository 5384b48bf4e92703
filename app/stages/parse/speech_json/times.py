"""Times in JSON: numbers in the vendor's unit, clock strings, `1.2s`, `PT1.2S`, seconds with nanos; to whole milliseconds."""

import re
from typing import Any

from app.stages.parse.clock import milliseconds

from .values import dig, number

SECONDS, MILLISECONDS, TICKS = 1000.0, 1.0, 1e-4
"""Milliseconds in a vendor's unit; a tick is 100 nanoseconds."""

MAX_MS = 1_000 * 3_600_000
_LONGEST = 40
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,12})?)\s?s")
_ISO_LENGTH = re.compile(r"P(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,12})?)S)?)", re.IGNORECASE)


def ms_of(value: Any, unit_ms: float = SECONDS) -> int | None:
    """Milliseconds of a time; None where it is none: negative, endless, beyond a thousand hours, or no time at all."""
    if type(value) is float:  # as nearly all are
        return whole(value * unit_ms)
    if isinstance(value, dict):
        value = _of_object(value)
    found = number(value)
    if found is not None:
        return whole(found * unit_ms)
    return _of_string(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None


def whole(ms: float | None) -> int | None:
    """A time as whole milliseconds, None outside of what a recording can be."""
    return round(ms) if ms is not None and 0 <= ms <= MAX_MS else None


def _of_object(value: dict[str, Any]) -> Any:
    """`{"seconds": "1", "nanos": 200000000}` (protocol buffers: zeros are left out) or `{"relative": 1.2}`."""
    if "seconds" in value or "nanos" in value:
        return f"{(number(dig(value, 'seconds')) or 0) + (number(dig(value, 'nanos')) or 0) / 1e9:.3f}s"
    return value.get("relative")


def _of_string(text: str) -> int | None:
    if match := _SECONDS.fullmatch(text):
        return whole(float(match[1]) * 1000)
    if (match := _ISO_LENGTH.fullmatch(text)) and any(match.groups()):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return whole(((hours * 60 + minutes) * 60 + seconds) * 1000)
    return whole(milliseconds(text))
