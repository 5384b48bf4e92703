"""How values are written for people, and the template environment that pages and the map file share.

It lives below `app.web` because `map.html` is drawn with the same macros and the same style sheet as the map page.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.quote import CONTEXT_CHARS
from app.domain.transcript import PARAGRAPH_BREAK
from app.exports import catalogue
from app.exports.arrange import glances, grouped, moment_rank, theme_labels
from app.exports.curve import curve_axis, emotion_curve, line_key, line_letter, line_points, mood, paired_curve, signed

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

LANES: tuple[tuple[str, str, str], ...] = (
    ("actions", "Actions", "what they do"),
    ("thoughts", "Thoughts", "what they think, expect, ask"),
    ("touchpoints", "Touchpoints", "where it happens"),
    ("pains", "Pains", "what hurts"),
    ("delights", "Delights", "what works"),
    ("opportunities", "Opportunities", "what it suggests"),
    ("business_actions", "What we do", "written by the team"),
)
"""Key, title and gloss of each row of the map, top to bottom."""

_WORDS = {
    "app": "In the product",
    "ad": "Advert",
    "in_person": "In person",
    "word_of_mouth": "Word of mouth",
    "docs": "Help and docs",
    "llm": "Language model",
    "offline": "Offline tagger",
    "hybrid": "Offline tagger and language model",
    "hybrid-heads": "Offline tagger, fitted on the language model’s answers",
    "auto": "Automatic",
    "used": "On the map",
    "unplaced": "Not placed",
    "gap": "Not tagged (gap)",
    "too_short": "Too short",
    "question": "A question, perhaps the interviewer’s",
    "vtt": "WebVTT",
    "srt": "SubRip",
    "inline": "Text, names before the words",
    "header": "Text, names above the words",
    "plain": "Text without names",
    "partial": "Finished with gaps",
    "succeeded": "Finished",
}
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "und": "language unknown",
    "zh": "Chinese",
}
_EXTRACT = re.compile(r"(“.+”) — ([^“”]+)", re.DOTALL)
_ASKED = re.compile(r"([^—]+\?) — (“.+”)", re.DOTALL)
_PLAIN_START = re.compile(r"[a-z]+(?=[\s,])")
_MINUTE_S = 60
_HOUR_MIN = 60


def time_code(ms: int | None) -> str:
    """A place in a recording, `m:ss` or `h:mm:ss`; milliseconds in, empty where the file has no times."""
    if ms is None:
        return ""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def duration(ms: int | None) -> str:
    """A duration as a length: `40 s`, `26 min`, `1 h 12 min`; milliseconds in."""
    if ms is None:
        return "no times"
    seconds = round(ms / 1000)
    if seconds < _MINUTE_S:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < _HOUR_MIN:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def took(start: str | datetime, end: str | datetime) -> str:
    """How long something took, from two ISO times: `12 s`, `4 min`."""
    return duration(round((_parsed(end) - _parsed(start)).total_seconds() * 1000))


def percent(share: float) -> str:
    """A share of 1 as a whole percentage; what is above nothing never reads as nothing."""
    whole = round(share * 100)
    return "under 1%" if share > 0 and not whole else f"{whole}%"


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 quote`, `1,204 quotes`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def of_participants(n: int, of: int) -> str:
    """People, not quotes, are counted: `3 of 5 participants`."""
    return f"{n} of {counted(of, 'participant')}"


def _parsed(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def day(value: str | datetime | None) -> str:
    """An ISO date or time as `4 June 2025`."""
    if value is None:
        return ""
    at = _parsed(value)
    return f"{at.day} {at:%B %Y}"


def moment(value: str | datetime | None) -> str:
    """An ISO time as `4 June 2025, 14:02`."""
    return "" if value is None else f"{day(value)}, {_parsed(value):%H:%M}"


def worded(code: str | None) -> str:
    """A code from a closed set (channel, emotion, state, shape …) in plain words."""
    if not code:
        return ""
    return _WORDS.get(code) or code.replace("_", " ").replace("-", " ").capitalize()


def language(code: str) -> str:
    """A language by its English name where it is a common one, else by its ISO 639-1 code."""
    return _LANGUAGES.get(code, code)


def sentence(text: str) -> str:
    """An error's message as a sentence; one that begins with a name or a quotation keeps its first letter."""
    started = text[:1].upper() + text[1:] if _PLAIN_START.match(text) else text
    return started if not started or started.endswith((".", "!", "?", "…")) else f"{started}."


