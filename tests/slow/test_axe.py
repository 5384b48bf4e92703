"""Every page and state by the rules of axe-core: at a desk, on a tablet and on a phone, light, dark, in contrast and in forced colours."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import DESK, PHONE, Visitor, served, visiting
from house import House, talk
from playwright.sync_api import Page, expect
from walking import walk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

AXE = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
TABLET = {"width": 1024, "height": 768}
SETTINGS: dict[str, dict[str, Any]] = {
    "light at a desk": {"size": DESK, "color_scheme": "light"},
    "dark at a desk": {"size": DESK, "color_scheme": "dark"},
    "light on a tablet": {"size": TABLET, "color_scheme": "light"},
    "dark on a tablet": {"size": TABLET, "color_scheme": "dark"},
    "light on a phone": {"size": PHONE, "color_scheme": "light"},
    "dark on a phone": {"size": PHONE, "color_scheme": "dark"},
    "forced colours at a desk": {"size": DESK, "forced_colors": "active"},
    "more contrast on a tablet": {"size": TABLET, "color_scheme": "light", "contrast": "more"},
    "more contrast, dark, on a phone": {"size": PHONE, "color_scheme": "dark", "contrast": "more"},
}
SHORT = (("pages", "light at a desk"), ("states", "dark on a phone"))
LONG = tuple((what, where) for where in SETTINGS for what in ("pages", "states") if (what, where) not in SHORT)
OUTSIDE = ("/api/", "/static/")


@dataclass
class Place:
    """Somebody who looks at a house, and the ids of what is in it."""

    visitor: Visitor
    study: str
    persona: str
    empty: str
    runs: dict[str, str]
    gaps: str


class Half:
    """Every second quote or so, by its id."""

    def __contains__(self, quote_id: str) -> bool:
        return int(quote_id[:2], 16) % 2 == 0


def furnish(house: House) -> dict[str, Any]:
    """A study with its map, a persona and a theme made by hand; one with nothing in it; one with gaps; runs of every end."""
    study = house.drawn("Bea", "Carl", "Dina", "Emil")
    people = house.get(f"/studies/{study}/participants")["items"]
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Movers"}).json()["id"]
    house.script.patch(f"/api/v1/participants/{people[0]['id']}", json={"persona_ids": [persona], "attributes": {"plan": "Pro"}})
    quotes = [q["id"] for q in house.get(f"/studies/{study}/quotes")["items"]]
    house.app.codebooks.add(study, {"label": "Waiting"}, quotes[:4], actor="ann")
    empty = house.study(name="An empty study")
    gaps = house.study(name="A study with gaps")
    house.upload(gaps, talk("Fay"), talk("Gus"))
    house.app.taggers["offline"].refuses = Half()
    partial = house.script.post(f"/api/v1/studies/{gaps}/runs").json()["id"]
    house.app.taggers["offline"].refuses = set()
    house.queue.holding = True
    waiting = house.study(name="A study that waits")
    house.upload(waiting, talk("Hal"))
    failed, live = (house.script.post(f"/api/v1/studies/{each}/runs").json()["id"] for each in (gaps, waiting))
    house.app.runs.fail(failed, "the worker ran out of memory; give it more, then resume")
    house.queue.holding = False
    runs = {"partial": partial, "failed": failed, "live": live}
    assert house.get(f"/runs/{partial}")["status"] == "partial"
    return {"study": study, "persona": persona, "empty": empty, "runs": runs, "gaps": gaps}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with served(tmp_path_factory.mktemp("house")) as (house, base):
        held = furnish(house)
        with visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as visitor:
            yield Place(visitor, **held)


def faults(page: Page) -> list[str]:
    """What is wrong with the page, once it shows what it asked the server for, in its own letters: others are of another size."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => true)")
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    return [f"{v['id']} at {page.url}: {node['target']} {node['html'][:160]}" for v in found for node in v["nodes"][:3]]


def unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")


def open_pain(page: Page, place: Place, view: str = "") -> None:
    page.goto(f"/studies/{place.study}/map{view}")
    page.locator(".lane-pains .statement > a").first.click()
    page.get_by_role("complementary").locator("blockquote").first.wait_for()


def at(address: str) -> Callable[[Page, Place], None]:
    """The state that an address has; what stands in braces is the place's."""

    def go(page: Page, place: Place) -> None:
        page.goto(address.format(**vars(place), **place.runs))
        unfolded(page)

    return go


def panel_of_the_full_map(page: Page, place: Place) -> None:
    open_pain(page, place, "?view=grid")


def correction_open(page: Page, place: Place) -> None:
    open_pain(page, place)
    unfolded(page)


def transcript_beside(page: Page, place: Place) -> None:
    open_pain(page, place)
    page.get_by_role("link", name="in the transcript").first.click()
    page.locator("mark.is-focus").wait_for()


def filter_open(page: Page, place: Place) -> None:
    page.goto(f"/studies/{place.study}/map")
    page.locator("summary").filter(has_text="Filter").first.click()


