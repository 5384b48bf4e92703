from dataclasses import replace

import pytest

from app.domain.journey import Evidence, Lane, Origin, Relation, Statement, TaggedQuote
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.errors import EvidenceError
from app.stages.assemble import AssemblyInput, Wording, assemble_journey, plan_slots

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
SUPPORT, USE = STAGES[5].id, STAGES[4].id


def tags(stage=SUPPORT, emotion=Emotion.FRUSTRATION, experience=Experience.PAIN, **changes):
    return replace(Tags(stage, Channel.PHONE, "support line", Kind.ACTION, emotion, 2, experience, None, 0.9), **changes)


def quote(name, who="p1", theme="t1", sentences=1, **changes):
    return TaggedQuote(name, who, sentences, f"I waited forty minutes on hold, {name}.", tags(**changes), theme)


def given(*quotes, **changes):
    base = AssemblyInput("map", STAGES, quotes, {"t1": "nobody answers", "t2": "kind staff"}, {"t1": "Hold, queue"}, {}, 3, skipped=2)
    return replace(base, **changes)


def draw(inputs, wordings=None):
    slots = plan_slots(inputs)
    return assemble_journey(inputs, slots, wordings or {}), slots


def lane(journey, stage, which):
    return next(c for c in journey.columns if c.stage_id == stage).lanes[which]


def test_a_statement_without_supporting_evidence_cannot_be_constructed():
    with pytest.raises(EvidenceError):
        Statement("s", SUPPORT, Lane.PAINS, "Waits", (Evidence("q", Relation.CONTRADICTS),), 1, 1, Origin.LLM)


def test_people_are_counted_and_not_quotes():
    journey, _ = draw(given(quote("a"), quote("b"), quote("c"), quote("d", who="p2")))
    (pain,) = lane(journey, SUPPORT, Lane.PAINS)
    assert (pain.participants, pain.of_participants, len(pain.supporting)) == (2, 3, 4)


def test_one_talkative_person_does_not_bend_the_curve():
    angry = [quote(f"a{i}", emotion=Emotion.ANGER) for i in range(9)]
    glad = quote("z", who="p2", emotion=Emotion.DELIGHT, experience=Experience.DELIGHT)
    journey, _ = draw(given(*angry, glad))
    point = next(c for c in journey.columns if c.stage_id == SUPPORT).emotion
    assert point is not None
    assert point.score == 0.0
    assert point.spread == 2.0
    assert point.participants == 2


def test_quotes_of_the_same_theme_with_the_other_sign_are_contrary_evidence():
    journey, _ = draw(given(quote("a"), quote("b", who="p2", emotion=Emotion.DELIGHT, experience=Experience.DELIGHT)))
    (pain,) = lane(journey, SUPPORT, Lane.PAINS)
    (delight,) = lane(journey, SUPPORT, Lane.DELIGHTS)
    assert pain.contrary == ("b",)
    assert delight.contrary == ("a",)


GLAD = {"emotion": Emotion.DELIGHT, "experience": Experience.DELIGHT}
FLAT = {"emotion": Emotion.NEUTRAL, "experience": Experience.NEUTRAL}


def test_what_people_do_and_think_has_the_sign_they_told_it_with_and_the_other_sign_speaks_against_it():
    members = [quote("a"), quote("b", who="p2"), quote("c", who="p3", **FLAT), quote("d", who="p4", **GLAD)]
    thought = quote("e", who="p4", kind=Kind.THOUGHT, **GLAD)
    journey, _ = draw(given(*members, thought))
    (action,) = lane(journey, SUPPORT, Lane.ACTIONS)
    assert (set(action.supporting), set(action.contrary), action.participants) == ({"a", "b", "c"}, {"d", "e"}, 3)
    (thought_of,) = lane(journey, SUPPORT, Lane.THOUGHTS)
    assert (thought_of.supporting, set(thought_of.contrary)) == (("e",), {"a", "b"})


@pytest.mark.parametrize(
    "members",
    [
        (quote("a"), quote("b", who="p2", **GLAD)),
        (quote("a"), quote("b", who="p2", **FLAT), quote("c", who="p3", **FLAT), quote("d", who="p1", kind=Kind.NEED, **GLAD)),
    ],
)
def test_where_people_are_even_or_most_tell_it_without_feeling_nothing_speaks_against_an_action(members):
    journey, _ = draw(given(*members))
    (action,) = lane(journey, SUPPORT, Lane.ACTIONS)
    assert action.contrary == ()


