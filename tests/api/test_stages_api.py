"""Stages, templates and business actions over HTTP."""

import pytest
from querying import noted_queries


@pytest.fixture
def study(house):
    return house.drawn()


def rows(house, study, into=(), without=()):
    into = dict(into)
    told = house.get(f"/studies/{study}/stages")["items"]
    return [
        {"id": s["id"], "title": s["title"]} | ({"merge_into": into[s["key"]]} if s["key"] in into else {})
        for s in told
        if s["key"] not in set(without)
    ]


def put(house, study, stages, status=200, **more):
    answer = house.script.put(f"/api/v1/studies/{study}/stages", json={"stages": stages}, **more)
    assert answer.status_code == status, answer.text
    return answer


def total(house, study, stage):
    return house.get(f"/studies/{study}/quotes", params={"stage": stage})["total"]


def test_stages_are_previewed_merged_and_taken_out_again(house, study):
    every = {s["key"]: total(house, study, s["key"]) for s in house.get(f"/studies/{study}/stages")["items"]}
    one, other = sorted(every, key=lambda key: -every[key])[:2]
    before = house.get(f"/studies/{study}/stages")["items"]
    given = rows(house, study, into={other: one})
    answer = house.script.post(f"/api/v1/studies/{study}/stages/preview", json={"stages": given})
    told = {e["key"]: e for e in answer.json()["effects"]}
    assert (told[other]["fate"], told[other]["other"]["key"], told[other]["quotes"]) == ("moves", one, every[other])
    assert told[one]["fate"] == "stays"
    assert house.get(f"/studies/{study}/stages")["items"] == before
    merged = put(house, study, given).json()["items"]
    old = next(s["id"] for s in before if s["key"] == other)
    assert next(s["absorbed"] for s in merged if s["key"] == one) == [old]
    assert total(house, study, one) == total(house, study, other) == total(house, study, old) == every[one] + every[other]
    back = put(house, study, [*rows(house, study), {"id": old, "title": "Back again"}]).json()["items"]
    assert (back[-1]["key"], back[-1]["title"]) == (other, "Back again")
    assert total(house, study, other) == every[other]


def test_a_change_of_stages_that_others_made_meanwhile_is_not_overwritten(house, study):
    read = house.script.get(f"/api/v1/studies/{study}/stages").headers["ETag"]
    new = put(house, study, rows(house, study, without={"loyalty"}), headers={"If-Match": read}).headers["ETag"]
    assert new != read
    put(house, study, rows(house, study), 412, headers={"If-Match": read})
    put(house, study, rows(house, study), headers={"If-Match": f'"x", {new}'})
    put(house, study, rows(house, study), headers={"If-Match": "*"})


def test_what_a_stage_stands_for_stays_unless_it_is_said(house):
    study = house.study()
    kept = put(house, study, rows(house, study)).json()["items"]
    assert kept[0]["base"] == ["awareness"]
    first, *others = rows(house, study)
    assert put(house, study, [first | {"base": []}, *others]).json()["items"][0]["base"] == []


@pytest.mark.parametrize("wrong", [{"merge_into": "nowhere"}, {"merge_into": "awareness"}, {"base": ["nothing"]}])
def test_a_wrong_stage_is_refused_by_preview_and_put_alike(house, drawn, wrong):
    first, *others = rows(house, drawn)
    given = {"stages": [first | wrong, *others]}
    for method, path in (("POST", "stages/preview"), ("PUT", "stages")):
        assert house.script.request(method, f"/api/v1/studies/{drawn}/{path}", json=given).status_code == 422


def test_templates_are_saved_listed_used_and_deleted(house, drawn):
    answer = house.script.post("/api/v1/templates", json={"study_id": drawn, "title": "Our journey"})
    assert answer.status_code == 201
    key = answer.json()["key"]
    listed = house.get("/templates")["items"]
    assert [t["key"] for t in listed if t["saved"]] == [key]
    assert {"future-state", "day-in-the-life", "service-blueprint"} <= {t["key"] for t in listed if not t["saved"]}
    made = house.study(template=key)
    assert [s["title"] for s in house.get(f"/studies/{made}/stages")["items"]] == [s["title"] for s in answer.json()["stages"]]
    assert house.script.post("/api/v1/templates", json={"study_id": drawn, "title": "our JOURNEY"}).status_code == 409
    assert house.script.delete(f"/api/v1/templates/{key}").status_code == 204
    assert house.script.delete(f"/api/v1/templates/{key}").status_code == 404
    assert house.script.delete("/api/v1/templates/b2b-saas").status_code == 422
    assert house.script.post("/api/v1/studies", json={"name": "Late", "template": key}).status_code == 422


def test_business_actions_are_written_read_on_the_map_restated_and_deleted(house, study):
    document = house.get(f"/studies/{study}/map")
    path = f"/api/v1/maps/{document['map_id']}/business-actions"
    made = house.script.post(path, json={"stage": "use", "line": "back", "text": "Check the stock"})
    assert made.status_code == 201
    action = made.json()
    assert made.headers["Location"] == f"/api/v1/business-actions/{action['id']}"
    assert house.get(f"/maps/{document['id']}/business-actions")["items"] == [action]
    shown = next(s for s in house.get(f"/studies/{study}/map")["stages"] if s["key"] == "use")["lanes"]["business_actions"]
    assert shown == [{"id": action["id"], "text": "Check the stock", "origin": "human", "line": "back"}]
    exported = house.get(f"/maps/{document['map_id']}/export.json")
    assert [a["text"] for s in exported["stages"] for a in s["lanes"]["business_actions"]] == ["Check the stock"]
    told = house.script.patch(f"/api/v1/business-actions/{action['id']}", json={"line": "front"}).json()
    assert (told["line"], told["text"]) == ("front", "Check the stock")
    for wrong in ({"stage": "use", "text": " "}, {"stage": "nowhere", "text": "A"}, {"stage": "use", "line": "left", "text": "A"}):
        assert house.script.post(path, json=wrong).status_code == 422, wrong
    assert house.script.delete(f"/api/v1/business-actions/{action['id']}").status_code == 204
    assert house.script.patch(f"/api/v1/business-actions/{action['id']}", json={"line": "front"}).status_code == 404


def test_no_route_of_stages_asks_the_database_more_often_because_there_is_more_to_read(house, study):
    m = house.get(f"/studies/{study}/map")["map_id"]
    given = {"stages": rows(house, study, into={"support": "use"})}

    def asked():
        counts = []
        for method, path, body in (
            ("GET", f"/studies/{study}/stages", None),
            ("POST", f"/studies/{study}/stages/preview", given),
            ("GET", f"/maps/{m}/business-actions", None),
            ("GET", f"/maps/{m}", None),
            ("GET", "/templates", None),
        ):
            with noted_queries() as seen:
                assert house.script.request(method, f"/api/v1{path}", json=body).status_code == 200
            counts.append(len(seen))
        return counts

    asked()
    before = asked()
    for n in range(6):
        house.script.post(f"/api/v1/maps/{m}/business-actions", json={"stage": "use", "text": f"Do {n}"})
        house.script.post("/api/v1/templates", json={"study_id": study, "title": f"Template {n}"})
    assert asked() == before
    assert before[0] <= 4
    assert before[1] <= 20
    assert before[2] <= 5
    assert before[4] <= 2
