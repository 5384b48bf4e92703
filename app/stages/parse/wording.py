"""How warnings speak: numbers with their noun, places by line."""

from collections.abc import Sequence

SUPPORTED = (
    "Throughline reads captions (WebVTT, SRT, SBV, TTML), text and Markdown, Word, PDF, HTML, OpenDocument, RTF, spreadsheets and "
    "the JSON of speech-to-text services"
)
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


def unread_warning(at: Sequence[int]) -> str:
    """What is said of lines (numbers counted from 1) that open with a word and a colon, but no name that is known from elsewhere."""
    n = len(at)
    what = f"{count_of(n, 'line')} may open with a speaker's label that is not read as one"
    return f"{what} ({places(at)}): the words {were(n)} left in the turn before"


def before_warning(at: Sequence[int]) -> tuple[str, ...]:
    """What is said of lines (numbers counted from 1) above the first speaker that open with a name; nothing where there are none."""
    what = f"{count_of(len(at), 'line')} above the first speaker that was found {'opens' if len(at) == 1 else 'open'} with a name"
    return (f"{what} ({places(at)}): they were not read as speech",) if at else ()
