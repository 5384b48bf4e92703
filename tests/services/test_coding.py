"""Coding with a model: a fake one that drafts a theme for each group of gists and places quotes by their words."""

import re
from collections import Counter

import pytest
from fakes import FakeLanguageModel
from services.conftest import NAMES, Bench, talk

from app.adapters.prompts import PromptLibrary
from app.api.schemas import EstimateOut
from app.domain.runs import RunStatus, TaggerKind
from app.domain.themes import DRAFT, PLACED, PLACEMENT, drafted_id, theme_id
from app.services.book import load_book, load_placements
from app.services.shapes import estimate_shape
from app.services.synthesis import Inline, synthesize
from app.services.words import Words

DRAFTING, PLACING = "draft_codebook", "assign_themes"


class CodingBench:
    """A study that a fake model tags, codes and words."""

    def __init__(self, made, context_tokens=16_384):
        self.app, self.study, self.map, self.upload = made.app, made.study, made.map, made.upload
        self.model = FakeLanguageModel()
        made.tagger.source, made.tagger.gists = "llm", True
        made.replace(tagger=made.tagger)
        self.tagger = made.tagger
        self.replace = made.replace
        self.context_tokens = context_tokens
        self.wire()

    def wire(self):
        for name in ("steps", "estimates"):
            self.app.__dict__.pop(name, None)
        self.app.__dict__["words"] = Words(self.model, PromptLibrary(), self.context_tokens)

    def run(self, *, recode=False, tagger=TaggerKind.AUTO):
        run = self.app.runs.create_or_resume(self.study.id, tagger, recode=recode)
        synthesize(run.id, Inline(), self.app.steps)
        return self.app.runs.get(run.id)

    def asked(self, task=None):
        """Requests since this was last called."""
        new, self.model.asked = self.model.asked, []
        return [r for r in new if task is None or r.task == task]

    def book(self):
        with self.app.store.read() as repo:
            run = repo.runs.of_study(self.study.id)[0]
            return load_book(repo, self.study.id, run.tagger_key)

    def placements(self):
        with self.app.store.read() as repo:
            run = repo.runs.of_study(self.study.id)[0]
            return load_placements(repo, run, load_book(repo, self.study.id, run.tagger_key))

    def said(self, kind):
        with self.app.store.read() as repo:
            return repo.reviews.suggestions(self.study.id, kind, repo.runs.of_study(self.study.id)[0].tagger_key)

    def drafted(self):
        return {t.id: t for t in self.book().open() if t.origin == "llm"}

    def quotes(self, file=None):
        """The quotes that tell of something."""
        return [q for q in self.app.quotes.every(self.study.id) if q["stage"] != "none" and file in {None, q["transcript"]}]

    def move(self, quote_id, theme_id):
        return self.app.codebooks.place(self.study.id, [quote_id], theme_id, actor="Ana")


@pytest.fixture
def coding(bench):
    def make(name="one", **more):
        made = CodingBench(bench(name), **more)
        made.upload(*map(talk, NAMES))
        return made

    return make


@pytest.fixture(scope="module")
def coded_once(tmp_path_factory):
    """The folder of a study that was coded, and what was asked for it."""
    made = CodingBench(Bench(tmp_path_factory.mktemp("coded")))
    made.upload(*map(talk, NAMES))
    assert made.run().status is RunStatus.SUCCEEDED
    made.app.db.dispose()
    return made.app.settings.data_dir, made.asked()


@pytest.fixture
def coded(bench, coded_once):
    folder, asked = coded_once
    made = CodingBench(bench(like=folder))
    made.model.asked = list(asked)
    made.model.known.update(request.user for request in asked)
    return made


def numbers(request):
    return request.user.count("<q n=")


def test_a_first_run_drafts_a_code_book_and_places_every_quote_in_it_or_in_none(coded):
    quotes = coded.quotes()
    requests = coded.asked()
    assert [r.task for r in requests if r.task != "write_stage"] == [DRAFTING, PLACING]
    assert numbers(requests[1]) == len(quotes)
    themes = coded.drafted()
    assert themes
    assert {t.label[:14] for t in themes.values()} == {"Customers meet"}
    said = coded.said(PLACEMENT)
    assert set(said) == {q["id"] for q in quotes}
    assert {s.payload[PLACED] for s in said.values()} <= {None, *themes}
    assert None in {s.payload[PLACED] for s in said.values()}, "leaving quotes unplaced is an answer"
    placed = coded.placements()
    assert {q: p.theme_id for q, p in placed.items()}.items() <= {q: s.payload[PLACED] for q, s in said.items()}.items()
    assert {p.source for p in placed.values()} == {"llm"}
    assert {t["label"][:14] for t in coded.map()["themes"]} == {"Customers meet"}


def test_a_re_run_of_an_unchanged_study_asks_nothing_and_changes_nothing(coded):
    coded.asked()
    before, themes = coded.placements(), coded.drafted()
    coded.run()
    assert coded.asked() == []
    assert coded.placements() == before
    assert coded.drafted() == themes


