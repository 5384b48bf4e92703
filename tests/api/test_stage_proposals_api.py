"""Stages proposed from the interviews over HTTP: asked for, read, previewed, taken over, refused."""

import pytest
from fakes import FakeLanguageModel, FakeRedactor
from house import talk
from querying import noted_queries

from app.adapters.prompts import PromptLibrary
from app.services.words import Words


@pytest.fixture(scope="module")
def house(make_house):
    made = make_house()
    made.app.__dict__.update({"words": Words(FakeLanguageModel(), PromptLibrary(), 16_384), "redactor": FakeRedactor()})
    return made


@pytest.fixture
def study(house):
    return house.drawn()


def propose(house, study):
    answer = house.script.post(f"/api/v1/studies/{study}/stage-proposals")
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"].removeprefix("/api/v1")


def test_a_proposal_is_asked_for_previewed_and_taken_over_as_it_was_previewed(house, study):
    place = propose(house, study)
    told = house.get(place)
    assert (told["status"], told["verdict"], told["model"]) == ("ready", None, "scripted")
    assert told["usage"]["calls"] == 1
    assert {q["participant"] for stage in told["stages"] for q in stage["quotes"]} <= {"P1", "P2"}
    before = house.get(f"/studies/{study}/stages")["items"]
    foretold = house.script.post(f"/api/v1{place}/preview").json()
    assert house.get(f"/studies/{study}/stages")["items"] == before
    read = house.script.get(f"/api/v1/studies/{study}/stages").headers["ETag"]
    taken = house.script.post(f"/api/v1{place}/accept", headers={"If-Match": read})
    assert [s["title"] for s in taken.json()["items"]] == [s["title"] for s in told["stages"]]
    assert taken.headers["ETag"] != read
    for stage in foretold["stages"]:
        assert house.get(f"/studies/{study}/quotes", params={"stage": stage["id"]})["total"] == stage["after"]["quotes"]
    assert [s["title"] for s in house.get(f"/studies/{study}/map")["stages"]] == [s["title"] for s in told["stages"]]
    assert house.get(place)["verdict"] == "accepted"


def test_a_choice_is_taken_over_in_other_words_beside_the_present_stages(house, study):
    place = propose(house, study)
    choice = {"stages": [{"key": "when-it-breaks", "title": "It breaks"}], "mode": "add"}
    titles = [s["title"] for s in house.get(f"/studies/{study}/stages")["items"]]
    now = house.script.post(f"/api/v1{place}/accept", json=choice).json()["items"]
    assert sorted(s["title"] for s in now) == sorted([*titles, "It breaks"])
    assert house.script.post(f"/api/v1{place}/accept").status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"stages": []}, {"stages": [{"key": "no"}]}, {"mode": "merge"}, {"stages": [{"key": "when-it-breaks", "title": " "}]}]
)
def test_what_was_not_proposed_is_refused(house, drawn_proposal, wrong):
    for what in ("preview", "accept"):
        assert house.script.post(f"/api/v1{drawn_proposal}/{what}", json=wrong).status_code == 422


@pytest.fixture(scope="module")
def drawn_proposal(house):
    return propose(house, house.drawn())


def test_without_a_model_or_without_talk_there_is_nothing_to_ask(house, monkeypatch):
    empty = house.study()
    assert house.script.post(f"/api/v1/studies/{empty}/stage-proposals").status_code == 422
    assert house.script.get("/api/v1/stage-proposals/unknown").status_code == 404
    monkeypatch.setitem(house.app.__dict__, "words", None)
    monkeypatch.delitem(house.app.__dict__, "stage_proposing", raising=False)
    for method, path in (("POST", "stage-proposals"), ("GET", "stage-proposals/estimate")):
        answer = house.script.request(method, f"/api/v1/studies/{empty}/{path}")
        assert (answer.status_code, "begin with a template" in answer.json()["detail"]) == (409, True)
    assert house.get(f"/studies/{empty}/stage-proposals")["items"] == []
    house.app.__dict__.pop("stage_proposing")


def test_a_study_that_is_erased_takes_its_proposals_and_their_jobs_along(house, study):
    place = propose(house, study)
    house.script.delete(f"/api/v1/studies/{study}")
    assert place.rpartition("/")[2] in house.queue.forgotten
    assert house.script.get(f"/api/v1{place}").status_code == 404


def test_no_route_of_proposals_asks_the_database_more_often_because_there_is_more_to_read(house, study):
    place = propose(house, study)

    def asked():
        counts = []
        for method, path in (
            ("GET", f"/studies/{study}/stage-proposals"),
            ("GET", place),
            ("POST", f"{place}/preview"),
            ("GET", f"/studies/{study}/stage-proposals/estimate"),
        ):
            with noted_queries() as seen:
                assert house.script.request(method, f"/api/v1{path}").status_code == 200
            counts.append(len(seen))
        return counts

    before = asked()
    house.upload(study, talk("Dina"), talk("Emil"), talk("Fay"))
    house.script.post(f"/api/v1/studies/{study}/runs")
    propose(house, study)
    assert asked() == before
    assert all(count <= most for count, most in zip(before, (20, 20, 25, 20), strict=True)), before
