from dataclasses import replace

import pytest

from app.domain.journey import Lane, TaggedQuote
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.stages.assemble import AssemblyInput, assemble_journey, plan_slots
from app.stages.facts import facts_of
from app.stages.opportunities import Priority, opportunities_of, ranked

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
USE, SUPPORT = STAGES[4].id, STAGES[5].id
PAIN = {"emotion": Emotion.FRUSTRATION, "experience": Experience.PAIN}
ANGRY = {"emotion": Emotion.ANGER, "experience": Experience.PAIN}
DELIGHT = {"emotion": Emotion.DELIGHT, "experience": Experience.DELIGHT}
NEED = {"emotion": Emotion.NEUTRAL, "experience": Experience.NEUTRAL, "kind": Kind.NEED}


def said(name, who, theme="hold", stage=SUPPORT, touchpoint=None, **tags):
    made = Tags(stage, Channel.PHONE, touchpoint, Kind.ACTION, Emotion.NEUTRAL, 2, Experience.NEUTRAL, None, 0.9)
    return TaggedQuote(name, who, 1, f"I waited forty minutes on the line and nobody answered, {name}.", replace(made, **tags), theme)


def found(*quotes, of=6, known=()):
    """The opportunities of a map of these quotes, by theme, or by id where there is none."""
    themes = {"hold": "waiting on hold", "code": "the code never comes"}
    given = AssemblyInput("map", STAGES, tuple(quotes), themes, {}, {}, of, 0)
    slots = plan_slots(given)
    journey = assemble_journey(given, slots, {})
    people = dict.fromkeys([*dict.fromkeys(q.participant_id for q in quotes), *(f"silent {n}" for n in range(of))][:of], 0)
    facts = facts_of(given, slots, journey, people, {q.id: (q.theme_id,) for q in quotes if q.theme_id})
    stages = [
        {"id": c.stage_id, "lanes": {lane.value: [_told(s) for s in c.lanes[lane]] for lane in Lane} | {"business_actions": []}}
        for c in journey.columns
    ]
    return opportunities_of({"stages": stages, "of_participants": of}, facts, known)


def _told(s):
    return {"id": s.id, "theme_id": s.theme_id, "text": s.text, "origin": s.origin.value}


def test_people_who_need_help_are_counted_and_not_their_quotes():
    (one,) = found(*(said(f"a{n}", "p1", **PAIN) for n in range(5)), said("b", "p2", **PAIN))
    assert (one.priority.reach, one.priority.of, len(one.said)) == (2, 6, 6)


def test_one_talkative_person_does_not_bend_how_strongly_it_is_felt():
    (one,) = found(*(said(f"a{n}", "p1", **ANGRY) for n in range(9)), said("b", "p2", **PAIN))
    assert one.priority.intensity == 1.5


def test_needs_count_as_reach_and_not_as_something_felt():
    (one,) = found(said("a", "p1", **ANGRY), said("b", "p2", **NEED))
    assert (one.priority.reach, one.priority.intensity) == (2, 2.0)
    (wish,) = found(said("a", "p1", **NEED), said("b", "p2", **NEED))
    assert wish.priority.intensity is None
    assert wish.priority.value == round(100 * 2 / 6 * 0.5 / 2)


def test_a_theme_in_several_stages_is_one_opportunity_with_its_stages():
    (one,) = found(*(said(f"a{n}", f"p{n}", stage=USE, **PAIN) for n in range(2)), *(said(f"b{n}", f"p{n + 1}", **PAIN) for n in range(3)))
    assert [(p.stage_id, p.participants, p.quotes) for p in one.parts] == [(USE, 2, 2), (SUPPORT, 3, 3)]
    assert one.priority.reach == 4  # p1 and p2 speak of it in both
    assert one.id == one.parts[0].statement_id
    assert one.lead.stage_id == SUPPORT


def test_without_a_theme_the_same_touchpoint_is_one_opportunity():
    first, second = found(
        *(said(f"a{n}", "p1", theme=None, touchpoint="support line", stage=stage, **PAIN) for stage in (USE, SUPPORT) for n in range(2)),
        *(said(f"b{n}", "p2", theme=None, touchpoint="letter", **PAIN) for n in range(2)),
    )
    assert [len(o.parts) for o in (first, second)] == [2, 1]
    assert first.theme_id is None


def test_what_works_already_for_those_who_need_no_help_lowers_the_priority():
    pains = [said(f"a{n}", f"p{n}", **PAIN) for n in range(3)]
    (alone,) = found(*pains)
    (eased,) = found(*pains, said("glad", "p9", stage=USE, **DELIGHT))
    assert eased.priority.works == 1
    assert eased.working == ("glad",)
    assert eased.priority.value < alone.priority.value


def test_whoever_says_both_counts_as_needing_help():
    (one,) = found(said("a", "p1", **PAIN), said("b", "p2", **PAIN), said("glad", "p1", stage=USE, **DELIGHT))
    assert (one.priority.works, one.mixed, one.working) == (0, 1, ("glad",))


