"""Stages that a model proposes from the interviews, and how a study's own stages take them over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.stages import Stage
from app.domain.staging import StageDraft
from app.domain.tags import DEFAULT_STAGE_KEYS

STAGE_PROPOSAL = "stage_proposal"
"""What verdicts on proposed stages are about."""


class ProposalStatus(StrEnum):
    """How far a proposal is; what people said of it is a decision, and stands elsewhere."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self in {ProposalStatus.READY, ProposalStatus.FAILED}


class Mode(StrEnum):
    """What becomes of the stages that a study has."""

    REPLACE = "replace"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class ProposedStage:
    """A stage that a model proposed; `quote_ids` are quotes that it was shown and that show the stage."""

    key: str
    title: str
    definition: str
    base: tuple[str, ...]
    why: str
    quote_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How much a model was shown: quotes and interviews, of how many there were."""

    quotes: int
    of_quotes: int
    interviews: int
    of_interviews: int


@dataclass(frozen=True, slots=True)
class ProposalCost:
    """What asking took; `cost` is None where nobody named a price."""

    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class StageProposal:
    """One asking for stages: queued, read by a model, answered by people. `transcript_ids` are those whose words the model was shown."""

    id: str
    study_id: str
    status: ProposalStatus
    model: str
    prompt: str
    created_at: datetime
    ended_at: datetime | None = None
    error: str | None = None
    stages: tuple[ProposedStage, ...] = ()
    read: Reading = Reading(0, 0, 0, 0)
    transcript_ids: tuple[str, ...] = ()
    ungrounded: int = 0
    cost: ProposalCost = ProposalCost()


def takes_over(kept: Sequence[ProposedStage], present: Sequence[Stage]) -> dict[str, str]:
    """By id of each present stage the key of the proposed one that carries it on; those that none, or more than one, does are left out.

    A stage is carried on by the proposed one of its name, else by the only one that stands for all that it stands for.
    """
    found: dict[str, str] = {}
    for stage in present:
        same = [p.key for p in kept if stage.key == p.key or stage.title.casefold() == p.title.casefold()]
        alike = [p.key for p in kept if stage.base and set(stage.base) <= set(p.base)]
        if same:
            found[stage.id] = same[0]
        elif len(alike) == 1:
            found[stage.id] = alike[0]
    return found


def adopt(kept: Sequence[ProposedStage], present: Sequence[Stage], mode: Mode) -> list[StageDraft]:
    """The stages that a study will have; present ones that no draft names are removed.

    A proposed stage takes the place of a present one that it carries on, with its tags and what people decided; further ones that it
    carries on are merged into it. With `ADD` only one of the same name is redefined, and all others stay.
    """
    return _replaced(kept, present) if mode is Mode.REPLACE else _added(kept, present)


def _replaced(kept: Sequence[ProposedStage], present: Sequence[Stage]) -> list[StageDraft]:
    into = takes_over(kept, present)
    carried = {p.key: [s for s in present if into.get(s.id) == p.key] for p in kept}
    drafts: list[StageDraft] = []
    merged: list[StageDraft] = []
    for p in kept:
        own = _named(p, carried[p.key]) or next(iter(carried[p.key]), None)
        drafts.append(StageDraft(own.id if own else None, p.title, p.definition, p.base))
        merged += [StageDraft(s.id, s.title, merge_into=own.id) for s in carried[p.key] if own and s is not own]
    return [*drafts, *merged]


def _added(kept: Sequence[ProposedStage], present: Sequence[Stage]) -> list[StageDraft]:
    drafts = [StageDraft(s.id, s.title, s.definition, s.base) for s in present]
    at = 0
    for p in kept:
        own = _named(p, present)
        if own:
            place = next(n for n, draft in enumerate(drafts) if draft.id == own.id)
            drafts[place] = replace(drafts[place], title=p.title, definition=p.definition, base=p.base)
            at = place + 1
            continue
        at = _place(p, drafts) if p.base else at or len(drafts)
        drafts.insert(at, StageDraft(None, p.title, p.definition, p.base))
        at += 1
    return drafts


def _named(p: ProposedStage, present: Sequence[Stage]) -> Stage | None:
    return next((s for s in present if s.key == p.key), None) or next(
        (s for s in present if s.title.casefold() == p.title.casefold()), None
    )


def _place(p: ProposedStage, drafts: Sequence[StageDraft]) -> int:
    """Before the first stage that stands for later parts of the journey only."""
    last = max(map(DEFAULT_STAGE_KEYS.index, p.base))
    later = (n for n, draft in enumerate(drafts) if draft.base and min(map(DEFAULT_STAGE_KEYS.index, draft.base)) > last)
    return next(later, len(drafts))
