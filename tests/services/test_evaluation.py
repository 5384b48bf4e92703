"""Measuring a tagger on labelled interviews, and on what reviewers decided."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import FakeEmbedder, FakeTagger
from golden import write_rows, write_study
from house import talk

from app.adapters.agreement import LibraryAgreement
from app.adapters.gold_folder import read_gold
from app.domain.identity import derive_id
from app.domain.review import Decision
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.errors import ModelError
from app.ports import Usage, WindowTags
from app.services.evaluation import Evaluation, measure
from app.services.ingest import Upload


class Oracle:
    """Knows the labels; `wrong` and `silent` name quotes by their first word, `broken` makes every call fail."""

    source = "llm"
    model = "oracle/1"
    prompt = "v0@oracle"

    def __init__(self, gold, *, window_size=10, wrong=(), silent=(), broken=False):
        self.labels = {quote.quote.id: quote.labels for quote in gold.quotes}
        self.window_size = window_size
        self.wrong, self.silent, self.broken = wrong, silent, broken
        self.windows = []

    def tag(self, window):
        self.windows.append(window)
        if self.broken:
            raise ModelError("the endpoint is down")
        told = {q.number: self._tags(q, window) for q in window.quotes if not q.text.startswith(tuple(self.silent))}
        return WindowTags(told, 0, Usage(1, 0, 100, 40), None if len(told) == len(window.quotes) else "no answer for some")

    def _tags(self, quote, window):
        said = self.labels[quote.quote_id]
        ids = {stage.key: stage.id for stage in window.stages} | {"none": "none"}
        right = Tags(
            ids[said["stage"]],
            Channel(said.get("channel", "none")),
            said.get("touchpoint") or None,
            Kind(said.get("kind", "other")),
            Emotion(said.get("emotion", "neutral")),
            int(said.get("intensity", 1)),
            Experience(said.get("experience", "neutral")),
            None,
            0.9,
        )
        return replace(right, stage=ids["purchase"], touchpoint="call line") if quote.text.startswith(tuple(self.wrong)) else right


@pytest.fixture
def gold(tmp_path):
    write_study(tmp_path / "gold" / "kettle", second=True)
    return read_gold(tmp_path / "gold")


def measured(gold, tagger, **more):
    return measure(gold, tagger, FakeEmbedder(), LibraryAgreement(), **more)


def test_answers_that_are_the_labels_agree_wholly_in_every_field(gold):
    document = measured(gold, Oracle(gold))
    assert {name: (f["n"], f["accuracy"], f["kappa"]) for name, f in document["all"]["fields"].items()} == {
        "stage": (5, 1.0, 1.0),
        "channel": (5, 1.0, 1.0),
        "emotion": (5, 1.0, 1.0),
        "experience": (5, 1.0, 1.0),
        "kind": (5, 1.0, 1.0),
        "intensity": (2, 1.0, 1.0),
    }
    assert document["all"]["touchpoint"] == {
        "n": 5,
        "prevalence": 0.2,
        "presence_agreed": 1.0,
        "both": 1,
        "overlap": 1.0,
        "untagged": 0.0,
    }
    assert document["gaps"] == {"quotes": 0, "reasons": {}}


def test_a_wrong_stage_and_half_a_touchpoint_are_told_where_they_belong(gold):
    document = measured(gold, Oracle(gold, wrong=["I rang"]))
    stage = document["all"]["fields"]["stage"]
    assert stage["accuracy"] == 0.8
    assert stage["confusion"][stage["values"].index("support")][stage["values"].index("purchase")] == 1
    assert document["all"]["touchpoint"]["overlap"] == pytest.approx(1 / 3, abs=1e-4)
    assert document["hard"]["fields"]["stage"]["accuracy"] == 0.0
    assert document["hard"]["quotes"] == 1


def test_a_quote_without_tags_is_a_named_gap_and_wrong(gold):
    document = measured(gold, Oracle(gold, silent=["It boils"]))
    assert document["gaps"] == {"quotes": 1, "reasons": {"no answer for some": 1}}
    assert document["all"]["fields"]["stage"]["accuracy"] == 0.8
    assert document["all"]["fields"]["stage"]["untagged"] == 0.2
    assert document["calibration"]["n"] == 4


def test_a_tagger_that_cannot_be_reached_leaves_a_document_that_says_so(gold):
    document = measured(gold, Oracle(gold, broken=True))
    assert document["gaps"] == {"quotes": 5, "reasons": {"the endpoint is down": 5}}
    assert document["calibration"] is None
    assert document["all"]["fields"]["stage"]["accuracy"] == 0.0


def test_windows_are_cut_within_an_interview_with_the_questions_and_pseudonyms_of_the_pipeline(gold):
    tagger = Oracle(gold, window_size=2)
    measured(gold, tagger, at_once=4)
    assert sorted([q.number for q in w.quotes] for w in tagger.windows) == [[1], [1, 2], [1, 2]]
    asked = {(q.speaker, q.question) for w in tagger.windows for q in w.quotes}
    assert asked == {("P1", "How did you hear of it?"), ("P2", "How is it now?")}
    assert {(w.study, w.question, w.transcript_id) for w in tagger.windows} == {("Kettle", "How is it?", "")}


def test_confidence_is_held_against_the_share_of_four_tags_that_is_right(gold):
    calibration = measured(gold, Oracle(gold, wrong=["I rang"]))["calibration"]
    assert calibration["right"] == 0.95
    assert calibration["ece"] == pytest.approx(0.05)
    assert calibration["bins"] == [{"n": 5, "confidence": 0.9, "right": 0.95}]


def test_cost_is_summed_and_told_a_quote(gold):
    cost = measured(gold, Oracle(gold, window_size=2))["cost"]
    assert (cost["calls"], cost["tokens_in"], cost["tokens_out"]) == (3, 300, 120)
    assert cost["per_quote"] == {"calls": 0.6, "tokens_in": 60.0, "tokens_out": 24.0}


def test_the_two_labellers_are_compared_with_each_other_and_the_tagger_with_both(gold):
    labellers = measured(gold, Oracle(gold))["labellers"]
    assert labellers["quotes"] == 5
    assert labellers["first_second"]["fields"]["stage"]["accuracy"] == 0.8
    assert labellers["tagger_first"]["fields"]["stage"]["accuracy"] == 1.0
    assert labellers["tagger_second"]["fields"]["stage"]["accuracy"] == 0.8


def test_without_second_labels_there_is_no_word_of_labellers(tmp_path):
    write_study(tmp_path)
    gold = read_gold(tmp_path)
    assert measured(gold, Oracle(gold))["labellers"] is None


def test_the_document_is_the_same_every_time_and_holds_no_word_of_a_quote(gold):
    once, again = (json.dumps(measured(gold, Oracle(gold), at_once=4)) for _ in range(2))
    assert once == again
    assert "nobody answered" not in once
    assert "Bea" not in once


def test_fields_that_nobody_labelled_are_left_out(tmp_path):
    file = tmp_path / "quotes.jsonl"
    write_rows(file, [{"text": "I rang them twice.", "stage": "support"}, {"text": "It works every day.", "stage": "use"}])
    gold = read_gold(file)
    tagger = Oracle(gold)
    document = measured(gold, tagger)
    assert set(document["all"]["fields"]) == {"stage"}
    assert document["all"]["touchpoint"] is None
    assert [len(window.quotes) for window in tagger.windows] == [1, 1]


def test_the_offline_tagger_gets_vectors_and_a_language_model_none(gold):
    embedder = FakeEmbedder()
    measure(gold, FakeTagger(), embedder, LibraryAgreement())
    assert len(embedder.encoded) == 5
    measure(gold, Oracle(gold), embedder, LibraryAgreement())
    assert len(embedder.encoded) == 5


class Reviewed:
    """A study that was run, and people who decide."""

    def __init__(self, bench):
        self.bench = bench
        bench.upload(*[Upload(*talk(name)) for name in ("Bea", "Carl")])
        self.run = bench.run()
        self.store = bench.app.store
        with self.store.read() as repo:
            self.proposed = {q: s.payload for q, s in repo.reviews.suggestions(bench.study.id, "quote", self.run.tagger_key).items()}
        self.made = 0

    def decide(self, quote_id, field, value, *, later=timedelta(0), undone=False):
        self.made += 1
        at = self.store.now() + later
        with self.store.write() as repo:
            decision = Decision(derive_id("decision", str(self.made)), "quote", quote_id, field, value, "ann", at)
            repo.reviews.decide(self.bench.study.id, decision)
            if undone:
                repo.reviews.undo(self.bench.study.id, "quote", quote_id, at)

    def evaluation(self, measured=()):
        return Evaluation(self.store, LibraryAgreement(), lambda: list(measured))

    def told(self):
        return self.evaluation().reviewed(self.bench.study.id)


@pytest.fixture
def reviewed(bench):
    return Reviewed(bench())


def test_a_study_that_nobody_reviewed_says_so(reviewed):
    assert reviewed.told() == {"quotes": 0, "decisions": 0, "enough": 20, "taggers": []}


def test_a_confirmed_tag_agrees_and_a_corrected_one_does_not(reviewed):
    first, second = list(reviewed.proposed)[:2]
    reviewed.decide(first, "emotion", reviewed.proposed[first]["emotion"])
    reviewed.decide(second, "emotion", "surprise")
    reviewed.decide(second, "touchpoint", reviewed.proposed[second]["touchpoint"])
    (tagger,) = reviewed.told()["taggers"]
    assert (tagger["source"], tagger["quotes"]) == ("offline", 2)
    assert tagger["fields"] == {
        "emotion": {"n": 2, "agreed": 1, "agreement": 0.5, "kappa": None},
        "touchpoint": {"n": 1, "agreed": 1, "agreement": 1.0, "kappa": None},
    }


def test_what_a_later_run_proposes_says_nothing_of_agreement(reviewed):
    quote = next(iter(reviewed.proposed))
    reviewed.decide(quote, "channel", "email")
    reviewed.bench.replace(tagger=FakeTagger(model="fake/2"))
    reviewed.bench.run()
    told = reviewed.told()
    assert [t["model"] for t in told["taggers"]] == ["fake/1"]
    assert told["taggers"][0]["fields"]["channel"]["agreed"] == 0


def test_a_proposal_made_between_two_decisions_about_a_tag_does_not_count(reviewed):
    quote = next(iter(reviewed.proposed))
    reviewed.decide(quote, "kind", "other", undone=True)
    reviewed.bench.replace(tagger=FakeTagger(model="fake/2"))
    reviewed.bench.run()
    reviewed.decide(quote, "kind", "other")
    assert [t["model"] for t in reviewed.told()["taggers"]] == ["fake/1"]


def test_a_decision_that_was_taken_back_is_not_compared(reviewed):
    reviewed.decide(next(iter(reviewed.proposed)), "kind", "other", undone=True)
    assert reviewed.told()["decisions"] == 0


def test_kappa_is_told_from_twenty_decisions_on(reviewed, monkeypatch):
    monkeypatch.setattr("app.services.evaluation.ENOUGH", 4)
    for i, quote in enumerate(list(reviewed.proposed)[:4]):
        reviewed.decide(quote, "emotion", "surprise" if i % 2 else reviewed.proposed[quote]["emotion"])
    (tagger,) = reviewed.told()["taggers"]
    assert tagger["fields"]["emotion"]["kappa"] is not None


def document(source, model, prompt):
    return {"tagger": {"source": source, "model": model, "prompt": prompt}}


def test_a_study_is_shown_the_measurement_nearest_to_its_run(reviewed):
    exact = document("offline", "fake/1", "v1@fake")
    other_prompt = document("offline", "fake/1", "v0@old")
    of_llm = document("llm", "fake/1", "v1@fake")
    told = reviewed.evaluation([of_llm, other_prompt, exact]).of_study(reviewed.bench.study.id)
    assert (told["measured"], told["same_model"], told["same_prompt"]) == (exact, True, True)
    told = reviewed.evaluation([of_llm, other_prompt]).of_study(reviewed.bench.study.id)
    assert (told["measured"], told["same_model"], told["same_prompt"]) == (other_prompt, True, False)
    assert reviewed.evaluation([of_llm]).of_study(reviewed.bench.study.id)["measured"] is None
