"""The page of all components: everything that templates share is on it, and nothing on it does anything."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates
from jinja2.runtime import Macro

from app.exports import present
from app.web import pages
from app.web.pages import render_page
from app.web.views_components import PLACE, apart, components_context

FOLDERS = (pages.HERE / "templates", present.TEMPLATES)
SHARED = {file.name: file for folder in FOLDERS for file in folder.glob("_*.html")}
ENV = present.environment(FOLDERS[0])


class Elements(HTMLParser):
    """Attributes of every element, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def drawn() -> tuple[str, set[tuple[str, str]]]:
    """The page, and which macros were called to draw it, by the template that they are in."""
    called = set()
    invoke = Macro._invoke

    def noted(self, arguments, autoescape):
        called.add((Path(self._func.__code__.co_filename).name, self.name))
        return invoke(self, arguments, autoescape)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Macro, "_invoke", noted)
        return render_page("components.html", **components_context()), called


@pytest.fixture(scope="module")
def elements(drawn):
    return Elements(drawn[0]).found


def macros(name: str) -> list[str]:
    parsed = ENV.parse(SHARED[name].read_text(encoding="utf-8"))
    return [macro.name for macro in parsed.body if isinstance(macro, nodes.Macro)]


@pytest.mark.parametrize("name", sorted(SHARED))
def test_every_macro_that_templates_share_is_shown(drawn, name):
    missing = [macro for macro in macros(name) if (name, macro) not in drawn[1]]
    assert not missing, f"show these of {name} in components.html: {', '.join(missing)}"


def test_every_part_that_templates_include_is_shown():
    used = {"components.html"}
    for _ in range(3):  # parts of parts
        used |= {part for name in used & {"components.html", *SHARED} for part in find_referenced_templates(ENV.parse(source_of(name)))}
    assert set(SHARED) <= used


def source_of(name: str) -> str:
    return next(folder / name for folder in FOLDERS if (folder / name).exists()).read_text(encoding="utf-8")


def test_nothing_on_it_leads_away_or_changes_anything(elements):
    links = {attrs["href"] for tag, attrs in elements if tag == "a" and attrs.get("href")}
    outside = {href for href in links if not href.startswith("#")}
    assert outside <= {"/"}, outside
    forms = {attrs.get("action") for tag, attrs in elements if tag == "form" and attrs.get("method") == "post"}
    assert forms <= {"/sign-out", "/language"}
    targets = {attrs[name] for _, attrs in elements for name in ("action", "formaction") if attrs.get(name)}
    assert targets <= {PLACE, "/sign-out", "/language"}


def test_what_is_named_on_it_is_named_once_and_what_is_referred_to_is_there(elements):
    ids = [attrs["id"] for _, attrs in elements if attrs.get("id")]
    assert len(ids) == len(set(ids)), {name for name in ids if ids.count(name) > 1}
    referred = {part for _, attrs in elements for part in (attrs.get("aria-labelledby") or "").split()}
    assert referred <= set(ids)


def test_a_component_keeps_its_words_and_gets_names_of_its_own():
    given = '<nav aria-label="Stages"><a href="/x" id="a">x</a><a href="#a">href="/y"</a></nav><pattern id="hatch"></pattern>'
    shown = str(apart(given, "k", "Bar"))
    assert shown == (
        '<nav aria-label="Stages (Bar)"><a href="#k" id="k-a">x</a><a href="#k-a">href="/y"</a></nav><pattern id="hatch"></pattern>'
    )
    assert not re.search(r"<script(?! src=)", shown)
