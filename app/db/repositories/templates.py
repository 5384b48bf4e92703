"""Templates of stages that people saved."""

from datetime import datetime

from sqlmodel import col, select

from app.db.repositories.scope import Scope
from app.db.tables import JourneyTemplateRow
from app.domain.stages import Template
from app.errors import NotFound


class Templates(Scope):
    """Saved templates of one workspace."""

    def all(self) -> list[Template]:
        """By title."""
        rows = self.session.exec(self._mine(select(JourneyTemplateRow), JourneyTemplateRow))
        return sorted((_template(row) for row in rows), key=lambda t: (t.title.casefold(), t.key))

    def add(self, template: Template, at: datetime) -> None:
        """Store a new one under its key."""
        stages = [{"key": k, "title": title, "definition": told, "base": list(base)} for k, title, told, base in template.stages]
        row = JourneyTemplateRow(id=template.key, workspace_id=self.workspace_id, title=template.title, stages=stages, created_at=at)
        self.session.add(row)
        self.session.flush()

    def delete(self, key: str) -> None:
        """Erase one; raises `NotFound`."""
        row = self.session.exec(self._mine(select(JourneyTemplateRow), JourneyTemplateRow).where(col(JourneyTemplateRow.id) == key)).first()
        if row is None:
            raise NotFound(f"there is no template “{key}” here")
        self.session.delete(row)
        self.session.flush()


def _template(row: JourneyTemplateRow) -> Template:
    return Template(row.id, row.title, tuple((s["key"], s["title"], s["definition"], tuple(s["base"])) for s in row.stages))
