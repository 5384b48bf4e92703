"""Evidence in a real browser: copied with its reference, listed further in place, read in its transcript beside the map."""

from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Visitor, served, visiting
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
PAGE = 3


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with pytest.MonkeyPatch.context() as patch, served(tmp_path_factory.mktemp("house")) as (house, base):
        for module in ("services.maps", "services.shapes", "web.views_quotes"):
            patch.setattr(f"app.{module}.EVIDENCE_PAGE", PAGE)
        house.drawn("Bea", "Carl", "Dina", "Emil")
        with visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as made:
            yield made


def open_point(page: Page) -> None:
    """The curve point with the most quotes, its panel open."""
    study = page.request.get("/api/v1/studies").json()["items"][0]["id"]
    stages = page.request.get(f"/api/v1/studies/{study}/map").json()["stages"]
    stage = max((s for s in stages if s["emotion"]), key=lambda s: s["emotion"]["quotes"])
    assert stage["emotion"]["quotes"] > PAGE
    page.goto(f"/studies/{study}/map?stage={stage['id']}&curve=1")


def test_a_quote_is_copied_with_its_reference_and_address(visitor: Visitor) -> None:
    with visitor.context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        open_point(page)
        button = page.locator(".panel [data-copy]").first
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_text("Copied")
        words, address = page.evaluate("navigator.clipboard.readText()").split("\n")
        assert words.startswith("“")
        assert "” — P" in words
        page.goto(address)
        expect(page.locator("figure.is-large q")).to_have_text(words[1:].partition("” — ")[0])
    assert visitor.errors == []


def test_more_quotes_join_the_list_and_the_reader_goes_on_with_the_first_of_them(visitor: Visitor) -> None:
    with visitor.context() as context:
        page = context.new_page()
        open_point(page)
        quotes = page.locator(".panel .quotes > li")
        expect(quotes).to_have_count(PAGE)
        address = page.url
        page.locator("[data-more]").focus()
        page.keyboard.press("Enter")
        expect(quotes).not_to_have_count(PAGE)
        assert page.url == address
        assert page.evaluate("document.activeElement.closest('.panel .quotes > li') !== null")
        hrefs = page.locator(".panel .to-quote").evaluate_all("all => all.map(a => a.href)")
        assert len(hrefs) == len(set(hrefs)) > PAGE
    assert visitor.errors == []


def test_the_transcript_opens_beside_the_map_and_the_quotes_come_back_as_they_were(visitor: Visitor) -> None:
    with visitor.context() as context:
        page = context.new_page()
        open_point(page)
        link = page.locator(".panel .to-transcript").nth(1)
        link.click()
        expect(page.locator(".talk-beside .is-focus")).to_be_in_viewport()
        expect(page.locator("[data-beside-back]")).to_be_focused()
        expect(page.locator(".panel .quotes").first).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.locator(".talk-beside")).to_have_count(0)
        expect(link).to_be_focused()
    assert visitor.errors == []


@pytest.mark.parametrize("scripts", [True, False])
def test_without_room_or_scripts_the_transcript_and_further_quotes_are_pages(visitor: Visitor, scripts: bool) -> None:  # noqa: FBT001  # a parameter
    with visitor.context(PHONE if scripts else DESK, java_script_enabled=scripts) as context:
        page = context.new_page()
        open_point(page)
        if not scripts:
            expect(page.locator("[data-copy]").first).to_be_hidden()
            page.locator("[data-more]").click()
            expect(page.get_by_text(f"Quotes {PAGE + 1} to {2 * PAGE} of")).to_be_visible()
            page.go_back()
        page.locator(".panel .to-transcript").first.click()
        expect(page.locator("h1")).to_contain_text(".txt")
        expect(page.locator("mark.is-focus")).to_be_in_viewport()
    assert visitor.errors == []
