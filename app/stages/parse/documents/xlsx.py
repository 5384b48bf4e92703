"""Excel workbooks: the first sheet that looks like a transcript, as rows; formulas are not computed, links not followed."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from app.errors import NotSpeech, TooLarge
from app.stages.parse.source import MAX_CHARACTERS, Opened, Opener, Row
from app.stages.parse.wording import count_of, were

from .edge import opening
from .package import Package, is_package, open_package
from .tables import find_turns

MAX_ROWS = 200_000
MAX_CELLS = 600_000
_SHEETS_LOOKED_AT = 20
_SAMPLE = 200
_PARSED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|docProps/.{1,20}\.xml|xl/.{0,120}\.(?:xml|rels)")
_FIRST_YEAR, _ORIGIN = 1900, datetime(1899, 12, 30)  # noqa: DTZ001  # lengths have no zone
_EXACT = 1e15
_WORDS = 4
"""So many words in a cell, on average, make a column that could be speech."""


def _matches(data: bytes) -> bool:
    return is_package(data, b"xl/workbook")


def _open(data: bytes) -> Opened:
    import openpyxl  # noqa: PLC0415  # only who opens a workbook pays for its reader

    with opening("an Excel workbook"):
        package = open_package(data)
        _vet(package)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"][:_SHEETS_LOOKED_AT]
        chosen = _chosen(sheets)
        if chosen is None:
            raise NotSpeech("no sheet of it holds speech: there should be one row a turn, with columns such as speaker, start, text")
        rows = tuple(_rows(chosen, MAX_ROWS))
        others = [sheet.title for sheet in workbook.worksheets if sheet is not chosen]
        return Opened("", rows, _warnings(chosen.title, others))


def _vet(package: Package) -> None:
    for name in package:
        if _PARSED.fullmatch(name):
            package.xml(name)


def _chosen(sheets: list[Any]) -> Any | None:
    """The first sheet with columns for speaker and words, else the first with sentences in it."""
    samples = [(sheet, list(_rows(sheet, _SAMPLE))) for sheet in sheets]
    turns = next((sheet for sheet, rows in samples if find_turns(rows)), None)
    return turns if turns is not None else next((sheet for sheet, rows in samples if _has_sentences(rows)), None)


def _has_sentences(rows: list[Row]) -> bool:
    width = max(map(len, rows), default=0)
    for i in range(width):
        cells = [row[i] for row in rows[1:] if i < len(row) and row[i]]
        if cells and sum(len(cell.split()) for cell in cells) >= _WORDS * len(cells):
            return True
    return False


def _rows(sheet: Any, most: int) -> Iterator[Row]:
    """Rows that hold something, as text without the empty cells at their ends; at most so many of a sample."""
    sheet.reset_dimensions()  # what the sheet says of its size is not believed
    found = cells = characters = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(values)
        row = _trimmed(values)
        characters += sum(map(len, row))
        if number > MAX_ROWS or cells > MAX_CELLS or characters > MAX_CHARACTERS:
            raise TooLarge(f"its sheet has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells; split it into one file an interview")
        if row:
            yield row
            found += 1
            if found >= most:
                return


def _trimmed(values: tuple[Any, ...]) -> Row:
    row = [_text(value) for value in values]
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def _text(value: Any) -> str:
    """A cell as a person would read it: times as `h:mm:ss`, whole numbers without a point."""
    if isinstance(value, timedelta | time) or (isinstance(value, datetime) and value.year <= _FIRST_YEAR):
        return _clock(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return "" if value is None else str(value).replace("_x000D_", "").strip()


def _clock(value: timedelta | time | datetime) -> str:
    """A length or time of day; as a date, Excel counts it from the end of 1899."""
    if isinstance(value, datetime):
        value = value - _ORIGIN
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    whole, thousandths = divmod(round(max(value.total_seconds(), 0) * 1000), 1000)
    fraction = f".{thousandths:03}" if thousandths else ""
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{fraction}"


def _warnings(chosen: str, others: list[str]) -> tuple[str, ...]:
    if not others:
        return ()
    named = ", ".join(f"“{title[:40]}”" for title in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004  # as many as are named
    return (f"the sheet “{chosen[:40]}” was read; {count_of(len(others), 'other sheet')} {were(len(others))} left out: {named}{more}",)


OPENER = Opener(
    "xlsx",
    "xlsx/1",
    _matches,
    _open,
    title="Excel (.xlsx, .xlsm)",
    reads="the first sheet with columns such as speaker, start, text; the values that formulas last gave",
    loses="other sheets, hidden sheets, comments, pictures",
)
