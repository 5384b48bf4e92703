"""Runs, their progress, gaps, suggestions, and cached replies and vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, in_parts
from app.db.tables import (
    DecisionRow,
    GapRow,
    QuoteRow,
    ReplyRow,
    ReplyTranscriptRow,
    RunRow,
    StepItemRow,
    StepRow,
    SuggestionRow,
    VectorRow,
)
from app.domain.review import Decision, Suggestion
from app.domain.runs import Gap, Run, RunInputs, RunStatus, StageProgress
from app.errors import NotFound
from app.ports import Encoding, Usage

STEPS = ("segment", "embed", "tag", "cluster", "name", "write", "assemble")


class Runs(Scope):
    """Runs of one workspace."""

    def add(self, run: Run) -> None:
        """Store a new run."""
        self.session.add(
            RunRow(
                id=run.id,
                workspace_id=self.workspace_id,
                study_id=run.study_id,
                status=run.status,
                tagger=run.tagger,
                model=run.model,
                prompt=run.prompt,
                tagger_key=run.tagger_key,
                inputs=asdict(run.inputs),
                created_at=run.created_at,
            )
        )
        self.session.flush()

    def get(self, run_id: str) -> Run:
        """One run with progress and gaps; raises `NotFound`."""
        return self._runs([self._row(run_id)])[0]

    def of_study(self, study_id: str) -> list[Run]:
        """A study's runs, newest first."""
        rows = self.session.exec(
            self._mine(select(RunRow), RunRow).where(RunRow.study_id == study_id).order_by(col(RunRow.created_at).desc(), col(RunRow.id))
        )
        return self._runs(list(rows))

    def latest(self, study_ids: Sequence[str]) -> dict[str, Run]:
        """The newest run of each study."""
        newest = (
            sa.select(col(RunRow.study_id), sa.func.max(col(RunRow.created_at)).label("at"))
            .where(col(RunRow.study_id).in_(study_ids))
            .group_by(col(RunRow.study_id))
            .subquery()
        )
        rows = self.session.exec(
            self._mine(select(RunRow), RunRow).join(
                newest, sa.and_(col(RunRow.study_id) == newest.c.study_id, col(RunRow.created_at) == newest.c.at)
            )
        )
        return {run.study_id: run for run in self._runs(list(rows))}

    def in_status(self, statuses: Iterable[RunStatus]) -> list[tuple[str, int]]:
        """Ids and attempts of all runs in one of these states, oldest first."""
        rows = self.session.exec(
            self._mine(select(RunRow), RunRow).where(col(RunRow.status).in_(list(statuses))).order_by(col(RunRow.created_at))
        )
        return [(row.id, row.attempt) for row in rows]

    def set_status(self, run_id: str, status: RunStatus, at: datetime, error: str | None = None) -> None:
        """Move a run on; `at` becomes its start or end."""
        row = self._row(run_id)
        row.status = status
        row.error = error
        if status is RunStatus.RUNNING:
            row.started_at = row.started_at or at
            row.ended_at = None
        elif status.ended:
            row.ended_at = at

    def next_attempt(self, run_id: str) -> int:
        """Count one more attempt."""
        row = self._row(run_id)
        row.attempt += 1
        row.status = RunStatus.QUEUED
        row.ended_at = None
        row.error = None
        return row.attempt

    def spend(self, run_id: str, usage: Usage, ungrounded: int = 0) -> None:
        """Add what was really spent; safe under concurrent jobs."""
        self.session.execute(
            sa.update(RunRow)
            .where(col(RunRow.id) == run_id)
            .values(
                calls=RunRow.calls + usage.calls,
                cached=RunRow.cached + usage.cached,
                tokens_in=RunRow.tokens_in + usage.tokens_in,
                tokens_out=RunRow.tokens_out + usage.tokens_out,
                ungrounded=RunRow.ungrounded + ungrounded,
            )
        )

    def set_total(self, run_id: str, step: str, items: Sequence[str]) -> None:
        """How many items a stage has: these, and those done in an earlier attempt."""
        before = self.session.exec(select(StepItemRow.item).where(StepItemRow.run_id == run_id, StepItemRow.name == step))
        total = len({*before, *items})
        row = self.session.get(StepRow, (run_id, step))
        if row is None:
            self.session.add(StepRow(run_id=run_id, name=step, workspace_id=self.workspace_id, total=total))
        else:
            row.total = total
        self.session.flush()

    def done(self, run_id: str, step: str, item: str) -> None:
        """Mark an item as done, once."""
        if self.session.get(StepItemRow, (run_id, step, item)) is None:
            self.session.add(StepItemRow(run_id=run_id, name=step, item=item, workspace_id=self.workspace_id))

    def add_gap(self, run_id: str, gap: Gap) -> None:
        """Record or restate a gap."""
        row = self.session.get(GapRow, (run_id, gap.item))
        if row is None:
            row = GapRow(run_id=run_id, item=gap.item, workspace_id=self.workspace_id, what=gap.what, reason=gap.reason)
            self.session.add(row)
        row.what, row.reason, row.quotes = gap.what, gap.reason, gap.quotes

    def close_gap(self, run_id: str, item: str) -> None:
        """The item was done after all."""
        row = self.session.get(GapRow, (run_id, item))
        if row is not None:
            self.session.delete(row)

    def _row(self, run_id: str) -> RunRow:
        row = self.session.exec(self._mine(select(RunRow), RunRow).where(RunRow.id == run_id)).first()
        if row is None:
            raise NotFound(f"there is no run “{run_id}” here")
        return row

    def _runs(self, rows: Sequence[RunRow]) -> list[Run]:
        ids = [row.id for row in rows]
        totals = {(s.run_id, s.name): s.total for s in self.session.exec(select(StepRow).where(col(StepRow.run_id).in_(ids)))}
        counted = self.session.execute(
            sa.select(col(StepItemRow.run_id), col(StepItemRow.name), sa.func.count())
            .where(col(StepItemRow.run_id).in_(ids))
            .group_by(col(StepItemRow.run_id), col(StepItemRow.name))
        )
        done = {(run_id, name): n for run_id, name, n in counted}
        gaps: dict[str, list[Gap]] = {}
        for g in self.session.exec(select(GapRow).where(col(GapRow.run_id).in_(ids)).order_by(GapRow.item)):
            gaps.setdefault(g.run_id, []).append(Gap(g.item, g.what, g.reason, g.quotes))
        return [
            _run(
                row,
                tuple(StageProgress(s, done.get((row.id, s), 0), totals.get((row.id, s))) for s in STEPS),
                tuple(gaps.get(row.id, ())),
            )
            for row in rows
        ]


