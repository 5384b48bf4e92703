"""Hybrid runs with fakes: a model that feels in words of its own, an offline tagger, heads that learn the one from the other."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeTagger
from house import talk
from services.conftest import Bench

from app.adapters.agreement import LibraryAgreement
from app.domain.runs import RunStatus, TaggerKind
from app.domain.tags import Channel
from app.errors import UsageError
from app.ports import WindowTags
from app.services.hybrid import HEADS, HybridTagger
from app.services.ingest import Upload
from app.services.material import load_material
from app.services.synthesis import Inline, synthesize
from app.services.verify import verify
from app.stages import sample

FIRST_NAMES = ["Ada", "Bea", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jan", "Kim", "Lea"]


class FakeModel(FakeTagger):
    """Says email wherever the offline fake says phone; `twists` are quotes of which it says something else altogether."""

    source = "llm"
    prompt = "v9@model"

    def __init__(self):
        super().__init__(model="model-x", window_size=4)
        self.twists = set()

    def tag(self, window):
        answer = super().tag(window)
        ids = {q.number: q.quote_id for q in window.quotes}
        told = {n: replace(tags, channel=Channel.BILLING if ids[n] in self.twists else Channel.EMAIL) for n, tags in answer.tags.items()}
        return WindowTags(told, 0, answer.usage, answer.reason)


class Habits:
    """Learns what is mostly said where the offline tagger says this or that, and is quite sure of it."""

    def __init__(self, said):
        self.said = said

    def apply(self, features, base):
        del features
        chances = np.full(base.shape, 0.1 / base.shape[1], np.float32)
        chances[np.arange(len(base)), [self.said.get(int(row.argmax()), int(row.argmax())) for row in base]] += 0.9
        return chances


def learn_habits(features, base, labels):
    assert len(features) == len(base) == len(labels)
    heard = {}
    for row, label in zip(base.argmax(axis=1).tolist(), labels.tolist(), strict=True):
        heard.setdefault(row, []).append(label)
    return Habits({row: max(sorted(set(said)), key=said.count) for row, said in heard.items()})


class HybridBench:
    """A study with a hybrid tagger of fakes behind it."""

    def __init__(self, bench):
        self.app, self.study, self.map, self.upload = bench.app, bench.study, bench.map, bench.upload
        self.model = FakeModel()
        self.offline = FakeTagger(window_size=40)
        hybrid = HybridTagger(self.model, self.offline, learn_habits, LibraryAgreement())
        for name in ("steps", "runs"):
            self.app.__dict__.pop(name, None)
        self.app.__dict__["taggers"] = {"offline": self.offline, "llm": self.model, "hybrid": hybrid}

    def run(self, *, retag=False):
        run = self.app.runs.create_or_resume(self.study.id, TaggerKind.HYBRID, retag=retag)
        synthesize(run.id, Inline(), self.app.steps)
        return self.app.runs.get(run.id)

    def talks(self, *names):
        self.upload(*(Upload(*talk(name)) for name in names))

    def quotes(self):
        """Source, tags and words of every quote."""
        with self.app.store.read() as repo:
            run = repo.runs.of_study(self.study.id)[0]
            material = load_material(repo, run, texts=False)
            made = repo.reviews.suggestions(self.study.id, "quote", run.tagger_key)
        return {q.quote.id: made.get(q.quote.id) for q in material.quotes}

    def by(self, source):
        return {q: s for q, s in self.quotes().items() if s and s.source == source}


@pytest.fixture(autouse=True)
def small_numbers(monkeypatch):
    set_small_numbers(monkeypatch)


def set_small_numbers(monkeypatch):
    """Rules that hold for thousands of quotes, at the size of a test."""
    monkeypatch.setattr(sample, "ALL_UP_TO", 10)
    monkeypatch.setattr(sample, "PER_CUBE_ROOT", 10.0)
    monkeypatch.setattr(sample, "LEAST_HELD", 8)
    monkeypatch.setattr("app.services.hybrid.LEAST_LEARNED", 10)


@pytest.fixture
def hybrid(bench):
    return lambda name="one": HybridBench(bench(name))


@pytest.fixture(scope="module")
def ran_once(tmp_path_factory):
    """The folder of a study that was run, the run, and the quotes that the model was asked about."""
    with pytest.MonkeyPatch.context() as patch:
        set_small_numbers(patch)
        made = HybridBench(Bench(tmp_path_factory.mktemp("hybrid")))
        made.talks(*FIRST_NAMES)
        ended = made.run()
    made.app.db.dispose()
    return made.app.settings.data_dir, ended, made.model.asked, made.offline.asked


@pytest.fixture
def ran(bench, ran_once):
    folder, ended, by_model, offline = ran_once
    made = HybridBench(bench(like=folder))
    made.ended, made.model.asked, made.offline.asked = ended, list(by_model), list(offline)
    return made


def test_the_model_tags_a_share_and_the_heads_it_taught_tag_the_rest(ran):
    quotes = ran.quotes()
    by_model, by_heads = ran.by("llm"), ran.by(HEADS)
    assert ran.ended.status is RunStatus.SUCCEEDED
    assert by_model.keys() | by_heads.keys() == quotes.keys()
    assert sorted(ran.model.asked) == sorted(by_model)
    assert len(by_model) <= sample.share(len(quotes)) < len(quotes)
    assert {s.model for s in by_heads.values()} == {"fake/1+model-x"}
    assert {s.payload["channel"] for s in by_heads.values()} == {"email"}  # which only the model says
    assert not verify(ran.app.store).damage


def test_the_agreement_on_held_back_quotes_is_kept_with_the_run(ran):
    learned = ran.ended.agreement
    assert learned["asked"] == len(ran.by("llm"))
    assert learned["of"] == len(ran.quotes())
    assert learned["quotes"] >= sample.LEAST_HELD
    assert learned["learned_from"] == learned["asked"] - learned["quotes"]
    assert learned["fields"]["channel"] == {"accuracy": 1.0, "kappa": None}
    assert 0 <= learned["fields"]["stage"]["accuracy"] <= 1
    assert ran.map()["run"]["agreement"] == learned


def test_heads_are_no_surer_than_the_held_back_quotes_bear_out(ran):
    fields = ran.ended.agreement["fields"]
    borne_out = sum(fields[f]["accuracy"] for f in ("stage", "channel", "emotion", "experience")) / 4
    sure = [s.confidence for s in ran.by(HEADS).values()]
    assert sum(sure) / len(sure) < borne_out + 0.1
    assert max(sure) <= 0.8  # the model itself is never surer here


def test_running_an_unchanged_study_again_asks_nothing_and_keeps_the_agreement(ran):
    ran.model.asked.clear()
    before = ran.quotes()
    again = ran.run()
    assert again.id != ran.ended.id
    assert (again.calls, ran.model.asked) == (0, [])
    assert ran.quotes() == before
    assert again.agreement == ran.ended.agreement


@pytest.mark.slow
def test_an_added_transcript_is_sent_only_as_far_as_the_larger_study_allows(ran):
    earlier = set(ran.by("llm"))
    ran.model.asked.clear()
    ran.talks("Zoe")
    ended = ran.run()
    assert ended.status is RunStatus.SUCCEEDED
    assert earlier <= ran.by("llm").keys()
    assert not earlier & set(ran.model.asked)
    assert len(ran.by("llm")) <= sample.share(len(ran.quotes()))
    assert None not in ran.quotes().values()
    assert ended.agreement["asked"] == len(ran.by("llm"))


def held_back(bench):
    division = bench.app.steps._division
    _, spread = division._load(bench.ended.id)
    return set(sample.hold_back(spread.parts, bench.study.id, spread.answers.keys()))


@pytest.mark.slow
def test_what_is_held_back_is_never_learned_from(ran, hybrid):
    held = held_back(ran)
    poisoned = hybrid("two")
    poisoned.model.twists = held
    poisoned.talks(*FIRST_NAMES)
    poisoned.ended = poisoned.run()
    assert held_back(poisoned) == held
    assert {q: s.payload["channel"] for q, s in poisoned.by("llm").items() if q in held} == dict.fromkeys(held, "billing")

    def said(bench):
        return {q: {k: v for k, v in s.payload.items() if k != "confidence"} for q, s in bench.by(HEADS).items()}

    shared = said(ran).keys() & said(poisoned).keys()
    assert {q: said(ran)[q] for q in shared} == {q: said(poisoned)[q] for q in shared}
    assert poisoned.ended.agreement["fields"]["channel"]["accuracy"] == 0.0
    assert max(s.confidence for s in poisoned.by(HEADS).values()) < max(s.confidence for s in ran.by(HEADS).values())


@pytest.mark.slow
def test_the_same_study_is_divided_and_tagged_alike_every_time(ran, hybrid):
    other = hybrid("two")
    other.talks(*FIRST_NAMES)
    ended = other.run()

    def told(bench):
        return {q: (s.source, s.payload) for q, s in bench.quotes().items()}

    assert told(other) == told(ran)
    assert ended.agreement == ran.ended.agreement


@pytest.mark.slow
def test_a_window_the_model_failed_on_is_a_gap_that_a_resume_closes_and_no_heads_fill(hybrid):
    bench = hybrid()
    bench.talks(*FIRST_NAMES)
    run = bench.app.runs.create_or_resume(bench.study.id, TaggerKind.HYBRID)
    refused = []

    class Failing(Inline):
        def each(self, queue, step, ids):
            if step.__name__ == "tag_window" and ids and not refused:
                refused.extend(next(p for p in bench.app.steps._division._load(run.id)[1].parts if p.item == ids[0]).quote_ids)
                bench.model.refuses = set(refused)
            return super().each(queue, step, ids)

    synthesize(run.id, Failing(), bench.app.steps)
    ended = bench.app.runs.get(run.id)
    assert ended.status is RunStatus.PARTIAL
    assert [gap.quotes for gap in ended.gaps] == [len(refused)]
    assert {q for q, s in bench.quotes().items() if s is None} == set(refused)
    bench.model.refuses = set()
    bench.model.asked.clear()
    resumed = bench.run()
    assert (resumed.id, resumed.status, resumed.gaps) == (run.id, RunStatus.SUCCEEDED, ())
    assert bench.model.asked == refused
    assert {bench.quotes()[q].source for q in refused} == {"llm"}


@pytest.mark.slow
def test_heads_that_could_learn_nothing_tag_nothing_and_the_same_command_makes_good(hybrid):
    bench = hybrid()
    bench.talks(*FIRST_NAMES)
    bench.model.broken = True
    ended = bench.run()
    assert ended.status is RunStatus.PARTIAL
    assert set(bench.quotes().values()) == {None}
    assert sum(gap.quotes for gap in ended.gaps) == len(bench.quotes())
    assert any("resume" in gap.reason for gap in ended.gaps)
    bench.model.broken = False
    resumed = bench.run()
    assert (resumed.id, resumed.status) == (ended.id, RunStatus.SUCCEEDED)
    assert None not in bench.quotes().values()
    assert len(bench.by("llm")) <= sample.share(len(bench.quotes()))


def test_a_small_study_is_tagged_by_the_model_alone(hybrid, monkeypatch):
    monkeypatch.setattr(sample, "ALL_UP_TO", 500)
    bench = hybrid()
    bench.talks(*FIRST_NAMES[:3])
    ended = bench.run()
    assert {s.source for s in bench.quotes().values()} == {"llm"}
    assert (ended.status, ended.agreement) == (RunStatus.SUCCEEDED, None)


@pytest.mark.slow
def test_tagging_again_asks_about_the_same_share_anew(ran):
    ran.model.asked.clear()
    again = ran.run(retag=True)
    assert 0 < len(ran.model.asked) <= sample.share(len(ran.quotes()))
    assert again.status is RunStatus.SUCCEEDED
    assert {s.run_id for s in ran.quotes().values()} == {again.id}


def test_hybrid_tagging_without_a_model_is_refused_with_the_way_out(bench):
    made = bench()
    with pytest.raises(UsageError, match="THROUGHLINE_LLM_BASE_URL"):
        made.app.runs.choose(TaggerKind.HYBRID)


@pytest.mark.slow
def test_a_transcript_without_a_word_worth_quoting_does_no_harm(hybrid):
    bench = hybrid()
    bench.talks(*FIRST_NAMES)
    bench.upload(Upload("short.txt", b"Ann Interviewer: Hello?\n\nBo Larsson: Yes.\n\nAnn Interviewer: Bye.\n"))
    assert bench.run().status is RunStatus.SUCCEEDED
