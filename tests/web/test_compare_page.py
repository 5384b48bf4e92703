"""Two parts of a map side by side: what can be chosen, what differs most, and that each side opens its own evidence."""

import html
import re

import pytest
from house import House
from querying import noted_queries

from app.domain.narrowing import Narrowing
from app.web.map_choices import Choices
from app.web.map_sides import sides_of, told_apart, usual_sides


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def drawn(house):
    return house.drawn()


def people(house, study):
    return house.get(f"/studies/{study}/participants")["items"]


def show(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.text


def links(page):
    return [html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)]


def side(participants, of=4, quotes=2):
    return {"participants": participants, "of_participants": of, "evidence_total": quotes}


def row(key, left, right, difference):
    return {"id": key, "text": key, "theme_id": None, "left": left, "right": right, "difference": difference}


def test_before_anybody_chose_the_first_two_participants_are_laid_side_by_side(house, drawn):
    page = show(house, f"/studies/{drawn}/map/compare")
    assert "<bdi>P1</bdi>" in page
    assert "<bdi>P2</bdi>" in page
    assert page.count('class="curve-pair') >= 2
    assert "Where they differ most" in page


def test_each_side_opens_the_map_narrowed_to_it_with_the_statement(house, drawn):
    one, other = people(house, drawn)
    page = show(house, f"/studies/{drawn}/map/compare?left=participant:{one['id']}&right=participant:{other['id']}")
    opening = [href for href in links(page) if "statement=" in href]
    assert opening
    for href in (opening[0], opening[-1], next(h for h in links(page) if "curve=1" in h)):
        assert "view=grid" in href
        assert len(re.findall(r"participant=(\w+)", href)) == 1
        assert 'id="evidence"' in show(house, href.partition("#")[0])


def test_two_that_are_the_same_are_not_compared(house, drawn):
    who = people(house, drawn)[0]["id"]
    page = show(house, f"/studies/{drawn}/map/compare?left=participant:{who}&right=participant:{who}")
    assert "Choose two that are not the same." in page
    assert "curve-pair" not in page


def test_one_participant_alone_is_told_that_there_is_nobody_to_compare_with(house):
    study = house.drawn("Bea")
    assert "there is nobody to compare with" in show(house, f"/studies/{study}/map/compare")


def test_who_is_gone_is_not_chosen(house, drawn):
    page = show(house, f"/studies/{drawn}/map/compare?left=participant:nobody")
    assert "Choose two to lay side by side." in page


def test_another_map_is_compared_by_what_it_is_limited_to(house):
    study = house.drawn()
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Careful"}).json()["id"]
    house.script.patch(f"/api/v1/participants/{people(house, study)[0]['id']}", json={"persona_ids": [persona]})
    made = house.script.post(f"/api/v1/studies/{study}/maps", json={"name": "Careful only", "personas": [persona]}).json()["id"]
    page = show(house, f"/studies/{study}/map/compare?left=map:{made}&right=participant:{people(house, study)[1]['id']}")
    assert "<bdi>Careful only</bdi>" in page
    assert any(f"persona={persona}" in href for href in links(page) if "statement=" in href)


def test_rows_stand_by_how_far_they_differ_and_the_most_telling_come_first_of_all():
    lanes = {"pains": [row("a", side(2), side(1), 0.25), row("b", None, side(4), -1.0), row("same", side(1), side(1), 0.0)]}
    compared = {"left": side(4), "right": side(4), "stages": [{"id": "s", "title": "S", "lanes": lanes}]}
    told = told_apart(compared)
    assert [r["id"] for r in told["stages"][0]["rows"]] == ["b", "a", "same"]
    assert [(r["id"], r["lane"], r["stage"]["title"]) for r in told["telling"]] == [("b", "pains", "S"), ("a", "pains", "S")]


def test_the_personas_that_most_stand_for_come_first_and_one_persona_alone_is_not_enough():
    whole = {"participants": [{"personas": ["Rare"]}, {"personas": ["Usual"]}, {"personas": ["Usual", "Often"]}, {"personas": ["Often"]}]}

    def usual(*personas):
        choices = Choices(personas, (("1", "P1"), ("2", "P2")), (), (), (), ())
        return usual_sides(sides_of(choices, []), whole)

    assert usual(("r", "Rare"), ("u", "Usual"), ("o", "Often")) == ("persona:u", "persona:o")
    assert usual(("u", "Usual")) == ("participant:1", "participant:2")


def test_a_side_knows_the_part_of_the_map_it_stands_for():
    shown = {"id": "m", "name": "Support only", "filter": {"personas": [], "channels": ["phone"]}}
    sides = sides_of(Choices((("p", "Careful"),), (), (), (), (), ()), [shown])
    assert sides["map:m"].narrowing == Narrowing(channels=("phone",))
    assert sides["map:m"].pairs == (("channel", "phone"),)
    assert sides["persona:p"].pairs == (("persona", "p"),)


def test_a_comparison_that_is_too_much_for_one_page_leads_to_each_stage(house, monkeypatch):
    pages = ((study, show(house, f"/studies/{study}/map/compare")) for study in (house.drawn() for _ in range(10)))
    drawn, whole = next(found for found in pages if '<details class="rest"' in found[1])  # in some, no stage has more than a few rows
    monkeypatch.setattr("app.web.views_compare.ROOM", 0)
    page = show(house, f"/studies/{drawn}/map/compare")
    assert len(page) < len(whole)
    more = next(href for href in links(page) if href.startswith("?all="))
    opened = show(house, f"/studies/{drawn}/map/compare{more.partition('#')[0]}")
    assert len(page) < len(opened)
    assert '<details class="rest" open>' in opened


def test_the_number_of_queries_of_a_comparison_is_bounded(house, drawn):
    show(house, f"/studies/{drawn}/map/compare")
    with noted_queries() as asked:
        show(house, f"/studies/{drawn}/map/compare")
    assert len(asked) <= 42
