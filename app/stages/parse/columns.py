"""What the columns of a table hold, by their titles in many languages, or without titles by how their cells look."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from .clock import milliseconds
from .names import could_be_name, looks_like_name
from .source import Row

TITLES_WITHIN = 10
"""A table's titles stand in one of its first rows, under a heading at most."""
MOST_UNTITLED = 4
"""So many columns a table without titles may have, unless it is an export of a known form."""
MS, S = "_ms", "_s"
"""How a column's unit is told."""

_HEAD = 200
_FEWEST_ROWS, _FEWEST_COLUMNS = 4, 2
_MOSTLY, _NEARLY_ALL = 0.8, 0.9
_LONG_WORDS = 3
_LONGEST_TITLE = 60
_QUESTION_WORDS = 4
_SURVEY_COLUMNS = 4
_MOST_EXPORTED = 16
_FRAMES = re.compile(r"(\d{1,3})[:;](\d{2})[:;](\d{2})[:;]\d{1,3}")


class Column(Enum):
    """What a column may hold."""

    TEXT = "text"
    SPEAKER = "speaker"
    START = "start"
    END = "end"
    ID = "id"
    ROLE = "role"


def fold_title(title: str) -> str:
    """A title without case, accents and signs: `Start (s)` and `début_ms` become `start s` and `debut ms`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", title[:_LONGEST_TITLE]) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]|_", " ", bare.casefold()).split())


def _titles(table: str) -> dict[str, int]:
    """Titles, the more telling ones first, to their rank; ` / ` separates them."""
    return {fold_title(title): rank for rank, title in enumerate(" ".join(table.split()).split(" / "))}


_KNOWN: Mapping[Column, Mapping[str, int]] = {
    Column.TEXT: _titles(
        """
        text / transcript / transcript text / transcription / utterance / statement / speech /
        spoken text / words / sentence / dialogue / dialog / content / message / body / quote /
        caption / subtitle / verbatim / turn / what was said / said / comment / what / was / quoi / que /
        wat / o que / che cosa / cosa /
        Äußerung / Aussage / Wortlaut / Transkript / Inhalt / Nachricht / Satz / Redebeitrag /
        texte / énoncé / propos / parole / paroles / contenu / transcripción / texto / enunciado /
        mensaje / contenido / intervención / tekst / uiting / uitspraak / transcriptie / inhoud /
        bericht / fala / transcrição / conteúdo / mensagem / enunciação / testo / trascrizione /
        enunciato / battuta / contenuto / messaggio / テキスト / 発言 / 発話 / 発言内容 / 内容 / 本文 / 文字起こし / 文本
        / 텍스트 / 발화 / текст / речь
        """
    ),
    Column.SPEAKER: _titles(
        """
        speaker / speaker name / speaker label / speakername / speaker id / who / name /
        participant / participant name / person / role / speaker role / voice / author / from /
        sender / user / username / display name / actor / talker / interlocutor / channel / Sprecher /
        Sprecherin / Sprecher in / Redner / Person / Teilnehmer / Rolle / wer / Stimme / locuteur
        / locutrice / intervenant / orateur / nom / participant e / qui / rôle / hablante /
        locutor / interlocutor / orador / nombre / participante / quién / persona / rol / spreker
        / naam / deelnemer / wie / falante / nome / quem / papel / pessoa / parlante /
        interlocutore / oratore / partecipante / chi / ruolo / 話者 / 発言者 / 発話者 / 話し手 / 名前 / 氏名 /
        参加者 / スピーカー / 说话人 / 화자 / спикер / говорящий
        """
    ),
    Column.START: _titles(
        """
        start / start time / starttime / begin / begin time / start timestamp / timestamp / time
        stamp / timecode / time code / time / in / from time / time in / offset / start offset /
        tc in / onset / when / wann / quand / cuándo / wanneer / quando /
        Anfang / Beginn / Start Zeit / Startzeit / Anfangszeit / von / Zeit /
        Zeitstempel / Zeitmarke / début / temps de début / horodatage / temps / heure / heure de
        début / de / inicio / comienzo / hora de inicio / tiempo / marca de tiempo / hora / desde
        / begintijd / starttijd / tijd / tijdstempel / van / início / tempo / carimbo de tempo /
        inizio / ora / ora inizio / 開始 / 開始時間 / 開始時刻 / 時間 / 時刻 / タイムスタンプ / 开始时间 / 시작 / 시간 / начало
        / время
        """
    ),
    Column.END: _titles(
        """
        end / end time / endtime / stop / stop time / finish / out / to time / time out / end
        timestamp / end offset / tc out / offset end / Ende / Endzeit / bis / fin / temps de fin /
        heure de fin / final / hora de fin / hasta / einde / eind / eindtijd / tot / fim / fine /
        ora fine / 終了 / 終了時間 / 終了時刻 / 结束时间 / 종료 / конец
        """
    ),
    Column.ID: _titles(
        """
        participant id / participant / participant no / pid / respondent / respondent id /
        interviewee / user id / userid / interview id / transcript id / interview / session id /
        session / conversation id / conversation / chat id / thread id /
        case / case id / id / no / nr / number / Teilnehmer / Fall / Proband / Probandin
        / participante / sujet / sujeto / deelnemer / partecipante / 参加者 / 回答者
        """
    ),
    Column.ROLE: _titles("role / speaker role / sender / from / author / type / Rolle / rôle / rol / papel / ruolo"),
}
_ASKED_IN_SPEECH = frozenset({"what", "was", "quoi", "que", "wat", "o que", "che cosa", "cosa"})
_SHORT_FORM = 4
_COUNTS = frozenset({"id", "no", "nr", "number"})
_FILES = frozenset({"file", "files", "filename", "file name", "datei", "fichier", "archivo"})
_UNITS = {
    **dict.fromkeys(("ms", "msec", "millis", "milliseconds", "millisecond", "millisekunden", "millisecondes", "milisegundos"), MS),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sekunden", "secondes", "segundos", "seconden", "secondi", "秒"), S),
}
_FORMATS = frozenset({"hh", "mm", "ss", "hhmmss", "mmss", "h", "m", "min"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: `first` is the index of the first row of speech; column indexes, None where there is none.

    `role` is a column of roles beside the speaker's; `counted`: the ids are plain numbers, perhaps of rows or of questions.
    `units` are `_ms`, `_s` or nothing for start and end; `rank` says how telling the titles are, the lower the better.
    """

    first: int
    text: int
    speaker: int | None = None
    start: int | None = None
    end: int | None = None
    ident: int | None = None
    units: tuple[str, str] = ("", "")
    width: int = 0
    role: int | None = None
    counted: bool = False

    @property
    def known(self) -> int:
        """How many columns are known."""
        return sum(1 for index in (self.text, self.speaker, self.start, self.end, self.ident) if index is not None)


