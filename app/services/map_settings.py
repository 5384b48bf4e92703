"""What people say of a map as a whole: its name, its scenario, its rows. All of it belongs to the map, so no run changes it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapView
from app.domain.identity import derive_id
from app.domain.layout import OWN, Layout, Row, clean, laid_out, lost_cells, mark_of_map, read_layout, said_cells, stored_layout, told_cells
from app.domain.stages import Stage, stage_called
from app.domain.staging import mark_of
from app.errors import Conflict, InvalidInput, NotFound, Outdated
from app.services.store import Store, random_id

MAX_NAME = 200
MAX_SCENARIO = 500
Expected = Collection[str] | None
"""Marks of the settings as somebody read them; None asks for none."""


@dataclass(frozen=True, slots=True)
class MapSettings:
    """A map with its rows, its study's stages, and the `mark` that tells whether somebody changed it since."""

    view: MapView
    layout: Layout
    stages: tuple[Stage, ...]

    @property
    def mark(self) -> str:
        """What tells whether these are still the settings that somebody read, and the stages that words were written for."""
        return derive_id("map-settings", mark_of_map(self.view.name, self.view.scenario, self.layout), mark_of(self.stages))

    def told(self) -> dict[str, Any]:
        """The rows as `layout_told` writes them, with what was written for stages that are gone (`gone`)."""
        told = layout_told(self.layout, [stage.id for stage in self.stages], self.stages)
        for row, shape in zip(self.layout.rows, told["rows"], strict=True):
            lost = lost_cells(row, self.stages)
            shape["gone"] = [{"stage_id": s, "title": self.layout.titles.get(s, ""), "text": text} for s, text in sorted(lost.items())]
        return told


class MapDesk:
    """Use cases around a map's settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def settings(self, either_id: str) -> MapSettings:
        """Those of a map, by its id or a version's; raises `NotFound`."""
        with self._store.read() as repo:
            return _settings(repo, either_id)

    def drawn(self, study_id: str) -> dict[str, tuple[int, datetime]]:
        """By the id of each of a study's maps that was drawn, its newest version's number, and when that was drawn."""
        with self._store.read() as repo:
            return repo.maps.newest(study_id)

    def now(self) -> datetime:
        """Aware UTC time, to say how old a map is."""
        return self._store.now()

    def change(self, either_id: str, given: Mapping[str, Any], expected: Expected = None) -> MapSettings:
        """Change any of `name`, `scenario` and `rows`; raises `InvalidInput`, `NotFound`, and `Outdated` where somebody was quicker.

        A row is {key, shown, title, cells}: without `key` a new one of the team's own. `cells` are words by stage (id or key), empty to
        erase them; those of stages that are left out stay. Rows of the team's own that are left out are removed; built-in ones stand where
        they usually do.
        """
        with self._store.write() as repo:
            before = _settings(repo, either_id)
            if expected is not None and "*" not in expected and before.mark not in expected:
                raise Outdated("somebody changed this map or the stages since you read them; read them again, then repeat the change")
            name = checked_name(given["name"]) if "name" in given else before.view.name
            scenario = checked_scenario(given["scenario"]) if "scenario" in given else before.view.scenario
            layout = _changed(before, given["rows"]) if "rows" in given else before.layout
            view = replace(before.view, name=name, scenario=scenario, layout=stored_layout(layout))
            repo.maps.update(view)
            return MapSettings(view, layout, before.stages)

    def delete(self, either_id: str) -> str:
        """Erase a map with its versions and what was written on it; the id of its study. Raises `Conflict` for the default one."""
        with self._store.write() as repo:
            view = _settings(repo, either_id).view
            if view.is_default:
                raise Conflict("every study keeps its default map; delete the study to be rid of it")
            repo.maps.delete(view.id)
        return view.study_id


def layout_told(
    layout: Layout, columns: Collection[str], stages: Sequence[Stage], free: Callable[[str], str] = lambda text: text
) -> dict[str, Any]:
    """A layout as a map's document has it: `rows` from top to bottom, words of the team by column id, as `free` lets them be."""
    return {"rows": [_row_told(row, columns, stages, free) for row in layout.rows]}


def checked_name(name: str) -> str:
    """The name of a map; raises `InvalidInput`."""
    name = clean(name).replace("\n", " ")
    if not 0 < len(name) <= MAX_NAME:
        raise InvalidInput(f"a map needs a name of 1 to {MAX_NAME} characters")
    return name


def checked_scenario(scenario: str | None) -> str | None:
    """What a map is about, None for nothing; raises `InvalidInput`."""
    scenario = clean(scenario or "").replace("\n", " ")
    if len(scenario) > MAX_SCENARIO:
        raise InvalidInput(f"a scenario has at most {MAX_SCENARIO} characters, not {len(scenario)}")
    return scenario or None


def _settings(repo: Repositories, either_id: str) -> MapSettings:
    try:
        view = repo.maps.get(either_id)
    except NotFound:
        view = repo.maps.get(repo.maps.head(either_id).map_id)
    return MapSettings(view, read_layout(view.layout), repo.studies.stages(view.study_id))


def _changed(before: MapSettings, rows: Iterable[Mapping[str, Any]]) -> Layout:
    made = [_row(before, given) for given in rows]
    titles = {**before.layout.titles, **{stage.id: stage.title for stage in before.stages}}
    named = {stage_id for row in made for stage_id in row.cells}
    return laid_out(made, {stage_id: title for stage_id, title in titles.items() if stage_id in named})


def _row(before: MapSettings, given: Mapping[str, Any]) -> Row:
    key, shown = given.get("key"), bool(given.get("shown", True))
    if key and not key.startswith(OWN):
        return Row(key, shown)
    was = before.layout.row(key) if key else Row(OWN + random_id())
    if was is None:
        raise InvalidInput(f"there is no row “{key}” on this map; leave its key out to add one")
    title = clean(given["title"]).replace("\n", " ") if given.get("title") is not None else was.title
    said = given.get("cells")
    cells = was.cells if said is None else said_cells(was, _by_stage(before, was, said), before.stages)
    return replace(was, shown=shown, title=title, cells=cells)


def _by_stage(before: MapSettings, was: Row, said: Mapping[str, str]) -> dict[str, str]:
    """The same words by the id of each stage that is meant, also where it is gone and words of it are kept."""
    known = {*lost_cells(was, before.stages), *(stage.id for stage in before.stages)}
    told = {}
    for name, text in said.items():
        found = name if name in known else stage_called(before.view.study_id, before.stages, name)
        if found not in known:
            raise InvalidInput(f"there is no stage “{name}” in this study; use {', '.join(stage.key for stage in before.stages)}")
        told[found] = text
    return told


def _row_told(row: Row, columns: Collection[str], stages: Sequence[Stage], free: Callable[[str], str]) -> dict[str, Any]:
    cells = {column: free(text) for column, text in told_cells(row, columns, stages).items()} if row.own else {}
    return {"key": row.key, "shown": row.shown, "title": free(row.title) if row.own else None, "cells": cells}
