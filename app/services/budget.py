"""A run's token budget: a call is let through only if what is spent, what is under way and the call itself stay within it."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.runs import Run
from app.errors import BudgetSpent
from app.ports import Foreseen
from app.services.store import Store

TRIES = 2
"""An answer that cannot be used is asked for once more, at about the same cost."""


class Budget:
    """Admits calls of runs in this process; `limit` is in tokens a run, None for no limit."""

    def __init__(self, store: Store, limit: int | None) -> None:
        self._store = store
        self._limit = limit
        self._settled = threading.Condition()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def admit(self, run: Run, foresee: Callable[[], Foreseen]) -> Iterator[None]:
        """Hold a call's tokens until its cost is stored, which is to be done inside; without a limit nothing is foreseen.

        A call that fits once others have turned out cheaper waits for them; one that cannot fit any more raises `BudgetSpent`.
        """
        if self._limit is None:
            yield
            return
        foreseen = foresee()
        tokens = TRIES * (foreseen.tokens_in + foreseen.tokens_out)
        if not foreseen.calls:
            yield
            return
        self._wait_for(run.id, tokens, self._limit)
        try:
            yield
        finally:
            with self._settled:
                self._under_way[run.id] -= tokens
                self._settled.notify_all()

    def _wait_for(self, run_id: str, tokens: int, limit: int) -> None:
        with self._settled:
            while True:
                with self._store.read() as repo:
                    now = repo.runs.bare(run_id)
                spent = now.tokens_in + now.tokens_out
                if spent + tokens > limit:
                    raise BudgetSpent
                if spent + self._under_way[run_id] + tokens <= limit:
                    self._under_way[run_id] += tokens
                    return
                self._settled.wait()
