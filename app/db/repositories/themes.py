"""The entries of code books, and which quote was placed in which by each run."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
import sqlalchemy.orm
from sqlmodel import col, select

from app.db.repositories.scope import Scope, among, in_parts, once
from app.db.tables import DecisionRow, RunRow, ThemeMemberRow, ThemeRow
from app.domain.themes import Placement, Theme
from app.errors import NotFound


class Themes(Scope):
    """The code books of one workspace, as they were drafted: what people decided of them is not folded in here."""

    @once
    def of_study(self, study_id: str) -> list[Theme]:
        """A study's themes by id."""
        rows = self.session.exec(self._mine(select(ThemeRow), ThemeRow).where(ThemeRow.study_id == study_id).order_by(ThemeRow.id))
        return [_theme(row) for row in rows]

    def get(self, theme_id: str) -> tuple[str, Theme]:
        """Study id and theme; raises `NotFound`."""
        row = self.session.exec(self._mine(select(ThemeRow), ThemeRow).where(ThemeRow.id == theme_id)).first()
        if row is None:
            raise NotFound(f"there is no theme “{theme_id}” here")
        return row.study_id, _theme(row)

    def since(self, study_id: str) -> dict[str, int]:
        """By theme the version of the code book that it came with."""
        rows = self.session.exec(self._mine(select(ThemeRow), ThemeRow).where(ThemeRow.study_id == study_id))
        return {row.id: row.since_version for row in rows}

    def add(self, study_id: str, themes: Iterable[Theme], version: int, at: datetime) -> None:
        """Store new themes; one that is already there stays as it is."""
        there = {theme.id for theme in self.of_study(study_id)}
        for theme in themes:
            if theme.id not in there:
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
                        summary=theme.summary,
                        keyphrases=list(theme.keyphrases),
                        origin=theme.origin,
                        since_version=version,
                        created_at=at,
                    )
                )
        self.session.flush()

    def place(self, run_id: str, placements: Mapping[str, Placement]) -> None:
        """Make these, by quote id, the placements of this run."""
        self.session.execute(sa.delete(ThemeMemberRow).where(col(ThemeMemberRow.run_id) == run_id))
        rows = [
            {
                "run_id": run_id,
                "quote_id": quote_id,
                "theme_id": placed.theme_id,
                "workspace_id": self.workspace_id,
                "strength": placed.strength,
                "source": placed.source,
                "near": [list(other) for other in placed.near],
            }
            for quote_id, placed in placements.items()
        ]
        if rows:
            self.session.execute(sa.insert(ThemeMemberRow), rows)  # one statement: a large study places thousands

    @once
    def placements(self, run_id: str, quote_ids: Sequence[str] | None = None, *, near: bool = True) -> dict[str, Placement]:
        """Placements by quote id of one run, of these quotes or of all; with or without the themes that were near."""
        m = ThemeMemberRow
        columns = [col(m.quote_id), col(m.theme_id), col(m.strength), col(m.source), *([col(m.near)] if near else [])]
        query = sa.select(*columns).where(col(m.run_id) == run_id, col(m.workspace_id) == self.workspace_id)  # a large study has thousands
        if quote_ids is not None:
            query = query.where(among(col(m.quote_id), quote_ids))
        return {
            quote_id: Placement(theme, strength, source, tuple((t, c) for t, c in others[0]) if near else ())
            for quote_id, theme, strength, source, *others in self.session.execute(query)
        }

    def holding(self, quote_ids: Sequence[str]) -> set[str]:
        """Ids of the themes that any run placed one of these quotes in."""
        found: set[str] = set()
        for part in in_parts(quote_ids):
            found.update(
                self.session.execute(sa.select(col(ThemeMemberRow.theme_id)).where(col(ThemeMemberRow.quote_id).in_(part))).scalars()
            )
        return found

    def reword(self, theme_id: str, label: str, keyphrases: Sequence[str]) -> None:
        """Give a theme that code named other words."""
        row = self.session.get(ThemeRow, theme_id)
        if row is not None and row.workspace_id == self.workspace_id:
            row.label, row.keyphrases = label, list(keyphrases)

    def newest_run(self, study_id: str, *, before: str | None = None) -> str | None:
        """The newest run of a study that placed quotes, other than the one `before` which it is asked; None where none did."""
        query = (
            sa.select(col(RunRow.id))
            .where(col(RunRow.study_id) == study_id, col(RunRow.workspace_id) == self.workspace_id)
            .where(sa.exists().where(col(ThemeMemberRow.run_id) == col(RunRow.id)))
            .order_by(col(RunRow.created_at).desc(), col(RunRow.id))
        )
        return self.session.execute(query if before is None else query.where(col(RunRow.id) != before)).scalars().first()

    def drop_memberless(self, study_id: str, keep: Collection[str] = ()) -> None:
        """Erase themes that no quote belongs to in any run: their words came from quotes that are gone.

        Those that people made or decided something about stay, those around a theme that stays, and those to `keep`.
        """
        inner = sa.orm.aliased(ThemeRow)
        decided = sa.exists().where(col(DecisionRow.target_id) == col(ThemeRow.id), col(DecisionRow.undone_at).is_(None))
        self.session.execute(
            sa.delete(ThemeRow)
            .where(
                col(ThemeRow.study_id) == study_id,
                col(ThemeRow.origin) != "human",
                ~sa.exists().where(col(ThemeMemberRow.theme_id) == col(ThemeRow.id)),
                ~sa.exists().where(col(inner.parent_id) == col(ThemeRow.id)),
                ~decided,
                col(ThemeRow.id).not_in(sorted(keep)),
            )
            .execution_options(synchronize_session=False)
        )


def _theme(row: ThemeRow) -> Theme:
    return Theme(
        id=row.id,
        label=row.label,
        definition=row.definition,
        use_when=row.use_when,
        not_when=row.not_when,
        parent_id=row.parent_id,
        origin=row.origin,
        summary=row.summary,
        keyphrases=tuple(row.keyphrases),
    )