def _run(row: RunRow, progress: tuple[StageProgress, ...], gaps: tuple[Gap, ...]) -> Run:
    inputs = row.inputs
    return Run(
        id=row.id,
        study_id=row.study_id,
        status=RunStatus(row.status),
        tagger=row.tagger,
        model=row.model,
        prompt=row.prompt,
        tagger_key=row.tagger_key,
        inputs=RunInputs(
            transcript_ids=tuple(inputs["transcript_ids"]),
            stage_ids=tuple(inputs["stage_ids"]),
            roles=dict(inputs["roles"]),
            codebook_version=inputs["codebook_version"],
            window_size=inputs["window_size"],
            segmenter=inputs["segmenter"],
        ),
        attempt=row.attempt,
        calls=row.calls,
        cached=row.cached,
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        ungrounded=row.ungrounded,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        progress=progress,
        gaps=gaps,
    )


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

    def decisions(self, study_id: str, target_type: str) -> dict[str, list[Decision]]:
        """Standing decisions by target, oldest first."""
        rows = self.session.exec(
            self._mine(select(DecisionRow), DecisionRow)
            .where(DecisionRow.study_id == study_id, DecisionRow.target_type == target_type, col(DecisionRow.undone_at).is_(None))
            .order_by(col(DecisionRow.at), DecisionRow.id)
        )
        found: dict[str, list[Decision]] = {}
        for r in rows:
            found.setdefault(r.target_id, []).append(
                Decision(r.id, r.target_type, r.target_id, r.field, r.value, r.actor, r.at, r.undone_at)
            )
        return found

    def forget(self, target_ids: Sequence[str]) -> None:
        """Erase what was proposed and decided of these targets."""
        for part in in_parts(target_ids):
            for table in (SuggestionRow, DecisionRow):
                self.session.execute(sa.delete(table).where(col(table.target_id).in_(part)))


