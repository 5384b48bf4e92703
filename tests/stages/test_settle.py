"""Where quotes belong when some have a place already."""

import random
from dataclasses import replace

import numpy as np
import pytest

from app.domain.themes import ClusterProposal, theme_id
from app.stages.settle import Before, settle

STUDY = "study"
A, B = "theme-a", "theme-b"


def rows(**groups):
    """Ids and features: each group lies around a corner of its own, its quotes a little apart."""
    ids, features = [], []
    for corner, (name, count) in enumerate(groups.items()):
        for n in range(count):
            ids.append(f"{name}{n}")
            features.append(np.eye(6)[corner] + 0.02 * np.eye(6)[n % 6])
    return ids, np.array(features, np.float32).reshape(len(ids), 6)


def anew(*groups, unplaced=(), children=()):
    return ClusterProposal(tuple(map(tuple, groups)), tuple(unplaced), children)


def named(letter, count):
    return tuple(f"{letter}{n}" for n in range(count))


def test_without_anything_standing_every_group_is_a_theme():
    ids, features = rows(a=4, b=3)
    settled = settle(STUDY, ids, features, anew(named("a", 4), named("b", 3)), Before())
    assert {q: p.theme_id for q, p in settled.placements.items()} == {q: theme_id(STUDY, named(q[0], 4 if q[0] == "a" else 3)) for q in ids}
    assert settled.changes == ()


def test_what_has_a_place_keeps_it_however_it_is_grouped_anew():
    ids, features = rows(a=4, b=4)
    before = Before({A: frozenset(named("a", 4)), B: frozenset(named("b", 4))}, seen=frozenset(ids))
    mixed = anew(("a0", "b0", "b1", "b2"), ("a1", "a2", "a3", "b3"))
    settled = settle(STUDY, ids, features, mixed, before)
    assert {q: p.theme_id for q, p in settled.placements.items()} == {q: A if q[0] == "a" else B for q in ids}
    assert settled.born == ()


def test_a_new_quote_joins_the_theme_it_lies_within_and_one_that_lies_near_none_has_no_place():
    ids, features = rows(a=5, b=5, c=1)
    before = Before({A: frozenset(named("a", 4)), B: frozenset(named("b", 4))}, seen=frozenset([*named("a", 4), *named("b", 4)]))
    settled = settle(STUDY, ids, features, anew(unplaced=ids), before)
    assert settled.placements["a4"].theme_id == A
    assert settled.placements["b4"].theme_id == B
    assert "c0" not in settled.placements


def test_new_quotes_that_belong_together_and_nowhere_else_form_a_theme():
    ids, features = rows(a=4, c=4)
    before = Before({A: frozenset(named("a", 4))}, seen=frozenset(named("a", 4)))
    settled = settle(STUDY, ids, features, anew(named("a", 4), named("c", 4)), before)
    assert settled.born == ((theme_id(STUDY, named("c", 4)), None, named("c", 4)),)
    assert settled.placements["c0"].theme_id == theme_id(STUDY, named("c", 4))


def test_an_old_quote_without_a_place_joins_no_theme_by_itself_but_may_be_part_of_a_new_one():
    ids, features = rows(a=5, c=3)
    before = Before({A: frozenset(named("a", 4))}, seen=frozenset([*named("a", 5), "c0"]))
    settled = settle(STUDY, ids, features, anew(named("a", 5), named("c", 3)), before)
    assert "a4" not in settled.placements
    assert settled.placements["c0"].theme_id == settled.placements["c2"].theme_id


def test_what_people_or_a_model_said_outweighs_what_stood_also_where_they_said_none():
    ids, features = rows(a=4, b=4)
    before = Before(
        {A: frozenset(named("a", 4)), B: frozenset(named("b", 4))},
        seen=frozenset(ids),
        fixed={"a0": B, "a1": None},
        sources={"a0": "human", "a1": "llm"},
    )
    settled = settle(STUDY, ids, features, anew(named("a", 4), named("b", 4)), before)
    assert (settled.placements["a0"].theme_id, settled.placements["a0"].source) == (B, "human")
    assert "a1" not in settled.placements
    assert settled.placements["a2"].source == "offline"


