"""The page that changes stages: a form that works without scripts, what moves before it is saved, templates, what we do."""

import html
import re

import pytest
from house import House
from querying import noted_queries


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def study(house):
    return house.drawn()


def show(house, path, data=None, status=200):
    answer = house.browser.get(path) if data is None else house.browser.post(path, data=data)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.text


def send(house, path, data):
    answer = house.browser.post(path, data=data)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.headers["location"]


def fields(page):
    """What a browser would send of the form with the rows: every named field with its value."""
    form = next(part for part in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if 'name="seen"' in part)
    found = {}

    def put(name, value):
        found.setdefault(name, []).append(html.unescape(value))

    for tag in re.findall(r"<input\b[^>]*>", form):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") != "checkbox" or re.search(r"\schecked\b", tag)):
            put(said["name"], said.get("value", ""))
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        put(name, value)
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        put(name, re.search(r'value="([^"]*)"(?= selected)', options).group(1) if " selected" in options else "")
    return found


def row_of(form, title):
    return next(name.partition("-")[2] for name, value in form.items() if name.startswith("title-") and value == [title])


def titles(form):
    rows = sorted((int(value[0]), name.partition("-")[2]) for name, value in form.items() if name.startswith("order-"))
    return [form[f"title-{n}"][0] for _, n in rows]


def stages(house, study):
    return house.get(f"/studies/{study}/stages")["items"]


def test_the_study_leads_to_its_stages_and_the_form_says_what_they_are(house, study):
    assert f'href="/studies/{study}/stages"' in show(house, f"/studies/{study}")
    form = fields(show(house, f"/studies/{study}/stages"))
    told = stages(house, study)
    assert titles(form) == [s["title"] for s in told]
    assert [form[f"base-{n}"] for n in range(len(told))] == [s["base"] for s in told]
    assert [form[f"definition-{n}"] for n in range(len(told))] == [[s["definition"]] for s in told]


def test_stages_move_up_and_down_by_buttons_without_script_and_nothing_is_stored(house, study):
    form = fields(show(house, f"/studies/{study}/stages"))
    first = titles(form)
    form["title-0"] = ["Hearing of it"]
    page = show(house, f"/studies/{study}/stages/form", form | {"do": "down:0"})
    assert "Not saved yet" in page
    assert titles(fields(page)) == [first[1], "Hearing of it", *first[2:]]
    assert 'value="up:0"' not in page
    page = show(house, f"/studies/{study}/stages/form", fields(page) | {"do": f"up:{len(first) - 1}"})
    assert titles(fields(page))[-2:] == [first[-1], first[-2]]
    assert [s["title"] for s in stages(house, study)] == first


def test_positions_are_also_given_as_numbers_and_what_has_none_comes_last(house):
    study = house.study(template="three-stage")
    form = fields(show(house, f"/studies/{study}/stages"))
    form |= {"order-0": ["x"], "order-1": ["9"], "order-2": ["1"]}
    assert send(house, f"/studies/{study}/stages", form) == f"/studies/{study}/stages?saved=1"
    assert [s["key"] for s in stages(house, study)] == ["after", "during", "before"]


def test_a_merge_is_shown_before_it_is_saved_and_taken_out_again_by_a_button(house, study):
    before = stages(house, study)
    every = {s["id"]: house.get(f"/studies/{study}/quotes", params={"stage": s["id"]})["total"] for s in before}
    into, source = sorted(before, key=lambda s: -every[s["id"]])[:2]
    form = fields(show(house, f"/studies/{study}/stages"))
    form[f"fate-{row_of(form, source['title'])}"] = [into["id"]]
    preview = show(house, f"/studies/{study}/stages/preview", form)
    assert "This is what moves" in preview
    assert re.search(rf"<b[^>]*>{source['title']}</b> becomes part of <b[^>]*>{into['title']}</b>", preview)
    assert f"{every[source['id']]} quote" in preview
    assert stages(house, study) == before
    kept = fields(preview)
    assert kept["seen"] == form["seen"]
    again = show(house, f"/studies/{study}/stages/form", kept)
    assert fields(again)[f"fate-{row_of(fields(again), source['title'])}"] == [into["id"]]
    send(house, f"/studies/{study}/stages", kept)
    page = show(house, f"/studies/{study}/stages?saved=1")
    assert "Saved." in page
    assert f"{source['title']}</bdi> was merged into it" in page
    out = show(house, f"/studies/{study}/stages/form", fields(page) | {"do": f"out:{source['id']}"})
    place = titles(fields(out)).index(into["title"])
    assert titles(fields(out))[place + 1] == source["title"]
    foretold = show(house, f"/studies/{study}/stages/preview", fields(out))
    assert "is a stage of its own again" in foretold
    send(house, f"/studies/{study}/stages", fields(foretold))
    assert {s["id"] for s in stages(house, study)} == {s["id"] for s in before}
    assert house.get(f"/studies/{study}/quotes", params={"stage": source["id"]})["total"] == every[source["id"]]


def test_a_stage_is_removed_and_another_added_and_the_page_says_what_that_means(house, study):
    form = fields(show(house, f"/studies/{study}/stages"))
    form[f"fate-{row_of(form, 'Loyalty')}"] = ["remove"]
    page = show(house, f"/studies/{study}/stages/form", form | {"do": "add"})
    new = fields(page)
    new[f"title-{row_of(new, '')}"] = ["Years on"]
    preview = show(house, f"/studies/{study}/stages/preview", new)
    assert re.search(r"<b[^>]*>Loyalty</b> is removed", preview)
    assert re.search(r"<b[^>]*>Years on</b> is added", preview)
    assert f'href="/studies/{study}/estimate?tagger=auto&amp;retag=1"' in preview
    show(house, f"/studies/{study}/estimate?tagger=auto&retag=1")
    send(house, f"/studies/{study}/stages", fields(preview))
    assert [s["title"] for s in stages(house, study)][-2:] == ["Support", "Years on"]


