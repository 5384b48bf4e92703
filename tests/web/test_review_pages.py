"""Correcting tags on the pages, without a script and with one."""

import html
import re

import pytest
from house import House

WHOLE = {
    "stage": "loyalty",
    "experience": "pain",
    "emotion": "anger",
    "intensity": "3",
    "channel": "phone",
    "kind": "need",
    "touchpoint": "",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def study(house):
    return house.drawn("Bea")


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, path
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split())), answer.text


def quotes(house, study):
    return house.get(f"/studies/{study}/quotes")["items"]


def send(house, quote, what="", **form):
    return house.browser.post(f"/quotes/{quote['id']}/tags{what}", data=form)


def test_a_form_without_script_saves_and_leads_back_to_its_page(house, study):
    quote = quotes(house, study)[0]
    back = f"/studies/{study}/quotes?kind=need#q-{quote['id']}"
    answer = send(house, quote, **WHOLE, back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    words, _ = show(house, f"/studies/{study}/quotes")
    assert "Corrected by owner" in words
    assert "The model had said:" in words
    told = house.get(f"/quotes/{quote['id']}")
    assert (told["stage"], told["intensity"], told["touchpoint"]) == ("loyalty", 3, None)
    assert len(told["review"]["decided"]) == 7


def test_a_form_leads_to_no_other_site(house, study):
    quote = quotes(house, study)[0]
    for elsewhere in ("https://example.com/", "//example.com", "/\\example.com"):
        assert send(house, quote, "/confirm", back=elsewhere).headers["location"] == "/"


def test_every_form_of_a_quote_carries_its_tags_and_where_to_return(house, study):
    _, page = show(house, f"/studies/{study}/quotes?kind=need")
    cards = re.findall(r'<figure class="quote.*?</figure>', page, re.DOTALL)
    assert cards
    for card in cards:
        assert re.search(r'name="back" value="/studies/\w+/quotes\?kind=need#q-\w+"', html.unescape(card)), card
        assert len(re.findall(r"<option [^>]*selected", card)) == 6
        assert '<option value="need" selected>' in card


def test_with_a_script_the_card_alone_is_drawn_again(house, study):
    quote = quotes(house, study)[0]
    path = f"/quotes/{quote['id']}/tags/confirm"
    answer = house.browser.post(path, data={"back": f"/studies/{study}/quotes"}, headers={"X-Fragment": "quote"})
    assert answer.status_code == 200
    assert answer.text.count("<figure") == 1
    assert "<html" not in answer.text
    assert "Confirmed" in answer.text
    assert "/tags/confirm" not in answer.text
    assert f"/studies/{study}/quotes" in answer.text


def test_what_was_decided_is_taken_back(house, study):
    quote = quotes(house, study)[0]
    send(house, quote, **WHOLE)
    assert send(house, quote, "/undo", back="/").headers["location"] == "/"
    assert house.get(f"/quotes/{quote['id']}") == quote


def test_a_value_that_is_none_of_the_forms_is_a_page_that_says_so(house, study):
    answer = send(house, quotes(house, study)[0], **WHOLE | {"intensity": "much"})
    assert answer.status_code == 422
    assert "use 1, 2, 3" in answer.text


def test_the_queue_shows_what_nobody_looked_at_and_counts_what_somebody_did(house, study):
    everything = quotes(house, study)
    words, page = show(house, f"/studies/{study}/quotes")
    assert f"0 of {len(everything)} quotes looked at by a person" in words
    queue = next(href for href in re.findall(r'href="([^"]+)"', page) if "review=open" in href)
    send(house, everything[0], "/confirm")
    words, page = show(house, html.unescape(queue))
    assert "data-queue" in page
    assert f"1 of {len(everything)} quotes looked at" in words
    assert page.count("<figure") == len(everything) - 1
    assert "left out" not in words.partition("What became of it")[2]


def test_evidence_and_transcript_show_a_correction_at_once(house, study):
    quote = quotes(house, study)[0]
    send(house, quote, **WHOLE)
    _, page = show(house, f"/transcripts/{quote['transcript_id']}?quote={quote['id']}")
    mark = re.search(rf'<mark class="([^"]*)" id="q-{quote["id"]}"[^>]*title="([^"]*)"', page)
    assert "is-pain" in mark[1]
    assert mark[2].startswith("Loyalty, anger")
    document = house.get(f"/studies/{study}/map")
    loyalty = next(s for s in document["stages"] if s["key"] == "loyalty")
    words, page = show(house, f"/studies/{study}/map?stage={loyalty['id']}&curve=1")
    assert "Corrected by owner" in words
    assert f'name="back" value="/studies/{study}/map?stage={loyalty["id"]}&amp;curve=1&amp;saved=1"' in page


def test_a_correction_that_empties_what_was_open_leads_back_to_the_map(house, study):
    document = house.get(f"/studies/{study}/map")
    stage = next(s for s in document["stages"] if s["emotion"])
    path = f"/studies/{study}/map?stage={stage['id']}&curve=1"
    for quote in quotes(house, study):
        if quote["stage"] == stage["key"]:
            send(house, quote, **WHOLE | {"stage": "none"})
    assert house.browser.get(path).status_code == 404
    words, _ = show(house, f"{path}&saved=1")
    assert "The statement you came from" in words


def test_the_study_page_offers_to_tag_again_once_there_was_a_run(house, study):
    fresh = house.study()
    assert 'name="retag"' not in show(house, f"/studies/{fresh}")[1]
    assert "Tag all quotes again" in show(house, f"/studies/{study}")[0]
    send(house, quotes(house, study)[0], "/confirm")
    assert "Tag all quotes again, learning from your 1 checked quote" in show(house, f"/studies/{study}")[0]
    house.browser.post(f"/studies/{study}/runs", data={"tagger": "offline", "retag": "1"})
    assert house.get(f"/studies/{study}/runs")["items"][0]["retag"] is True
    assert "all quotes again" in show(house, f"/studies/{study}")[0]
