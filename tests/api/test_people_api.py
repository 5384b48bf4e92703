"""People over the wire: journeys, personas by rule, groups that may be one."""

import pytest
from querying import noted_queries


@pytest.fixture(scope="module")
def grouped(house):
    return house.grouped()


def people_of(house, study):
    return house.get(f"/studies/{study}/participants")["items"]


def test_a_journey_names_only_quotes_that_it_tells(house, grouped):
    one = people_of(house, grouped)[0]
    told = house.get(f"/participants/{one['id']}/journey")
    named = {q for s in told["path"] for q in (s["did_quote_id"], s["felt_quote_id"]) if q}
    assert named | {*told["pains"], *told["delights"], *told["quote_ids"]} == told["quotes"].keys()
    assert {q["participant"] for q in told["quotes"].values()} == {one["pseudonym"]}
    assert [s["stage_id"] for s in sorted((s for s in told["path"] if s["told"]), key=lambda s: s["told"])] == told["told_order"]
    assert (told["before"], told["after"]["pseudonym"]) == (None, "P2")
    assert {t["others"] for t in told["themes"]} == {1}


def test_quotes_of_a_journey_come_by_page(house, grouped):
    one = people_of(house, grouped)[0]["id"]
    first = house.get(f"/participants/{one}/journey", params={"limit": 2})
    rest = house.get(f"/participants/{one}/journey", params={"offset": first["next_offset"], "limit": 200})
    assert len(first["quote_ids"]) + len(rest["quote_ids"]) == first["quotes_total"]
    assert rest["next_offset"] is None
    assert house.script.get(f"/api/v1/participants/{one}/journey?offset=-1").status_code == 422


def test_a_persona_is_made_with_a_rule_and_loses_it(house):
    study = house.drawn("Bea", "Carl")
    one, two = people_of(house, study)
    house.script.patch(f"/api/v1/participants/{one['id']}", json={"attributes": {"plan": "Pro"}})
    made = house.script.post(
        f"/api/v1/studies/{study}/personas", json={"name": "Pro", "rule": {"attribute": "Plan", "value": "pro"}}
    ).json()
    assert (made["rule"], made["participant_ids"]) == ({"attribute": "Plan", "value": "pro"}, [one["id"]])
    house.script.patch(f"/api/v1/participants/{two['id']}", json={"attributes": {"plan": "PRO"}})
    assert house.get(f"/personas/{made['id']}")["participants"] == 2
    assert house.script.patch(f"/api/v1/personas/{made['id']}", json={"description": "Pays."}).json()["rule"]
    assert house.script.patch(f"/api/v1/personas/{made['id']}", json={"rule": None}).json()["rule"] is None
    assert house.get(f"/personas/{made['id']}")["participants"] == 2
    wrong = {"name": "Half", "rule": {"attribute": "plan", "value": " "}}
    assert house.script.post(f"/api/v1/studies/{study}/personas", json=wrong).status_code == 422


def test_a_persona_that_others_changed_meanwhile_is_neither_overwritten_nor_removed(house):
    study = house.study()
    place = f"/api/v1/studies/{study}/personas"
    made = house.script.post(place, json={"name": "Pro", "rule": {"attribute": "plan", "value": "Pro"}})
    assert made.headers["Location"] == f"/api/v1/personas/{made.json()['id']}"
    read, place = made.headers["ETag"], made.headers["Location"]
    assert house.script.get(place).headers["ETag"] == read == f'"{made.json()["etag"]}"'
    changed = house.script.patch(place, json={"rule": {"attribute": "plan", "value": "Max"}}, headers={"If-Match": read})
    assert (changed.status_code, changed.headers["ETag"] == read) == (200, False)
    for method, more in (("PATCH", {"json": {"name": "Max"}}), ("DELETE", {})):
        assert house.script.request(method, place, headers={"If-Match": read}, **more).status_code == 412
    assert house.script.patch(place, json={"name": "Max"}, headers={"If-Match": "*"}).status_code == 200
    assert house.script.delete(place, headers={"If-Match": house.script.get(place).headers["ETag"]}).status_code == 204


