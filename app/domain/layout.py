"""How a map is laid out: which rows it shows in which order, and rows of words that the team writes itself, stage by stage."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.identity import derive_id
from app.domain.stages import Stage, stage_names
from app.errors import InvalidInput

STEPS = "steps"
BUILT_IN = (STEPS, "actions", "thoughts", "touchpoints", "pains", "delights", "opportunities", "business_actions")
"""Keys of the rows that every map has, in the order in which they stand unless somebody changed it."""
OWN = "own-"
"""How the key of a row of the team's own begins."""
MAX_OWN = 12
"""Rows of the team's own on one map."""
MAX_TITLE = 60
MAX_CELL = 500
"""Characters of a row's title, and of what it says of one stage."""
_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a map; one of the team's own has a `title`, and `cells`: its words by the id of the stage they were written for."""

    key: str
    shown: bool = True
    title: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> bool:
        """Whether the team made it."""
        return self.key.startswith(OWN)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a map, top to bottom: each built-in one once, and those of the team's own.

    `titles` remember by id what the stages were called that cells were written for, to say so where one is gone. Raises `InvalidInput`.
    """

    rows: tuple[Row, ...] = tuple(Row(key) for key in BUILT_IN)
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = [row.key for row in self.rows]
        if len(set(keys)) != len(keys):
            raise InvalidInput("a row stands on a map once; one is named twice")
        if unknown := [key for key in keys if key not in BUILT_IN and not key.startswith(OWN)]:
            raise InvalidInput(f"there is no row “{unknown[0]}”; the rows are {', '.join(BUILT_IN)}, and those you add")
        if sum(row.own for row in self.rows) > MAX_OWN:
            raise InvalidInput(f"a map holds {MAX_OWN} rows of your own; remove one first")
        for row in self.rows:
            if row.own and not 0 < len(row.title) <= MAX_TITLE:
                raise InvalidInput(f"a row of your own needs a title of 1 to {MAX_TITLE} characters")

    @property
    def own(self) -> tuple[Row, ...]:
        """The team's own rows, in their order."""
        return tuple(row for row in self.rows if row.own)

    def row(self, key: str) -> Row | None:
        """The row of this key."""
        return next((row for row in self.rows if row.key == key), None)


def laid_out(rows: Iterable[Row], titles: Mapping[str, str] | None = None) -> Layout:
    """A layout of these rows; a built-in one that is not among them stands behind the one it usually follows. Raises `InvalidInput`."""
    given = list(rows)
    for place, key in enumerate(BUILT_IN):
        if all(row.key != key for row in given):
            before = BUILT_IN[place - 1] if place else None
            given.insert(next((n + 1 for n, row in enumerate(given) if row.key == before), 0), Row(key))
    return Layout(tuple(given), dict(titles or {}))


def usual(layout: Layout) -> Layout:
    """The layout that a map begins with, with the team's own rows after the others."""
    return replace(layout, rows=(*(Row(key) for key in BUILT_IN), *(replace(row, shown=True) for row in layout.own)))


def read_layout(stored: Mapping[str, Any]) -> Layout:
    """A layout as it is kept (`stored_layout`); what is not kept, or not known, is as usual."""
    rows = [
        Row(row["key"], bool(row.get("shown", True)), str(row.get("title") or ""), dict(row.get("cells") or {}))
        for row in stored.get("rows", ())
        if row["key"] in BUILT_IN or (row["key"].startswith(OWN) and row.get("title"))
    ]
    return laid_out(rows, stored.get("titles"))


def stored_layout(layout: Layout) -> dict[str, Any]:
    """A layout as it is kept: plain values."""
    return {"rows": [_stored(row) for row in layout.rows], "titles": dict(layout.titles)}


def mark_of_map(name: str, scenario: str | None, layout: Layout) -> str:
    """What tells whether a map's name, scenario and rows are still those that somebody read."""
    parts = [part for row in layout.rows for part in (row.key, str(row.shown), row.title, *(x for cell in row.cells.items() for x in cell))]
    return derive_id("map-settings", name, scenario or "", *parts)


def told_cells(row: Row, columns: Collection[str], stages: Sequence[Stage]) -> dict[str, str]:
    """A row's words by the id of each of these columns that has any.

    What was written for a stage that was merged since stands in the other one, after its own words; but on an older version, which
    still has its column, where it stood.
    """
    names = stage_names(stages)
    told: dict[str, list[str]] = {}
    for stage_id in sorted(row.cells, key=_order(stages)):
        column = stage_id if stage_id in columns else names.get(stage_id, "")
        if column in columns:
            told.setdefault(column, []).append(row.cells[stage_id])
    return {column: "\n".join(words) for column, words in told.items()}


def lost_cells(row: Row, stages: Sequence[Stage]) -> dict[str, str]:
    """A row's words by the id of each stage that they were written for and that is gone: no column, and merged into none."""
    names = stage_names(stages)
    return {stage_id: text for stage_id, text in row.cells.items() if stage_id not in names}


def said_cells(row: Row, said: Mapping[str, str], stages: Sequence[Stage]) -> dict[str, str]:
    """A row's words once somebody said these of some stages (by id), empty for nothing; raises `InvalidInput` where they are too long.

    What was not touched stays with the stage that it was written for, so that a stage which is taken out of another takes its words along.
    """
    now = told_cells(row, [stage.id for stage in stages], stages) | lost_cells(row, stages)
    changed = {stage_id: text for stage_id, words in said.items() if (text := clean(words)) != clean(now.get(stage_id, ""))}
    parts = {stage.id: {stage.id, *stage.absorbed} for stage in stages}
    replaced = {part for stage_id in changed for part in parts.get(stage_id, {stage_id})}
    if long := [text for text in changed.values() if len(text) > MAX_CELL]:
        raise InvalidInput(f"“{row.title}” says at most {MAX_CELL} characters of a stage, not {len(long[0])}; shorten it")
    kept = {stage_id: text for stage_id, text in row.cells.items() if stage_id not in replaced}
    return kept | {stage_id: text for stage_id, text in changed.items() if text}


def clean(text: str) -> str:
    """Words as they are kept: lines without spare blanks, no empty lines, no characters that control a machine."""
    lines = (" ".join(line.split()) for line in text.translate(_CONTROLS).splitlines())
    return "\n".join(line for line in lines if line)


def _order(stages: Iterable[Stage]) -> Any:
    place = {part: n for n, part in enumerate(part for stage in stages for part in (stage.id, *stage.absorbed))}
    return lambda stage_id: (place.get(stage_id, len(place)), stage_id)


def _stored(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {"key": row.key, "shown": row.shown}
    return {**told, "title": row.title, "cells": dict(row.cells)} if row.own else told
