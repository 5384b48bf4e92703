"""Rev and Rev AI: monologues of elements, with the blanks as they are given."""

from collections.abc import Iterator
from typing import Any

from app.stages.parse.source import Reading

from .speech import Speech, json_reader
from .values import dig, first_of, is_text, label_of, listed, names_by_id, objects

_START, _END = ("ts", "timestamp", "start_time"), ("end_ts", "end_timestamp", "end_time")
_SENTENCE = (".", "?", "!", "…")


def _holds(value: Any) -> bool:
    monologues = dig(value, "monologues")
    return isinstance(monologues, list) and (not monologues or any("elements" in m for m in monologues[:3] if isinstance(m, dict)))


def _read(value: Any) -> Reading:
    speech = Speech(noun="monologue")
    names = names_by_id(dig(value, "speakers"), ("id",), ("name",))
    for at, monologue in enumerate(listed(value, "monologues"), 1):
        who = label_of(first_of(monologue, ("speaker_name", "speaker")), names)
        if isinstance(monologue, str) or not listed(monologue, "elements"):
            speech.add(at, who, monologue if isinstance(monologue, str) else first_of(monologue, ("text", "elements")))
            continue
        for part in _sentences(objects(monologue, "elements")):
            start, end = _first(part, _START), _first(part[::-1], _END)
            if part[0] is monologue["elements"][0]:
                start = start if start is not None else dig(monologue, "start_time")
            if part[-1] is monologue["elements"][-1]:
                end = end if end is not None else dig(monologue, "end_time")
            speech.add(at, who, _joined(part), start, end)
    return speech.reading()


def _first(elements: list[dict[str, Any]], keys: tuple[str, ...]) -> Any:
    return next((found for element in elements if (found := first_of(element, keys)) is not None), None)


def _sentences(elements: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Elements up to the end of each sentence, so that times are kept for each."""
    part: list[dict[str, Any]] = []
    for element in elements:
        value = part[-1].get("value") if part else None
        ended = isinstance(value, str) and value.rstrip().endswith(_SENTENCE)
        if ended and element.get("type") == "text" and first_of(element, _START) is not None:
            yield part
            part = []
        part.append(element)
    if part:
        yield part


def _joined(elements: list[dict[str, Any]]) -> str:
    """Values as they are given; two words between which there is nothing at all get a blank."""
    pieces: list[str] = []
    before = False
    for element in elements:
        value = element.get("value")
        if not isinstance(value, str) and element.get("type") == "tag" and is_text(element.get("name")):
            value = f"[{element['name']}]"
        if not isinstance(value, str) or not value:
            continue
        words = element.get("type") != "punct"
        if words and before and not pieces[-1][-1].isspace() and not value[0].isspace():
            pieces.append(" ")
        pieces.append(value)
        before = words
    return "".join(pieces)


REV = json_reader(
    "rev-json",
    _holds,
    _read,
    title="Rev, Rev AI (JSON)",
    reads="monologues with the blanks and punctuation as given; names where the file lists them",
    loses="confidences",
)
