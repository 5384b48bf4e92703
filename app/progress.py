"""A run's progress on a terminal: a bar a stage; plain lines where there is no terminal."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from app.domain.runs import Run

NAMES = {
    "segment": "cutting quotes",
    "embed": "embedding",
    "redact": "finding personal data",
    "tag": "tagging",
    "cluster": "finding themes",
    "draft": "drafting the code book",
    "assign": "placing quotes",
    "write": "writing statements",
    "check": "checking statements",
    "assemble": "assembling the map",
}
REFRESH_S = 0.2


class RunProgress:
    """Shows a run while it runs; `load` reads it afresh."""

    def __init__(self, screen: Console, load: Callable[[], Run]) -> None:
        self._screen = screen
        self._load = load
        self._bars = Progress(TextColumn("{task.description:<21}"), BarColumn(), MofNCompleteColumn(), console=screen)
        self._tasks: dict[str, TaskID] = {}
        self._said: set[str] = set()
        self._shown_at = 0.0

    def __enter__(self) -> Self:
        if self._screen.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._screen.is_terminal:
            self._bars.stop()

    def show(self, *, now: bool = False) -> None:
        """Bring the bars up to date, a few times a second at most."""
        if not now and time.monotonic() - self._shown_at < REFRESH_S:
            return
        self._shown_at = time.monotonic()
        for stage in self._load().progress:
            if not stage.total:
                continue
            if self._screen.is_terminal:
                if stage.name not in self._tasks:
                    self._tasks[stage.name] = self._bars.add_task(NAMES[stage.name], total=stage.total)
                self._bars.update(self._tasks[stage.name], completed=stage.done, total=stage.total)
            elif stage.done >= stage.total and stage.name not in self._said:
                self._said.add(stage.name)
                self._screen.print(f"{NAMES[stage.name]}: {stage.done} of {stage.total}")
