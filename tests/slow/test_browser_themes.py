"""Working with themes in a real browser, by mouse and by keyboard; the server is real, models are fakes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from browsing import DESK, PHONE, Visitor, overflow, served, tab_to, visiting
from house import House
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

FOCUSED = "document.activeElement.closest('[data-point]')?.getAttribute('aria-label')"


@dataclass
class Reader:
    """A visitor of a house, and what is in it."""

    house: House
    visitor: Visitor

    def study(self) -> tuple[str, str, str]:
        """A study whose first quotes are in two themes, “Waiting” and “Prices”; the ids of all three."""
        study = self.house.drawn("Bea", "Carl")
        quotes = [q["id"] for q in self.house.get(f"/studies/{study}/quotes")["items"]]
        books = self.house.app.codebooks
        waiting, prices = (
            books.add(study, {"label": label}, some, actor="ann").themes[0]["id"]
            for label, some in (("Waiting", quotes[:4]), ("Prices", quotes[4:6]))
        )
        return study, waiting, prices

    def members(self, theme: str) -> int:
        return len(self.house.app.codebooks.theme(theme)[1])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with served(tmp_path_factory.mktemp("house")) as (house, base), visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as visitor:
        yield Reader(house, visitor)


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    """A page at a desk; no error may reach its console."""
    with reader.visitor.context(DESK) as context:
        yield context.new_page()
    assert reader.visitor.errors == []


def test_a_theme_is_renamed_with_the_mouse_and_the_rename_is_taken_back(reader: Reader, page: Page) -> None:
    study, _, _ = reader.study()
    page.goto(f"/studies/{study}/themes")
    page.get_by_role("link", name="Waiting", exact=True).first.click()
    page.get_by_text("Rename or define it").click()
    page.get_by_label("Name the finding").fill("Nobody answers the phone")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody answers the phone")
    expect(page.get_by_role("status").first).to_contain_text("renamed “Waiting” to “Nobody answers the phone”")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting")
    expect(page.get_by_role("status").first).to_have_text("Taken back.")


def test_a_theme_is_renamed_with_the_keyboard_alone(reader: Reader, page: Page) -> None:
    _, waiting, _ = reader.study()
    page.goto(f"/themes/{waiting}")
    tab_to(page, "Rename or define it")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("On hold without a word")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("On hold without a word")
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting")


def test_two_themes_are_merged_and_parted_again(reader: Reader, page: Page) -> None:
    _, waiting, prices = reader.study()
    page.goto(f"/themes/{prices}")
    page.get_by_text("Merge it into another").click()
    page.get_by_label("The theme that takes its quotes over").select_option("Waiting")
    page.get_by_role("button", name="Merge").click()
    page.wait_for_url(f"**/themes/{waiting}?saved=1")
    assert reader.members(waiting) == 6
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/themes/{waiting}?undone=1")
    assert (reader.members(waiting), reader.members(prices)) == (4, 2)


def test_ticked_quotes_are_counted_and_moved_by_mouse_and_by_keyboard(reader: Reader, page: Page) -> None:
    _, waiting, prices = reader.study()
    page.goto(f"/themes/{waiting}")
    bar = page.locator("#placing")
    expect(bar.get_by_role("button", name="Move")).to_be_disabled()
    page.locator(".pick").nth(0).click()
    page.locator(".pick").nth(1).click()
    expect(bar).to_contain_text("With these 2 quotes:")
    bar.get_by_label("Move to").select_option("Prices")
    bar.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status").first).to_contain_text("moved 2 quotes to “Prices”")
    assert (reader.members(waiting), reader.members(prices)) == (2, 4)

    page.locator(".pick input").first.focus()
    page.keyboard.press("Space")
    expect(bar).to_contain_text("With this quote:")
    tab_to(page, "Belongs to none")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("moved 1 quote out of all themes")
    assert reader.members(waiting) == 1


def test_a_mark_on_the_map_is_read_in_place_reached_by_arrows_and_opens_its_quote(reader: Reader, page: Page) -> None:
    study, _, _ = reader.study()
    page.goto(f"/studies/{study}/themes/plane")
    said = page.locator("[data-plane-said]")
    point = page.locator("[data-point]").last
    words = (point.get_attribute("aria-label") or "").partition(": ")[2]
    point.hover()
    expect(said.locator("q")).to_have_text(words)
    page.get_by_role("link", name="Map of quotes").focus()
    page.keyboard.press("Tab")  # the drawing is one stop, whatever it holds
    first = page.evaluate(FOCUSED)
    visited = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        visited.add(page.evaluate(FOCUSED))
    assert first
    assert len(visited | {first}) > 1
    expect(said.locator("q")).to_have_text(page.evaluate(FOCUSED).partition(": ")[2])
    page.keyboard.press("Enter")
    page.wait_for_url("**/transcripts/**")
    page.locator("mark.is-focus").wait_for()


def test_the_legend_hides_themes_and_shows_them_again(reader: Reader, page: Page) -> None:
    study, waiting, _ = reader.study()
    page.goto(f"/studies/{study}/themes/plane")
    circle = page.locator(f'[data-theme="{waiting}"] .disc')
    page.get_by_label("Show Waiting").uncheck()
    expect(circle).to_be_hidden()
    page.get_by_role("button", name="Hide all").click()
    assert page.locator("[data-point]:visible").count() == 0
    page.get_by_role("button", name="Show all").click()
    expect(circle).to_be_visible()


def test_without_script_themes_are_moved_and_the_map_of_quotes_reads(reader: Reader) -> None:
    study, waiting, prices = reader.study()
    with reader.visitor.context(DESK, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"/themes/{waiting}")
        page.locator(".pick").first.click()
        page.locator("#placing").get_by_label("Move to").select_option("Prices")
        page.locator("#placing").get_by_role("button", name="Move").click()
        expect(page.get_by_role("status").first).to_contain_text("moved 1 quote to “Prices”")
        page.goto(f"/studies/{study}/themes/plane")
        assert page.locator("[data-toggle]:visible").count() == 0
        assert page.locator(".plane [data-point] title").count() == page.locator("[data-point]").count() > 0
        page.locator(".plane-list summary").last.click()
        expect(page.locator(".plane-list li a").last).to_be_visible()
    assert reader.members(prices) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_no_page_about_themes_is_wider_than_the_screen(reader: Reader, scheme: str) -> None:
    study, waiting, _ = reader.study()
    with reader.visitor.context(PHONE, has_touch=True, color_scheme=scheme) as context:
        page = context.new_page()
        places = ("themes", "codebook", "themes/plane")
        for path in (*(f"/studies/{study}/{place}" for place in places), f"/themes/{waiting}", f"/themes/{waiting}?split=1"):
            page.goto(path)
            assert overflow(page) <= 0, path
        page.goto(f"/themes/{waiting}")
        page.locator(".pick").first.tap()
        bar = page.locator("#placing")
        expect(bar).to_be_in_viewport()
        assert re.search(r"With this quote", bar.inner_text())
    assert reader.visitor.errors == []
