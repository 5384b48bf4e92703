"""Maps with their versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
import sqlalchemy.orm
from sqlmodel import col, select

from app.db.repositories.scope import Scope, once
from app.db.tables import MapRow, MapVersionRow
from app.errors import NotFound

HEAD = ("decisions", "facts", "of_participants")
"""Fields of a version's document that say what it is, and not what is on it."""


@dataclass(frozen=True, slots=True)
class MapView:
    """A lasting view of a study; `layout` as `stored_layout` writes it, empty for the usual one."""

    id: str
    study_id: str
    name: str
    scenario: str | None
    filter: dict[str, list[str]]
    is_default: bool
    layout: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MapVersion:
    """One assembly; `document` has ids and numbers only, no words of quotes."""

    id: str
    map_id: str
    study_id: str
    run_id: str
    version: int
    status: str
    document: dict[str, Any]
    created_at: datetime


class Maps(Scope):
    """Maps of one workspace."""

    def add(self, view: MapView, at: datetime) -> None:
        """Store a new view."""
        self.session.add(
            MapRow(
                id=view.id,
                workspace_id=self.workspace_id,
                study_id=view.study_id,
                name=view.name,
                scenario=view.scenario,
                filter=view.filter,
                layout=view.layout,
                is_default=view.is_default,
                created_at=at,
            )
        )
        self.session.flush()

    @once
    def of_study(self, study_id: str) -> list[MapView]:
        """A study's maps, the default one first."""
        rows = self.session.exec(
            self._mine(select(MapRow), MapRow).where(MapRow.study_id == study_id).order_by(col(MapRow.is_default).desc(), MapRow.id)
        )
        return [_view(r) for r in rows]

    @once
    def get(self, map_id: str) -> MapView:
        """One map; raises `NotFound`."""
        return _view(self._row(map_id))

    def update(self, view: MapView) -> None:
        """Store a map's name, scenario and layout; raises `NotFound`."""
        row = self._row(view.id)
        row.name, row.scenario, row.layout = view.name, view.scenario, view.layout
        self.session.flush()

    def delete(self, map_id: str) -> None:
        """Erase a map with its versions and what was written on it; raises `NotFound`."""
        self.session.delete(self._row(map_id))
        self.session.flush()

    def newest(self, study_id: str) -> dict[str, tuple[int, datetime]]:
        """By the id of each of a study's maps that was drawn, the number of its newest version and when that was drawn."""
        versions = self.session.execute(
            sa.select(col(MapVersionRow.map_id), col(MapVersionRow.version), col(MapVersionRow.created_at))
            .where(col(MapVersionRow.study_id) == study_id, col(MapVersionRow.workspace_id) == self.workspace_id)
            .order_by(col(MapVersionRow.version))
        )
        return {map_id: (version, created_at) for map_id, version, created_at in versions}

    def _row(self, map_id: str) -> MapRow:
        row = self.session.exec(self._mine(select(MapRow), MapRow).where(MapRow.id == map_id)).first()
        if row is None:
            raise NotFound(f"there is no map “{map_id}” here")
        return row

    @once
    def versions(self, map_id: str) -> list[tuple[str, int, str, str, datetime]]:
        """(id, version, status, run id, created) of each version, newest first."""
        rows = self.session.execute(
            sa.select(
                col(MapVersionRow.id),
                col(MapVersionRow.version),
                col(MapVersionRow.status),
                col(MapVersionRow.run_id),
                col(MapVersionRow.created_at),
            )
            .where(col(MapVersionRow.map_id) == map_id, col(MapVersionRow.workspace_id) == self.workspace_id)
            .order_by(col(MapVersionRow.version).desc())
        )
        return [tuple(row) for row in rows]

    @once
    def latest_ids(self, study_ids: Sequence[str]) -> dict[str, str]:
        """The default map's id of every study that has a version of it."""
        rows = self.session.execute(
            sa.select(col(MapRow.study_id), col(MapRow.id)).where(
                col(MapRow.study_id).in_(study_ids),
                col(MapRow.is_default).is_(True),
                col(MapRow.workspace_id) == self.workspace_id,
                sa.exists().where(col(MapVersionRow.map_id) == col(MapRow.id)),
            )
        )
        return dict(rows.all())

    @once
    def shown(self, study_id: str) -> tuple[str, str] | None:
        """Ids of the newest version of a study's default map and of the run behind it; None before the first."""
        query = (
            sa.select(col(MapVersionRow.id), col(MapVersionRow.run_id))
            .join(MapRow, col(MapRow.id) == col(MapVersionRow.map_id))
            .where(col(MapRow.study_id) == study_id, col(MapRow.is_default).is_(True), col(MapRow.workspace_id) == self.workspace_id)
            .order_by(col(MapVersionRow.version).desc())
            .limit(1)
        )
        row = self.session.execute(query).first()
        return tuple(row) if row else None

    def version(self, either_id: str, *, full: bool) -> MapVersion:
        """A version by its id, or the newest of the map with this id; raises `NotFound`."""
        unneeded = (MapVersionRow.page if full else MapVersionRow.document, MapVersionRow.facts)
        query = (
            self._mine(select(MapVersionRow), MapVersionRow)
            .where(col(MapVersionRow.id) == self._newest(either_id))
            .options(*(sa.orm.defer(column) for column in unneeded))  # type: ignore[arg-type]  # mapped columns
        )
        r = self.session.exec(query).first()
        if r is None:
            raise _nothing(either_id)
        return MapVersion(r.id, r.map_id, r.study_id, r.run_id, r.version, r.status, r.document if full else r.page, r.created_at)

    @once
    def head(self, either_id: str) -> MapVersion:
        """The same with nothing of its document but `HEAD`, which is there at once however large the map is; raises `NotFound`."""
        r = MapVersionRow
        told = [col(c) for c in (r.id, r.map_id, r.study_id, r.run_id, r.version, r.status, r.created_at)]
        query = sa.select(*told, *(col(r.page)[key].label(key) for key in HEAD)).where(
            col(r.id) == self._newest(either_id), col(r.workspace_id) == self.workspace_id
        )
        row = self.session.execute(query).first()
        if row is None:
            raise _nothing(either_id)
        id_, map_id, study_id, run_id, version, status, created_at, *values = row
        document = {key: value for key, value in zip(HEAD, values, strict=True) if value is not None}
        return MapVersion(id_, map_id, study_id, run_id, version, status, document, created_at)

    def _newest(self, either_id: str) -> Any:
        """The id that is meant, on its own: rows are large, and sorting them would read them all."""
        return (
            sa.select(col(MapVersionRow.id))
            .where(sa.or_(col(MapVersionRow.id) == either_id, col(MapVersionRow.map_id) == either_id))
            .where(col(MapVersionRow.workspace_id) == self.workspace_id)
            .order_by(col(MapVersionRow.version).desc())
            .limit(1)
            .scalar_subquery()
        )

    @once
    def facts(self, version_id: str) -> dict[str, Any]:
        """What parts of a version are made from (`facts_of`); empty for one that was stored before there were any."""
        query = sa.select(col(MapVersionRow.facts)).where(
            col(MapVersionRow.id) == version_id, col(MapVersionRow.workspace_id) == self.workspace_id
        )
        return dict(self.session.execute(query).scalar_one())

    @once
    def states(self, version_id: str) -> dict[str, str]:
        """What became of each quote of a version, by its id, without the rest of the document."""
        query = sa.select(col(MapVersionRow.document)["states"]).where(
            col(MapVersionRow.id) == version_id, col(MapVersionRow.workspace_id) == self.workspace_id
        )
        return dict(self.session.execute(query).scalar_one())

    def pick(self, version_id: str, column: Literal["page", "facts"], *paths: tuple[str | int, ...]) -> tuple[Any, ...]:
        """Single values of a version's page or facts, None where a path leads nowhere; keys must not hold quotation marks."""
        values = [col(getattr(MapVersionRow, column))[path].label(f"at{n}") for n, path in enumerate(paths)]
        query = sa.select(*values).where(col(MapVersionRow.id) == version_id, col(MapVersionRow.workspace_id) == self.workspace_id)
        return tuple(self.session.execute(query).one())

    def holding(self, statement_id: str) -> list[str]:
        """Ids of the maps of which the newest version has a statement with this id, as it was last drawn."""
        newest = (
            sa.select(col(MapVersionRow.map_id), sa.func.max(col(MapVersionRow.version)).label("version"))
            .where(col(MapVersionRow.workspace_id) == self.workspace_id)
            .group_by(col(MapVersionRow.map_id))
            .subquery()
        )
        query = (
            sa.select(col(MapVersionRow.map_id))
            .join(newest, sa.and_(newest.c.map_id == col(MapVersionRow.map_id), newest.c.version == col(MapVersionRow.version)))
            .where(sa.cast(col(MapVersionRow.page), sa.Text).contains(f'"{statement_id}"', autoescape=True))
            .where(col(MapVersionRow.workspace_id) == self.workspace_id)
            .order_by(col(MapVersionRow.map_id))
        )
        return list(self.session.execute(query).scalars())

    def add_version(self, version: MapVersion, page: dict[str, Any], facts: dict[str, Any]) -> None:
        """Store a version; the same run's version of the same map is replaced, not doubled."""
        v = version
        large = (MapVersionRow.document, MapVersionRow.page, MapVersionRow.facts)
        row = self.session.get(
            MapVersionRow,
            v.id,
            options=[sa.orm.defer(column) for column in large],  # type: ignore[arg-type]  # mapped columns
        ) or MapVersionRow(
            id=v.id,
            workspace_id=self.workspace_id,
            map_id=v.map_id,
            study_id=v.study_id,
            run_id=v.run_id,
            version=v.version,
            status=v.status,
            document={},
            page={},
            facts={},
            created_at=v.created_at,
        )
        row.document, row.page, row.facts, row.created_at = v.document, page, facts, v.created_at
        self.session.add(row)

    def drop_versions(self, study_id: str) -> None:
        """Erase every version of a study's maps."""
        self.session.execute(
            sa.delete(MapVersionRow).where(col(MapVersionRow.study_id) == study_id, col(MapVersionRow.workspace_id) == self.workspace_id)
        )


def _view(r: MapRow) -> MapView:
    return MapView(r.id, r.study_id, r.name, r.scenario, r.filter, r.is_default, r.layout)


def _nothing(either_id: str) -> NotFound:
    return NotFound(f"there is no map “{either_id}” here; it may have been deleted, and the study lists its maps")
