"""Statements with a model: what it writes is checked and written anew once, and where that is wanted looked at again."""

import re
import shutil
import sqlite3

import pytest
from fakes import FakeLanguageModel
from services.conftest import NAMES, Bench, talk

from app.adapters.prompts import PromptLibrary
from app.api.schemas_map import MapOut
from app.domain.runs import RunStatus, TaggerKind
from app.services.desk import Desk
from app.services.synthesis import Inline, synthesize
from app.services.words import Words

WRITING, CHECKING = "write_stage", "check_statements"
BAD = "Users always feel frustrated after 99 minutes."


class Writing:
    """A study that a fake model words; what is drawn first is kept for all tests of the file."""

    def __init__(self, made: Bench, *, known=()):
        self.app, self.study, self.map, self.statements = made.app, made.study, made.map, made.statements
        self.made, self.model = made, FakeLanguageModel()
        self.model.known |= set(known)
        made.tagger.source = "llm"
        made.replace(tagger=made.tagger)
        self.app.redaction.switch(self.study.id, on=False, actor="me")  # to search for personal data takes longer than all the rest
        self.app.__dict__["words"] = Words(self.model, PromptLibrary(), 16_384)

    def run(self, *, check=None):
        run = self.app.runs.create(self.study.id, TaggerKind.AUTO, check=check)
        return self.go(run)

    def go(self, run):
        for name in ("steps", "estimates"):
            self.app.__dict__.pop(name, None)
        synthesize(run.id, Inline(), self.app.steps)
        return self.app.runs.get(run.id)

    def written(self):
        """Statements that the model worded."""
        return [s for s in self.statements().values() if s.get("origin") == "llm"]

    def asked(self, task):
        new = self.model.of(task)
        self.model.asked = [r for r in self.model.asked if r.task != task]
        return new


@pytest.fixture(scope="module")
def written_once(tmp_path_factory):
    """The folder of a study that was worded, and what was asked for it."""
    made = Writing(Bench(tmp_path_factory.mktemp("written")))
    made.made.upload(*map(talk, NAMES[:2]))
    assert made.run().status is RunStatus.SUCCEEDED
    made.app.db.dispose()
    return made.app.settings.data_dir, set(made.model.known)


@pytest.fixture
def writing(bench, written_once):
    folder, known = written_once
    return Writing(bench(like=folder), known=known)


@pytest.fixture(scope="module")
def looked(tmp_path_factory, written_once):
    """The same study after a second look, with what that was foretold to take; to be read only."""
    folder = tmp_path_factory.mktemp("looked") / "study"
    shutil.copytree(written_once[0], folder)
    made = Writing(Bench(folder), known=written_once[1])
    doubt(made.model, ["partly", "supported", "not"])
    made.told = {p.name: p.calls for p in made.app.estimates.of(made.study.id, check=True).parts}
    made.ended = made.run(check=True)
    yield made
    made.app.db.dispose()


@pytest.fixture
def fresh(bench):
    made = Writing(bench())
    made.made.upload(*map(talk, NAMES[:2]))
    return made


def spoil(model, *, always):
    """Have the first sentence of each request be wrong, or only of those that are no second tries."""
    stages = set()

    def mend(request, value):
        if request.task == WRITING and (always or "<rejected " not in request.user):
            stages.add(request.user.partition(".")[0])
            value["s"][0]["text"] = BAD

    model.mend = mend
    return stages


def doubt(model, verdicts):
    """Have the first statements of a batch be given these verdicts, all others be supported."""

    def mend(request, value):
        if request.task == CHECKING:
            for n, item in enumerate(value["c"]):
                item["v"] = verdicts[n] if n < len(verdicts) else "supported"
                item["r"] = "" if item["v"] == "supported" else f"Reason {n}."

    model.mend = mend


