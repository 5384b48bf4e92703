"""A second look at statements: what is asked and what is read."""

import pytest

from app.domain.journey import Doubt, Evidence, Lane, Origin, Relation, Statement, Verdict
from app.stages.checking import MAX_CLAIMS, MAX_REASON, Claim, claim_batches, parse_checks

CLAIMS = tuple(Claim(f"s{n}", "pains", f"Waits {n} days.", ("It took days.",)) for n in (1, 2))


def test_claims_are_split_by_number_and_by_length_in_their_order():
    many = [Claim(str(n), "pains", "x" * 10, ()) for n in range(MAX_CLAIMS + 1)]
    assert [len(batch) for batch in claim_batches(many, 10_000)] == [MAX_CLAIMS, 1]
    split = claim_batches(many, 25)
    assert [claim for batch in split for claim in batch] == many
    assert {len(batch) for batch in split[:-1]} == {2}
    assert [len(batch) for batch in claim_batches(many[:3], 1)] == [1, 1, 1]
    assert claim_batches([], 10) == ()


def test_a_reason_is_one_short_line_that_looks_like_nobodys_speech():
    long = "No quote\nsays “two days”. " + "More and more. " * 40
    read = parse_checks({"c": [{"n": 1, "v": "partly", "r": long}, {"n": "2", "v": "supported", "r": ""}]}, CLAIMS)
    assert read.verdicts["s1"].reason.startswith("No quote says two days.")
    assert len(read.verdicts["s1"].reason) <= MAX_REASON
    assert read.verdicts["s2"] == Doubt(Verdict.SUPPORTED, "")


@pytest.mark.parametrize(
    "item", ["partly", {"n": 1, "v": "perhaps", "r": ""}, {"v": "not"}, {"n": 0, "v": "not"}, {"n": 3, "v": "not"}, {"n": 1}]
)
def test_what_names_no_claim_or_no_verdict_is_dropped_and_counted(item):
    read = parse_checks({"c": [item]}, CLAIMS)
    assert (read.verdicts, read.ungrounded) == ({}, 1)


@pytest.mark.parametrize(
    ("origin", "status", "shown"),
    [(Origin.LLM, "draft", True), (Origin.LLM, "accepted", False), (Origin.LLM, "edited", False), (Origin.HUMAN, "draft", False)],
)
def test_a_statement_that_people_stand_for_shows_no_doubt(origin, status, shown):
    doubt = Doubt(Verdict.PARTLY, "No quote says two.")
    evidence = (Evidence("q", Relation.SUPPORTS),)
    statement = Statement("s", "use", Lane.PAINS, "Waits two days.", evidence, 1, 1, origin, status=status, doubt=doubt)
    assert statement.shown_doubt == (doubt if shown else None)
