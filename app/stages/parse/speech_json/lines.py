"""JSON Lines: one object a line. Read from the text as it is, for a file of many lines is held in memory once as it is."""

import json
from collections.abc import Iterator
from typing import Any

from app.stages.parse.source import NO_JSON, Source

_LOOKED_AT = 3
_LOOKED_AT_CHARACTERS = 1_000_000
_FEWEST = 2


def first_lines(source: Source, most: int) -> list[str]:
    """The first lines that hold something, at most so many."""
    return [line for line in source.text[:_LOOKED_AT_CHARACTERS].split("\n", most * 4) if line.strip()][:most]


def is_json_lines(source: Source) -> bool:
    """Whether the file is no JSON as a whole, but its first lines are objects each."""
    return len(_head(source)) >= _FEWEST


def first_records(source: Source) -> Any:
    """The file's JSON, or the list of its first lines' objects: enough to tell a shape."""
    return source.value if source.value is not NO_JSON else _head(source)


def records(source: Source) -> tuple[Any, list[int]]:
    """The file's JSON, or the list of its lines' objects; and the numbers of lines that hold no JSON."""
    if source.value is not NO_JSON:
        return source.value, []
    found, damaged = [], []
    for number, line in enumerate(_lines(source.text), 1):
        if line.strip("\ufeff \t"):
            value = parsed(line)
            if value is NO_JSON:
                damaged.append(number)
            else:
                found.append(value)
    return found, damaged


def parsed(line: str) -> Any:
    """A line as JSON, `NO_JSON` where it is none."""
    try:
        return json.loads(line.strip("\ufeff \t"))
    except (ValueError, RecursionError):
        return NO_JSON


def _head(source: Source) -> list[Any]:
    if not source.text[:100].lstrip("\ufeff \t\n").startswith("{") or source.value is not NO_JSON:
        return []
    head = [parsed(line) for line in first_lines(source, _LOOKED_AT)]
    return head if all(isinstance(value, dict) for value in head) else []


def _lines(text: str) -> Iterator[str]:
    begin = 0
    while begin <= len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield text[begin:end]
        begin = end + 1
