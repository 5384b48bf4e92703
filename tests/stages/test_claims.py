"""What of a sentence can be held against its quotes by rules alone."""

import pytest

from app.stages.claims import Fault, faults_of
from app.stages.figures import figures_of, figures_said, unsaid

HOLD = ("I was forty minutes on hold and then it cut me off.", "We rang three times that week, I think.")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("waits forty minutes", {40}),
        ("pays twenty-nine pounds", {29}),
        ("two hundred and forty rows", {240}),
        ("a hundred and fifty thousand", {150_000}),
        ("1,200 rows, 2.000 Euro and 5k", {1200, 2000, 5000}),
        ("£33.50, then 3,75", {33.5, 3.75}),
        ("at 10:30 or 24/7", {10, 30, 24, 7}),
        ("rings twice, at two thirty", {2, 30}),
        ("three dozen eggs", {36}),
        ("two, three or four", {2, 3, 4}),
        ("no one, one thing, once, 1 time, zero", set()),
        ("half of it, a couple", set()),
        ("the 3rd of [phone]", {3}),
        ("", set()),
    ],
)
def test_the_numbers_that_a_sentence_claims_are_read_from_digits_and_words(text, figures):
    assert figures_of(text) == figures


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Waits 40 minutes.", "forty minutes it took"),
        ("Pays 3.50 at 10:30 in 2024.", "three fifty, at ten thirty, in twenty twenty-four"),
        ("Waits 30 minutes for 2 of them.", "half an hour for a couple of them"),
        ("Pays £33.50.", "thirty-three fifty, if you please"),
        ("Rings two times.", "I rang twice"),
        ("Waits two weeks.", "a fortnight"),
    ],
)
def test_a_number_may_be_put_otherwise_than_it_was_said(text, quote):
    assert unsaid(text, [quote]) == frozenset()


@pytest.mark.parametrize("text", ["Waits 45 minutes.", "Waits 4 minutes.", "Waits twenty minutes.", "Waits 40 or 50 minutes."])
def test_another_number_is_unsaid(text):
    assert unsaid(text, HOLD)
    assert 29 in figures_said(["twenty-nine"])
    assert 20 not in figures_said(["twenty-nine"])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Waits 40 minutes on hold, then is cut off before anyone answers.", ()),
        ("How might we answer before callers are cut off?", ()),
        ("Users feel frustrated with the support.", (Fault.EMPTY,)),
        ("Feels frustrated.", (Fault.EMPTY,)),
        ("Has a bad experience with the customer service.", (Fault.EMPTY,)),
        ("Customers struggle with several issues in the process.", (Fault.EMPTY,)),
        ("How might we improve the experience?", (Fault.EMPTY,)),
        ("How might we make this easier for people?", (Fault.EMPTY,)),
        ("Users wait on hold until they are cut off.", (Fault.EMPTY,)),
        ("Waits fifty minutes on hold.", (Fault.NUMBER,)),
        ("Always waits on hold.", (Fault.SWEEPING,)),
        ("Waits on hold, as most customers do.", (Fault.SWEEPING,)),
        ("Everyone waits 50 minutes on hold.", (Fault.NUMBER, Fault.SWEEPING)),
        ("Waits on hold and " * 6, (Fault.LONG,)),
    ],
)
def test_a_sentence_is_held_against_the_quotes_that_it_cites(text, faults):
    assert faults_of(text, HOLD) == faults


def test_a_sentence_without_a_quote_is_uncited_whatever_it_says():
    assert faults_of("Waits 40 minutes on hold.", ()) == (Fault.UNCITED,)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Is always thrown out in the morning.", "Every single morning it throws me out."),
        ("Hears everyone complain about the queue.", "Everybody was moaning about the queue."),
        ("Pays for seats of users who left.", "I pay for three users who left."),
    ],
)
def test_sweeping_words_and_users_may_stand_where_a_quote_has_them(text, quote):
    assert faults_of(text, [quote]) == ()


def test_numbers_in_words_of_another_language_are_not_judged_and_length_and_emptiness_are():
    quote = "Ich hing vierzig Minuten in der Leitung, und dann war sie tot."
    assert faults_of("Wartet 40 Minuten in der Leitung.", [quote], "de") == ()
    assert faults_of("電池が半日しか持たず、会議の途中で切れる。", ["電池が半日しか持たないんです。"], "ja") == ()
    assert faults_of("電池が半日しか持たず、会議の途中で切れる。" * 3, ["電池が半日しか持たないんです。"], "ja") == (Fault.LONG,)
