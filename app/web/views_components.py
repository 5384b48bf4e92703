"""One page that shows every component of the pages, drawn with the real templates and made-up data."""

import re
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from app.exports.catalogue import _
from app.web import component_samples, component_samples_files
from app.web.answers import page
from app.web.pages import PageLinks, render_page
from app.web.stage_rows import USUAL_STAGES
from app.web.views_stages import LINES

router = APIRouter(include_in_schema=False)
PLACE = "/components"
_TAG = re.compile(r"<([a-z][a-z0-9]*)\b([^<>]*)>")
_NAMES = re.compile(r'(?<= )(id|for|form|list|aria-labelledby|aria-describedby|aria-controls)="([^"]*)"')
_LANDMARKS = {"aside", "form", "nav", "section"}


@router.get(PLACE)
def components_page() -> Response:
    """Every component there is, in every state it has."""
    return page("components.html", _("Components"), **components_context())


def components_context() -> dict[str, Any]:
    """What the page is drawn with; no database is asked."""
    return {
        "made": component_samples,
        "files": component_samples_files,
        "links": PageLinks("sample"),
        "apart": apart,
        "whole": whole,
        "lines": LINES,
        "usual": USUAL_STAGES,
    }


def whole(template: str, **context: Any) -> Markup:
    """What a page shows between its header and its end."""
    main = render_page(template, **context).partition('<main id="main"')[2].partition(">")[2]
    return Markup(main.rpartition("</main>")[0])  # noqa: S704  # it has just been drawn, and escaped, by a template


def apart(drawn: Markup, key: str, name: str) -> Markup:
    """A component as one of many on a page: what it names is its own, its links and forms lead nowhere and change nothing."""

    def tag(found: re.Match[str]) -> str:
        element, given = found[1], found[2]
        if element != "pattern":  # the style sheet refers to patterns by name
            given = _NAMES.sub(lambda n: f'{n[1]}="{" ".join(f"{key}-{part}" for part in n[2].split())}"', given)
        given = re.sub(r'(?<= )href="#([^"]+)"', rf'href="#{key}-\1"', given)
        given = re.sub(r'(?<= )href="[^#"][^"]*"', f'href="#{key}"', given)
        given = re.sub(r'(?<= )(form)?action="[^"]*"', rf'\1action="{PLACE}"', given)
        given = given.replace(' method="post"', "").replace(' enctype="multipart/form-data"', "")
        given = re.sub(r' data-(tags|panel|more|placing|close|download)(="[^"]*")?(?=[ /]|$)', "", given)
        if element in _LANDMARKS or 'role="region"' in given:
            given = re.sub(r'(?<= )aria-label="([^"]*)"', lambda n: f'aria-label="{n[1]} ({Markup.escape(name)})"', given)
        level = ' aria-level="2"' if element == "h1" else ""  # the page has a title of its own
        return f"<{element}{level}{given}>"

    return Markup(_TAG.sub(tag, drawn))  # noqa: S704  # what a template has drawn, with other names in it
