"""What people decide about quotes: correct the tags, confirm them, take a decision back. Nothing of it is ever overwritten by a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.repositories import Repositories
from app.domain.opportunities import OPPORTUNITY
from app.domain.review import Decision
from app.domain.stage_proposals import STAGE_PROPOSAL
from app.domain.stages import Stage, stage_called
from app.domain.tags import NO_STAGE, REVIEWED_FIELDS, STRONG, Channel, Emotion, Experience, Kind
from app.errors import Conflict, InvalidInput
from app.services.actions import TARGETS as BOOK
from app.services.actions import take_back_decision
from app.services.material import QUOTE, STAGE, Judged, load_judged
from app.services.membership import PERSONA
from app.services.personas import PROPOSED_PERSONA
from app.services.quotes import read_cursor, shown_run, study_of_quote
from app.services.store import Store, random_id
from app.stages.tag import MAX_TEXT, clip

DECISIONS_PAGE, MAX_DECISIONS_PAGE = 50, 200
TARGETS = (QUOTE, *BOOK, OPPORTUNITY, PERSONA, PROPOSED_PERSONA, STAGE_PROPOSAL, "speaker", "term", "study")
"""What decisions are about."""
UNDONE_ALONE = {QUOTE, OPPORTUNITY, PROPOSED_PERSONA, STAGE_PROPOSAL}
"""Targets of decisions that are taken back one by one: what was proposed is then proposed again, and what was made of it stays."""
TOUCHPOINT = "touchpoint"
ALLOWED: Mapping[str, tuple[Any, ...]] = {
    "channel": tuple(c.value for c in Channel),
    "kind": tuple(k.value for k in Kind),
    "emotion": tuple(e.value for e in Emotion),
    "intensity": tuple(range(1, STRONG + 1)),
    "experience": tuple(e.value for e in Experience),
}
"""The values of each closed set; a stage is one of the study's own, a touchpoint is words."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Decisions of a study, newest first; stages by key. `next_cursor` is None on the last page."""

    decisions: tuple[Decision, ...]
    total: int
    next_cursor: str | None