def titled_layout(rows: Sequence[Row]) -> Layout | None:
    """The layout that a row of titles tells; None where no row names a text and something beside it."""
    for at, row in enumerate(rows[:TITLES_WITHIN]):
        found = _by_titles(row, at)
        if found:
            return found
    return None


def _by_titles(row: Row, at: int) -> Layout | None:
    titles = [_without_unit(cell.strip("\ufeff \"'*")) for cell in row[:_HEAD]]
    text = _best(titles, Column.TEXT, set())
    if text is None or (titles[text][0] in _ASKED_IN_SPEECH and ends_sentence(row)):
        return None
    speaker = _best(titles, Column.SPEAKER, {text})
    taken = {text} | ({speaker} if speaker is not None else set())
    ident = _best(titles, Column.ID, taken)
    start = _best(titles, Column.START, taken)
    end = _best(titles, Column.END, taken | ({start} if start is not None else set()))
    if speaker is None and start is None and ident is None:
        return None
    units = tuple(titles[i][1] if i is not None else "" for i in (start, end))
    role = _best(titles, Column.ROLE, taken)
    return Layout(
        at + 1, text, speaker, start, end, ident, (units[0], units[1]), len(row), role, ident is not None and titles[ident][0] in _COUNTS
    )


def ends_sentence(cells: Sequence[str]) -> bool:
    """Whether one of a few cells ends as a sentence does: “Well, who, what?” holds no titles; `Nr.` may be one."""
    return any(len(bare) > _SHORT_FORM and bare.endswith((".", "?", "!", "…")) for cell in cells[:_HEAD] if (bare := cell.strip()))


def ident_in(row: Row) -> int | None:
    """Which title of a row names a participant's or a session's id."""
    return _best([_without_unit(cell) for cell in row[:_HEAD]], Column.ID, set())


def _without_unit(title: str) -> tuple[str, str]:
    """A folded title without its unit, and the unit."""
    words = fold_title(title).split()
    unit = next((_UNITS[word] for word in words[1:] if word in _UNITS), "")
    kept = [word for i, word in enumerate(words) if not i or (word not in _UNITS and word not in _FORMATS)]
    return " ".join(kept), unit


def _best(titles: Sequence[tuple[str, str]], column: Column, taken: set[int]) -> int | None:
    ranked = [(_KNOWN[column][title], i) for i, (title, _) in enumerate(titles) if i not in taken and title in _KNOWN[column]]
    return min(ranked)[1] if ranked else None


