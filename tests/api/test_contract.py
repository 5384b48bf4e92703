"""What the OpenAPI document promises is what is sent, for every operation, success and failure."""

import json

import pytest
from fakes import FakeLanguageModel
from house import talk
from jsonschema import Draft202012Validator

from app.adapters.prompts import PromptLibrary
from app.domain.review import Suggestion
from app.services.words import Words

METHODS = ("get", "post", "put", "patch", "delete")


class Contract:
    """Asks like a script and checks every answer against the document."""

    def __init__(self, house):
        self.house = house
        self.document = house.get("/openapi.json")
        self.seen = set()

    def schema(self, template, method, answer):
        operation = self.document["paths"][template][method]
        responses = operation["responses"]
        described = responses.get(str(answer.status_code)) or responses["default"]
        self.seen.add((operation["operationId"], answer.status_code < 400))
        media = answer.headers.get("content-type", "").partition(";")[0]
        content = described.get("content", {})
        assert (media in content) if media else not content, f"{method} {template} answers {answer.status_code} with {media}"
        return content.get(media, {}).get("schema")

    def ask(self, method, template, status, *, prefix="/api/v1", stranger=False, **more):
        more = dict(more)
        path = f"{prefix}{template}".format(**more.pop("ids", {}))
        client = self.house.stranger if stranger else self.house.script
        answer = client.request(method.upper(), path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        schema = self.schema(f"{prefix}{template}", method, answer)
        if schema and answer.headers["content-type"].partition(";")[0].endswith("json"):
            whole = {**schema, "components": self.document["components"]}
            Draft202012Validator(whole).validate(answer.json())
            return answer.json()
        return answer.text


@pytest.fixture(scope="module")
def contract(house):
    return Contract(house)


def test_the_document_is_openapi_3_1_with_neat_operations(contract):
    assert contract.document["openapi"].startswith("3.1")
    operations = [o for path in contract.document["paths"].values() for o in path.values()]
    names = [o["operationId"] for o in operations]
    assert len(names) == len(set(names))
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)
    assert all(len(o["tags"]) == 1 for o in operations)
    assert all(o.get("summary") and o.get("description") for o in operations)
    assert {"key", "session"} == contract.document["components"]["securitySchemes"].keys()
    for reference in set(find_references(contract.document)):
        target = contract.document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


def find_references(node):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "$ref":
            yield value
        else:
            yield from find_references(value)


def ask_for_files_and_people(ask, s):
    files = [("files", talk("Bea")), ("files", talk("Carl")), ("files", ("bad.txt", b""))]
    told = ask("post", "/studies/{study_id}/transcripts", 207, ids=s, files=files)["files"]
    ask("post", "/studies/{study_id}/transcripts/preview", 200, ids=s, files=files)
    text = talk("Dina")[1].decode()
    ask("post", "/studies/{study_id}/transcripts", 200, ids=s, json={"files": [{"file_name": "dina.txt", "text": text}]})
    t = {"transcript_id": told[1]["transcript"]["id"]}
    ask("get", "/studies/{study_id}/transcripts", 200, ids=s)
    ask("get", "/transcripts/{transcript_id}", 200, ids=t)
    ask("get", "/transcripts/{transcript_id}/text", 200, ids=t)
    ask("patch", "/transcripts/{transcript_id}", 200, ids=t, json={"recording": "https://media.example/carl.mp3"})
    speaker = ask("get", "/transcripts/{transcript_id}/speakers", 200, ids=t)["items"][0]
    ask("patch", "/speakers/{speaker_id}", 200, ids={"speaker_id": speaker["id"]}, json={"role": "observer"})
    p = {"persona_id": ask("post", "/studies/{study_id}/personas", 201, ids=s, json={"name": "Careful"})["id"]}
    ask("get", "/studies/{study_id}/personas", 200, ids=s)
    ask("patch", "/personas/{persona_id}", 200, ids=p, json={"description": "Reads everything first."})
    ask("patch", "/personas/{persona_id}", 412, ids=p, json={"description": ""}, headers={"If-Match": '"old"'})
    people = ask("get", "/studies/{study_id}/participants", 200, ids=s)["items"]
    one, other = ({"participant_id": person["id"]} for person in people[:2])
    ask("get", "/participants/{participant_id}", 200, ids=one)
    ask("patch", "/participants/{participant_id}", 200, ids=one, json={"persona_ids": [p["persona_id"]], "attributes": {"plan": "Quill"}})
    ask("patch", "/personas/{persona_id}", 200, ids=p, json={"rule": {"attribute": "plan", "value": "Quill"}})
    assert ask("get", "/personas/{persona_id}", 200, ids=p)["participants"] == 1
    ask("get", "/participants/{participant_id}/journey", 200, ids=one)
    joined = ask("post", "/participants/{participant_id}/join", 200, ids=other, json={"into": one["participant_id"]})
    ask("post", "/speakers/{speaker_id}/separate", 200, ids={"speaker_id": joined["voices"][-1]["speaker_id"]})
    ask("post", "/participants/{participant_id}/separate", 200, ids=other)
    return t, p


