"""What a piece of work asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def noted_queries() -> Iterator[list[str]]:
    """The statements that any database was sent within the block, in their order."""
    noted: list[str] = []

    def note(*event):
        noted.append(event[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