class Review:
    """Use cases around people's decisions about quotes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def on_quotes(self, study_id: str) -> dict[str, int]:
        """By transcript how many decisions of people are in force about its quotes; they go when it is erased."""
        with self._store.read() as repo:
            return repo.reviews.on_quotes(study_id)

    def correct(self, quote_id: str, given: Mapping[str, Any], *, actor: str) -> None:
        """Decide these fields of a quote, also where they only confirm what was proposed; a decision they replace is kept as undone.

        Raises `InvalidInput` for values outside the code book, and for a quote without tags that would still have none.
        """
        if not given:
            raise InvalidInput(f"say at least one of {', '.join(REVIEWED_FIELDS)}")
        with self._store.write() as repo:
            study_id = study_of_quote(repo, quote_id)
            stages = repo.studies.stages(study_id)
            values = {field: _checked(field, value, study_id, stages) for field, value in given.items()}
            before = self._judged(repo, study_id, quote_id, stages)
            if before.tags is None:
                _check_whole({*values, *before.decided}, before)
            self._decide(repo, study_id, quote_id, values, before, actor)

    def confirm(self, quote_id: str, *, actor: str) -> None:
        """Decide that all tags of a quote are right as they are shown; raises `Conflict` where it has none."""
        with self._store.write() as repo:
            study_id = study_of_quote(repo, quote_id)
            before = self._judged(repo, study_id, quote_id, repo.studies.stages(study_id))
            if before.tags is None:
                raise Conflict("this quote has no tags that could be confirmed; say what they are")
            values = {field: getattr(before.tags, field) for field in REVIEWED_FIELDS}
            self._decide(repo, study_id, quote_id, values, before, actor)

    def undo(self, quote_id: str) -> int:
        """Take back whatever people decided about a quote; how many decisions that were."""
        with self._store.write() as repo:
            return repo.reviews.undo(study_of_quote(repo, quote_id), QUOTE, quote_id, self._store.now())

    def undo_decision(self, decision_id: str) -> Decision:
        """Take back one decision about a quote, theme, opportunity or proposal; the decision as it is now. Raises `Conflict` if undone.

        With it go the decisions that would be half an action without it: all of a split, say, but one quote of those that were moved.
        """
        with self._store.write() as repo:
            study_id, decision = repo.reviews.decision(decision_id)
            if decision.target_type not in {*UNDONE_ALONE, *BOOK}:
                raise Conflict(f"this decision is about a {decision.target_type}; take it back where it was made")
            if decision.undone_at is not None:
                raise Conflict("this decision was taken back or replaced already")
            if decision.target_type in BOOK:
                take_back_decision(repo, self._store, study_id, decision)
            else:
                repo.reviews.undo(study_id, decision.target_type, decision.target_id, self._store.now(), [decision.field])
            return _told(repo.reviews.decision(decision_id)[1], repo.studies.stages(study_id))

    def decisions(
        self, study_id: str, target_type: str | None = None, *, cursor: str | None = None, limit: int = DECISIONS_PAGE
    ) -> DecisionPage:
        """A page of what people decided in a study, newest first, also what they took back or replaced."""
        if target_type is not None and target_type not in TARGETS:
            raise InvalidInput(f"there are no decisions about a “{target_type}”; use {', '.join(TARGETS)}")
        if not 1 <= limit <= MAX_DECISIONS_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_DECISIONS_PAGE} decisions, not {limit}")
        start = read_cursor(cursor)
        with self._store.read() as repo:
            repo.studies.get(study_id)
            found, total = repo.reviews.latest(study_id, target_type, start, limit)
            stages = repo.studies.stages(study_id)
        after = start + limit
        return DecisionPage(tuple(_told(d, stages) for d in found), total, str(after) if after < total else None)

    def reviewed(self, study_id: str) -> int:
        """How many quotes of a study people have looked at."""
        with self._store.read() as repo:
            return repo.reviews.count_decided(study_id, QUOTE)

    @staticmethod
    def _judged(repo: Repositories, study_id: str, quote_id: str, stages: Iterable[Stage]) -> Judged:
        run = shown_run(repo, study_id)
        return load_judged(repo, study_id, run.tagger_key if run else None, [quote_id], tuple(stages)).get(quote_id, Judged())

    def _decide(self, repo: Repositories, study_id: str, quote_id: str, values: Mapping[str, Any], before: Judged, actor: str) -> None:
        standing = before.decided
        new = {f: v for f, v in values.items() if f not in standing or (standing[f].value, standing[f].actor) != (v, actor)}
        at = self._store.now()
        repo.reviews.undo(study_id, QUOTE, quote_id, at, new.keys())
        for field, value in new.items():
            repo.reviews.decide(study_id, Decision(random_id(), QUOTE, quote_id, field, value, actor, at))


def _checked(field: str, value: Any, study_id: str, stages: Sequence[Stage]) -> Any:
    """A value as it is stored: a stage by its id; raises `InvalidInput` that names what is allowed."""
    if field == STAGE:
        meant = stage_called(study_id, stages, value) if isinstance(value, str) else None
        if meant is None:
            keys = ", ".join([*(stage.key for stage in stages), NO_STAGE])
            raise InvalidInput(f"there is no stage “{value or ''}” in this study; use {keys}")
        return meant
    if field == TOUCHPOINT:
        return clip(value, MAX_TEXT)
    allowed = ALLOWED.get(field)
    if allowed is None:
        raise InvalidInput(f"a quote has no “{field}” to decide about; use {', '.join(REVIEWED_FIELDS)}")
    if value not in allowed:
        raise InvalidInput(f"{field} cannot be “{'' if value is None else value}”; use {', '.join(map(str, allowed))}")
    return value


def _check_whole(decided: set[str], before: Judged) -> None:
    """A quote without tags gets them once people decided whatever no model said; a part of that would show nowhere."""
    needed = [STAGE] if before.proposed else [field for field in REVIEWED_FIELDS if field != TOUCHPOINT]
    if missing := [field for field in needed if field not in decided]:
        raise InvalidInput(f"this quote has no tags yet, so say all that it needs; still missing: {', '.join(missing)}")


def _told(decision: Decision, stages: Iterable[Stage]) -> Decision:
    """A decision as outsiders read it: they know a quote's stage by its key."""
    if decision.target_type != QUOTE or decision.field != STAGE:
        return decision
    key = {name: stage.key for stage in stages for name in (stage.id, *stage.absorbed)}.get(decision.value, decision.value)
    d = decision
    return Decision(d.id, d.target_type, d.target_id, d.field, key, d.actor, d.at, d.undone_at)