def test_every_step_may_run_twice(coded):
    run = coded.app.runs.of_study(coded.study.id)[0]
    coded.asked()
    themes, said, version = coded.drafted(), coded.said(PLACEMENT), coded.book().version
    steps = coded.app.steps
    for listing, step in (
        (steps.list_unassigned, steps.assign_quotes),
        (steps.list_undrafted, steps.draft_codebook),
        (steps.list_unmerged, steps.merge_drafts),
    ):
        assert listing(run.id) == []
        step(f"{run.id}/x/{next(iter(said))}+{next(iter(said))}" if step == steps.assign_quotes else f"{run.id}/draft/0")
    steps.open_codebook(run.id)
    assert coded.asked() == []
    assert (coded.drafted(), coded.said(PLACEMENT), coded.book().version) == (themes, said, version)


def test_of_an_added_interview_only_its_own_quotes_are_placed_and_the_entries_stay(coded):
    themes = coded.drafted()
    coded.asked()
    coded.upload(talk("Farid Aziz"))
    coded.run()
    requests = coded.asked()
    (placing,) = [r for r in requests if r.task == PLACING]
    new = coded.quotes("farid.txt")
    assert numbers(placing) == len(new)
    assert placing.transcript_ids == (new[0]["transcript_id"],)
    assert coded.drafted().items() >= themes.items()
    for request in requests:
        if request.task == DRAFTING:
            assert all(f"= {t.label}: " in request.user for t in themes.values())


@pytest.mark.slow
def test_new_themes_come_from_what_no_entry_holds_and_take_in_what_was_left_before(coded):
    themes = coded.drafted()
    homeless = sum(s.payload[PLACED] is None for s in coded.said(PLACEMENT).values())
    coded.asked()

    def also(request, value):
        if key := re.search(r"^(\d+): Left out of everything", request.user, re.MULTILINE):
            value["a"] = [[n, int(key[1]) if n < 6 else 0] for n, _ in value["a"]]
        if request.task == DRAFTING:
            told = {"definition": "It is new.", "use_when": "new", "not_when": "", "parent": None}
            value["t"] = [
                {"label": "Left out of everything", "n": [1, 2, 3], **told},
                {"label": next(iter(themes.values())).label, "n": [4], **told},
            ]

    coded.model.mend = also
    for name in ("Farid Aziz", "Gesa Lund", "Hugo Marin"):
        coded.upload(talk(name))
    coded.run()
    placing = [r for r in coded.asked() if r.task == PLACING]
    assert [t.label for key, t in coded.drafted().items() if key not in themes] == ["Left out of everything"]
    assert len(placing) == 2
    assert "Left out of everything" not in placing[0].user
    assert "Left out of everything" in placing[1].user
    assert numbers(placing[1]) > homeless
    assert sum(p.theme_id not in themes for p in coded.placements().values()) == 5
    assert coded.run().calls == 0


def test_what_people_placed_is_not_asked_about_and_holds(coded):
    said = {q["id"]: q["text"] for q in coded.quotes()}
    once = {text for text, times in Counter(said.values()).items() if times == 1}  # the interviews share most of their sentences
    quote_id = next(q for q, s in coded.said(PLACEMENT).items() if s.payload[PLACED] and said[q] in once)
    text = said[quote_id]
    theme = next(t for t in coded.drafted() if t != coded.placements()[quote_id].theme_id)
    coded.move(quote_id, theme)
    coded.asked()
    coded.run(recode=True)
    for request in coded.asked(PLACING):
        assert text not in request.user
    assert coded.placements()[quote_id].theme_id == theme


def test_after_an_edit_of_the_code_book_recode_asks_for_every_quote_and_estimate_says_so(coded):
    theme = next(iter(coded.drafted()))
    coded.app.codebooks.change(theme, {"label": "Held on the line", "definition": "Nobody answers."}, actor="Ana")
    coded.asked()
    coded.run()
    assert {r.task for r in coded.asked()} <= {"write_stage"}, "an edit alone places nothing anew"
    told = {p.name: p.calls for p in coded.app.estimates.of(coded.study.id, recode=True).parts}
    run = coded.run(recode=True)
    (placing,) = coded.asked(PLACING)
    assert "Held on the line. Nobody answers." in placing.user
    assert numbers(placing) == len(coded.quotes())
    assert (told["assign"], told["draft"]) == (1, 0)
    assert run.inputs.recode


@pytest.mark.slow
def test_a_code_book_that_cannot_be_drafted_leaves_the_offline_labels_and_a_gap_that_a_resume_closes(coding):
    made = coding()
    made.model.broken = {DRAFTING}
    run = made.run()
    (gap,) = run.gaps
    assert (run.status, gap.what, gap.reason) == (RunStatus.PARTIAL, "the code book", "the endpoint is down")
    assert made.drafted() == {}
    assert made.map()["themes"]
    made.model.broken = set()
    run = made.run()
    assert (run.status, run.attempt, run.gaps) == (RunStatus.SUCCEEDED, 2, ())
    assert made.drafted()
    assert {p.source for p in made.placements().values()} == {"llm"}


