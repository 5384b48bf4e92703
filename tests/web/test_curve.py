import re
import xml.etree.ElementTree as ET

import pytest

from app.exports.curve import HEIGHT, curve_axis, emotion_curve, mood, paired_curve, signed


def stage(key, score=None, spread=0.5, title=None):
    emotion = None if score is None else {"score": score, "spread": spread, "participants": 3, "quotes": 8, "contrary": 0, "evidence": []}
    return {"id": key, "title": title or key.title(), "emotion": emotion}


def draw(*stages, of=5):
    return str(emotion_curve(stages, of, lambda stage_id: f"/map?stage={stage_id}&curve=1"))


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def rings(svg):
    found = [e for e in parsed(svg).iter() if e.get("class") == "station-ring"]
    return [(e.get("cx"), float(e.get("cy"))) for e in found]


def test_each_point_stands_over_the_middle_of_its_column():
    assert [x for x, _ in rings(draw(stage("a", 1), stage("b", -1), stage("c", 0), stage("d", 2)))] == [
        "12.500%",
        "37.500%",
        "62.500%",
        "87.500%",
    ]


def test_a_better_score_stands_higher_and_none_leaves_the_drawing():
    heights = [y for _, y in rings(draw(stage("a", 2), stage("b", 0.1), stage("c", -2), stage("d", 9)))]
    assert heights[0] < heights[1] < heights[2] < HEIGHT
    assert heights[3] == heights[0]


def test_every_point_is_a_link_that_says_its_stage_score_and_people():
    svg = draw(stage("a", -0.84, title="Support"))
    link = next(e for e in parsed(svg).iter() if e.tag == "a")
    assert link.get("href") == "/map?stage=a&curve=1"
    assert link.get("aria-label") == "Support: −0.8, low, spread 0.5; 3 of 5 participants, 8 quotes. Open the quotes"


def test_the_drawing_has_a_title_and_a_description_of_all_points():
    svg = parsed(draw(stage("a", 1), stage("b"), stage("c", -1)))
    names = {e.get("id"): e.text for e in svg if e.get("id")}
    assert set(svg.get("aria-labelledby").split()) == set(names)
    assert "A: +1.0" in names["curve-desc"]
    assert "C: −1.0" in names["curve-desc"]


def test_a_stage_without_evidence_keeps_its_place_and_the_line_leaps_over_it_dashed():
    svg = draw(stage("a", 1), stage("b"), stage("c", -1))
    assert [x for x, _ in rings(svg)] == ["16.667%", "83.333%"]
    assert svg.count("no evidence") == 1
    assert svg.count('class="curve-leap"') == 1
    assert svg.count('class="curve-line"') == 2


def test_neighbouring_stages_share_one_line():
    svg = draw(stage("a", 1), stage("b", 0), stage("c", -1))
    assert svg.count('class="curve-line"') == 1
    assert "curve-leap" not in svg


