import pytest

from app.domain.transcript import count_words
from app.stages.telling import MAX_WORDS, MAX_WORDS_BESIDE, ask_how, is_english, most_telling, question_of, shorten, telling_words

LONG = (
    "So I rang them, and then the lady at the desk put me on hold for forty minutes, and nobody answered, and the line went dead while I "
    "was still standing in the garden in my slippers with the letter in my hand."
)
QUOTES = [
    "I had the booklet. It's forty pages and thirty-eight of them are about not swallowing it.",
    "And then we got home, and I opened the box, and there was no cable in it. I was furious.",
    "Well, I mean, yeah, the app logs you out every single week, it wants a code, and it sends the code to a phone I no longer own.",
    "Did you like it? I did. They were very kind at the desk and they had everything ready when we came in on the Monday.",
    "[laughs] It's probably still there. I carried him in with one sock.",
    'He said "of course, what is it you need to think about?" and I walked straight out of the shop.',
    LONG,
]


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("most", [8, 14, MAX_WORDS])
def test_every_cut_is_one_stretch_of_the_persons_own_words(quote, most):
    said = telling_words(quote, max_words=most)
    kept = said.removeprefix("… ").removesuffix(" …")
    assert kept in quote
    assert "…" not in kept
    assert count_words(kept) <= most


@pytest.mark.parametrize("quote", QUOTES)
def test_what_is_cut_off_shows(quote):
    said = telling_words(quote)
    kept = said.removeprefix("… ").removesuffix(" …")
    before, _, after = quote.partition(kept)
    assert said.startswith("… ") == bool(before.strip() and not before.rstrip().endswith((".", "?", "!", "]")))
    assert said.endswith(" …") == (not kept.endswith((".", "?", "!", '"')) and bool(after.strip()))


def test_nothing_starts_with_and_then_or_other_words_that_lead_on():
    assert telling_words("And then I opened the box and there was no cable in it.") == "… I opened the box and there was no cable in it."
    assert telling_words("Well, yeah, I mean, the app logs me out every single week.") == "… the app logs me out every single week."
    assert telling_words("Um, the trial was fine, thirty days without a card.") == "… the trial was fine, thirty days without a card."
    assert telling_words("No one answered the phone for three whole weeks.") == "No one answered the phone for three whole weeks."


def test_a_sentence_that_names_the_thing_comes_along_where_another_only_points_at_it():
    said = telling_words("There was a booklet. It's forty pages and thirty-eight of them are about not swallowing it.", ["booklet"])
    assert said == "There was a booklet. It's forty pages and thirty-eight of them are about not swallowing it."


def test_a_sentence_that_says_who_is_preferred_to_one_that_does_not():
    assert telling_words("He was quite nice about it really. The plumber came back twice and mended the boiler.") == (
        "The plumber came back twice and mended the boiler."
    )


def test_questions_are_left_to_those_who_asked_them():
    assert telling_words("What did you do next after the email came? I rang the support line twice.") == "I rang the support line twice."


def test_words_of_the_theme_draw_the_choice():
    quote = "We had a lovely long evening with the neighbours there. The invoice was wrong by four hundred pounds."
    assert telling_words(quote, ["invoice"]) == "The invoice was wrong by four hundred pounds."


def test_a_long_sentence_ends_where_a_clause_does():
    long = (
        "The lady at the desk put me on hold for forty minutes, so I walked all the way back to the shop in the rain "
        "while my daughter kept ringing and ringing and ringing them from home without ever getting anybody"
    )
    assert telling_words(long) == "The lady at the desk put me on hold for forty minutes …"


def test_no_quotation_is_cut_off_in_the_middle():
    said = telling_words(
        'He said, take your time, "of course, what is it that you need to think about, there is no rush at all, none at all."'
    )
    assert said.count('"') % 2 == 0


