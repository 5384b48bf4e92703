"""Edits: what people may say of a theme, and which decisions an edit comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.db.repositories import Repositories
from app.domain.actions import EDITED, SPLIT_INTO, TEXTS, Change
from app.domain.journey import Origin
from app.domain.themes import Mark, Theme
from app.domain.transcript import normalise
from app.errors import InvalidInput, NotFound
from app.services.proposals import Part, label_parts, load_words
from app.services.standing import Standing
from app.services.store import random_id

MAX_LABEL, MAX_TEXT = 120, 1000
MAX_PARTS = 20
MAX_QUOTES = 5000
"""Quotes that one action may move."""


def checked(field: str, value: Any) -> Any:
    """A value as it is stored: text in NFC on one line, without white space at its ends; raises `InvalidInput`."""
    if field not in EDITED:
        raise InvalidInput(f"a theme has no “{field}” to decide about; use {', '.join(EDITED)}")
    if field in TEXTS:
        return _text(field, value)
    if field == "mark" and value is not None and value not in tuple(Mark):
        raise InvalidInput(f"mark cannot be “{value}”; use {', '.join(Mark)}, or null for none")
    if field == "pinned" and not isinstance(value, bool):
        raise InvalidInput("pinned is true or false")
    if field == "parent_id" and not (value is None or isinstance(value, str)):
        raise InvalidInput("parent_id is the id of a theme, or null for none")
    return value


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{field} is a text" + ("" if field == "label" else "; send an empty one to have none"))
    text = normalise(value)
    longest = MAX_LABEL if field == "label" else MAX_TEXT
    if field == "label" and not text:
        raise InvalidInput("a theme needs a label; say what it finds in a few words")
    if len(text) > longest:
        raise InvalidInput(f"{field} has {len(text)} characters; use at most {longest}")
    return text


def moves(s: Standing, quote_ids: Sequence[str], theme_id: str | None) -> list[Change]:
    """Decisions that place quotes of the study; raises for others, and for too many at a time."""
    wanted = list(dict.fromkeys(quote_ids))
    if len(wanted) > MAX_QUOTES:
        raise InvalidInput(f"{len(wanted)} quotes are too many at a time; move at most {MAX_QUOTES}")
    if unknown := [q for q in wanted if q not in s.said_by]:
        raise NotFound(f"there is no quote “{unknown[0]}” in this study")
    return [Change.place(q, theme_id) for q in wanted]


def check_parts(s: Standing, theme_id: str, parts: Sequence[Part], mine: Sequence[str]) -> None:
    """Raise where parts are none, too many, empty, overlap, or hold quotes of another theme."""
    label = s.label(theme_id)
    if not 1 <= len(parts) <= MAX_PARTS:
        raise InvalidInput(f"a theme is split into 1 to {MAX_PARTS} parts, not {len(parts)}")
    given = [q for part in parts for q in part.quote_ids]
    if not all(part.quote_ids for part in parts):
        raise InvalidInput("a part has no quotes; give each at least one, or leave it out")
    if len(set(given)) < len(given):
        raise InvalidInput("a quote is named twice; put it into one part only")
    if foreign := len(set(given) - set(mine)):
        quotes = "1 of these quotes is" if foreign == 1 else f"{foreign} of these quotes are"
        raise InvalidInput(f"{quotes} not in “{label}” itself; move them there first, or split the theme that holds them")
    if len(parts) == 1 and len(given) == len(mine):
        raise InvalidInput(f"that is all of “{label}”; rename it instead, or leave some of its quotes out")


def make_entry(repo: Repositories, s: Standing, values: Mapping[str, Any], at: datetime, keyphrases: tuple[str, ...] = ()) -> str:
    """Store a new entry of a person's, and give its id; it is in force by a decision that must go with it."""
    texts = {field: values[field] for field in TEXTS if field in values}
    entry = Theme(random_id(), **texts, parent_id=values.get("parent_id"), origin=Origin.HUMAN, keyphrases=keyphrases)
    repo.themes.add(s.study_id, [entry], s.book.version + 1, at)
    return entry.id


def split_entry(repo: Repositories, s: Standing, theme_id: str, parts: Sequence[Part], at: datetime) -> list[Change]:
    """The decisions that make each part an entry of its own beside a theme, which is taken out if nothing of it is left."""
    mine = s.members.get(theme_id, [])
    check_parts(s, theme_id, parts, mine)
    given = [replace(p, label=checked("label", p.label)) if p.label is not None else p for p in parts]
    for n, part in enumerate(given):
        if part.label:
            s.check_label(part.label)
            if part.label.casefold() in {other.label.casefold() for other in given[:n] if other.label}:
                raise InvalidInput(f"two parts are called “{part.label}”; give each its own name")
    changes: list[Change] = []
    for part in label_parts(s, load_words(repo, s.study_id, [q for p in given for q in p.quote_ids]), given):
        made = make_entry(repo, s, {"label": part.label, "parent_id": s.book.parent(theme_id)}, at, part.keyphrases)
        changes += [Change.theme(made, "removed", False), *(Change.place(q, made) for q in part.quote_ids)]
    into = [c.target_id for c in changes if c.field == "removed"]
    left = len(mine) - sum(len(p.quote_ids) for p in parts)
    return [Change.theme(theme_id, SPLIT_INTO, into), *changes, *([] if left else [Change.theme(theme_id, "removed", True)])]
