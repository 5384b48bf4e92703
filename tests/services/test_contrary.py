"""Contrary evidence on a whole map: quotes of the same stage and theme that tell the opposite, in every lane that claims something."""

from collections import Counter

import pytest
from fakes import GrumblingTagger
from services.conftest import NAMES, talk

SIDES = {
    "pains": {"delight"},
    "opportunities": {"delight"},
    "delights": {"pain"},
    "actions": {"pain", "delight"},
    "thoughts": {"pain", "delight"},
}


@pytest.fixture
def document(bench):
    """Everything is a pain but what is said of the chat; one theme holds it all."""
    made = bench()
    made.replace(tagger=GrumblingTagger())
    made.upload(*map(talk, NAMES[:2]))
    made.run()
    quotes = [q["id"] for q in made.app.quotes.every(made.study.id)]
    made.app.codebooks.add(made.study.id, {"label": "All that happened"}, quotes, actor="ann")
    return made.map()


def test_what_speaks_against_a_statement_is_of_its_stage_and_theme_and_of_the_other_sign_and_never_speaks_for_it(document):
    themes = {q: theme["id"] for theme in document["themes"] if theme["parent_id"] is None for q in theme["quote_ids"]}
    found = Counter()
    for stage in document["stages"]:
        assert not any(s["contrary_total"] for s in stage["lanes"]["touchpoints"])
        for lane, sides in SIDES.items():
            for s in stage["lanes"][lane]:
                by = {r: [e["quote_id"] for e in s["evidence"] if e["relation"] == r] for r in ("supports", "contradicts")}
                quotes = [document["quotes"][q] for q in by["contradicts"]]
                assert {q["stage"] for q in quotes} <= {stage["key"]}
                assert {themes[q] for q in by["contradicts"]} <= {s["theme_id"]}
                assert len({q["experience"] for q in quotes}) <= 1
                assert {q["experience"] for q in quotes} <= sides
                assert not set(by["supports"]) & set(by["contradicts"])
                assert len(by["contradicts"]) == s["contrary_total"]
                found[lane] += bool(quotes)
    assert {lane for lane, n in found.items() if n} == {"pains", "delights", "actions", "opportunities"}, "nothing is a thought here"
