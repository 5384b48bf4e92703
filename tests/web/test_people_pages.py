"""Pages about people over a real server: what each shows, where each form leads."""

import html
import re

import pytest
from house import House, talk
from querying import noted_queries

from app.web.people_charts import small_curve
from app.web.people_list import LISTED

ARABIC = "\u0644\u064a\u0644\u0649 \u062d\u0633\u0646"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def grouped(house):
    return house.grouped()


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.text


def send(house, path, data=None):
    answer = house.browser.post(path, data=data)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text}"
    return answer.headers["location"]


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def people_of(house, study):
    return house.get(f"/studies/{study}/participants")["items"]


def test_the_study_leads_to_its_people_and_each_of_them_to_a_page(house, grouped):
    assert f'href="/studies/{grouped}/people"' in show(house, f"/studies/{grouped}")
    page = show(house, f"/studies/{grouped}/people")
    for person in people_of(house, grouped):
        assert f'href="/participants/{person["id"]}"' in page
        assert person["name"] in page
        alone = show(house, f"/participants/{person['id']}")
        assert alone.count("<h1") == 1
        assert person["name"] in alone


def test_a_participant_page_tells_the_path_in_both_orders_and_leads_on(house, grouped):
    one, two, *_ = people_of(house, grouped)
    page = show(house, f"/participants/{two['id']}")
    told = house.get(f"/participants/{two['id']}/journey")
    listed = re.search(r'aria-label="In the order of telling">(.*?)</ol>', page, re.DOTALL)[1]
    assert re.findall(r'href="#step-(\w+)"', listed) == told["told_order"]
    assert re.findall(r'id="step-(\w+)"', page) == [s["stage_id"] for s in told["path"]]
    assert f'href="/participants/{one["id"]}" rel="prev"' in page
    assert 'rel="next"' in page
    assert f"/studies/{grouped}/quotes?participant=P2" in page
    assert "with 1 other" in page
    assert all(f"statement={s['id']}" in page for s in told["statements"] if s["lane"] != "touchpoints")


def test_what_a_participant_said_is_folded_by_stage_with_every_word_in_reach(house, grouped, monkeypatch):
    one = people_of(house, grouped)[0]
    told = house.get(f"/participants/{one['id']}/journey", params={"limit": 200})
    page = show(house, f"/participants/{one['id']}").partition('id="quotes"')[2]
    parts = re.findall(r'<details class="said-stage" id="said-(\w+)"( open)?>', page)
    spoken = [s["stage_id"] for s in told["path"] if s["quotes"]]
    assert [stage for stage, _ in parts if stage != "none"] == spoken
    assert [stage for stage, opened in parts if opened] == [parts[0][0]]
    assert sorted(re.findall(r'<li id="q-(\w+)">', page)) == sorted(told["quote_ids"])
    keys = {s["stage_id"]: s["key"] for s in told["path"]}
    monkeypatch.setattr("app.web.views_people.SAID_SHOWN", 1)
    page = show(house, f"/participants/{one['id']}").partition('id="quotes"')[2]
    long = [keys[s["stage_id"]] for s in told["path"] if s["quotes"] > 1]
    assert re.findall(r"participant=P1&amp;stage=([\w-]+)", page) == [*long, *["none"] * (page.count("stage=none"))]
    monkeypatch.setattr("app.web.views_people.SAID_SHOWN", 8)
    monkeypatch.setattr("app.web.views_people.OPEN_AT_ONCE", 1)
    page = show(house, f"/participants/{one['id']}").partition('id="quotes"')[2]
    assert page.count('<details class="rest">') >= len(long) > 0


def test_who_says_nothing_and_who_is_not_read_yet_have_sensible_pages(house):
    study = house.study()
    quiet = "Ann: How did it go for you, all in all?\n\nBea: Mm.\n\nCarl: I paid with my card and nothing happened for a whole week.\n"
    house.upload(study, ("quiet.txt", quiet.encode()))
    by_name = {p["name"]: p["id"] for p in people_of(house, study)}
    assert "once a run has drawn the map" in show(house, f"/participants/{by_name['Bea']}")
    assert "once a run" in show(house, f"/studies/{study}/people")
    house.script.post(f"/api/v1/studies/{study}/runs")
    page = show(house, f"/participants/{by_name['Bea']}")
    assert "said nothing that could be quoted" in page
    assert "1 sentence of theirs was left out" in words(page)
    assert "1 quote, by stage and within it in the order of telling." in words(show(house, f"/participants/{by_name['Carl']}"))
    assert "nothing to quote" in show(house, f"/studies/{study}/people")


