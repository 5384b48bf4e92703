import html
import re

import pytest
from house import House

from app.services.search import SEARCH_FILTERS
from app.web.views_search import FILTER_WORDS


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("search"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    return house.drawn()


def look(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def cards(page):
    return re.findall(r'<li id="q-([0-9a-f]+)">', page)


def test_the_words_that_were_looked_for_are_marked_and_lead_into_the_transcript(house, drawn):
    page = look(house, f"/studies/{drawn}/search?q=waited+minutes&mode=words")
    found = house.get(f"/studies/{drawn}/search", params={"q": "waited minutes", "mode": "words"})["items"]
    assert cards(page) == [q["id"] for q in found]
    assert page.count('<mark class="found">waiting</mark>') == page.count('<mark class="found">minutes</mark>') == 2
    for q in found:
        assert f"/transcripts/{q['transcript_id']}?quote={q['id']}" in page
    assert html.unescape(re.sub(r"<[^>]+>", "", re.search(r"<q>(.*?)</q>", page, re.DOTALL)[1])) == found[0]["text"]


def test_without_a_question_there_is_only_the_form(house, drawn):
    page = look(house, f"/studies/{drawn}/search")
    assert f'<form class="search-form" method="get" action="/studies/{drawn}/search"' in page
    assert 'name="q"' in page
    assert not cards(page)
    assert 'class="search-note"' not in page


def test_filters_are_kept_and_narrow_what_is_found(house, drawn):
    page = look(house, f"/studies/{drawn}/search?q=price&participant=P2&mode=words")
    person = next(p for p in house.get(f"/studies/{drawn}/participants")["items"] if p["pseudonym"] == "P2")
    assert f'<option value="{person["id"]}" selected>P2</option>' in page
    assert cards(page) == [q["id"] for q in house.get(f"/studies/{drawn}/search?q=price&participant=P2&mode=words")["items"]]
    assert "look among all quotes" in page


def test_every_quote_leads_to_more_like_it(house, drawn):
    quotes = look(house, f"/studies/{drawn}/quotes")
    likes = re.findall(rf'href="(/studies/{drawn}/search\?like=[0-9a-f]+)">more like this', quotes)
    assert len(likes) == house.get(f"/studies/{drawn}/quotes")["total"]
    page = look(house, likes[0])
    quote = likes[0].partition("like=")[2]
    assert "<h1>More like this</h1>" in page
    assert cards(page) == [q["id"] for q in house.get(f"/quotes/{quote}/similar")["items"]]
    panel = look(house, f"/studies/{drawn}/map?statement={next(iter(statements(house, drawn)))}")
    assert "search?like=" in panel


def statements(house, drawn):
    return [s["id"] for stage in house.get(f"/studies/{drawn}/map")["stages"] for lane in stage["lanes"].values() for s in lane]


def test_pages_follow_each_other_with_what_was_asked(house, drawn, monkeypatch):
    monkeypatch.setattr("app.web.views_search.SEARCH_PAGE", 1)
    page = look(house, f"/studies/{drawn}/search?q=price&experience=&mode=words")
    following = html.unescape(re.search(r'class="button" href="([^"]+cursor=[^"]+)"', page)[1])
    assert "q=price" in following
    assert "mode=words" in following
    assert cards(look(house, following)) != cards(page)


def test_what_was_not_as_asked_or_cannot_be_is_said_in_words(house, drawn):
    assert "“brillant” is in no quote; looked for “brilliant”" in look(house, f"/studies/{drawn}/search?q=brillant")
    assert "Say what to look for: one word or more." in look(house, f"/studies/{drawn}/search?q=%3F%21")
    assert "Nothing was found." in look(house, f"/studies/{drawn}/search?q=xylophone&mode=words")


def test_what_people_type_is_text_on_the_page(house, drawn):
    page = look(house, f"/studies/{drawn}/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&touchpoint=%22%3E%3Cb%3E")
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_quote_of_another_study_is_not_compared_here(house, drawn):
    other = house.drawn("Dina")
    quote = house.get(f"/studies/{other}/quotes")["items"][0]["id"]
    assert house.browser.get(f"/studies/{drawn}/search?like={quote}").status_code == 404


def test_every_filter_has_a_name_on_the_page():
    assert set(FILTER_WORDS) == set(SEARCH_FILTERS)


def test_filters_that_leave_nothing_are_named_with_what_there_is_without_each(house, drawn):
    page = look(house, f"/studies/{drawn}/search?q=price&mode=words&participant=P1&touchpoint=xylophone")
    words = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))
    assert "No quote fits the filters together." in words
    assert "Remove “Touchpoint”" in words
    assert "no quote has" not in words.lower()
    (link,) = re.findall(r'<ul class="without"><li><a href="([^"]+)"', page)
    assert "touchpoint" not in link
    again = look(house, html.unescape(link))
    assert cards(again) == [q["id"] for q in house.get(f"/studies/{drawn}/search?q=price&mode=words&participant=P1")["items"]]
    assert f"{len(cards(again))} quote" in words


def test_where_the_filters_are_not_to_blame_that_is_said(house, drawn):
    page = look(house, f"/studies/{drawn}/search?q=xylophone&mode=words&participant=P1")
    assert "Nothing was found, not without the filters either." in page
    two = look(house, f"/studies/{drawn}/search?q=price&mode=words&touchpoint=xylophone&transcript=nowhere")
    assert "removing one of them is not enough" in two


def test_found_quotes_are_ticked_and_put_into_a_theme(house):
    study = house.drawn("Emil", "Farid")
    into = house.app.codebooks.add(study, {"label": "Price"}, actor="ann").themes[0]["id"]
    at = f"/studies/{study}/search?q=price&mode=words"
    page = look(house, at)
    ticks = re.findall(r'name="quote" value="(\w+)" form="placing"', page)
    assert ticks == cards(page)
    assert f'<option value="{into}">Price</option>' in page
    back = html.unescape(re.search(r'name="back" value="([^"]+)">\s*<p class="placing-count"', page)[1])
    assert back == at
    answer = house.browser.post(f"/studies/{study}/placements", data={"quote": ticks, "do": "move", "to": into, "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{at}&saved=1")
    assert f"moved {len(ticks)} quotes to “Price”" in html.unescape(look(house, answer.headers["location"]))
    assert {q["theme_id"] for q in house.get(f"/studies/{study}/search?q=price&mode=words")["items"]} == {into}


def test_sentences_that_are_no_quotes_cannot_be_ticked(house):
    study = house.drawn("Gita")
    page = look(house, f"/studies/{study}/search?q=mm&mode=words&state=skipped")
    assert cards(page)
    assert 'name="quote"' not in page


def test_themes_marked_as_noise_can_be_searched_too(house):
    study = house.drawn("Hans", "Ines")
    noise = house.app.codebooks.read(study)["themes"][0]
    house.app.codebooks.change(noise["id"], {"mark": "noise"}, actor="ann")
    assert noise["id"] not in {t["id"] for t in house.get(f"/studies/{study}/themes")["items"]}
    word = house.get(f"/themes/{noise['id']}")["members"][0]["text"].split()[-1].strip(".")
    page = look(house, f"/studies/{study}/search?q={word}&mode=words&theme={noise['id']}")
    assert f'<option value="{noise["id"]}" selected>{html.escape(noise["label"])} (noise)</option>' in page
    assert cards(page)
