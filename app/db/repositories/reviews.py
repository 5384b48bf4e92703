"""What models suggested and what people decided."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, among, in_parts, once
from app.db.tables import (
    DecisionRow,
    QuoteRow,
    SuggestionRow,
)
from app.domain.review import Decision, Suggestion
from app.errors import NotFound


class Reviews(Scope):
    """Suggestions and decisions of one workspace."""

    def suggest(
        self,
        study_id: str,
        tagger_key: str,
        suggestions: Sequence[Suggestion],
        at: datetime,
        transcript_id: str | None = None,
        *,
        anew: bool = False,
    ) -> None:
        """Append suggestions; one that this run already made of the same target stays, or with `anew` gives way."""
        if not suggestions:
            return
        first = suggestions[0]
        if anew:
            for part in in_parts([s.target_id for s in suggestions]):
                self.session.execute(
                    sa.delete(SuggestionRow).where(
                        col(SuggestionRow.run_id) == first.run_id,
                        col(SuggestionRow.target_type) == first.target_type,
                        col(SuggestionRow.target_id).in_(part),
                    )
                )
        there = set(
            self.session.exec(
                select(SuggestionRow.target_id).where(
                    SuggestionRow.run_id == first.run_id,
                    SuggestionRow.target_type == first.target_type,
                    col(SuggestionRow.target_id).in_([s.target_id for s in suggestions]),
                )
            )
        )
        rows = [
            {
                "run_id": s.run_id,
                "target_type": s.target_type,
                "target_id": s.target_id,
                "workspace_id": self.workspace_id,
                "study_id": study_id,
                "transcript_id": transcript_id,
                "tagger_key": tagger_key,
                "source": s.source,
                "model": s.model,
                "prompt": s.prompt,
                "confidence": s.confidence,
                "payload": dict(s.payload),
                "created_at": at,
            }
            for s in suggestions
            if s.target_id not in there
        ]
        if rows:
            self.session.execute(sa.insert(SuggestionRow), rows)  # one statement: a run writes a row for every quote

    def suggestions(
        self, study_id: str, target_type: str, tagger_key: str, target_ids: Sequence[str] | None = None
    ) -> dict[str, Suggestion]:
        """The newest suggestion this tagger made of each target."""
        r = SuggestionRow
        columns = [col(c) for c in (r.target_type, r.target_id, r.run_id, r.source, r.model, r.prompt, r.confidence, r.payload)]
        query = (
            sa.select(*columns)  # not whole rows: a large study has a suggestion for every one of its thousands of quotes
            .where(col(r.workspace_id) == self.workspace_id, col(r.study_id) == study_id)
            .where(col(r.target_type) == target_type, col(r.tagger_key) == tagger_key)
            .order_by(col(r.created_at), col(r.run_id))
        )
        # without ids it is mostly few of many thousands of rows that are wanted: the comparison has SQLite go by the index of targets
        query = query.where(col(r.target_id) > "" if target_ids is None else among(col(r.target_id), target_ids))
        return {told.target_id: Suggestion(*told) for told in self.session.execute(query)}

    def said(self, study_id: str, target_type: str, tagger_key: str, fields: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
        """These fields, which are texts or null, of the newest suggestion that this tagger made of each target: of thousands at once."""
        r = SuggestionRow
        query = (
            sa.select(col(r.target_id), *(col(r.payload)[field].as_string() for field in fields))
            .where(col(r.workspace_id) == self.workspace_id, col(r.study_id) == study_id)
            .where(col(r.target_type) == target_type, col(r.tagger_key) == tagger_key)
            .order_by(col(r.created_at), col(r.run_id))
        )
        return {target_id: tuple(values) for target_id, *values in self.session.execute(query)}

    def proposed_until(self, study_id: str, target_type: str, moments: Mapping[str, datetime]) -> dict[str, Suggestion]:
        """The newest suggestion that any tagger had made of each target (keys) when a person looked at it (values)."""
        query = (
            self._mine(select(SuggestionRow), SuggestionRow)
            .where(SuggestionRow.study_id == study_id, SuggestionRow.target_type == target_type)
            .order_by(col(SuggestionRow.created_at), SuggestionRow.run_id)
        )
        found: dict[str, Suggestion] = {}
        for part in in_parts(list(moments)):
            for r in self.session.exec(query.where(col(SuggestionRow.target_id).in_(part))):
                if r.created_at <= moments[r.target_id]:
                    found[r.target_id] = _suggestion(r)
        return found

    def taggers_of(self, study_id: str, target_type: str, target_ids: Sequence[str]) -> dict[str, set[str]]:
        """Keys of the taggers that made a suggestion of each target; targets of which none did are left out."""
        mine = (
            col(SuggestionRow.workspace_id) == self.workspace_id,
            col(SuggestionRow.study_id) == study_id,
            col(SuggestionRow.target_type) == target_type,
        )
        query = sa.select(col(SuggestionRow.target_id), col(SuggestionRow.tagger_key)).where(*mine)
        found: dict[str, set[str]] = {}
        for part in in_parts(target_ids):
            for target_id, tagger_key in self.session.execute(query.where(col(SuggestionRow.target_id).in_(part))):
                found.setdefault(target_id, set()).add(tagger_key)
        return found

    def judged_in(self, run_id: str, target_type: str) -> set[str]:
        """Ids of the targets of which this very run made a suggestion."""
        query = select(SuggestionRow.target_id).where(
            SuggestionRow.workspace_id == self.workspace_id, SuggestionRow.run_id == run_id, SuggestionRow.target_type == target_type
        )
        return set(self.session.exec(query))

    def proposed(self, study_id: str, target_type: str, target_ids: Sequence[str]) -> dict[str, list[tuple[datetime, Suggestion]]]:
        """Every suggestion that any tagger made of these targets with its time, oldest first."""
        query = (
            self._mine(select(SuggestionRow), SuggestionRow)
            .where(SuggestionRow.study_id == study_id, SuggestionRow.target_type == target_type)
            .order_by(col(SuggestionRow.created_at), SuggestionRow.run_id)
        )
        found: dict[str, list[tuple[datetime, Suggestion]]] = {}
        for part in in_parts(target_ids):
            for r in self.session.exec(query.where(col(SuggestionRow.target_id).in_(part))):
                found.setdefault(r.target_id, []).append((r.created_at, _suggestion(r)))
        return found

    def study_of(self, target_type: str, target_id: str) -> str | None:
        """The id of the study in which something was suggested of a target; None where nothing was."""
        mine = (col(SuggestionRow.workspace_id) == self.workspace_id, col(SuggestionRow.target_type) == target_type)
        query = sa.select(col(SuggestionRow.study_id)).where(*mine, col(SuggestionRow.target_id) == target_id)
        return self.session.execute(query).scalars().first()

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

    def decide_together(self, study_id: str, decisions: Sequence[Decision]) -> None:
        """Record what a person decided in one go; there may be thousands."""
        rows = [
            {
                "id": d.id,
                "workspace_id": self.workspace_id,
                "study_id": study_id,
                "target_type": d.target_type,
                "target_id": d.target_id,
                "field": d.field,
                "value": d.value,
                "actor": d.actor,
                "at": d.at,
            }
            for d in decisions
        ]
        if rows:
            self.session.execute(sa.insert(DecisionRow), rows)

    @once
    def decisions(
        self, study_id: str, target_type: str, *, standing: bool = True, target_id: str | None = None
    ) -> dict[str, list[Decision]]:
        """Standing decisions by target, or all that were ever made, oldest first; of one target where it is given."""
        d = DecisionRow
        kept = (d.id, d.target_type, d.target_id, d.field, d.value, d.actor, d.at, d.undone_at)
        query = sa.select(*(col(column) for column in kept)).where(  # no rows of classes: people may have placed thousands of quotes
            col(d.workspace_id) == self.workspace_id, col(d.study_id) == study_id, col(d.target_type) == target_type
        )
        if standing:
            query = query.where(col(d.undone_at).is_(None))
        if target_id is not None:
            query = query.where(col(d.target_id) == target_id)
        found: dict[str, list[Decision]] = {}
        for row in self.session.execute(query.order_by(col(d.at), col(d.id))):
            decision = Decision(*row)
            found.setdefault(decision.target_id, []).append(decision)
        return found

    def latest(self, study_id: str, target_type: str | None, offset: int, limit: int) -> tuple[list[Decision], int]:
        """Decisions of a study, standing or not, newest first from `offset`; and how many there are in all."""
        mine = [col(DecisionRow.workspace_id) == self.workspace_id, col(DecisionRow.study_id) == study_id]
        if target_type is not None:
            mine.append(col(DecisionRow.target_type) == target_type)
        newest = (col(DecisionRow.at).desc(), col(DecisionRow.id))
        rows = self.session.exec(select(DecisionRow).where(*mine).order_by(*newest).offset(offset).limit(limit))
        total = self.session.execute(sa.select(sa.func.count()).select_from(DecisionRow).where(*mine)).scalar_one()
        return [_decision(r) for r in rows], total

    def decision(self, decision_id: str) -> tuple[str, Decision]:
        """Study id and decision; raises `NotFound`."""
        row = self.session.exec(self._mine(select(DecisionRow), DecisionRow).where(DecisionRow.id == decision_id)).first()
        if row is None:
            raise NotFound(f"there is no decision “{decision_id}” here")
        return row.study_id, _decision(row)

    def count_decided(self, study_id: str, target_type: str) -> int:
        """How many targets people have a standing decision about."""
        targets = sa.select(sa.func.count(sa.distinct(col(DecisionRow.target_id)))).where(
            col(DecisionRow.workspace_id) == self.workspace_id,
            col(DecisionRow.study_id) == study_id,
            col(DecisionRow.target_type) == target_type,
            col(DecisionRow.undone_at).is_(None),
        )
        return int(self.session.execute(targets).scalar_one())

    @once
    def on_quotes(self, study_id: str) -> dict[str, int]:
        """By transcript how many decisions are in force about its quotes, whatever they say of them; those with none are left out."""
        mine = (col(DecisionRow.workspace_id) == self.workspace_id, col(DecisionRow.study_id) == study_id)
        said = (
            sa.select(col(QuoteRow.transcript_id), col(DecisionRow.target_type), col(DecisionRow.target_id), col(DecisionRow.field))
            .join(QuoteRow, col(QuoteRow.id) == col(DecisionRow.target_id))
            .where(*mine, col(DecisionRow.undone_at).is_(None))
            .distinct()
            .subquery()
        )
        counted = sa.select(said.c.transcript_id, sa.func.count()).group_by(said.c.transcript_id)
        return {transcript: int(count) for transcript, count in self.session.execute(counted)}

    @once
    def stamp(self, study_id: str, target_types: Sequence[str]) -> list[int]:
        """Decisions made and decisions undone so far: two numbers that only grow, and tell whether anything was decided since."""
        counted = sa.select(sa.func.count(), sa.func.count(col(DecisionRow.undone_at))).where(
            col(DecisionRow.workspace_id) == self.workspace_id,
            col(DecisionRow.study_id) == study_id,
            col(DecisionRow.target_type).in_(target_types),
        )
        return list(self.session.execute(counted).one())

    def undo(self, study_id: str, target_type: str, target_id: str, at: datetime, fields: Collection[str] | None = None) -> int:
        """Take back every standing decision about a target, or about these fields of it; how many there were."""
        query = self._mine(select(DecisionRow), DecisionRow).where(
            DecisionRow.study_id == study_id,
            DecisionRow.target_type == target_type,
            DecisionRow.target_id == target_id,
            col(DecisionRow.undone_at).is_(None),
        )
        rows = list(self.session.exec(query if fields is None else query.where(col(DecisionRow.field).in_(fields))))
        for row in rows:
            row.undone_at = at
        self.session.flush()
        return len(rows)

    def take_back(self, decision_ids: Sequence[str], at: datetime) -> None:
        """Undo these decisions; those that do not stand stay as they are."""
        for part in in_parts(decision_ids):
            standing = self._mine(select(DecisionRow), DecisionRow).where(
                col(DecisionRow.id).in_(part), col(DecisionRow.undone_at).is_(None)
            )
            for row in self.session.exec(standing):
                row.undone_at = at
        self.session.flush()

    def forget_all(self, study_id: str, target_type: str) -> None:
        """Erase what was proposed of anything of this kind in a study."""
        self.session.execute(
            sa.delete(SuggestionRow).where(
                col(SuggestionRow.workspace_id) == self.workspace_id,
                col(SuggestionRow.study_id) == study_id,
                col(SuggestionRow.target_type) == target_type,
            )
        )

    def forget_citing(self, study_id: str, target_types: Sequence[str], quote_ids: Collection[str]) -> None:
        """Erase what was proposed with `quote_ids` among which is any of these: sentences are made of their words."""
        r = SuggestionRow
        mine = (col(r.workspace_id) == self.workspace_id, col(r.study_id) == study_id, col(r.target_type).in_(target_types))
        gone = set(quote_ids)
        citing = [
            (run_id, target_type, target_id)
            for run_id, target_type, target_id, payload in self.session.execute(
                sa.select(col(r.run_id), col(r.target_type), col(r.target_id), col(r.payload)).where(*mine)
            )
            if not gone.isdisjoint(payload.get("quote_ids", ()))
        ]
        for run_id, target_type, target_id in citing:
            self.session.execute(
                sa.delete(r).where(*mine, col(r.run_id) == run_id, col(r.target_type) == target_type, col(r.target_id) == target_id)
            )

    def forget(self, target_ids: Sequence[str]) -> None:
        """Erase what was proposed and decided of these targets."""
        for part in in_parts(target_ids):
            for table in (SuggestionRow, DecisionRow):
                self.session.execute(sa.delete(table).where(col(table.target_id).in_(part)))


def _suggestion(r: SuggestionRow) -> Suggestion:
    return Suggestion(r.target_type, r.target_id, r.run_id, r.source, r.model, r.prompt, r.confidence, r.payload)


def _decision(r: DecisionRow) -> Decision:
    return Decision(r.id, r.target_type, r.target_id, r.field, r.value, r.actor, r.at, r.undone_at)
