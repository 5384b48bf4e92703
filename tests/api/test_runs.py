import json
import threading
import time

import pytest
from house import talk


@pytest.fixture
def held(make_house):
    """A house whose queue waits."""
    return make_house(holding=True)


def test_a_run_of_an_empty_study_is_refused_with_the_way_out(house):
    study = house.study(name="Empty one")
    answer = house.script.post(f"/api/v1/studies/{study}/runs")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "the study “Empty one” has no transcripts yet; upload some, then start the run"
    assert house.get(f"/studies/{study}/runs")["items"] == []


def test_a_run_without_participants_is_refused_with_the_way_out(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    for speaker in house.get(f"/studies/{study}/transcripts")["items"][0]["speakers"]:
        house.script.patch(f"/api/v1/speakers/{speaker['id']}", json={"role": "observer"})
    answer = house.script.post(f"/api/v1/studies/{study}/runs")
    assert answer.status_code == 422
    assert "change a role" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("tagger", "status", "said"), [("llm", 400, "THROUGHLINE_LLM_BASE_URL"), ("hybrid", 400, "hybrid"), ("best", 422, "tagger")]
)
def test_a_tagger_that_is_not_to_be_had_is_refused(house, drawn, tagger, status, said):
    answer = house.script.post(f"/api/v1/studies/{drawn}/runs", json={"tagger": tagger})
    assert answer.status_code == status
    assert said in answer.text


def test_a_started_run_is_handed_over_once_and_can_be_followed_to_its_end(held):
    study = held.drawn()
    (run,) = held.get(f"/studies/{study}/runs")["items"]
    assert (run["status"], held.queue.waiting, run["map_id"]) == ("queued", [run["id"]], None)
    events = []

    def follow():
        with held.client(headers=held.script.headers).stream("GET", f"/api/v1/runs/{run['id']}/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            events.extend(line for line in answer.iter_lines() if line)

    follower = threading.Thread(target=follow)
    follower.start()
    time.sleep(0.2)
    held.queue.work(run["id"])
    follower.join(20)
    assert not follower.is_alive()
    names = [line.removeprefix("event: ") for line in events if line.startswith("event: ")]
    told = [json.loads(line.removeprefix("data: ")) for line in events if line.startswith("data: ")]
    assert names == ["progress"] * (len(names) - 1) + ["end"]
    assert told[-2] == held.get(f"/runs/{run['id']}")
    assert [told[0]["status"], told[-2]["status"], told[-1]] == ["queued", "succeeded", {"status": "succeeded"}]
    assert told[-2]["map_id"] == held.get(f"/studies/{study}")["map_id"]


def test_events_of_a_run_that_has_ended_are_its_state_and_the_end(house, drawn):
    run = house.get(f"/studies/{drawn}/runs")["items"][0]
    text = house.script.get(f"/api/v1/runs/{run['id']}/events").text
    assert [line for line in text.splitlines() if line.startswith("event: ")] == ["event: progress", "event: end"]


def test_a_run_that_is_cancelled_is_stopped_kept_and_can_be_resumed(held):
    study = held.drawn()
    run = held.get(f"/studies/{study}/runs")["items"][0]["id"]
    cancelled = held.script.post(f"/api/v1/runs/{run}/cancel").json()
    assert (cancelled["status"], held.queue.cancelled) == ("cancelled", [(run, 1)])
    assert held.script.post(f"/api/v1/runs/{run}/cancel").status_code == 409
    assert held.script.post(f"/api/v1/runs/{run}/resume").json()["status"] == "queued"
    held.queue.work(run)
    assert held.get(f"/runs/{run}")["status"] == "succeeded"
    assert held.script.post(f"/api/v1/runs/{run}/resume").status_code == 409


def test_a_run_with_gaps_names_them_and_closes_them_when_resumed(make_house):
    house = make_house()
    tagger = house.app.taggers["offline"]
    tagger.broken = True
    study = house.drawn()
    (run,) = house.get(f"/studies/{study}/runs")["items"]
    assert run["status"] == "partial"
    assert {(g["reason"], "bea.txt" in g["what"] or "carl.txt" in g["what"]) for g in run["gaps"]} == {("the endpoint is down", True)}
    assert run["id"] not in str([g["item"] for g in run["gaps"]])
    assert house.get(f"/studies/{study}/map")["coverage"]["gap"] > 0
    tagger.broken = False
    house.script.post(f"/api/v1/runs/{run['id']}/resume")
    after = house.get(f"/runs/{run['id']}")
    assert (after["status"], after["gaps"]) == ("succeeded", [])
    assert house.get(f"/studies/{study}/map")["coverage"]["gap"] == 0


def test_a_study_that_is_erased_stops_its_runs_and_is_forgotten_by_the_queue(held):
    study = held.drawn()
    run = held.get(f"/studies/{study}/runs")["items"][0]["id"]
    assert held.script.delete(f"/api/v1/studies/{study}").status_code == 204
    assert (held.queue.cancelled, held.queue.forgotten) == ([(run, 1)], [run])
    for path in (f"/studies/{study}", f"/runs/{run}", f"/studies/{study}/map"):
        assert held.script.get(f"/api/v1{path}").status_code == 404
    assert study not in str(held.get("/studies"))


def test_readiness_needs_a_worker_and_the_tables_of_this_version(make_house):
    ready = [True]
    house = make_house(worker_ready=lambda: ready[0])
    assert house.stranger.get("/readyz").json() == {"status": "ready", "checks": {"database": True, "worker": True}}
    ready[0] = False
    answer = house.stranger.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": True, "worker": False})
    with house.app.db.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    assert house.stranger.get("/readyz").json()["checks"]["database"] is False


def test_a_run_is_estimated_before_it_is_started_and_nothing_is_begun(house):
    study = house.study()
    house.upload(study, talk("Bea"))
    told = house.get(f"/studies/{study}/estimate")
    assert (told["tagger"], told["calls"], told["parts"], told["price_at_most"]) == ("offline", 0, [], None)
    assert house.get(f"/studies/{study}/runs")["items"] == []
    assert house.script.get(f"/api/v1/studies/{study}/estimate?tagger=llm").status_code == 400
    assert house.script.get(f"/api/v1/studies/{study}/estimate?tagger=best").status_code == 422
    assert house.script.get("/api/v1/studies/nowhere/estimate").status_code == 404
