"""The template environment that pages and the map file share, with everything that templates ask of it.

It lives below `app.web` because `map.html` is drawn with the same macros and the same style sheet as the map page.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.exports import catalogue
from app.exports.arrange import glances, grouped, moment_rank, parted, rows_of, theme_labels
from app.exports.curve import curve_axis, emotion_curve, line_key, line_letter, line_points, mood, paired_curve
from app.exports.figures import counted, day, decimal, duration, moment, number, of_participants, percent, signed, time_code, took
from app.exports.phrases import asked_and_said, own_words_after, own_words_before, said_and_topic, sentence
from app.exports.vocabulary import LANE_TITLES, LANES, in_text, language, worded

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"


def stage_titles(stages: list[Mapping[str, Any]]) -> dict[str, str]:
    """Titles of a study's stages by id and by key, with the words for no stage."""
    titles = {"none": catalogue._("No stage")}
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


def _filled(context: Context, words: str, values: Mapping[str, Any]) -> str:
    """The words with their values in place: whole numbers as people write them, everything else safe within a page."""
    text = Markup(words) if context.eval_ctx.autoescape else words  # noqa: S704  # the catalogue's words are ours
    return text % {name: number(value) if type(value) is int else value for name, value in values.items()}


@pass_context
def _gettext(context: Context, text: str, /, **values: Any) -> str:
    return _filled(context, catalogue._(text), values)


@pass_context
def _ngettext(context: Context, one: str, many: str, n: int, /, **values: Any) -> str:
    return _filled(context, catalogue.ngettext(one, many, n), {"num": n, **values})


@pass_context
def _pgettext(context: Context, place: str, text: str, /, **values: Any) -> str:
    return _filled(context, catalogue.pgettext(place, text), {"context": place, **values})


@pass_context
def _npgettext(context: Context, place: str, one: str, many: str, n: int, /, **values: Any) -> str:
    return _filled(context, catalogue.npgettext(place, one, many, n), {"context": place, "num": n, **values})


def in_language(function: Callable[..., str]) -> Callable[..., str]:
    """A filter whose answer depends on the language of the page, so that no template keeps the answer of the first one."""

    @pass_context
    @wraps(function)
    def asked(_context: Context, *given: Any, **named: Any) -> str:
        return function(*given, **named)

    return asked


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
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    env.globals |= {"gettext": _gettext, "ngettext": _ngettext, "pgettext": _pgettext, "npgettext": _npgettext, "spoken": catalogue.spoken}
    spoken = (number, decimal, signed, percent, counted, of_participants, duration, took, day, moment, worded, in_text, language, mood)
    env.filters |= {function.__name__: in_language(function) for function in spoken}
    silent = (time_code, sentence, said_and_topic, asked_and_said, own_words_before, own_words_after)
    env.filters |= {function.__name__: function for function in silent}
    env.globals |= {
        "LANES": LANES,
        "LANE_TITLES": LANE_TITLES,
        "emotion_curve": emotion_curve,
        "curve_axis": curve_axis,
        "paired_curve": paired_curve,
        "line_points": line_points,
        "line_key": line_key,
        "line_letter": line_letter,
        "grouped": grouped,
        "rows_of": rows_of,
        "parted": parted,
        "theme_labels": theme_labels,
        "glances": glances,
        "moment_rank": moment_rank,
        "stage_titles": stage_titles,
        "statements_by_id": statements_by_id,
        "participants_of": participants_of,
        "lane_of": lane_of,
    }
    return env
