"""The page that lays out a map's rows, a map's title and scenario, the list of maps, and bookmarks that outlive what they name."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from house import House
from page_samples import STUDY, journey, stage, statement
from querying import noted_queries

from app.exports.arrange import STEPS_SHOWN, parted, rows_of
from app.web.map_list import age_of
from app.web.pages import render_page


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def study(house):
    """A study with its map; each test lays it out anew."""
    return house.drawn()


def show(house, path, data=None, status=200):
    answer = house.browser.get(path) if data is None else house.browser.post(path, data=data)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.text


def send(house, path, data=None):
    answer = house.browser.post(path, data=data or {})
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.headers["location"]


def fields(page):
    """What a browser would send of the form with the rows."""
    form = next(part for part in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if 'name="seen"' in part)
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") != "checkbox" or re.search(r"\schecked\b", tag):
            found[said["name"]] = html.unescape(said.get("value", ""))
    return found | {
        name: html.unescape(words) for name, words in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    }


def keys(form):
    return [form[name] for name in sorted((n for n in form if n.startswith("key-")), key=lambda n: int(form[n.replace("key", "order")]))]


def number(form, key):
    return next(name.partition("-")[2] for name, value in form.items() if name.startswith("key-") and value == key)


def shown_rows(page):
    return re.findall(r'<div class="lane-head lane-(\w+)"', page)


def test_rows_are_moved_hidden_and_written_by_a_form_without_script_and_saved_at_last(house, study):
    place = f"/studies/{study}/map/rows"
    form = fields(show(house, place))
    form = fields(show(house, f"{place}/form", form | {"do": f"up:{number(form, 'pains')}"}))
    form = fields(show(house, f"{place}/form", form | {"do": "add"}))
    assert keys(form)[0] == ""
    assert "lane-own" not in show(house, f"/studies/{study}/map?view=grid"), "nothing is stored before it is saved"
    support = next(s["id"] for s in house.get(f"/studies/{study}/stages")["items"] if s["key"] == "support")
    form |= {"title-0": "Owner <b>", f"cell-0-{support}": "Ann\r\n<script>alert(1)</script>"}
    del form[f"shown-{number(form, 'thoughts')}"]
    saved = send(house, place, form)
    assert saved == f"{place}?saved=1"
    assert "Saved." in show(house, saved)
    page = show(house, f"/studies/{study}/map?view=grid")
    assert [row for row in shown_rows(page) if row != "steps"] == [
        "own",
        "actions",
        "pains",
        "touchpoints",
        "delights",
        "opportunities",
        "business_actions",
    ]
    assert 'dir="auto">Owner &lt;b&gt;</span>' in page
    assert 'dir="auto">Ann\n&lt;script&gt;alert(1)&lt;/script&gt;</p>' in page
    own = next(row["key"] for row in house.get(f"/studies/{study}/map")["layout"]["rows"] if row["title"])
    assert f'name="hide" value="{own}"' in page
    assert "lane-own" not in show(house, f"/studies/{study}/map?view=grid&hide={own}")
    back = fields(show(house, f"{place}/form", fields(show(house, place)) | {"do": "usual"}))
    assert keys(back)[-1] == own
    gone = fields(show(house, f"{place}/form", back | {"do": f"remove:{number(back, own)}"}))
    send(house, place, gone)
    assert "lane-thoughts" in show(house, f"/studies/{study}/map?view=grid")
    assert "lane-own" not in show(house, f"/studies/{study}/map?view=grid")


def test_rows_that_cannot_be_saved_are_shown_again_with_what_was_typed(house, study):
    place = f"/studies/{study}/map/rows"
    form = fields(show(house, f"{place}/form", fields(show(house, place)) | {"do": "add"}))
    cell = next(name for name in form if name.startswith("cell-0-"))
    page = show(house, place, form | {cell: "words without a title"}, status=422)
    assert "needs a title" in page
    assert "words without a title" in page


def test_whoever_was_quicker_is_not_overwritten(house, study):
    place = f"/studies/{study}/map/rows"
    form = fields(show(house, place))
    send(house, place, {name: value for name, value in form.items() if name != f"shown-{number(form, 'delights')}"})
    added = fields(show(house, f"{place}/form", form | {"do": "add"}))
    again = show(house, place, added | {"title-0": "Typed with care"}, status=412)
    assert "nothing was saved yet" in again
    assert "Typed with care" in again, "nobody types it twice"
    assert fields(again)["seen"] == fields(show(house, place))["seen"] != form["seen"]
    send(house, place, fields(show(house, place)) | {f"shown-{number(form, 'delights')}": "1"})


def test_rows_that_somebody_else_added_meanwhile_join_what_was_typed(house, study):
    place = f"/studies/{study}/map/rows"
    mine, theirs = (
        {**fields(show(house, f"{place}/form", fields(show(house, place)) | {"do": "add"})), "title-0": title}
        for title in ("Mine", "Theirs")
    )
    send(house, place, theirs)
    send(house, place, fields(show(house, place, mine, status=412)))
    page = show(house, place)
    assert 'value="Mine"' in page
    assert 'value="Theirs"' in page
    for _ in range(2):
        form = fields(show(house, place))
        own = next(name.removeprefix("title-") for name in form if name.startswith("title-"))
        send(house, place, fields(show(house, f"{place}/form", form | {"do": f"remove:{own}"})))


def test_the_comparison_leaves_out_what_is_hidden_and_says_so(house, study):
    place = f"/studies/{study}/map/rows"
    form = fields(show(house, place))
    send(house, place, {name: value for name, value in form.items() if name != f"shown-{number(form, 'touchpoints')}"})
    page = show(house, f"/studies/{study}/map/compare")
    assert "Rows that are hidden on this map are left out here too: Touchpoints." in page
    assert 'class="lane-mark lane-touchpoints"' not in page
    send(house, place, fields(show(house, place)) | {f"shown-{number(form, 'touchpoints')}": "1"})
    assert 'class="lane-mark lane-touchpoints"' in show(house, f"/studies/{study}/map/compare")


def test_a_map_has_a_title_and_a_scenario_that_can_be_changed_and_is_deleted_when_asked_twice(house, study):
    at = send(house, f"/studies/{study}/maps", {"name": "Late", "scenario": "A customer whose <parcel> is late", "channels": ["phone"]})
    map_id = at.rpartition("=")[2]
    page = show(house, at)
    assert 'class="scenario"' in page
    assert "A customer whose &lt;parcel&gt; is late</span></p>" in page
    listed = page.partition('<ul class="map-list">')[2].partition("</ul>")[0]
    assert [
        words in listed for words in ("Late", "&lt;parcel&gt;", "only Phone", "everybody, all channels", "drawn today", "version 1")
    ] == [True] * 6
    assert "Yes, delete this map" in page
    assert send(house, f"/studies/{study}/maps/{map_id}", {"name": "Later", "scenario": ""}) == at
    page = show(house, at)
    assert "Later</h1>" in page
    assert 'class="scenario"' not in page
    assert house.browser.post(f"/studies/{study}/maps/{map_id}", data={"name": " "}).status_code == 422
    assert house.browser.post(f"/studies/{house.study()}/maps/{map_id}", data={"name": "x"}).status_code == 404
    assert "map/rows?map=" + map_id in page
    assert f'action="/studies/{study}/map/rows?map={map_id}"' in show(house, f"/studies/{study}/map/rows?map={map_id}")
    assert send(house, f"/studies/{study}/maps/{map_id}/delete") == f"/studies/{study}/map"
    assert house.browser.get(at).status_code == 404
    default = show(house, f"/studies/{study}/map")
    assert "Yes, delete this map" not in default
    assert house.browser.post(f"/studies/{study}/maps/{house.get(f'/studies/{study}/map')['map_id']}/delete").status_code == 409


def test_a_bookmark_outlives_the_persona_that_it_names(house, study):
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json={"name": "Careful"}).json()["id"]
    people = house.get(f"/studies/{study}/participants")["items"]
    bookmark = f"/studies/{study}/map?persona={persona}&participant={people[0]['id']}&view=grid"
    house.browser.post(f"/personas/{persona}/delete")
    page = show(house, bookmark)
    assert "A persona of this filter is no longer in the study." in page
    assert "1 of 2 participants" in page, "the rest of the filter holds"
    assert persona not in page, "no link of the page asks for it again"
    both = show(house, f"/studies/{study}/map?persona={persona}&persona=x&theme=y&participant=z")
    assert [words in both for words in ("2 personas of this filter", "A theme of this filter", "A participant of this filter")] == [
        True
    ] * 3
    assert "map-frame" in both
    assert "no longer on this map" in show(
        house, f"/studies/{study}/map/compare?left=persona:{persona}&right=participant:{people[0]['id']}"
    )


def test_a_bookmark_of_what_is_gone_leads_to_the_study_that_it_was_in(house, study):
    there = f'href="/studies/{study}/map"'
    for gone in ("map?statement=gone", "map?map=gone", "map/rows?map=gone"):
        assert there in show(house, f"/studies/{study}/{gone}", status=404)
    assert 'href="/studies/gone' not in show(house, "/studies/gone/map", status=404), "which would be gone too"


def test_whoever_is_on_the_map_is_a_link_to_what_they_told(house, study):
    who = house.get(f"/studies/{study}/participants")["items"][0]
    page = show(house, f"/studies/{study}/map?view=grid")
    assert f'<a href="/participants/{who["id"]}"><bdi><b>P1</b></bdi></a>' in page


def step(n, **changes):
    return statement(n, f"Step {n}", place=n / 10, theme_id=None, contrary_total=0, **changes)


def test_steps_stand_under_the_stages_title_the_most_shared_first_and_the_rest_on_request():
    steps = [step(n, participants=1 + n % 3, evidence_total=n) for n in range(8)]
    few, rest = parted(steps)
    assert [s["id"] for s in few] == sorted(s["id"] for s in few)
    assert (len(few), [s["id"] for s in rest]) == (STEPS_SHOWN, ["st0", "st3"])
    document = journey() | {"stages": [{**stage("s1"), "steps": steps}, stage("s2")]}
    page = render_page("map.html", study=STUDY, map=document, open=None)
    cell = page.partition('id="c-s1-steps"')[2].partition('id="c-s1-actions"')[0]
    assert cell.index("Step 1<") < cell.index("2 more") < cell.index("Step 0<")
    assert 'href="/studies/st/map?statement=st1#s-st1" data-panel="st1"' in cell
    assert "not divided" in page.partition('id="c-s2-steps"')[2].partition("</div>")[0]


def test_a_map_without_steps_has_no_row_for_them_and_hidden_rows_are_left_out():
    assert [row.key for row in rows_of(journey())][:2] == ["actions", "thoughts"]
    layout = {
        "rows": [
            {"key": "pains", "shown": True},
            {"key": "own-1", "shown": True, "title": "KPI", "cells": {"s1": "42 %"}},
            {"key": "actions", "shown": False},
        ]
    }
    rows = rows_of(journey() | {"layout": layout})
    assert [(row.key, row.own, dict(row.cells)) for row in rows] == [("pains", False, {}), ("own-1", True, {"s1": "42 %"})]
    assert [row.key for row in rows_of(journey() | {"layout": layout}, ["own-1"])] == ["pains"]


def test_the_age_of_a_map_is_told_in_days_and_then_by_its_day():
    now = datetime(2026, 3, 1, 9, tzinfo=UTC)
    told = [age_of(now - timedelta(days=days), now) for days in (0, 1, 3, 40)]
    assert told == ["drawn today", "drawn yesterday", "drawn 3 days ago", "drawn on 20 January 2026"]


def test_the_page_of_rows_asks_a_bounded_number_of_queries(house, study):
    show(house, f"/studies/{study}/map/rows")
    with noted_queries() as asked:
        show(house, f"/studies/{study}/map/rows")
    assert len(asked) <= 20, asked
