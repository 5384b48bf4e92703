"""Transactions over one workspace's repositories, and the clock."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.db.engine import Database
from app.db.repositories import Repositories
from app.ports import Clock

DEFAULT_WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Store:
    """What every service works on; a transaction is never open across a model call."""

    db: Database
    clock: Clock
    workspace_id: str = DEFAULT_WORKSPACE

    @contextmanager
    def read(self) -> Iterator[Repositories]:
        """Repositories that only look."""
        with self.db.read() as session:
            yield Repositories(session, self.workspace_id)

    @contextmanager
    def write(self) -> Iterator[Repositories]:
        """Repositories whose changes are kept together, or not at all."""
        with self.db.write() as session:
            yield Repositories(session, self.workspace_id)

    def now(self) -> datetime:
        """Aware UTC time."""
        return self.clock.now()


def random_id() -> str:
    """An id that says nothing; 24 hex digits."""
    return secrets.token_hex(12)
