"""A researcher's way through the pages in a real browser, against a real `throughline serve` with its real worker."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Visitor, overflow, visiting
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

INTERVIEWS = Path(__file__).parents[2] / "fixtures" / "transcripts" / "first-hearing-aids"
FILES = ("01-farah.txt", "03-emlyn.txt")
PATIENCE_S = 90
ON_SCREEN = """e => {
  const place = e.getBoundingClientRect();
  return place.top >= 0 && place.left >= 0 && place.bottom <= innerHeight && place.right <= innerWidth;
}"""


@dataclass
class Visit:
    """A study that was made, filled and run in the browser, and what was seen on the way."""

    study: str
    transcript: str
    outcomes: list[str]
    understood: str
    role: str
    pseudonyms_after: list[str]
    drawn_live: list[str]
    reloaded: bool

    @property
    def map(self) -> str:
        return f"{self.study}/map"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The one-time link that `throughline serve` prints; the server is stopped as Ctrl-C would."""
    folder = tmp_path_factory.mktemp("serve")
    log = folder / "serve.log"
    given = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE_")}
    command = [str(Path(sys.executable).with_name("throughline")), "serve", "--port", "0", "--data", str(folder / "data")]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=given | {"PYTHONUNBUFFERED": "1"}, cwd=folder)
    try:
        yield _printed_link(server, log)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _printed_link(server: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := re.search(r"http://\S+/sign-in\?token=\S+", log.read_text()):
            return found[0]
        assert server.poll() is None, log.read_text()
        time.sleep(0.2)
    raise AssertionError(f"no link was printed: {log.read_text()}")


@pytest.fixture(scope="module")
def house(address: str) -> Iterator[Visitor]:
    with visiting(address) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def visit(house: Visitor, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The way from a new study to its map, as a researcher goes it."""
    recording = tmp_path_factory.mktemp("upload") / "recording.mp4"
    recording.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(500))
    with house.context(DESK) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_label("Name", exact=True).fill("Hearing aids")
        page.get_by_role("button", name="Create the study").click()
        page.wait_for_url("**/studies/*")
        study = page.url.removeprefix(house.base)

        page.set_input_files("input[type=file]", [*(INTERVIEWS / name for name in FILES), recording])
        page.locator("#preview").wait_for()
        page.get_by_role("button", name=f"Add {len(FILES)} transcripts").click()
        page.locator(".outcome").first.wait_for()
        outcomes = page.locator(".outcome").all_inner_texts()
        understood = page.locator(".files").inner_text()
        transcript = page.locator(".file h3 a").first.get_attribute("href") or ""

        role = _make_observer_an_interviewer(page)
        pseudonyms = page.locator(".roll .pseudonym").all_inner_texts()
        page.get_by_role("button", name="Start the run").click()
        drawn, reloaded = _watch(page)
        page.get_by_role("link", name="Open the map").click()
        page.wait_for_url("**/map")
    return Visit(study, transcript, outcomes, understood, role, pseudonyms, drawn, reloaded)


def _make_observer_an_interviewer(page: Page) -> str:
    """Correct a role; the value and the focus that the page shows afterwards."""
    row = page.locator(".file tr", has_text="Beth Lindqvist")
    assert not row.get_by_role("button").is_visible()
    row.locator("select").select_option("interviewer")
    row.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: Interviewer").wait_for(state="attached")
    return f"{row.locator('select').input_value()}, {page.evaluate('document.activeElement.value')}"


def _watch(page: Page) -> tuple[list[str], bool]:
    """Every state of the progress that was drawn until the run ended, and whether the page had to be loaded again for it."""
    page.locator("#progress").wait_for()
    page.evaluate("window.firstVisit = true")
    drawn: list[str] = []
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        state = page.locator("#progress").inner_text()
        if state not in drawn:
            drawn.append(state)
        if page.get_by_role("link", name="Open the map").count():
            drawn.append(page.locator("#progress").inner_text())  # it may have ended between the two looks
            return drawn, not page.evaluate("window.firstVisit === true")
        page.wait_for_timeout(100)
    raise AssertionError(f"the run did not end: {drawn[-1:]}")


@pytest.fixture
def page(house: Visitor) -> Iterator[Page]:
    """A page at a desk; no error may reach its console."""
    with house.context(DESK) as context:
        yield context.new_page()
    assert house.errors == []


def open_first_pain(page: Page, visit: Visit) -> Locator:
    page.goto(visit.map)
    link = page.locator(".lane-pains .statement > a").first
    link.click()
    page.locator("#evidence").wait_for()
    return link


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.panel ?? document.activeElement.id"))


def test_every_file_is_answered_for_and_a_bad_one_costs_no_other(visit: Visit) -> None:
    read, also_read, refused = visit.outcomes
    assert "Read" in read
    assert FILES[0] in read
    assert FILES[1] in also_read
    assert "Refused" in refused
    assert refused.count("recording.mp4") == 1
    assert "transcribe it first" in refused
    assert "Farah Nadeem-Brooks" in visit.understood
    assert "60 turns" in visit.understood


def test_a_role_is_corrected_without_losing_ones_place(visit: Visit) -> None:
    assert visit.role == "interviewer, interviewer"
    assert visit.pseudonyms_after == ["P1", "P2"]


def test_progress_is_drawn_while_the_run_goes_on_without_loading_the_page_again(visit: Visit) -> None:
    assert not visit.reloaded
    assert len(visit.drawn_live) >= 2
    assert "2 of 2 transcripts" in visit.drawn_live[-1]
    assert "Finished" in visit.drawn_live[-1]


def test_a_statement_opens_its_quotes_beside_the_map_and_escape_gives_the_focus_back(page: Page, visit: Visit) -> None:
    link = open_first_pain(page, visit)
    panel = page.locator("#evidence")
    assert focused(page) == "evidence"
    assert page.evaluate("location.search").startswith("?statement=")
    said = panel.locator(".panel-title").text_content()
    assert said == link.locator(".statement-text").text_content()
    assert panel.locator("blockquote q").count() >= 1
    assert link.evaluate(ON_SCREEN)
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert focused(page) == link.get_attribute("data-panel")
    assert page.evaluate("location.search") == ""


def test_the_close_link_closes_too(page: Page, visit: Visit) -> None:
    open_first_pain(page, visit)
    page.get_by_role("link", name="Close").click()
    assert page.locator("#evidence").count() == 0


def test_a_point_of_the_curve_opens_what_it_rests_on(page: Page, visit: Visit) -> None:
    page.goto(visit.map)
    point = page.locator("a.station").first
    point.click()
    page.locator("#evidence").wait_for()
    assert "From −2 to +2" in page.locator("#evidence").inner_text()
    page.keyboard.press("Escape")
    assert focused(page) == point.get_attribute("data-panel")


def test_a_quote_leads_to_its_place_in_the_transcript_and_back_leads_to_the_panel(page: Page, visit: Visit) -> None:
    link = open_first_pain(page, visit)
    address = page.url
    words = page.locator("#evidence blockquote q").first.inner_text()
    page.locator("#evidence a.to-transcript").first.click()
    page.get_by_role("link", name="the whole page").click()
    page.wait_for_url("**/transcripts/**")
    mark = page.locator("mark.is-focus")
    mark.wait_for()
    assert words.strip("“”") in (mark.text_content() or "")
    assert mark.evaluate(ON_SCREEN)
    page.go_back()
    page.locator("#evidence").wait_for()
    assert page.url == address
    page.keyboard.press("Escape")
    assert focused(page) == link.get_attribute("data-panel")


def test_back_closes_the_panel_and_does_not_leave_the_map(page: Page, visit: Visit) -> None:
    link = open_first_pain(page, visit)
    page.go_back()
    page.locator("#evidence").wait_for(state="detached")
    assert "statement=" not in page.url
    assert focused(page) == link.get_attribute("data-panel")
    page.go_forward()
    page.locator("#evidence").wait_for()


def test_quotes_are_filtered_by_their_form(page: Page, visit: Visit) -> None:
    page.goto(f"{visit.study}/quotes")
    page.get_by_label("Experience").first.select_option("pain")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**experience=pain**")
    assert page.locator("figure.quote").count() == page.locator("figure.quote.is-pain").count() > 0


def test_everything_reads_without_script(house: Visitor, visit: Visit) -> None:
    with house.context(DESK, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(visit.map)
        assert page.locator(".statement-text").first.is_visible()
        page.locator(".lane-pains .statement > a").first.click()
        panel = page.locator("#evidence")
        panel.locator("blockquote").first.wait_for()  # a page of its own, so it takes a moment
        panel.locator("a.to-transcript").first.click()
        page.locator("mark.is-focus").wait_for()
        page.go_back()
        panel.get_by_role("link", name="Close").click()
        panel.wait_for(state="detached")
        page.goto(visit.study)
        assert page.locator(".file").first.get_by_role("button", name="Save").first.is_visible()


def test_on_a_phone_only_the_strip_is_wider_than_the_screen(house: Visitor, visit: Visit) -> None:
    with house.context(PHONE, has_touch=True) as context:
        page = context.new_page()
        for path in ("/", visit.study, visit.map, visit.transcript, f"{visit.study}/quotes"):
            page.goto(path)
            assert overflow(page) <= 0, path
        page.goto(f"{visit.map}?view=grid")
        frame = page.locator(".map-frame")
        assert frame.evaluate("e => e.scrollWidth > 3 * e.clientWidth")
        page.locator(".stage-line a").nth(2).tap()
        page.locator(".stage-line a[aria-current]", has_text="Purchase").wait_for()
        expect(page.locator(".stage-title").nth(2)).to_be_in_viewport(ratio=1)
        assert page.locator(".stage-title").nth(2).evaluate(ON_SCREEN)
        page.locator(".moment a").first.tap()
        page.locator("#evidence").wait_for()
        assert overflow(page) <= 0
    assert house.errors == []
