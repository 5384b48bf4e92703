"""Stages proposed from the interviews: what a model is shown, what is kept of its answer, and that nothing of it is lost or left behind."""

import re
from dataclasses import replace

import pytest
from fakes import FakeLanguageModel, FakeRedactor
from services.conftest import NAMES, talk

from app.adapters.prompts import PromptLibrary
from app.domain.render import Finding
from app.domain.stage_proposals import Mode, ProposalStatus
from app.errors import Conflict, InvalidInput, NotFound
from app.services.replies import StoredReplies
from app.services.stage_proposals import StageChoice
from app.services.words import Words
from app.stages.propose_stages import PROPOSE_STAGES


class NameRedactor(FakeRedactor):
    """Finds the names that are known, and loads nothing for it."""

    def find(self, text, names, _language="en"):
        parts = {part for name in names for part in name.split()}
        return tuple(Finding(m.start(), m.end(), "name") for m in re.finditer(r"\w+", text) if m[0] in parts)


def with_model(made, context=16_384):
    model = FakeLanguageModel()
    made.app.__dict__.update({"words": Words(model, PromptLibrary(), context), "redactor": NameRedactor()})
    return model


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def asked(made):
    proposal = made.app.stage_proposing.ask(made.study.id)
    made.app.stage_proposing.work(proposal.id)
    return made.app.stage_proposals.get(proposal.id)


def test_stages_come_with_quotes_of_the_request_word_for_word(drawn):
    model = with_model(drawn)
    seen = asked(drawn)
    assert (seen.proposal.status, seen.verdict, seen.open) == (ProposalStatus.READY, None, True)
    assert [s.stage.title for s in seen.stages] == ["Hearing of it", "Getting it to work", "When it breaks"]
    with drawn.app.store.read() as repo:
        canonical = repo.transcripts.texts([t.id for t in repo.transcripts.of_study(drawn.study.id)])
    for stage in seen.stages:
        assert 1 <= len(stage.quotes) <= 6
        assert all(q.text == canonical[q.transcript_id][q.start : q.end] for q in stage.quotes)
    assert [[s.key for s in one.carries_on] for one in seen.stages] == [["awareness"], ["purchase", "onboarding"], ["support"]]
    assert seen.proposal.read.quotes == seen.proposal.read.of_quotes
    assert seen.proposal.read.interviews == 4
    assert len(model.of(PROPOSE_STAGES)) == 1


def test_what_leaves_is_redacted_and_in_the_order_of_each_talk(bench):
    made = bench()
    made.upload(talk(NAMES[0]), talk(NAMES[1], "Bea Larsson"), talk(NAMES[2], "Ann"))
    model = with_model(made)
    asked(made)
    (request,) = model.of(PROPOSE_STAGES)
    assert not any(part in request.user + request.system for name in NAMES for part in name.split())
    assert len(re.findall(r"I rang (?:\[\w+\] ?)+twice", request.user)) == 2
    assert [f"by=P{n}>" in request.user for n in (1, 2, 3, 4)] == [True] * 3 + [False]
    first = request.user.partition("<interview n=2>")[0]
    assert first.index("told me about it") < first.index("chat sorted") < first.index("leave next year")
    assert set(request.transcript_ids) == {t.id for t in made.app.studies.transcripts(made.study.id)}


