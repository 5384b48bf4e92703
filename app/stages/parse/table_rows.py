"""How the lines of a file are cut into the rows of a table."""

import csv
import re
from collections.abc import Iterator, Sequence

from app.errors import UnreadableFile

from .columns import TITLES_WITHIN
from .source import Row, Source
from .wording import count_of

_DELIMITERS = ",;\t|"
_LOOKED_AT = 200
_NAMED = 3
_LOOKED_AT_CHARACTERS = 100_000
_DIVIDER = re.compile(r"\s*:?-{2,}:?\s*")


def heads(source: Source) -> Iterator[tuple[str | None, Sequence[Row]]]:
    """The first rows of a file with the delimiter that cuts them so, by each that may; None where it was opened as rows."""
    if source.rows:
        yield None, source.rows[:_LOOKED_AT]
        return
    head: list[str] = []
    held = 0
    for line in source.head(_LOOKED_AT):
        held += len(line)
        if held > _LOOKED_AT_CHARACTERS and head:
            break
        head.append(line)
    top = head[:TITLES_WITHIN]
    for delimiter in _DELIMITERS:
        if sum(1 for line in top if delimiter in line) * 2 >= len(top) or delimiter in (head[0] if head else ""):
            try:
                yield delimiter, _cut(head, delimiter)
            except csv.Error:
                continue


def _cut(lines: Sequence[str], delimiter: str) -> list[Row]:
    """Rows without empty ones, the divider of a Markdown table and the `sep=;` that spreadsheets write."""
    rows = _even_by_tabs(lines) if delimiter == "\t" else []
    rows = rows or [tuple(row) for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, skipinitialspace=True)]
    if delimiter == "|" and lines and lines[0].lstrip().startswith("|"):
        rows = [tuple(cell.strip() for cell in row[1 : -1 if row[-1:] == ("",) or not row[-1].strip() else None]) for row in rows if row]
        rows = [row for row in rows if not all(map(_DIVIDER.fullmatch, row))]
    if rows and rows[0] and rows[0][0].startswith("sep="):
        rows = rows[1:]
    return rows


def _even_by_tabs(lines: Sequence[str]) -> list[Row]:
    """Rows where every line has as many tabs: then no cell goes on over a line, and a lone quotation mark in one is speech; else none."""
    if len({line.count("\t") for line in lines if line.strip()}) != 1:
        return []
    return [tuple(map(_unquoted, line.split("\t"))) for line in lines]


def _unquoted(cell: str) -> str:
    bare = cell.strip()
    inner = bare[1:-1]
    whole = len(bare) > 1 and bare[0] == bare[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if whole else cell.lstrip()


def rows_of(source: Source, delimiter: str) -> list[Row]:
    """All rows of a file; raises `UnreadableFile` where a cell never ends."""
    try:
        return _cut(source.lines, delimiter)
    except csv.Error as error:
        raise UnreadableFile(
            "a cell of this table is longer than a cell can be: a quotation mark that is never closed? Export the table again, "
            "or save it as a spreadsheet (.xlsx)"
        ) from error


def filled(rows: Sequence[Row]) -> list[Row]:
    """Rows in which something stands."""
    return [row for row in rows if any(cell.strip() for cell in row)]


class Ragged:
    """Numbers of rows that have more or fewer cells than the titles."""

    def __init__(self) -> None:
        self.rejoined: list[int] = []
        self.longer: list[int] = []
        self.shorter: list[int] = []

    def warnings(self) -> Iterator[str]:
        """What was done with each kind."""
        for rows, what in (
            (self.rejoined, "with unquoted commas: the text was joined again"),
            (self.longer, "with more cells than there are columns: the cells beyond were left out"),
            (self.shorter, "ended before the column of the text, left out"),
        ):
            if rows:
                more = len(rows) - _NAMED
                named = f"{', '.join(map(str, rows[:_NAMED]))}{f' and {more:,} more' if more > 0 else ''}"
                yield f"{count_of(len(rows), 'row')} {what} (row{'s' if len(rows) > 1 else ''} {named})"
