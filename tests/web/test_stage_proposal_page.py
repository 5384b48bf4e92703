"""The page of proposed stages: what asking takes, waiting, choosing, and nothing that moves before it was shown."""

import html
import re

import pytest
from fakes import FakeLanguageModel, FakeRedactor
from house import House
from querying import noted_queries
from web.test_stages_page import fields, send, show, stages, titles

from app.adapters.prompts import PromptLibrary
from app.services.words import Words
from app.stages.propose_stages import PROPOSE_STAGES


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    made.model = FakeLanguageModel()
    made.app.__dict__.update({"words": Words(made.model, PromptLibrary(), 16_384), "redactor": FakeRedactor()})
    yield made
    made.close()


@pytest.fixture
def study(house):
    return house.drawn()


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def proposed(house, study):
    place = f"/studies/{study}/stages/proposal"
    assert send(house, place, {}) == place
    return show(house, place)


def chosen(page, *leave, mode="replace"):
    """What a browser would send of the form of a proposal with these stages left out."""
    found = {"mode": mode}
    for tag in re.findall(r"<input\b[^>]*>", page):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") != "radio" and (said.get("type") != "checkbox" or " checked" in tag):
            found[said["name"]] = html.unescape(said.get("value", ""))
    found |= {name: html.unescape(value) for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)}
    for title in leave:
        number = next(name.partition("-")[2] for name, value in found.items() if name.startswith("title-") and value == title)
        found.pop(f"keep-{number}")
    return found


def test_without_a_model_the_pages_say_so_and_what_to_do_instead(house, monkeypatch):
    study = house.study()
    monkeypatch.setitem(house.app.__dict__, "words", None)
    monkeypatch.delitem(house.app.__dict__, "stage_proposing", raising=False)
    for path in (f"/studies/{study}/stages", f"/studies/{study}/stages/proposal"):
        page = show(house, path)
        assert "needs a language model, and none is configured" in page
        assert "begin with the template that comes nearest" in page
        assert "Propose stages from the interviews</" not in page
    house.app.__dict__.pop("stage_proposing")


def test_what_asking_takes_is_said_before_the_first_call(house, study):
    assert f'href="/studies/{study}/stages/proposal"' in show(house, f"/studies/{study}/stages")
    before = len(house.model.of(PROPOSE_STAGES))
    page = words(show(house, f"/studies/{study}/stages/proposal"))
    assert "One model call, about 10 tokens in and at most 5 out." in page
    assert "scripted" in page
    assert len(house.model.of(PROPOSE_STAGES)) == before
    assert "too few" in show(house, f"/studies/{house.study()}/stages/proposal")


def test_proposed_stages_come_with_quotes_that_lead_to_their_place_and_to_who_said_them(house, study):
    page = proposed(house, study)
    people = {p["pseudonym"]: p["id"] for p in house.get(f"/studies/{study}/participants")["items"]}
    assert "3 stages are proposed" in page
    for stage in house.get(f"/studies/{study}/stage-proposals")["items"][0]["stages"]:
        for quote in stage["quotes"]:
            assert html.escape(quote["text"], quote=False).replace('"', "&#34;").replace("'", "&#39;") in page
            assert f"?quote={quote['id']}#q-{quote['id']}" in page
            assert f'href="/participants/{people[quote["participant"]]}"' in page
    assert "Look at the proposed stages" in show(house, f"/studies/{study}/stages")


