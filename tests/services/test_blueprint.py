"""What stages lend themselves to: templates for further studies, and what the business does in each of them."""

import sqlite3

import pytest
from fakes import FakeTagger
from services.test_stages import change, drafts, stages

from app.domain.render import Audience
from app.domain.stages import TEMPLATES
from app.domain.staging import StageDraft
from app.errors import Conflict, InvalidInput, NotFound
from app.services.staging import Fate


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


def test_stages_are_saved_as_a_template_and_a_study_begins_with_it(drawn):
    change(drawn, into={"support": "use"}, titles={"use": "Daily use"})
    saved = drawn.app.templates.save(drawn.study.id, "  Ours ")
    assert saved.title == "Ours"
    assert saved.key not in TEMPLATES
    assert [t.title for t in drawn.app.templates.all()] == [*(t.title for t in TEMPLATES.values()), "Ours"]
    for name in (saved.key, "Ours", "ours"):
        made = drawn.app.studies.create(f"Named {name}", template=name)
        begun = {s.key: s for s in drawn.app.studies.stages(made.id)}
        assert [s.title for s in begun.values()] == [s.title for s in stages(drawn).values()]
        assert {s.id for s in begun.values()}.isdisjoint(s.id for s in stages(drawn).values())
        assert begun["use"].base == ("use", "support")
    drawn.app.templates.delete(saved.key)
    assert len(drawn.app.studies.stages(made.id)) == 6
    with pytest.raises(InvalidInput, match="there is no template “Ours”"):
        drawn.app.studies.create("Late", template="Ours")
    with pytest.raises(NotFound):
        drawn.app.templates.delete(saved.key)


def test_a_saved_template_is_never_taken_for_another(drawn):
    drawn.app.templates.save(drawn.study.id, "Ours")
    for taken in ("Ours", "OURS", "b2b-saas", "Before, during, after"):
        with pytest.raises(Conflict):
            drawn.app.templates.save(drawn.study.id, taken)
    for title in (" ", "x" * 81):
        with pytest.raises(InvalidInput):
            drawn.app.templates.save(drawn.study.id, title)
    with pytest.raises(InvalidInput, match="cannot be deleted"):
        drawn.app.templates.delete("b2b-saas")


def lane(made, key, **more):
    document = made.app.maps.read(made.app.maps.default_id(made.study.id), **more)
    return [(a["line"], a["text"]) for a in next(s for s in document["stages"] if s["key"] == key)["lanes"]["business_actions"]]


def test_what_the_business_does_stands_on_the_map_whatever_is_run_or_drawn(drawn):
    m = drawn.app.maps.default_id(drawn.study.id)
    do = drawn.app.blueprint
    do.add(m, "support", "back", "Look the order up")
    do.add(m, "support", "front", "Answer  the phone\n within a minute")
    assert lane(drawn, "support") == [("front", "Answer the phone within a minute"), ("back", "Look the order up")]
    with drawn.app.store.read() as repo:
        assert "Answer" not in str(repo.maps.version(m, full=True).document)
    drawn.app.maps.redraw(drawn.study.id)
    drawn.replace(tagger=FakeTagger(model="fake/2"))
    drawn.run()
    assert len(lane(drawn, "support")) == 2
    change(drawn, into={"support": "use"})
    assert [text for _, text in lane(drawn, "use")] == ["Answer the phone within a minute", "Look the order up"]
    assert {a.stage_id for a in do.of_map(m)} == {stages(drawn)["use"].id}
    older = drawn.app.maps.versions(m)[-1][0]
    assert [s["key"] for s in drawn.app.maps.read(older)["stages"] if s["lanes"]["business_actions"]] == ["support"]


def test_what_is_done_in_a_removed_stage_is_off_the_map_and_counted_before(drawn):
    m = drawn.app.maps.default_id(drawn.study.id)
    drawn.app.blueprint.add(m, "loyalty", "support", "Send the renewal letter")
    foreseen = drawn.app.studies.preview_stages(drawn.study.id, drafts(drawn, without={"loyalty"}))
    assert [e.held.business_actions for e in foreseen.effects if e.fate is Fate.DISAPPEARS] == [1]
    change(drawn, without={"loyalty"})
    assert drawn.app.blueprint.of_map(m) == []
    drawn.app.studies.set_stages(drawn.study.id, [*drafts(drawn), StageDraft(None, "Loyalty")])
    drawn.app.maps.redraw(drawn.study.id)
    assert lane(drawn, "loyalty") == [("support", "Send the renewal letter")]


def test_a_business_action_is_restated_moved_and_deleted(drawn):
    m = drawn.app.maps.default_id(drawn.study.id)
    made = drawn.app.blueprint.add(m, "use", "front", "Greet")
    told = drawn.app.blueprint.restate(made.id, {"text": "Greet by name", "line": "back", "stage": "support"})
    assert (told.text, told.line, told.stage_id) == ("Greet by name", "back", stages(drawn)["support"].id)
    for wrong in ({"text": " "}, {"text": "x" * 301}, {"line": "side"}, {"stage": "nowhere"}, {"stage": "none"}):
        with pytest.raises(InvalidInput):
            drawn.app.blueprint.restate(made.id, wrong)
    drawn.app.blueprint.delete(made.id)
    assert lane(drawn, "support") == []
    with pytest.raises(NotFound):
        drawn.app.blueprint.delete(made.id)
    with pytest.raises(NotFound):
        drawn.app.blueprint.add("nowhere", "use", "front", "Greet")


def test_names_in_what_the_business_does_are_hidden_from_others(drawn):
    m = drawn.app.maps.default_id(drawn.study.id)
    drawn.app.blueprint.add(m, "use", "front", "Ring Bea Larsson back")
    assert lane(drawn, "use") == [("front", "Ring Bea Larsson back")]
    shared = lane(drawn, "use", audience=Audience.SHARE)[0][1]
    assert "Larsson" not in shared
    assert shared.startswith("Ring")


def test_what_the_business_does_goes_with_its_study(drawn):
    drawn.app.blueprint.add(drawn.app.maps.default_id(drawn.study.id), "use", "front", "Greet")
    drawn.app.studies.delete(drawn.study.id)
    with sqlite3.connect(drawn.app.settings.data_dir / "throughline.db") as db:
        assert db.execute("select count(*) from business_action").fetchone() == (0,)