def test_where_a_model_drafts_themes_none_are_born_from_groups():
    ids, features = rows(a=4, c=4)
    before = Before({A: frozenset(named("a", 4))}, seen=frozenset(named("a", 4)), bears=False)
    assert settle(STUDY, ids, features, anew(named("a", 4), named("c", 4)), before).born == ()


def test_parts_of_a_new_group_become_themes_inside_it():
    ids, features = rows(a=8)
    children = ((named("a", 3), ("a3", "a4", "a5")),)
    settled = settle(STUDY, ids, features, anew(named("a", 8), children=children), Before())
    outer = theme_id(STUDY, named("a", 8))
    assert [(parent, members) for _, parent, members in settled.born] == [
        (None, ("a6", "a7")),
        (outer, named("a", 3)),
        (outer, ("a3", "a4", "a5")),
    ]
    assert settled.placements["a7"].theme_id == outer
    assert settled.placements["a0"].theme_id == theme_id(STUDY, named("a", 3))


def test_a_theme_that_falls_apart_is_proposed_to_be_split_and_two_that_are_one_to_be_merged():
    ids, features = rows(a=6, b=6, c=3, d=3)
    before = Before({A: frozenset([*named("a", 6), *named("b", 6)]), B: frozenset(named("c", 3)), "theme-d": frozenset(named("d", 3))})
    groups = anew(named("a", 6), named("b", 6), (*named("c", 3), *named("d", 3)))
    changes = settle(STUDY, ids, features, groups, before).changes
    assert [(c.kind, c.theme_ids) for c in changes] == [("split", (A,)), ("merge", (B, "theme-d"))]
    assert changes[0].groups == (named("a", 6), named("b", 6))
    shaped = Before(before.members, shaped=frozenset({A}), closed=frozenset({B}))
    assert settle(STUDY, ids, features, groups, shaped).changes == ()


def test_no_newcomer_joins_a_theme_that_is_closed():
    ids, features = rows(a=5)
    before = Before({A: frozenset(named("a", 4))}, seen=frozenset(named("a", 4)))
    assert settle(STUDY, ids, features, anew(unplaced=ids), before).placements["a4"].theme_id == A
    noise = replace(before, closed=frozenset({A}))
    assert "a4" not in settle(STUDY, ids, features, anew(unplaced=ids), noise).placements


def test_placements_name_the_next_nearest_themes():
    ids, features = rows(a=4, b=4, c=4)
    groups = [named(letter, 4) for letter in "abc"]
    settled = settle(STUDY, ids, features, anew(*groups), Before())
    placed = settled.placements["a0"]
    assert [theme for theme, _ in placed.near] == sorted((theme_id(STUDY, g) for g in groups[1:]), key=lambda t: (-dict(placed.near)[t], t))
    assert placed.strength > max(close for _, close in placed.near)


def test_a_proposed_change_says_how_alike_its_parts_are_and_which_quotes_stand_for_them():
    ids, features = rows(a=6, b=6, c=3, d=3)
    before = Before({A: frozenset([*named("a", 6), *named("b", 6)]), B: frozenset(named("c", 3)), "theme-d": frozenset(named("d", 3))})
    split, merge = settle(STUDY, ids, features, anew(named("a", 6), named("b", 6), (*named("c", 3), *named("d", 3))), before).changes
    assert split.near < 0
    assert merge.near < 0
    assert split.usual == merge.usual
    assert [set(voices) <= set(group) for voices, group in zip(split.voices, split.groups, strict=True)] == [True, True]
    near = settle(STUDY, ids, np.ones_like(features) + 0.01 * features, anew(ids), before).changes
    assert [change.kind for change in near] == []
    alike = features.copy()
    alike[15:] = alike[12:15]  # d stands where c stands
    (_, merge) = settle(STUDY, ids, alike, anew(named("a", 6), named("b", 6), (*named("c", 3), *named("d", 3))), before).changes
    assert merge.near == pytest.approx(1, abs=0.01)


