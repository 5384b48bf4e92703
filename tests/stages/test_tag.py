import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.domain.quote import Quote, cut_quote
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags
from app.domain.transcript import Span, Turn
from app.ports import Encoding, Example, Window, WindowQuote
from app.stages.tag import choose_examples, parse_reply, question_spans, read_reply, tag_context, windows

STAGES = stages_from(CUSTOMER_EXPERIENCE, "study")
NOTHING = Encoding(np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float16))
GOOD = {
    "n": 1,
    "s": "support",
    "c": "phone",
    "t": "support line",
    "k": "action",
    "e": "frustration2",
    "x": "pain",
    "g": "long wait",
    "p": 93,
}


def window(*quotes: tuple[str, str | None, str]) -> Window:
    numbered = tuple(WindowQuote(n, f"q{n}", text, question, who) for n, (text, question, who) in enumerate(quotes, 1))
    return Window("w", "en", "Hearing aids", "What goes wrong?", STAGES, numbered, NOTHING)


ONE = window(("Forty minutes of pan pipes.", None, "P1"))


def quotes_in(turns: int, per_turn: int = 3) -> list[Quote]:
    text = "x" * 10_000
    spans = [(turn, Span(10 * i, 10 * i + 9)) for i, turn in enumerate(t for t in range(turns) for _ in range(per_turn))]
    return [cut_quote("transcript", text, turn, "Farah", span, 1) for turn, span in spans]


@pytest.mark.parametrize("size", [1, 2, 5, 36])
def test_windows_hold_every_quote_once_in_order_and_are_never_too_large(size):
    quotes = quotes_in(40)
    cut = windows(quotes, size)
    assert [q for w in cut for q in w] == quotes
    assert max(map(len, cut)) <= size
    assert windows([], size) == ()


def test_full_windows_are_at_least_three_quarters_full():
    assert all(27 <= len(w) <= 36 for w in windows(quotes_in(80), 36)[:-1])


def test_windows_end_where_a_turn_ends():
    cut = windows(quotes_in(40), 12)
    assert all(before[-1].turn != after[0].turn for before, after in pairwise(cut))


def test_a_removed_quote_moves_only_the_windows_near_it():
    quotes = quotes_in(200)
    before = {tuple(q.id for q in w) for w in windows(quotes, 20)}
    after = {tuple(q.id for q in w) for w in windows(quotes[:7] + quotes[8:], 20)}
    assert len(before & after) >= len(before) / 2


def test_a_window_size_below_one_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        windows(quotes_in(1), 0)


def test_a_quotes_question_is_what_the_interviewer_last_said_before_its_turn():
    turns = [
        Turn(0, "Farah", 0, 9),
        Turn(1, "Int", 11, 20),
        Turn(2, "Farah", 22, 50),
        Turn(3, "Ken", 52, 60),
        Turn(4, "Int", 62, 70),
        Turn(5, "Ken", 72, 80),
    ]
    spans = [(0, Span(0, 9)), (2, Span(22, 30)), (2, Span(31, 50)), (3, Span(52, 60)), (5, Span(72, 80))]
    quotes = [cut_quote("t", "x" * 100, turn, turns[turn].speaker, span, 1) for turn, span in spans]
    asked = question_spans(quotes, turns, {"Int"})
    assert [asked.get(q.id) for q in quotes] == [None, Span(11, 20), Span(11, 20), Span(11, 20), Span(62, 70)]


def test_a_question_is_shown_once_and_names_only_where_two_people_speak():
    lines = tag_context(window(("a", "How?", "P1"), ("b", "How?", "P1"), ("c", "Why?", "P1")))["lines"]
    assert [line["ask"] for line in lines] == ["How?", None, "Why?"]
    assert {line["who"] for line in lines} == {None}
    lines = tag_context(window(("a", None, "P1"), ("b", None, "P2")))["lines"]
    assert [line["who"] for line in lines] == ["P1", "P2"]


def test_a_long_question_keeps_its_end():
    ask = tag_context(window(("a", "well " * 200 + "so how was it?", "P1")))["lines"][0]["ask"]
    assert ask.endswith("so how was it?")
    assert len(ask) <= 280


def test_an_item_becomes_tags_with_the_studys_own_stage_id():
    tags = parse_reply({"q": [GOOD]}, ONE).tags[1]
    assert tags.stage == next(stage.id for stage in STAGES if stage.key == "support")
    assert (tags.channel, tags.kind, tags.emotion, tags.intensity) == (Channel.PHONE, Kind.ACTION, Emotion.FRUSTRATION, 2)
    assert (tags.experience, tags.touchpoint, tags.gist, tags.confidence) == (Experience.PAIN, "support line", "long wait", 0.93)


