"""What becomes of a study's stages when people change them."""

import pytest

from app.domain.stages import CUSTOMER_EXPERIENCE, TEMPLATES, Stage, read_as_one, stage_called, stage_names, stages_from
from app.domain.staging import MAX_STAGES, Change, StageDraft, mark_of, plan_stages
from app.domain.tags import DEFAULT_STAGE_KEYS
from app.errors import InvalidInput

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
ID = {stage.key: stage.id for stage in STAGES}


def draft(stage, **more):
    return StageDraft(stage.id, more.pop("title", stage.title), more.pop("definition", ""), **more)


def drafts(*, into=(), without=()):
    """All stages as they are, but for those that are merged (key: key of the other) or left out."""
    into = dict(into)
    return [draft(s, merge_into=into.get(s.key)) for s in STAGES if s.key not in without]


def plan(*given, before=STAGES, absorbed=()):
    return plan_stages("study", before, absorbed, given)


def after(made, *given):
    """What a further change makes of it."""
    return plan_stages("study", made.stages, made.absorbed, given)


def of(made, key):
    return next(s for s in made.stages if s.key == key)


def test_a_stage_that_is_merged_is_a_column_no_more_and_its_id_means_the_other():
    made = plan(*drafts(into={"support": "use"}))
    assert [s.key for s in made.stages] == ["awareness", "consideration", "purchase", "onboarding", "use", "loyalty"]
    assert stage_names(made.stages)[ID["support"]] == ID["use"]
    assert of(made, "use").absorbed == (ID["support"],)
    assert [s.key for s in made.absorbed] == ["support"]
    assert made.removed == ()
    assert made.changes()[ID["support"]] == (Change.MERGED,)


def test_a_stage_that_is_removed_means_nothing_any_more():
    made = plan(*drafts(without={"support"}))
    assert ID["support"] not in stage_names(made.stages)
    assert made.absorbed == ()
    assert [s.key for s in made.removed] == ["support"]
    assert made.changes()[ID["support"]] == (Change.REMOVED,)


def test_merges_follow_each_other_also_in_later_changes():
    made = plan(*drafts(into={"support": "use", "use": "loyalty"}))
    assert {stage_names(made.stages)[ID[key]] for key in ("support", "use", "loyalty")} == {ID["loyalty"]}
    first = plan(*drafts(into={"support": "use"}))
    second = after(first, *(draft(s, merge_into="loyalty" if s.key == "use" else None) for s in first.stages))
    assert {stage_names(second.stages)[ID[key]] for key in ("support", "use", "loyalty")} == {ID["loyalty"]}
    assert {s.key for s in second.absorbed} == {"support", "use"}


@pytest.mark.parametrize(
    ("into", "without", "told"),
    [
        ({"support": "use", "use": "support"}, (), "can only be merged into a stage that stays"),
        ({"support": "support"}, (), "can only be merged into a stage that stays"),
        ({"support": "use"}, ("use",), "“Use” does not"),
        ({"support": "nowhere"}, (), "there is no stage “nowhere”"),
    ],
)
def test_a_stage_is_merged_only_into_one_that_stays(into, without, told):
    with pytest.raises(InvalidInput, match=told):
        plan(*drafts(into=into, without=without))


def test_a_new_stage_cannot_be_merged_and_one_that_is_unknown_cannot_be_named():
    with pytest.raises(InvalidInput, match="no stage of this study yet"):
        plan(*drafts(), StageDraft(None, "Later", merge_into="use"))
    with pytest.raises(InvalidInput, match="there is no stage “x”"):
        plan(*drafts(), StageDraft("x", "Later"))


def test_taking_a_merged_stage_out_gives_it_back_all_that_names_it():
    merged = plan(*drafts(into={"support": "use"}))
    assert merged.stages != STAGES
    back = after(merged, *(draft(s) for s in merged.stages[:5]), draft(next(s for s in STAGES if s.key == "support")), draft(STAGES[-1]))
    assert back.stages == STAGES
    assert back.absorbed == ()
    assert back.taken_out == {ID["support"]: ID["use"]}
    assert back.changes()[ID["support"]] == (Change.TAKEN_OUT,)


def test_a_new_stage_of_the_name_of_a_merged_one_is_that_stage():
    merged = plan(*drafts(into={"support": "use"}))
    back = after(merged, *(draft(s) for s in merged.stages), StageDraft(None, "Support"))
    assert back.stages[-1].id == ID["support"]
    assert stage_names(back.stages)[ID["support"]] == ID["support"]
    assert of(back, "support").definition == STAGES[5].definition


