"""Times of JSON of unknown make: under which key, in which unit, counted from where; what had to be guessed is said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .times import MAX_MS, MILLISECONDS, SECONDS, ms_of
from .values import dig, number

_STARTS = ("start", "starttime", "begin", "begintime", "startoffset", "beginoffset", "startts", "starttimestamp", "tstart", "timestamp")
_LATER_STARTS = ("time", "offset", "ts", "in", "timeincall", "fromstart", "createdat", "createdtime", "date")
_ENDS = ("end", "endtime", "stop", "stoptime", "endoffset", "endts", "endtimestamp", "tend", "finish", "to", "out")
_LENGTHS = ("duration", "length")
_UNITS = (
    ("milliseconds", MILLISECONDS),
    ("millis", MILLISECONDS),
    ("msec", MILLISECONDS),
    ("ms", MILLISECONDS),
    ("seconds", SECONDS),
    ("secs", SECONDS),
    ("sec", SECONDS),
    ("s", SECONDS),
)
_SPLIT = re.compile(r"[^a-z0-9]")
_LOOKED_AT = 200
_MS_PER_WORD = 13
"""Between the 0.4 seconds a spoken word takes and its 400 milliseconds."""
_IN_MICROSECONDS, _IN_MILLISECONDS = 1e14, 1e11  # as a count since 1970
_LATEST_DATE_MS = 4.2e12  # in 2103
_LONGEST_DATE = 40
_FROM_FIRST = "times are dates: they are counted from the first one"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the times of a list of objects stand and what they mean; `warning` says what was guessed."""

    start_key: str | None = None
    end_key: str | None = None
    length_key: str | None = None
    unit_ms: float = SECONDS
    zero_ms: float = 0
    warning: str | None = None

    def times(self, item: Any) -> tuple[Any, Any]:
        """Start and end of an object in milliseconds; what cannot be read comes back as it is, what is not there as None."""
        start, end = (self._one(dig(item, key) if key else None) for key in (self.start_key, self.end_key))
        if end is None and self.length_key and isinstance(start, float):
            length = _absolute(dig(item, self.length_key), _key_unit(self.length_key) or self.unit_ms)
            end = None if length is None else start + length
        return start, end

    def _one(self, raw: Any) -> Any:
        found = _absolute(raw, self.unit_ms)
        return raw if found is None else found - self.zero_ms


def scale_of(items: Sequence[Any], words: int) -> Scale:
    """The scale of a list of objects that hold so many words in all."""
    keys = {key: None for item in items[:_LOOKED_AT] if isinstance(item, dict) for key in item if isinstance(key, str)}
    start_key = _choose(keys, _STARTS) or _choose(keys, _LATER_STARTS)
    if start_key is None:
        return Scale()
    end_key, length_key = _choose(keys, _ENDS), _choose(keys, _LENGTHS)
    raws = [raw for item in items if (raw := dig(item, start_key)) is not None]
    unit_ms, warning = _unit(start_key, raws, words)
    moments = [ms for raw in raws if (ms := _absolute(raw, unit_ms)) is not None]
    if moments and MAX_MS < min(moments) < _LATEST_DATE_MS:
        return Scale(start_key, end_key, length_key, unit_ms, min(moments), _FROM_FIRST)
    return Scale(start_key, end_key, length_key, unit_ms, 0, warning)


def _choose(keys: dict[str, None], known: Sequence[str]) -> str | None:
    """The first key of a list of known ones, with or without its unit at the end."""
    bare: dict[str, str] = {}
    for key in keys:
        name = _SPLIT.sub("", key.lower())
        bare.setdefault(name, key)
        for suffix, _ in _UNITS:
            if name.endswith(suffix):
                bare.setdefault(name.removesuffix(suffix), key)
    return next((bare[name] for name in known if name in bare), None)


def _key_unit(key: str) -> float | None:
    """The unit that a key's suffix tells, None where it has none."""
    name = _SPLIT.sub("", key.lower())
    if name in {*_STARTS, *_LATER_STARTS, *_ENDS, *_LENGTHS}:
        return None
    return next((unit for suffix, unit in _UNITS if name.endswith(suffix)), None)


def _unit(key: str, raws: Sequence[Any], words: int) -> tuple[float, str | None]:
    told = _key_unit(key)
    numbers = [n for raw in raws if (n := number(raw)) is not None]
    if told or not numbers:
        return told or SECONDS, None
    least, most = min(numbers), max(numbers)
    if least >= _IN_MICROSECONDS:
        return MILLISECONDS / 1000, None
    if least >= _IN_MILLISECONDS:
        return MILLISECONDS, None
    if any(not n.is_integer() for n in numbers) or most * SECONDS > 1000 * MAX_MS:
        return SECONDS, None
    span = most - least if len(numbers) > 1 else most
    in_ms = span > _MS_PER_WORD * max(words, 1)
    unit = "milliseconds" if in_ms else "seconds"
    return MILLISECONDS if in_ms else SECONDS, f"times under “{key[:40]}” carry no unit: read as {unit}, by how many words are said"


def _absolute(raw: Any, unit_ms: float) -> float | None:
    """Milliseconds since the recording began, or since 1970 where it is a date."""
    if type(raw) is int and 0 <= raw <= _LATEST_DATE_MS:  # as most are
        return raw * unit_ms
    found = number(raw)
    if found is not None:
        return found * unit_ms if found >= 0 else None
    ms = ms_of(raw, unit_ms)
    if ms is not None:
        return float(ms)
    return _date(raw) if isinstance(raw, str) and len(raw) <= _LONGEST_DATE and ":" in raw else None


def _date(text: str) -> float | None:
    try:
        date = datetime.fromisoformat(text.strip())
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() * 1000
    except (ValueError, OverflowError):
        return None
