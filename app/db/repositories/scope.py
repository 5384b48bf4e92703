"""What every repository knows: its session, the workspace that no query leaves, and what was read before for the same answer."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

T = TypeVar("T")
S = TypeVar("S", bound="Scope")
P = ParamSpec("P")
Memory = dict[tuple[Any, ...], Any]
"""What was read, by the question."""


class Scope:
    """Rows of one workspace within one transaction; with a `memory` what is asked `once` is not asked again."""

    def __init__(self, session: Session, workspace_id: str, memory: Memory | None = None) -> None:
        self.session = session
        self.workspace_id = workspace_id
        self.memory = memory

    def _mine(self, query: SelectOfScalar[T], table: Any) -> SelectOfScalar[T]:
        return query.where(table.workspace_id == self.workspace_id)


def once(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let a repository that has a memory answer a question of ids and switches from it, if it was asked before.

    What comes back is a list or mapping of the asker's own, of values that nobody changes.
    """

    @wraps(method)
    def asked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self.memory is None:
            return method(self, *args, **kwargs)
        given = (tuple(a) if isinstance(a, list) else a for a in args)
        question = (method.__qualname__, self.workspace_id, *given, *sorted(kwargs.items()))
        if question not in self.memory:
            self.memory[question] = method(self, *args, **kwargs)
        found: Any = self.memory[question]
        return cast("T", found.copy() if isinstance(found, list | dict) else found)

    return asked


def in_parts(ids: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    """Slices short enough for an IN list, which databases limit."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]


def among(column: Any, ids: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether a column is one of these ids, however many: they travel as one value, the keys of an object, which every database reads."""
    given = sa.func.json_each(sa.literal(dict.fromkeys(ids, 0), sa.JSON())).table_valued("key")
    found: sa.ColumnElement[bool] = column.in_(sa.select(given.c.key))
    return found
