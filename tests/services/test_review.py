import time

import numpy as np
import pytest
from fakes import FakeTagger
from services.conftest import NAMES, talk

from app.domain.runs import TaggerKind
from app.errors import Conflict, InvalidInput, NotFound
from app.services.studies import StageDraft
from app.services.synthesis import Inline, synthesize

WHOLE = {"stage": "support", "channel": "phone", "kind": "action", "emotion": "anger", "intensity": 3, "experience": "pain"}


class NotingTagger(FakeTagger):
    """Keeps the windows it was asked about."""

    def __init__(self, **more):
        super().__init__(**more)
        self.windows = []

    def tag(self, window):
        self.windows.append(window)
        return super().tag(window)


@pytest.fixture
def drawn(bench, drawn_once):
    made = bench(like=drawn_once)
    made.replace(tagger=NotingTagger())
    return made


def quotes(drawn, **filters):
    return list(drawn.app.quotes.page(drawn.study.id, filters, limit=200).quotes)


def other(value, values):
    return next(v for v in values if v != value)


def correct(drawn, quote_id, **given):
    drawn.app.review.correct(quote_id, given, actor="ann")
    return drawn.app.quotes.shown(quote_id)[1]


def retagged(drawn):
    run = drawn.app.runs.create_or_resume(drawn.study.id, TaggerKind.AUTO, retag=True)
    synthesize(run.id, Inline(), drawn.app.steps)
    return drawn.app.runs.get(run.id)


def test_a_correction_changes_the_named_fields_only_and_keeps_what_was_proposed(drawn):
    before = quotes(drawn)[0]
    emotion = other(before.tags.emotion, ["anger", "relief"])
    after = correct(drawn, before.id, emotion=emotion)
    assert (after.tags.emotion, after.source, after.review) == (emotion, "human", "corrected")
    assert after.proposed == before.tags
    assert (after.tags.stage, after.tags.channel, after.tags.intensity) == (before.tags.stage, before.tags.channel, before.tags.intensity)
    assert after.decided.keys() == {"emotion"}


def test_a_value_that_equals_the_proposal_confirms_it(drawn):
    quote = quotes(drawn)[0]
    after = correct(drawn, quote.id, emotion=quote.tags.emotion.value)
    assert (after.review, after.tags) == ("confirmed", quote.tags)
    drawn.app.review.confirm(quote.id, actor="ann")
    assert len(drawn.app.quotes.shown(quote.id)[1].decided) == 7


def test_a_later_decision_replaces_the_earlier_one_and_history_keeps_both(drawn):
    quote = quotes(drawn)[0]
    correct(drawn, quote.id, experience="pain")
    correct(drawn, quote.id, experience="neutral", kind="need")
    page = drawn.app.review.decisions(drawn.study.id)
    told = {(d.field, d.value, d.undone_at is None) for d in page.decisions}
    assert told == {("experience", "pain", False), ("experience", "neutral", True), ("kind", "need", True)}
    assert page.decisions[-1].value == "pain"
    assert drawn.app.quotes.shown(quote.id)[1].tags.experience == "neutral"


def test_saying_the_same_again_adds_nothing_to_the_history(drawn):
    quote = quotes(drawn)[0]
    correct(drawn, quote.id, **WHOLE)
    correct(drawn, quote.id, **WHOLE)
    assert drawn.app.review.decisions(drawn.study.id).total == len(WHOLE)


def test_decisions_are_taken_back_one_by_one_or_all_at_once(drawn):
    quote = quotes(drawn)[0]
    correct(drawn, quote.id, **WHOLE)
    one = next(d for d in drawn.app.review.decisions(drawn.study.id).decisions if d.field == "stage")
    assert one.value == "support"
    assert drawn.app.review.undo_decision(one.id).undone_at is not None
    with pytest.raises(Conflict, match="already"):
        drawn.app.review.undo_decision(one.id)
    shown = drawn.app.quotes.shown(quote.id)[1]
    assert (shown.tags.stage, shown.tags.emotion) == (quote.tags.stage, "anger")
    assert drawn.app.review.undo(quote.id) == len(WHOLE) - 1
    assert drawn.app.quotes.shown(quote.id)[1] == quote


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stage": "nowhere"}, "use awareness, consideration"),
        ({"channel": "pigeon"}, "website, app, email"),
        ({"emotion": None}, "delight, satisfaction"),
        ({"intensity": 4}, "use 1, 2, 3"),
        ({"gist": "x"}, "no “gist” to decide about"),
        ({}, "say at least one of stage, channel"),
    ],
)
def test_a_value_outside_the_code_book_is_refused_with_those_that_are_in_it(drawn, given, said):
    with pytest.raises(InvalidInput) as refused:
        correct(drawn, quotes(drawn)[0].id, **given)
    assert said in refused.value.message
    assert drawn.app.review.decisions(drawn.study.id).total == 0