def test_addresses_and_numbers_of_people_are_not_what_tells():
    quote = "I wrote to them at someone@example.org, 030 555 0142 is my number. The refund took eleven weeks to arrive."
    assert telling_words(quote) == "The refund took eleven weeks to arrive."


def test_titles_do_not_end_a_sentence():
    assert telling_words("One of the emails went out as Dear Mr. Biscuit, to a man.").endswith("Dear Mr. Biscuit, to a man.")


@pytest.mark.parametrize("quote", ["Yeah.", "", "…", "Um, well, okay, right.", "No.", "Haha [laughs]"])
def test_a_quote_that_says_nothing_is_shown_as_it_is(quote):
    assert telling_words(quote).strip(" …") in quote


@pytest.mark.parametrize(
    "quote",
    [
        "受付で四十分も待たされました。でも誰も来なくて、とても困りました。最後に電話をかけたら、担当者がすぐに来てくれました。",
        "انتظرت أربعين دقيقة على الهاتف، ولم يرد أحد، ثم انقطع الخط وأنا ما زلت واقفًا في الحديقة أحمل الرسالة في يدي وأفكر ماذا أفعل.",
        "Ich habe vierzig Minuten gewartet, und dann war die Leitung tot, und keiner hat zurückgerufen, obwohl sie es versprochen hatten.",
    ],
)
def test_other_languages_are_cut_word_for_word_as_well(quote):
    kept = telling_words(quote, max_words=10).removeprefix("… ").removesuffix(" …")
    assert kept
    assert kept in quote
    assert count_words(kept) <= 10


def test_the_strongest_quote_is_told_unless_another_is_clearer():
    clear = "The booking system charged my card twice for the same berth."
    assert most_telling([clear, "The staff on the platform could not find our booking at all."]) == 0
    assert most_telling(["And that was that, really, with it.", clear]) == 1
    assert most_telling(["And that was it.", "It was that.", "Like this.", clear]) == 0  # none but the first few are looked at


def test_the_same_quotes_are_cut_the_same_every_time():
    assert [telling_words(q, ["phone"]) for q in QUOTES] == [telling_words(q, ["phone"]) for q in QUOTES]


def test_shortening_does_not_turn_no_one_into_one():
    assert "no one" in shorten("No one " + "answered the phone and so " * 6 + "on.", 10).lower()


def test_english_is_told_from_other_languages():
    assert is_english("I rang the support line twice and nobody answered.")
    for other in (
        "Ich habe vierzig Minuten gewartet und keiner ging ans Telefon.",
        "Ik heb veertig minuten gewacht en niemand nam de telefoon op.",
        "J'ai attendu quarante minutes et personne n'a répondu au téléphone.",
        "Esperé cuarenta minutos y nadie contestó el teléfono.",
        "受付で四十分も待たされました。",
        "انتظرت أربعين دقيقة على الهاتف ولم يرد أحد.",
    ):
        assert not is_english(other), other


@pytest.mark.parametrize("label", ["Waiting for the engineer.", "I typed human, it sent me wax", "support line", "“free check”", "Why?"])
def test_the_question_is_grammatical_for_any_label_and_says_no_more(label):
    text = ask_how([label], "I rang the support line twice and nobody answered.")
    question, beside = question_of(text)
    assert question == f"How might we help with “{label.strip(' .,?“”')}”?"
    assert beside == "“I rang the support line twice and nobody answered.”"


def test_two_keyphrases_are_asked_about_together():
    assert question_of(ask_how(["special character", "password"], "It wants a password every time."))[0] == (
        "How might we help with “special character” and “password”?"
    )


def test_the_words_beside_a_question_are_few():
    _, beside = question_of(ask_how(["hold"], LONG))
    assert count_words(beside.strip("“”… ")) <= MAX_WORDS_BESIDE


def test_a_sentence_that_a_model_or_a_person_wrote_is_all_question():
    written = "How might we tell people — before they pay — what a berth is?"
    assert question_of(written) == (written, "")
