"""Tables: CSV, TSV, semicolons and pipes, and the rows of spreadsheets and documents; a row an utterance, or a row an interview."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.transcript import normalise
from app.errors import NotSpeech, UnreadableFile

from .badges import without_badges
from .columns import TITLES_WITHIN, Layout, only_numbers, titled_layout, untitled_layout, what_else
from .names import fold
from .source import Reader, Reading, Row, Source
from .speech_json.interview import ASSISTANTS, INTERVIEWER, PEOPLE
from .speech_json.scale import Scale, scale_of
from .speech_json.speech import Speech
from .talks_in_cells import labels_in, said_in
from .wording import count_of, were

_TITLED, _UNTITLED, _NO_TRANSCRIPT = 0.985, 0.95, 0.94
_DELIMITERS = ",;\t|"
_LOOKED_AT = 200
_LOOKED_AT_CHARACTERS = 100_000
_HALF = 0.5
_MANY_NAMES = 5
"""So many people of whom nobody speaks twice hold no talk."""
_NAMED = 3
_LONGEST_NAME = 120
_DIVIDER = re.compile(r"\s*:?-{2,}:?\s*")
_RANGE = re.compile(r"\s{0,4}(?:-->|->|[-–—])\s{0,4}")
_WAY_OUT = (
    "upload a table with a column for the text and one for the speaker (start and end where known), a row an utterance; "
    "or the transcript as WebVTT or as text with speaker names"
)


@dataclass(frozen=True, slots=True)
class _Table:
    """How a file's rows are to be read; `delimiter` is None where it was opened as rows. `talks`: a row an interview."""

    layout: Layout
    delimiter: str | None
    talks: bool = False


def _detect(source: Source) -> float:
    table = _table_of(source)
    if table:
        return _TITLED if table.layout.first else _UNTITLED
    return _NO_TRANSCRIPT if _refusal(source) else 0.0


def _read(source: Source) -> Reading:
    table = _table_of(source)
    if table is None:
        raise NotSpeech(f"this looks like {_refusal(source) or 'a table that is no transcript'}; {_WAY_OUT}")
    rows = source.rows if table.delimiter is None else _rows_of(source, table.delimiter)
    return _talks(rows, table.layout) if table.talks else _utterances(rows, table)


def _table_of(source: Source) -> _Table | None:
    """The reading under which most columns are known; a table with titles before one without."""
    found = [
        table
        for delimiter, rows in _heads(source)
        for read in (titled_layout, untitled_layout)
        if (table := _judged(rows, delimiter, read))
    ]
    return max(found, key=lambda table: (table.layout.first > 0, table.layout.known), default=None)


def _heads(source: Source) -> Iterator[tuple[str | None, Sequence[Row]]]:
    """The first rows, by each way to cut them."""
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
    rows = [tuple(row) for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, skipinitialspace=True)]
    if delimiter == "|" and lines and lines[0].lstrip().startswith("|"):
        rows = [tuple(cell.strip() for cell in row[1 : -1 if row[-1:] == ("",) or not row[-1].strip() else None]) for row in rows if row]
        rows = [row for row in rows if not all(map(_DIVIDER.fullmatch, row))]
    if rows and rows[0] and rows[0][0].startswith("sep="):
        rows = rows[1:]
    return rows


def _rows_of(source: Source, delimiter: str) -> list[Row]:
    try:
        return _cut(source.lines, delimiter)
    except csv.Error as error:
        raise UnreadableFile(
            "a cell of this table is longer than a cell can be: a quotation mark that is never closed? Export the table again, "
            "or save it as a spreadsheet (.xlsx)"
        ) from error


def _judged(rows: Sequence[Row], delimiter: str | None, read: Callable[[Sequence[Row]], Layout | None]) -> _Table | None:
    """A table where the cells bear out what its layout says they hold."""
    layout = read(_filled(rows))
    if layout is None:
        return None
    layout = replace(layout, first=_index_of_title(rows, layout))
    body = [row for row in rows[layout.first :] if any(cell.strip() for cell in row)]
    texts = [text for row in body if (text := _cell(row, layout.text).strip())]
    talks = sum(1 for text in texts if labels_in(text)) >= _HALF * len(texts) and bool(texts)
    spoken = any(any(map(str.isalpha, text)) for text in texts)
    fitting = sum(1 for row in body if len(row) > layout.text)
    # ids beside texts are a list of comments unless the texts are talks
    named = layout.speaker is not None or layout.start is not None
    if not talks and (not named or (texts and not spoken) or fitting < _HALF * len(body)):
        return None
    names = [name for row in body if (name := fold(_cell(row, layout.speaker)))]
    alone = layout.start is None and len(names) >= _MANY_NAMES and len(set(names)) == len(names)
    return None if not talks and (alone or what_else(_filled(rows))) else _Table(layout, delimiter, talks)


def _filled(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if any(cell.strip() for cell in row)]


def _index_of_title(rows: Sequence[Row], layout: Layout) -> int:
    """Index after the title row among all rows, empty ones counted; 0 where there are no titles."""
    if not layout.first:
        return 0
    filled = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    return filled[layout.first - 1] + 1


