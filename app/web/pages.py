"""Draws pages for people: a template's name and plain dicts in, HTML out. Nothing here knows about requests."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.staticfiles import StaticFiles

from app.domain.tags import Channel, Emotion, Experience, Kind
from app.exports.present import environment, worded
from app.stages.parse.catalogue import shape_title
from app.web.theme_charts import MARK_SHAPES

HERE = Path(__file__).parent
RUN_STEPS: tuple[tuple[str, str], ...] = (
    ("segment", "Cut the talk into quotes"),
    ("embed", "Measure what each quote means"),
    ("redact", "Find personal data"),
    ("tag", "Tag each quote"),
    ("cluster", "Group quotes into themes"),
    ("draft", "Draft the code book"),
    ("assign", "Place quotes in it"),
    ("write", "Write the statements"),
    ("assemble", "Assemble the map"),
)
"""Stages of a run in their order, with the words shown for them."""


INTENSITY_WORDS = {1: "slight", 2: "clear", 3: "strong"}


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, worded(member.value)) for member in kind]


TAG_CHOICES: dict[str, Any] = {
    "stage": lambda stages: [*((s["key"], s["title"]) for s in stages), ("none", "No stage")],
    "experience": _choices(Experience),
    "emotion": _choices(Emotion),
    "intensity": [(number, f"{number}, {words}") for number, words in INTENSITY_WORDS.items()],
    "channel": _choices(Channel),
    "kind": _choices(Kind),
}
"""Value and words of each tag that a person may choose; stages are the study's own."""


class PageLinks:
    """Addresses on the pages of one study; `within` are the themes that a page is about."""

    def __init__(self, study_id: str, within: Collection[str] = ()) -> None:
        self._study = f"/studies/{escaped(study_id, safe='')}"
        self._within = within

    def statement(self, statement_id: str) -> str:
        """Open a statement's quotes beside the map; the fragment scrolls the map to it."""
        return f"{self._study}/map?{urlencode({'statement': statement_id})}#s-{escaped(statement_id, safe='')}"

    def point(self, stage_id: str) -> str:
        """Open the quotes of a curve point."""
        return f"{self._study}/map?{urlencode({'stage': stage_id, 'curve': 1})}"

    def closed(self, opened: Mapping[str, Any]) -> str:
        """Show the map without its panel, where the reader was."""
        statement = opened["statement"]
        return f"{self._study}/map#s-{escaped(statement['id'], safe='')}" if statement else f"{self._study}/map"

    def again(self, opened: Mapping[str, Any]) -> str:
        """Open the same quotes again after one of them was corrected, which may have moved it elsewhere."""
        asked = {"statement": opened["statement"]["id"]} if opened["statement"] else {"stage": opened["stage"]["id"], "curve": "1"}
        return f"{self._study}/map?{urlencode({**asked, 'saved': '1'})}"

    def quote(self, quote: Mapping[str, Any]) -> str:
        """Show a quote in its transcript, highlighted and scrolled to."""
        quote_id = escaped(quote["id"], safe="")
        return f"/transcripts/{escaped(quote['transcript_id'], safe='')}?quote={quote_id}#q-{quote_id}"

    def similar(self, quote: Mapping[str, Any]) -> str:
        """Look for quotes that mean something like this one."""
        return f"{self._study}/search?{urlencode({'like': quote['id']})}"

    def theme(self, quote: Mapping[str, Any]) -> str | None:
        """Show the theme that a quote is in; None where it is in none, or in the one that the page is about."""
        theme_id = quote.get("theme_id")
        return f"/themes/{escaped(theme_id, safe='')}" if theme_id and theme_id not in self._within else None

    def quotes(self, state: str) -> str:
        """List the quotes of which this became."""
        return f"{self._study}/quotes?{urlencode({'state': state})}"

    def rest(self, opened: Mapping[str, Any]) -> str:
        """List all quotes of an open statement's stage."""
        return f"{self._study}/quotes?{urlencode({'stage': opened['stage']['id']})}"


@cache
def _pages() -> Environment:
    env = environment(HERE / "templates")
    env.globals |= {"RUN_STEPS": RUN_STEPS, "TAG_CHOICES": TAG_CHOICES, "INTENSITY_WORDS": INTENSITY_WORDS, "MARK_SHAPES": MARK_SHAPES}
    env.filters["shape_title"] = shape_title
    return env


def render_page(name: str, **context: Any) -> str:
    """Render the template `name` with this context; `page` may be left out or hold any of title, signed_in and nav."""
    page = {"title": None, "signed_in": True, "nav": name.removesuffix(".html")} | context.pop("page", {})
    study = context.get("study")
    if study is not None:
        context.setdefault("links", PageLinks(study["id"]))
    return _pages().get_template(name).render(page=page, **context)


def static_files() -> StaticFiles:
    """What `/static` serves: the scripts of the pages, and the style sheet and fonts that `map.html` shares."""
    return StaticFiles(directory=HERE / "static", packages=[("app.exports", "static")])
