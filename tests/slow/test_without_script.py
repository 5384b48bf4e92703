"""With scripts blocked a study is made, filled, run, read, corrected and cut anew; `test_way_through` reads every page so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, Visitor, served, visiting
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

INTERVIEWS = Path(__file__).parents[2] / "fixtures" / "transcripts" / "first-hearing-aids"
FILES = ("01-farah.txt", "03-emlyn.txt")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Somebody at a server with nothing in it yet."""
    with served(tmp_path_factory.mktemp("house")) as (house, base), visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as made:
        yield made


def test_a_study_is_made_run_read_corrected_and_cut_anew(reader: Visitor) -> None:
    with reader.context(DESK, java_script_enabled=False) as context:
        page = context.new_page()
        study = make_and_fill(page)
        run_and_open(page, study)
        narrow(page)
        compare(page, study)
        correct_a_tag(page, study)
        merge_two_stages(page, study)
        name_a_persona(page, study)
    assert reader.errors == []


def make_and_fill(page: Page) -> str:
    page.goto("/")
    page.get_by_label("Name", exact=True).fill("Hearing aids")
    page.get_by_role("button", name="Create the study").click()
    study = page.url
    page.set_input_files("input[type=file]", [INTERVIEWS / name for name in FILES])
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you add them")
    for name in FILES:
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    page.set_input_files("input[type=file]", [INTERVIEWS / name for name in FILES])
    page.get_by_role("button", name="Add these").click()
    expect(page.get_by_role("list", name="What became of the files").get_by_role("listitem")).to_have_count(2)
    row = page.get_by_role("row", name="Beth Lindqvist")
    row.get_by_role("combobox").select_option("interviewer")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Beth Lindqvist").get_by_role("combobox")).to_have_value("interviewer")
    return study


def run_and_open(page: Page, study: str) -> None:
    page.get_by_role("button", name="What will it take?").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(study)
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("status").first).to_contain_text("Finished")
    page.get_by_role("link", name="Open the map").click()
    expect(page).to_have_url(f"{study}/map")


def narrow(page: Page) -> None:
    page.locator("summary").filter(has_text="Filter").first.click()
    page.get_by_role("checkbox", name="P1", exact=True).click()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Remove P1 from the filter")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("1 of 2 participants")


def compare(page: Page, study: str) -> None:
    page.get_by_role("link", name="Compare two").click()
    page.get_by_role("combobox", name="Compare", exact=True).select_option("P1")
    page.get_by_role("combobox", name="with", exact=True).select_option("P2")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("P1 and P2")
    page.goto(f"{study}/map")


def correct_a_tag(page: Page, study: str) -> None:
    page.goto(f"{study}/map?view=grid")
    page.locator(".lane-pains .statement > a").first.click()
    panel = page.get_by_role("complementary")
    panel.locator("summary").filter(has_text="Correct").first.click()
    panel.get_by_role("combobox", name="Emotion").first.select_option("anger")
    panel.get_by_role("button", name="Save these tags").first.click()
    expect(page).to_have_url(re.compile("saved=1"))
    page.goto(f"{study}/quotes?review=corrected")
    expect(page.get_by_role("status").first).to_contain_text("1 quote")
    expect(page.get_by_text("Corrected by").first).to_be_visible()


def merge_two_stages(page: Page, study: str) -> None:
    page.goto(f"{study}/stages")
    titles = page.get_by_label("Title", exact=True)
    before = titles.count()
    kept = titles.nth(1).input_value()
    page.get_by_role("combobox", name="What becomes of it").first.select_option(label=f"Merge into {kept}")
    page.get_by_role("button", name="See what moves").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is what moves")
    page.get_by_role("button", name="Save the stages").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.get_by_label("Title", exact=True)).to_have_count(before - 1)


def name_a_persona(page: Page, study: str) -> None:
    page.goto(f"{study}/people")
    page.locator("summary").filter(has_text=re.compile(r"Edit\W+P1")).click()
    page.get_by_label("New personas").first.fill("Early adopter")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("link", name="Early adopter").first).to_be_visible()
    page.goto(f"{study}/map")
    page.locator("summary").filter(has_text="Filter").first.click()
    expect(page.get_by_role("checkbox", name="Early adopter")).to_be_visible()