def test_a_quote_may_belong_to_no_stage():
    assert parse_reply([{**GOOD, "s": "none"}], ONE).tags[1].stage == "none"


@pytest.mark.parametrize(
    ("emotion", "extra", "expected"),
    [
        ("neutral", {}, (Emotion.NEUTRAL, 1)),
        ("neutral3", {}, (Emotion.NEUTRAL, 1)),
        ("anger", {"i": 3}, (Emotion.ANGER, 3)),
        ("Relief 1", {}, (Emotion.RELIEF, 1)),
    ],
)
def test_an_emotion_carries_its_intensity(emotion, extra, expected):
    tags = parse_reply([{**GOOD, "e": emotion, **extra}], ONE).tags[1]
    assert (tags.emotion, tags.intensity) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [("s", "returns"), ("c", "fax"), ("k", None), ("e", "sadness2"), ("e", "anger"), ("e", "anger7"), ("x", ["pain"]), ("s", 3)],
)
def test_a_value_outside_the_code_book_leaves_the_quote_untagged_with_the_key_named(key, value):
    result = parse_reply({"q": [{**GOOD, key: value}]}, ONE)
    assert result.tags == {}
    assert result.reason == f"1: no listed value in {key}"
    assert result.ungrounded == 0


def test_unknown_and_repeated_numbers_are_dropped_and_counted():
    items = [{**GOOD, "n": 7}, GOOD, {**GOOD, "k": "other"}, {**GOOD, "n": True}, {**GOOD, "n": None}, "quote", {**GOOD, "n": "1.5"}]
    result = parse_reply({"q": items}, ONE)
    assert result.tags[1].kind is Kind.ACTION
    assert (len(result.tags), result.ungrounded) == (1, 6)


def test_a_missing_quote_is_named():
    result = parse_reply({"q": [GOOD]}, window(("a", None, "P1"), ("b", None, "P1"), ("c", None, "P1")))
    assert result.reason == "no answer for 2, 3"


@pytest.mark.parametrize("value", [None, 3, "text", {}, [], {"a": [], "b": []}, {"status": "OK"}, [[GOOD]], float("nan")])
def test_any_reply_at_all_can_be_read(value):
    result = parse_reply(value, ONE)
    assert result.tags == {}
    assert result.reason


@pytest.mark.parametrize("value", [[GOOD], {"quotes": [GOOD]}, GOOD, {"q": [{**GOOD, "n": "1"}]}, {"q": [{**GOOD, "n": 1.0}]}])
def test_common_slips_of_form_are_forgiven(value):
    assert parse_reply(value, ONE).reason is None


def test_texts_of_a_reply_are_one_clean_short_line():
    touchpoint = "support\nline \u202ewith\x00 " + "many " * 40 + "words"
    tags = parse_reply([{**GOOD, "t": touchpoint, "g": "  \n "}], ONE).tags[1]
    assert tags.touchpoint.startswith("support line with many")
    assert len(tags.touchpoint) <= 60
    assert tags.touchpoint.isprintable()
    assert tags.gist is None


@pytest.mark.parametrize(
    ("said", "read"), [(93, 0.93), (0, 0.0), (250, 1.0), (-4, 0.0), ("high", 0.5), (None, 0.5), (True, 0.5), (float("nan"), 0.5)]
)
def test_a_confidence_lies_between_0_and_1(said, read):
    assert parse_reply([{**GOOD, "p": said}], ONE).tags[1].confidence == read


def test_a_second_reply_fills_only_what_the_first_left_open():
    two = window(("a", None, "P1"), ("b", None, "P1"))
    first = read_reply([GOOD, {**GOOD, "n": 2, "c": "fax"}], two)
    second = read_reply([{**GOOD, "k": "other"}, {**GOOD, "n": 2}], two)
    whole = first.completed_by(second)
    assert whole.tags[1].kind is Kind.ACTION
    assert whole.missing(two) == ()
    assert whole.faults == {}


def test_the_same_reply_is_read_the_same_from_text():
    assert parse_reply(json.loads(json.dumps({"q": [GOOD]})), ONE) == parse_reply({"q": [GOOD]}, ONE)


@pytest.mark.parametrize(
    ("emotion", "expected"),
    [
        ("relief2", (Emotion.RELIEF, Experience.DELIGHT)),
        ("anger1", (Emotion.ANGER, Experience.PAIN)),
        ("neutral", (Emotion.NEUTRAL, Experience.NEUTRAL)),
        ("surprise1", (Emotion.SURPRISE, Experience.NEUTRAL)),
        ("good_surprise3", (Emotion.SURPRISE, Experience.DELIGHT)),
        ("Bad surprise 2", (Emotion.SURPRISE, Experience.PAIN)),
    ],
)
def test_a_reply_without_an_experience_has_the_one_that_goes_with_its_emotion(emotion, expected):
    tags = parse_reply([{key: value for key, value in {**GOOD, "e": emotion}.items() if key != "x"}], ONE).tags[1]
    assert (tags.emotion, tags.experience) == expected