def untitled_layout(rows: Sequence[Row]) -> Layout | None:
    """The layout of a table without titles: a short column that recurs and reads like names, a long one, perhaps times."""
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    even = [row for row in rows if len(row) == width]
    if MOST_UNTITLED < width <= _MOST_EXPORTED and len(even) >= _NEARLY_ALL * len(rows):
        return _exported_layout(list(zip(*even, strict=True)))
    if not _FEWEST_COLUMNS <= width <= MOST_UNTITLED or len(even) < max(_FEWEST_ROWS, _NEARLY_ALL * len(rows)):
        return None
    columns = list(zip(*even, strict=True))
    timed = [i for i in range(width) if sum(map(_is_time, columns[i])) >= _NEARLY_ALL * len(even)]
    rest = [i for i in range(width) if i not in timed]
    lengths = {i: sum(len(cell.split()) for cell in columns[i]) / len(even) for i in rest}
    text = max(rest, key=lambda i: lengths[i], default=None)
    speaker = next((i for i in rest if i != text and _are_names(columns[i])), None)
    if text is None or speaker is None or lengths[text] < _LONG_WORDS or lengths[text] < 2 * lengths[speaker]:
        return None
    start, end = (*timed, None, None)[:2]
    return Layout(0, text, speaker, start, end, width=width)


def _exported_layout(columns: Sequence[Sequence[str]]) -> Layout | None:
    """The layout that ELAN exports: the tier, perhaps its participant, the begin and end of each row in several forms, its words."""
    height = len(columns[0])
    timed = [i for i, column in enumerate(columns) if sum(map(_is_time, column)) >= _NEARLY_ALL * height]
    clocks = [i for i in timed if all(":" in cell or not cell.strip() for cell in columns[i])]
    rest = [i for i, column in enumerate(columns) if i not in timed and any(cell.strip() for cell in column)]
    if len(clocks) < 2 or len(rest) < 2 or not rest[0] < clocks[0] < clocks[1] < rest[-1]:  # noqa: PLR2004 - begin and end; tier and words
        return None
    names = [i for i in rest if i < clocks[0] and all(could_be_name(cell) for cell in columns[i])]
    if len(names) < len(rest) - 1:
        return None
    return Layout(0, rest[-1], names[-1], clocks[0], clocks[1], width=len(columns))


def without_frames(time: str) -> str:
    """`00:00:03:12` and `00;00;03;12`, as programs that cut video write times, without the frames; other texts as they are."""
    match = _FRAMES.fullmatch(time.strip())
    return f"{match[1]}:{match[2]}:{match[3]}" if match else time


def _is_clock(cell: str) -> bool:
    return ":" in cell and milliseconds(without_frames(cell.strip().strip("[]()"))) is not None


def clock_column(rows: Sequence[Row], taken: Container[int | None]) -> int | None:
    """The first column, of those that are not taken, in which nearly every cell is a clock time."""
    for i in range(min(_HEAD, max(map(len, rows), default=0))):
        cells = [row[i] for row in rows if i < len(row) and row[i].strip()] if i not in taken else []
        if len(cells) * 2 >= len(rows) and cells and sum(map(_is_clock, cells)) >= _NEARLY_ALL * len(cells):
            return i
    return None


def _is_time(cell: str) -> bool:
    bare = without_frames(cell.strip().strip("[]()"))
    return bool(bare) and (milliseconds(bare) is not None or bare.replace(".", "", 1).isdecimal())


def _are_names(cells: Sequence[str]) -> bool:
    names = Counter(cell.strip() for cell in cells if cell.strip())
    recurs = len(names) * 2 <= sum(names.values())
    like = sum(times for name, times in names.items() if looks_like_name(name) and could_be_name(name))
    return bool(names) and recurs and like >= _NEARLY_ALL * len(cells)


def what_else(rows: Sequence[Row]) -> str | None:
    """What a table is whose titles say that it is no transcript: a survey, the participants; None where they do not."""
    width = _even_width(rows)
    titles = {fold_title(title) for title in rows[0]} if rows else set()
    if titles & _FILES and titles & _KNOWN[Column.SPEAKER].keys():
        return "a table of participants (participants.csv: upload it under that name, beside the transcripts)"
    asking = sum(1 for title in rows[0] if title.rstrip().endswith(("?", "？")) or len(title.split()) > _QUESTION_WORDS) if width else 0
    if width >= _SURVEY_COLUMNS and asking * 2 >= width - 1:
        return "a survey export (a row a respondent, a column a question)"
    return None


def only_numbers(rows: Sequence[Row]) -> bool:
    """Whether nearly all cells below the titles are without a letter."""
    width = _even_width(rows)
    cells = [cell.strip() for row in rows[1:] if len(row) == width for cell in row if cell.strip()]
    return width > 1 and bool(cells) and sum(1 for cell in cells if not any(map(str.isalpha, cell))) >= _NEARLY_ALL * len(cells)


def _even_width(rows: Sequence[Row]) -> int:
    """How many columns nearly all rows have; 0 where they differ."""
    width = len(rows[0]) if rows else 0
    body = [row for row in rows[1:] if len(row) == width]
    return width if width >= _FEWEST_COLUMNS and len(body) >= max(1, _MOSTLY * (len(rows) - 1)) else 0
