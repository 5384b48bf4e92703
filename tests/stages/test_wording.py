import pytest

from app.ports import ModelReply, ModelRequest, Usage
from app.stages.claims import Fault
from app.stages.wording import (
    Rejected,
    Setting,
    ShownQuote,
    StatementGroup,
    batches,
    faulty,
    parse_statements,
    stage_context,
    write_stage,
)

A, B, C = (ShownQuote(f"quote-{c}", f"words of {c}", "P1") for c in "abc")
PAINS = StatementGroup("pains-1", "pains", "booking fee", (A, B))
WISHES = StatementGroup("opportunities-1", "opportunities", "late fees", (C, A))


def test_numbers_run_on_through_the_groups_of_a_stage():
    groups = stage_context(("Purchase", "Buying."), (PAINS, WISHES), Setting())["groups"]
    assert [[q["number"] for q in group["quotes"]] for group in groups] == [[1, 2], [3, 4]]


def test_a_statement_cites_the_quotes_that_its_numbers_stand_for():
    worded = parse_statements(
        {"s": [{"group": "opportunities-1", "text": "How might we show the total?", "n": [4, 3, 4]}]}, (PAINS, WISHES)
    )
    assert worded.statements == {"opportunities-1": ("How might we show the total?", ("quote-a", "quote-c"))}
    assert worded.ungrounded == 0


def test_numbers_of_another_group_are_dropped_and_counted():
    worded = parse_statements({"s": [{"group": "pains-1", "text": "Pays late fees.", "n": [3, 2, 17, "x"]}]}, (PAINS, WISHES))
    assert worded.statements["pains-1"][1] == ("quote-b",)
    assert worded.ungrounded == 3


@pytest.mark.parametrize(
    "item",
    [
        {"group": "pains-9", "text": "Pays late fees.", "n": [1]},
        {"group": "pains-1", "text": "Pays late fees.", "n": []},
        {"group": "pains-1", "text": "Pays late fees."},
        {"group": "pains-1", "text": "", "n": [1]},
        {"group": ["pains-1"], "text": "Pays late fees.", "n": [1]},
        "Pays late fees.",
    ],
)
def test_a_sentence_without_group_quote_or_words_is_dropped_and_counted(item):
    worded = parse_statements({"s": [item]}, (PAINS, WISHES))
    assert worded.statements == {}
    assert worded.ungrounded == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Pays a late fee " * 6, Fault.LONG),
        ("Users feel frustrated.", Fault.EMPTY),
        ("Pays 40 euros in late fees.", Fault.NUMBER),
        ("Always pays the late fees.", Fault.SWEEPING),
    ],
)
def test_a_sentence_that_claims_more_than_its_quotes_is_rejected_with_the_fault_and_not_counted_as_ungrounded(text, fault):
    worded = parse_statements({"s": [{"group": "pains-1", "text": text, "n": [1]}]}, (PAINS, WISHES), "en")
    assert (worded.statements, worded.ungrounded) == ({}, 0)
    assert worded.rejected == {"pains-1": Rejected(text.strip(), (fault,))}


def test_of_a_bad_and_a_good_sentence_for_a_group_the_good_one_stands():
    items = [{"group": "pains-1", "text": "Is unhappy.", "n": [1]}, {"group": "pains-1", "text": "Pays late fees.", "n": [2]}]
    worded = parse_statements({"s": items}, (PAINS,))
    assert worded.statements == {"pains-1": ("Pays late fees.", ("quote-b",))}
    assert worded.rejected == {}


def test_what_was_rejected_is_asked_for_again_alone_with_the_sentence_and_the_fault():
    wrong = Rejected("Pays 40 euros.", (Fault.NUMBER, Fault.SWEEPING))
    (again,) = faulty((PAINS, WISHES), {"opportunities-1": wrong})
    assert (again.key, again.quotes) == ("opportunities-1", WISHES.quotes)
    (group,) = stage_context(("Purchase", ""), (again,), Setting())["groups"]
    assert group["rejected"].text == "Pays 40 euros."
    assert group["rejected"].why == (
        "it holds a number that none of the quotes it cites says; it says always, everyone or most where no quote it cites does"
    )


def test_of_two_sentences_for_a_group_the_first_stands():
    items = [{"group": "pains-1", "text": "Pays late fees.", "n": [1]}, {"group": "pains-1", "text": "Pays booking fees.", "n": [2]}]
    worded = parse_statements({"s": items}, (PAINS,))
    assert worded.statements["pains-1"][0] == "Pays late fees."
    assert worded.ungrounded == 1


def test_a_statement_never_looks_like_speech():
    worded = parse_statements({"s": [{"group": "pains-1", "text": 'Says “never again”\nand "leaves".', "n": [1]}]}, (PAINS,))
    assert worded.statements["pains-1"][0] == "Says never again and leaves."


def test_batches_keep_every_group_whole_and_in_order():
    groups = tuple(StatementGroup(f"pains-{i}", "pains", "", (A, B)) for i in range(5))
    split = batches(groups, 2 * sum(len(q.text) for q in (A, B)))
    assert [len(batch) for batch in split] == [2, 2, 1]
    assert tuple(g for batch in split for g in batch) == groups
    assert [len(batch) for batch in batches(groups, 1)] == [1] * 5


def test_a_stage_without_groups_asks_nothing():
    class Silent:
        model = "none"

        def ask(self, request: ModelRequest) -> ModelReply:
            raise AssertionError(request.task)

    class NoPrompts:
        def request(self, *asked):
            raise AssertionError(asked)

    worded = write_stage(Silent(), NoPrompts(), ("Purchase", ""), (), Setting())
    assert worded.statements == {}
    assert worded.usage == Usage()
