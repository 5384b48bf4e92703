"""What every repository knows: its session, and the workspace that no query leaves."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

T = TypeVar("T")


class Scope:
    """Rows of one workspace within one transaction."""

    def __init__(self, session: Session, workspace_id: str) -> None:
        self.session = session
        self.workspace_id = workspace_id

    def _mine(self, query: SelectOfScalar[T], table: Any) -> SelectOfScalar[T]:
        return query.where(table.workspace_id == self.workspace_id)


def in_parts(ids: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    """Slices short enough for an IN list, which databases limit."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def parts_or_all(ids: Sequence[str] | None, most: int = 4, size: int = 500) -> list[Sequence[str] | None]:
    """The same, or [None], which asks for everything: without ids, and where they would take more than `most` queries."""
    return [None] if ids is None or len(ids) > most * size else [*in_parts(ids, size)]