def test_a_delight_of_another_theme_plays_no_part():
    (one,) = found(said("a", "p1", **PAIN), said("b", "p2", **PAIN), said("glad", "p3", theme="code", **DELIGHT))
    assert (one.priority.works, one.working) == (0, ())


def test_the_priority_is_the_product_that_its_words_name():
    priority = Priority(4, 1.5, 1, 6)
    assert priority.told() == "4 of 6 participants × felt strongly (1.5 of 2) × works for 1 of 6"
    assert priority.value == round(100 * 4 / 6 * 1.5 / 2 * (1 - 1 / 6)) == 42


@pytest.mark.parametrize(
    ("intensity", "words"),
    [
        (None, "wished for, not felt as a pain (counts as 0.5 of 2)"),
        (0.2, "hardly felt (counts as 0.5 of 2)"),
        (0.5, "felt slightly (0.5 of 2)"),
        (1.0, "felt clearly (1.0 of 2)"),
        (2.0, "felt strongly (2.0 of 2)"),
    ],
)
def test_how_it_is_felt_is_said_in_words(intensity, words):
    assert Priority(1, intensity, 0, 1).told() == f"1 of 1 participant × {words} × works for nobody yet"


def test_priorities_go_from_0_to_100_and_grow_with_each_factor():
    assert Priority(0, None, 0, 0).value == 0
    assert Priority(5, 2.0, 0, 5).value == 100
    for better in (Priority(3, 1.0, 1, 8), Priority(2, 1.5, 1, 8), Priority(2, 1.0, 0, 8)):
        assert better.value > Priority(2, 1.0, 1, 8).value


def test_the_most_important_come_first_and_ties_go_to_more_quotes():
    few, many, high = found(
        *(said(f"a{n}", f"p{n}", theme="hold", stage=USE, **PAIN) for n in range(2)),
        *(said(f"b{n}", f"p{n % 2}", theme="code", stage=USE, **PAIN) for n in range(4)),
        *(said(f"c{n}", f"p{n}", theme=None, touchpoint="letter", **PAIN) for n in range(3)),
    )
    by_size = sorted([few, many], key=lambda o: len(o.said))
    assert ranked([few, many, high]) == (high, *reversed(by_size))
    assert ranked([high, few, many], {few.id: 100})[0] == few


def test_an_opportunity_keeps_the_id_under_which_people_know_it():
    quotes = [said(f"{stage}{n}", f"p{n}", stage=stage, **PAIN) for stage in (USE, SUPPORT) for n in range(2)]
    (one,) = found(*quotes)
    (known,) = found(*quotes, known={one.parts[1].statement_id})
    assert known.id == one.parts[1].statement_id
    assert known.statement_ids == one.statement_ids


def test_the_order_of_quotes_changes_nothing():
    quotes = [
        said(f"q{n}", f"p{n % 4}", theme=("hold", "code")[n % 2], stage=(USE, SUPPORT)[n // 6], **(PAIN, ANGRY)[n % 3 == 0])
        for n in range(12)
    ]
    assert ranked(found(*quotes)) == ranked(found(*reversed(quotes)))


def test_a_map_without_pains_has_no_opportunities():
    assert found(said("a", "p1", **DELIGHT), said("b", "p2", **DELIGHT)) == ()


# Wording without a model


def worded(*quotes, label="waiting on hold", topic=None):
    themes, topics = {"hold": label}, {"hold": topic} if topic else {}
    given = AssemblyInput("map", STAGES, quotes, themes, topics, {}, 3, 0)
    (statement,) = assemble_journey(given, plan_slots(given), {}).columns[5].lanes[Lane.OPPORTUNITIES]
    return statement


def told(name, text):
    return replace(said(name, name, **PAIN), text=text)


RANG = told("a", "I rang the support line twice and nobody answered.")
SAT = told("b", "I sat on hold for an hour with the letter in my hand.")


def test_offline_an_opportunity_asks_about_its_theme_with_a_quote_beside_it():
    assert worded(RANG, SAT).text == "How might we help with “waiting on hold”? — “I rang the support line twice and nobody answered.”"


def test_a_label_that_code_found_is_asked_about_only_where_one_of_these_people_said_it():
    theirs = worded(RANG, SAT, label="Nobody answered", topic="support line, hold")
    assert theirs.text.startswith("How might we help with “Nobody answered”? — ")
    of_others = worded(RANG, SAT, label="They were lovely", topic="support line, hold")
    assert of_others.text.startswith("How might we help with “support line” and “hold”? — ")


def test_beside_words_in_another_language_no_english_question_is_asked():
    german = [told(n, "Ich habe vierzig Minuten gewartet und keiner ging ans Telefon.") for n in ("a", "b")]
    assert worded(*german, label="Warteschleife").text == "“Ich habe vierzig Minuten gewartet und keiner ging ans Telefon.”"


def test_the_quote_whose_words_are_shown_stands_first_in_the_evidence():
    vague = told("a", "And that was that with it, really, as it is with them.")
    statement = worded(vague, SAT)
    assert "an hour with the letter" in statement.text
    assert statement.supporting[0] == "b"
    assert set(statement.supporting) == {"a", "b"}
