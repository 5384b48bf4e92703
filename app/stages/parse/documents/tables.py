"""What a table in a document is: speech, one row a turn, or something else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.stages.parse.asked import ANSWERS, ASKS, find_asked
from app.stages.parse.clock import TIME
from app.stages.parse.columns import clock_column, titled_layout
from app.stages.parse.names import could_be_name, fold, looks_like_name
from app.stages.parse.source import Row

TITLES: Row = ("speaker", "start", "end", "text")
"""The columns in which speech from tables is handed on."""
SESSION = "session id"
"""The title of one more, where a table has it."""

_SPEAKER = re.compile(
    r"(?:speaker|name|participant|person|who|role|interlocutor|talker|sprecher(?:in)?|rolle|wer|locuteur|intervenant|hablante|orador|"
    r"interlocutora?|spreker|naam|nome|nombre|nom|relatore|falante|orateur|発言者|話者)s?(?:[ _-](?:name|label|id))?",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:text|transcript(?:ion)?|transkript(?:ion)?|statement|utterance|words|content|speech|dialogue|comment|message|quote|said|"
    r"what (?:was|is) said|aussage|beitrag|inhalt|texte?|propos|paroles|texto|discurso|testo|tekst|uitspraak|発言|内容)s?",
    re.IGNORECASE,
)
_START = re.compile(
    r"(?:time(?: ?stamp|code)?|start(?:[ _-]?time)?|begin|from|in|zeit(?:marke|stempel)?|beginn|d[ée]but|temps|horodatage|inicio|tiempo|"
    r"hora|in[ií]cio|tempo|inizio|tijd|時間|時刻)s?",
    re.IGNORECASE,
)
_END = re.compile(r"(?:end(?:[ _-]?time)?|stop|to|out|until|ende|bis|fin|fim|fine|einde)", re.IGNORECASE)
_CLOCK = re.compile(rf"[\[(]?{TIME}(?:\s{{0,2}}(?:-->|->|[-–—])\s{{0,2}}{TIME})?[\])]?")
_NUMBER = re.compile(r"#?\d{1,6}[.)]?")
_LABEL = re.compile(rf"\W{{0,4}}(?:{TIME}\W{{0,4}})?([^\W\d_][^:：\n]{{0,40}})[:：](?:\*\*)?\s")
_ROLE = re.compile(r"(?:[ipraqm]|interviewer|interviewee|participant|respondent|moderator|researcher|facilitator|speaker) ?\d{0,3}")
_MOSTLY = 0.8
_LONGER = 2
_SENTENCES = 5
_FEW = 2
_MANY_SPEAKERS = 8
_LONGEST_NAME = 60
_WIDEST = 12


@dataclass(frozen=True, slots=True)
class Turns:
    """Which columns of a table hold what, by index; `titled` where its first row names them.

    `asked`: `speaker` is a column of questions, `text` one of answers.
    """

    speaker: int
    text: int
    start: int | None
    end: int | None
    titled: bool
    asked: bool = False
    ident: int | None = None


def find_turns(rows: Sequence[Row]) -> Turns | None:
    """How to read a table as speech, one row a turn; None where it holds something else."""
    width = max(map(len, rows), default=0)
    if not 1 < width <= _WIDEST:
        return None
    return _by_titles(rows) or _by_questions(rows) or _by_content(rows, width)


def speech_rows(rows: Sequence[Row], turns: Turns) -> list[Row]:
    """Rows in the columns of `TITLES`, without the row of titles and rows without words; an empty name is the one above."""
    found: list[Row] = []
    if turns.asked:
        said = ((name, _cell(row, i)) for row in rows[1:] for name, i in ((ASKS, turns.speaker), (ANSWERS, turns.text)))
        return [(name, "", "", text) for name, text in said if text.strip()]
    name = ""
    for row in rows[1:] if turns.titled else rows:
        cells = [_cell(row, i) for i in (turns.speaker, turns.start, turns.end, turns.text)]
        name = cells[0].strip().rstrip(":：").strip() or name
        if cells[3].strip():
            ident = () if turns.ident is None else (_cell(row, turns.ident),)
            found.append((name, *(cell.strip("[]() ") for cell in cells[1:3]), cells[3], *ident))
    return found


def _by_titles(rows: Sequence[Row]) -> Turns | None:
    if len(rows) < 2:  # noqa: PLR2004  # titles and a row below
        return None
    found: dict[str, int] = {}
    for i, cell in enumerate(rows[0]):
        title = cell.strip(" *_:#\ufeff")
        for kind, pattern in (("speaker", _SPEAKER), ("text", _TEXT), ("start", _START), ("end", _END)):
            if kind not in found and pattern.fullmatch(title):
                found[kind] = i
                break
    layout = titled_layout(rows[:1])
    if "speaker" in found and "text" in found:
        ident = layout.ident if layout and not layout.counted and layout.ident not in found.values() else None
        start = found["start"] if "start" in found else clock_column(rows[1:], found.values())
        return Turns(found["speaker"], found["text"], start, found.get("end"), titled=True, ident=ident)
    if layout is None or layout.speaker is None:
        return None
    return Turns(layout.speaker, layout.text, layout.start, layout.end, titled=True, ident=None if layout.counted else layout.ident)


def _by_questions(rows: Sequence[Row]) -> Turns | None:
    asked = find_asked(rows[:1]) if len(rows) > 1 else None
    return Turns(asked.question, asked.answer, None, None, titled=True, asked=True) if asked else None


def labelled_column(rows: Sequence[Row]) -> tuple[int, int] | None:
    """The column whose cells begin with the label of who speaks, and the first row of speech; None where there is none.

    `P: words` and `I: words`, with codes or notes in the other columns.
    """
    for i in range(min(_WIDEST, max(map(len, rows), default=0))):
        cells = [_cell(row, i) for row in rows]
        first = 0 if not cells or _LABEL.match(cells[0]) else 1
        filled = [cell for cell in cells[first:] if cell.strip()]
        labels = [fold(match[1]) for cell in filled if (match := _LABEL.match(cell)) and could_be_name(match[1])]
        different = len(set(labels))
        words = sum(len(cell.split()) for cell in filled)
        recurs = different * 2 <= len(labels) or (all(map(_ROLE.fullmatch, labels)) and words > _SENTENCES * len(filled))
        if different > 1 and recurs and len(labels) >= _MOSTLY * len(filled):
            return i, first
    return None


def _by_content(rows: Sequence[Row], width: int) -> Turns | None:
    columns = [[_cell(row, i) for row in rows] for i in range(width)]
    words = [sum(len(cell.split()) for cell in column) for column in columns]
    text = max(range(width), key=words.__getitem__)
    names = [i for i in range(width) if i != text and _names_speakers(columns[i])]
    times = [i for i in range(width) if i != text and _mostly(_CLOCK, columns[i])]
    rest = set(range(width)) - {text, *names, *times}
    if len(names) != 1 or any(not _mostly(_NUMBER, columns[i]) and any(columns[i]) for i in rest):
        return None
    recurs = len(set(map(fold, columns[names[0]]))) < len(rows)
    if words[text] < (_LONGER if recurs else _SENTENCES) * max(words[names[0]], len(rows)):
        return None
    return Turns(names[0], text, times[0] if times else None, times[1] if len(times) > 1 else None, titled=False)


def _names_speakers(column: Sequence[str]) -> bool:
    """Whether a column holds names, and in a longer table the same few again and again."""
    cells = [cell.strip().rstrip(":：").strip() for cell in column if cell.strip()]
    if len(cells) < _MOSTLY * len(column) / 2 or any(len(cell) > _LONGEST_NAME for cell in cells):
        return False
    named = sum(1 for cell in cells if could_be_name(cell) and (looks_like_name(cell) or cell.isupper()))
    different = len(set(map(fold, cells)))
    few = different <= _FEW or (different < len(cells) and different <= max(_MANY_SPEAKERS, len(cells) // 2))
    return bool(cells) and named >= _MOSTLY * len(cells) and few


def _mostly(pattern: re.Pattern[str], column: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in column if cell.strip()]
    return bool(cells) and sum(1 for cell in cells if pattern.fullmatch(cell)) >= _MOSTLY * len(cells)


def _cell(row: Row, at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""