def _cell(row: Row, index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _utterances(rows: Sequence[Row], table: _Table) -> Reading:
    """A row an utterance; a row without a name goes on with the one before."""
    layout = table.layout
    speech, marks = Speech(noun="row"), _Ragged()
    kept = list(_speech_rows(rows, layout))
    scale, timed = _scale(kept, layout)
    speaker: str | None = None
    unnamed = 0
    for number, row in kept:
        text = _text(row, table, number, marks)
        name = without_badges(normalise(_cell(row, layout.speaker))[:_LONGEST_NAME].rstrip(":： "))
        unnamed += bool(not name and speaker and text.strip())
        speaker = name or speaker
        start, end = scale.times(timed[number])
        speech.add(number, speaker, text, start, end, 1)
    speech.warnings += [*marks.warnings(), *_before(rows, layout), *([scale.warning] if scale.warning else [])]
    if unnamed:
        speech.warnings.append(f"{count_of(unnamed, 'row')} without a name {were(unnamed)} given to the speaker of the row before")
    return speech.reading()


def _speech_rows(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[int, Row]]:
    """Rows of speech with their number as a spreadsheet counts them, titles that are repeated left out."""
    titles = rows[layout.first - 1] if layout.first else None
    for number, row in enumerate(rows[layout.first :], layout.first + 1):
        if row != titles and any(cell.strip() for cell in row):
            yield number, row


def _text(row: Row, table: _Table, number: int, marks: "_Ragged") -> str:
    """A row's text; where it was cut at its own commas, because nobody quoted it, it is joined again."""
    layout = table.layout
    text = _cell(row, layout.text)
    extra = [cell for cell in row[layout.width :] if cell.strip()] if layout.width else []
    if extra and layout.text == layout.width - 1:
        marks.rejoined.append(number)
        glue = f"{table.delimiter} " if table.delimiter and table.delimiter in ",;" else " "
        return glue.join((text, *row[layout.width :]))
    if extra:
        marks.longer.append(number)
    if len(row) <= layout.text:
        marks.shorter.append(number)
    return text


class _Ragged:
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


def _scale(kept: Sequence[tuple[int, Row]], layout: Layout) -> tuple[Scale, dict[int, dict[str, Any]]]:
    """The scale of the time columns, and the times of each row under the keys that it knows."""
    keys = f"start{layout.units[0]}", f"end{layout.units[1] or layout.units[0]}"
    timed: dict[int, dict[str, Any]] = {}
    words = 0
    for number, row in kept:
        start, end = _cell(row, layout.start).strip(" []()"), _cell(row, layout.end).strip(" []()")
        if start and not end and len(parts := _RANGE.split(start, maxsplit=1)) > 1 and all(":" in part for part in parts):
            start, end = parts
        times = ((key, time) for key, time in zip(keys, (start, end), strict=True) if time)
        timed[number] = dict(times)
        words += len(_cell(row, layout.text).split())
    return scale_of(list(timed.values()), words), timed


def _before(rows: Sequence[Row], layout: Layout) -> list[str]:
    above = len(_filled(rows[: max(0, layout.first - 1)]))
    return [f"{count_of(above, 'row')} above the titles {were(above)} left out"] if above else []


def _talks(rows: Sequence[Row], layout: Layout) -> Reading:
    """A row an interview: its participant is a speaker of their own, whoever asks is the AI interviewer."""
    speech = Speech(noun="row")
    kept = list(_speech_rows(rows, layout))
    column = layout.ident if layout.ident is not None else layout.speaker
    several = len(kept) > 1
    for number, row in kept:
        ident = normalise(_cell(row, column))[:_LONGEST_NAME]
        who = f"Participant {ident}" if ident.isdecimal() else ident or (f"Row {number}" if several else None)
        for label, words in said_in(_cell(row, layout.text)):
            speech.add(number, _voice(label, who), words)
    if several:
        speech.warnings.append(
            f"the table holds {count_of(len(kept), 'interview')}, a row each: they are read as one transcript, each participant a speaker "
            "of their own; one file an interview is better"
        )
    speech.warnings += _before(rows, layout)
    return speech.reading()


def _voice(label: str | None, who: str | None) -> str | None:
    if label is None:
        return who
    key = label.casefold()
    if key in ASSISTANTS:
        return INTERVIEWER
    if who is None or key in {"interviewer", "moderator", "researcher", "facilitator", "q", "host"}:
        return label.upper() if len(label) == 1 else label.capitalize()
    return who if key in PEOPLE or key in {"a", "guest"} else f"{who} {label}"


def _refusal(source: Source) -> str | None:
    """What kind of table this is that is no transcript; None where it may be something else altogether."""
    for delimiter, rows in _heads(source):
        filled = _filled(rows)
        if delimiter is None and source.text.strip():
            return None
        found = what_else(filled) or ("a table of numbers" if only_numbers(filled) else None)
        if found:
            return found
        layout = titled_layout(filled)
        if layout and delimiter is not None and layout.start is None:
            return "a table of comments (nobody speaks in turn, and no column says when)"
        if delimiter is None:
            return "a table that is no transcript"
    return None


READER = Reader(
    "table",
    "table/1",
    _detect,
    _read,
    title="Tables: CSV, TSV, semicolons, pipes, spreadsheets",
    reads="a row an utterance (`speaker,start,end,text` under their many names in many languages, or without titles); "
    "a row an interview with `User:` and `AI:` in the cell",
    loses="other columns; rows above the titles",
)
