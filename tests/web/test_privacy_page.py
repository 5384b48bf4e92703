"""The page about personal data, over a real server and without script."""

import html
import re

import pytest
from house import TALK, House

WORDS = "Bea: My number is 0161 496 0733, and my sister works at Acme <Dent> Co. Acme <Dent> Co is where I went first."


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def study(house):
    study_id = house.study()
    house.upload(study_id, ("bea & co.txt", f"{TALK.format(name='Bea')}\n{WORDS}\n".encode()))
    return study_id


def show(house, study_id, **params):
    answer = house.browser.get(f"/studies/{study_id}/privacy", params=params)
    assert answer.status_code == 200
    return answer.text


def send(house, study_id, path, **data):
    answer = house.browser.post(f"/studies/{study_id}/privacy/{path}", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def row(page, words):
    rows = re.findall(r'<li class="term.*?</li>', page, re.DOTALL)
    return next(r for r in rows if f'<b dir="auto">{html.escape(words)}</b>' in r)


def test_the_study_leads_to_the_page_which_says_that_nothing_was_searched_yet(house, study):
    assert f'href="/studies/{study}/privacy"' in house.browser.get(f"/studies/{study}").text
    page = show(house, study)
    assert "Nothing was searched yet" in page
    assert "On: others read placeholders" in page
    assert "How it reads for others" not in page


def test_searching_shows_what_was_found_by_kind_with_an_example_and_what_it_cost(house, study):
    assert send(house, study, "find") == f"/studies/{study}/privacy"
    page = show(house, study)
    assert re.search(r"\d+ findings in 1 transcript, [\d.]+ s with", page)
    assert "Search now" not in page
    assert "Phone numbers" in page
    phone = row(page, "0161 496 0733")
    assert "My number is <mark>0161 496 0733</mark>, and my sister" in phone
    assert "[phone]" in phone
    assert "bea &amp; co.txt" in phone


def test_a_term_is_added_shown_and_given_back_by_forms(house, study):
    send(house, study, "find")
    target = send(house, study, "terms", words="Acme <Dent> Co", kind="other")
    term_id = target.rpartition("#term-")[2]
    added = row(show(house, study), "Acme <Dent> Co")
    assert "[other]" in added
    assert "2 times in 1 transcript, decided by people" in added
    send(house, study, "terms", words="acme <dent> co", kind="show")
    assert "shown as it is" in row(show(house, study), "Acme <Dent> Co")
    send(house, study, f"terms/{term_id}/undo")
    assert "Acme &lt;Dent&gt; Co</b>" not in show(house, study)


def test_a_transcript_reads_side_by_side_as_spoken_and_as_others_see_it(house, study):
    send(house, study, "find")
    page = show(house, study)
    preview = page[page.index('id="preview"') :]
    assert "<mark>0161 496 0733</mark>" in preview
    assert "<mark>[phone]</mark>" in preview
    assert "[P1]" in preview
    transcript = house.get(f"/studies/{study}/transcripts")["items"][0]["id"]
    assert "No further turn" in show(house, study, transcript=transcript, at=100)
    assert house.browser.get(f"/studies/{study}/privacy?transcript=nowhere").status_code == 404


def test_turning_it_off_needs_a_clear_yes_and_is_said_plainly_everywhere(house, study):
    refused = house.browser.post(f"/studies/{study}/privacy/switch", data={"redact": "off"})
    assert refused.status_code == 422
    assert "still replaced" in refused.text
    send(house, study, "switch", redact="off", sure="yes")
    page = show(house, study)
    assert "Off: words leave as spoken" in page
    assert "by owner" in page
    assert "names included" in house.browser.get(f"/studies/{study}").text
    send(house, study, "switch", redact="on")
    assert "On: others read placeholders" in show(house, study)


def test_who_is_not_signed_in_is_shown_nothing(house, study):
    assert house.stranger.get(f"/studies/{study}/privacy").status_code in {303, 307, 401}
    assert house.stranger.post(f"/studies/{study}/privacy/switch", data={"redact": "off", "sure": "yes"}).status_code in {303, 401, 403}
    assert house.get(f"/studies/{study}")["redact"] is True
