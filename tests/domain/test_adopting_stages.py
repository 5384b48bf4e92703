"""How a study's stages take proposed ones over: by name, by what they stand for, and nothing that is ambiguous."""

from app.domain.stage_proposals import Mode, ProposedStage, adopt, takes_over
from app.domain.stages import CUSTOMER_EXPERIENCE, stage_id, stages_from
from app.domain.staging import key_of, plan_stages

PRESENT = stages_from(CUSTOMER_EXPERIENCE, "s")


def proposed(title, *base):
    return ProposedStage(key_of(title), title, f"About {title}.", base, "It ends.", ("q1",))


JOURNEY = (
    proposed("Hearing of it", "awareness"),
    proposed("Choosing and paying", "consideration", "purchase"),
    proposed("The first weeks", "onboarding"),
    proposed("Working days", "use"),
    proposed("Busy season", "use"),
    proposed("Support", "support"),
)


def named(key):
    return stage_id("s", key)


def planned(kept, mode):
    return plan_stages("s", PRESENT, (), adopt(kept, PRESENT, mode))


def test_a_stage_takes_the_place_of_the_one_it_carries_on_and_others_are_merged_into_it():
    plan = planned(JOURNEY, Mode.REPLACE)
    assert [s.title for s in plan.stages] == [p.title for p in JOURNEY]
    assert [s.id for s in plan.stages[:3]] == [named("awareness"), named("consideration"), named("onboarding")]
    assert plan.merged == {named("purchase"): named("consideration")}
    assert plan.stages[1].definition == "About Choosing and paying."
    assert plan.stages[1].base == ("consideration", "purchase")


def test_a_stage_that_two_would_carry_on_goes_and_both_are_new():
    plan = planned(JOURNEY, Mode.REPLACE)
    assert {s.id for s in plan.removed} == {named("use"), named("loyalty")}
    assert [s.key for s in plan.stages if s.id not in {p.id for p in PRESENT}] == ["working-days", "busy-season"]


def test_a_name_counts_more_than_what_a_stage_stands_for():
    told = takes_over([proposed("Use", "support"), proposed("Everyday", "use")], PRESENT)
    assert told == {named("use"): "use", named("support"): "use"}


def test_a_stage_that_stands_for_nothing_is_carried_on_by_its_name_only():
    own = plan_stages("s", PRESENT, (), [*adopt((), PRESENT, Mode.ADD), *adopt([proposed("The move")], (), Mode.ADD)]).stages
    assert takes_over([proposed("The flat", "use")], own) == {named("use"): "the-flat"}
    assert takes_over([proposed("The Move", "use")], own) == {named("use"): "the-move", named("the-move"): "the-move"}


def test_added_stages_stand_where_they_belong_in_the_journey_and_all_others_stay_as_they_were():
    plan = planned([proposed("Trying it", "consideration"), proposed("Waiting for it"), proposed("Support", "support")], Mode.ADD)
    titles = [s.title for s in plan.stages]
    assert titles == ["Awareness", "Consideration", "Trying it", "Waiting for it", "Purchase", "Onboarding", "Use", "Support", "Loyalty"]
    assert plan.removed == ()
    assert next(s.definition for s in plan.stages if s.key == "support") == "About Support."
    assert [s for s in plan.stages if s.key == "use"] == [s for s in PRESENT if s.key == "use"]


def test_a_stage_without_a_place_of_its_own_comes_last():
    assert [s.title for s in planned([proposed("Something else")], Mode.ADD).stages][-1] == "Something else"