def test_more_disagreement_draws_a_wider_band():
    def reach(spread):
        path = re.search(r'class="curve-band" d="([^"]+)"', draw(stage("a", 0, spread))).group(1)
        levels = [float(y) for _, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
        return max(levels) - min(levels)

    assert reach(0) == 0 < reach(0.4) < reach(1.2)


def test_the_lowest_and_highest_point_are_named_but_not_when_all_are_alike():
    assert draw(stage("a", 1), stage("b", -1)).count("curve-note") == 2
    assert "curve-note" not in draw(stage("a", 1), stage("b", 1))


@pytest.mark.parametrize("stages", [[], [stage("a")], [stage("a"), stage("b")]])
def test_a_study_without_evidence_still_draws_a_well_formed_empty_curve(stages):
    svg = draw(*stages)
    parsed(svg)
    assert "curve-line" not in svg
    assert "No stage has evidence yet" in svg


def test_a_hostile_stage_title_stays_text():
    svg = draw(stage("a", 1, title='<script>alert("x")</script>'))
    assert "<script" not in svg
    parsed(svg)


def test_the_axis_is_well_formed_and_kept_from_screen_readers():
    assert parsed(str(curve_axis())).get("aria-hidden") == "true"


@pytest.mark.parametrize(("score", "words"), [(-0.04, "0.0"), (0.25, "+0.2"), (-1.96, "−2.0"), (0, "0.0")])
def test_scores_carry_their_sign(score, words):
    assert signed(score) == words


def test_moods_follow_the_score_upwards():
    assert [mood(s) for s in (-2, -0.8, 0, 0.8, 2)] == ["very low", "low", "even", "good", "very good"]


def line(name, *scores):
    points = [
        None if score is None else {"stage_id": key, "score": score, "participants": 1} for key, score in zip("abc", scores, strict=False)
    ]
    return {"id": name, "name": name, "participants": 2, "points": points}


def draw_apart(*lines):
    stages = [stage("a", 0.2), stage("b", -0.2), stage("c", 0.1)]
    return str(emotion_curve(stages, 5, lambda stage_id: f"/map?stage={stage_id}&curve=1", lines))


def test_lines_of_some_people_are_told_apart_by_dash_and_letter():
    svg = parsed(draw_apart(line("Baker", 1, 0, -1), line("Farmer", -1, 0, 1), line("Smith", 0, 0, 0)))
    dashes = [e.get("stroke-dasharray") for e in svg.iter() if (e.get("class") or "").startswith("curve-side")]
    assert len(dashes) == len(set(dashes)) == 3
    letters = [e for e in svg.iter() if (e.get("class") or "").startswith("curve-letter")]
    assert [e[1].text for e in letters] == list("AAABBBCCC")
    beside = {(e.get("x"), e[1].get("x")) for e in letters}
    assert len(beside) == 9  # no letter stands on another


def test_a_line_of_some_people_widens_the_scale_of_drawing_and_axis():
    far = line("Baker", -1.9, -1.9, -1.9)
    assert "very low −2" not in str(curve_axis([stage("a", 0.2)]))
    assert "very low −2" in str(curve_axis([stage("a", 0.2)], [far]))


def test_a_stage_that_some_people_never_speak_of_interrupts_their_line():
    svg = draw_apart(line("Baker", 1, None, -1))
    assert svg.count('class="curve-side') == 2
    assert "A, Baker: A +1.0, C −1.0." in svg


def test_a_lower_drawing_keeps_its_points_within_it():
    low = str(emotion_curve([stage("a", -2), stage("b", 2)], 5, str, (), 160))
    assert parsed(low).get("height") == "160"
    assert all(0 < y < 160 for _, y in rings(low))


def pair(*scores):
    stages = [
        {"id": key, "title": key.upper()}
        | {side: {"emotion": stage(key, score)["emotion"]} for side, score in (("left", one), ("right", two))}
        for key, (one, two) in zip("abc", scores, strict=False)
    ]
    return str(paired_curve(stages, ("Baker <b>", "Farmer"), lambda side, stage_id: f"/{side}/{stage_id}"))


def test_two_curves_differ_in_dash_and_in_the_shape_of_their_stations():
    svg = parsed(pair((1, -1), (0.5, None)))
    links = [e for e in svg.iter() if e.tag == "a"]
    assert [e.get("href") for e in links] == ["/0/a", "/1/a", "/0/b"]
    assert [len(list(e.iter("rect"))) for e in links] == [0, 1, 0]
    assert links[1].get("aria-label") == "Farmer, A: −1.0, low. Open the quotes"
    assert "<b>" not in pair((1, -1))


def test_of_two_points_the_higher_ones_score_stands_above_and_the_lower_ones_below():
    heights = [float(e.get("y")) for e in parsed(pair((1, -1), (-1, 1), (0, 0))).iter("text") if e.get("class") == "curve-score"]
    assert [y < 0 for y in heights] == [True, False, False, True, True, False]
