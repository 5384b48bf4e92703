"""Calls of a run: within its budget, what they cost in its ledger, and what could not be answered as a gap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from app.db.repositories import Repositories
from app.domain.runs import Gap, Prices, Run, TaggerKind
from app.errors import BudgetSpent, ModelError, UsageError
from app.ports import Foreseen, Tagger, Usage
from app.services.budget import Budget
from app.services.store import Store, random_id
from app.services.windowing import asks_a_model
from app.services.words import Words

Answer = TypeVar("Answer")
LLM = "llm"
TAG_QUOTES = "tag_quotes"
LEFT_OUT = "the model left them out"


@dataclass(frozen=True)
class Calls:
    """Whom a run asks, and what becomes of the answers."""

    store: Store
    taggers: Mapping[str, Tagger]
    words: Words | None
    budget: Budget
    prices: Prices

    def ask(
        self, run: Run, gap: Gap, task: str, *, foresee: Callable[[], Foreseen], ask: Callable[[], Answer], keep: Callable[[Answer], None]
    ) -> None:
        """Ask within the budget and keep the answer, or the gap with the reason; a call counts as under way until its cost is stored."""
        try:
            with self.budget.admit(run, foresee):
                try:
                    answer = ask()
                except ModelError as error:
                    self.keep_gap(run, replace(gap, reason=error.message), task, error.spent)
                else:
                    keep(answer)
        except BudgetSpent as error:
            self.keep_gap(run, replace(gap, reason=error.message), task)

    def keep_gap(self, run: Run, gap: Gap, task: str = "", spent: object = None) -> None:
        """Record what could not be done, and what the answers that could not be used have cost."""
        with self.store.write() as repo:
            repo.runs.add_gap(run.id, gap)
            if isinstance(spent, Usage):
                self.spend(repo, run, task, spent)

    def spend(self, repo: Repositories, run: Run, task: str, usage: Usage, ungrounded: int = 0) -> None:
        """Add what was spent on a task."""
        prompt = self.tagger(run).prompt if task == TAG_QUOTES else self.required_words().prompts.id(task)
        cost = self.prices.of(usage.tokens_in, usage.tokens_out)
        repo.runs.spend(run.id, random_id(), task, prompt, usage, cost=cost, ungrounded=ungrounded)

    def listed(self, run: Run, step: str, items: list[str]) -> list[str]:
        """Set a stage's total: what is still to do and what was done before."""
        with self.store.write() as repo:
            repo.runs.set_total(run.id, step, items)
        return items

    def tagger(self, run: Run) -> Tagger:
        """What judges a run's windows; of a hybrid run the language model."""
        tagger = self.taggers.get(LLM if run.tagger == TaggerKind.HYBRID else run.tagger)
        if tagger is None:
            raise UsageError("this run needs a language model: set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, then resume it")
        return tagger

    def writes(self, run: Run) -> bool:
        """Whether a model words anything in this run."""
        return asks_a_model(run) and self.words is not None

    def required_words(self) -> Words:
        """What asks the model for words; raises `ModelError` where none is configured."""
        if self.words is None:
            raise ModelError("no language model is configured; set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, then resume")
        return self.words
