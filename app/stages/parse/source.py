"""What openers and readers take and give."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from app.domain.transcript import Utterance
from app.errors import TooLarge

MAX_LINES = 500_000
MAX_CHARACTERS = 3_000_000
"""Of text other than JSON, which takes a hundred characters to say a word: some 60 hours of talk."""
NO_JSON = object()
"""What `Source.value` is where the text is no JSON; JSON may be `null`."""

_MOST_SIGNS = {"{": 300_000, "[": 500_000, ",": 4_000_000}
"""Signs that JSON is given room for: an object takes some 300 bytes of memory, a list or a string 60, whatever it takes in the file."""

Row = tuple[str, ...]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Source:
    """A decoded file: `text` with newlines normalised. Line numbers given to people count from 1.

    `rows` holds cells where the file was opened as a spreadsheet, or its document keeps the speech in a table; else it is empty.
    """

    text: str
    rows: tuple[Row, ...] = ()
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.text) > MAX_CHARACTERS and not self._could_be_json:
            raise TooLarge(f"the file holds more than {MAX_CHARACTERS:,} characters, days of talk; split it into one file an interview")
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

    def once(self, make: "Callable[[Source], Made]") -> "Made":
        """What `make` finds in this file, worked out at the first call, however many readers ask."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    @property
    def _could_be_json(self) -> bool:
        return self.text[:100].lstrip("\ufeff \t\n").startswith(("{", "["))

    @cached_property
    def value(self) -> Any:
        """The file as JSON, `NO_JSON` where it is none; nesting without end is none."""
        if not self._could_be_json:
            return NO_JSON
        if any(self.text.count(sign) > most for sign, most in _MOST_SIGNS.items()):
            raise TooLarge("the file holds more JSON than a day of talk has words; split it into one file an interview")
        try:
            return json.loads(self.text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            return NO_JSON


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: utterances in file order, and in short sentences what it left out, guessed or repaired.

    `about` holds what the file says of the talk (front matter, title, date, participant, persona …), keys in lower case.
    """

    utterances: tuple[Utterance, ...]
    warnings: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opener found in a container: a `Source`'s text and rows, and in short sentences what it left out."""

    text: str
    rows: tuple[Row, ...] = ()
    warnings: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opener:
    """One container (Word, PDF …): bytes to text or rows, which readers then read. `version` as a reader's.

    `matches` looks at the bytes alone; `open` raises `UnreadableFile`, `TooLarge` or `NotSpeech`.
    `title`, `reads` and `loses` are the README's table of shapes.
    """

    shape: str
    version: str
    matches: Callable[[bytes], bool]
    open: Callable[[bytes], Opened]
    title: str
    reads: str
    loses: str


@dataclass(frozen=True, slots=True)
class Reader:
    """One shape. `version` (`vtt/1`) changes when the same bytes would read differently.

    `detect` gives its confidence from 0 (not this shape) to 1 (certain), by content alone; `read` may raise `NotSpeech`.
    `title`, `reads` and `loses` are the README's table of shapes.
    """

    shape: str
    version: str
    detect: Callable[[Source], float]
    read: Callable[[Source], Reading]
    title: str
    reads: str
    loses: str