def test_many_people_are_listed_in_pages_and_whoever_is_edited_is_found_on_theirs(house):
    study = house.study()
    names = [f"{first}{last}" for first in ("Ba", "Ce", "Di", "Fo", "Gu") for last in ("bel", "dor", "fin", "gus", "lia")]
    spoken = "\n\n".join(f"Ann Interviewer: And what happened to you then?\n\n{name}: I paid with my card and waited." for name in names)
    house.upload(study, ("round.txt", spoken.encode()))
    ids = [p["id"] for p in people_of(house, study)]
    assert len(ids) == LISTED + 1
    send(house, f"/studies/{study}/personas", {"name": "All of them"})
    place = f"/studies/{study}/people"
    first, last = show(house, place), show(house, f"{place}?page=2")
    assert [re.findall(r'id="person-(\w+)"', page) for page in (first, last)] == [ids[:LISTED], ids[LISTED:]]
    assert "1 to 24 of 25" in words(first)
    assert "25 to 25 of 25" in words(last)
    assert re.findall(r'href="([^"]+)" rel="(\w+)"', first) == [(f"{place}?page=2", "next")]
    assert re.findall(r'href="([^"]+)" rel="(\w+)"', last) == [(place, "prev")]
    for page in (first, last):
        assert "25 participants" in words(page)
        assert "All of them" in words(page.partition('id="personas"')[2])
    assert all(f'<option value="{person}">' in last for person in ids[:LISTED])
    assert send(house, f"/participants/{ids[-1]}", {"name": "Zoe"}) == f"{place}?page=2#person-{ids[-1]}"
    assert send(house, f"/participants/{ids[0]}", {"name": "Amy"}) == f"{place}#person-{ids[0]}"
    beyond = house.browser.get(f"{place}?page=3")
    assert beyond.status_code == 404
    assert "on 2 pages, so there is no page 3" in words(beyond.text)


def test_a_study_without_people_says_where_they_come_from(house):
    page = show(house, f"/studies/{house.study()}/people")
    assert "add transcripts" in page
    assert "None yet" in page


def test_an_arabic_name_decides_its_own_direction(house):
    study = house.study()
    house.upload(study, talk(ARABIC))
    (one,) = people_of(house, study)
    for path in (f"/studies/{study}", f"/studies/{study}/people", f"/participants/{one['id']}"):
        assert f'<span dir="auto">{ARABIC}</span>' in show(house, path), path


def test_a_participant_who_was_joined_leads_to_who_they_are(house):
    study = house.drawn("Bea", "Carl")
    one, two = people_of(house, study)
    assert send(house, f"/participants/{two['id']}/join", {"into": one["id"]}) == f"/studies/{study}/people#person-{one['id']}"
    answer = house.browser.get(f"/participants/{two['id']}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/participants/{one['id']}")
    page = show(house, f"/participants/{one['id']}")
    assert f'action="/participants/{two["id"]}/separate"' in page
    assert "carl.txt" in page


def test_a_participant_is_edited_where_they_are_shown_and_one_comes_back_there(house):
    study = house.drawn("Bea", "Carl")
    one = people_of(house, study)[0]
    form = {"name": "Beatrice", "attributes": "plan: Pro", "new_personas": "Careful"}
    assert send(house, f"/participants/{one['id']}", form | {"back": "person"}) == f"/participants/{one['id']}"
    assert send(house, f"/participants/{one['id']}", form) == f"/studies/{study}/people#person-{one['id']}"
    page = show(house, f"/participants/{one['id']}")
    assert "Beatrice" in page
    assert "plan: Pro" in page
    assert ">Careful</a>" in page


def test_personas_are_made_of_an_attribute_edited_and_removed(house):
    study = house.drawn("Bea", "Carl", "Dina")
    for person, plan in zip(people_of(house, study), ("Pro", "Pro", "Free"), strict=True):
        send(house, f"/participants/{person['id']}", {"name": person["name"], "attributes": f"plan: {plan}\nid: {person['id']}"})
    page = show(house, f"/studies/{study}/people")
    assert re.findall(r'name="attribute" value="(\w+)"', page.partition("From what is known")[2]) == ["plan"]
    assert send(house, f"/studies/{study}/personas/of-attribute", {"attribute": "plan"}) == f"/studies/{study}/people#personas"
    personas = {p["name"]: p for p in house.get(f"/studies/{study}/personas")["items"]}
    assert {name: p["participants"] for name, p in personas.items()} == {"Pro": 2, "Free": 1}
    page = show(house, f"/studies/{study}/people")
    assert "From what is known" not in page
    assert "By rule: everybody with plan: Pro" in words(page)
    place = f"/personas/{personas['Pro']['id']}"
    assert send(house, place, {"name": "Payers", "attribute": "", "value": ""}) == place
    assert house.get(place)["rule"] is None
    assert house.browser.post(place, data={"name": " "}).status_code == 422
    assert send(house, f"{place}/delete") == f"/studies/{study}/people#personas"
    assert house.browser.get(place).status_code == 404


