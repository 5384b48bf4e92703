import numpy as np
import pytest

from app.domain.tags import Experience
from app.stages.path import Told, delightful, feelings, painful, spoken, strongest, walk
from app.stages.personas import FEWEST_PEOPLE, Profile, Trait, contrast, profile_of, propose_groups

PAIN, DELIGHT, NEUTRAL = Experience.PAIN, Experience.DELIGHT, Experience.NEUTRAL


def theme(key, felt="pain"):
    return Trait("theme", key, felt)


def person(n, *traits):
    return Profile(f"p{n:03}", {trait: (f"q{n}-{trait.kind}-{trait.key}",) for trait in traits})


def by_chance(people, themes, seed):
    """People who differ in how much they say, themes in how usual they are, and nothing else."""
    luck = np.random.default_rng(seed)
    says = luck.random((people, themes)) < np.outer(luck.uniform(0.2, 1.0, people), luck.uniform(0.05, 0.7, themes))
    felt = [str(luck.choice(["pain", "delight"], p=[0.7, 0.3])) for _ in range(themes)]
    return [person(n, *(theme(f"t{m:02}", felt[m]) for m in range(themes) if says[n, m])) for n in range(people)]


def planted(people, groups, noise=0.15, seed=0):
    """Groups (rows, themes) in a crowd that says the same and more by chance."""
    luck = np.random.default_rng(seed)
    common = [f"t{m:02}" for m in range(12)]
    return [
        person(
            n, *(theme(key) for key in common if luck.random() < noise), *(theme(key) for rows, own in groups if n in rows for key in own)
        )
        for n in range(people)
    ]


@pytest.mark.parametrize(("people", "themes"), [(4, 10), (6, 16), (12, 24)])
def test_random_profiles_mostly_hold_no_group(people, themes):
    told = [seed for seed in range(40) if propose_groups(by_chance(people, themes, seed))]
    assert len(told) <= 4, told


def test_two_kinds_of_people_are_found_with_what_sets_them_apart():
    profiles = planted(
        12, [((0, 1, 2, 3), ("fees", "queue", "forms", "waits")), ((6, 7, 8, 9), ("speed", "colour", "gifts", "tone"))], seed=1
    )
    groups = propose_groups(profiles)
    assert {group.participant_ids for group in groups} == {("p000", "p001", "p002", "p003"), ("p006", "p007", "p008", "p009")}
    for group in groups:
        own = {"fees", "queue", "forms", "waits"} if "p000" in group.participant_ids else {"speed", "colour", "gifts", "tone"}
        assert own <= {s.trait.key for s in group.shared if s.trait.kind == "theme"}
        first = next(s for s in group.shared if s.trait.key in own)
        assert (first.contrast.inside, first.contrast.of_inside, first.contrast.elsewhere, first.contrast.of_elsewhere) == (4, 4, 0, 8)
        assert len(first.quote_ids) == 4


def test_four_people_can_fall_into_two_pairs_and_no_more():
    profiles = planted(4, [((0, 1), "abcde"), ((2, 3), "fghij")], noise=0)
    assert {group.participant_ids for group in propose_groups(profiles)} == {("p000", "p001"), ("p002", "p003")}


def test_fewer_than_four_people_are_never_grouped():
    profiles = planted(FEWEST_PEOPLE - 1, [((0, 1), "abcdefgh")], noise=0)
    assert propose_groups(profiles) == ()


def test_silent_people_do_not_make_up_the_number():
    profiles = [*planted(3, [((0, 1), "abcdefgh")], noise=0), Profile("p900", {}), Profile("p901", {})]
    assert propose_groups(profiles) == ()


def test_one_shared_theme_makes_no_group():
    assert propose_groups(planted(10, [((0, 1, 2, 3), "a")], noise=0.1)) == ()


def test_what_everybody_says_sets_nobody_apart():
    assert propose_groups([person(n, theme("a"), theme("b"), theme("c")) for n in range(8)]) == ()


def test_the_same_theme_felt_the_other_way_is_not_shared():
    keys = "abcde"
    apart = [person(n, *(theme(k, "pain" if n < 2 else "delight") for k in keys)) for n in range(4)]
    assert {group.participant_ids for group in propose_groups(apart)} == {("p000", "p001"), ("p002", "p003")}


def test_neither_the_order_of_people_nor_a_second_look_changes_the_groups():
    profiles = planted(12, [((0, 1, 2, 3), "abcd"), ((6, 7, 8, 9), "wxyz")], seed=3)
    assert propose_groups(profiles) == propose_groups(profiles[::-1]) == propose_groups(profiles)
    assert propose_groups(profiles)


