"""With the network gone every action says so where it was asked for, and works again once there is an answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsing import DESK, Visitor, served, visiting
from house import House, talk
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FEW = 3
"""Quotes that a panel shows at once, so that there are more to ask for."""
UNANSWERED = re.compile("The server does not answer")


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Visitor]]:
    with pytest.MonkeyPatch.context() as patch, served(tmp_path_factory.mktemp("house")) as (house, base):
        for module in ("services.maps", "services.shapes", "web.views_quotes"):
            patch.setattr(f"app.{module}.EVIDENCE_PAGE", FEW)
        house.drawn("Bea", "Carl", "Dina", "Emil")
        with visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as visitor:
            yield house, visitor


@pytest.fixture
def page(at_home: tuple[House, Visitor]) -> Iterator[Page]:
    with at_home[1].context(DESK) as context:
        yield context.new_page()


@pytest.fixture
def study(at_home: tuple[House, Visitor]) -> str:
    found = at_home[0].get("/studies")["items"]
    return f"/studies/{next(s['id'] for s in found if s['map_id'])}"


@contextmanager
def without_network(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def said(around: Page | Locator) -> None:
    """Said in words, and to those who listen."""
    expect(around.get_by_role("alert").filter(has_text=UNANSWERED)).to_be_visible()


def open_point(page: Page, study: str) -> Locator:
    """The panel of the curve point with the most quotes."""
    stages = page.request.get(f"/api/v1{study}/map").json()["stages"]
    stage = max((s for s in stages if s["emotion"]), key=lambda s: s["emotion"]["quotes"])
    assert stage["emotion"]["quotes"] > FEW
    page.goto(f"{study}/map?stage={stage['id']}&curve=1")
    return page.get_by_role("complementary")


def test_a_statement_says_that_its_quotes_could_not_be_fetched_and_fetches_them_later(page: Page, study: str) -> None:
    page.goto(f"{study}/map")
    link = page.locator(".statement > a").first
    with without_network(page):
        link.click()
        said(page.get_by_role("complementary"))
        assert page.evaluate("document.activeElement.closest('.panel') !== null")
        page.keyboard.press("Escape")
        expect(link).to_be_focused()
        link.click()
        said(page.get_by_role("complementary"))
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("complementary").locator("blockquote").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_further_quotes_say_that_they_could_not_be_fetched_and_come_later(page: Page, study: str) -> None:
    panel = open_point(page, study)
    address = page.url
    more = panel.get_by_role("link", name="show the next")
    with without_network(page):
        more.click()
        said(panel)
        more.click()
        said(panel)
        assert page.url == address
    more.click()
    expect(panel.locator(".quotes > li")).not_to_have_count(FEW)
    expect(panel.get_by_role("alert")).to_have_count(0)


def test_the_transcript_beside_says_that_it_could_not_be_fetched_and_opens_later(page: Page, study: str) -> None:
    panel = open_point(page, study)
    link = panel.get_by_role("link", name="in the transcript").first
    with without_network(page):
        link.click()
        said(panel)
        expect(panel.locator("blockquote").first).to_be_visible()
    link.click()
    expect(panel.locator("mark.is-focus")).to_be_in_viewport()


def test_a_decision_about_tags_says_that_it_was_not_saved_and_is_saved_later(page: Page, study: str) -> None:
    panel = open_point(page, study)
    card = panel.locator("figure.quote").first
    right = card.get_by_role("button", name=re.compile("^Right"))
    with without_network(page):
        right.click()
        said(card)
        expect(card.get_by_role("alert")).to_contain_text("This was not saved.")
    right.click()
    expect(card.get_by_text("Confirmed by")).to_be_visible()


def test_a_role_says_that_it_was_not_saved_and_is_saved_later(page: Page, study: str) -> None:
    page.goto(study)
    row = page.get_by_role("row", name="Ann Interviewer").first
    with without_network(page):
        row.get_by_role("combobox").select_option("observer")
        row.get_by_role("button", name="Save").click()
        said(row)
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Observer")).to_be_attached()
    expect(row.get_by_role("alert")).to_have_count(0)


def test_what_a_run_takes_says_that_it_is_not_known_and_is_told_later(page: Page, study: str) -> None:
    page.goto(study)
    again = page.get_by_role("checkbox", name="Tag all quotes again")
    page.locator("#estimate").wait_for()
    with without_network(page):
        again.check()
        said(page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Run", exact=True)))
    again.uncheck()
    expect(page.locator("#estimate")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_chosen_files_say_that_nobody_could_look_at_them_and_are_looked_at_later(page: Page, study: str) -> None:
    page.goto(study)
    name, words = talk("Ida")
    chosen = {"name": name, "mimeType": "text/plain", "buffer": words}
    with without_network(page):
        page.set_input_files("input[type=file]", [chosen])
        expect(page.get_by_role("status").filter(has_text="could not be looked at")).to_be_attached()
        expect(page.locator(".preview-slot")).to_contain_text("could not be looked at")
    page.set_input_files("input[type=file]", [])
    page.set_input_files("input[type=file]", [chosen])
    expect(page.locator("#preview")).to_contain_text("1 new transcript")


def test_a_quote_is_copied_without_any_answer(at_home: tuple[House, Visitor], study: str) -> None:
    with at_home[1].context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        panel = open_point(page, study)
        with without_network(page):
            panel.get_by_role("button", name="Copy with reference").first.click()
            expect(page.get_by_role("status").filter(has_text="Copied with its reference.")).to_be_attached()


def test_progress_says_that_it_stands_still_and_goes_on_by_itself(at_home: tuple[House, Visitor], page: Page) -> None:
    house, _ = at_home
    house.queue.holding = True
    study = house.study(name="Under way")
    house.upload(study, talk("Hal"))
    run = house.script.post(f"/api/v1/studies/{study}/runs").json()["id"]
    house.queue.holding = False
    page.goto(f"/runs/{run}")
    expect(page.get_by_role("status").first).to_contain_text("Queued")
    with without_network(page):
        house.queue.work(run)
        said(page)
    expect(page.get_by_role("link", name="Open the map")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
