"""Wordings: what a model wrote for the places of a map, and what a second look at it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.repositories import Repositories
from app.domain.journey import Doubt, Origin, Verdict
from app.domain.review import Suggestion
from app.domain.runs import Run
from app.stages.assemble import Slot, Wording

STATEMENT, CHECK = "statement", "statement-check"
"""Targets of what a model suggests: a sentence for a place, and whether the quotes that it cites bear it out."""


@dataclass(frozen=True)
class Wordings:
    """What a model wrote for places of a map, by their ids.

    `refused` are places for which it wrote nothing that could be kept; `verdicts` what a second look found, of the sentences as they are.
    """

    kept: Mapping[str, Wording]
    refused: frozenset[str]
    verdicts: Mapping[str, Doubt]

    def report(self, slots: Sequence[Slot]) -> dict[str, int] | None:
        """How many sentences a model was asked for and wrote, was refused, how many were looked at again and doubted; None without any."""
        written = [slot.id for slot in slots if slot.id in self.kept and self.kept[slot.id].fits(slot)]
        refused = sum(slot.id in self.refused for slot in slots)
        if not written and not refused:
            return None
        looked_at = [self.verdicts[key] for key in written if key in self.verdicts]
        doubted = sum(found.verdict is not Verdict.SUPPORTED for found in looked_at)
        return {"written": len(written), "refused": refused, "checked": len(looked_at), "doubted": doubted}


def load_wordings(repo: Repositories, run: Run, slots: Sequence[Slot]) -> Wordings:
    """What this run's model, in this run or an earlier one, wrote for these places; what it wrote last counts."""
    ids = [slot.id for slot in slots]
    said = repo.reviews.suggestions(run.study_id, STATEMENT, run.tagger_key, ids)
    written = {slot: s for slot, s in said.items() if s.payload["text"]}
    checks = repo.reviews.suggestions(run.study_id, CHECK, run.tagger_key, list(written)) if written else {}
    verdicts = {slot: _doubt(s) for slot, s in checks.items() if told_of(s) == told_of(written[slot])}
    kept = {
        slot: Wording(s.payload["text"], Origin.LLM, tuple(s.payload["quote_ids"]), _doubted(verdicts.get(slot)))
        for slot, s in written.items()
    }
    return Wordings(kept, frozenset(said.keys() - written.keys()), verdicts)


def told_of(suggestion: Suggestion) -> dict[str, Any]:
    """Which sentence with which quotes was written or looked at: a verdict holds for no other."""
    return {key: suggestion.payload[key] for key in ("text", "quote_ids")}


def _doubt(check: Suggestion) -> Doubt:
    return Doubt(Verdict(check.payload["verdict"]), check.payload["reason"])


def _doubted(found: Doubt | None) -> Doubt | None:
    return None if found is None or found.verdict is Verdict.SUPPORTED else found
