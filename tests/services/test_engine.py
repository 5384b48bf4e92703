"""The plain engine, the token budget and the ledger of what was spent."""

import threading

import pytest
from services.conftest import NAMES, talk

from app.domain.runs import Prices, Run
from app.errors import BudgetSpent, ModelError
from app.ports import Foreseen, Usage
from app.services.budget import Budget
from app.services.synthesis import Inline, jobs_under_way


def test_model_calls_are_made_at_once_and_anything_else_one_after_the_other():
    meeting = threading.Barrier(3, timeout=20)
    alone = threading.Lock()

    def meet(_item):
        meeting.wait()

    def work(_item):
        assert alone.acquire(blocking=False), "two at once"
        alone.release()

    engine = Inline(llm_at_once=3)
    assert engine.each("llm", meet, ["a", "b", "c"]) == []
    assert engine.each("embed", work, list(map(str, range(50)))) == []


def test_a_job_that_fails_is_a_gap_in_the_order_of_the_items_and_the_others_go_on():
    done = []

    def step(item):
        if item in {"b", "d"}:
            raise ModelError(f"no {item}") if item == "b" else KeyError("a participant's words")
        done.append(item)

    gaps = Inline(llm_at_once=2).each("llm", step, ["a", "b", "c", "d"])
    assert gaps == [["b", "no b"], ["d", "unexpected KeyError"]]
    assert sorted(done) == ["a", "c"]


def test_a_stop_ends_the_engine_and_begins_no_further_job():
    begun = []

    def step(item):
        begun.append(item)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Inline(llm_at_once=1).each("llm", step, list(map(str, range(100))))
    assert len(begun) < 100


def test_more_jobs_are_under_way_than_calls_so_that_the_next_call_is_ready():
    assert [jobs_under_way(n) for n in (1, 2, 8, 16)] == [1, 3, 12, 24]


@pytest.fixture
def ran(bench) -> tuple[object, Run]:
    made = bench()
    made.upload(*map(talk, NAMES[:1]))
    run = made.app.runs.create(made.study.id)
    return made.app.store, run


def spend(store, run, tokens, task="tag_quotes", prompt="v1@a", cost=None, **more):
    with store.write() as repo:
        usage = Usage(calls=1, tokens_in=tokens, tokens_out=1, characters=tokens * 4)
        repo.runs.spend(run.id, f"{task}{prompt}{tokens}", task, prompt, usage, cost=cost, **more)


def test_a_call_is_let_through_only_if_what_is_spent_and_two_tries_of_it_fit(ran):
    store, run = ran
    budget = Budget(store, 100)
    spend(store, run, 39)  # and one that was written
    with budget.admit(run, lambda: Foreseen(1, 20, 10)):
        pass
    with pytest.raises(BudgetSpent), budget.admit(run, lambda: Foreseen(1, 20, 11)):
        raise AssertionError("it does not fit")
    with budget.admit(run, Foreseen):  # a remembered reply costs nothing
        pass


def test_a_call_waits_for_those_under_way_and_goes_ahead_when_they_were_cheaper(ran):
    store, run = ran
    budget = Budget(store, 100)
    order = []

    def second():
        with budget.admit(run, lambda: Foreseen(1, 20, 10)):
            order.append("second")

    waiting = threading.Thread(target=second)
    with budget.admit(run, lambda: Foreseen(1, 20, 10)):
        waiting.start()
        waiting.join(0.2)
        order.append("first")
        spend(store, run, 20)
    waiting.join(20)
    assert order == ["first", "second"]


def test_a_call_that_fails_gives_its_tokens_back(ran):
    budget = Budget(ran[0], 100)
    for _ in range(3):
        with pytest.raises(ModelError), budget.admit(ran[1], lambda: Foreseen(1, 30, 20)):
            raise ModelError("it broke")


def test_without_a_limit_nothing_is_foreseen(ran):
    def unasked():
        raise AssertionError("no limit needs it")

    with Budget(ran[0], None).admit(ran[1], unasked):
        pass


def test_the_ledger_tells_each_tasks_prompts_apart_and_adds_up_to_the_run(ran):
    store, run = ran
    spend(store, run, 100, cost=0.5, ungrounded=2)
    spend(store, run, 50, cost=0.25)
    spend(store, run, 30, prompt="v2@b")
    spend(store, run, 20, task="assign_themes", cost=0.125)
    with store.read() as repo:
        told = repo.runs.get(run.id)
        rates = repo.runs.tokens_per_character(run.model)
    assert [(s.task, s.prompt, s.calls, s.tokens_in, s.cost) for s in told.spent] == [
        ("assign_themes", "v1@a", 1, 20, 0.125),
        ("tag_quotes", "v1@a", 2, 150, 0.75),
        ("tag_quotes", "v2@b", 1, 30, None),
    ]
    assert (told.calls, told.tokens_in, told.tokens_out, told.ungrounded, told.cost) == (4, 200, 4, 2, 0.875)
    assert rates == {"tag_quotes": 0.25, "assign_themes": 0.25}


def test_a_price_is_for_a_million_tokens_and_none_where_none_is_named():
    assert Prices(2.0, 8.0).of(500_000, 250_000) == 3.0
    assert Prices(2.0, None).of(1_000_000, 10) == 2.0
    assert Prices().of(1_000_000, 10) is None