def test_what_was_merged_into_a_merged_stage_comes_out_with_it():
    first = plan(*drafts(into={"support": "use"}))
    second = after(first, *(draft(s, merge_into="loyalty" if s.key == "use" else None) for s in first.stages))
    third = after(second, *(draft(s) for s in second.stages), StageDraft(None, "Use"))
    assert stage_names(third.stages)[ID["support"]] == stage_names(third.stages)[ID["use"]] == ID["use"]
    assert of(third, "loyalty").absorbed == ()
    alone = after(second, *(draft(s) for s in second.stages), StageDraft(ID["support"], "Support"))
    assert stage_names(alone.stages)[ID["use"]] == ID["loyalty"]
    assert stage_names(alone.stages)[ID["support"]] == ID["support"]
    assert all(ID["support"] not in s.absorbed for s in (*alone.stages, *alone.absorbed))


def test_what_was_merged_into_a_removed_stage_goes_with_it():
    merged = plan(*drafts(into={"support": "use"}))
    gone = after(merged, *(draft(s) for s in merged.stages if s.key != "use"))
    assert gone.absorbed == ()
    assert not {ID["use"], ID["support"]} & set(stage_names(gone.stages))


def test_only_stages_that_left_their_order_have_moved():
    made = plan(draft(STAGES[-1]), *drafts(without={"loyalty"}))
    assert [key for key, done in made.changes().items() if Change.MOVED in done] == [ID["loyalty"]]
    between = plan(StageDraft(None, "Trigger"), *drafts())
    assert not any(Change.MOVED in done for done in between.changes().values())


def test_retitled_and_redefined_are_told_apart():
    made = plan(
        draft(STAGES[0], title="Hearing of it"), draft(STAGES[1], definition="Comparing."), draft(STAGES[2], base=()), *drafts()[3:]
    )
    assert [made.changes()[s.id] for s in STAGES[:3]] == [(Change.RETITLED,), (Change.REDEFINED,), (Change.REDEFINED,)]
    assert (made.stages[0].definition, made.stages[2].base) == (STAGES[0].definition, ())


def test_a_tagger_reads_merged_stages_as_one_and_their_own_words_stay_theirs():
    merged = plan(*drafts(into={"support": "use"}))
    told = read_as_one(merged.stages, merged.absorbed)
    use = next(s for s in told if s.key == "use")
    assert use.base == ("use", "support")
    assert use.definition == f"{STAGES[4].definition} {STAGES[5].definition}"
    assert of(merged, "use").definition == STAGES[4].definition
    assert [s for s in told if s.key != "use"] == [s for s in merged.stages if s.key != "use"]


def test_a_stage_that_is_known_by_its_definition_alone_stays_so_when_another_is_merged_into_it():
    own = Stage("own", "own", "Own", "What nobody else claims.", (), (ID["support"],))
    (told,) = read_as_one([own], [STAGES[5]])
    assert (told.base, STAGES[5].definition in told.definition) == ((), True)


def test_a_stage_may_be_called_by_the_key_or_the_id_of_what_was_merged_into_it():
    merged = plan(*drafts(into={"support": "use"}))
    assert {stage_called("study", merged.stages, name) for name in ("use", "support", ID["use"], ID["support"])} == {ID["use"]}
    assert stage_called("study", merged.stages, "nowhere") is None
    assert stage_called("study", merged.stages, "none") == "none"


def test_stages_are_as_many_as_a_map_can_hold_and_merged_ones_do_not_count():
    many = [StageDraft(None, f"Stage {n}") for n in range(MAX_STAGES)]
    assert len(plan(*many).stages) == MAX_STAGES
    with pytest.raises(InvalidInput, match="1 to 40 stages, not 41"):
        plan(*many, StageDraft(None, "One more"))
    with pytest.raises(InvalidInput, match="not 0"):
        plan(draft(STAGES[0], merge_into="use"))
    assert len(plan(*many[1:], draft(STAGES[0]), draft(STAGES[1], merge_into=ID["awareness"])).stages) == MAX_STAGES


def test_a_mark_changes_with_whatever_a_person_can_change():
    marks = {mark_of(plan(*given).stages) for given in (drafts(), drafts(into={"support": "use"}), drafts(without={"support"}))}
    marks |= {mark_of(plan(draft(STAGES[0], title="New"), *drafts()[1:]).stages), mark_of(plan(*reversed(drafts())).stages)}
    assert len(marks) == 5
    assert mark_of(STAGES) in marks


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda t: t.key)
def test_every_template_tells_what_belongs_in_each_stage_and_claims_every_usual_stage(template):
    keys = [key for key, *_ in template.stages]
    assert len(set(keys)) == len(keys)
    assert all(title and len(told) > 20 and set(base) <= set(DEFAULT_STAGE_KEYS) and base for _, title, told, base in template.stages)
    if template.key not in {"customer-support", "customer-success"}:  # these begin later in the journey
        assert {key for *_, base in template.stages for key in base} == set(DEFAULT_STAGE_KEYS)
