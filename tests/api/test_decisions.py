import pytest


@pytest.fixture
def quote(house):
    study = house.drawn("Bea")
    return next(q for q in house.get(f"/studies/{study}/quotes")["items"] if q["stage"] != "none") | {"study": study}


def patch(house, quote, **given):
    return house.script.patch(f"/api/v1/quotes/{quote['id']}/tags", json=given)


def test_a_corrected_quote_comes_back_as_get_gives_it_with_the_proposal_beside_it(house, quote):
    answer = patch(house, quote, stage="loyalty", touchpoint="  family dinner ", emotion=quote["emotion"])
    told = answer.json()
    assert answer.status_code == 200
    assert told == house.get(f"/quotes/{quote['id']}")
    assert (told["stage"], told["touchpoint"], told["source"]) == ("loyalty", "family dinner", "human")
    assert told["review"]["status"] == "corrected"
    assert told["review"]["proposed"]["stage"] == quote["stage"]
    assert {field: d["actor"] for field, d in told["review"]["decided"].items()} == dict.fromkeys(
        ("stage", "touchpoint", "emotion"), "owner"
    )
    listed = house.get(f"/studies/{quote['study']}/quotes", params={"review": "corrected"})
    assert ([q["id"] for q in listed["items"]], listed["reviewed"]) == ([quote["id"]], 1)
    assert listed["of"] > 1


def test_a_stage_goes_by_key_or_id_and_comes_back_by_key(house, quote):
    stage = next(s for s in house.get(f"/studies/{quote['study']}/stages")["items"] if s["key"] == "loyalty")
    assert patch(house, quote, stage=stage["id"]).json()["stage"] == "loyalty"
    (decision,) = house.get(f"/studies/{quote['study']}/decisions", params={"target_type": "quote"})["items"]
    assert decision["value"] == "loyalty"
    assert patch(house, quote, stage="none").json()["stage"] == "none"


def test_a_touchpoint_may_be_decided_to_be_none(house, quote):
    assert patch(house, quote, touchpoint="a").json()["touchpoint"] == "a"
    told = patch(house, quote, touchpoint=None).json()
    assert (told["touchpoint"], "touchpoint" in told["review"]["decided"]) == (None, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stage": "later"}, "use awareness, consideration, purchase"),
        ({"channel": "pigeon"}, "'website', 'app', 'email'"),
        ({"emotion": "joy"}, "'delight', 'satisfaction'"),
        ({"intensity": 4}, "less than or equal to 3"),
        ({"experience": None}, "pain, delight, neutral"),
        ({"touchpoint": "x" * 61}, "60"),
        ({"gist": "x"}, "gist"),
        ({}, "say at least one of stage"),
    ],
)
def test_what_is_in_no_code_book_is_a_problem_that_names_what_is(house, quote, given, said):
    answer = patch(house, quote, **given)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text
    assert house.get(f"/quotes/{quote['id']}")["review"]["status"] == "open"


def test_what_was_left_out_and_what_is_not_there_have_no_tags_to_correct(house, quote):
    (skipped,) = house.get(f"/studies/{quote['study']}/quotes", params={"state": "skipped"})["items"]
    assert skipped["review"] is None
    for missing in (skipped["id"], "nothing"):
        assert house.script.patch(f"/api/v1/quotes/{missing}/tags", json={"kind": "need"}).status_code == 404
        assert house.script.delete(f"/api/v1/quotes/{missing}/tags").status_code == 404


def test_everything_that_was_decided_of_a_quote_is_taken_back_and_stays_in_the_history(house, quote):
    patch(house, quote, kind="need", emotion="anger")
    told = house.script.delete(f"/api/v1/quotes/{quote['id']}/tags").json()
    assert told == {key: value for key, value in quote.items() if key != "study"}
    history = house.get(f"/studies/{quote['study']}/decisions")["items"]
    assert len(history) == 2
    assert all(d["undone_at"] for d in history)


def test_decisions_come_newest_first_in_pages_and_one_can_be_undone(house, quote):
    for kind in ("need", "thought", "action"):
        patch(house, quote, kind=kind)
    path, seen, cursor = f"/studies/{quote['study']}/decisions", [], None
    while True:
        page = house.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert ([d["value"] for d in seen], page["total"]) == (["action", "thought", "need"], 3)
    assert [bool(d["undone_at"]) for d in seen] == [False, True, True]
    undone = house.script.post(f"/api/v1/decisions/{seen[0]['id']}/undo").json()
    assert undone["undone_at"]
    assert house.get(f"/quotes/{quote['id']}")["kind"] == quote["kind"]
    assert house.script.get(f"/api/v1{path}", params={"target_type": "cat"}).status_code == 422


def test_a_decision_about_something_else_is_not_undone_here(house, quote):
    speaker = house.get(f"/studies/{quote['study']}/transcripts")["items"][0]["speakers"][0]
    house.script.patch(f"/api/v1/speakers/{speaker['id']}", json={"role": "observer"})
    (decision,) = house.get(f"/studies/{quote['study']}/decisions", params={"target_type": "speaker"})["items"]
    answer = house.script.post(f"/api/v1/decisions/{decision['id']}/undo")
    assert answer.status_code == 409
    assert "speaker" in answer.json()["detail"]


def test_the_map_and_the_evidence_over_http_are_those_of_the_corrections(house, quote):
    path = f"/studies/{quote['study']}/map"
    before = house.get(path)
    patch(house, quote, stage="loyalty", emotion="anger", intensity=3, experience="pain")
    after = house.get(path)
    loyalty = next(s for s in after["stages"] if s["key"] == "loyalty")
    assert quote["id"] in {e["quote_id"] for e in loyalty["emotion"]["evidence"]}
    assert after["quotes"][quote["id"]]["emotion"] == "anger"
    cited = house.get(f"/maps/{after['map_id']}/curve/{loyalty['id']}")
    assert next(q for q in cited["supporting"] + cited["contrary"] if q["id"] == quote["id"])["review"]["status"] == "corrected"
    assert after["id"] == before["id"]


def test_a_run_that_tags_again_says_so_and_keeps_decisions(house, quote):
    patch(house, quote, emotion="anger")
    run = house.script.post(f"/api/v1/studies/{quote['study']}/runs", json={"retag": True}).json()
    told = house.get(f"/runs/{run['id']}")
    tagging = next(p for p in told["progress"] if p["name"] == "tag")
    assert (told["retag"], tagging["done"]) == (True, tagging["total"])
    assert tagging["total"] > 0
    assert house.get(f"/quotes/{quote['id']}")["emotion"] == "anger"
    again = house.script.post(f"/api/v1/studies/{quote['study']}/runs", json={}).json()
    assert next(p for p in house.get(f"/runs/{again['id']}")["progress"] if p["name"] == "tag")["total"] == 0