def test_a_delight_of_the_same_theme_speaks_against_an_opportunity_and_nothing_against_a_touchpoint():
    journey, _ = draw(given(quote("a"), quote("b", who="p2"), quote("c", who="p3", **GLAD), quote("d", kind=Kind.NEED, **GLAD)))
    (chance,) = lane(journey, SUPPORT, Lane.OPPORTUNITIES)
    assert (set(chance.supporting), chance.contrary) == ({"a", "b", "d"}, ("c",))
    (touchpoint,) = lane(journey, SUPPORT, Lane.TOUCHPOINTS)
    assert touchpoint.contrary == ()
    assert len(touchpoint.supporting) == 4


def test_without_a_theme_or_in_another_stage_nothing_is_known_to_speak_against_a_statement():
    apart = (quote("a", theme=None), quote("b", theme=None, **GLAD), quote("c"), quote("d", stage=USE, **GLAD))
    journey, _ = draw(given(*apart))
    assert {s.contrary for s in journey.statements()} == {()}


def test_coverage_adds_up_sentence_by_sentence():
    gap = replace(quote("g", sentences=3), tags=None)
    background = quote("n", sentences=2, theme=None, stage="none", experience=Experience.NEUTRAL, emotion=Emotion.NEUTRAL)
    journey, _ = draw(given(quote("a", sentences=4), gap, background))
    c = journey.coverage
    assert (c.sentences, c.used, c.unplaced, c.gap, c.skipped) == (11, 4, 2, 3, 2)


def test_a_wording_that_cites_a_quote_of_another_slot_is_not_used():
    inputs = given(quote("a"), quote("b", who="p2"), quote("c", stage=USE))
    slots = plan_slots(inputs)
    pain = next(s for s in slots if s.lane is Lane.PAINS and s.stage_id == SUPPORT)
    good, _ = draw(inputs, {pain.id: Wording("Waits on hold", Origin.LLM, ("a",))})
    bad, _ = draw(inputs, {pain.id: Wording("Invented", Origin.LLM, ("a", "c"))})
    assert (lane(good, SUPPORT, Lane.PAINS)[0].text, lane(good, SUPPORT, Lane.PAINS)[0].supporting) == ("Waits on hold", ("a",))
    assert lane(bad, SUPPORT, Lane.PAINS)[0].origin is Origin.OFFLINE


def test_extractive_statements_hold_only_the_label_and_the_participants_own_words():
    inputs = given(quote("a"))
    journey, _ = draw(inputs)
    (pain,) = lane(journey, SUPPORT, Lane.PAINS)
    words, _, topic = pain.text.partition(" — ")
    assert topic == "hold, queue"
    assert words.strip("“”") in inputs.quotes[0].text


def test_worst_moments_rank_by_participants_and_feeling_and_are_at_most_three():
    quotes = [quote(f"q{i}", who=f"p{i % 3}", theme=f"t{i}", stage=STAGES[i].id) for i in range(6)]
    everybody = [quote(f"x{i}", who=f"p{i}", theme="t9", emotion=Emotion.ANGER) for i in range(3)]
    inputs = given(*quotes, *everybody, themes={**{f"t{i}": f"theme {i}" for i in range(6)}, "t9": "cut off"})
    journey, _ = draw(inputs)
    texts = {s.id: s.theme_id for s in journey.statements()}
    assert len(journey.worst) == 3
    assert texts[journey.worst[0]] == "t9"


def test_a_group_that_continues_one_of_the_previous_map_keeps_its_id():
    before = {(SUPPORT, Lane.PAINS): {"old": frozenset({"a", "b", "c"})}}
    slots = plan_slots(given(quote("a"), quote("b"), previous=before))
    assert "old" in {s.id for s in slots if s.lane is Lane.PAINS}
    apart = plan_slots(given(quote("a"), quote("x"), quote("y"), quote("z"), previous=before))
    assert "old" not in {s.id for s in apart}


def test_the_order_of_quotes_changes_nothing():
    quotes = [quote(f"q{i}", who=f"p{i % 3}", theme=("t1", "t2", None)[i % 3], stage=STAGES[i % 4].id) for i in range(12)]
    forwards, _ = draw(given(*quotes))
    backwards, _ = draw(given(*reversed(quotes)))
    assert forwards.columns == backwards.columns
    assert forwards.worst == backwards.worst


def test_a_study_without_quotes_has_an_empty_map():
    journey, slots = draw(given())
    assert not slots
    assert all(column.emotion is None for column in journey.columns)
    assert journey.coverage.sentences == 2