def test_a_quote_that_is_not_there_cannot_be_corrected(drawn):
    with pytest.raises(NotFound):
        correct(drawn, "nothing", kind="need")


def test_a_gap_gets_tags_when_a_person_says_all_of_them_and_no_model_is_asked_again(drawn, bench):
    gap = quotes(drawn)[0].id
    made = bench("two")
    made.tagger.refuses = {gap}
    made.upload(*map(talk, NAMES))
    made.run()
    with pytest.raises(InvalidInput, match="still missing: stage, channel"):
        correct(made, gap, emotion="anger")
    with pytest.raises(Conflict):
        made.app.review.confirm(gap, actor="ann")
    told = correct(made, gap, **WHOLE)
    assert (told.state, told.source, told.proposed, told.review) == ("unplaced", "human", None, "corrected")
    made.tagger.asked.clear()
    made.run()
    assert made.tagger.asked == []
    assert made.map()["coverage"]["gap"] == 0


def test_decisions_survive_a_re_run_another_tagger_an_added_interview_and_a_re_tag(drawn):
    quote = quotes(drawn)[0]
    decided = correct(drawn, quote.id, **WHOLE).tags
    drawn.run()
    assert drawn.app.quotes.shown(quote.id)[1].tags == decided
    drawn.upload(talk("Farid Aziz"))
    drawn.replace(tagger=NotingTagger(model="fake/2"))
    drawn.run()
    assert drawn.app.quotes.shown(quote.id)[1].tags == decided
    retagged(drawn)
    assert drawn.app.quotes.shown(quote.id)[1].tags == decided
    assert drawn.app.review.reviewed(drawn.study.id) == 1


def test_a_re_run_after_corrections_asks_no_model_about_anything(drawn):
    for quote in quotes(drawn)[:5]:
        correct(drawn, quote.id, **WHOLE)
    drawn.tagger.asked.clear()
    run = drawn.run()
    assert (drawn.tagger.asked, run.calls, run.cached) == ([], 0, 0)


def test_a_re_tag_judges_every_window_once_and_may_be_resumed(drawn):
    every = {q.id for q in quotes(drawn)}
    drawn.tagger.asked.clear()
    drawn.tagger.broken = True
    broken = retagged(drawn)
    assert (broken.status, drawn.tagger.asked) == ("partial", [])
    assert {q.tags is None for q in quotes(drawn)} == {False}
    drawn.tagger.broken = False
    again = retagged(drawn)
    assert (again.id, again.status) == (broken.id, "succeeded")
    assert sorted(drawn.tagger.asked) == sorted(every)
    drawn.tagger.asked.clear()
    drawn.run()
    assert drawn.tagger.asked == []


def test_a_decision_for_a_stage_that_was_removed_no_longer_counts(drawn):
    quote = next(q for q in quotes(drawn) if q.tags.stage != "none")
    stages = drawn.app.studies.stages(drawn.study.id)
    last = next(s for s in reversed(stages) if s.id != quote.tags.stage)
    correct(drawn, quote.id, stage=last.key)
    kept = [StageDraft(s.id, s.title, s.definition, s.base) for s in stages if s.id != last.id]
    drawn.app.studies.set_stages(drawn.study.id, kept)
    assert drawn.app.quotes.shown(quote.id)[1].tags.stage == quote.tags.stage