def ask_for_a_run(ask, s):
    r = {"run_id": ask("post", "/studies/{study_id}/runs", 202, ids=s, json={"tagger": "offline"})["id"]}
    ask("get", "/studies/{study_id}/estimate", 200, ids=s, params={"tagger": "offline", "retag": True})
    ask("get", "/studies/{study_id}/runs", 200, ids=s)
    ask("get", "/runs/{run_id}", 200, ids=r)
    ask("get", "/runs/{run_id}/events", 200, ids=r)
    ask("post", "/runs/{run_id}/cancel", 409, ids=r)
    ask("post", "/runs/{run_id}/resume", 409, ids=r)


def ask_for_personal_data(ask, s):
    ask("post", "/studies/{study_id}/personal-data", 200, ids=s)
    told = ask("get", "/studies/{study_id}/personal-data", 200, ids=s, params={"limit": 1})
    assert told["next_cursor"] == "1"
    term = ask("post", "/studies/{study_id}/personal-data/terms", 200, ids=s, json={"words": "the support line", "kind": "other"})
    ask("delete", "/studies/{study_id}/personal-data/terms/{term_id}", 204, ids={**s, "term_id": term["id"]})


def ask_for_quotes_and_maps(ask, s):
    page = ask("get", "/studies/{study_id}/quotes", 200, ids=s, params={"limit": 3})
    ask("get", "/studies/{study_id}/quotes", 200, ids=s, params={"state": "skipped"})
    q = {"quote_id": page["items"][0]["id"]}
    whole = ask("get", "/quotes/{quote_id}", 200, ids=q)
    ask("get", "/quotes/{quote_id}/annotation", 200, ids=q)
    ask("get", "/transcripts/{transcript_id}/coverage", 200, ids=whole)
    assert ask("get", "/studies/{study_id}/search", 200, ids=s, params={"q": "waiting", "min_confidence": 0.1})["items"]
    assert ask("get", "/quotes/{quote_id}/similar", 200, ids=q, params={"limit": 3})["items"]
    ask("patch", "/quotes/{quote_id}/tags", 200, ids=q, json={"emotion": "anger", "touchpoint": None})
    told = ask("get", "/studies/{study_id}/decisions", 200, ids=s, params={"limit": 1})
    assert told["next_cursor"] == "1"
    ask("post", "/decisions/{decision_id}/undo", 200, ids={"decision_id": told["items"][0]["id"]})
    ask("post", "/decisions/{decision_id}/undo", 409, ids={"decision_id": told["items"][0]["id"]})
    ask("delete", "/quotes/{quote_id}/tags", 200, ids=q)
    theme = ask("get", "/studies/{study_id}/themes", 200, ids=s)["items"][0]
    ask("get", "/themes/{theme_id}", 200, ids={"theme_id": theme["id"]})
    other = {"map_id": ask("post", "/studies/{study_id}/maps", 201, ids=s, json={"name": "By phone", "channels": ["phone"]})["id"]}
    ask("get", "/studies/{study_id}/maps", 200, ids=s)
    rows = [{"key": "pains"}, {"title": "KPI", "cells": {"during": "42 %"}}, {"key": "steps", "shown": False}]
    ask("patch", "/maps/{map_id}", 200, ids=other, json={"scenario": "A parcel is late", "layout": {"rows": rows}})
    ask("patch", "/maps/{map_id}", 412, ids=other, json={"name": "Other"}, headers={"If-Match": '"old"'})
    ask("get", "/maps/{map_id}", 200, ids=other)
    ask("delete", "/maps/{map_id}", 204, ids=other)
    drawn = ask("get", "/studies/{study_id}/map", 200, ids=s)
    m = {"map_id": drawn["map_id"]}
    assert ask("get", "/maps/{map_id}", 200, ids=m) == ask("get", "/maps/{map_id}", 200, ids={"map_id": drawn["id"]}) == drawn
    ask("get", "/maps/{map_id}/versions", 200, ids=m)
    ask("get", "/maps/{map_id}/export.json", 200, ids=m)
    ask("get", "/maps/{map_id}/export.html", 200, ids=m)
    statement = next(s["id"] for stage in drawn["stages"] for lane in stage["lanes"].values() for s in lane)
    ask("get", "/maps/{map_id}/statements/{statement_id}", 200, ids={**m, "statement_id": statement})
    ask("get", "/statements/{statement_id}", 200, ids={"statement_id": statement})
    stage = next(stage["id"] for stage in drawn["stages"] if stage["emotion"])
    ask("get", "/maps/{map_id}/curve/{stage_id}", 200, ids={**m, "stage_id": stage})
    part = ask("get", "/maps/{map_id}", 200, ids=m, params={"participant": ["P1"], "channel": ["phone", "chat"], "confidence": 0.1})
    assert part["narrowing"]["of_participants"] == drawn["of_participants"]
    ask("get", "/maps/{map_id}/curve/{stage_id}", 404, ids={**m, "stage_id": stage}, params={"confidence": 1, "experience": "neutral"})
    ask("get", "/maps/{map_id}/compare", 200, ids=m, params={"left_participant": "P1", "right_participant": "P2"})
    ask("get", "/maps/{map_id}/curves", 200, ids=m, params={"by": "participants"})


