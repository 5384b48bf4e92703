"""How pages behave where the look decides: on paper, on screens of every width, while something is on its way, in the colours one chose."""

from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Visitor, overflow, served, visiting
from playwright.sync_api import Page, Route, expect

from app.web import component_samples
from app.web.pages import render_page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PORTRAIT, LANDSCAPE = {"width": 703, "height": 1000}, {"width": 1046, "height": 700}
"""The part of an A4 sheet that is printed on, in CSS pixels."""
SCREENS = (PHONE, {"width": 768, "height": 1024}, {"width": 1024, "height": 768}, DESK, {"width": 2560, "height": 1440})
CUT = """() => [...document.querySelectorAll("main :is(.cell, .stage-title, .moment, .quote, .turn, .chance, .step, .theme-row)")]
    .filter(e => { const box = e.getBoundingClientRect(); return box.width && (box.right > innerWidth + 1 || box.left < -1); }).length"""
UNSHIFTED = """() => document.querySelector(".map-frame").getBoundingClientRect().top"""


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, str]]:
    with served(tmp_path_factory.mktemp("house")) as (house, base):
        study = house.drawn("Bea", "Carl", "Dina")
        with visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as made:
            yield made, study


def pages_of(page: Page, study: str) -> list[str]:
    person = page.request.get(f"/api/v1/studies/{study}/participants").json()["items"][0]
    talk = page.request.get(f"/api/v1/studies/{study}/transcripts").json()["items"][0]
    of_study = ["", "/map", "/map?view=grid", "/opportunities", "/themes", "/people", "/quotes"]
    return ["/", *(f"/studies/{study}{place}" for place in of_study), f"/participants/{person['id']}", f"/transcripts/{talk['id']}"]


def of_twelve(view: str) -> str:
    """A map of twelve stages."""
    seven = component_samples.journey()["stages"]
    journey = component_samples.journey() | {"stages": [s | {"id": f"{s['id']}{n}"} for n in range(2) for s in seven][:12]}
    study = {"id": "sample", "map_id": "m1", "name": "Sample"}
    return render_page("map.html", study=study, map=journey, open=None, view=view)


def test_on_paper_nothing_is_cut_and_nothing_is_there_to_be_clicked(visitor: tuple[Visitor, str]) -> None:
    with visitor[0].context() as context:
        page = context.new_page()
        page.emulate_media(media="print")
        for address in pages_of(page, visitor[1]):
            page.goto(address)
            for sheet in (PORTRAIT, LANDSCAPE):
                page.set_viewport_size(sheet)
                assert overflow(page) <= 0, address
                assert page.evaluate(CUT) == 0, address
            expect(page.locator("header.topbar")).to_be_hidden()
            expect(page.locator("main button:visible")).to_have_count(0)


@pytest.mark.parametrize(("sheet", "across"), [(PORTRAIT, 4), (LANDSCAPE, 6)], ids=["portrait", "landscape"])
@pytest.mark.parametrize("view", ["overview", "grid"])
def test_twelve_stages_are_printed_in_rows_each_with_the_names_of_its_lanes(
    visitor: tuple[Visitor, str], sheet: dict[str, int], across: int, view: str
) -> None:
    with visitor[0].context(sheet) as context:
        page = context.new_page()
        page.route("**/twelve", lambda route: route.fulfill(body=of_twelve(view), content_type="text/html"))
        page.goto("/twelve")
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == 0
        tops = page.locator(".stage-title").evaluate_all("all => all.map(e => Math.round(e.getBoundingClientRect().top))")
        assert [tops.count(top) for top in sorted(set(tops))] == [across] * (12 // across)
        named = page.locator(".stage").evaluate_all(
            "all => all.map(s => getComputedStyle(s.querySelector('.cell-lane')).display !== 'none')"
        )
        assert named == [n % across == 0 for n in range(12)]


def test_on_no_screen_the_page_scrolls_sideways(visitor: tuple[Visitor, str]) -> None:
    with visitor[0].context() as context:
        page = context.new_page()
        for address in [*pages_of(page, visitor[1]), "/components"]:
            page.goto(address)
            for screen in SCREENS:
                page.set_viewport_size(screen)
                assert overflow(page) <= 0, f"{address} at {screen['width']}"


def test_on_a_wall_the_map_takes_the_whole_width(visitor: tuple[Visitor, str]) -> None:
    with visitor[0].context(SCREENS[-1]) as context:
        page = context.new_page()
        page.goto(f"/studies/{visitor[1]}/map")
        assert page.locator(".map").evaluate("e => e.getBoundingClientRect().width") > 0.9 * SCREENS[-1]["width"]


def test_what_is_slow_says_so_and_moves_nothing(visitor: tuple[Visitor, str]) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with visitor[0].context() as context:
        page = context.new_page()
        page.goto(f"/studies/{visitor[1]}/map")
        sign = page.locator(".waiting")
        expect(sign).to_be_hidden()
        before = page.evaluate(UNSHIFTED)
        page.route("**/map?*", hold)
        page.locator(".statement > a").first.click()
        expect(page.get_by_role("status").filter(has_text="Fetching")).to_be_visible()
        assert page.evaluate(UNSHIFTED) == before
        held.pop().continue_()
        page.locator(".panel blockquote").first.wait_for()
        expect(sign).to_be_hidden()


def test_colours_go_from_the_systems_to_light_to_dark_and_back_and_are_remembered(visitor: tuple[Visitor, str]) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with visitor[0].context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto("/")
        toggle, dark = page.locator("[data-theme-toggle]"), page.evaluate(paper)
        toggle.click()
        light = page.evaluate(paper)
        assert light != dark
        page.reload()
        assert page.evaluate(paper) == light
        toggle.click()
        assert page.evaluate(paper) == dark
        page.emulate_media(color_scheme="light")
        assert page.evaluate(paper) == dark
        toggle.click()
        assert page.evaluate(paper) == light
