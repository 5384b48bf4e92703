"""What quotes are grouped by."""

from app.services.grouping import Grouping
from app.services.ingest import Upload

SAME = "I waited an hour on the phone and nobody answered me at all."


def said_alike(name, times):
    turns = (f"Ann Interviewer: And what happened on day {n}?\n\n{name}: {SAME}" for n in range(times))
    return Upload(f"{name.split()[0].lower()}.txt", "\n\n".join(turns).encode())


def test_where_everybody_says_the_same_no_question_sets_quotes_apart(bench):
    made = bench()
    made.upload(said_alike("Bea Larsson", 4), said_alike("Carl Osei", 6))
    run = made.run()
    grouped = Grouping(made.app.store, made.embedder).of(run)
    assert len(grouped.ids) > 3
    assert not grouped.features.any()


def test_questions_set_quotes_apart_and_are_encoded_once(bench):
    made = bench()
    made.upload(
        said_alike("Bea Larsson", 4), Upload("dina.txt", b"Ann Interviewer: And the price?\n\nDina Haddad: It was far too high for us.")
    )
    run = made.run()
    made.embedder.encoded.clear()
    grouped = Grouping(made.app.store, made.embedder).of(run)
    assert grouped.features.any()
    assert not made.embedder.encoded


def test_a_quote_goes_with_the_text_that_comes_nearest_to_it_if_one_comes_near(bench):
    made = bench()
    said = (
        "I looked for the price on the website for an hour",
        "The chat sorted it out in two minutes for me",
        "We sat in the garden all day",
    )
    made.upload(
        *(Upload(f"{n}.txt", f"Ann Interviewer: And then?\n\nBea Larsson: {text}".encode()) for n, text in enumerate(said)),
    )
    run = made.run()
    grouping = Grouping(made.app.store, made.embedder)
    grouped = grouping.of(run)
    quotes = {made.app.quotes.shown(q)[1].text: q for q in grouped.ids}
    told = {"price": said[0], "chat": said[1], "empty": ""}
    found = grouping.fitting(grouped, quotes.values(), told)
    assert {text: found[q] for text, q in quotes.items() if text in said[:2]} == {
        text: name for name, text in told.items() if text in quotes
    }
    assert grouping.fitting(grouped, [], told) == {}
    assert grouping.fitting(grouped, quotes.values(), {}) == {}
