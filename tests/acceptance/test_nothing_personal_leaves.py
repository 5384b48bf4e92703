"""Every request that a model gets, and every line that is logged, over a study in which everything tells somebody's name."""

import json
import logging

import pytest
from fakes import FakeClusterer, FakeEmbedder
from scripted_server import ScriptedServer, sensible

from app.domain.runs import RunStatus, TaggerKind
from app.services.ingest import Upload
from app.services.studies import StageDraft
from app.services.synthesis import Inline, synthesize
from app.settings import Settings
from app.wiring import Application

SECRETS = ("wilhelmina", "okonkwo", "bartholomew", "finch", "7946", "example.com", "4111", "acme dental")
FIRST = """Bartholomew Finch: Thanks, Wilhelmina. How did you find Acme Dental?

Wilhelmina Okonkwo: I saw an advert on the bus and looked at the website that evening. The prices were hard to compare and I gave up.

Bartholomew Finch: What happened then, Mrs Okonkwo?

Wilhelmina Okonkwo: I rang Acme Dental twice and nobody answered, which made me angry. They wrote to willa.okonkwo@example.com.

Bartholomew Finch: And after that?

Wilhelmina Okonkwo: I paid with 4111 1111 1111 1111, and Bartholomew, the driver was lovely. My number is 020 7946 0958, they text me.

Bartholomew Finch: Would you stay?

Wilhelmina Okonkwo: The delivery came a day early again. I would recommend Acme Dental to anybody who asks me about it.
"""


@pytest.fixture
def server():
    with ScriptedServer(sensible) as running:
        yield running


@pytest.fixture
def app(tmp_path, server):
    made = Application(Settings(data_dir=tmp_path / "data", llm_base_url=server.url, llm_model="scripted"))
    made.__dict__.update({"embedder": FakeEmbedder(), "clusterer": FakeClusterer()})
    yield made
    made.db.dispose()


@pytest.fixture
def study(app):
    made = app.studies.create(
        "Wilhelmina Okonkwo’s switch", question="Why did Wilhelmina Okonkwo ring 020 7946 0958?", product="Acme Dental"
    )
    second = FIRST.replace("Wilhelmina", "Tendai").replace("Okonkwo", "Marsh").replace("willa.", "").replace("twice", "three times")
    app.ingest.upload(made.id, [Upload("wilhelmina-okonkwo.txt", FIRST.encode()), Upload("marsh.txt", second.encode())], actor="test")
    stages = [StageDraft(s.id, s.title, s.definition, s.base) for s in app.studies.stages(made.id)]
    app.studies.set_stages(made.id, [*stages, StageDraft(None, "Bartholomew Finch calls", "When Wilhelmina Okonkwo is rung.")])
    app.redaction.decide(made.id, "Acme Dental", "other", actor="test")
    return made.id


def run(app, study, tagger=TaggerKind.LLM, *, check=False):
    made = app.runs.create(study, tagger, check=check)
    synthesize(made.id, Inline(), app.steps)
    return app.runs.get(made.id)


def test_no_request_and_no_log_line_of_a_whole_run_holds_a_name_an_address_or_a_number(app, study, server, caplog):
    caplog.set_level(logging.DEBUG)
    ended = run(app, study, check=True)
    assert ended.status is RunStatus.SUCCEEDED, ended.gaps
    asked = [json.dumps(call, ensure_ascii=False).lower() for call in server.calls]
    every = {"tag_quotes", "draft_codebook", "assign_themes", "write_stage", "check_statements"}
    assert {task for task in every for call in asked if f"task: {task}" in call} == every
    for call in asked:
        assert [secret for secret in SECRETS if secret in call] == []
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("app", "workers"))).lower()
    assert [secret for secret in SECRETS if secret in ours] == []
    everything = " ".join(asked)
    for placeholder in ("[p1]", "[name]", "[email]", "[phone]", "[card]", "[other]"):
        assert placeholder in everything


def test_replies_to_redacted_requests_answer_no_raw_ones(app, study, server):
    run(app, study)
    redacted = len(server.calls)
    app.redaction.switch(study, on=False, actor="test")
    with app.store.write() as repo:
        repo.reviews.forget([q["id"] for q in app.quotes.every(study)])
    run(app, study)
    raw = [json.dumps(call, ensure_ascii=False).lower() for call in server.calls[redacted:]]
    assert raw, "a request with the words as spoken is another request"
    assert "wilhelmina" in " ".join(raw)
    app.redaction.switch(study, on=True, actor="test")
    with app.store.write() as repo:
        repo.reviews.forget([q["id"] for q in app.quotes.every(study)])
    asked = len(server.calls)
    ended = run(app, study)
    assert len(server.calls) == asked, "and the redacted ones are still remembered"
    assert ended.cached
