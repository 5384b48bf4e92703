from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stages.word_index import FEW, Query, WordIndex, fold, parse, places, same_word

TEXTS = (
    "I was waiting on hold for forty minutes.",
    "The PRICE of the tickets, on hold or not!",
    "Nobody at the café said what prices there are; they cancelled it.",
    "料金が高いです。値段を見ました。",
    "L’été dernier, I couldn't receive the receipt.",
    "Ich habe die Rechnungen nicht verstanden.",
)


@pytest.fixture(scope="module")
def index():
    return WordIndex(TEXTS)


def found(index, asked):
    hits = index.look_up(parse(asked))
    return [row for row in np.argsort(-hits.scores, kind="stable").tolist() if hits.fit[row]]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("waiting", [0]),
        ("WAIT", [0]),
        ("waited on hold", [0]),
        ("price", [1, 2]),
        ("pricing", [2, 1]),
        ("cafe", [2]),
        ("Café", [2]),
        ("cancel", [2]),
        ("canceling", [2]),
        ("ete", [4]),
        ("couldn’t", [4]),
        ("rechnung", [5]),
        ("料金", [3]),
        ("値段", [3]),
        ("値", [3]),
        ("料金が高い", [3]),
        ("高い料金", []),
        ('"on hold"', [0, 1]),
        ("“on hold”", [0, 1]),
        ("„on hold“", [0, 1]),
        ("«on hold»", [0, 1]),
        ('"hold on"', []),
        ('"hold, or"', [1]),
        ('"on hold" minutes', [0]),
        ("zzz", []),
        ("?!", []),
        ("", []),
    ],
)
def test_texts_are_found_by_their_words(index, asked, rows):
    assert sorted(found(index, asked)) == sorted(rows)


def test_the_very_word_counts_more_than_another_ending():
    index = WordIndex(["the price was", "the prices were", "the list was"])
    assert found(index, "price") == [0, 1]
    assert found(index, "prices") == [1, 0]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("cancelled", "cancelling", True),
        ("stop", "stopped", True),
        ("story", "stories", True),
        ("app", "apps", True),
        ("kaufen", "kaufte", True),
        ("precio", "precios", True),
        ("bill", "billion", False),
        ("star", "start", False),
        ("pain", "paint", False),
        ("part", "party", False),
        ("the", "them", False),
        ("is", "it", False),
    ],
)
def test_forms_of_a_word_are_told_by_their_endings(a, b, same):
    assert same_word(a, b) is same_word(b, a) is same


def test_texts_with_all_words_come_alone_and_else_those_with_the_telling_half(index):
    assert found(index, "price tickets") == [1]
    hits = index.look_up(parse("waiting cancelled"))
    assert np.flatnonzero(hits.fit).tolist() == [0, 2]
    assert not hits.whole


def test_a_word_that_nobody_said_is_taken_for_one_a_slip_away_and_that_is_told(index):
    hits = index.look_up(parse("recieve"))
    assert hits.corrected == (("recieve", ("receive",)),)
    assert np.flatnonzero(hits.fit).tolist() == [4]
    assert index.look_up(parse("minu")).corrected == (("minu", ("minutes",)),)


def test_a_word_that_is_like_no_other_is_told_and_the_rest_still_found(index):
    hits = index.look_up(parse("waiting xylophone"))
    assert (hits.unknown, hits.whole) == (("xylophone",), False)
    assert np.flatnonzero(hits.fit).tolist() == [0]


def test_words_that_stand_nearly_everywhere_need_not_be_there():
    index = WordIndex([f"the number {n} of the list" for n in range(FEW)] + ["rare bird"])
    assert found(index, "the rare bird") == [FEW]


def test_a_rare_word_weighs_more_and_a_short_text_is_not_held_back():
    index = WordIndex(["price price email", "email", "email and a lot of other words that nobody asked for", "price", "email"])
    scores = index.look_up(parse("email price")).scores
    assert scores[0] > scores[3] > scores[1] > scores[2] > 0


def test_the_places_of_words_and_phrases_are_told_in_the_text_as_it_stands(index):
    text = "At the Café we were waiting — on hold; prices, 料金が高い"
    query = parse('cafe wait "on hold" price 料金が')
    forms = index.look_up(query).forms
    assert [text[a:b] for a, b in places(text, query, forms | {"waiting"})] == ["Café", "waiting", "on hold", "prices", "料金が"]


def test_an_empty_study_is_searched_without_harm():
    hits = WordIndex([]).look_up(parse('price "on hold"'))
    assert (len(hits.fit), hits.unknown) == (0, ("price",))


def test_query_and_text_are_folded_alike():
    assert parse("Café CAFÉ “On Hold”") == Query(("cafe",), (("on", "hold"),))
    assert fold("L’Été") == "ete"
    assert fold("हिन्दी") == fold("हिन्दी")
    assert found(WordIndex(["यह हिन्दी है", "नमस्ते"]), "हिन्दी") == [0]
    assert found(WordIndex(["قال السِّعْر مرتفع"]), "السعر") == [0]


@given(st.text(max_size=80), st.lists(st.text(max_size=60), max_size=6))
def test_nothing_that_can_be_typed_breaks_a_search(asked, texts):
    index = WordIndex(texts)
    query = parse(asked)
    hits = index.look_up(query)
    assert hits.fit.shape == (len(texts),)
    assert np.isfinite(hits.scores).all()
    for text in texts:
        spans = places(text, query, hits.forms)
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
