"""The form that lays out a map's rows: what a browser sends, in which order, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from app.domain.layout import BUILT_IN, MAX_OWN, OWN
from app.services.map_settings import MapSettings
from app.web.answers import position, typed

MOST_ROWS = len(BUILT_IN) + MAX_OWN


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row as it stands in the form; `key` is empty for a new one of the team's own, `cells` are its words by stage id."""

    key: str
    shown: bool = True
    title: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> bool:
        """Whether the team makes it."""
        return not self.key or self.key.startswith(OWN)

    @property
    def blank(self) -> bool:
        """Whether it is a new row that nobody wrote anything in."""
        return not self.key and not self.title.strip() and not any(words.strip() for words in self.cells.values())

    def given(self) -> dict[str, Any]:
        """The row as the use case takes it."""
        told: dict[str, Any] = {"key": self.key or None, "shown": self.shown}
        return {**told, "title": self.title, "cells": dict(self.cells)} if self.own else told


@dataclass(frozen=True, slots=True)
class RowForm:
    """Rows in their order; `seen` marks the settings that they began as, so that nobody's change is lost unseen."""

    rows: tuple[FormRow, ...]
    seen: str = ""

    def given(self) -> list[dict[str, Any]]:
        """The rows as the use case takes them; new ones in which nothing was written are left out."""
        return [row.given() for row in self.rows if not row.blank]

    def moved(self, number: int, by: int) -> "RowForm":
        """With one row (counted from 0) further up or down; at the ends it stays."""
        rows, to = list(self.rows), number + by
        if 0 <= number < len(rows) and 0 <= to < len(rows):
            rows.insert(to, rows.pop(number))
        return replace(self, rows=tuple(rows))

    def added(self) -> "RowForm":
        """With one more row of the team's own on top, where it is seen; no more than a map holds."""
        full = sum(row.own for row in self.rows) >= MAX_OWN
        return self if full else replace(self, rows=(FormRow(""), *self.rows))

    def without(self, number: int) -> "RowForm":
        """With one row of the team's own (counted from 0) gone."""
        return replace(self, rows=tuple(row for n, row in enumerate(self.rows) if n != number or not row.own))

    def usual(self) -> "RowForm":
        """With every row shown and where it usually stands, the team's own after the others."""
        own = (replace(row, shown=True) for row in self.rows if row.own)
        return replace(self, rows=(*(FormRow(key) for key in BUILT_IN), *own))

    def meeting(self, now: "RowForm") -> "RowForm":
        """As it was typed, over what somebody else saved meanwhile: rows that they added join it, those they removed count as new."""
        there, mine = {row.key for row in now.rows}, {row.key for row in self.rows}
        kept = (row if row.key in there else replace(row, key="") for row in self.rows)
        return RowForm((*kept, *(row for row in now.rows if row.key not in mine)), now.seen)


def begun(settings: MapSettings) -> RowForm:
    """The form as it begins: the rows as they are, with what was written for stages that are gone among the cells."""
    rows = settings.told()["rows"]
    return RowForm(tuple(_row(row) for row in rows), settings.mark)


def read_form(form: FormData) -> RowForm:
    """The rows that a browser sent, in the order of their positions; those without one come last."""
    numbers = dict.fromkeys(name.removeprefix("key-") for name in form if name.startswith("key-"))
    told = sorted(((position(form, f"order-{n}"), _sent(form, n)) for n in numbers), key=lambda one: one[0])
    return RowForm(tuple(row for _, row in told[:MOST_ROWS]), typed(form, "seen"))


def _row(told: Mapping[str, Any]) -> FormRow:
    cells = {**told["cells"], **{gone["stage_id"]: gone["text"] for gone in told["gone"]}}
    return FormRow(told["key"], told["shown"], told["title"] or "", cells)


def _sent(form: FormData, number: str) -> FormRow:
    begins = f"cell-{number}-"
    cells = {name.removeprefix(begins): typed(form, name) for name in dict.fromkeys(form) if name.startswith(begins)}
    return FormRow(typed(form, f"key-{number}"), bool(typed(form, f"shown-{number}")), typed(form, f"title-{number}"), cells)
