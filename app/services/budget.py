"""A run's token budget: a call is let through only if what is spent, what is in flight and the call itself stay within it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.runs import Run
from app.errors import BudgetSpent
from app.ports import Foreseen
from app.services.store import Store


class Budget:
    """Admits calls of runs in this process; `limit` is in tokens a run, None for no limit."""

    def __init__(self, store: Store, limit: int | None) -> None:
        self._store = store
        self._limit = limit
        self._lock = threading.Lock()
        self._in_flight: Counter[str] = Counter()

    @contextmanager
    def admit(self, run: Run, foresee: Callable[[], Foreseen]) -> Iterator[None]:
        """Hold a call's tokens while it runs, asking for them only where there is a limit; raises `BudgetSpent` where they may not fit."""
        foreseen = foresee() if self._limit is not None else Foreseen()
        if self._limit is None or not foreseen.calls:
            yield
            return
        tokens = foreseen.tokens_in + foreseen.tokens_out
        with self._lock:
            with self._store.read() as repo:
                now = repo.runs.get(run.id)
            if now.tokens_in + now.tokens_out + self._in_flight[run.id] + tokens > self._limit:
                raise BudgetSpent
            self._in_flight[run.id] += tokens
        try:
            yield
        finally:
            with self._lock:
                self._in_flight[run.id] -= tokens