def test_a_persona_page_shows_both_shares_and_leads_to_its_map_and_a_comparison(house, grouped):
    one, two, *_ = people_of(house, grouped)
    target = send(house, f"/studies/{grouped}/personas", {"name": "Patient", "attribute": "mood", "value": "patient"})
    persona = target.partition("#persona-")[2]
    page = show(house, f"/personas/{persona}")
    assert "Nobody yet" in page
    for person in (one, two):
        send(house, f"/participants/{person['id']}", {"name": person["name"], "attributes": "mood: patient"})
    page = show(house, f"/personas/{persona}")
    assert f'href="/studies/{grouped}/map?persona={persona}"' in page
    assert f'href="/studies/{grouped}/map/compare?left=persona:{persona}"' in page
    assert "2 of 2 , elsewhere 0 of 2" in words(page)
    assert "mood: patient (all)" in words(page)
    assert f'href="/participants/{one["id"]}"' in page.partition("Speaking for them")[2]


def test_a_proposed_group_is_named_accepted_and_rejected_by_form(house):
    study = house.grouped()
    page = show(house, f"/studies/{study}/people")
    actions = re.findall(r'action="(/studies/\w+/persona-proposals/\w+/accept)"', page)
    assert len(actions) == 2
    assert "2 of 2 , elsewhere 0 of 2" in words(page)
    assert "quotes behind it" in words(page)
    people = {p["pseudonym"]: p["id"] for p in people_of(house, study)}
    assert set(re.findall(r'<a class="who" href="/participants/(\w+)"><bdi>(P\d)</bdi></a>', page)) == {(i, p) for p, i in people.items()}
    target = send(house, actions[0], {"name": "The careful"})
    assert "The careful" in show(house, target)
    assert send(house, actions[1].replace("/accept", "/reject"), {"name": ""}) == f"/studies/{study}/people#proposals"
    page = show(house, f"/studies/{study}/people")
    assert "/accept" not in page
    assert "1 group you said no to" in words(page)
    send(house, f"/studies/{study}/persona-proposals/reconsider")
    assert actions[1] in show(house, f"/studies/{study}/people")


def test_words_of_people_are_only_words_on_their_pages(house):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
    study = house.drawn("Bea", "Carl")
    one = people_of(house, study)[0]
    send(
        house,
        f"/participants/{one['id']}",
        {"name": attack, "attributes": f"{attack.replace(':', '')}: {attack}", "new_personas": attack[:90]},
    )
    persona = house.get(f"/studies/{study}/personas")["items"][0]["id"]
    for path in (f"/studies/{study}/people", f"/participants/{one['id']}", f"/personas/{persona}", f"/studies/{study}"):
        page = show(house, path)
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert " style=" not in page, path


def test_no_page_about_people_asks_the_database_more_often_because_more_was_said(house):
    def asked(path):
        with noted_queries() as seen:
            show(house, path)
        return len(seen)

    study = house.drawn("Bea", "Carl")
    one = people_of(house, study)[0]
    send(house, f"/participants/{one['id']}", {"name": "Bea", "new_personas": "Careful"})
    persona = house.get(f"/studies/{study}/personas")["items"][0]["id"]
    paths = [f"/studies/{study}/people", f"/participants/{one['id']}", f"/personas/{persona}"]
    before = [asked(path) for path in paths]
    assert all(count <= most for count, most in zip(before, (80, 80, 55), strict=True)), before
    house.upload(study, talk("Dina"), talk("Emil"), talk("Fay"))
    house.script.post(f"/api/v1/studies/{study}/runs")
    show(house, paths[1])
    assert [asked(path) for path in paths] == before


def test_the_small_curve_leaps_over_stages_nobody_spoke_of():
    curve = small_curve(["a", "b", "c", "d"], {"a": 0.0, "b": 2.0, "d": -2.0})
    assert curve["line"] == "M8 18L24 5"
    assert curve["leaps"] == "M24 5L56 31"
    assert [p["x"] for p in curve["points"]] == [8, 24, 56]
    assert small_curve([], {})["points"] == []
