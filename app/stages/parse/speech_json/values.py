"""Reading JSON with care: whatever stands where something was expected, nothing here raises."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.domain.transcript import normalise
from app.stages.parse.badges import without_badges

_TEXT_KEYS = ("text", "content", "value", "word")
_NAME_KEYS = ("name", "display_name", "displayName", "speaker_name", "label", "id")
_BARE_NUMBER = re.compile(r"\d{1,6}")
_LONGEST_LABEL = 120
_LONGEST_FACT = 300
_EARLIEST_S, _LATEST_S = 1e9, 4e9  # 2001 to 2096


def dig(value: Any, *path: str | int) -> Any:
    """What stands at the end of keys and list indexes; None where the way breaks off."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
    return value


def listed(value: Any, *path: str | int) -> list[Any]:
    """The list at the end of a path, an empty one where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, list) else []


def objects(value: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects in the list at the end of a path; what else stands in it is passed over."""
    return [item for item in listed(value, *path) if isinstance(item, dict)]


def first_of(value: Any, keys: Sequence[str]) -> Any:
    """The value of the first key that is there and not null."""
    if isinstance(value, dict):
        for key in keys:
            found = value.get(key)
            if found is not None:
                return found
    return None


def is_text(value: Any) -> bool:
    """Whether a value is a string with something in it."""
    return isinstance(value, str) and bool(value.strip())


def number(value: Any) -> float | None:
    """A finite number, also of a string that holds one; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def words_in(value: Any) -> str | None:
    """The words a value holds, of a list its parts joined; None where it is no text at all."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        parts = [part for item in value if (part := _part(item))]
        return " ".join(parts) if parts or not value else None
    return _part(value)


def _part(value: Any) -> str | None:
    if isinstance(value, dict):
        value = first_of(value, _TEXT_KEYS)
    if isinstance(value, str):
        return value
    return None if number(value) is None else str(value)


def label_of(value: Any, names: Mapping[str, str] | None = None) -> str | None:
    """A speaker's label in readable form: the name that the file gives it, the vendor's own, `Speaker 0` for a bare 0.

    Of an object it is its name. None where there is no label.
    """
    if isinstance(value, dict):
        value = first_of(value, _NAME_KEYS)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    key = normalise(value if isinstance(value, str) else f"{value}"[:_LONGEST_LABEL])
    if names and key in names:
        return without_badges(names[key])
    return f"Speaker {key}" if _BARE_NUMBER.fullmatch(key) else without_badges(key[:_LONGEST_LABEL]) or None


def lettered(value: Any) -> str | None:
    """As `label_of`, for vendors that call speakers A, B, C: a lone letter could be taken for a role (A as in Q and A)."""
    label = label_of(value)
    return f"Speaker {label}" if label and len(label) == 1 and label.isalpha() else label


def names_by_id(people: Any, ids: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Names of speakers by their id as `label_of` looks them up, of a list of objects."""
    pairs = ((first_of(person, ids), first_of(person, names)) for person in (people if isinstance(people, list) else []))
    return {str(key): normalise(name) for key, name in pairs if key is not None and is_text(name)}


def facts(*, title: Any = None, date: Any = None, language: Any = None) -> dict[str, str]:
    """What a file says of the talk, where it says it in words (or, of the date, in seconds or milliseconds since 1970)."""
    found = {"title": title, "date": _dated(date), "language": language}
    return {key: normalise(value)[:_LONGEST_FACT] for key, value in found.items() if is_text(value)}


def _dated(value: Any) -> Any:
    seconds = None if isinstance(value, str) else number(value)
    if seconds is None:
        return value
    if seconds >= _EARLIEST_S * 1000:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if _EARLIEST_S <= seconds <= _LATEST_S else None