def no_answer(page: Page, place: Place) -> None:
    page.goto(f"/studies/{place.study}/map")
    page.context.set_offline(True)
    page.locator(".lane-pains .statement > a").first.click()
    page.get_by_role("alert").wait_for()
    page.context.set_offline(False)


def stages_before_saving(page: Page, place: Place) -> None:
    page.goto(f"/studies/{place.study}/stages")
    page.get_by_label("What becomes of it").first.select_option(index=1)
    page.get_by_label("Title", exact=True).nth(2).fill("Another title")
    page.locator("button.primary", has_text="See what moves").click()
    page.get_by_role("heading", name="This is what moves").wait_for()
    unfolded(page)


def stages_refused(page: Page, place: Place) -> None:
    page.goto(f"/studies/{place.study}/stages")
    page.get_by_label("Title", exact=True).first.fill("")
    page.locator("button.primary", has_text="See what moves").click()
    page.get_by_role("alert").wait_for()


def choose_files(page: Page, place: Place) -> None:
    page.goto(f"/studies/{place.study}")
    name, words = talk("Ida")
    files = [
        {"name": name, "mimeType": "text/plain", "buffer": words},
        {"name": "x.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypmp42"},
    ]
    page.set_input_files("input[type=file]", files)
    page.locator("#preview").wait_for()


def signed_out(page: Page, place: Place) -> None:
    page.context.clear_cookies()
    page.goto(f"/studies/{place.study}")
    page.get_by_role("heading", name="Sign in").wait_for()


STATES: dict[str, Callable[[Page, Place], None]] = {
    "a panel": open_pain,
    "a panel of the full map": panel_of_the_full_map,
    "a correction": correction_open,
    "a transcript beside": transcript_beside,
    "the filter": filter_open,
    "no answer": no_answer,
    "narrowed to a persona": at("/studies/{study}/map?persona={persona}"),
    "a line for each persona": at("/studies/{study}/map?view=grid&curves=personas"),
    "narrowed to nothing": at("/studies/{study}/map?persona={persona}&channel=ad&experience=pain"),
    "two side by side": at("/studies/{study}/map/compare?left=persona:{persona}"),
    "stages before saving": stages_before_saving,
    "stages that cannot be": stages_refused,
    "files before adding": choose_files,
    "an empty study": at("/studies/{empty}"),
    **{f"the {name} of an empty study": at(f"/studies/{{empty}}/{name}") for name in ("map", "people", "stages", "themes", "quotes")},
    **{f"the {name} of an empty study": at(f"/studies/{{empty}}/{name}") for name in ("opportunities", "search", "codebook", "coverage")},
    "a study with gaps": at("/studies/{gaps}"),
    "a map with gaps": at("/studies/{gaps}/map?view=grid"),
    "what was not tagged": at("/studies/{gaps}/quotes?state=gap"),
    "a run with gaps": at("/runs/{partial}"),
    "a run that failed": at("/runs/{failed}"),
    "a run that waits": at("/runs/{live}"),
    "nothing there": at("/studies/no-such-study"),
    "nothing to be asked": at("/studies/{study}/map?channel=carrier-pigeon"),
    "signed out": signed_out,
}


def look_at_pages(page: Page, base: str) -> tuple[set[str], list[str]]:
    """Every kind of page that a link leads to: which there are, and what is wrong with them."""
    wrong: list[str] = []

    def visit(address: str) -> list[str]:
        page.goto(address)
        unfolded(page)
        wrong.extend(faults(page))
        hrefs = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href')).filter(href => href.startsWith('/'))")
        return [str(href) for href in hrefs if not href.startswith(OUTSIDE)]

    own_sample = ["/components"] if page.request.get(f"{base}/components").ok else []
    return walk(["/", *own_sample], visit), wrong


def look_at_states(page: Page, place: Place) -> list[str]:
    wrong = []
    for name, put in STATES.items():
        put(page, place)
        wrong += [f"{name}: {fault}" for fault in faults(page)]
    return wrong


def check(place: Place, what: str, where: str) -> None:
    """Look at all pages, or at all states, in one setting; nothing of it may break a rule."""
    with place.visitor.context(reduced_motion="reduce", **SETTINGS[where]) as context:
        context.add_init_script(path=AXE)
        page = context.new_page()
        if what == "states":
            wrong = look_at_states(page, place)
        else:
            seen, wrong = look_at_pages(page, place.visitor.base)
            assert {"/", "/studies/*", "/studies/*/map", "/studies/*/map statement", "/studies/*/themes", "/transcripts/* quote"} <= seen
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("what", "where"), SHORT)
def test_none_of_them_breaks_a_rule(place: Place, what: str, where: str) -> None:
    check(place, what, where)


@pytest.mark.long
@pytest.mark.parametrize(("what", "where"), LONG)
def test_none_of_them_breaks_a_rule_in_any_other_light(place: Place, what: str, where: str) -> None:
    check(place, what, where)
