"""Tables: CSV, TSV, semicolons and pipes, and the rows of spreadsheets and documents; a row an utterance, or a row an interview."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from app.domain.transcript import normalise
from app.errors import NotSpeech

from .asked import ANSWERS, ASKS, WARNING, Asked, find_asked
from .badges import without_badges
from .columns import MOST_UNTITLED, Layout, clock_column, only_numbers, titled_layout, untitled_layout, what_else, without_frames
from .names import fold
from .sessions import LONGEST_NAME, Chat, Numbered, chat_of, participant_named, voice, with_roles
from .source import Reader, Reading, Row, Source
from .speech_json.interview import cut_turns
from .speech_json.scale import Scale, scale_of
from .speech_json.speech import Speech
from .table_rows import Ragged, filled, heads, rows_of
from .talks_in_cells import labels_in, said_in
from .wording import count_of, were

_TITLED, _UNTITLED, _NO_TRANSCRIPT = 0.985, 0.95, 0.94
_HALF = 0.5
_MANY_NAMES = 5
"""So many people of whom nobody speaks twice hold no talk."""
_RANGE = re.compile(r"\s{0,4}(?:-->|->|[-–—])\s{0,4}")
_WAY_OUT = (
    "upload a table with a column for the text and one for the speaker (start and end where known), a row an utterance; "
    "or the transcript as WebVTT or as text with speaker names"
)


@dataclass(frozen=True, slots=True)
class _Table:
    """How a file's rows are to be read; `delimiter` is None where it was opened as rows.

    `talks`: a row an interview. `asked`: a row a question and its answer.
    """

    layout: Layout
    delimiter: str | None
    talks: bool = False
    asked: Asked | None = None


def _detect(source: Source) -> float:
    table = _table_of(source)
    if table:
        return _TITLED if table.layout.first or table.layout.width > MOST_UNTITLED else _UNTITLED
    return _NO_TRANSCRIPT if _refusal(source) else 0.0


def _read(source: Source) -> Reading:
    table = _table_of(source)
    if table is None:
        raise NotSpeech(f"this looks like {_refusal(source) or 'a table that is no transcript'}; {_WAY_OUT}")
    rows = source.rows if table.delimiter is None else rows_of(source, table.delimiter)
    if table.asked:
        return _answers(rows, table.layout, table.asked)
    return _talks(rows, table.layout) if table.talks else _utterances(rows, table)


def _table_of(source: Source) -> _Table | None:
    """The reading under which most columns are known; a table with titles before one without."""
    found = [
        table for delimiter, rows in heads(source) for read in (titled_layout, untitled_layout) if (table := _judged(rows, delimiter, read))
    ]
    found = found or [table for delimiter, rows in heads(source) if (table := _answered(rows, delimiter))]
    return max(found, key=lambda table: (table.layout.first > 0, table.layout.known), default=None)


def _answered(rows: Sequence[Row], delimiter: str | None) -> _Table | None:
    """A table of questions and answers, by its titles."""
    asked = find_asked(filled(rows))
    body = filled(rows)[asked.first :] if asked else []
    fitting = sum(1 for row in body if asked and len(row) > max(asked.question, asked.answer))
    if asked is None or not body or fitting < _HALF * len(body):
        return None
    layout = Layout(asked.first, asked.answer, ident=asked.ident)
    return _Table(replace(layout, first=_index_of_title(rows, layout)), delimiter, asked=asked)


def _judged(rows: Sequence[Row], delimiter: str | None, read: Callable[[Sequence[Row]], Layout | None]) -> _Table | None:
    """A table where the cells bear out what its layout says they hold."""
    layout = read(filled(rows))
    if layout is None:
        return None
    layout = replace(layout, first=_index_of_title(rows, layout))
    body = [row for row in rows[layout.first :] if any(cell.strip() for cell in row)]
    if layout.first and layout.start is None:
        layout = replace(layout, start=clock_column(body, (layout.text, layout.speaker, layout.end, layout.ident)))
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
    return None if not talks and (alone or what_else(filled(rows))) else _Table(layout, delimiter, talks)


def _index_of_title(rows: Sequence[Row], layout: Layout) -> int:
    """Index after the title row among all rows, empty ones counted; 0 where there are no titles."""
    if not layout.first:
        return 0
    at = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    return at[layout.first - 1] + 1


def _cell(row: Row, index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _utterances(rows: Sequence[Row], table: _Table) -> Reading:
    """A row an utterance; a row without a name goes on with the one before."""
    speech, marks = Speech(noun="row"), Ragged()
    kept = list(_speech_rows(rows, table.layout))
    layout = with_roles(kept, table.layout)
    chat = chat_of(kept, layout)
    scale, timed = _scale(kept, layout)
    speech.warnings += chat.warnings if chat else []
    rows_in_order, sorted_by_time = (chat.kept, False) if chat else _in_order(kept, layout, scale, timed)
    speaker: str | None = None
    unnamed = 0
    cuts = []
    for number, row in rows_in_order:
        if chat and chat.several and number in chat.opens:
            speaker = None
            cuts.append(len(speech.utterances))
        text = _text(row, table, number, marks)
        name = _name(number, row, layout, chat)
        unnamed += bool(not name and speaker and text.strip())
        speaker = name or speaker
        start, end = (None, None) if chat and chat.several else scale.times(timed[number])
        speech.add(number, speaker, text, start, end, 1)
    cut_turns(speech, cuts)
    speech.warnings += [*marks.warnings(), *_before(rows, layout)]
    if scale.warning and not (chat and chat.several):
        speech.warnings.append(scale.warning)
    if sorted_by_time:
        speech.warnings.append("the rows stand speaker by speaker: they were put into the order of their times")
    if unnamed:
        speech.warnings.append(f"{count_of(unnamed, 'row')} without a name {were(unnamed)} given to the speaker of the row before")
    return speech.reading()


def _name(number: int, row: Row, layout: Layout, chat: Chat | None) -> str:
    if chat:
        return chat.names[number]
    return without_badges(normalise(_cell(row, layout.speaker))[:LONGEST_NAME].rstrip(":： "))


def _in_order(kept: list[Numbered], layout: Layout, scale: Scale, timed: Mapping[int, dict[str, Any]]) -> tuple[Sequence[Numbered], bool]:
    """Rows by time where a table without titles holds them speaker by speaker, as ELAN exports its tiers; and whether that was so."""
    names = [] if layout.first else [fold(_cell(row, layout.speaker)) for _, row in kept]
    blocks = 1 + sum(1 for before, name in pairwise(names) if before != name)
    if not names or blocks > len(set(names)):
        return kept, False
    starts = [scale.times(timed[number])[0] for number, _ in kept]
    if not all(isinstance(start, float) for start in starts) or all(a <= b for a, b in pairwise(starts)):
        return kept, False
    return [numbered for _, numbered in sorted(zip(starts, kept, strict=True), key=lambda pair: pair[0])], True


def _speech_rows(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[int, Row]]:
    """Rows of speech with their number as a spreadsheet counts them, titles that are repeated left out."""
    titles = rows[layout.first - 1] if layout.first else None
    for number, row in enumerate(rows[layout.first :], layout.first + 1):
        if row != titles and any(cell.strip() for cell in row):
            yield number, row


def _text(row: Row, table: _Table, number: int, marks: Ragged) -> str:
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


def _scale(kept: Sequence[tuple[int, Row]], layout: Layout) -> tuple[Scale, dict[int, dict[str, Any]]]:
    """The scale of the time columns, and the times of each row under the keys that it knows."""
    keys = f"start{layout.units[0]}", f"end{layout.units[1] or layout.units[0]}"
    timed: dict[int, dict[str, Any]] = {}
    words = 0
    for number, row in kept:
        start, end = _cell(row, layout.start).strip(" []()"), _cell(row, layout.end).strip(" []()")
        if start and not end and len(parts := _RANGE.split(start, maxsplit=1)) > 1 and all(":" in part for part in parts):
            start, end = parts
        start, end = without_frames(start), without_frames(end)
        times = ((key, time) for key, time in zip(keys, (start, end), strict=True) if time)
        timed[number] = dict(times)
        words += len(_cell(row, layout.text).split())
    return scale_of(list(timed.values()), words), timed


def _before(rows: Sequence[Row], layout: Layout) -> list[str]:
    above = len(filled(rows[: max(0, layout.first - 1)]))
    return [f"{count_of(above, 'row')} above the titles {were(above)} left out"] if above else []


def _talks(rows: Sequence[Row], layout: Layout) -> Reading:
    """A row an interview: its participant is a speaker of their own, whoever asks is the AI interviewer."""
    speech = Speech(noun="row")
    kept = list(_speech_rows(rows, layout))
    column = layout.ident if layout.ident is not None else layout.speaker
    several = len(kept) > 1
    for number, row in kept:
        who = participant_named(_cell(row, column)) or (f"Row {number}" if several else None)
        begun = len(speech.utterances)
        for label, words in said_in(_cell(row, layout.text)):
            speech.add(number, voice(label, who), words)
        if several:
            cut_turns(speech, [begun])
    if several:
        speech.warnings.append(
            f"the table holds {count_of(len(kept), 'interview')}, a row each: they are read as one transcript, each participant a speaker "
            "of their own; one file an interview is better"
        )
    speech.warnings += _before(rows, layout)
    return speech.reading()


def _answers(rows: Sequence[Row], layout: Layout, asked: Asked) -> Reading:
    """A row a question and its answer; with ids of several people each is a participant of their own."""
    speech = Speech(noun="row")
    kept = list(_speech_rows(rows, layout))
    idents = {normalise(_cell(row, asked.ident)) for _, row in kept} - {""}
    several = 1 < len(idents) < len(kept)  # else they are the numbers of the questions
    who = before = ANSWERS
    for number, row in kept:
        who = (participant_named(_cell(row, asked.ident)) or who) if several else who
        begun = len(speech.utterances)
        speech.add(number, ASKS, _cell(row, asked.question))
        speech.add(number, who, _cell(row, asked.answer))
        if who != before:
            cut_turns(speech, [begun])
        before = who
    speech.warnings += [WARNING, *_before(rows, layout)]
    if several:
        speech.warnings.append(
            f"the table holds {count_of(len(idents), 'interview')}, told by their ids: they are read as one transcript, each participant "
            "a speaker of their own; one file an interview is better"
        )
    return speech.reading()


def _refusal(source: Source) -> str | None:
    """What kind of table this is that is no transcript; None where it may be something else altogether."""
    for delimiter, rows in heads(source):
        some = filled(rows)
        if delimiter is None and source.text.strip():
            return None
        found = what_else(some) or ("a table of numbers" if only_numbers(some) else None)
        if found:
            return found
        layout = titled_layout(some)
        if layout and delimiter is not None and layout.start is None:
            return "a table of comments (nobody speaks in turn, and no column says when)"
        if delimiter is None:
            return "a table that is no transcript"
    return None


READER = Reader(
    "table",
    "table/2",
    _detect,
    _read,
    title="Tables: CSV, TSV, semicolons, pipes, spreadsheets",
    reads="a row an utterance (`speaker,start,end,text` under their many names in many languages, or without titles); "
    "a row an interview with `User:` and `AI:` in the cell; a row a message with `role` and a session's id; questions beside answers; "
    "ELAN's export of tiers",
    loses="other columns; rows above the titles",
)
