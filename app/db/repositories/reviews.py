"""What models suggested and what people decided."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, in_parts
from app.db.tables import (
    DecisionRow,
    SuggestionRow,
)
from app.domain.review import Decision, Suggestion


class Reviews(Scope):
    """Suggestions and decisions of one workspace."""

    def suggest(
        self, study_id: str, tagger_key: str, suggestions: Sequence[Suggestion], at: datetime, transcript_id: str | None = None
    ) -> None:
        """Append suggestions; one that this run already made of the same target stays."""
        if not suggestions:
            return
        first = suggestions[0]
        there = set(
            self.session.exec(
                select(SuggestionRow.target_id).where(
                    SuggestionRow.run_id == first.run_id,
                    SuggestionRow.target_type == first.target_type,
                    col(SuggestionRow.target_id).in_([s.target_id for s in suggestions]),
                )
            )
        )
        for s in suggestions:
            if s.target_id not in there:
                self.session.add(
                    SuggestionRow(
                        run_id=s.run_id,
                        target_type=s.target_type,
                        target_id=s.target_id,
                        workspace_id=self.workspace_id,
                        study_id=study_id,
                        transcript_id=transcript_id,
                        tagger_key=tagger_key,
                        source=s.source,
                        model=s.model,
                        prompt=s.prompt,
                        confidence=s.confidence,
                        payload=dict(s.payload),
                        created_at=at,
                    )
                )

    def suggestions(
        self, study_id: str, target_type: str, tagger_key: str, target_ids: Sequence[str] | None = None
    ) -> dict[str, Suggestion]:
        """The newest suggestion this tagger made of each target."""
        query = (
            self._mine(select(SuggestionRow), SuggestionRow)
            .where(SuggestionRow.study_id == study_id, SuggestionRow.target_type == target_type, SuggestionRow.tagger_key == tagger_key)
            .order_by(col(SuggestionRow.created_at), SuggestionRow.run_id)
        )
        found: dict[str, Suggestion] = {}
        for part in [None] if target_ids is None else in_parts(target_ids):
            for r in self.session.exec(query if part is None else query.where(col(SuggestionRow.target_id).in_(part))):
                found[r.target_id] = Suggestion(r.target_type, r.target_id, r.run_id, r.source, r.model, r.prompt, r.confidence, r.payload)
        return found

    def decide(self, study_id: str, decision: Decision) -> None:
        """Record what a person decided."""
        d = decision
        self.session.add(
            DecisionRow(
                id=d.id,
                workspace_id=self.workspace_id,
                study_id=study_id,
                target_type=d.target_type,
                target_id=d.target_id,
                field=d.field,
                value=d.value,
                actor=d.actor,
                at=d.at,
            )
        )

    def decisions(self, study_id: str, target_type: str, *, standing: bool = True) -> dict[str, list[Decision]]:
        """Standing decisions by target, or all that were ever made, oldest first."""
        query = self._mine(select(DecisionRow), DecisionRow).where(DecisionRow.study_id == study_id, DecisionRow.target_type == target_type)
        if standing:
            query = query.where(col(DecisionRow.undone_at).is_(None))
        rows = self.session.exec(query.order_by(col(DecisionRow.at), DecisionRow.id))
        found: dict[str, list[Decision]] = {}
        for r in rows:
            found.setdefault(r.target_id, []).append(
                Decision(r.id, r.target_type, r.target_id, r.field, r.value, r.actor, r.at, r.undone_at)
            )
        return found

    def undo(self, study_id: str, target_type: str, target_id: str, at: datetime) -> int:
        """Take back every standing decision about a target; how many there were."""
        rows = list(
            self.session.exec(
                self._mine(select(DecisionRow), DecisionRow).where(
                    DecisionRow.study_id == study_id,
                    DecisionRow.target_type == target_type,
                    DecisionRow.target_id == target_id,
                    col(DecisionRow.undone_at).is_(None),
                )
            )
        )
        for row in rows:
            row.undone_at = at
        return len(rows)

    def forget(self, target_ids: Sequence[str]) -> None:
        """Erase what was proposed and decided of these targets."""
        for part in in_parts(target_ids):
            for table in (SuggestionRow, DecisionRow):
                self.session.execute(sa.delete(table).where(col(table.target_id).in_(part)))
