"""How warnings speak: numbers with their noun, places by line."""

from collections.abc import Sequence

SUPPORTED = "this release reads WebVTT, SRT, and plain text or Markdown with speaker names"
NAMED_LINES = 3


def count_of(number: int, noun: str) -> str:
    """A number with its noun: `1 line`, `3 lines`, `1,200 cues`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def were(number: int) -> str:
    """The verb that goes with `count_of`."""
    return "was" if number == 1 else "were"


def places(line_numbers: Sequence[int]) -> str:
    """Where something happened, counted from 1: `line 12` or `lines 12, 40, 77 and 9 more`."""
    named = ", ".join(f"{number}" for number in line_numbers[:NAMED_LINES])
    more = len(line_numbers) - NAMED_LINES
    return f"line{'s' if len(line_numbers) > 1 else ''} {named}{f' and {more:,} more' if more > 0 else ''}"