def test_a_sentence_that_claims_too_much_is_written_anew_in_a_request_for_it_alone(fresh):
    spoiled = spoil(fresh.model, always=False)
    run = fresh.run()
    requests = fresh.asked(WRITING)
    again = [r for r in requests if "<rejected " in r.user]
    assert len(again) == len(spoiled) == len(requests) - len(again) > 1
    assert all(r.user.count("<group ") == 1 and BAD in r.user for r in again)
    assert run.status is RunStatus.SUCCEEDED
    assert BAD not in {s["text"] for s in fresh.statements().values()}
    report = fresh.map()["run"]["statements"]
    assert (report["written"], report["refused"]) == (len(fresh.written()), 0)
    spent = {s.task: s.calls for s in run.spent}
    assert spent[WRITING] == len(requests)


def test_a_sentence_that_is_wrong_twice_gives_way_to_the_quotes_own_words_and_the_report_says_how_many(fresh, tmp_path):
    spoiled = spoil(fresh.model, always=True)
    fresh.run()
    document = fresh.map()
    assert document["run"]["statements"]["refused"] == len(spoiled)
    assert BAD not in {s["text"] for s in fresh.statements().values()}
    assert all(s["evidence"] for s in fresh.statements().values() if s.get("origin") in {"llm", "offline"})
    fresh.app.export.write_folder(fresh.study.id, tmp_path / "out", {}, redact=False)
    assert f"{len(spoiled)} more claimed what no quote says" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    fresh.asked(WRITING)
    fresh.run()
    assert fresh.asked(WRITING) == [], "what was refused is remembered like any reply"
    assert fresh.map()["run"]["statements"] == document["run"]["statements"]


def test_without_a_wish_for_it_nothing_is_looked_at_again_and_nothing_doubted(writing):
    run = writing.app.runs.of_study(writing.study.id)[0]
    assert {p.name: p.total for p in run.progress}["check"] == 0
    assert writing.model.of(CHECKING) == []
    assert writing.map()["run"]["statements"]["checked"] == 0
    assert {s["doubt"] for s in writing.written()} == {None}


def test_every_written_statement_is_looked_at_once_and_doubts_stand_on_the_map_with_their_reason(looked):
    run, requests, written = looked.ended, looked.model.of(CHECKING), looked.written()
    assert (run.status, run.inputs.check) == (RunStatus.SUCCEEDED, True)
    assert looked.told["check"] == len(requests) == {s.task: s.calls for s in run.spent}[CHECKING]
    assert sum(r.user.count("<statement ") for r in requests) == len(written)
    doubted = [s["doubt"] for s in written if s["doubt"]]
    assert sorted(d["verdict"] for d in doubted) == sorted(["partly", "not"] * len(requests))
    assert {d["reason"] for d in doubted} == {"Reason 0.", "Reason 2."}
    report = looked.map()["run"]["statements"]
    assert (report["checked"], report["doubted"]) == (len(written), len(doubted))
    assert {p.name: p.calls for p in looked.app.estimates.of(looked.study.id, check=True).parts}["check"] == 0


def test_a_statement_is_checked_against_the_very_quotes_that_it_cites(looked):
    quotes = looked.map()["quotes"]
    cited = []
    for s in looked.written():
        supporting = [quotes[e["quote_id"]]["text"] for e in s["evidence"] if e["relation"] == "supports"]
        cited.append((s["text"], sorted(supporting)))
    users = "\n".join(r.user for r in looked.model.of(CHECKING))
    shown = re.findall(r"<statement [^>]*>(.*)\n((?:<q>.*</q>\n)+)</statement>", users)
    assert sorted((text, sorted(re.findall("<q>(.*)</q>", said))) for text, said in shown) == sorted(cited)


def test_a_second_look_that_fails_is_a_gap_that_a_resume_closes_and_verdicts_left_out_are_named(writing):
    writing.model.broken = {CHECKING}
    run = writing.run(check=True)
    assert run.status is RunStatus.PARTIAL
    assert {g.reason for g in run.gaps} == {"the endpoint is down"}
    assert all(g.what.startswith("a second look at ") for g in run.gaps)
    writing.model.broken = set()

    def forget(request, value):
        if request.task == CHECKING:
            del value["c"][0]

    writing.model.mend = forget
    run = writing.go(writing.app.runs.resume(run.id))
    assert {g.what for g in run.gaps} == {"a second look at 1 statement"}
    writing.model.mend = lambda _request, _value: None
    run = writing.go(writing.app.runs.resume(run.id))
    assert (run.status, run.gaps) == (RunStatus.SUCCEEDED, ())
    assert writing.map()["run"]["statements"]["checked"] == len(writing.written())


