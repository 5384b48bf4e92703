"""Shapes that are recognised in order to be refused: data, documents, code and chat are no speech, and the message says which."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from .prepared import prepare
from .source import Source
from .wording import SUPPORTED

CHAT = "a chat export, not speech"
CHAT_WAY_OUT = "upload the transcript of the meeting instead (in Zoom: the .vtt beside the recording)"
_SUMMARY_WAY_OUT = "upload the transcript itself (in Meet, Teams and Zoom it is a file of its own, or stands below the notes)"
_SURE, _LIKELY, _WEAK = 0.96, 0.93, 0.46  # surer than any text with labels, than most, than none; a reader that knows a shape is surer
_OFTEN, _MOSTLY, _NEARLY_ALL = 0.2, 0.4, 0.8
_LOOKED_AT = 400
_CHARACTERS = 20_000
_EXPORT = f"{SUPPORTED}. Export the transcript in one of these"
_JSON_WAY_OUT = (
    "the JSON is of no shape known here; the README lists those that are, or write the generic one: a list of objects with the keys "
    f"speaker, start, end and text. {_EXPORT}"
)
_TABLE_WAY_OUT = f"no column could be told to hold what was said; name the columns speaker, start, end and text. {_EXPORT}"

_JSON = re.compile(r'\s*(?:\{\s*(?:"|\}\s*\Z)|\[\s*(?:[\[{]|"|\]\s*\Z|-?\d+(?:\.\d+)?\s*,))')
_JSON_SIGNS = re.compile(r'"\s{0,8}:|\]\s{0,8}[,\]]|\d\s{0,8},|"\s{0,8},')
_XML = re.compile(r"\s*<(?:\?xml|!doctype|tt[\s>:]|html|transcript|[a-z][\w:-]*(?:\s[^<>]*)?>)", re.IGNORECASE)
_HTML = re.compile(r"\s*<(?:!doctype html|html|head|body|div|p|table)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>")
_CHAT = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?\t[^\t]{1,60}:\t|\d{1,2}:\d{2}(?::\d{2})?\s+From\s.{1,80}\s:|"
    r"\d{1,2}:\d{2}(?::\d{2})?\s+From\s.{1,60}\sto\s.{1,60}:|"
    r"\u200e?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?\s(?:-\s)?[^:]{1,60}:"
)
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4}|[^\W\d_]{3,9} \d{1,2},? \d{4})"
_MERIDIEM = r"\d{1,2}:\d{2}(?::\d{2})?\s?[AaPp]\.?[Mm]\.?"
_CLOCK = rf"(?:{_MERIDIEM}|{_DAY},?\s(?:at\s)?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?[AaPp]\.?[Mm]\.?)?)"
_DAYS = "today|yesterday|heute|gestern|aujourd'hui|hier|hoy|ayer|vandaag|gisteren|hoje|ontem|oggi|ieri"
_WHEN = rf"(?:(?:{_DAYS})(?:,| at| um| à| om)?\s\d{{1,2}}:\d{{2}}(?:\s?[AaPp]\.?[Mm]\.?)?|{_CLOCK})"
_MESSAGE_HEAD = re.compile(  # Slack, Teams, Discord, Telegram: who and when, the message below or behind
    rf"\s{{0,4}}(?:\[{_CLOCK}\]\s.{{1,60}}|[^\d\W][^:\[\]]{{0,50}}?[\s,]{{1,4}}(?:[-–—]\s)?[\[(]?{_WHEN}[\])]?\s{{0,3}}(?:$|:)|{_WHEN}\s{{0,3}}$)",
    re.IGNORECASE,
)
_FEW_HEADS, _SHARE_OF_HEADS = 2, 0.15
_LOG = re.compile(
    r"\[?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?|\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b[\]: ]|"
    r"[A-Z][a-z]{2}\s{1,2}\d{1,2} \d{2}:\d{2}:\d{2} \S|\d{1,3}(?:\.\d{1,3}){3} \S+ \S+ \["
)
_CODE = re.compile(
    r"\s*(?:.*[;{}]\s*$|(?:async )?def \w+\(|class \w+[(:]|import [\w.{*]+|from [\w.]+ import |return\b.*[(;]|#include|@\w+[\w.]*(?:\(|$)|"
    r"(?:const|let|var|val) \w+ ?[=:]|(?:public|private|protected|static) \w+|(?:if|for|while|with|elif|except|switch|catch)\b.*[:{]$|"
    r"(?:else|try|finally):$|//|/\*|#!|<\?php|[\w.\[\]\"']+ ?[+-]?= ?\S|[)\]}]+[,;]?$|\w+\(.*\)[,;]?$|[\"'].*[\"'],$)"
)
_CONFIG = re.compile(r"\s*(?:- )?([\w.-]+)\s?[:=](?:\s|$)(.*)|\s*\[[\w. -]+\]\s*$|\s*#.*|\s*- \S+$")
_CONFIG_WORDS = 3
_DOCUMENT = re.compile(r"\s*(?:#{1,6}\s|\|.*\||[-*+]\s|\d{1,2}[.)]\s|```|~~~|!\[|\[[^\]]{1,80}\]:|<[a-z/!])|[-=]{3,}\s*$")
_COLUMN = re.compile(
    r"(?:id|index|no|nr|name|speaker|participant|person|user|role|text|transcript|statement|utterance|content|message|words?|start|end|"
    r"time|date|timestamp|duration|begin|stop|question|answer|response|score|rating|value|"
    r"count|e-?mail|type|category|label|confidence|channel)s?(?:[ _-]?\w+){0,2}",
    re.IGNORECASE,
)
_MANY_COLUMNS = 3
_COLUMN_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Refusal:
    """One shape that is refused: `name` completes "this looks like …", `way_out` says what to do; `detect` as a reader's."""

    name: str
    way_out: str
    detect: Callable[[Source], float]