def said_and_topic(text: str) -> tuple[str, str]:
    """A statement's own words in their quotation marks and its topic; the topic is empty where a model or a person worded it."""
    found = _EXTRACT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def asked_and_said(text: str) -> tuple[str, str]:
    """An opportunity's question and the words beside it, which are empty where nobody's words stand beside it."""
    found = _ASKED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def own_words_before(prefix: str | None) -> str:
    """The context before a quote: whole words, no further back than the speaker's own turn, with `…` where it is cut off."""
    text = prefix or ""
    turn = text.rpartition(PARAGRAPH_BREAK)
    if turn[1] or len(text) < CONTEXT_CHARS:
        return turn[2].strip()
    words = text.partition(" ")[2].strip()
    return f"…{words}" if words else ""


def own_words_after(suffix: str | None) -> str:
    """The context after a quote: whole words, no further than the speaker's own turn, with `…` where it is cut off."""
    text = suffix or ""
    turn = text.partition(PARAGRAPH_BREAK)
    if turn[1] or len(text) < CONTEXT_CHARS:
        return turn[0].strip()
    words = text.rpartition(" ")[0].strip()
    return f"{words}…" if words else ""


def stage_titles(stages: list[Mapping[str, Any]]) -> dict[str, str]:
    """Titles of a study's stages by id and by key, with the words for no stage."""
    titles = {"none": "No stage"}
    for stage in stages:
        titles[stage["key"]] = titles[stage["id"]] = stage["title"]
    return titles


def statements_by_id(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every statement of a map, each with its `lane` and its `stage` beside it."""
    return {
        statement["id"]: {"statement": statement, "lane": lane, "stage": stage}
        for stage in document["stages"]
        for lane, statements in stage["lanes"].items()
        for statement in statements
    }


def participants_of(document: Mapping[str, Any]) -> int:
    """How many participants a map's counts are out of: those within its filter, also where they said nothing that is on it."""
    given = document.get("of_participants")
    return len(document["participants"]) if given is None else int(given)


def lane_of(opened: Mapping[str, Any]) -> str:
    """The lane of an open statement: as given, or found in its stage; empty where the stage does not hold it."""
    if given := opened.get("lane"):
        return str(given)
    wanted = opened["statement"]["id"]
    lanes = opened["stage"].get("lanes", {})
    return next((lane for lane, statements in lanes.items() if any(s["id"] == wanted for s in statements)), "")


def environment(*folders: Path) -> Environment:
    """Templates of these folders and the shared ones, all text escaped, an unknown name an error."""
    env = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        catalogue._, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext, npgettext=catalogue.npgettext
    )  # type: ignore[attr-defined]  # the extension adds it
    env.filters |= {
        "time_code": time_code,
        "duration": duration,
        "percent": percent,
        "counted": counted,
        "of_participants": of_participants,
        "day": day,
        "moment": moment,
        "worded": worded,
        "took": took,
        "language": language,
        "sentence": sentence,
        "said_and_topic": said_and_topic,
        "asked_and_said": asked_and_said,
        "signed": signed,
        "mood": mood,
        "own_words_before": own_words_before,
        "own_words_after": own_words_after,
    }
    env.globals |= {
        "LANES": LANES,
        "LANE_TITLES": {key: title for key, title, _ in LANES},
        "emotion_curve": emotion_curve,
        "curve_axis": curve_axis,
        "paired_curve": paired_curve,
        "line_points": line_points,
        "line_key": line_key,
        "line_letter": line_letter,
        "grouped": grouped,
        "theme_labels": theme_labels,
        "glances": glances,
        "moment_rank": moment_rank,
        "stage_titles": stage_titles,
        "statements_by_id": statements_by_id,
        "participants_of": participants_of,
        "lane_of": lane_of,
    }
    return env