def test_a_spent_budget_leaves_the_statements_unchecked_and_says_so(bench, written_once):
    made = Writing(bench(like=written_once[0], settings={"llm_token_budget": 20}), known=written_once[1])
    run = made.run(check=True)
    assert run.tokens_in + run.tokens_out <= 20
    assert made.written()
    assert all("budget" in g.reason for g in run.gaps)
    assert [g for g in run.gaps if g.what.startswith("a second look")]


def test_a_verdict_holds_for_the_sentence_it_was_given_and_no_other(writing):
    doubt(writing.model, ["not"] * 99)
    writing.run(check=True)
    assert all(s["doubt"] for s in writing.written())

    def other(_request, value):
        for item in value.get("s", ()):
            item["text"] = item["text"].replace("Tells at", "Tells us at")

    writing.model.mend = other
    writing.model.known.clear()
    writing.run(check=False)
    changed = [s for s in writing.written() if s["text"].startswith("Tells us at")]
    assert changed
    assert {s["doubt"] for s in changed} == {None}


def test_the_setting_decides_where_a_run_says_nothing_and_the_offline_tagger_never_looks_again(bench):
    made = Writing(bench(settings={"check_statements": True}))
    made.made.upload(talk("Bea Larsson"))
    assert made.app.runs.create(made.study.id).inputs.check
    assert not made.app.runs.create(made.study.id, check=False).inputs.check
    made.made.tagger.source = "offline"
    made.made.replace(tagger=made.made.tagger)
    assert not made.app.runs.create(made.study.id).inputs.check


def test_what_a_first_run_looks_at_again_is_foretold_as_an_upper_bound(fresh):
    told = {p.name: p for p in fresh.app.estimates.of(fresh.study.id, check=True).parts}
    assert list(told) == ["tag", "draft", "assign", "write", "check"]
    fresh.run(check=True)
    assert told["check"].calls >= len(fresh.asked(CHECKING)) >= 1
    assert told["check"].tokens_in > 0


def test_sentences_and_doubts_about_an_erased_interview_are_erased_with_it(writing, tmp_path):
    doubt(writing.model, ["partly"] * 99)
    writing.run(check=True)
    gone = next(t for t in writing.app.studies.transcripts(writing.study.id) if t.file_name == "bea.txt")
    quotes = {q["id"] for q in writing.app.quotes.every(writing.study.id) if q["transcript_id"] == gone.id}
    writing.app.studies.delete_transcript(gone.id)
    writing.app.db.dispose()
    with sqlite3.connect(tmp_path / "one" / "throughline.db") as db:
        kept = [row[0] for row in db.execute("select payload from suggestion where target_type in ('statement', 'statement-check')")]
    assert kept
    assert not [payload for payload in kept if any(q in payload for q in quotes)]


def test_the_api_tells_the_doubt_with_the_statement_and_null_elsewhere(looked):
    document = MapOut.model_validate(looked.app.maps.read(looked.app.maps.default_id(looked.study.id)))
    told = [s.doubt for stage in document.stages for lane in (stage.lanes.pains, stage.lanes.actions, stage.lanes.thoughts) for s in lane]
    assert None in told
    assert any(told)
    doubted = next(s for s in looked.written() if s["doubt"])
    desk = Desk(looked.app, None, None)
    assert desk.show_cited(looked.app.maps.statement(doubted["id"]))["statement"]["doubt"] == doubted["doubt"]


def test_a_re_run_of_an_unchanged_study_looks_at_nothing_again_and_keeps_the_doubts(writing):
    doubt(writing.model, ["partly"])
    writing.run(check=True)
    before = writing.written()
    assert writing.run(check=True).calls == 0
    assert writing.written() == before
    assert any(s["doubt"] for s in before)
