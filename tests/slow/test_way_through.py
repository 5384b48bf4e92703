"""The way of somebody who is shown a map: from the studies to one participant's words and back, by mouse and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from browsing import DESK, Visitor, overflow
from hands import Hands, Keyboard, Mouse
from playwright.sync_api import Locator, Page, expect
from walking import walk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

STUDY = "Invoicing app"
ONE, OTHER = "Sole trader", "Bookkeeper"
PRESSES = 240
"""For the whole way, of some twenty steps."""
OUTSIDE = ("/api/", "/static/", "/components")
"""Files, and the page that shows components without what they do."""
IDLE = """() => [...document.querySelectorAll("button, [role=button], a:not([href]), [aria-busy=true]")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !(e.localName === "button" && e.form && e.type === "submit"))
  .map((e) => e.outerHTML.slice(0, 120))"""
"""What can be seen and does nothing where no script runs."""


@pytest.fixture
def page(demo: Visitor) -> Iterator[Page]:
    """A page at a desk; no error may reach its console."""
    with demo.context(DESK) as context:
        yield context.new_page()
    assert demo.errors == []


def words_of(statement: str) -> re.Pattern[str]:
    """The beginning of a statement, as a link or a panel is named by it."""
    said = statement.strip("“").partition("” — ")[0].partition("? — ")[0]
    return re.compile(re.escape(said[:40]))


def worst_pain(page: Page) -> tuple[str, re.Pattern[str]]:
    """The map's address in the API, and how the worst of its moments begins."""
    study = next(s["id"] for s in page.request.get("/api/v1/studies").json()["items"] if s["name"] == STUDY)
    drawn = page.request.get(f"/api/v1/studies/{study}/map").json()
    held = {s["id"]: s for column in drawn["stages"] for lane in column["lanes"].values() for s in lane}
    return study, words_of(held[drawn["summary"]["worst"][0]]["text"])


def inside(around: Locator) -> bool:
    """Whether what has the focus lies in it, or is it."""
    return bool(around.evaluate("e => e.contains(document.activeElement)"))


def highlighted(mark: Locator) -> None:
    """The words are in view, and stand out from other marked words."""
    expect(mark).to_be_in_viewport()
    ground = "e => getComputedStyle(e).backgroundColor"
    assert mark.evaluate(ground) != mark.page.locator("mark.q:not(.is-focus)").first.evaluate(ground)


def open_the_map(hands: Hands) -> str:
    """From the studies to the overview of the demo's map; the study."""
    page = hands.page
    page.goto("/")
    study, _ = worst_pain(page)
    hands.arrive()
    hands.follow(page.get_by_role("link", name=STUDY, exact=True))
    page.wait_for_url(f"**/studies/{study}")
    hands.arrive()
    hands.follow(page.get_by_role("link", name="Open the map").first)
    page.wait_for_url(f"**/studies/{study}/map")
    return study


