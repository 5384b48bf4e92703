"""Whole interviews inside one cell: `User: …` and `AI: …`, line after line or in one run."""

import re
from collections.abc import Iterator

_LABELS = (
    "user|human|participant|respondent|interviewee|customer|client|assistant|ai(?: interviewer| assistant| moderator)?|bot|chatbot|gpt|"
    "model|interviewer|moderator|researcher|facilitator|agent|host|guest|speaker ?\\d{1,2}|q|a"
)
_AT_LINE = re.compile(rf"^[ \t]{{0,8}}[*_\[]{{0,3}}({_LABELS})[*_\]]{{0,3}}[ \t]{{0,3}}[:：][*_]{{0,3}}", re.IGNORECASE | re.MULTILINE)
_IN_RUN = re.compile(rf"(?:(?<=\s)|^)({_LABELS})[:：](?=\s)", re.IGNORECASE)
_FEWEST = 2


def labels_in(cell: str) -> set[str]:
    """The labels of a cell in lower case; empty where it holds no talk."""
    found = {match[1].casefold() for match in _pattern(cell).finditer(cell)}
    return found if len(found) >= _FEWEST else set()


def said_in(cell: str) -> Iterator[tuple[str | None, str]]:
    """Label and words of each piece of a cell; words before the first label have none."""
    label, begin = None, 0
    for match in _pattern(cell).finditer(cell):
        if cell[begin : match.start()].strip():
            yield label, cell[begin : match.start()]
        label, begin = match[1], match.end()
    if cell[begin:].strip():
        yield label, cell[begin:]


def _pattern(cell: str) -> re.Pattern[str]:
    """Labels begin lines where a cell has lines of them; in a cell that lost its line ends they stand anywhere."""
    return _AT_LINE if len({match[1].casefold() for match in _AT_LINE.finditer(cell)}) >= _FEWEST else _IN_RUN