class Cache(Scope):
    """Vectors and model replies that need not be computed again."""

    def vectors(self, hashes: Sequence[str], model: str) -> dict[str, Encoding]:
        """Cached forward passes by hash of the words; one row each."""
        found: dict[str, Encoding] = {}
        for part in in_parts(list(dict.fromkeys(hashes))):
            query = self._mine(select(VectorRow), VectorRow).where(VectorRow.model == model, col(VectorRow.text_sha256).in_(part))
            for row in self.session.exec(query):
                found[row.text_sha256] = Encoding(
                    np.frombuffer(row.vector, dtype=np.float32)[None, :], np.frombuffer(row.hidden, dtype=np.float16)[None, :]
                )
        return found

    def known_vectors(self, hashes: Sequence[str], model: str) -> set[str]:
        """Which hashes have a vector."""
        known: set[str] = set()
        for part in in_parts(list(dict.fromkeys(hashes))):
            query = select(VectorRow.text_sha256).where(
                VectorRow.workspace_id == self.workspace_id, VectorRow.model == model, col(VectorRow.text_sha256).in_(part)
            )
            known.update(self.session.exec(query))
        return known

    def store_vectors(self, hashes: Sequence[str], model: str, encoding: Encoding) -> None:
        """Store rows of `encoding` (n) under n hashes; those already there stay."""
        known = self.known_vectors(hashes, model)
        for text_sha256, vector, hidden in zip(hashes, encoding.vectors, encoding.hidden, strict=True):
            if text_sha256 not in known:
                known.add(text_sha256)
                self.session.add(
                    VectorRow(
                        workspace_id=self.workspace_id,
                        text_sha256=text_sha256,
                        model=model,
                        vector=vector.astype(np.float32).tobytes(),
                        hidden=hidden.astype(np.float16).tobytes(),
                    )
                )

    def drop_unused_vectors(self) -> None:
        """Erase vectors of words that no quote holds any more."""
        self.session.execute(
            sa.delete(VectorRow).where(
                col(VectorRow.workspace_id) == self.workspace_id,
                ~sa.exists().where(col(QuoteRow.sha256) == col(VectorRow.text_sha256), col(QuoteRow.workspace_id) == self.workspace_id),
            )
        )

    def reply(self, key: str) -> Any | None:
        """A cached reply, or None."""
        row = self.session.get(ReplyRow, (key, self.workspace_id))
        return row.reply if row else None

    def store_reply(
        self, key: str, *, task: str, prompt: str, model: str, reply: Any, usage: Usage, transcript_ids: Sequence[str], at: datetime
    ) -> None:
        """Remember a reply and whose words it was about."""
        if self.session.get(ReplyRow, (key, self.workspace_id)) is not None:
            return
        self.session.add(
            ReplyRow(
                key=key,
                workspace_id=self.workspace_id,
                task=task,
                prompt=prompt,
                model=model,
                reply=reply,
                tokens_in=usage.tokens_in,
                tokens_out=usage.tokens_out,
                created_at=at,
            )
        )
        self.session.flush()
        for transcript_id in sorted(set(transcript_ids)):
            self.session.add(ReplyTranscriptRow(key=key, workspace_id=self.workspace_id, transcript_id=transcript_id))

    def drop_replies_about(self, transcript_ids: Sequence[str]) -> None:
        """Erase cached replies about these transcripts."""
        keys = sa.select(col(ReplyTranscriptRow.key)).where(col(ReplyTranscriptRow.transcript_id).in_(transcript_ids))
        self.session.execute(sa.delete(ReplyRow).where(col(ReplyRow.workspace_id) == self.workspace_id, col(ReplyRow.key).in_(keys)))
