"""Themes that are called by words that were erased."""

import pytest
from services.conftest import NAMES, talk


@pytest.fixture
def drawn(bench):
    made = bench()
    made.upload(*map(talk, NAMES), talk("Gesa Unmistakable", who="zebrahotline"))
    made.run()
    return made


def theme_with(drawn, word):
    """A theme that holds a quote with this word and quotes of others."""
    quotes = drawn.app.quotes.every(drawn.study.id)
    return next(q["theme_id"] for q in quotes if word in q["text"] and q["theme_id"])


def call(drawn, theme, label, keyphrases):
    with drawn.app.store.write() as repo:
        repo.themes.reword(theme, label, keyphrases)


def delete(drawn, name):
    gone = next(t for t in drawn.app.studies.transcripts(drawn.study.id) if t.file_name == name)
    drawn.app.studies.delete_transcript(gone.id)


def told(drawn, theme):
    with drawn.app.store.read() as repo:
        return repo.themes.get(theme)[1]


def test_a_label_that_only_an_erased_quote_held_is_replaced_by_words_of_those_that_are_left(drawn):
    theme = theme_with(drawn, "zebrahotline")
    call(drawn, theme, "I rang zebrahotline twice", ("zebrahotline",))
    delete(drawn, "gesa.txt")
    after = told(drawn, theme)
    said = " ".join(q["text"] for q in drawn.app.quotes.every(drawn.study.id)).lower()
    assert after.label
    assert all(phrase in said for phrase in after.label.lower().rstrip(".").split(", "))
    assert "zebrahotline" not in " ".join((after.label, *after.keyphrases)).lower()


def test_a_label_that_others_said_too_stays(drawn):
    theme = theme_with(drawn, "zebrahotline")
    others = [q for q in drawn.app.quotes.every(drawn.study.id) if q["theme_id"] == theme and q["transcript"] != "gesa.txt"]
    label = " ".join(others[0]["text"].split()[:4])
    call(drawn, theme, label, ())
    delete(drawn, "gesa.txt")
    assert told(drawn, theme).label == label