def test_a_map_of_a_persona_follows_who_belongs_to_it(house):
    study = house.drawn("Bea", "Carl")
    one, two = people_of(house, study)
    rule = {"name": "Pro", "rule": {"attribute": "plan", "value": "Pro"}}
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json=rule).json()["id"]
    house.script.patch(f"/api/v1/participants/{one['id']}", json={"attributes": {"plan": "Pro"}})
    drawn = house.script.post(f"/api/v1/studies/{study}/maps", json={"name": "Pro", "personas": [persona]}).json()
    assert house.get(f"/maps/{drawn['id']}")["of_participants"] == 1
    house.script.patch(f"/api/v1/participants/{two['id']}", json={"attributes": {"plan": "Pro"}})
    assert house.get(f"/maps/{drawn['id']}")["of_participants"] == 2


def test_groups_are_proposed_answered_and_not_proposed_again(house):
    study = house.grouped()
    place = f"/studies/{study}/persona-proposals"
    told = house.get(place)
    assert [sorted(p["pseudonym"] for p in item["participants"]) for item in told["items"]] in (
        [["P1", "P2"], ["P3", "P4"]],
        [["P3", "P4"], ["P1", "P2"]],
    )
    first, second = (item["id"] for item in told["items"])
    made = house.script.post(f"/api/v1{place}/{first}/accept", json={"name": "Careful"})
    assert (made.status_code, made.json()["name"], made.json()["participants"]) == (201, "Careful", 2)
    assert house.script.post(f"/api/v1{place}/{second}/reject").status_code == 204
    assert house.script.post(f"/api/v1{place}/{second}/accept").status_code == 409
    assert house.script.post(f"/api/v1{place}/unknown/reject").status_code == 404
    told = house.get(place)
    assert (told["items"], told["rejected"]) == ([], 1)


def test_answers_to_proposed_groups_are_listed_survive_a_run_and_are_taken_back(house):
    study = house.grouped()
    place = f"/studies/{study}/persona-proposals"
    first, second = (item["id"] for item in house.get(place)["items"])
    house.script.post(f"/api/v1{place}/{first}/reject")
    house.script.post(f"/api/v1{place}/{second}/reject")
    assert house.script.post(f"/api/v1/studies/{study}/runs", json={"retag": True}).status_code == 202
    assert house.get(place)["items"] == []
    told = house.get(f"/studies/{study}/decisions", params={"target_type": "persona_proposal"})["items"]
    assert {(d["target_id"], d["field"], d["value"]["verdict"]) for d in told} == {(p, "verdict", "rejected") for p in (first, second)}
    one = next(d for d in told if d["target_id"] == first)
    assert house.script.post(f"/api/v1/decisions/{one['id']}/undo").json()["undone_at"]
    assert [item["id"] for item in house.get(place)["items"]] == [first]
    people = {p["pseudonym"]: p["id"] for p in people_of(house, study)}
    house.script.patch(f"/api/v1/participants/{people['P1']}", json={"attributes": {"plan": "Pro"}})
    ruled = {"name": "Pro", "rule": {"attribute": "plan", "value": "Pro"}}
    persona = house.script.post(f"/api/v1/studies/{study}/personas", json=ruled).json()["id"]
    house.script.patch(f"/api/v1/participants/{people['P1']}", json={"persona_ids": []})
    (left,) = house.get(f"/studies/{study}/decisions", params={"target_type": "persona"})["items"]
    assert (left["target_id"], left["field"], left["value"]) == (persona, people["P1"], False)
    assert house.script.post(f"/api/v1/decisions/{left['id']}/undo").status_code == 409


def test_what_is_not_there_is_not_found(house):
    for path in ("/participants/unknown/journey", "/personas/unknown", "/studies/unknown/persona-proposals"):
        assert house.script.get(f"/api/v1{path}").status_code == 404, path


def test_no_route_about_people_asks_the_database_more_often_than_its_bound(house, grouped):
    one = people_of(house, grouped)[0]["id"]
    persona = house.script.post(f"/api/v1/studies/{grouped}/personas", json={"name": "Bound"}).json()["id"]
    bounds = {
        f"/participants/{one}/journey": 45,
        f"/personas/{persona}": 35,
        f"/studies/{grouped}/persona-proposals": 40,
        f"/studies/{grouped}/personas": 12,
    }
    house.get(f"/studies/{grouped}/map")
    for path, most in bounds.items():
        with noted_queries() as asked:
            house.get(path)
        assert len(asked) <= most, (path, len(asked))
