"""Changing the stages of a study that was run: what its quotes, its decisions, its maps and its business actions do then."""

import sqlite3
from dataclasses import replace

import pytest
from fakes import FakeTagger, number
from querying import noted_queries
from services.conftest import NAMES, talk
from services.test_migrations import downgrade

from app.domain.runs import RunStatus, TaggerKind
from app.domain.stages import CUSTOMER_EXPERIENCE
from app.domain.staging import StageDraft, mark_of
from app.errors import Outdated
from app.services.staging import Fate
from app.services.synthesis import Inline, synthesize

DEFINITIONS = {key: told for key, _, told, _ in CUSTOMER_EXPERIENCE.stages}


class ByDefinition(FakeTagger):
    """Goes by what the stages are said to hold, so that its mind is the same whatever they are called or joined with."""

    def _judge(self, text, window):
        tags = super()._judge(text, window)
        meant = list(DEFINITIONS.values())[number(text) % len(DEFINITIONS)]
        return replace(tags, stage=next((s.id for s in window.stages if meant in s.definition), "none"))


@pytest.fixture(scope="module")
def defined_once(tmp_path_factory):
    from services.conftest import Bench  # noqa: PLC0415  # beside the fixture that needs it

    made = Bench(tmp_path_factory.mktemp("defined"))
    made.replace(tagger=ByDefinition())
    made.upload(*map(talk, NAMES))
    made.run()
    made.app.db.dispose()
    return made.app.settings.data_dir


@pytest.fixture
def drawn(bench, defined_once):
    made = bench(like=defined_once)
    made.replace(tagger=ByDefinition())
    return made


def stages(made):
    return {s.key: s for s in made.app.studies.stages(made.study.id)}


def drafts(made, *, into=(), without=(), titles=()):
    into, titles = dict(into), dict(titles)
    return [
        StageDraft(s.id, titles.get(key, s.title), merge_into=into.get(key)) for key, s in stages(made).items() if key not in set(without)
    ]


def change(made, **how):
    made.app.studies.set_stages(made.study.id, drafts(made, **how))
    made.app.maps.redraw(made.study.id)


def by_stage(made):
    found = {}
    for q in made.app.quotes.every(made.study.id):
        found.setdefault(q["stage"], set()).add(q["id"])
    return found


def elsewhere(quotes):
    """A quote that is in neither of the stages that are merged."""
    return min(q for key, ids in quotes.items() if key not in {"use", "support", "none"} for q in ids)


def decide(made, quote_id, key):
    made.app.review.correct(quote_id, {"stage": key}, actor="ada")


def test_a_merged_stage_brings_its_quotes_and_decisions_and_nothing_is_tagged_again(drawn):
    before = by_stage(drawn)
    mine = elsewhere(before)
    decide(drawn, mine, "support")
    drawn.tagger.asked.clear()
    change(drawn, into={"support": "use"})
    drawn.run()
    assert drawn.tagger.asked == []
    merged = by_stage(drawn)
    assert merged["use"] == before["use"] | before["support"] | {mine}
    assert "support" not in merged
    shown = drawn.app.quotes.shown(mine)[1]
    assert (shown.decided["stage"].value, shown.corrected) == (stages(drawn)["use"].id, True)
    column = next(s for s in drawn.map()["stages"] if s["key"] == "use")
    assert column["emotion"]["quotes"] == len(merged["use"])
    assert DEFINITIONS["support"] in column["definition"]


def test_after_a_merge_another_tagger_and_an_added_interview_leave_the_quotes_and_decisions_in_the_merged_stage(drawn):
    before = by_stage(drawn)
    mine = elsewhere(before)
    decide(drawn, mine, "support")
    change(drawn, into={"support": "use"})
    wanted = before["use"] | before["support"] | {mine}
    drawn.replace(tagger=ByDefinition(model="fake/2"))
    drawn.run()
    assert drawn.tagger.asked
    assert by_stage(drawn)["use"] == wanted
    drawn.upload(talk("Frida Moreau"))
    assert drawn.run().status is RunStatus.SUCCEEDED
    with_frida = by_stage(drawn)
    assert wanted < with_frida["use"]
    assert "support" not in with_frida
    assert drawn.app.quotes.shown(mine)[1].decided["stage"].value == stages(drawn)["use"].id
    retag = drawn.app.runs.create(drawn.study.id, TaggerKind.AUTO, retag=True)
    synthesize(retag.id, Inline(), drawn.app.steps)
    assert by_stage(drawn)["use"] == with_frida["use"]


def test_statements_of_a_merged_stage_keep_their_ids_where_their_quotes_stay_together(drawn):
    old = {s["id"] for stage in drawn.map()["stages"] if stage["key"] in {"use", "support"} for s in stage["lanes"]["pains"]}
    change(drawn, into={"support": "use"})
    new = [s["id"] for stage in drawn.map()["stages"] if stage["key"] == "use" for s in stage["lanes"]["pains"]]
    assert len(new) == len(set(new)) == len(old & set(new))


