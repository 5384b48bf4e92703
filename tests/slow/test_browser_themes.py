"""Working with themes in a real browser, by mouse and by keyboard; the server is real, models are fakes."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from house import House
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 15_000
PATIENCE_S = 20
FOCUSED = "document.activeElement.closest('[data-point]')?.getAttribute('aria-label')"


@dataclass
class Visitor:
    """A browser that is signed in to a server, and what it complained of."""

    house: House
    base: str
    browser: Browser
    session: Any
    errors: list[str] = field(default_factory=list)

    def context(self, size: dict[str, int], **more: Any) -> BrowserContext:
        context = self.browser.new_context(viewport=size, base_url=self.base, storage_state=self.session, **more)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._listen)
        return context

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

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
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    house = House(tmp_path_factory.mktemp("house"))
    server = uvicorn.Server(uvicorn.Config(house.web, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        # the sandbox wants rights that a container does not have; nothing but this server is visited
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{base}/sign-in?token={house.sign_in.issue()}")
        yield Visitor(house, base, browser, page.context.storage_state())
        browser.close()
    server.should_exit = True
    thread.join(PATIENCE_S)
    house.close()


@pytest.fixture
def page(visitor: Visitor) -> Iterator[Page]:
    """A page at a desk; no error may reach its console."""
    with visitor.context(DESK) as context:
        yield context.new_page()
    assert visitor.errors == []


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText ?? ''"):
            return
    raise AssertionError(f"Tab never came to “{words}”")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_a_theme_is_renamed_with_the_mouse_and_the_rename_is_taken_back(visitor: Visitor, page: Page) -> None:
    study, _, _ = visitor.study()
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


def test_a_theme_is_renamed_with_the_keyboard_alone(visitor: Visitor, page: Page) -> None:
    _, waiting, _ = visitor.study()
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


def test_two_themes_are_merged_and_parted_again(visitor: Visitor, page: Page) -> None:
    _, waiting, prices = visitor.study()
    page.goto(f"/themes/{prices}")
    page.get_by_text("Merge it into another").click()
    page.get_by_label("The theme that takes its quotes over").select_option("Waiting")
    page.get_by_role("button", name="Merge").click()
    page.wait_for_url(f"**/themes/{waiting}?saved=1")
    assert visitor.members(waiting) == 6
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/themes/{waiting}?undone=1")
    assert (visitor.members(waiting), visitor.members(prices)) == (4, 2)


def test_ticked_quotes_are_counted_and_moved_by_mouse_and_by_keyboard(visitor: Visitor, page: Page) -> None:
    _, waiting, prices = visitor.study()
    page.goto(f"/themes/{waiting}")
    bar = page.locator("#placing")
    expect(bar.get_by_role("button", name="Move")).to_be_disabled()
    page.locator(".pick").nth(0).click()
    page.locator(".pick").nth(1).click()
    expect(bar).to_contain_text("With these 2 quotes:")
    bar.get_by_label("Move to").select_option("Prices")
    bar.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status").first).to_contain_text("moved 2 quotes to “Prices”")
    assert (visitor.members(waiting), visitor.members(prices)) == (2, 4)

    page.locator(".pick input").first.focus()
    page.keyboard.press("Space")
    expect(bar).to_contain_text("With this quote:")
    tab_to(page, "Belongs to none")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("moved 1 quote out of all themes")
    assert visitor.members(waiting) == 1


def test_a_mark_on_the_map_is_read_in_place_reached_by_arrows_and_opens_its_quote(visitor: Visitor, page: Page) -> None:
    study, _, _ = visitor.study()
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


def test_the_legend_hides_themes_and_shows_them_again(visitor: Visitor, page: Page) -> None:
    study, waiting, _ = visitor.study()
    page.goto(f"/studies/{study}/themes/plane")
    circle = page.locator(f'[data-theme="{waiting}"] .disc')
    page.get_by_label("Show Waiting").uncheck()
    expect(circle).to_be_hidden()
    page.get_by_role("button", name="Hide all").click()
    assert page.locator("[data-point]:visible").count() == 0
    page.get_by_role("button", name="Show all").click()
    expect(circle).to_be_visible()


def test_without_script_themes_are_moved_and_the_map_of_quotes_reads(visitor: Visitor) -> None:
    study, waiting, prices = visitor.study()
    with visitor.context(DESK, java_script_enabled=False) as context:
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
    assert visitor.members(prices) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_no_page_about_themes_is_wider_than_the_screen(visitor: Visitor, scheme: str) -> None:
    study, waiting, _ = visitor.study()
    with visitor.context(PHONE, has_touch=True, color_scheme=scheme) as context:
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
    assert visitor.errors == []
