"""What the business does in the stages of a map."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope
from app.db.tables import BusinessActionRow, MapRow
from app.domain.blueprint import BusinessAction, Line
from app.errors import NotFound


class BusinessActions(Scope):
    """Business actions of one workspace."""

    def of_map(self, map_id: str) -> list[BusinessAction]:
        """Those of a map, in their order."""
        query = self._mine(select(BusinessActionRow), BusinessActionRow).where(BusinessActionRow.map_id == map_id)
        return [_action(r) for r in self.session.exec(query.order_by(col(BusinessActionRow.position), col(BusinessActionRow.id)))]

    def stages_of(self, study_id: str) -> list[str]:
        """The stage of each action on any map of a study."""
        maps = sa.select(col(MapRow.id)).where(col(MapRow.study_id) == study_id, col(MapRow.workspace_id) == self.workspace_id)
        query = sa.select(col(BusinessActionRow.stage_id)).where(col(BusinessActionRow.map_id).in_(maps))
        return list(self.session.execute(query).scalars())

    def get(self, action_id: str) -> BusinessAction:
        """One action; raises `NotFound`."""
        return _action(self._row(action_id))

    def add(self, action: BusinessAction, at: datetime) -> None:
        """Store a new one."""
        self.session.add(
            BusinessActionRow(
                id=action.id,
                workspace_id=self.workspace_id,
                map_id=action.map_id,
                stage_id=action.stage_id,
                line=action.line.value,
                text=action.text,
                position=action.position,
                created_at=at,
            )
        )
        self.session.flush()

    def update(self, action: BusinessAction) -> None:
        """Store what changed of one; raises `NotFound`."""
        row = self._row(action.id)
        row.stage_id, row.line, row.text, row.position = action.stage_id, action.line.value, action.text, action.position
        self.session.flush()

    def delete(self, action_id: str) -> None:
        """Erase one; raises `NotFound`."""
        self.session.delete(self._row(action_id))
        self.session.flush()

    def _row(self, action_id: str) -> BusinessActionRow:
        row = self.session.exec(self._mine(select(BusinessActionRow), BusinessActionRow).where(BusinessActionRow.id == action_id)).first()
        if row is None:
            raise NotFound(f"there is no business action “{action_id}” here")
        return row


def _action(r: BusinessActionRow) -> BusinessAction:
    return BusinessAction(r.id, r.map_id, r.stage_id, Line(r.line), r.text, r.position)