def test_chosen_stages_are_previewed_and_saved_by_the_forms_that_change_stages(house, study):
    page = proposed(house, study)
    form = chosen(page, "Hearing of it")
    number = next(name.partition("-")[2] for name, value in form.items() if value == "When it breaks")
    form[f"title-{number}"] = "It breaks"
    before = stages(house, study)
    preview = show(house, f"/studies/{study}/stages/proposal/preview", form)
    assert stages(house, study) == before
    assert re.search(r"<b[^>]*>Support</b> is now called <b[^>]*>It breaks</b>", preview)
    assert re.search(r"<b[^>]*>Awareness</b> is removed", preview)
    further = show(house, f"/studies/{study}/stages/form", fields(preview))
    assert titles(fields(further))[:2] == ["Getting it to work", "It breaks"]
    again = show(house, f"/studies/{study}/stages/preview", fields(further))
    send(house, f"/studies/{study}/stages", fields(again))
    assert [s["title"] for s in stages(house, study)] == ["Getting it to work", "It breaks"]
    assert house.get(f"/studies/{study}/stage-proposals")["items"][0]["verdict"] == "accepted"
    assert "You took stages over" in show(house, f"/studies/{study}/stages/proposal")


def test_added_stages_leave_the_present_ones_where_they_are(house, study):
    form = chosen(proposed(house, study), "When it breaks", "Getting it to work", mode="add")
    preview = show(house, f"/studies/{study}/stages/proposal/preview", form)
    assert re.search(r"<b[^>]*>Hearing of it</b> is added", preview)
    assert "is removed" not in preview
    send(house, f"/studies/{study}/stages", fields(preview))
    assert len(stages(house, study)) == 8


def test_what_cannot_be_is_said_on_the_page_and_nothing_that_was_typed_is_lost(house, study):
    form = chosen(proposed(house, study), "Getting it to work")
    number = next(name.partition("-")[2] for name, value in form.items() if value == "When it breaks")
    form |= {f"title-{number}": "hearing OF it", f"definition-{number}": "Typed with care."}
    page = show(house, f"/studies/{study}/stages/proposal/preview", form, status=422)
    assert 'role="alert"' in page
    assert "Two of these stages have the same name" in page
    assert chosen(page) == form
    none = {name: value for name, value in form.items() if not name.startswith("keep-")}
    assert "no stage was kept" in show(house, f"/studies/{study}/stages/proposal/preview", none, status=422).lower()


def test_none_of_them_may_be_wanted(house, study):
    form = chosen(proposed(house, study))
    assert send(house, f"/studies/{study}/stages/proposal/dismiss", form) == f"/studies/{study}/stages#propose"
    page = show(house, f"/studies/{study}/stages/proposal")
    assert "You kept none of the stages" in page
    assert "No call" in page
    assert stages(house, study)[0]["key"] == "awareness"


def test_a_page_that_waits_says_so_and_looks_again_without_script(house, study):
    house.queue.holding = True
    try:
        page = proposed(house, study)
    finally:
        house.queue.holding = False
    assert "Waiting for the worker" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "data-waiting" in page
    assert "A model is reading the interviews" in show(house, f"/studies/{study}/stages")
    house.app.stage_proposing.work(house.queue.waiting.pop())
    assert "data-waiting" not in show(house, f"/studies/{study}/stages/proposal")


def test_what_went_wrong_is_said_and_one_can_ask_again(house, study):
    house.model.broken.add(PROPOSE_STAGES)
    try:
        page = proposed(house, study)
    finally:
        house.model.broken.clear()
    assert "Nothing came of it: The endpoint is down." in words(page)
    assert "3 stages are proposed" in proposed(house, study)


def test_words_of_a_model_are_only_words(house, study):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"

    def mend(_request, value):
        for stage in value["s"]:
            stage |= {"definition": attack, "why": attack, "title": f"{stage['title'].split()[0]} <b>"}

    house.model.mend = mend
    try:
        page = proposed(house, study)
    finally:
        house.model.mend = lambda _request, _value: None
    preview = show(house, f"/studies/{study}/stages/proposal/preview", chosen(page))
    for shown in (page, preview):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "49" not in words(shown)


def test_the_page_asks_the_database_a_bounded_number_of_times(house, study):
    def asked():
        with noted_queries() as seen:
            show(house, f"/studies/{study}/stages/proposal")
        return len(seen)

    assert asked() <= 40
    page = proposed(house, study)
    assert asked() <= 40
    with noted_queries() as seen:
        show(house, f"/studies/{study}/stages/proposal/preview", chosen(page))
    assert len(seen) <= 45