def test_stages_and_touchpoints_are_told_of_a_group_but_make_none():
    where = Trait("touchpoint", "support line", "pain")
    with_place = [
        Profile(p.participant_id, {**p.traits, where: ("q",)} if n < 2 else p.traits)
        for n, p in enumerate(planted(4, [((0, 1), "abcde"), ((2, 3), "fghij")], noise=0))
    ]
    found = next(g for g in propose_groups(with_place) if "p000" in g.participant_ids)
    assert [s.trait.kind for s in found.shared] == ["theme"] * 5 + ["touchpoint"]
    assert (
        propose_groups([Profile(f"p{n}", {Trait("stage", k, "pain"): ("q",) for k in ("abcde" if n < 2 else "fghij")}) for n in range(4)])
        == ()
    )


def told(n, stage="s1", felt=NEUTRAL, valence=0, **more):
    return Told(f"q{n}", more.pop("who", "p1"), stage, felt, valence, more.pop("confidence", 0.8), **more)


def test_a_profile_counts_a_theme_once_and_by_what_was_mostly_felt():
    sayings = [
        told(1, felt=PAIN, valence=-1, theme_id="t"),
        told(2, felt=PAIN, valence=-2, theme_id="t"),
        told(3, felt=DELIGHT, valence=1, theme_id="t"),
    ]
    profile = profile_of("p1", sayings)
    assert profile.traits == {theme("t"): ("q2", "q1"), Trait("stage", "s1", "pain"): ("q2", "q1")}


def test_a_profile_holds_plainly_told_themes_but_no_plainly_told_stage():
    assert profile_of("p1", [told(1, theme_id="t", touchpoint="desk")]).traits == {theme("t", "neutral"): ("q1",)}
    assert profile_of("p1", [Told("q1", "p1")]).traits == {}


def test_what_more_members_have_than_others_comes_first_and_says_both_shares():
    everyone = set("abcdefghi")
    holders = {"theirs": set("abc") | {"e"}, "everybody's": everyone, "others'": set("efgh"), "one's": {"a"}}
    (found,) = contrast(holders, set("abcd"), everyone)
    assert (found.key, found.inside, found.of_inside, found.elsewhere, found.of_elsewhere) == ("theirs", 3, 4, 1, 5)


def test_what_one_alone_has_counts_only_where_there_is_but_one_member():
    holders = {"x": {"a"}}
    assert contrast(holders, {"a", "b"}, set("abcd")) == ()
    assert [c.inside for c in contrast(holders, {"a"}, set("abcd"))] == [1]


def test_without_others_nothing_is_theirs():
    assert contrast({"x": {"a", "b"}}, {"a", "b"}, {"a", "b"}) == ()
    assert contrast({"x": {"a", "b"}}, set(), {"a", "b"}) == ()


def test_a_path_has_the_order_of_the_journey_and_the_order_of_telling():
    steps = walk(["s1", "s2", "s3"], [told(1, "s3"), told(2, "s1"), told(3, "s3"), told(4, None)])
    assert [(s.stage_id, s.place, s.quotes) for s in steps] == [("s1", 2, 1), ("s2", None, 0), ("s3", 1, 2)]
    assert [s.stage_id for s in spoken(steps)] == ["s3", "s1"]
    assert steps[2].first == "q1"


def test_a_step_tells_the_strongest_of_what_they_did_and_felt_in_two_quotes():
    here = [told(1, felt=PAIN, valence=-2, action=True), told(2, felt=PAIN, valence=-1, action=True), told(3, felt=DELIGHT, valence=1)]
    (step,) = walk(["s1"], here)
    assert (step.felt, step.did, step.pains, step.delights) == ("q1", "q2", 2, 1)
    assert step.score == pytest.approx(-0.667)
    (plain,) = walk(["s1"], [told(1)])
    assert (plain.felt, plain.did, plain.score) == (None, None, 0)


def test_the_strongest_quote_is_felt_most_and_told_surest_and_untagged_ones_are_none():
    sayings = [
        told(1, felt=PAIN, valence=-1, confidence=0.9),
        told(2, felt=PAIN, valence=-2, confidence=0.2),
        told(3, felt=DELIGHT, valence=2),
        Told("q4", "p1"),
    ]
    assert strongest(sayings) == ("q3", "q2", "q1")
    assert strongest(sayings, painful) == ("q2", "q1")
    assert strongest(sayings, delightful) == ("q3",)


def test_feelings_count_people_and_not_quotes():
    sayings = [*(told(n, felt=PAIN, valence=-2) for n in range(9)), told(10, felt=DELIGHT, valence=2, who="p2")]
    assert feelings(["s1", "s2"], sayings)["s1"].score == 0
    assert feelings(["s1", "s2"], sayings).keys() == {"s1"}
