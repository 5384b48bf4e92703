import pytest
from fakes import GrumblingTagger


@pytest.fixture(scope="module")
def study(house):
    house.app.__dict__["taggers"] = {"offline": GrumblingTagger()}
    return house.drawn("Bea", "Carl")


def ask(house, method, path, status=200, **more):
    answer = house.script.request(method, f"/api/v1{path}", **more)
    assert answer.status_code == status, answer.text
    return answer


def first(house, study):
    return house.get(f"/studies/{study}/opportunities")["items"][0]


def test_opportunities_come_with_their_figures_and_quotes_the_most_important_first(house, study):
    told = house.get(f"/studies/{study}/opportunities")
    assert told["total"] == told["of"] == len(told["items"]) > 1
    assert told["of_participants"] == 2
    priorities = [o["priority"] for o in told["items"]]
    assert priorities == sorted(priorities, reverse=True)
    for o in told["items"]:
        assert o["text"].startswith("How might we help with “")
        assert o["beside"].strip("“”… ") in " ".join(q["text"] for q in o["said"]) + o["beside"]
        assert f"{o['participants']} of {o['of_participants']} participants" in o["why"]
        felt, others = max(o["intensity"] or 0, 0.5) / 2, 1 - o["works_for"] / o["of_participants"]
        assert o["computed_priority"] == round(100 * o["participants"] / o["of_participants"] * felt * others)
        assert 1 <= len(o["said"]) <= 2
        assert all(q["experience"] == "delight" for q in o["working"])


def test_an_opportunity_is_found_by_the_id_of_each_of_its_statements(house, study):
    o = first(house, study)
    for stage in o["stages"]:
        told = ask(house, "GET", f"/opportunities/{stage['statement_id']}").json()
        assert told["id"] == o["id"]
        assert len(told["said"]) == o["quotes"]
        assert house.get(f"/statements/{stage['statement_id']}")["lane"] == "opportunities"


def test_owner_status_and_note_are_filled_in_by_people(house, study):
    o = first(house, study)
    told = ask(house, "PATCH", f"/opportunities/{o['id']}", json={"owner": " Ann ", "status": "in_progress", "note": "Ask ops"}).json()
    assert (told["owner"], told["status"], told["note"]) == ("Ann", "in_progress", "Ask ops")
    assert told["decided"].keys() == {"owner", "status", "note"}
    cleared = ask(house, "PATCH", f"/opportunities/{o['id']}", json={"owner": None, "note": ""}).json()
    assert (cleared["owner"], cleared["note"], cleared["status"]) == (None, "", "in_progress")


def test_text_and_priority_can_be_overridden_and_the_computed_ones_come_back(house, study):
    o = first(house, study)
    told = ask(house, "PATCH", f"/opportunities/{o['id']}", json={"text": "How might we answer sooner?", "priority": 3}).json()
    assert (told["text"], told["origin"], told["priority"]) == ("How might we answer sooner?", "human", 3)
    assert told["computed_priority"] == o["computed_priority"]
    back = ask(house, "PATCH", f"/opportunities/{o['id']}", json={"text": None, "priority": None}).json()
    assert (back["text"], back["origin"], back["priority"]) == (o["text"], "offline", o["priority"])


def test_an_edit_of_what_somebody_else_has_changed_since_is_refused(house, study):
    o = first(house, study)
    read = ask(house, "GET", f"/opportunities/{o['id']}").headers["etag"]
    changed = ask(house, "PATCH", f"/opportunities/{o['id']}", json={"owner": "Bo"}, headers={"If-Match": read}).headers["etag"]
    problem = ask(house, "PATCH", f"/opportunities/{o['id']}", 412, json={"owner": "Cy"}, headers={"If-Match": read}).json()
    assert "read it again" in problem["detail"]
    ask(house, "PATCH", f"/opportunities/{o['id']}", json={"owner": None}, headers={"If-Match": f'W/"other", {changed}'})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "maybe"}, "status"),
        ({"priority": 101}, "priority"),
        ({"owner": "x" * 81}, "owner"),
        ({"ownr": "x"}, "ownr"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(house, study, body, field):
    problem = ask(house, "PATCH", f"/opportunities/{first(house, study)['id']}", 422, json=body).json()
    assert field in {e["field"] for e in problem["errors"]}


def test_the_list_is_filtered_and_paged(house, study):
    items = house.get(f"/studies/{study}/opportunities")["items"]
    last = items[-1]["id"]
    ask(house, "PATCH", f"/opportunities/{last}", json={"owner": "Dee"})
    assert [o["id"] for o in house.get(f"/studies/{study}/opportunities", params={"owner": "Dee"})["items"]] == [last]
    page = house.get(f"/studies/{study}/opportunities", params={"limit": 1})
    assert page["next_cursor"] == "1"
    following = house.get(f"/studies/{study}/opportunities", params={"limit": 1, "cursor": "1"})
    assert [page["items"][0]["id"], following["items"][0]["id"]] == [o["id"] for o in items[:2]]
    ask(house, "GET", f"/studies/{study}/opportunities", 422, params={"stage": "nowhere"})
    ask(house, "GET", "/studies/nothing/opportunities", 404)
    ask(house, "PATCH", f"/opportunities/{last}", json={"owner": None})


def test_a_decision_is_listed_and_can_be_taken_back(house, study):
    o = first(house, study)
    ask(house, "PATCH", f"/opportunities/{o['id']}", json={"status": "rejected"})
    decided = house.get(f"/studies/{study}/decisions", params={"target_type": "opportunity", "limit": 1})["items"][0]
    assert (decided["target_id"], decided["field"], decided["value"]) == (o["id"], "status", "rejected")
    assert ask(house, "POST", f"/decisions/{decided['id']}/undo").json()["undone_at"]
    assert house.get(f"/opportunities/{o['id']}")["status"] == "proposed"