def test_a_merge_is_undone_by_adding_the_stage_again_and_the_map_is_as_it_was(drawn):
    before, quotes = drawn.map()["stages"], by_stage(drawn)
    order = list(stages(drawn))
    decide(drawn, elsewhere(quotes), "support")
    change(drawn, into={"support": "use"})
    drawn.app.review.undo(elsewhere(quotes))
    now = stages(drawn)
    again = [StageDraft(now[k].id, now[k].title) if k in now else StageDraft(None, "Support") for k in order]
    foreseen = drawn.app.studies.preview_stages(drawn.study.id, again)
    assert [(e.stage.key, e.other.key, e.held.quotes) for e in foreseen.effects if e.fate is Fate.RETURNS] == [
        ("support", "use", len(quotes["support"]))
    ]
    drawn.app.studies.set_stages(drawn.study.id, again)
    drawn.app.maps.redraw(drawn.study.id)
    assert by_stage(drawn) == quotes
    assert drawn.map()["stages"] == before


def test_a_merged_stage_is_still_found_where_somebody_names_it(drawn):
    quotes, old = by_stage(drawn), stages(drawn)["support"].id
    change(drawn, into={"support": "use"})
    whole = len(quotes["use"] | quotes["support"])
    study, use = drawn.study.id, stages(drawn)["use"].id
    for name in ("use", "support", use, old):
        assert drawn.app.quotes.page(study, {"stage": name}).total == whole, name
    asked = [drawn.app.search.find(study, "phone", filters={"stage": name}).total for name in ("use", "support", use, old)]
    assert asked[0] > 0
    assert len(set(asked)) == 1
    other = elsewhere(quotes)
    for name in ("support", old):
        decide(drawn, other, name)
        assert drawn.app.quotes.shown(other)[1].decided["stage"].value == use
    assert drawn.app.review.decisions(study, "quote").decisions[0].value == "use"


def spread(made):
    """How many placed quotes each stage has, over all outermost themes."""
    seen = made.app.portraits.prevalence(made.study.id)
    outer = [s for s in seen.spreads if seen.entries[s.theme_id].get("parent_id") is None]
    return {stage.key: sum(s.by_stage[n][0] for s in outer) for n, stage in enumerate(seen.stages)}


def test_search_follows_a_merge_at_once_and_so_do_the_pages_of_themes(drawn):
    study, quotes, before = drawn.study.id, by_stage(drawn), spread(drawn)
    said = max(drawn.app.quotes.shown(min(quotes["support"]))[1].text.split(), key=len).strip(".,")
    drawn.app.search.find(study, said)
    change(drawn, into={"support": "use"})
    found = {hit.quote.id: hit.quote.tags.stage for hit in drawn.app.search.find(study, said, limit=200).hits}
    here = quotes["support"] & found.keys()
    assert here
    assert {found[q] for q in here} == {stages(drawn)["use"].id}
    assert spread(drawn)["use"] == before["use"] + before["support"] > before["use"]


def test_of_two_stages_that_were_merged_either_was_right(drawn):
    one = min(by_stage(drawn)["support"])
    decide(drawn, one, "use")
    agreed = drawn.app.evaluation.reviewed(drawn.study.id)["taggers"][0]["fields"]["stage"]
    assert (agreed["n"], agreed["agreed"]) == (1, 0)
    change(drawn, into={"support": "use"})
    agreed = drawn.app.evaluation.reviewed(drawn.study.id)["taggers"][0]["fields"]["stage"]
    assert (agreed["n"], agreed["agreed"]) == (1, 1)