def test_a_quote_without_a_place_names_the_themes_that_come_nearest_but_no_closed_one():
    ids, features = rows(a=4, b=4, c=4, d=1)
    features[-1] = 0.8 * np.eye(6)[1] + 0.2 * np.eye(6)[0] + 0.5 * np.eye(6)[5]
    standing = {A: frozenset(named("a", 4)), B: frozenset(named("b", 4)), "theme-c": frozenset(named("c", 4))}
    before = Before(standing, seen=frozenset(ids))
    settled = settle(STUDY, ids, features, anew(unplaced=ids), before)
    assert settled.loose.keys() == {"d0"}
    assert [theme for theme, _ in settled.loose["d0"]] == [B, A, "theme-c"]
    closed = settle(STUDY, ids, features, anew(unplaced=ids), replace(before, closed=frozenset({B})))
    assert [theme for theme, _ in closed.loose["d0"]] == [A, "theme-c"]


def test_a_newcomer_joins_an_entry_of_people_that_holds_one_quote_like_it_but_no_such_group():
    ids, features = rows(a=4, b=4, c=2)
    features[-1] = 0.5 * (features[-1] + features[-2])
    members = {A: frozenset(named("a", 4)), B: frozenset(named("b", 4)), "mine": frozenset({"c0"})}
    before = Before(members, seen=frozenset(ids) - {"c1"})
    assert "c1" not in settle(STUDY, ids, features, anew(unplaced=ids), before).placements
    settled = settle(STUDY, ids, features, anew(unplaced=ids), replace(before, own=frozenset({"mine"})))
    assert settled.placements["c1"].theme_id == "mine"
    closed = replace(before, own=frozenset({"mine"}), closed=frozenset({"mine"}))
    assert "c1" not in settle(STUDY, ids, features, anew(unplaced=ids), closed).placements


def test_an_entry_of_people_that_holds_few_quotes_takes_in_what_its_words_fit_best_and_moves_nothing():
    ids, features = rows(a=5, b=4)
    members = {A: frozenset(named("a", 3)), B: frozenset(named("b", 4))}
    before = Before(members, seen=frozenset(ids) - {"a3", "a4"}, own=frozenset({"mine"}), fits={"a0": "mine", "a4": "mine"})
    settled = settle(STUDY, ids, features, anew(unplaced=ids), before)
    assert {q: settled.placements[q].theme_id for q in named("a", 5)} == dict.fromkeys(named("a", 4), A) | {"a4": "mine"}
    for otherwise in (replace(before, own=frozenset()), replace(before, closed=frozenset({"mine"}))):
        assert settle(STUDY, ids, features, anew(unplaced=ids), otherwise).placements["a4"].theme_id == A


def test_an_entry_of_people_that_holds_several_quotes_is_measured_by_them_and_no_more_by_its_words():
    ids, features = rows(a=5, b=5)
    members = {A: frozenset(named("a", 4)), B: frozenset(named("b", 4))}
    before = Before(members, seen=frozenset([*named("a", 4), *named("b", 4)]), own=frozenset({B}), fits={"a4": B, "b4": B})
    settled = settle(STUDY, ids, features, anew(unplaced=ids), before)
    assert (settled.placements["a4"].theme_id, settled.placements["b4"].theme_id) == (A, B)


def test_what_fits_the_words_of_an_entry_joins_it_before_any_theme_stands():
    ids, features = rows(a=4, c=4)
    before = Before(own=frozenset({"mine"}), fits=dict.fromkeys(named("c", 4), "mine"))
    settled = settle(STUDY, ids, features, anew(named("a", 4), named("c", 4)), before)
    assert {settled.placements[q].theme_id for q in named("c", 4)} == {"mine"}
    assert [members for _, _, members in settled.born] == [named("a", 4)]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_quotes_changes_nothing(seed):
    ids, features = rows(a=7, b=6, c=5, d=1)
    before = Before({A: frozenset(named("a", 5))}, seen=frozenset(named("a", 5)), fixed={"b0": A}, sources={"b0": "human"})
    groups = anew(named("a", 7), named("b", 6), named("c", 5), unplaced=("d0",))
    order = list(range(len(ids)))
    random.Random(seed).shuffle(order)  # noqa: S311 - any order will do
    assert settle(STUDY, [ids[i] for i in order], features[order], groups, before) == settle(STUDY, ids, features, groups, before)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_few_quotes_are_no_trouble(count):
    ids, features = rows(a=count)
    groups = anew(named("a", count)) if count else anew()
    settled = settle(STUDY, ids, features, groups, Before())
    assert len(settled.placements) == count
    same = np.ones_like(features)
    assert len(settle(STUDY, ids, same, groups, Before()).placements) == count
