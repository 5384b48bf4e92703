from datetime import UTC, datetime, timedelta

import pytest

from app.domain.action_words import tell
from app.domain.actions import Change, actions_of, decisions_of, resting_on
from app.domain.themes import CodeBook, Mark, Placement, Theme, fold_placements, fold_theme

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def book(**entries):
    return CodeBook(1, {key: fold_theme(Theme(key, key.title()), values) for key, values in entries.items()})


def test_a_later_layer_wins_field_by_field_and_unknown_fields_are_passed_over():
    told = fold_theme(Theme("a", "Cluster 1", definition="d"), {"label": "Waiting", "colour": "red"}, {"mark": "key", "label": "Hold"})
    assert (told.label, told.definition, told.mark) == ("Hold", "d", Mark.KEY)


def test_merges_are_followed_to_the_last_entry_and_end_where_it_was_taken_out():
    found = book(a={"merged_into": "b"}, b={"merged_into": "c"}, c={}, d={"merged_into": "e"}, e={"removed": True})
    assert [found.standing(key) for key in ("a", "b", "c", "d", "e", "x")] == ["c", "c", "c", None, None, None]
    assert [t.id for t in found.open()] == ["c"]


@pytest.mark.parametrize(
    ("entries", "parents"),
    [
        ({"a": {}, "b": {"parent_id": "a"}}, {"a": None, "b": "a"}),
        ({"a": {}, "b": {"parent_id": "a"}, "c": {"parent_id": "b"}}, {"a": None, "b": "a", "c": "a"}),
        ({"a": {"removed": True}, "b": {"parent_id": "a"}}, {"b": None}),
        ({"a": {"merged_into": "c"}, "b": {"parent_id": "a"}, "c": {}}, {"b": "c", "c": None}),
        ({"a": {"merged_into": "b"}, "b": {"parent_id": "a"}}, {"b": None}),
        ({"a": {"parent_id": "b"}, "b": {"parent_id": "a"}, "c": {"parent_id": "b"}}, {"a": None, "b": "a", "c": "a"}),
        ({"a": {"parent_id": "gone"}}, {"a": None}),
    ],
)
def test_there_are_two_levels_however_entries_were_put_into_each_other(entries, parents):
    found = book(**entries)
    assert {key: found.parent(key) for key in parents} == parents
    assert all(found.root(key) == (above or key) for key, above in parents.items())


def test_where_people_place_a_quote_outweighs_a_run_and_follows_merges():
    found = {q: Placement(t, 0.5) for q, t in {"q1": "a", "q2": "b", "q3": "b", "q4": "gone", "q5": "d"}.items()}
    placed = fold_placements(found, {"q1": "c", "q2": None, "q6": "a"}, book(a={"merged_into": "b"}, b={}, c={}, d={"removed": True}))
    assert {q: (p.theme_id, p.source) for q, p in placed.items()} == {"q1": ("c", "human"), "q3": ("b", "offline"), "q6": ("b", "human")}


def test_what_a_run_placed_in_a_merged_theme_is_where_that_was_merged_into():
    placed = fold_placements({"q": Placement("a", 0.5, "llm", (("b", 0.4),))}, {}, book(a={"merged_into": "b"}, b={}))
    assert (placed["q"].theme_id, placed["q"].source) == ("b", "llm")


def action(key, *changes, at=NOON, actor="ann"):
    return actions_of(decisions_of(key, changes, actor, at))[0]


def called(theme_id, _at, before):
    return f"old {theme_id}" if before else f"theme {theme_id}"


@pytest.mark.parametrize(
    ("changes", "kind", "text"),
    [
        ([Change.theme("a", "label", "x")], "edit", "Ann renamed “old a” to “theme a”"),
        (
            [Change.theme("a", "mark", "noise"), Change.theme("a", "pinned", True)],
            "edit",
            "Ann marked “theme a” as noise, pinned “theme a”",
        ),
        ([Change.theme("a", "mark", None)], "edit", "Ann took the mark off “theme a”"),
        ([Change.theme("a", "parent_id", "b")], "edit", "Ann put “theme a” inside “theme b”"),
        ([Change.theme("a", "parent_id", None)], "edit", "Ann put “theme a” beside the outermost themes"),
        (
            [Change.theme("a", "definition", "x"), Change.theme("a", "use_when", "y")],
            "edit",
            "Ann rewrote “theme a” (definition, use when)",
        ),
        ([Change.theme("a", "merged_into", "b")], "merge", "Ann merged “theme a” into “theme b”"),
        ([Change.theme("a", "removed", True), Change.place("q", None)], "remove", "Ann took out “theme a”"),
        ([Change.theme("a", "removed", False)], "add", "Ann added “theme a”"),
        ([Change.theme("a", "removed", False), Change.place("q", "a")], "add", "Ann added “theme a” with 1 quote"),
        (
            [Change.theme("a", "split_into", ["b", "c"]), Change.theme("b", "removed", False)],
            "split",
            "Ann split “theme a” into “theme b” and “theme c”",
        ),
        ([Change.theme("a", "split_into", ["b"]), Change.theme("b", "removed", False)], "split", "Ann split “theme b” off “theme a”"),
        ([Change.place("q", "a"), Change.place("r", "a")], "move", "Ann moved 2 quotes to “theme a”"),
        ([Change.place("q", None)], "move", "Ann moved 1 quote out of all themes"),
        ([Change("proposal", "p", "verdict", "rejected")], "reject", "Ann rejected the proposal to merge “theme a” and “theme b”"),
        ([Change("proposal", "other", "verdict", "accepted")], "accept", "Ann accepted the proposal of a run"),
    ],
)
def test_an_action_is_told_in_plain_words(changes, kind, text):
    made = action("1", *changes)
    assert (made.kind, tell(made, called, {"p": ("merge", ["a", "b"])})) == (kind, text)


def test_decisions_of_one_action_are_found_together_in_their_order_and_actions_newest_first():
    many = decisions_of("one", [Change.theme("a", "removed", False), *(Change.place(f"q{n}", "a") for n in range(12))], "ann", NOON)
    other = decisions_of("two", [Change.theme("b", "pinned", True)], "bob", NOON + timedelta(seconds=1))
    found = actions_of([*reversed(many), *other])
    assert [a.id for a in found] == ["two", "one"]
    assert found[1].decisions == tuple(many)
    assert found[1].theme_ids == ("a",)


def test_one_decision_is_taken_back_alone_unless_that_would_leave_half_an_action():
    split = action("1", Change.theme("a", "split_into", ["b"]), Change.theme("b", "removed", False), Change.place("q", "b"))
    assert split.with_(split.decisions[0]) == split.with_(split.decisions[1]) == split.decisions
    assert split.with_(split.decisions[2]) == split.decisions[2:]


def test_an_entry_that_something_rests_on_cannot_be_unmade():
    made = action("1", Change.theme("a", "removed", False), Change.place("q", "a"))
    moved = action("2", Change.place("r", "a"))
    assert resting_on(made, made.decisions, [moved, made]) == moved
    assert resting_on(made, made.decisions[1:], [moved, made]) is None
    renamed = action("3", Change.theme("a", "label", "x"))
    assert resting_on(made, made.decisions, [renamed, moved, made]) == renamed
    assert resting_on(made, made.decisions, [action("4", Change.place("r", "b")), made]) is None
