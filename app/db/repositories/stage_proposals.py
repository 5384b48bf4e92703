"""Stages that a model was asked to propose."""

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope
from app.db.tables import StageProposalRow
from app.domain.stage_proposals import ProposalCost, ProposalStatus, ProposedStage, Reading, StageProposal
from app.errors import NotFound


class StageProposals(Scope):
    """Proposals of stages of one workspace."""

    def add(self, proposal: StageProposal) -> None:
        """Store a new one."""
        self.session.add(
            StageProposalRow(
                id=proposal.id,
                workspace_id=self.workspace_id,
                study_id=proposal.study_id,
                status=proposal.status.value,
                model=proposal.model,
                prompt=proposal.prompt,
                stages=[],
                transcript_ids=[],
                created_at=proposal.created_at,
            )
        )
        self.session.flush()

    def get(self, proposal_id: str) -> StageProposal:
        """One proposal; raises `NotFound`."""
        return _proposal(self._row(proposal_id))

    def of_study(self, study_id: str) -> list[StageProposal]:
        """A study's proposals, newest first."""
        query = self._mine(select(StageProposalRow), StageProposalRow).where(StageProposalRow.study_id == study_id)
        return [_proposal(r) for r in self.session.exec(query.order_by(col(StageProposalRow.created_at).desc(), StageProposalRow.id))]

    def unfinished(self) -> list[str]:
        """Ids of those that are queued or being read, of every study."""
        open_ = [status.value for status in ProposalStatus if not status.ended]
        query = self._mine(select(StageProposalRow), StageProposalRow).where(col(StageProposalRow.status).in_(open_))
        return [row.id for row in self.session.exec(query)]

    def begin(self, proposal_id: str) -> None:
        """Say that a worker is at it."""
        self._row(proposal_id).status = ProposalStatus.RUNNING.value
        self.session.flush()

    def end(self, proposal: StageProposal) -> None:
        """Store what came of it."""
        row = self._row(proposal.id)
        row.status = proposal.status.value
        row.stages = [asdict(stage) for stage in proposal.stages]
        row.transcript_ids = list(proposal.transcript_ids)
        row.quotes, row.of_quotes, row.of_interviews = proposal.read.quotes, proposal.read.of_quotes, proposal.read.of_interviews
        cost = proposal.cost
        row.calls, row.cached, row.tokens_in, row.tokens_out, row.cost = (
            cost.calls,
            cost.cached,
            cost.tokens_in,
            cost.tokens_out,
            cost.cost,
        )
        row.ungrounded, row.error, row.ended_at = proposal.ungrounded, proposal.error, proposal.ended_at
        self.session.flush()

    def erase(self, proposal_ids: Sequence[str]) -> None:
        """Erase these."""
        self.session.execute(
            sa.delete(StageProposalRow).where(
                col(StageProposalRow.workspace_id) == self.workspace_id, col(StageProposalRow.id).in_(proposal_ids)
            )
        )

    def erase_about(self, study_id: str, transcript_id: str) -> None:
        """Erase those for which a model was shown words of this transcript: what it wrote may repeat them."""
        self.erase([p.id for p in self.of_study(study_id) if transcript_id in p.transcript_ids])

    def _row(self, proposal_id: str) -> StageProposalRow:
        row = self.session.exec(self._mine(select(StageProposalRow), StageProposalRow).where(StageProposalRow.id == proposal_id)).first()
        if row is None:
            raise NotFound(f"there are no proposed stages “{proposal_id}” here")
        return row


def _proposal(r: StageProposalRow) -> StageProposal:
    return StageProposal(
        id=r.id,
        study_id=r.study_id,
        status=ProposalStatus(r.status),
        model=r.model,
        prompt=r.prompt,
        created_at=r.created_at,
        ended_at=r.ended_at,
        error=r.error,
        stages=tuple(ProposedStage(**{**s, "base": tuple(s["base"]), "quote_ids": tuple(s["quote_ids"])}) for s in r.stages),
        read=Reading(r.quotes, r.of_quotes, len(r.transcript_ids), r.of_interviews),
        transcript_ids=tuple(r.transcript_ids),
        ungrounded=r.ungrounded,
        cost=ProposalCost(r.calls, r.cached, r.tokens_in, r.tokens_out, r.cost),
    )
