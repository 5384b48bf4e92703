"""Studies that are not as studies usually are: every page of them opens, fits a phone and says something sensible.

With ODD_STUDIES_SHOTS set to a folder, pictures of the pages are left there, to be looked at.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import DESK, PHONE, Visitor, overflow, served, visiting
from house import House
from odd_studies import ODD_STUDIES
from playwright.sync_api import Page, expect
from walking import state_of, walk

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(600)]

SHOTS = os.environ.get("ODD_STUDIES_SHOTS")
SIZES = {1440: DESK, 1024: {"width": 1024, "height": 768}, 390: PHONE}
OUTSIDE = ("/api/", "/static/", "/quality")
PICTURED = re.compile(
    r"/studies/\*(/map|/map view|/map statement|/map/compare.*|/map/rows|/people|/themes|/opportunities|/quotes|/stages|/coverage)?"
    r"|/(participants|personas|transcripts|themes|quotes|runs)/\*"
)
SLIPS = re.compile(r"\bNone\b(?! \w|\.)|\bnan\b|undefined|\{\{|\}\}|\bNaN\b|  ,|\(\)|“”")
"""What shows that nobody thought of this case."""
BLANKS = """() => [...document.querySelectorAll("h1, h2, h3, h4, dt, dd, legend, summary, button, th, main a[href]")]
  .filter((e) => e.checkVisibility() && !e.textContent.trim() && !e.getAttribute("aria-label")).map((e) => e.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Visitor]]:
    with served(tmp_path_factory.mktemp("house")) as (house, base), visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as visitor:
        yield house, visitor


def look(page: Page, address: str) -> tuple[list[str], list[str]]:
    """What is wrong with a page on a phone, and where it leads."""
    answer = page.goto(address)
    assert answer
    wrong = [] if answer.ok else [f"{address}: {answer.status}"]
    text = page.locator("main").inner_text()
    wrong += [f"{address} says “{text[max(0, slip.start() - 40) : slip.end() + 40]}”" for slip in SLIPS.finditer(text)]
    wrong += [f"{address} has an empty {blank}" for blank in page.evaluate(BLANKS)]
    wrong += [f"{address} is {overflow(page)} px too wide"] if overflow(page) > 0 else []
    hrefs = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href')).filter(href => href.startsWith('/'))")
    return wrong, [str(href) for href in hrefs if not href.startswith(OUTSIDE)]


@pytest.mark.parametrize("name", ODD_STUDIES)
def test_every_page_of_an_odd_study_is_sensible(at_home: tuple[House, Visitor], name: str) -> None:
    house, visitor = at_home
    odd = ODD_STUDIES[name]
    study = odd.make(house)
    place = f"/studies/{study}"
    wrong: list[str] = []
    addresses: list[str] = []
    with visitor.context(PHONE) as context:
        page = context.new_page()

        def visit(address: str) -> list[str]:
            faults, hrefs = look(page, address)
            wrong.extend(faults)
            addresses.append(address)
            elsewhere = [href for href in hrefs if href == "/" or (href.startswith("/studies/") and not href.startswith(place))]
            return [href for href in hrefs if href not in elsewhere]

        seen = walk([place, *(f"{place}/{end}" for end in odd.says)], visit)
        for end, words in odd.says.items():
            page.goto(f"{place}/{end}")
            expect(page.locator("body")).to_contain_text(words)
    if SHOTS:
        take_pictures(visitor, addresses, Path(SHOTS) / name.replace(" ", "-"))
    assert not wrong, "\n".join(wrong)
    assert {"/studies/*/map", "/studies/*/people", "/studies/*/quotes", "/participants/*", "/transcripts/*"} <= seen
    assert visitor.errors == []


def take_pictures(visitor: Visitor, addresses: list[str], folder: Path) -> None:
    """Every page in three sizes, light and dark."""
    for width, size in SIZES.items():
        for scheme in ("light", "dark"):
            given: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
            with visitor.context(size, **given) as context:
                page = context.new_page()
                for address in filter(lambda one: PICTURED.fullmatch(state_of(one)), addresses):
                    page.goto(address)
                    page.screenshot(path=folder / f"{picture_name(address)}-{width}-{scheme}.png", full_page=True)


def picture_name(address: str) -> str:
    """The kind of page, as a file's name."""
    kind = state_of(address).replace("/studies/*", "study")
    return re.sub(r"[^a-z]+", "-", kind.lower()).strip("-") or urlsplit(address).path.strip("/")