def propose(house, study_id, key, kind, theme_ids, groups):
    """What a run would leave behind that suggests a change of themes."""
    run = house.app.runs.of_study(study_id)[0]
    payload = {"kind": kind, "theme_ids": theme_ids, "groups": groups, "why": "their quotes say so"}
    made = Suggestion("proposal", key, run.id, "offline", run.model, run.prompt, 1.0, payload)
    with house.app.store.write() as repo:
        repo.reviews.suggest(study_id, run.tagger_key, [made], house.app.store.now())


def ask_for_stages(ask, s):
    kept = [{key: stage[key] for key in ("id", "title")} for stage in ask("get", "/studies/{study_id}/stages", 200, ids=s)["items"]]
    given = {"stages": [*kept, {"title": "Much later", "base": ["loyalty"]}]}
    ask("post", "/studies/{study_id}/stages/preview", 200, ids=s, json=given)
    ask("put", "/studies/{study_id}/stages", 200, ids=s, json=given)
    ask("put", "/studies/{study_id}/stages", 412, ids=s, json=given, headers={"If-Match": '"old"'})
    made = ask("post", "/templates", 201, json={"study_id": s["study_id"], "title": "Kept"})
    ask("get", "/templates", 200)
    ask("delete", "/templates/{template_key}", 204, ids={"template_key": made["key"]})


def ask_for_proposed_stages(contract, s):
    ask, house = contract.ask, contract.house
    ask("post", "/studies/{study_id}/stage-proposals", 409, ids=s)
    house.app.__dict__["words"] = Words(FakeLanguageModel(), PromptLibrary(), 16_384)
    house.app.__dict__.pop("stage_proposing")
    assert ask("get", "/studies/{study_id}/stage-proposals/estimate", 200, ids=s)["calls"] == 1
    p = {"proposal_id": ask("post", "/studies/{study_id}/stage-proposals", 202, ids=s)["id"]}
    (listed,) = ask("get", "/studies/{study_id}/stage-proposals", 200, ids=s)["items"]
    assert ask("get", "/stage-proposals/{proposal_id}", 200, ids=p) == listed
    keep = {"stages": [{"key": stage["key"]} for stage in listed["stages"][:1]], "mode": "add"}
    assert ask("post", "/stage-proposals/{proposal_id}/preview", 200, ids=p, json=keep)["changed"]
    ask("post", "/stage-proposals/{proposal_id}/accept", 412, ids=p, json=keep, headers={"If-Match": '"old"'})
    ask("post", "/stage-proposals/{proposal_id}/accept", 200, ids=p, json=keep)
    ask("post", "/stage-proposals/{proposal_id}/dismiss", 409, ids=p)
    other = {"proposal_id": ask("post", "/studies/{study_id}/stage-proposals", 202, ids=s)["id"]}
    ask("post", "/stage-proposals/{proposal_id}/dismiss", 204, ids=other)


