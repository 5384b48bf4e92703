"""Every page and state that links lead to, by the rules of axe-core: light and dark, at a desk and on a phone."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from browsing import DESK, PHONE, Visitor, served, visiting
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

AXE = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ID = re.compile(r"(?<=/)[0-9a-f]{16,64}(?=/|$)")
EVERYWHERE = {"light at a desk": (DESK, "light"), "dark at a desk": (DESK, "dark"), "dark on a phone": (PHONE, "dark")}


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A study with its map, a persona, a theme made by hand and a file that could not be read."""
    with served(tmp_path_factory.mktemp("house")) as (house, base):
        study = house.drawn("Bea", "Carl", "Dina", "Emil")
        people = house.get(f"/studies/{study}/participants")["items"]
        persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Movers"}).json()["id"]
        house.script.patch(f"/api/v1/participants/{people[0]['id']}", json={"persona_ids": [persona], "attributes": {"plan": "Pro"}})
        quotes = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"]]
        house.app.codebooks.add(study, {"label": "Waiting"}, quotes[:4], actor="ann")
        house.study(name="An empty study")
        with visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as made:
            yield made


def state_of(address: str) -> str:
    """What kind of page an address leads to: ids and values play no part, which parameters are given does."""
    parts = urlsplit(address)
    return " ".join([ID.sub("*", parts.path), *sorted({name for name, _ in parse_qsl(parts.query)})])


def links_of(page: Page) -> list[str]:
    return [str(href) for href in page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")]


def faults(page: Page) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    return [f"{v['id']} at {page.url}: {node['target']} {node['html'][:160]}" for v in found for node in v["nodes"][:3]]


def walk(visitor: Visitor, page: Page) -> tuple[set[str], list[str]]:
    """Follow every link that leads to a kind of page not seen yet; the kinds seen and what is wrong with them."""
    waiting, seen, wrong = [f"{visitor.base}/", f"{visitor.base}/studies/no-such-study"], set(), []
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        if not address.startswith(f"{visitor.base}/") or "/api/" in address or "/static/" in address or state_of(address) in seen:
            continue
        seen.add(state_of(address))
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        page.evaluate(AXE.read_text())  # not as a script of the page, which its own rules for scripts would refuse
        wrong += faults(page)
        waiting += links_of(page)
    return seen, wrong


@pytest.mark.parametrize("where", EVERYWHERE)
def test_no_page_or_state_breaks_a_rule(visitor: Visitor, where: str) -> None:
    size, scheme = EVERYWHERE[where]
    with visitor.context(size, color_scheme=scheme, reduced_motion="reduce") as context:
        seen, wrong = walk(visitor, context.new_page())
    assert not wrong, "\n".join(wrong)
    assert {"/", "/studies/*", "/studies/*/map", "/studies/*/map statement", "/studies/*/themes", "/transcripts/* quote"} <= seen
