"""What people say of a map as a whole, and what of it outlives runs, redraws, merged stages and people who leave."""

import pytest
from services.conftest import talk

from app.domain.layout import MAX_CELL, Row, laid_out
from app.domain.narrowing import Narrowing
from app.domain.render import Audience
from app.domain.stages import Stage
from app.domain.staging import StageDraft
from app.errors import Conflict, InvalidInput, NotFound, Outdated
from app.exports.html import map_html
from app.services.map_settings import layout_told


@pytest.fixture
def drawn(bench, drawn_once):
    return bench(like=drawn_once)


@pytest.fixture
def map_id(drawn):
    return drawn.app.maps.default_id(drawn.study.id)


def row(document, key):
    return next(r for r in document["layout"]["rows"] if r["key"] == key)


def own(document):
    return [r for r in document["layout"]["rows"] if r["key"].startswith("own-")]


def stages(drawn):
    return drawn.app.studies.stages(drawn.study.id)


def merge(drawn, source, into):
    drafts = [StageDraft(s.id, s.title, merge_into=into if s.key == source else None) for s in stages(drawn)]
    drawn.app.studies.set_stages(drawn.study.id, drafts)
    drawn.app.maps.redraw(drawn.study.id)


def test_rows_are_kept_whatever_is_run_or_drawn_and_stand_in_the_map_and_its_file(drawn, map_id):
    desk = drawn.app.map_desk
    rows = [{"key": "pains"}, {"title": "Owner", "cells": {"support": "Ann & <b>Bo</b>"}}, {"key": "steps", "shown": False}]
    desk.change(map_id, {"rows": rows})
    before = drawn.map()["layout"]
    drawn.upload(talk("Fay Berg"))
    drawn.run()
    drawn.app.maps.redraw(drawn.study.id)
    told = drawn.map()
    assert told["layout"] == before
    assert before["rows"][0]["key"] == "pains"
    assert not row(told, "steps")["shown"]
    assert own(told)[0]["cells"] == {next(s.id for s in stages(drawn) if s.key == "support"): "Ann & <b>Bo</b>"}
    file = map_html(drawn.app.maps.export(map_id, redact=False))
    assert "Ann &amp; &lt;b&gt;Bo&lt;/b&gt;" in file
    assert "lane-steps" not in file.partition("<body")[2]


def test_every_word_of_a_layout_goes_through_what_its_audience_may_read():
    layout = laid_out([Row("own-1", title="kpi", cells={"s1": "words"})])
    told = layout_told(layout, ["s1"], [Stage("s1", "s1", "S1", "")], str.upper)
    assert told["rows"][-1] == {"key": "own-1", "shown": True, "title": "KPI", "cells": {"s1": "WORDS"}}


@pytest.mark.slow
def test_words_of_the_team_are_redacted_for_others_as_everything_is(drawn, map_id):
    drawn.app.map_desk.change(map_id, {"rows": [{"title": "Ask Bea Larsson", "cells": {"use": "Mail bea.larsson@example.com"}}]})
    shared = drawn.app.maps.read(map_id, Audience.SHARE)
    assert "Larsson" not in own(shared)[0]["title"]
    assert "bea.larsson@example.com" not in str(shared["layout"])


def test_a_row_of_the_teams_own_keeps_its_key_and_what_is_not_said_of_it(drawn, map_id):
    desk = drawn.app.map_desk
    made = desk.change(map_id, {"rows": [{"title": "KPI", "cells": {"use": "42 %"}}]}).layout.own[0]
    again = desk.change(map_id, {"rows": [{"key": made.key, "title": "Number"}]}).layout.own[0]
    assert (again.key, again.title, again.cells) == (made.key, "Number", made.cells)
    assert desk.change(map_id, {"rows": []}).layout.own == ()


