"""`map.html`: the whole map in one file that opens from disk, without script or network."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from app.exports.arrange import STEPS
from app.exports.catalogue import ENGLISH, Language, spoken_in
from app.exports.present import STATIC, environment

POINT_QUOTES = 60
"""Quotes listed behind a curve point; a statement lists all of its own."""
_FONTS_AT = "fonts/"


class FileLinks:
    """Addresses within the file: a panel opens as the page's target and closes by going back to where it was opened."""

    def statement(self, statement_id: str) -> str:
        """Open a statement's quotes."""
        return f"#e-{statement_id}"

    def point(self, stage_id: str) -> str:
        """Open the quotes of a curve point."""
        return f"#p-{stage_id}"

    def panel_id(self, opened: Mapping[str, Any]) -> str:
        """Name of a panel, which is what the links above lead to."""
        statement = opened["statement"]
        return f"e-{statement['id']}" if statement else f"p-{opened['stage']['id']}"

    def closed(self, opened: Mapping[str, Any]) -> str:
        """Back to the statement or stage."""
        statement = opened["statement"]
        return f"#s-{statement['id']}" if statement else f"#stage-{opened['stage']['id']}"

    def quote(self, _quote: Mapping[str, Any]) -> None:
        """Stand for a transcript page, which a file does not have."""

    def quotes(self, _state: str) -> None:
        """Stand for a list of quotes, which a file does not have."""

    def rest(self, _opened: Mapping[str, Any]) -> None:
        """Stand for a list of further quotes, which a file does not have."""


def map_html(document: dict[str, Any], language: Language = ENGLISH) -> str:
    """Draw a full `map.json` document (every cited quote in it) as one self-contained page, in English unless asked otherwise."""
    links = FileLinks()
    context = {"map": document, "links": links, "panels": _panels(document), "style": Markup()}
    with spoken_in(language):
        body = environment().get_template("map_file.html").render(context)
    return body.replace("<style></style>", f"<style>{_style(extended=_needs_extended(body))}</style>", 1)


def _panels(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for stage in document["stages"]:
        if stage["emotion"]:
            yield _panel(document, None, None, stage, stage["emotion"]["evidence"])
        for lane, statements in {STEPS: stage.get(STEPS, ()), **stage["lanes"]}.items():
            for statement in statements:
                if statement.get("evidence"):
                    yield _panel(document, statement, lane, stage, statement["evidence"])


def _panel(
    document: Mapping[str, Any],
    statement: Mapping[str, Any] | None,
    lane: str | None,
    stage: Mapping[str, Any],
    evidence: list[dict[str, str]],
) -> dict[str, Any]:
    listed = evidence if statement else evidence[:POINT_QUOTES]
    quotes = {
        relation: [document["quotes"][e["quote_id"]] for e in listed if e["relation"] == relation]
        for relation in ("supports", "contradicts")
    }
    return {
        "statement": statement,
        "lane": lane,
        "stage": stage,
        "supporting": quotes["supports"],
        "contrary": quotes["contradicts"],
        "more": len(evidence) - len(listed),
    }


def _needs_extended(text: str) -> bool:
    """Whether letters beyond western Europe occur, so that their half of the fonts is worth its weight."""
    return any("\u0100" <= character <= "\u02ff" or "\u1e00" <= character <= "\u1eff" for character in text)


def _style(*, extended: bool) -> str:
    """The one style sheet with its fonts inside; fonts that this page does not need are left out."""
    sheet = (STATIC / "throughline.css").read_text(encoding="utf-8")
    for font in sorted((STATIC / "fonts").glob("*.woff2")):
        wanted = extended or "latin-ext" not in font.name
        data = base64.b64encode(font.read_bytes()).decode("ascii") if wanted else ""
        sheet = sheet.replace(f"url({_FONTS_AT}{font.name})", f"url(data:font/woff2;base64,{data})")
    return sheet
