import re
from html import unescape

import pytest
from fakes import GrumblingTagger
from house import House
from querying import noted_queries

from app.domain.tags import MAX_VALENCE
from app.web.opportunity_chart import CHARTED, RADIUS, opportunity_chart

ORIGIN = {"Origin": "http://127.0.0.1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    made.app.__dict__["taggers"] = {"offline": GrumblingTagger()}
    yield made
    made.close()


@pytest.fixture(scope="module")
def study(house):
    return house.drawn("Bea", "Carl")


@pytest.fixture
def items(house, study):
    return house.get(f"/studies/{study}/opportunities")["items"]


def read(house, path):
    answer = house.browser.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def save(house, study, o, **given):
    fields = {"owner": "", "status": "proposed", "note": "", "text": o["text"], "priority": "", "etag": o["etag"]}
    return house.browser.post(
        f"/opportunities/{o['id']}", data=fields | {"back": f"/studies/{study}/opportunities?saved={o['id']}"} | given, headers=ORIGIN
    )


def test_the_page_lists_opportunities_by_priority_with_what_they_come_from(house, study, items):
    text = read(house, f"/studies/{study}/opportunities")
    places = [text.index(f'id="o-{o["id"]}"') for o in items]
    assert places == sorted(places)
    for o in items:
        assert o["why"] in text
        assert o["beside"] in text
        for stage in o["stages"]:
            assert f"/studies/{study}/map?statement={stage['statement_id']}" in text
    assert text.count('class="stops"') >= len(items)
    assert text.count("What works already") == sum(bool(o["working"]) for o in items)


def test_the_drawing_has_a_table_of_the_same_figures(house, study, items):
    text = read(house, f"/studies/{study}/opportunities")
    assert text.count('class="chance-mark"') == len(items)
    table = text[text.index("The figures as a table") :]
    for o in items:
        assert f'<a href="#o-{o["id"]}"' in table


def test_owner_and_status_are_saved_by_a_plain_form(house, study, items):
    o = items[0]
    answer = save(house, study, o, owner="Ann", status="planned")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/studies/{study}/opportunities?saved={o['id']}")
    told = house.get(f"/opportunities/{o['id']}")
    assert (told["owner"], told["status"]) == ("Ann", "planned")
    assert told["decided"].keys() == {"owner", "status"}
    text = read(house, answer.headers["location"])
    assert '<span role="status">Saved.</span>' in text
    assert "Owner: Ann" in text
    for _ in range(2):
        decision = re.search(r"/opportunities/decisions/(\w+)/undo", read(house, f"/studies/{study}/opportunities"))
        gone = house.browser.post(
            f"/opportunities/decisions/{decision[1]}/undo", data={"back": f"/studies/{study}/opportunities?undone=1"}, headers=ORIGIN
        )
        assert gone.status_code == 303
        assert "Taken back." in read(house, gone.headers["location"])
    assert house.get(f"/opportunities/{o['id']}")["decided"] == {}


def test_an_empty_wording_or_priority_goes_back_to_the_maps(house, study, items):
    o = items[0]
    save(house, study, o, text="How might we answer sooner?", priority="5")
    told = house.get(f"/opportunities/{o['id']}")
    assert (told["text"], told["priority"]) == ("How might we answer sooner?", 5)
    assert "set by people; computed" in read(house, f"/studies/{study}/opportunities")
    save(house, study, told, text="", priority="")
    assert house.get(f"/opportunities/{o['id']}")["decided"] == {}


def test_saving_what_somebody_else_has_changed_since_says_so(house, study, items):
    o = items[0]
    save(house, study, o, owner="Ann")
    answer = save(house, study, o, owner="Bo", note="Typed with care")
    assert answer.status_code == 412
    assert "read it again" in answer.text
    assert "Typed with care</textarea>" in answer.text, "to be copied, since no browser keeps it"
    assert f'href="/studies/{study}"' in answer.text
    assert save(house, study, o | {"etag": "*"}, priority="many").status_code == 422
    save(house, study, house.get(f"/opportunities/{o['id']}"), owner="")


def test_filters_narrow_the_list_and_can_be_left(house, study, items):
    text = read(house, f"/studies/{study}/opportunities?status=done")
    assert "No opportunity fits these filters." in text
    assert f'<a href="/studies/{study}/opportunities">show all</a>' in text
    assert len(re.findall(r'<article class="chance ', read(house, f"/studies/{study}/opportunities?owner=none"))) == len(items)


def test_a_study_without_a_map_or_without_pains_says_what_is_missing(house):
    bare = house.study()
    assert "Add transcripts first" in read(house, f"/studies/{bare}/opportunities")
    house.upload(bare, ("ann.txt", b"Ann Interviewer: How was it?\n\nBea: The chat was lovely and the chat was quick for me.\n"))
    house.script.post(f"/api/v1/studies/{bare}/runs")
    assert "nothing to rank yet" in read(house, f"/studies/{bare}/opportunities")


def test_the_number_of_queries_is_bounded(house, study):
    read(house, f"/studies/{study}/opportunities")
    with noted_queries() as asked:
        read(house, f"/studies/{study}/opportunities")
    assert len(asked) <= 40


def test_marks_stand_where_their_figures_say_and_never_hide_each_other():
    rows = [{"id": str(n), "participants": 1 + n % 4, "intensity": (None, 1.0, 2.0)[n % 3], "text": "t"} for n in range(CHARTED + 5)]
    chart = opportunity_chart(rows, 6)
    marks = chart["marks"]
    assert len(marks) == CHARTED
    for n, one in enumerate(marks):
        assert chart["left"] <= one["x"] <= chart["right"]
        assert all(max(abs(one["x"] - m["x"]), abs(one["y"] - m["y"])) >= 2 * RADIUS for m in marks[:n])
    alone = opportunity_chart([{"id": "a", "participants": 6, "intensity": MAX_VALENCE, "text": "t"}], 6)
    assert alone["marks"][0]["x"] == alone["across"][-1]["x"]
    assert alone["marks"][0]["y"] == next(t["y"] for t in alone["up"] if t["words"] == "strongly")


def test_words_of_people_cannot_become_markup(house, study, items):
    o = items[0]
    save(house, study, o, owner="<script>alert(1)</script>")
    raw = house.browser.get(f"/studies/{study}/opportunities").text
    assert "<script>alert" not in raw
    assert "&lt;script&gt;alert(1)" in raw
    save(house, study, house.get(f"/opportunities/{o['id']}"), owner="")


def test_what_was_decided_about_an_opportunity_that_left_the_map_is_still_shown(house):
    study = house.drawn("Dina", "Emil")
    o = house.get(f"/studies/{study}/opportunities")["items"][0]
    house.script.patch(f"/api/v1/opportunities/{o['id']}", json={"owner": "Ann", "status": "in_progress"})
    for quote in house.get(f"/opportunities/{o['id']}")["said"]:
        house.script.patch(f"/api/v1/quotes/{quote['id']}/tags", json={"experience": "neutral"})
    text = read(house, f"/studies/{study}/opportunities")
    assert "No longer on the map" in text
    assert "owner: Ann; status: In progress" in text or "status: In progress; owner: Ann" in text