@pytest.mark.parametrize("emotion", ["good_anger2", "good_neutral", "very_surprise1"])
def test_only_a_surprise_is_good_or_bad(emotion):
    assert parse_reply([{**GOOD, "e": emotion}], ONE).reason == "1: no listed value in e"


def test_quotes_that_carry_on_the_one_before_are_named_by_number_and_others_counted():
    three = window(("a", None, "P1"), ("b", None, "P1"), ("c", None, "P1"))
    items = [{**GOOD, "n": n} for n in (1, 2, 3)]
    result = parse_reply({"q": items, "j": [3, "2", 3, 1, 9, "two", None]}, three)
    assert (result.continues, result.ungrounded, result.reason) == ((2, 3), 4, None)
    assert parse_reply({"q": items, "j": "2"}, three).continues == ()
    assert parse_reply({"quotes": items, "j": [2]}, three).continues == (2,)


def test_what_carries_on_is_known_from_both_replies():
    two = window(("a", None, "P1"), ("b", None, "P1"), ("c", None, "P1"))
    first, second = read_reply({"q": [GOOD], "j": [3]}, two), read_reply({"q": [{**GOOD, "n": 2}], "j": [2]}, two)
    assert first.completed_by(second).continues == (2, 3)


def example(quote_id: str, *, corrected: bool, stage: str = STAGES[5].id, text: str | None = None) -> Example:
    tags = Tags(stage, Channel.PHONE, "support line", Kind.ACTION, Emotion.FRUSTRATION, 2, Experience.PAIN, None, 0.4)
    proposed = replace(tags, emotion=Emotion.NEUTRAL) if corrected else tags
    return Example(quote_id, text or f"Words of {quote_id}.", "What happened?", tags, proposed)


def taught(examples: list[Example], vectors: list[list[float]], own: list[float]) -> Window:
    unit = np.array([v / np.linalg.norm(v) for v in np.array(vectors, np.float32)], np.float32)
    near = Encoding(np.array([own], np.float32), np.zeros((1, 1), np.float16))
    rows = Encoding(unit, np.zeros((len(unit), 1), np.float16))
    return replace(ONE, encoding=near, examples=tuple(examples), examples_encoding=rows)


def test_corrections_come_before_confirmations_and_the_nearest_of_each_first():
    given = [example("near", corrected=False), example("far", corrected=True), example("close", corrected=True)]
    window = taught(given, [[1, 0, 0], [0, 0, 1], [0.6, 0.8, 0]], [1, 0, 0])
    assert [e.quote_id for e in choose_examples(window)] == ["close", "far", "near"]
    assert [e.quote_id for e in choose_examples(window, 1)] == ["close"]


def test_of_two_examples_of_the_same_point_one_is_shown():
    given = [example("a", corrected=True), example("b", corrected=True), example("c", corrected=True)]
    window = taught(given, [[1, 0, 0], [1, 0.05, 0], [0, 1, 0]], [1, 0, 0])
    assert [e.quote_id for e in choose_examples(window)] == ["a", "c"]


def test_the_order_of_examples_and_missing_vectors_change_nothing_but_nearness():
    given = [example(name, corrected=name == "c") for name in "bca"]
    assert [e.quote_id for e in choose_examples(replace(ONE, examples=tuple(given)))] == ["c", "a", "b"]
    assert choose_examples(ONE) == ()


def test_an_example_is_told_in_the_replys_own_words():
    gone = example("gone", corrected=True, stage="no longer there")
    calm = example("calm", corrected=False)
    tags = replace(calm.tags, emotion=Emotion.NEUTRAL, touchpoint=None, stage="none")
    calm = replace(calm, tags=tags, proposed=tags, question=None)
    shown = tag_context(replace(ONE, examples=(gone, example("x", corrected=True, text="Long " * 200), calm)))["examples"]
    first = {"ask": "What happened?", "s": "support", "c": "phone", "t": "support line", "k": "action", "e": "frustration2", "x": "pain"}
    assert [{k: v for k, v in e.items() if k != "text"} for e in shown] == [
        first,
        first | {"ask": None, "s": "none", "t": None, "e": "neutral"},
    ]
    assert len(shown[0]["text"]) <= 360
    assert tag_context(replace(ONE, examples=(calm,)), 0)["examples"] == []