def ask_for_business_actions(ask, s):
    m = {"map_id": ask("get", "/studies/{study_id}/map", 200, ids=s)["map_id"]}
    made = ask("post", "/maps/{map_id}/business-actions", 201, ids=m, json={"stage": "during", "text": "Answer the phone"})
    ask("get", "/maps/{map_id}/business-actions", 200, ids=m)
    ask("get", "/maps/{map_id}", 200, ids=m)
    ask("patch", "/business-actions/{action_id}", 200, ids={"action_id": made["id"]}, json={"line": "back"})
    ask("delete", "/business-actions/{action_id}", 204, ids={"action_id": made["id"]})


def ask_for_themes(contract, s):
    ask = contract.ask
    outer = ask("get", "/studies/{study_id}/codebook", 200, ids=s)["themes"]
    one, other, third = ({"theme_id": e["id"]} for e in sorted(outer, key=lambda e: -e["own_quotes"])[:3])
    mine = [q["id"] for q in ask("get", "/themes/{theme_id}", 200, ids=one)["members"]]
    made = ask("post", "/studies/{study_id}/themes", 201, ids=s, json={"label": "Mine", "quote_ids": mine[:1]})
    ask("patch", "/themes/{theme_id}", 200, ids=third, json={"mark": "key", "parent_id": one["theme_id"]})
    ask("patch", "/themes/{theme_id}", 412, ids=third, json={"mark": None}, headers={"If-Match": '"old"'})
    ask("get", "/studies/{study_id}/codebook", 200, ids=s)
    ask("get", "/themes/{theme_id}/split-proposal", 200, ids=one, params={"parts": 2})
    ask("post", "/themes/{theme_id}/split", 200, ids=one, json={"parts": [{"quote_ids": mine[1:2]}]})
    ask("post", "/studies/{study_id}/codebook/undo", 200, ids=s)
    ask("post", "/studies/{study_id}/placements", 200, ids=s, json={"quote_ids": mine[:2], "theme_id": None})
    assert {q["id"] for q in ask("get", "/studies/{study_id}/unplaced", 200, ids=s, params={"limit": 200})["items"]} >= set(mine[:2])
    ask("get", "/studies/{study_id}/themes", 200, ids=s, params={"all": True})
    ask("delete", "/quotes/{quote_id}/placement", 200, ids={"quote_id": mine[1]})
    propose(contract.house, s["study_id"], "merging", "merge", [one["theme_id"], other["theme_id"]], [])
    assert "merging" in {p["id"] for p in ask("get", "/studies/{study_id}/proposals", 200, ids=s)["items"]}
    ask("post", "/proposals/{proposal_id}/reject", 200, ids={"proposal_id": "merging"})
    ask("post", "/studies/{study_id}/codebook/undo", 200, ids=s)
    ask("post", "/proposals/{proposal_id}/accept", 200, ids={"proposal_id": "merging"})
    ask("post", "/proposals/{proposal_id}/accept", 409, ids={"proposal_id": "merging"})
    ask("post", "/studies/{study_id}/codebook/undo", 200, ids=s)
    ask("post", "/themes/{theme_id}/merge", 200, ids=other, json={"into": one["theme_id"]})
    ask("delete", "/themes/{theme_id}", 200, ids={"theme_id": made["themes"][0]["id"]})
    ask("get", "/studies/{study_id}/codebook/history", 200, ids=s, params={"limit": 2})


def ask_for_opportunities(ask, s):
    quotes = ask("get", "/studies/{study_id}/quotes", 200, ids=s, params={"limit": 2})["items"]
    made = ask("post", "/studies/{study_id}/themes", 201, ids=s, json={"label": "Waiting", "quote_ids": [q["id"] for q in quotes]})
    stage = ask("get", "/studies/{study_id}/stages", 200, ids=s)["items"][0]["key"]
    for quote in quotes:
        ask("patch", "/quotes/{quote_id}/tags", 200, ids={"quote_id": quote["id"]}, json={"stage": stage, "experience": "pain"})
    listed = ask("get", "/studies/{study_id}/opportunities", 200, ids=s, params={"stage": stage, "limit": 5})["items"]
    o = {"opportunity_id": next(x["id"] for x in listed if x["theme_id"] == made["themes"][0]["id"])}
    ask("get", "/opportunities/{opportunity_id}", 200, ids=o)
    ask("patch", "/opportunities/{opportunity_id}", 200, ids=o, json={"owner": "Ann", "status": "planned", "priority": None})
    ask("patch", "/opportunities/{opportunity_id}", 412, ids=o, json={"note": "x"}, headers={"If-Match": '"old"'})
    ask("get", "/opportunities/{opportunity_id}", 404, ids={"opportunity_id": "nothing"})


