import pytest
from fakes import GrumblingTagger
from querying import noted_queries
from services.conftest import NAMES, Bench, talk

from app.errors import InvalidInput, NotFound, Outdated
from app.services.opportunities import MAX_LENGTH


@pytest.fixture(scope="module")
def grumbled_once(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("grumbled"))
    made.replace(tagger=GrumblingTagger())
    made.upload(*map(talk, NAMES[:2]))
    made.run()
    made.app.db.dispose()
    return made.app.settings.data_dir


@pytest.fixture
def study(bench, grumbled_once):
    """Two interviews in which everything is a pain but the chat."""
    made = bench(like=grumbled_once)
    made.replace(tagger=GrumblingTagger())
    return made


@pytest.fixture
def listed(study):
    return lambda **filters: study.app.opportunities.page(study.study.id, filters)


def test_the_statements_of_the_map_are_the_opportunities(study, listed):
    page = listed()
    on_map = {s["id"]: s for stage in study.map()["stages"] for s in stage["lanes"]["opportunities"]}
    assert page.of == page.total == len(page.opportunities) > 0
    assert {s.statement_id for o in page.opportunities for s in o.stages} == on_map.keys()
    for o in page.opportunities:
        assert o.found.priority.reach == max(on_map[s.statement_id]["participants"] for s in o.stages)
        assert {q.id for q in o.said} <= {e["quote_id"] for s in o.stages for e in on_map[s.statement_id]["evidence"]}
    assert [o.priority for o in page.opportunities] == sorted((o.priority for o in page.opportunities), reverse=True)


def test_before_the_first_run_there_are_none(bench):
    made = bench()
    page = made.app.opportunities.page(made.study.id)
    assert (page.opportunities, page.of, page.next_cursor) == ((), 0, None)


def test_what_people_decide_is_shown_with_who_said_so_and_when(study, listed):
    one = listed().opportunities[0]
    study.app.opportunities.change(one.found.id, {"owner": " Ann  Lee ", "status": "planned", "note": "Ask\nOps"}, actor="me")
    told = study.app.opportunities.get(one.found.id)
    assert (told.owner, told.status, told.note) == ("Ann Lee", "planned", "Ask Ops")
    assert {d.actor for d in told.decided.values()} == {"me"}
    assert told.decided.keys() == {"owner", "status", "note"}
    assert listed().owners == ("Ann Lee",)


def test_decisions_survive_a_run_with_another_interview(study, listed):
    one = listed().opportunities[0]
    before = study.app.opportunities.change(one.found.id, {"text": "How might we answer?", "owner": "Ann", "priority": 7}, actor="me")
    study.upload(talk(NAMES[2]))
    study.run()
    after = study.app.opportunities.get(one.found.id)
    assert (after.text, after.owner, after.priority) == ("How might we answer?", "Ann", 7)
    assert after.found.id == before.found.id
    assert after.found.priority.of == 3
    assert len(after.found.said) > len(before.found.said)


def test_decisions_follow_an_opportunity_whose_theme_changed_its_name_and_most_of_its_anchor(study, listed):
    one = listed().opportunities[0]
    study.app.opportunities.change(one.found.id, {"owner": "Ann"}, actor="me")
    if one.found.theme_id:
        study.app.codebooks.change(one.found.theme_id, {"label": "Another name"}, actor="me")
    study.run()
    assert study.app.opportunities.get(one.found.id).owner == "Ann"


def test_a_priority_of_peoples_own_reranks_the_list_and_can_be_taken_back(study, listed):
    last = listed().opportunities[-1]
    changed = study.app.opportunities.change(last.found.id, {"priority": 100}, actor="me")
    assert changed.priority == 100
    assert changed.found.priority.value < 100
    assert listed().opportunities[0].found.id == last.found.id
    back = study.app.opportunities.change(last.found.id, {"priority": None}, actor="me")
    assert back.priority == back.found.priority.value
    assert "priority" not in back.decided


def test_a_decision_can_be_taken_back_from_the_history(study, listed):
    one = listed().opportunities[0]
    study.app.opportunities.change(one.found.id, {"status": "done", "owner": "Ann"}, actor="me")
    history = study.app.review.decisions(study.study.id, "opportunity").decisions
    assert {d.field for d in history} == {"status", "owner"}
    study.app.review.undo_decision(next(d.id for d in history if d.field == "status"))
    told = study.app.opportunities.get(one.found.id)
    assert (told.status, told.owner) == ("proposed", "Ann")


def test_saying_the_same_again_decides_nothing_new(study, listed):
    one = listed().opportunities[0]
    for _ in range(2):
        study.app.opportunities.change(one.found.id, {"owner": "Ann"}, actor="me")
    assert study.app.review.decisions(study.study.id, "opportunity").total == 1