@pytest.mark.slow
def test_quotes_that_could_not_be_placed_are_a_gap_and_a_resume_places_them_without_a_new_draft(coding):
    made = coding()
    made.model.broken = {PLACING}
    run = made.run()
    quotes = len(made.quotes())
    assert [(g.what, g.quotes) for g in run.gaps] == [(f"themes of {quotes} quotes", 0)]
    assert made.map()["themes"]
    made.model.broken = set()
    made.asked()
    assert made.run().status is RunStatus.SUCCEEDED
    assert made.asked(DRAFTING) == []
    assert len(made.said(PLACEMENT)) == quotes


@pytest.mark.slow
def test_many_gists_are_drafted_in_parts_and_made_into_one_code_book(coding):
    made = coding(context_tokens=2600)
    made.upload(*(talk(f"Person{n} Numbered") for n in range(6)))
    run = made.run()
    assert run.status is RunStatus.SUCCEEDED, run.gaps
    drafting = made.asked(DRAFTING)
    assert len(drafting) >= 3
    assert "<data>\npart 1\n1 Customers meet" in drafting[-1].user
    shown = [q for s in made.said(DRAFT).values() for q in s.payload["quotes"]]
    assert sorted(shown) == sorted(q["id"] for q in made.quotes())
    assert made.run().calls == 0


@pytest.mark.slow
def test_parts_that_were_not_made_into_one_wait_for_a_resume(coding):
    made = coding(context_tokens=2600)
    made.upload(*(talk(f"Person{n} Numbered") for n in range(6)))

    def no_merge(request, value):
        if "<data>\npart 1\n" in request.user:
            value["t"] = []

    made.model.mend = no_merge
    run = made.run()
    (gap,) = run.gaps
    assert gap.what == "the code book, its parts made into one"
    assert made.drafted() == {}
    made.model.mend = lambda _request, _value: None
    assert made.run().status is RunStatus.SUCCEEDED
    assert made.drafted()


def test_entries_that_code_named_give_way_to_a_drafted_code_book_unless_people_touched_them(coding):
    made = coding()
    made.tagger.source, made.tagger.gists = "offline", False
    made.replace(tagger=made.tagger)
    made.wire()
    made.run()
    kept = made.map()["themes"][0]["id"]
    made.app.codebooks.change(kept, {"label": "Ours to keep"}, actor="Ana")
    made.tagger.source, made.tagger.gists = "llm", True
    made.replace(tagger=made.tagger)
    made.wire()
    made.run()
    first = made.asked(PLACING)[0]
    assert "1: Ours to keep" in first.user
    assert "2: " not in first.user.partition("<data>")[0]
    assert {t["label"] for t in made.map()["themes"]} <= {"Ours to keep", *(t.label for t in made.drafted().values())}


@pytest.mark.slow
def test_quotes_without_a_gist_are_neither_drafted_from_nor_asked_about(coding):
    made = coding()
    made.tagger.gists = False
    run = made.run()
    assert run.status is RunStatus.SUCCEEDED
    assert [r.task for r in made.asked() if r.task != "write_stage"] == []
    assert made.map()["themes"]


def test_what_a_model_drafted_from_an_erased_interview_is_erased_with_it(coded):
    assert coded.said(DRAFT)
    gone = coded.app.studies.transcripts(coded.study.id)[0]
    quotes = {q["id"] for q in coded.quotes() if q["transcript_id"] == gone.id}
    coded.app.studies.delete_transcript(gone.id)
    assert coded.said(DRAFT) == {}
    assert quotes.isdisjoint(coded.said(PLACEMENT))


@pytest.mark.slow
@pytest.mark.parametrize("some", [1, 4])
def test_what_a_first_run_drafts_and_places_is_foretold_by_what_is_usual(bench, some):
    made = CodingBench(bench("other"))
    made.upload(*map(talk, NAMES[:some]))
    told = {p.name: p.calls for p in made.app.estimates.of(made.study.id).parts}
    made.run()
    requests = made.asked()
    assert (told["draft"], told["assign"]) == tuple(sum(r.task == task for r in requests) for task in (DRAFTING, PLACING))
    after = {p.name: p.calls for p in made.app.estimates.of(made.study.id).parts}
    assert set(after.values()) == {0}


def test_the_cost_of_coding_stands_in_the_ledger_by_task(coded):
    run = coded.app.runs.of_study(coded.study.id)[0]
    spent = {s.task: s for s in run.spent}
    assert {DRAFTING, PLACING} <= spent.keys()
    assert spent[DRAFTING].prompt == PromptLibrary().id(DRAFTING)
    assert {p.name: p.done for p in run.progress}.items() >= {"draft": 1, "assign": 1}.items()


def test_the_parts_of_an_estimate_are_those_that_the_api_tells(coded):
    told = EstimateOut.model_validate(estimate_shape(coded.app.estimates.of(coded.study.id)))
    assert [part.name for part in told.parts] == ["tag", "draft", "assign", "write"], "a second look is not asked for"


def test_an_entry_drafted_from_the_very_quotes_of_a_group_is_an_entry_of_its_own():
    quotes = ("q1", "q2", "q3")
    assert drafted_id("study", quotes) == drafted_id("study", quotes[::-1]) != theme_id("study", quotes)