def test_stages_can_be_proposed_before_the_first_run_and_the_estimate_stores_nothing(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    with_model(made)
    told = made.app.stage_proposing.estimate(made.study.id)
    assert (told.foreseen.calls, told.read.interviews, told.affordable) == (1, 4, True)
    assert all(t.segmenter is None for t in made.app.studies.transcripts(made.study.id))
    seen = asked(made)
    assert seen.proposal.read == told.read
    assert all(stage.quotes for stage in seen.stages)
    assert made.app.stage_proposing.estimate(made.study.id).foreseen.calls == 0
    assert made.run().status == "succeeded"


def test_a_small_model_reads_a_fair_part_of_every_interview(drawn):
    model = with_model(drawn, context=3_000)
    seen = asked(drawn)
    assert seen.proposal.read.quotes < seen.proposal.read.of_quotes
    (request,) = model.of(PROPOSE_STAGES)
    shown = [part.count("<q n=") for part in request.user.split("<interview ")[1:]]
    assert max(shown) - min(shown) <= 1


def test_a_proposal_survives_a_restart_and_doing_it_twice_is_as_once(drawn, bench):
    model = with_model(drawn)
    first = asked(drawn)
    drawn.app.stage_proposing.work(first.proposal.id)
    assert len(model.of(PROPOSE_STAGES)) == 1
    drawn.app.db.dispose()
    again = bench()  # another process over the same folder
    assert again.app.stage_proposals.newest(again.study.id)[0] == first.proposal
    assert again.app.stage_proposals.of_study(again.study.id)[0].stages == first.stages


def test_one_that_was_left_in_the_middle_is_gone_on_with(drawn):
    with_model(drawn)
    proposing = drawn.app.stage_proposing
    proposal = proposing.ask(drawn.study.id)
    with pytest.raises(Conflict, match="already"):
        proposing.ask(drawn.study.id)
    with drawn.app.store.write() as repo:
        repo.stage_proposals.begin(proposal.id)
    assert proposing.unfinished() == [proposal.id]
    with pytest.raises(Conflict, match="worked on"):
        drawn.app.stage_proposals.drafts(proposal.id, None, Mode.REPLACE)
    proposing.work(proposal.id)
    assert proposing.unfinished() == []
    assert drawn.app.stage_proposals.get(proposal.id).open


def test_what_cannot_be_done_says_why_and_can_be_asked_again(drawn):
    model = with_model(drawn)
    model.broken.add(PROPOSE_STAGES)
    failed = asked(drawn).proposal
    assert (failed.status, failed.error) == (ProposalStatus.FAILED, "the endpoint is down")
    model.broken.clear()
    model.mend = lambda _request, value: value["s"].__delitem__(slice(1, None))
    failed = asked(drawn).proposal
    assert "fewer than 3 stages" in failed.error
    assert failed.cost.tokens_in > 0
    model.mend = lambda _request, _value: None
    assert asked(drawn).open
    assert [p.proposal.status for p in drawn.app.stage_proposals.of_study(drawn.study.id)] == ["ready", "failed", "failed"]


def test_numbers_that_the_model_was_not_shown_are_dropped_and_counted(drawn):
    model = with_model(drawn)
    model.mend = lambda _request, value: value["s"][0]["n"].extend([9999, 0])
    proposal = asked(drawn).proposal
    assert proposal.ungrounded == 2
    assert all(q for stage in proposal.stages for q in stage.quote_ids)


def test_the_token_budget_holds_before_anything_is_asked(bench, drawn_once):
    made = bench(like=drawn_once, settings={"llm_token_budget": 20})
    model = with_model(made)
    assert not made.app.stage_proposing.estimate(made.study.id).affordable
    assert "THROUGHLINE_LLM_TOKEN_BUDGET" in asked(made).proposal.error
    assert model.asked == []


def test_without_a_model_it_says_so_and_what_to_do_instead(drawn):
    assert drawn.app.stage_proposing.model is None
    for ask in (drawn.app.stage_proposing.ask, drawn.app.stage_proposing.estimate):
        with pytest.raises(Conflict, match="begin with a template"):
            ask(drawn.study.id)


def test_too_little_talk_is_no_journey(bench):
    made = bench()
    with_model(made)
    with pytest.raises(InvalidInput, match="no participants yet"):
        made.app.stage_proposing.ask(made.study.id)
    with pytest.raises(InvalidInput, match="too few"):
        made.app.stage_proposing.estimate(made.study.id)


def test_proposals_and_remembered_replies_go_with_a_transcript_that_was_read_for_them(drawn):
    model = with_model(drawn)
    drawn.app.words.model.cache = None
    seen = asked(drawn)
    (request,) = model.of(PROPOSE_STAGES)
    replies = StoredReplies(drawn.app.store)
    replies.put("key", request, {"s": []}, seen.proposal.cost, "scripted")
    assert replies.get("key") == {"s": []}
    drawn.app.studies.delete_transcript(seen.proposal.transcript_ids[0])
    assert replies.get("key") is None
    with pytest.raises(NotFound):
        drawn.app.stage_proposals.get(seen.proposal.id)


def test_an_answer_about_a_transcript_that_was_erased_meanwhile_is_not_kept(drawn):
    model = with_model(drawn)
    transcript = drawn.app.studies.transcripts(drawn.study.id)[0]
    model.mend = lambda _request, _value: drawn.app.studies.delete_transcript(transcript.id)
    proposal = asked(drawn).proposal
    assert "erased meanwhile" in proposal.error
    assert proposal.stages == ()


def test_chosen_stages_become_the_studys_and_nothing_people_decided_is_lost(drawn):
    with_model(drawn)
    app = drawn.app
    stages = {s.key: s for s in app.studies.stages(drawn.study.id)}
    quote = app.quotes.page(drawn.study.id, {}).quotes[0]
    app.review.correct(quote.id, {"stage": "purchase"}, actor="ann")
    seen = asked(drawn)
    _, drafts = app.stage_proposals.drafts(seen.proposal.id, None, Mode.REPLACE)
    told = app.studies.preview_stages(drawn.study.id, drafts)
    assert {e.fate.value for e in told.effects} >= {"stays", "moves", "disappears"}
    app.studies.set_stages(drawn.study.id, drafts)
    app.stage_proposals.accept(seen.proposal.id, actor="ann")
    now = app.studies.stages(drawn.study.id)
    assert [s.title for s in now] == ["Hearing of it", "Getting it to work", "When it breaks"]
    _, shown = app.quotes.shown(quote.id)
    assert shown.tags.stage == stages["purchase"].id == now[1].id
    with pytest.raises(Conflict, match="answered"):
        app.stage_proposals.dismiss(seen.proposal.id, actor="ann")
    (decision,) = app.review.decisions(drawn.study.id, "stage_proposal").decisions
    assert (decision.value, decision.actor) == ({"verdict": "accepted"}, "ann")
    app.review.undo_decision(decision.id)
    assert app.stage_proposals.get(seen.proposal.id).open


def test_some_are_kept_in_other_words_and_what_was_not_proposed_is_refused(drawn):
    with_model(drawn)
    seen = asked(drawn)
    choice = [StageChoice("when-it-breaks", title=" It breaks "), StageChoice("hearing-of-it", definition="From the first word.")]
    _, drafts = drawn.app.stage_proposals.drafts(seen.proposal.id, choice, Mode.REPLACE)
    assert [(d.title, d.definition) for d in drafts] == [
        ("Hearing of it", "From the first word."),
        ("It breaks", "What they do around when it breaks."),
    ]
    for wrong in ([], [StageChoice("unheard-of")]):
        with pytest.raises(InvalidInput):
            drawn.app.stage_proposals.drafts(seen.proposal.id, wrong, Mode.ADD)


def test_only_the_newest_ten_are_remembered(drawn):
    with_model(drawn)
    made = [asked(drawn).proposal.id for _ in range(12)]
    assert drawn.app.stage_proposals.ids(drawn.study.id) == made[:-11:-1]


def test_a_gist_that_a_model_has_written_stands_for_a_quote(drawn, monkeypatch):
    study = drawn.study.id
    with drawn.app.store.write() as repo:
        (run,) = repo.runs.of_study(study)
        said = repo.reviews.suggestions(study, "quote", run.tagger_key).values()
        gists = [replace(s, payload={**s.payload, "gist": f"case {n} of Bea"}) for n, s in enumerate(said)]
        repo.reviews.suggest(study, run.tagger_key, gists, drawn.app.store.now(), anew=True)
    monkeypatch.setattr("app.services.stage_proposing.asks_a_model", lambda _run: True)
    model = with_model(drawn)
    asked(drawn)
    (request,) = model.of(PROPOSE_STAGES)
    assert request.user.count("> case ") + request.user.count(">case ") == len(gists)
    assert "Bea" not in request.user