def test_a_change_of_what_somebody_else_has_changed_since_is_refused(study, listed):
    one = listed().opportunities[0]
    changed = study.app.opportunities.change(one.found.id, {"owner": "Ann"}, actor="me", expected={one.etag})
    with pytest.raises(Outdated, match="read it again"):
        study.app.opportunities.change(one.found.id, {"owner": "Bo"}, actor="you", expected={one.etag})
    study.app.opportunities.change(one.found.id, {"owner": "Bo"}, actor="you", expected={changed.etag})
    study.app.opportunities.change(one.found.id, {"owner": "Cy"}, actor="you", expected={"*"})


def test_the_list_is_filtered_by_stage_status_and_owner(study, listed):
    every = listed().opportunities
    study.app.opportunities.change(every[0].found.id, {"owner": "Ann", "status": "done"}, actor="me")
    assert [o.found.id for o in listed(owner="ann").opportunities] == [every[0].found.id]
    assert [o.found.id for o in listed(status="done").opportunities] == [every[0].found.id]
    assert listed(owner="none").total == len(every) - 1
    stage = every[0].stages[0]
    assert listed(stage=stage.key).total == listed(stage=stage.id).total == len(every)
    for wrong in ({"stage": "nowhere"}, {"status": "maybe"}, {"colour": "red"}):
        with pytest.raises(InvalidInput):
            listed(**wrong)


def test_a_page_goes_on_where_the_one_before_ended(study, listed):
    every = [o.found.id for o in listed().opportunities]
    assert len(every) > 1
    paged, cursor = [], None
    while True:
        page = study.app.opportunities.page(study.study.id, cursor=cursor, limit=1)
        paged += [o.found.id for o in page.opportunities]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == every


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"colour": "red"},
        {"status": "maybe"},
        {"priority": 101},
        {"priority": "high"},
        {"priority": True},
        {"owner": 3},
        {"owner": "x" * (MAX_LENGTH["owner"] + 1)},
    ],
)
def test_what_cannot_be_decided_is_refused_in_words(study, listed, given):
    with pytest.raises(InvalidInput):
        study.app.opportunities.change(listed().opportunities[0].found.id, given, actor="me")


def test_what_is_no_opportunity_is_not_found(study):
    pain = next(s["id"] for stage in study.map()["stages"] for s in stage["lanes"]["pains"])
    for wrong in ("nothing", pain):
        with pytest.raises(NotFound, match="no opportunity"):
            study.app.opportunities.get(wrong)


def test_decisions_about_what_left_the_map_are_still_to_be_seen(study, listed):
    one = listed().opportunities[0]
    study.app.opportunities.change(one.found.id, {"owner": "Ann"}, actor="me")
    for q in list(one.found.said):
        study.app.review.correct(q, {"experience": "neutral"}, actor="me")
    page = listed()
    assert one.found.id not in {s for o in page.opportunities for s in o.found.statement_ids}
    assert [(o.id, o.decided["owner"].value) for o in page.orphans] == [(one.found.id, "Ann")]


def test_queries_do_not_grow_with_what_people_say(study):
    def work():
        study.app.opportunities.page(study.study.id)

    def one():
        study.app.opportunities.get(first)

    first = study.app.opportunities.page(study.study.id).opportunities[0].found.id
    before = [queries_of(work), queries_of(one)]
    study.upload(*map(talk, NAMES[2:]))
    study.run()
    work()
    assert [queries_of(work), queries_of(one)] == before
    assert max(before) <= 36


def queries_of(work):
    with noted_queries() as asked:
        work()
    return len(asked)


def test_peoples_words_for_an_opportunity_stand_on_the_map_wherever_it_has_it_until_they_are_taken_back(study, listed):
    one = max(listed().opportunities, key=lambda o: len(o.stages))
    before = {s["id"]: s for stage in study.map()["stages"] for s in stage["lanes"]["opportunities"]}
    study.app.opportunities.change(one.found.id, {"text": "How might we answer sooner?"}, actor="me")
    after = {s["id"]: s for stage in study.map()["stages"] for s in stage["lanes"]["opportunities"]}
    mine = set(one.found.statement_ids) if one.found.theme_id else {one.found.id}
    assert {key for key in after if after[key]["text"] != before[key]["text"]} == mine
    for key in mine:
        assert (after[key]["text"], after[key]["origin"], after[key]["doubt"]) == ("How might we answer sooner?", "human", None)
        cited = study.app.maps.statement(key).cited
        assert (cited["text"], cited["origin"]) == ("How might we answer sooner?", "human")
    assert listed().opportunities[0].text
    study.app.opportunities.change(one.found.id, {"text": None}, actor="me")
    assert {s["id"]: s for stage in study.map()["stages"] for s in stage["lanes"]["opportunities"]} == before


def test_other_decisions_about_an_opportunity_leave_its_words_on_the_map(study, listed):
    before = study.map()["stages"]
    study.app.opportunities.change(listed().opportunities[0].found.id, {"owner": "Ann", "status": "planned"}, actor="me")
    assert study.map()["stages"] == before
