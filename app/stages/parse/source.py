"""What readers take and give."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from app.domain.transcript import Utterance
from app.errors import TooLarge

MAX_LINES = 500_000


@dataclass(frozen=True)
class Source:
    """A decoded file: `text` with newlines normalised. Line numbers given to people count from 1."""

    text: str

    def __post_init__(self) -> None:
        if self.text.count("\n") > MAX_LINES:
            raise TooLarge(f"the file has more than {MAX_LINES:,} lines; split it into one file an interview")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines without their ends."""
        return tuple(self.text.split("\n"))

    @cached_property
    def filled(self) -> tuple[int, ...]:
        """Indexes of the lines that hold something."""
        return tuple(i for i, line in enumerate(self.lines) if line.strip())

    def head(self, filled_lines: int) -> tuple[str, ...]:
        """The first lines that hold something, at most so many."""
        return tuple(self.lines[i] for i in self.filled[:filled_lines])


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: utterances in file order, and in short sentences what it left out, guessed or repaired."""

    utterances: tuple[Utterance, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One shape. `version` (`vtt/1`) changes when the same bytes would read differently.

    `detect` gives its confidence from 0 (not this shape) to 1 (certain), by content alone; `read` may raise `NotSpeech`.
    """

    shape: str
    version: str
    detect: Callable[[Source], float]
    read: Callable[[Source], Reading]