def ask_for_groups(contract):
    ask, s = contract.ask, {"study_id": contract.house.grouped()}
    told = ask("get", "/studies/{study_id}/persona-proposals", 200, ids=s)["items"]
    first, second = ({**s, "proposal_id": p["id"]} for p in told)
    ask("post", "/studies/{study_id}/persona-proposals/{proposal_id}/accept", 201, ids=first, json={"name": "Careful"})
    ask("post", "/studies/{study_id}/persona-proposals/{proposal_id}/reject", 204, ids=second)
    ask("post", "/studies/{study_id}/persona-proposals/{proposal_id}/reject", 409, ids=second)


def test_every_operation_answers_as_it_is_described(contract, make_house):
    ask = contract.ask
    s = {"study_id": ask("post", "/studies", 201, json={"name": "Study", "question": "Why?", "template": "three-stage"})["id"]}
    ask("get", "/studies", 200)
    ask("get", "/studies/{study_id}", 200, ids=s)
    ask("patch", "/studies/{study_id}", 200, ids=s, json={"product": "Things"})
    ask("get", "/studies/{study_id}/map", 404, ids=s)
    t, p = ask_for_files_and_people(ask, s)
    ask_for_stages(ask, s)
    ask_for_a_run(ask, s)
    ask_for_business_actions(ask, s)
    ask_for_proposed_stages(contract, s)
    ask_for_personal_data(ask, s)
    ask_for_quotes_and_maps(ask, s)
    ask_for_themes(contract, s)
    ask_for_opportunities(ask, s)
    ask_for_groups(contract)
    ask("get", "/studies/{study_id}/quality", 200, ids=s)
    ask("get", "/quality", 200)
    ask("delete", "/transcripts/{transcript_id}", 204, ids=t)
    ask("delete", "/personas/{persona_id}", 204, ids=p)
    ask("delete", "/studies/{study_id}", 204, ids=s)
    ask("get", "/healthz", 200, prefix="", stranger=True)
    ask("get", "/readyz", 200, prefix="", stranger=True)
    held = Contract(make_house(holding=True))
    waiting = {"run_id": held.house.get(f"/studies/{held.house.drawn()}/runs")["items"][0]["id"]}
    held.ask("post", "/runs/{run_id}/cancel", 200, ids=waiting)
    held.ask("post", "/runs/{run_id}/resume", 202, ids=waiting)
    well = {name for name, good in contract.seen | held.seen if good}
    assert well == {o["operationId"] for path in contract.document["paths"].values() for o in path.values()}


def test_every_operation_of_the_api_tells_a_stranger_so_in_the_described_way(contract):
    for template, operations in contract.document["paths"].items():
        for method in operations:
            if template.startswith("/api"):
                path = template.removeprefix("/api/v1")
                ids = {name.strip("{}"): "x" for name in path.split("/") if name.startswith("{")}
                problem = contract.ask(method, path, 401, ids=ids, stranger=True)
                assert problem["type"] == "urn:throughline:problem:not-signed-in"


def test_nothing_of_the_map_is_lost_on_its_way_to_the_wire(house, drawn):
    sent = house.get(f"/studies/{drawn}/map")
    maps = house.app.maps
    assert sent == json.loads(json.dumps(maps.read(maps.default_id(drawn))))
    assert any("channel" in s for stage in sent["stages"] for s in stage["lanes"]["touchpoints"])
    assert not any("channel" in s for stage in sent["stages"] for s in stage["lanes"]["pains"])


def test_a_field_that_is_not_known_is_an_error_that_names_it(house, drawn):
    for method, path, body in (
        ("POST", "/studies", {"name": "A", "nmae": "B"}),
        ("PATCH", f"/studies/{drawn}", {"titel": "B"}),
        ("POST", f"/studies/{drawn}/runs", {"taggr": "llm"}),
        ("POST", f"/studies/{drawn}/maps", {"name": "A", "persona": []}),
        ("PUT", f"/studies/{drawn}/stages", {"stages": [{"title": "A", "colour": "red"}]}),
        ("POST", f"/studies/{drawn}/personas", {"name": "A", "age": "B"}),
    ):
        answer = house.script.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == 422, path
        wrong = ({*body} - {"name", "stages"}).pop() if "stages" not in body else "stages.0.colour"
        assert [e["field"] for e in answer.json()["errors"]] == [wrong]
    answer = house.script.get(f"/api/v1/studies/{drawn}/quotes?emotoin=anger")
    assert [e["field"] for e in answer.json()["errors"]] == ["emotoin"]
