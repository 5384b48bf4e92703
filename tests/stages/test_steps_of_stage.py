from types import SimpleNamespace

from app.domain.tags import Kind
from app.stages.facts import NONE
from app.stages.narrow import Part
from app.stages.steps_of_stage import MANY, divided, doing_of, step_within, steps_of, with_steps
from app.stages.voices import renamed, topics_of, voices_of

THEMES = {"t1": "the code never came", "t2": "rang twice"}


def said(who, at, touchpoint=None, theme=None, interview=None):
    return SimpleNamespace(who=who, at=at, touchpoint=touchpoint, theme=theme, interview=interview or who)


def facts_of(*acts):
    """Facts of one stage `s` in which these things were done."""
    people, chains = sorted({a.who for a in acts}), sorted({(a.theme,) for a in acts if a.theme})
    quotes = [SimpleNamespace(id=f"q{n}", tags=SimpleNamespace(kind=Kind.ACTION, touchpoint=a.touchpoint)) for n, a in enumerate(acts)]
    told = {f"q{n}": (a.interview, a.at) for n, a in enumerate(acts)}
    ids = [q.id for q in quotes]
    return {
        "quotes": ids,
        "curve": {"s": [0, len(acts)]},
        "participants": people,
        "participant": [people.index(a.who) for a in acts],
        "theme": [chains.index((a.theme,)) if a.theme else NONE for a in acts],
        "chains": [list(c) for c in chains],
        "confidence": [0.5] * len(acts),
        "valence": [-1] * len(acts),
        "statements": {},
        "doing": doing_of(quotes, ids, told),
    }


def whole(facts, people=None):
    within = people or facts["participants"]
    kept = [facts["participants"][n] in within for n in facts["participant"]]
    return Part(facts, tuple(within), kept, whole_talks=True)


def names(steps):
    return [step["text"] for step in steps]


BY_TOUCHPOINT = (
    said("a", 0.6, "chat"),
    said("b", 0.8, "chat"),
    said("a", 0.1, "form"),
    said("b", 0.3, "form"),
    said("a", 0.2, "poster"),
    said("b", 0.5),
)


def test_steps_are_touchpoints_that_two_people_share_in_the_order_in_which_they_are_told():
    steps = steps_of(whole(facts_of(*BY_TOUCHPOINT)), "map", "s", {})
    assert names(steps) == ["Form", "Chat"]
    assert [(s["participants"], s["of_participants"], s["evidence_total"], s["place"]) for s in steps] == [(2, 2, 2, 0.2), (2, 2, 2, 0.7)]
    assert [e["quote_id"] for e in steps[0]["evidence"]] == ["q2", "q3"]


def test_somebody_who_returns_to_a_thing_often_does_not_move_its_step():
    again = [said("a", 0.9, "form") for _ in range(9)]
    steps = steps_of(whole(facts_of(*BY_TOUCHPOINT, said("c", 0.2, "form"), *again)), "map", "s", {})
    assert names(steps) == ["Form", "Chat"]
    assert steps[0]["place"] == 0.3


def test_where_touchpoints_are_not_shared_steps_are_themes():
    acts = [said(who, at, theme=theme) for theme, at in (("t2", 0.7), ("t1", 0.2)) for who in "abc"]
    steps = steps_of(whole(facts_of(*acts, said("a", 0.1, "poster"))), "map", "s", THEMES)
    assert [(s["text"], s["theme_id"], s["participants"]) for s in steps] == [("The code never came", "t1", 3), ("Rang twice", "t2", 3)]


def test_thin_evidence_is_not_divided():
    assert steps_of(whole(facts_of(*BY_TOUCHPOINT[: MANY - 1])), "map", "s", {}) == [], "too few quotes"
    alone = [said("a", n / 10, touchpoint) for n, touchpoint in enumerate(["form", "chat"] * 4)]
    assert steps_of(whole(facts_of(*alone)), "map", "s", {}) == [], "one person's story"
    one = [said(who, 0.5, "form") for who in "abcdefgh"]
    assert steps_of(whole(facts_of(*one)), "map", "s", {}) == [], "a single step divides nothing"
    assert steps_of(whole({**facts_of(*one), "doing": {"quote": []}}), "map", "gone", {}) == []


def test_a_part_of_a_map_has_the_steps_of_its_people_under_the_same_ids():
    acts = [said(who, at, name) for who in "abc" for at, name in ((0.2, "form"), (0.4, "call"), (0.6, "chat"))]
    facts = facts_of(*acts)
    steps = steps_of(whole(facts), "map", "s", {})
    part = whole(facts, ("a", "b"))
    left = steps_of(part, "map", "s", {})
    assert [s["id"] for s in left] == [s["id"] for s in steps]
    assert {(s["participants"], s["of_participants"]) for s in left} == {(2, 2)}
    assert step_within(part, "map", "s", steps[1]) == left[1]
    assert step_within(whole(facts, ("a",)), "map", "s", steps[1]) is None


def test_a_whole_map_keeps_of_each_step_where_it_stands_and_what_it_rests_on():
    facts = facts_of(*BY_TOUCHPOINT)
    document, kept = divided({"themes": [], "stages": [{"id": "s"}, {"id": "none"}]}, facts, "map")
    form = document["stages"][0]["steps"][0]
    assert document["stages"][1]["steps"] == []
    assert kept["statements"][form["id"]]["at"] == [0, "steps", 0]
    assert kept["statements"][form["id"]]["supports"] == [2, 3]


def test_a_step_is_not_named_with_one_persons_words():
    acts = [said(who, at, theme=theme) for theme, at in (("t2", 0.7), ("t1", 0.2)) for who in "abc"]
    facts = {**facts_of(*acts), "voiced": {"t1": {"by": [0], "topic": "code"}}}
    document = {"themes": [{"id": t, "label": label} for t, label in THEMES.items()], "stages": [{"id": "s"}]}
    assert names(with_steps(document, whole(facts), "map")["stages"][0]["steps"]) == ["Code", "Rang twice"]


def test_a_theme_named_with_words_of_somebody_who_is_left_out_goes_by_its_topic():
    acts = [said("a", 0.1, theme="t1"), said("b", 0.2, theme="t1"), said("c", 0.2, theme="t2")]
    facts = facts_of(*acts)
    texts = {"q0": "Well, the code never came, did it.", "q1": "I waited for it.", "q2": "Phoned them."}
    facts["voiced"] = voices_of({t: (label, "topic") for t, label in THEMES.items()}, facts, texts)
    assert facts["voiced"] == {"t1": {"by": [0], "topic": "topic"}}, "nobody said the label of the other"
    document = {"themes": [{"id": t, "label": label} for t, label in THEMES.items()]}
    part = renamed(document, topics_of(whole(facts, ("b", "c"))))
    assert [theme["label"] for theme in part["themes"]] == ["topic", "rang twice"]
    assert renamed(document, topics_of(whole(facts, ("a",)))) == document