def _share(source: Source, pattern: re.Pattern[str]) -> float:
    head = source.once(prepare).source.head(_LOOKED_AT)
    return sum(1 for line in head if pattern.match(line[:_LOOKED_AT])) / max(len(head), 1)


def _json(source: Source) -> float:
    start, end = source.text[:_CHARACTERS], source.text[-_LOOKED_AT:].rstrip()
    if not _JSON.match(start):
        return 0.0
    return _SURE if end.endswith(("}", "]")) or len(_JSON_SIGNS.findall(start)) >= _MANY_COLUMNS else 0.0


def _html(source: Source) -> float:
    return _SURE if _HTML.match(source.text[:_CHARACTERS]) and _elements(source) else 0.0


def _xml(source: Source) -> float:
    return _SURE if _XML.match(source.text[:_CHARACTERS]) and _elements(source) else 0.0


def _elements(source: Source) -> bool:
    """Whether there are as many tags as in a document, rather than one word in angle brackets."""
    start = source.text[:_CHARACTERS]
    tags = _ELEMENT.findall(start)
    return (
        "<?xml" in start[:_LOOKED_AT]
        or "<!" in start[:_LOOKED_AT]
        or (any(t.startswith("</") for t in tags) and sum(map(len, tags)) > len(start) / 10)
    )


def _table(source: Source) -> float:
    head = [line for line in source.head(_LOOKED_AT)[:60] if len(line) < _CHARACTERS]
    for delimiter in ",;\t|":
        if len(head) > 1 and delimiter in head[0]:
            try:
                rows = list(csv.reader(head, delimiter=delimiter))
            except csv.Error:
                continue
            width = len(rows[0])
            even = sum(1 for row in rows if len(row) == width) >= _NEARLY_ALL * len(rows)
            titles = [cell.strip("\ufeff \"'*") for cell in rows[0]]
            if even and all(len(t) <= _COLUMN_LENGTH for t in titles) and _are_titles(titles):
                return _LIKELY
    return 0.0


def _are_titles(cells: list[str]) -> bool:
    known = sum(1 for cell in cells if _COLUMN.fullmatch(cell))
    enough = known * 2 >= len(cells) or (known > 0 and len(cells) >= _MANY_COLUMNS)
    return len(cells) > 1 and enough and not any(cell.endswith((".", "?", "!")) for cell in cells)


def _chat(source: Source) -> float:
    if _share(source, _CHAT) >= _MOSTLY:
        return _SURE
    head = source.head(_LOOKED_AT)
    heads = sum(1 for line in head if _MESSAGE_HEAD.match(line[:_LOOKED_AT]))
    return _SURE if heads >= _FEW_HEADS and heads >= _SHARE_OF_HEADS * len(head) else 0.0


def _summary(source: Source) -> float:
    return _SURE if source.once(prepare).notes_only else 0.0


def _log(source: Source) -> float:
    return _LIKELY if len(source.filled) > _MANY_COLUMNS and _share(source, _LOG) >= _MOSTLY else 0.0


def _code(source: Source) -> float:
    return _LIKELY if len(source.filled) > _MANY_COLUMNS and _share(source, _CODE) >= _MOSTLY else 0.0


def _config(source: Source) -> float:
    """Keys with short values: many different ones, or indented; two keys that take turns are people talking."""
    head = source.once(prepare).source.head(_LOOKED_AT)
    matches = [m for line in head if (m := _CONFIG.fullmatch(line[:_LOOKED_AT]))]
    short = [m for m in matches if len((m[2] or "").split()) <= _CONFIG_WORDS and m[0].lstrip(" -[#")[:1].islower()]
    indented = sum(1 for line in head if line.startswith("  "))
    varied = len({m[1] for m in short}) >= _MOSTLY * len(short) or indented >= _OFTEN * len(head)
    return _LIKELY if len(head) > _MANY_COLUMNS and varied and len(short) >= _MOSTLY * len(head) else 0.0


def _document(source: Source) -> float:
    return _WEAK if len(source.filled) > _MANY_COLUMNS and _share(source, _DOCUMENT) >= _MOSTLY else 0.0


REFUSALS = (
    Refusal(CHAT, CHAT_WAY_OUT, _chat),
    Refusal("a meeting summary, not speech", _SUMMARY_WAY_OUT, _summary),
    Refusal("JSON", _JSON_WAY_OUT, _json),
    Refusal("HTML", _EXPORT, _html),
    Refusal("XML", _EXPORT, _xml),
    Refusal("a table (CSV or similar)", _TABLE_WAY_OUT, _table),
    Refusal("a log file", _EXPORT, _log),
    Refusal("program code", _EXPORT, _code),
    Refusal("a configuration file", _EXPORT, _config),
    Refusal("a document of headings, lists and tables", f"{_EXPORT}, with a name before each turn (“Anna: …”)", _document),
)