def read_the_overview(page: Page, study: str) -> None:
    """It says whose journey it is, how many were heard, and of each stage what is felt there."""
    drawn = page.request.get(f"/api/v1/studies/{study}/map").json()
    expect(page.get_by_role("heading", level=1)).to_have_text(drawn["title"])
    expect(page.get_by_text(f"{len(drawn['participants'])} participants").first).to_be_visible()
    for stage in drawn["stages"]:
        expect(page.get_by_role("heading", name=stage["title"]).first).to_be_visible()
    expect(page.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")


def read_a_pain(hands: Hands, study: str) -> None:
    """Open the worst pain, follow its first quote to where it was said and into the whole interview; come back and close it."""
    page = hands.page
    _, words = worst_pain(page)
    pain = page.get_by_role("link", name=words).first
    hands.arrive()
    hands.follow(pain)
    panel = page.get_by_role("complementary", name=words)
    expect(panel).to_be_visible()
    assert inside(panel), "the panel that opened has not the focus"
    said = panel.locator("blockquote q").first.inner_text().strip("“”")

    hands.follow(panel.get_by_role("link", name="in the transcript").first)
    mark = panel.locator("mark.is-focus")
    highlighted(mark)
    assert said in mark.inner_text()
    assert inside(panel)

    hands.follow(panel.get_by_role("link", name="the whole page"))
    page.wait_for_url("**/transcripts/**")
    mark = page.locator("mark.is-focus")
    highlighted(mark)
    assert said in mark.inner_text()

    go_back(page, f"**/studies/{study}/map?statement=**")
    expect(panel).to_be_visible()
    expect(pain).to_be_in_viewport()
    expect(panel.get_by_role("link", name="in the transcript").first).to_be_focused()

    hands.close()
    expect(panel).to_have_count(0)
    expect(pain).to_be_focused()
    expect(pain).to_be_in_viewport()


def narrow_and_compare(hands: Hands) -> None:
    """Narrow the map to one persona, then lay two side by side."""
    page = hands.page
    fold = page.locator("summary").filter(has_text=re.compile(r"^\s*Filter"))
    hands.follow(fold, back=True)
    hands.tick(page.get_by_role("checkbox", name=ONE))
    hands.follow(page.get_by_role("button", name="Show", exact=True))
    page.wait_for_url("**/map?*persona=*")
    expect(page.get_by_role("status").filter(has_text="within this filter")).to_contain_text("participants")
    expect(page.get_by_role("link", name=f"Remove {ONE} from the filter")).to_be_visible()

    hands.arrive()
    hands.follow(page.get_by_role("link", name="Compare two"))
    page.wait_for_url("**/map/compare**")
    hands.arrive()
    hands.pick(page.get_by_role("combobox", name="Compare", exact=True), ONE)
    hands.pick(page.get_by_role("combobox", name="with", exact=True), OTHER)
    hands.follow(page.get_by_role("button", name="Compare", exact=True))
    page.wait_for_url("**/map/compare?**left=**")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{ONE} and {OTHER}")
    expect(page.get_by_role("heading", name="Where they differ most")).to_be_visible()


def meet_somebody_and_return(hands: Hands, study: str) -> None:
    """Go to a participant's page, and back all the way to the map that was narrowed, each time to where one was."""
    page = hands.page
    people = page.get_by_role("navigation", name="Study").get_by_role("link", name="People")
    hands.follow(people)
    page.wait_for_url(f"**/studies/{study}/people")
    hands.arrive()
    person = page.locator("main").get_by_role("link", name="P2 ").first
    hands.follow(person)
    page.wait_for_url("**/participants/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("P2")
    expect(page.get_by_role("heading", name="Their path")).to_be_visible()

    go_back(page, f"**/studies/{study}/people**")
    expect(person).to_be_focused()
    expect(person).to_be_in_viewport()
    go_back(page, "**/map/compare?**left=**")
    expect(people).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{ONE} and {OTHER}")


def go_back(page: Page, address: str) -> None:
    """What the browser's own key does, Alt and the left arrow, which no page sees; a skip within a page is a step of its own."""
    here = urlsplit(page.url).path
    while urlsplit(page.url).path == here:
        page.go_back()
    page.wait_for_url(address)


@pytest.mark.parametrize("means", [Mouse, Keyboard])
def test_from_the_demo_study_to_a_participant_and_back(page: Page, means: Callable[[Page], Hands]) -> None:
    hands = means(page)
    study = open_the_map(hands)
    read_the_overview(page, study)
    read_a_pain(hands, study)
    narrow_and_compare(hands)
    meet_somebody_and_return(hands, study)
    if isinstance(hands, Keyboard):
        assert hands.presses < PRESSES, hands.told()


def test_every_kind_of_page_of_the_demo_reads_with_scripts_blocked(demo: Visitor) -> None:
    with demo.context(DESK, java_script_enabled=False) as context:
        page = context.new_page()
        wrong: list[str] = []

        def visit(address: str) -> list[str]:
            answer = page.goto(address)
            assert answer
            assert answer.ok, address
            expect(page.get_by_role("heading", level=1).first).to_be_visible()
            wrong.extend(f"{address}: {idle}" for idle in page.evaluate(IDLE))
            wrong.extend([f"{address} is too wide"] if overflow(page) > 0 else [])
            hrefs = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href')).filter(href => href.startsWith('/'))")
            return [str(href) for href in hrefs if not href.startswith(OUTSIDE)]

        seen = walk(["/"], visit)
    assert not wrong, "\n".join(wrong)
    assert {"/studies/*/map statement", "/studies/*/map/compare", "/participants/*", "/personas/*", "/transcripts/* quote"} <= seen
    assert demo.errors == []
