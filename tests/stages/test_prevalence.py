from dataclasses import replace

import pytest

from app.stages.prevalence import Interview, Mention, saturation, saturation_ratio, spread_of


def interviews(*themes):
    return [Interview(f"i{n}", frozenset(held)) for n, held in enumerate(themes)]


def test_a_theme_counts_as_new_in_the_first_interview_in_which_it_occurs():
    seen = saturation(interviews("ab", "bc", "a", "d"))
    assert [a.new for a in seen.interviews] == [("a", "b"), ("c",), (), ("d",)]
    assert [a.seen for a in seen.interviews] == [2, 3, 3, 4]
    assert [a.themes for a in seen.interviews] == [2, 2, 1, 1]
    assert seen.themes == 4


def test_quiet_interviews_are_counted_from_the_end():
    seen = saturation(interviews("ab", "c", "a", "b", "c"))
    assert (seen.run_without_new, seen.quiet_in_last, seen.new_in_last) == (3, 3, 0)
    assert saturation(interviews("ab", "a", "c")).run_without_new == 0


def test_the_smooth_line_is_the_same_whatever_the_files_are_called_first():
    given = interviews("ab", "bc", "a", "d")
    assert saturation(given).band == saturation(given[::-1]).band


def test_the_smooth_line_ends_where_all_themes_are_seen_and_starts_at_the_mean_of_one():
    band = saturation(interviews("abcd", "ab", "", "a"), orders=2000).band
    assert band[-1].mean == band[-1].low == band[-1].high == 4
    assert band[0].mean == pytest.approx((4 + 2 + 0 + 1) / 4, abs=0.15)
    assert all(point.low <= point.mean <= point.high for point in band)


def test_the_ratio_compares_each_run_with_the_base():
    ratio = saturation_ratio(interviews("abcd", "efgh", "ijkl", "mnop", "q", "a", "b", "c"))
    assert (ratio.base_themes, ratio.base_size, ratio.run_length) == (16, 4, 2)
    assert [(r.first, r.last, r.new) for r in ratio.runs] == [(5, 6, 1), (6, 7, 0), (7, 8, 0)]
    assert ratio.runs[0].ratio == pytest.approx(1 / 16)
    assert ratio.reached_after == 5


def test_a_ratio_at_the_threshold_is_saturation():
    twenty = interviews("abcde", "fghij", "klmno", "pqrst", "u", "a")
    assert saturation_ratio(twenty).reached_after == 4
    assert saturation_ratio(twenty, threshold=0.0).reached_after is None


def test_too_few_interviews_have_no_ratio():
    assert saturation_ratio(interviews("a", "b", "c", "d", "e")) is None


@pytest.mark.parametrize("given", [[], interviews(""), interviews("", "")])
def test_without_themes_nothing_is_claimed(given):
    seen = saturation(given)
    assert seen.themes == 0
    assert seen.reading == "There are no themes yet."
    assert seen.ratio is None


def test_the_reading_says_how_many_of_the_last_interviews_added_none_and_what_it_cannot_say():
    told = saturation(interviews("ab", "cd", "e", "f", "a", "b", "g")).reading
    assert told.startswith("Two of the last three interviews added no theme; together they added one theme.")
    assert "Guest et al." in told
    assert "drawn from all interviews together" in told
    assert saturation(interviews("a")).reading == "One interview says nothing about saturation."
    assert saturation(interviews("a", "b")).reading.startswith("Two interviews are too few")


def test_themes_spread_over_personas_stages_and_interviews():
    said = [
        Mention(("t", "root"), "i1", "a", "use", ("x", "y")),
        Mention(("t", "root"), "i1", "a", "use", ("x", "y")),
        Mention(("t", "root"), "i3", "b", "support", ("x",)),
        Mention(("root",), "i2", "c", None, ("",)),
    ]
    spreads = spread_of(["root", "t", "empty"], said, ["x", "y", ""], ["use", "support"], ["i1", "i2", "i3"])
    inner, outer = spreads["t"], spreads["root"]
    assert (inner.quotes, inner.participants) == (3, 2)
    assert inner.by_persona == ((3, 2), (2, 1), (0, 0))
    assert inner.by_stage == ((2, 1), (1, 1))
    assert inner.by_interview == ((2, 1), (0, 1), (1, 2))
    assert (outer.quotes, outer.by_persona[2]) == (4, (1, 1))
    assert spreads["empty"].by_interview == ((0, 0), (0, 0), (0, 0))


def test_where_much_of_the_last_interview_has_no_theme_nothing_is_read_from_themes():
    seen = [Interview(str(n), frozenset({"a", "b"}), quotes=20, unplaced=2) for n in range(8)]
    assert "reached after" in saturation(seen).reading
    odd = [*seen[:-1], replace(seen[-1], unplaced=12)]
    assert "60 % of the quotes are in no theme" in saturation(odd).reading
    assert "reached" not in saturation(odd).reading