def test_words_follow_a_stage_that_is_merged_and_come_back_when_it_is_taken_out(drawn, map_id):
    desk = drawn.app.map_desk
    mark = desk.change(map_id, {"rows": [{"title": "KPI", "cells": {"use": "42 %", "support": "3 days"}}]}).mark
    use, support = (next(s.id for s in stages(drawn) if s.key == key) for key in ("use", "support"))
    merge(drawn, "support", use)
    assert own(drawn.map())[0]["cells"] == {use: "42 %\n3 days"}
    with pytest.raises(Outdated):
        desk.change(map_id, {"rows": [{"title": "What stood where"}]}, {mark})
    drawn.app.studies.set_stages(drawn.study.id, [*(StageDraft(s.id, s.title) for s in stages(drawn)), StageDraft(support, "Support")])
    drawn.app.maps.redraw(drawn.study.id)
    assert own(drawn.map())[0]["cells"] == {use: "42 %", support: "3 days"}


def test_words_of_a_stage_that_is_removed_are_told_with_its_title(drawn, map_id):
    desk = drawn.app.map_desk
    desk.change(map_id, {"rows": [{"title": "KPI", "cells": {"support": "3 days"}}]})
    support = next(s.id for s in stages(drawn) if s.key == "support")
    drawn.app.studies.set_stages(drawn.study.id, [StageDraft(s.id, s.title) for s in stages(drawn) if s.id != support])
    drawn.app.maps.redraw(drawn.study.id)
    told = next(r for r in desk.settings(map_id).told()["rows"] if r["title"] == "KPI")
    assert (told["cells"], told["gone"]) == ({}, [{"stage_id": support, "title": "Support", "text": "3 days"}])
    kept = desk.change(map_id, {"rows": [{"key": told["key"], "cells": {"use": "now here"}}]}).told()["rows"]
    assert next(r for r in kept if r["title"] == "KPI")["gone"] == told["gone"]
    cleared = desk.change(map_id, {"rows": [{"key": told["key"], "cells": {support: ""}}]}).told()["rows"]
    assert next(r for r in cleared if r["title"] == "KPI")["gone"] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rows": [{"key": "moods"}]}, "no row “moods”"),
        ({"rows": [{"key": "own-nothing", "title": "x"}]}, "no row “own-nothing”"),
        ({"rows": [{"title": "KPI", "cells": {"lunch": "x"}}]}, "no stage “lunch”"),
        ({"rows": [{"title": "KPI", "cells": {"use": "x" * (MAX_CELL + 1)}}]}, "at most"),
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 201}, "1 to 200"),
        ({"scenario": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_said_of_a_map_is_refused(drawn, map_id, given, said):
    with pytest.raises(InvalidInput, match=said):
        drawn.app.map_desk.change(map_id, given)


def test_a_name_and_a_scenario_are_shown_at_once_and_outlive_runs(drawn, map_id):
    desk = drawn.app.map_desk
    mark = desk.settings(map_id).mark
    desk.change(map_id, {"name": " Late parcels ", "scenario": "A customer whose parcel\nis late"}, {mark})
    for _ in range(2):
        told = drawn.map()
        assert (told["title"], told["scenario"]) == ("Late parcels", "A customer whose parcel is late")
        drawn.run()
    with pytest.raises(Outdated, match="since you read them"):
        desk.change(map_id, {"name": "Other"}, {mark})
    assert desk.change(map_id, {"scenario": None}, {"*"}).view.scenario is None


def test_a_map_is_deleted_with_its_versions_but_not_the_default_one(drawn, map_id):
    made = drawn.app.maps.create(drawn.study.id, "By phone", scenario=None, personas=[], channels=["phone"])
    version = drawn.app.maps.versions(made.id)[0][0]
    with pytest.raises(Conflict, match="default map"):
        drawn.app.map_desk.delete(map_id)
    assert drawn.app.map_desk.delete(version) == drawn.study.id, "a version's id means its map"
    for gone in (made.id, version):
        with pytest.raises(NotFound):
            drawn.app.maps.read(gone)
    assert list(drawn.app.map_desk.drawn(drawn.study.id)) == [map_id]


def do_three_things_each(drawn):
    """Everybody did something with a form, on a call and in a chat, in this order, while using it."""
    of_person = {}
    for quote in drawn.app.quotes.page(drawn.study.id, {}, limit=200).quotes:
        if not quote.skip_reason:
            of_person.setdefault(quote.participant, []).append(quote.id)
    for quotes in of_person.values():
        for quote_id, touchpoint in zip(quotes, ("form", "call", "chat"), strict=False):
            drawn.app.review.correct(quote_id, {"stage": "use", "kind": "action", "touchpoint": touchpoint}, actor="ann")


def test_steps_of_a_part_are_those_of_its_people_and_open_their_quotes(drawn, map_id):
    people = {p.pseudonym: p.id for p in drawn.app.people.participants(drawn.study.id)[0]}
    do_three_things_each(drawn)
    whole = drawn.map()
    steps = [(stage, step) for stage in whole["stages"] for step in stage["steps"]]
    assert [step["text"] for stage, step in steps if stage["key"] == "use"][:3] == ["Form", "Call", "Chat"]
    for stage, step in steps:
        assert step["participants"] >= 2
        cited = drawn.app.maps.evidence(map_id, step["id"])
        assert (cited.lane, cited.stage["id"], cited.total) == ("steps", stage["id"], step["evidence_total"])
        assert {q.tags.kind.value for q in cited.supporting} == {"action"}
        assert {q.tags.stage for q in cited.supporting} == {stage["id"]}
        assert drawn.app.maps.statement(step["id"]).cited["text"] == step["text"]
    narrowing = Narrowing(participants=(people["P1"], people["P2"]))
    part = drawn.app.maps.read(map_id, full=True, narrowing=narrowing)
    left = [step for stage in part["stages"] for step in stage["steps"]]
    for step in left:
        assert step["of_participants"] == step["participants"] == 2
        cited = drawn.app.maps.evidence(map_id, step["id"], narrowing=narrowing)
        assert {q.participant for q in cited.supporting} == {"P1", "P2"}
        assert cited.total == step["evidence_total"] == len(step["evidence"])
    alone = drawn.app.maps.read(map_id, narrowing=Narrowing(participants=(people["P1"],)))
    assert [stage["steps"] for stage in alone["stages"]] == [[]] * len(alone["stages"])
    with pytest.raises(NotFound, match="part of the map"):
        drawn.app.maps.evidence(map_id, steps[0][1]["id"], narrowing=Narrowing(participants=(people["P1"],)))


def test_a_part_names_no_theme_with_words_of_somebody_who_is_left_out(drawn, map_id):
    with drawn.app.store.read() as repo:
        version = repo.maps.version(map_id, full=True)
        voiced = repo.maps.facts(version.id)["voiced"]
        order = repo.maps.facts(version.id)["participants"]
    labels = {t["id"]: t["label"] for t in version.document["themes"]}
    for theme, told in voiced.items():
        others = tuple(p for n, p in enumerate(order) if n not in told["by"])
        if others:
            part = drawn.app.maps.read(map_id, narrowing=Narrowing(participants=others))
            named = {t["id"]: t["label"] for t in part["themes"]}
            assert named.get(theme, told["topic"]) == told["topic"] != labels[theme]
            assert part["narrowing"]["renamed"][theme] == told["topic"]


def test_a_filter_outlives_what_it_names(drawn, map_id):
    kept, gone = (drawn.app.people.add_persona(drawn.study.id, name).id for name in ("Careful", "Hasty"))
    drawn.app.people.delete_persona(gone)
    asked = Narrowing(personas=(kept, gone), participants=("P1", "nobody", "no-one"), themes=("nothing",), channels=("phone",))
    left, lost = drawn.app.maps.standing(map_id, asked)
    first = next(p.id for p in drawn.app.people.participants(drawn.study.id)[0] if p.pseudonym == "P1")
    assert left == Narrowing(personas=(kept,), participants=(first,), channels=("phone",))
    assert lost == {"persona": 1, "participant": 2, "theme": 1}
    assert drawn.app.maps.standing(map_id, left) == (left, {})