def test_what_cannot_be_is_said_on_the_form_and_nothing_that_was_typed_is_lost(house, study):
    form = fields(show(house, f"/studies/{study}/stages"))
    ids = {s["key"]: s["id"] for s in stages(house, study)}
    form[f"fate-{row_of(form, 'Use')}"] = [ids["support"]]
    form[f"fate-{row_of(form, 'Support')}"] = [ids["use"]]
    form["title-0"] = ["Typed with care"]
    page = show(house, f"/studies/{study}/stages/preview", form, status=422)
    assert 'role="alert"' in page
    assert "can only be merged into a stage that stays" in page
    assert fields(page) | {"x": []} == form | {"x": []}
    assert "Nothing moves" in show(house, f"/studies/{study}/stages/preview", fields(show(house, f"/studies/{study}/stages")))


def test_a_form_that_is_older_than_the_stages_saves_nothing(house, study):
    form = fields(show(house, f"/studies/{study}/stages"))
    house.script.put(
        f"/api/v1/studies/{study}/stages", json={"stages": [{"id": s["id"], "title": s["title"]} for s in stages(house, study)[1:]]}
    )
    again = show(house, f"/studies/{study}/stages", form | {"title-1": ["Typed with care"]}, status=412)
    assert "nothing was saved yet" in again
    assert fields(again)["title-0"] == ["Typed with care"], "nobody types it twice, and the stage that is gone is not asked about"
    assert fields(again)["seen"] != form["seen"]
    assert len(stages(house, study)) == 6
    show(house, f"/studies/{study}/stages", {}, status=422)


def test_hostile_titles_and_definitions_stay_words(house):
    study = house.study(template="three-stage")
    form = fields(show(house, f"/studies/{study}/stages"))
    evil = '"><script>alert(1)</script>'
    form |= {"title-0": [evil], "definition-0": [evil]}
    for path in ("form", "preview"):
        page = show(house, f"/studies/{study}/stages/{path}", form)
        assert "<script>alert" not in page
        assert fields(page)["title-0"] == [evil]


def test_stages_become_a_template_that_the_form_for_studies_offers(house, study):
    assert send(house, f"/studies/{study}/templates", {"title": "House style"}) == f"/studies/{study}/stages#templates"
    key = next(t["key"] for t in house.get("/templates")["items"] if t["title"] == "House style")
    assert f'value="{key}"' in show(house, "/")
    assert "House style" in show(house, f"/studies/{study}/stages")
    send(house, f"/studies/{study}/templates/{key}/delete", {})
    assert f'value="{key}"' not in show(house, "/")
    show(house, f"/studies/{study}/templates", {"title": ""}, status=422)


def test_what_we_do_is_written_stage_by_stage_and_on_each_map_its_own(house, study):
    use = next(s for s in stages(house, study) if s["key"] == "use")
    back = send(house, f"/studies/{study}/business-actions", {"stage": use["id"], "line": "front", "text": "Greet everybody"})
    assert back == f"/studies/{study}/stages#do-{use['id']}"
    page = show(house, f"/studies/{study}/stages")
    assert "Greet everybody" in page
    assert "Front stage" in page
    m = house.get(f"/studies/{study}/map")["map_id"]
    action = house.get(f"/maps/{m}/business-actions")["items"][0]
    send(house, f"/studies/{study}/business-actions/{action['id']}", {"line": "back", "text": "Prepare the room"})
    assert house.get(f"/maps/{m}/business-actions")["items"][0]["line"] == "back"
    other = house.script.post(f"/api/v1/studies/{study}/maps", json={"name": "By phone", "channels": ["phone"]}).json()["id"]
    place = send(house, f"/studies/{study}/business-actions", {"map": other, "stage": use["id"], "text": "Answer"})
    assert place == f"/studies/{study}/stages?map={other}#do-{use['id']}"
    assert "Answer" in show(house, place.partition("#")[0])
    assert "Prepare the room" not in show(house, place.partition("#")[0])
    form = {"map": m, "stage": use["id"]}
    assert send(house, f"/studies/{study}/business-actions/{action['id']}/delete", form) == f"/studies/{study}/stages#do-{use['id']}"
    assert house.get(f"/maps/{m}/business-actions")["items"] == []


def test_before_the_first_map_the_page_says_where_what_we_do_will_stand(house):
    study = house.study()
    assert "the first run draws one" in show(house, f"/studies/{study}/stages")
    show(house, f"/studies/{study}/business-actions", {"stage": "use", "text": "Greet"}, status=422)


def test_a_study_of_twelve_stages_is_one_form(house):
    study = house.study()
    form = fields(show(house, f"/studies/{study}/stages"))
    for n in range(7, 12):
        page = show(house, f"/studies/{study}/stages/form", form | {"do": "add"})
        form = fields(page)
        form[f"title-{row_of(form, '')}"] = [f"Further {n}"]
    send(house, f"/studies/{study}/stages", form)
    assert len(stages(house, study)) == 12
    assert show(house, f"/studies/{study}/stages").count("<legend dir=") == 12


def test_the_pages_ask_the_database_a_bounded_number_of_times(house, study):
    with noted_queries() as seen:
        form = fields(show(house, f"/studies/{study}/stages"))
    assert len(seen) <= 30
    with noted_queries() as seen:
        show(house, f"/studies/{study}/stages/preview", form)
    assert len(seen) <= 35
