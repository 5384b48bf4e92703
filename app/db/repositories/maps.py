"""Themes with their members, and maps with their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from sqlmodel import col, select

from app.db.repositories.scope import Scope, in_parts
from app.db.tables import MapRow, MapVersionRow, RunRow, ThemeMemberRow, ThemeRow
from app.domain.themes import Theme
from app.errors import NotFound


@dataclass(frozen=True, slots=True)
class StoredTheme:
    """A theme and the keyphrases its members share."""

    theme: Theme
    keyphrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """A lasting view of a study."""

    id: str
    study_id: str
    name: str
    scenario: str | None
    filter: dict[str, list[str]]
    is_default: bool


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


class Themes(Scope):
    """The code books of one workspace."""

    def of_study(self, study_id: str) -> list[StoredTheme]:
        """A study's themes by id."""
        rows = self.session.exec(self._mine(select(ThemeRow), ThemeRow).where(ThemeRow.study_id == study_id).order_by(ThemeRow.id))
        return [_theme(row) for row in rows]

    def get(self, theme_id: str) -> tuple[str, StoredTheme]:
        """Study id and theme; raises `NotFound`."""
        row = self.session.exec(self._mine(select(ThemeRow), ThemeRow).where(ThemeRow.id == theme_id)).first()
        if row is None:
            raise NotFound(f"there is no theme “{theme_id}” here")
        return row.study_id, _theme(row)

    def save(self, study_id: str, theme: Theme, keyphrases: Sequence[str], version: int, at: datetime) -> None:
        """Store a new theme; one that is already there stays as it is."""
        if self.session.get(ThemeRow, theme.id) is None:
            self.session.add(
                ThemeRow(
                    id=theme.id,
                    workspace_id=self.workspace_id,
                    study_id=study_id,
                    parent_id=theme.parent_id,
                    label=theme.label,
                    definition=theme.definition,
                    use_when=theme.use_when,
                    not_when=theme.not_when,
                    keyphrases=list(keyphrases),
                    origin=theme.origin,
                    since_version=version,
                    created_at=at,
                )
            )
            self.session.flush()

    def set_members(self, run_id: str, members: dict[str, dict[str, float]]) -> None:
        """Make these the members (theme → quote → strength) of this run."""
        self.session.execute(sa.delete(ThemeMemberRow).where(col(ThemeMemberRow.run_id) == run_id))
        for theme_id, quotes in members.items():
            for quote_id, strength in quotes.items():
                self.session.add(
                    ThemeMemberRow(run_id=run_id, quote_id=quote_id, theme_id=theme_id, workspace_id=self.workspace_id, strength=strength)
                )
        self.session.flush()

    def members(self, run_id: str) -> dict[str, tuple[str, float]]:
        """Theme id and strength by quote id, for one run."""
        rows = self.session.exec(self._mine(select(ThemeMemberRow), ThemeMemberRow).where(ThemeMemberRow.run_id == run_id))
        return {row.quote_id: (row.theme_id, row.strength) for row in rows}

    def members_of(self, run_id: str, quote_ids: Sequence[str]) -> dict[str, str]:
        """Theme id by quote id, for some quotes of one run."""
        found: dict[str, str] = {}
        for part in in_parts(quote_ids):
            query = self._mine(select(ThemeMemberRow), ThemeMemberRow).where(
                ThemeMemberRow.run_id == run_id, col(ThemeMemberRow.quote_id).in_(part)
            )
            found |= {row.quote_id: row.theme_id for row in self.session.exec(query)}
        return found

    def latest_members(self, study_id: str) -> dict[str, frozenset[str]]:
        """Quote ids of each theme in the newest run that had it."""
        rows = self.session.execute(
            sa.select(col(ThemeMemberRow.theme_id), col(ThemeMemberRow.run_id), col(ThemeMemberRow.quote_id))
            .join(ThemeRow, col(ThemeRow.id) == col(ThemeMemberRow.theme_id))
            .where(col(ThemeRow.study_id) == study_id, col(ThemeMemberRow.workspace_id) == self.workspace_id)
        )
        by_run: dict[tuple[str, str], set[str]] = {}
        for theme_id, run_id, quote_id in rows:
            by_run.setdefault((theme_id, run_id), set()).add(quote_id)
        order = {run_id: i for i, run_id in enumerate(self._runs_by_age(study_id))}
        newest: dict[str, tuple[int, frozenset[str]]] = {}
        for (theme_id, run_id), quotes in by_run.items():
            age = order.get(run_id, -1)
            if theme_id not in newest or newest[theme_id][0] < age:
                newest[theme_id] = (age, frozenset(quotes))
        return {theme_id: quotes for theme_id, (_, quotes) in newest.items()}

    def _runs_by_age(self, study_id: str) -> list[str]:
        return list(self.session.exec(select(RunRow.id).where(RunRow.study_id == study_id).order_by(col(RunRow.created_at))))

    def drop_memberless(self, study_id: str) -> None:
        """Erase themes that no quote belongs to in any run: their words came from quotes that are gone."""
        self.session.execute(
            sa.delete(ThemeRow).where(
                col(ThemeRow.study_id) == study_id, ~sa.exists().where(col(ThemeMemberRow.theme_id) == col(ThemeRow.id))
            )
        )


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
                is_default=view.is_default,
                created_at=at,
            )
        )
        self.session.flush()

    def of_study(self, study_id: str) -> list[MapView]:
        """A study's maps, the default one first."""
        rows = self.session.exec(
            self._mine(select(MapRow), MapRow).where(MapRow.study_id == study_id).order_by(col(MapRow.is_default).desc(), MapRow.id)
        )
        return [MapView(r.id, r.study_id, r.name, r.scenario, r.filter, r.is_default) for r in rows]

    def get(self, map_id: str) -> MapView:
        """One map; raises `NotFound`."""
        r = self.session.exec(self._mine(select(MapRow), MapRow).where(MapRow.id == map_id)).first()
        if r is None:
            raise NotFound(f"there is no map “{map_id}” here")
        return MapView(r.id, r.study_id, r.name, r.scenario, r.filter, r.is_default)

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

    def version(self, either_id: str, *, full: bool) -> MapVersion:
        """A version by its id, or the newest of the map with this id; raises `NotFound`."""
        query = (
            self._mine(select(MapVersionRow), MapVersionRow)
            .where(sa.or_(col(MapVersionRow.id) == either_id, col(MapVersionRow.map_id) == either_id))
            .order_by(col(MapVersionRow.version).desc())
            .limit(1)
            .options(sa.orm.defer(MapVersionRow.page if full else MapVersionRow.document))  # type: ignore[arg-type]  # mapped column
        )
        r = self.session.exec(query).first()
        if r is None:
            raise NotFound(f"there is no map “{either_id}” here; start a run to draw one")
        return MapVersion(r.id, r.map_id, r.study_id, r.run_id, r.version, r.status, r.document if full else r.page, r.created_at)

    def add_version(self, version: MapVersion, page: dict[str, Any]) -> None:
        """Store a version; the same run's version of the same map is replaced, not doubled."""
        v = version
        row = self.session.get(MapVersionRow, v.id) or MapVersionRow(
            id=v.id,
            workspace_id=self.workspace_id,
            map_id=v.map_id,
            study_id=v.study_id,
            run_id=v.run_id,
            version=v.version,
            status=v.status,
            document={},
            page={},
            created_at=v.created_at,
        )
        row.document, row.page, row.created_at = v.document, page, v.created_at
        self.session.add(row)

    def drop_versions(self, study_id: str) -> None:
        """Erase every version of a study's maps."""
        self.session.execute(
            sa.delete(MapVersionRow).where(col(MapVersionRow.study_id) == study_id, col(MapVersionRow.workspace_id) == self.workspace_id)
        )


def _theme(row: ThemeRow) -> StoredTheme:
    return StoredTheme(
        Theme(row.id, row.label, row.definition, row.use_when, row.not_when, row.parent_id, row.origin), tuple(row.keyphrases)
    )