def test_the_map_is_drawn_with_the_corrections_and_older_versions_stay_as_they_were(drawn):
    first = drawn.map()
    drawn.run()
    second = drawn.map()
    moved = [q for q in quotes(drawn) if q.tags.stage != "none"][:6]
    for quote in moved:
        correct(drawn, quote.id, **WHOLE)
    support = next(s for s in drawn.map()["stages"] if s["key"] == "support")
    assert {q.id for q in moved} <= {e["quote_id"] for e in support["emotion"]["evidence"]}
    assert drawn.map()["version"] == second["version"]
    assert drawn.app.maps.read(first["id"], full=True)["stages"] == first["stages"]
    for quote in moved:
        drawn.app.review.undo(quote.id)
    assert drawn.map()["stages"] == second["stages"]


def test_corrections_do_not_draw_the_map_before_somebody_reads_it(drawn, monkeypatch):
    drawings = []
    draw = drawn.app.maps.__class__.read.__globals__["redraw"]
    monkeypatch.setattr("app.services.maps.redraw", lambda *given: drawings.append(given) or draw(*given))
    for quote in quotes(drawn)[:8]:
        correct(drawn, quote.id, experience="neutral")
    assert drawings == []
    drawn.map()
    drawn.map()
    assert len(drawings) == 1


def test_the_review_queue_goes_from_the_least_sure_and_loses_nothing_between_pages(drawn):
    page = drawn.app.quotes.page
    seen, cursor = [], None
    while True:
        found = page(drawn.study.id, {"review": "open"}, order="confidence", cursor=cursor, limit=3)
        seen += [q.id for q in found.quotes]
        for quote in found.quotes:
            drawn.app.review.confirm(quote.id, actor="ann")
        cursor = found.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(q.id for q in quotes(drawn))
    last = page(drawn.study.id, {"review": "open"}, left_out=True)
    assert (last.total, last.reviewed) == (0, last.of)
    sure = [q.tags.confidence for q in page(drawn.study.id, {}, order="confidence", limit=200).quotes]
    assert sure == sorted(sure)


def test_a_window_learns_from_what_was_decided_before_its_run_but_never_from_itself(drawn):
    own, fresh = quotes(drawn)[:2]
    corrected = correct(drawn, own.id, **WHOLE)
    correct(drawn, fresh.id, kind="need")
    drawn.app.review.undo(fresh.id)
    drawn.upload(talk("Farid Aziz"))
    drawn.tagger.windows.clear()
    drawn.run()
    assert drawn.tagger.windows
    for window in drawn.tagger.windows:
        (example,) = window.examples
        assert (example.quote_id, example.text, example.tags, example.proposed) == (own.id, own.text, corrected.tags, own.tags)
        assert example.question == "Thanks for making the time. How did you first hear about it?"
        assert window.examples_encoding.vectors.shape == (1, 8)
        expected = drawn.embedder.encode([own.text]).vectors
        assert np.allclose(window.examples_encoding.vectors, expected)
    drawn.tagger.windows.clear()
    retagged(drawn)
    holding = next(w for w in drawn.tagger.windows if own.id in {q.quote_id for q in w.quotes})
    assert (holding.examples, holding.examples_encoding) == ((), None)


@pytest.mark.slow
def test_a_model_learns_no_name_from_what_people_decided(bench):
    made = bench()
    tagger = NotingTagger()
    tagger.source = "llm"
    made.replace(tagger=tagger)
    made.upload(talk("Bea Larsson", who="Carl Osei"), talk("Carl Osei"))
    made.run()
    said = next(q for q in quotes(made) if "Carl Osei" in q.text)
    correct(made, said.id, touchpoint="call with Carl Osei")
    made.upload(talk("Farid Aziz"))
    tagger.windows.clear()
    made.run()
    examples = [e for w in tagger.windows for e in w.examples]
    assert examples
    assert all("Carl" not in f"{e.text} {e.question} {e.tags.touchpoint}" for e in examples)


def test_decisions_made_while_a_run_goes_on_wait_for_the_next_one(drawn):
    drawn.upload(talk("Farid Aziz"))
    run = drawn.app.runs.create(drawn.study.id)
    time.sleep(0.001)
    correct(drawn, quotes(drawn)[0].id, **WHOLE)
    drawn.tagger.windows.clear()
    synthesize(run.id, Inline(), drawn.app.steps)
    assert {w.examples for w in drawn.tagger.windows} == {()}
