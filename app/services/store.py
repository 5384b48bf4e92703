"""Transactions over one workspace's repositories, and the clock."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from app.db.engine import Database
from app.db.repositories import Repositories
from app.db.repositories.scope import Memory
from app.ports import Clock

DEFAULT_WORKSPACE = "default"
_LOOK: ContextVar["Look | None"] = ContextVar("look", default=None)


class Look:
    """What one answer is made of: what was read for it is remembered until the look is over, or until something is written."""

    def __init__(self) -> None:
        self._memory: Memory | None = {}

    @property
    def memory(self) -> Memory | None:
        """What was read; None once the look is over."""
        return self._memory

    def forget(self) -> None:
        """Read everything anew from here on."""
        if self._memory is not None:
            self._memory = {}

    def end(self) -> None:
        """Remember nothing any more."""
        self._memory = None


@contextmanager
def looking() -> Iterator[Look]:
    """Within it, also in threads that it starts, the parts of an answer need not ask the database for the same again."""
    look = Look()
    token = _LOOK.set(look)
    try:
        yield look
    finally:
        look.end()
        _LOOK.reset(token)


@dataclass(frozen=True, slots=True)
class Store:
    """What every service works on; a transaction is never open across a model call."""

    db: Database
    clock: Clock
    workspace_id: str = DEFAULT_WORKSPACE

    @contextmanager
    def read(self) -> Iterator[Repositories]:
        """Repositories that only look."""
        look = _LOOK.get()
        with self.db.read() as session:
            yield Repositories(session, self.workspace_id, look.memory if look else None)

    @contextmanager
    def write(self) -> Iterator[Repositories]:
        """Repositories whose changes are kept together, or not at all."""
        try:
            with self.db.write() as session:
                yield Repositories(session, self.workspace_id)
        finally:
            if look := _LOOK.get():
                look.forget()

    def now(self) -> datetime:
        """Aware UTC time."""
        return self.clock.now()


def random_id() -> str:
    """An id that says nothing; 24 hex digits."""
    return secrets.token_hex(12)