def test_a_preview_says_what_then_happens_and_stores_nothing(drawn):
    quotes = by_stage(drawn)
    decide(drawn, min(quotes["support"]), "support")
    marked = mark_of(drawn.app.studies.stages(drawn.study.id))
    how = {"into": {"support": "use"}, "without": {"loyalty"}, "titles": {"use": "Daily use"}}
    given = [*drafts(drawn, **how), StageDraft(None, "Much later", "Years on.")]
    foreseen = drawn.app.studies.preview_stages(drawn.study.id, given)
    assert mark_of(drawn.app.studies.stages(drawn.study.id)) == marked
    effects = {e.stage.key: e for e in foreseen.effects}
    statements = {s["key"]: sum(len(lane) for lane in s["lanes"].values()) for s in drawn.map()["stages"]}
    assert effects["support"].fate is Fate.MOVES
    assert (effects["support"].held.quotes, effects["support"].held.decisions) == (len(quotes["support"]), 1)
    assert effects["support"].held.statements == statements["support"]
    assert (effects["loyalty"].fate, effects["loyalty"].held.quotes) == (Fate.DISAPPEARS, len(quotes["loyalty"]))
    assert (effects["use"].title_before, effects["use"].stage.title, effects["use"].fate) == ("Use", "Daily use", Fate.STAYS)
    assert (effects["much-later"].fate, effects["much-later"].held.quotes) == (Fate.WAITS, 0)
    assert foreseen.retag_advised
    drawn.app.studies.set_stages(drawn.study.id, given)
    drawn.app.maps.redraw(drawn.study.id)
    told = {c.stage.key: c for c in foreseen.counts}
    after = {s["key"]: s["emotion"] for s in drawn.map()["stages"]}
    assert {k: c.after.quotes for k, c in told.items()} == {k: e["quotes"] if e else 0 for k, e in after.items()}
    assert {k: c.after.participants for k, c in told.items()} == {k: e["participants"] if e else 0 for k, e in after.items()}
    assert foreseen.unplaced_after - foreseen.unplaced_before == len(quotes["loyalty"])


def test_a_preview_of_nothing_says_that_nothing_changes(drawn):
    foreseen = drawn.app.studies.preview_stages(drawn.study.id, drafts(drawn))
    assert (foreseen.changed, foreseen.retag_advised, foreseen.unplaced_before) == (False, False, foreseen.unplaced_after)
    assert {e.fate for e in foreseen.effects} == {Fate.STAYS}


def test_a_preview_asks_the_database_as_often_however_many_quotes_there_are(drawn):
    def asked():
        with noted_queries() as seen:
            drawn.app.studies.preview_stages(drawn.study.id, drafts(drawn, into={"support": "use"}))
        return len(seen)

    before = asked()
    drawn.upload(*map(talk, ("Gita Rao", "Hal Bright", "Ida Kern")))
    drawn.run()
    assert asked() == before
    assert before <= 25


def test_a_study_that_was_never_run_previews_and_merges_too(bench):
    made = bench()
    foreseen = made.app.studies.preview_stages(made.study.id, drafts(made, into={"support": "use"}))
    assert next(e.held.quotes for e in foreseen.effects if e.fate is Fate.MOVES) == 0
    assert not foreseen.retag_advised
    made.app.studies.set_stages(made.study.id, drafts(made, into={"support": "use"}))
    made.replace(tagger=ByDefinition())
    made.upload(*map(talk, NAMES))
    made.run()
    assert "support" not in by_stage(made)


def test_a_study_of_twelve_stages_is_drawn_merged_to_three_and_taken_apart_again(bench):
    made = bench(name="twelve")
    many = [StageDraft(None, f"Step {n}", f"What comes {n}th.", ("use",)) for n in range(1, 13)]
    made.app.studies.set_stages(made.study.id, many)
    made.upload(*map(talk, NAMES))
    made.run()
    before, quotes = made.map()["stages"], by_stage(made)
    assert len(before) == 12
    keep = ["step-1", "step-5", "step-9"]
    change(made, into={f"step-{n}": keep[(n - 1) // 4] for n in range(1, 13) if f"step-{n}" not in keep})
    assert [s["key"] for s in made.map()["stages"]] == keep
    assert by_stage(made)["step-5"] == set().union(*(quotes.get(f"step-{n}", set()) for n in range(5, 9)))
    parts = {s.key: s for s in made.app.studies.absorbed_stages(made.study.id)}
    now = {**stages(made), **parts}
    made.app.studies.set_stages(made.study.id, [StageDraft(now[f"step-{n}"].id, f"Step {n}") for n in range(1, 13)])
    made.app.maps.redraw(made.study.id)
    assert by_stage(made) == quotes
    assert made.map()["stages"] == before


def test_whoever_read_older_stages_is_told_so(drawn):
    seen = {mark_of(drawn.app.studies.stages(drawn.study.id))}
    drawn.app.studies.set_stages(drawn.study.id, drafts(drawn, titles={"use": "Daily use"}), seen)
    with pytest.raises(Outdated):
        drawn.app.studies.set_stages(drawn.study.id, drafts(drawn, without={"use"}), seen)
    assert "use" in stages(drawn)


def test_a_database_from_before_stages_could_be_merged_merges_them(drawn):
    quotes = by_stage(drawn)
    downgrade(drawn.app.db, "0006")
    with sqlite3.connect(drawn.app.settings.data_dir / "throughline.db") as db:
        assert "absorbed" not in {row[1] for row in db.execute("pragma table_info(stage)")}
    drawn.app.db.migrate()
    assert by_stage(drawn) == quotes
    change(drawn, into={"support": "use"})
    assert by_stage(drawn)["use"] == quotes["use"] | quotes["support"]
