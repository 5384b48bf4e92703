"""Evaluation: how good tags are, measured on labelled interviews, and in a study by what its reviewers decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.domain.gold import Gold
from app.domain.review import Decision, Suggestion
from app.domain.runs import Run
from app.domain.tags import REVIEWED_FIELDS
from app.ports import Agreement, Embedder, Tagger
from app.services.asking import Asking, Progress, gold_windows
from app.services.hybrid import HybridTagger
from app.services.material import STAGE, valid_stages
from app.services.measured_division import Divided
from app.services.scoring import Document, score
from app.services.store import Store

FREE_WORDS = "touchpoint"
"""The tag that is no closed set, so that there is no chance to agree beyond."""
ENOUGH = 20
"""Decisions about a field from which kappa says anything."""


def measure(
    gold: Gold, tagger: Tagger, embedder: Embedder, agreement: Agreement, *, at_once: int = 1, progress: Progress = lambda _done, _all: None
) -> Document:
    """Have a tagger judge every labelled quote, in the windows the pipeline would cut, and score it; nothing is stored.

    With a language model so many windows are asked `at_once`. A window that fails costs its quotes, which then count as wrong. For hybrid
    tagging all interviews are taken to be one study's.
    """
    asking = Asking(at_once, len(gold.quotes), progress)
    if isinstance(tagger, HybridTagger):
        outcome = Divided(gold, tagger, embedder, asking).outcome()
    else:
        asked = [gold_windows(study, interview, tagger, embedder) for study in gold.studies for interview in study.interviews]
        outcome = asking.ask(tagger, list(chain.from_iterable(asked)))
    return score(gold, outcome, tagger, agreement)


@dataclass(frozen=True, slots=True)
class Compared:
    """One decision of a person beside what the tagger had proposed when they looked."""

    suggestion: Suggestion
    quote_id: str
    field: str
    decided: str
    proposed: str


class Evaluation:
    """What is known of how good tags are: what ships with Throughline, and what a study's reviewers said so far."""

    def __init__(self, store: Store, agreement: Agreement, measured: Callable[[], Sequence[Document]]) -> None:
        self._store = store
        self._agreement = agreement
        self._measured = measured

    def measured(self) -> list[Document]:
        """Every measurement that ships, the offline tagger's first."""
        return list(self._measured())

    def of_study(self, study_id: str) -> Document:
        """The measurement that speaks of a study's newest run, how near it is to that run, and its reviewers' agreement."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            run = next(iter(repo.runs.of_study(study_id)), None)
        found = _speaks_of(run, self.measured()) if run else None
        return {
            "tagger": {"source": run.tagger, "model": run.model, "prompt": run.prompt} if run else None,
            "measured": found,
            "same_model": bool(run and found and found["tagger"]["model"] == run.model),
            "same_prompt": bool(run and found and found["tagger"]["prompt"] == run.prompt),
            "reviewed": self.reviewed(study_id),
        }

    def reviewed(self, study_id: str) -> Document:
        """Agreement of each tagger with the people who reviewed its tags, field by field.

        Only what was proposed before the first decision about that field counts; of several proposals it is the newest one, which is
        what they saw. Looking at a tag and confirming it is a decision of the same value.
        """
        compared = self._compared(study_id)
        taggers = dict.fromkeys((c.suggestion.source, c.suggestion.model, c.suggestion.prompt) for c in compared)
        return {
            "quotes": len({c.quote_id for c in compared}),
            "decisions": len(compared),
            "enough": ENOUGH,
            "taggers": [self._agreed(tagger, compared) for tagger in taggers],
        }

    def _agreed(self, tagger: tuple[str, str, str], compared: Sequence[Compared]) -> Document:
        source, model, prompt = tagger
        of_tagger = [c for c in compared if (c.suggestion.source, c.suggestion.model, c.suggestion.prompt) == tagger]
        fields: Document = {}
        for field in REVIEWED_FIELDS:
            pairs = [(c.decided, c.proposed) for c in of_tagger if c.field == field]
            if pairs:
                agreed = sum(decided == proposed for decided, proposed in pairs)
                kappa = self._agreement.kappa(pairs) if len(pairs) >= ENOUGH and field != FREE_WORDS else None
                fields[field] = {"n": len(pairs), "agreed": agreed, "agreement": round(agreed / len(pairs), 4), "kappa": kappa}
        return {
            "source": source,
            "model": model,
            "prompt": prompt,
            "quotes": len({c.quote_id for c in of_tagger}),
            "fields": fields,
        }

    def _compared(self, study_id: str) -> list[Compared]:
        with self._store.read() as repo:
            repo.studies.get(study_id)
            decisions = repo.reviews.decisions(study_id, "quote", standing=False)
            proposed = repo.reviews.proposed(study_id, "quote", list(decisions))
            meant = valid_stages(repo.studies.stages(study_id))  # of two stages that were merged, either is right
        found = []
        for quote_id, made in decisions.items():
            for field in REVIEWED_FIELDS:
                about = [decision for decision in made if decision.field == field]
                standing = [decision for decision in about if decision.undone_at is None]
                if not standing:
                    continue
                seen = [suggestion for at, suggestion in proposed.get(quote_id, ()) if at < _first(about)]
                if seen:
                    said = standing[-1].value, seen[-1].payload.get(field)
                    decided, named = (_value(meant.get(str(v), v) if field == STAGE else v) for v in said)
                    found.append(Compared(seen[-1], quote_id, field, decided, named))
        return found


def _first(decisions: Sequence[Decision]) -> Any:
    return min(decision.at for decision in decisions)


def _value(value: Any) -> str:
    """A tag's value as it is compared: no touchpoint is an empty one, and its letters' case plays no part."""
    return "" if value is None else str(value).strip().lower()


def _speaks_of(run: Run, measured: Sequence[Document]) -> Document | None:
    """The measurement nearest to a run's tagger: the same prompt and model, else the same prompt, else the same kind of tagger."""

    def likeness(document: Document) -> tuple[bool, bool, bool]:
        tagger = document["tagger"]
        return tagger["source"] == run.tagger, tagger["prompt"] == run.prompt, tagger["model"] == run.model

    best = max(measured, key=likeness, default=None)
    return best if best and best["tagger"]["source"] == run.tagger else None
