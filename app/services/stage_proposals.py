"""Stages that a model proposed, with the quotes that show them, and what people make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.db.repositories import Repositories
from app.domain.actions import ACCEPTED, REJECTED, VERDICT
from app.domain.render import Audience
from app.domain.review import Decision, fold
from app.domain.stage_proposals import STAGE_PROPOSAL, Mode, ProposalStatus, ProposedStage, StageProposal, adopt, takes_over
from app.domain.stages import Stage
from app.domain.staging import StageDraft
from app.errors import Conflict, InvalidInput
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.quotes import shown_run
from app.services.store import Store, random_id

SHOWN = 10
"""Proposals of a study that are listed, the newest."""


@dataclass(frozen=True, slots=True)
class StageChoice:
    """A proposed stage that somebody keeps, by its key; words of None stay as proposed."""

    key: str
    title: str | None = None
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class ProposedSeen:
    """A proposed stage with the quotes that show it, and the present stages that it would carry on where all proposed ones are kept."""

    stage: ProposedStage
    quotes: tuple[ShownQuote, ...]
    carries_on: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class ProposalSeen:
    """A proposal with its evidence; `verdict` is what people said of it, None as long as it is open. `present` are the study's stages."""

    proposal: StageProposal
    verdict: str | None
    stages: tuple[ProposedSeen, ...]
    present: tuple[Stage, ...]

    @property
    def open(self) -> bool:
        """Whether it waits for people."""
        return self.proposal.status is ProposalStatus.READY and self.verdict is None


class StageProposals:
    """Use cases around stages that a model proposed."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def newest(self, study_id: str) -> tuple[StageProposal, str | None] | None:
        """A study's newest proposal and what people said of it, without its evidence; None where nobody asked for one."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            found = next(iter(repo.stage_proposals.of_study(study_id)), None)
            return (found, _verdict(repo, found)) if found else None

    def ids(self, study_id: str) -> list[str]:
        """Ids of all that were asked for in a study."""
        with self._store.read() as repo:
            return [p.id for p in repo.stage_proposals.of_study(study_id)]

    def of_study(self, study_id: str, most: int = SHOWN) -> list[ProposalSeen]:
        """A study's proposals, newest first; raises `NotFound`."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return self._seen(repo, study_id, repo.stage_proposals.of_study(study_id)[:most])

    def get(self, proposal_id: str) -> ProposalSeen:
        """One proposal; raises `NotFound`."""
        with self._store.read() as repo:
            found = repo.stage_proposals.get(proposal_id)
            return self._seen(repo, found.study_id, [found])[0]

    def drafts(self, proposal_id: str, chosen: Sequence[StageChoice] | None, mode: Mode) -> tuple[str, list[StageDraft]]:
        """The study, and the stages that it would have with what was chosen (None: all); see `adopt`.

        Raises `NotFound`, `InvalidInput` for what was not proposed, and `Conflict` for a proposal that is not open.
        """
        with self._store.read() as repo:
            proposal = self._open(repo, proposal_id)
            present = repo.studies.stages(proposal.study_id)
        kept = proposal.stages if chosen is None else _kept(proposal, chosen)
        if not kept:
            raise InvalidInput("no stage was kept; keep at least one, or dismiss the proposal")
        if len({stage.title.casefold() for stage in kept}) < len(kept):
            raise InvalidInput("two of these stages have the same name; give each its own")
        return proposal.study_id, adopt(kept, present, mode)

    def accept(self, proposal_id: str, *, actor: str) -> None:
        """Remember that stages were taken over; raises `Conflict` for a proposal that is not open."""
        self._answer(proposal_id, ACCEPTED, actor)

    def dismiss(self, proposal_id: str, *, actor: str) -> None:
        """Remember that none of it is wanted; raises `Conflict` for a proposal that is not open."""
        self._answer(proposal_id, REJECTED, actor)

    def check_open(self, proposal_id: str) -> None:
        """Raise `Conflict` for a proposal that is not open, `NotFound` for none."""
        with self._store.read() as repo:
            self._open(repo, proposal_id)

    def _answer(self, proposal_id: str, verdict: str, actor: str) -> None:
        with self._store.write() as repo:
            proposal = self._open(repo, proposal_id)
            said = Decision(random_id(), STAGE_PROPOSAL, proposal.id, VERDICT, {"verdict": verdict}, actor, self._store.now())
            repo.reviews.decide(proposal.study_id, said)

    @staticmethod
    def _open(repo: Repositories, proposal_id: str) -> StageProposal:
        proposal = repo.stage_proposals.get(proposal_id)
        if proposal.status is not ProposalStatus.READY:
            raise Conflict("there are no stages in this proposal to be answered; it is being worked on, or it failed")
        if _verdict(repo, proposal):
            raise Conflict("this proposal was answered already")
        return proposal

    def _seen(self, repo: Repositories, study_id: str, proposals: Sequence[StageProposal]) -> list[ProposalSeen]:
        verdicts = _verdicts(repo, study_id)
        present = repo.studies.stages(study_id)
        wanted = dict.fromkeys(q for p in proposals for stage in p.stages for q in stage.quote_ids)
        shown = Presenter(repo, study_id, shown_run(repo, study_id), self._privacy, Audience.OWNER).show(list(wanted)) if wanted else {}
        return [ProposalSeen(p, verdicts.get(p.id), _stages_seen(p, shown, present), present) for p in proposals]


def _stages_seen(proposal: StageProposal, shown: Mapping[str, ShownQuote], present: Sequence[Stage]) -> tuple[ProposedSeen, ...]:
    into = takes_over(proposal.stages, present)
    return tuple(
        ProposedSeen(
            stage,
            tuple(shown[q] for q in stage.quote_ids if q in shown),
            tuple(s for s in present if into.get(s.id) == stage.key),
        )
        for stage in proposal.stages
    )


def _kept(proposal: StageProposal, chosen: Sequence[StageChoice]) -> list[ProposedStage]:
    """What was chosen, in the words that people gave it and in the order of the journey."""
    by_key = {stage.key: stage for stage in proposal.stages}
    wanted = {choice.key: choice for choice in chosen}
    if unknown := wanted.keys() - by_key.keys():
        raise InvalidInput(f"no stage “{min(unknown)}” was proposed; choose among {', '.join(by_key)}")
    kept = []
    for key, stage in by_key.items():
        if choice := wanted.get(key):
            title = stage.title if choice.title is None else choice.title.strip()
            definition = stage.definition if choice.definition is None else choice.definition.strip()
            kept.append(replace(stage, title=title, definition=definition))
    return kept


def _verdicts(repo: Repositories, study_id: str) -> dict[str, str]:
    return {key: str(fold({}, made)[VERDICT]["verdict"]) for key, made in repo.reviews.decisions(study_id, STAGE_PROPOSAL).items()}


def _verdict(repo: Repositories, proposal: StageProposal) -> str | None:
    return _verdicts(repo, proposal.study_id).get(proposal.id)
