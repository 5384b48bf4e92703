import numpy as np
import pytest

from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.stages.portrait import Member, most_central, most_diverse, portray, summarize

TEXT = "I waited on hold for an hour and nobody ever came."


def tags(experience="pain", stage="support", channel="phone", emotion="frustration"):
    return Tags(stage, Channel(channel), None, Kind.ACTION, Emotion(emotion), 2, Experience(experience), None, 0.9)


def member(name, person="a", text=TEXT, strength=0.5, told=None, **more):
    return Member(name, person, text, told or tags(), strength, **more)


def portrait(members, **more):
    return portray("t", members, of_quotes=10, of_participants=4, **more)


def test_people_and_quotes_are_counted_by_stage_persona_and_channel():
    seen = portrait(
        [
            member("1", "a", persona_ids=("x",)),
            member("2", "a", persona_ids=("x",)),
            member("3", "b", told=tags(stage="use", channel="none"), own=False),
        ]
    )
    assert (seen.quotes, seen.own_quotes, seen.participants, seen.of_participants, seen.share) == (3, 2, 2, 4, 0.3)
    assert [(t.key, t.quotes, t.participants) for t in seen.stages] == [("support", 2, 1), ("use", 1, 1)]
    assert [(t.key, t.quotes, t.participants) for t in seen.personas] == [("x", 2, 1), ("", 1, 1)]
    assert [(t.key, t.quotes) for t in seen.channels] == [("phone", 2)]


def test_small_talk_counts_in_no_stage():
    assert portrait([member("1", told=tags(stage="none"))]).stages == ()


def test_one_talkative_person_does_not_bend_the_mean():
    happy = tags("delight", emotion="delight")
    seen = portrait([member(str(i), "a") for i in range(9)] + [member("x", "b", told=happy)])
    assert seen.mean_valence == pytest.approx((-1 + 2) / 2)


def test_a_theme_of_one_person_is_marked():
    assert portrait([member("1", "a"), member("2", "a")]).single_participant
    assert not portrait([member("1", "a"), member("2", "b")]).single_participant


@pytest.mark.parametrize(
    ("felt", "leaning"),
    [
        (["pain", "pain", "delight"], "pain"),
        (["delight", "delight", "delight", "pain"], "delight"),
        (["pain", "delight"], "mixed"),
        (["neutral", "neutral", "pain"], "neutral"),
        ([], "neutral"),
    ],
)
def test_a_theme_leans_where_most_of_its_quotes_do(felt, leaning):
    assert portrait([member(str(i), told=tags(e)) for i, e in enumerate(felt)]).leaning == leaning


def test_contrary_quotes_feel_the_opposite_of_most_and_a_mixed_theme_has_none():
    pains = [member(str(i)) for i in range(3)]
    assert portrait([*pains, member("good", told=tags("delight", emotion="relief"))]).contrary == ("good",)
    assert portrait([pains[0], member("good", told=tags("delight", emotion="relief"))]).contrary == ()


def test_the_first_central_quotes_are_of_different_people_and_no_scraps():
    members = [
        member("scrap", "c", "No.", 0.99),
        member("a1", "a", strength=0.9),
        member("a2", "a", strength=0.8),
        member("b1", "b", strength=0.3),
    ]
    assert most_central(members) == ("a1", "b1", "scrap", "a2")


def test_vectors_say_what_is_central_where_there_are_any():
    rows = {"edge": np.array([0, 1], np.float32), "x": np.array([1, 0], np.float32), "y": np.array([0.8, 0.6], np.float32)}
    members = [member("edge", "a", strength=0.9), member("x", "b"), member("y", "c")]
    assert most_central(members, rows)[0] == "y"
    assert most_central(members, {})[0] == "edge"


def test_diverse_quotes_start_in_the_middle_and_go_farthest():
    angles = {"mid": 0.0, "near": 0.1, "left": 1.2, "right": -1.2, "far left": 1.15, "far right": -1.15, "between": 0.6}
    rows = {k: np.array([np.cos(v), np.sin(v)], np.float32) for k, v in angles.items()}
    found = most_diverse([member(k, k) for k in angles], rows, most=4)
    assert set(found[1:3]) == {"left", "right"}
    assert found[0] in {"mid", "near"}
    assert found[3] == "between"


def test_without_vectors_diverse_quotes_are_of_other_people_and_stages():
    members = [member("1", "a", strength=0.9), member("2", "a", strength=0.8), member("3", "b", strength=0.1)]
    assert most_diverse(members)[:2] == ("1", "3")


def test_equal_quotes_are_each_chosen_once():
    rows = {str(i): np.array([1, 0], np.float32) for i in range(4)}
    assert sorted(most_diverse([member(str(i), str(i)) for i in range(4)], rows)) == ["0", "1", "2", "3"]


def test_the_order_of_members_changes_nothing():
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(12, 6))
    rows = {str(i): (r / np.linalg.norm(r)).astype(np.float32) for i, r in enumerate(raw)}
    members = [member(str(i), f"p{i % 3}", strength=float(raw[i, 0])) for i in range(12)]
    assert portrait(members, vectors=rows) == portrait(members[::-1], vectors=rows)


def test_a_theme_without_quotes_has_a_portrait_too():
    seen = portrait([])
    assert (seen.quotes, seen.mean_valence, seen.central, seen.diverse) == (0, None, (), ())


def test_a_summary_is_two_peoples_own_words():
    members = [
        member("1", "a", "Yeah. I never got the verification email at all."),
        member("2", "a", "The verification email sat in spam."),
        member("3", "b", "I rang twice and nobody answered the phone."),
    ]
    told = summarize(members, {"a": "P1", "b": "P2"}, ["verification email"])
    assert told == "“I never got the verification email at all.” (P1). “I rang twice and nobody answered the phone.” (P2)."


def test_a_summary_leaves_contrary_voices_to_their_own_place():
    good = tags("delight", emotion="delight")
    members = [
        member("g", "c", "I love the email, it never failed me once.", told=good),
        member("1", "a"),
        member("2", "b"),
        member("3", "d"),
    ]
    assert "love" not in summarize(members, {}, ["email"])


def test_what_is_cut_off_in_a_summary_shows():
    told = summarize(
        [member("1", "a", "I rang the office, " + "and then another long thing happened to me, " * 6 + "and that was that.")], {}
    )
    assert told.startswith("“")
    assert "…”" in told
    assert len(told.split()) < 26


def test_nobody_no_summary():
    assert summarize([], {}) == ""
