"""Reading what language models write where JSON was asked for: fences, thinking, chatter and cut-off ends included."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema

THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
MAX_TRIES = 50
_DECODER = json.JSONDecoder()


def first_json(text: str, *, truncated: bool = False) -> Any | None:
    """Find the first JSON object or list in a text; None when there is none.

    Thinking is left out, code fences and chatter are passed over. Of a reply that breaks off inside a list of objects, which is also how a
    reply looks whose writer lost the syntax, the whole objects before the break are the answer.
    """
    text = THINKING.sub("", text)
    for start in _starts(text):
        try:
            value, _ = _DECODER.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            if items := whole_items(text, start):
                return items
            if truncated:
                return None
            continue
        if isinstance(value, dict | list):
            return value
    return None


def _starts(text: str) -> list[int]:
    """The first places where an object or list may begin; bounded, since each try may read to the end."""
    places = (match.start() for match in re.finditer(r"[\[{]", text))
    return [place for place, _ in zip(places, range(MAX_TRIES), strict=False)]


def whole_items(text: str, start: int = 0) -> list[Any]:
    """Read the objects of the first list of objects at or after `start` up to where it breaks off."""
    opening = re.compile(r"\[\s*(?=\{)").search(text, start)
    items: list[Any] = []
    at = opening.end() if opening else len(text)
    while at < len(text):
        try:
            item, end = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            break
        items.append(item)
        comma = re.compile(r"\s*,\s*").match(text, end)
        if comma is None:
            break
        at = comma.end()
    return items


def fit_schema(value: Any, schema: Mapping[str, Any]) -> Any:
    """Wrap a bare list into the object that the schema wants, where it has one list only; small models often leave the wrapping out."""
    properties = schema.get("properties", {})
    lists = [name for name, kind in properties.items() if kind.get("type") == "array"]
    if isinstance(value, list) and len(properties) == len(lists) == 1:
        return {lists[0]: value}
    return value


def schema_fault(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Say where a reply breaks the schema, without a word of the reply itself; None when it fits."""
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return None
    expected = error.validator_value if error.validator in {"type", "enum", "required"} else ""
    return f"{error.json_path}: {error.validator} {json.dumps(expected) if expected else ''}".strip()
