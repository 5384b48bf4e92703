import pytest

from app.stages.coverage import INTERVIEWER, Stretch, cover_talk


def talk(*pieces, width=10):
    """Stretches of `width` code points one after the other, with a blank between two."""
    return [
        Stretch(i * width, (i + 1) * width - 1, i, state, 0 if state == INTERVIEWER else sentences, reason, f"p{i}")
        for i, (state, sentences, reason) in enumerate((*piece, *(1, None)[len(piece) - 1 :]) for piece in pieces)
    ]


def test_the_four_states_add_up_and_what_others_say_counts_for_nothing():
    told = cover_talk(
        talk((INTERVIEWER,), ("used", 3), ("skipped", 1, "filler"), ("unplaced", 2), ("gap", 4), ("skipped", 1, "filler")), 60
    )
    assert (told.used, told.unplaced, told.gap, told.skipped) == (3, 2, 4, 2)
    assert told.sentences == 11
    assert told.reasons == {"filler": 2}
    assert sum(told.characters.values()) == told.length == 60


def test_skipped_sentences_are_counted_by_reason_the_most_usual_first():
    told = cover_talk(talk(("skipped", 1, "small_talk"), ("skipped", 1, "filler"), ("skipped", 1, "filler")), 30)
    assert list(told.reasons.items()) == [("filler", 2), ("small_talk", 1)]


def test_segments_follow_on_each_other_from_the_first_word_to_the_last():
    told = cover_talk(talk((INTERVIEWER,), ("used",), ("used",), ("gap",)), 40)
    assert [(s.start, s.end, s.state) for s in told.segments] == [(0, 10, INTERVIEWER), (10, 30, "used"), (30, 40, "gap")]


def test_a_segment_leads_to_the_first_of_what_it_joins():
    told = cover_talk(talk((INTERVIEWER,), ("used",), ("used",)), 30)
    assert [(s.place, s.turn) for s in told.segments] == [("p0", 0), ("p1", 1)]


def test_stretches_may_come_in_any_order():
    pieces = talk(("used",), ("gap",), (INTERVIEWER,), ("skipped", 1, "filler"))
    assert cover_talk(pieces[::-1], 40) == cover_talk(pieces, 40)


def test_a_long_talk_is_drawn_in_few_parts_and_still_counted_exactly():
    states = ("used", INTERVIEWER, "unplaced", "gap", "skipped")
    pieces = [(states[i % 5], 1) for i in range(3000)]
    told = cover_talk(talk(*pieces), 30_000, most=50)
    assert len(told.segments) <= 50
    assert (told.segments[0].start, told.segments[-1].end) == (0, 30_000)
    assert all(a.end == b.start and a.state != b.state for a, b in zip(told.segments, told.segments[1:], strict=False))
    assert (told.used, told.unplaced, told.gap, told.skipped) == (600, 600, 600, 600)


def test_each_part_of_a_long_talk_has_the_state_that_most_of_it_has():
    pieces = [("used",) if i % 3 else (INTERVIEWER,) for i in range(300)] + [("gap",) if i % 3 else (INTERVIEWER,) for i in range(300)]
    told = cover_talk(talk(*pieces), 6000, most=100)
    assert [s.state for s in told.segments] == ["used", "gap"]
    assert told.segments[1].start == 3000


@pytest.mark.parametrize("most", [1, 7, 200])
def test_a_talk_shorter_than_its_parts_is_still_drawn_whole(most):
    told = cover_talk([Stretch(0, 1, 0, "used", 1), Stretch(1, 2, 0, "gap", 1), Stretch(2, 3, 0, "used", 1)], 3, most=most)
    assert (told.segments[0].start, told.segments[-1].end) == (0, 3)
    assert len(told.segments) <= most


def test_a_talk_in_which_nobody_is_quoted_is_drawn_as_what_others_say():
    told = cover_talk(talk((INTERVIEWER,), (INTERVIEWER,)), 20)
    assert (told.sentences, [s.state for s in told.segments]) == (0, [INTERVIEWER])
