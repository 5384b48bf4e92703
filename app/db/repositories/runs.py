"""Runs, their progress and gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, once
from app.db.tables import (
    GapRow,
    RunRow,
    SpendRow,
    StepItemRow,
    StepRow,
)
from app.domain.runs import Gap, Run, RunInputs, RunStatus, Spent, StageProgress
from app.errors import NotFound
from app.ports import Usage

DREW = (RunStatus.SUCCEEDED.value, RunStatus.PARTIAL.value)
STEPS = ("segment", "embed", "redact", "tag", "cluster", "draft", "assign", "write", "check", "assemble")


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

    @once
    def get(self, run_id: str) -> Run:
        """One run with progress and gaps; raises `NotFound`."""
        return self._runs([self._row(run_id)])[0]

    @once
    def bare(self, run_id: str) -> Run:
        """One run without progress, gaps and costs, for steps that ask often; raises `NotFound`."""
        return _run(self._row(run_id), (), (), ())

    @once
    def of_study(self, study_id: str) -> list[Run]:
        """A study's runs, newest first."""
        rows = self.session.exec(
            self._mine(select(RunRow), RunRow).where(RunRow.study_id == study_id).order_by(col(RunRow.created_at).desc(), col(RunRow.id))
        )
        return self._runs(list(rows))

    @once
    def newest(self, study_id: str, *, drawn: bool = False) -> Run | None:
        """A study's newest run, or with `drawn` the newest that ended with a map, without progress, gaps and costs; None where none is."""
        query = self._mine(select(RunRow), RunRow).where(RunRow.study_id == study_id)
        if drawn:
            query = query.where(col(RunRow.status).in_(DREW))
        row = self.session.exec(query.order_by(col(RunRow.created_at).desc(), col(RunRow.id)).limit(1)).first()
        return _run(row, (), (), ()) if row else None

    @once
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

    def note(self, run_id: str, **notes: Any) -> None:
        """Lay JSON by name over what the run has noted; called again with the same it changes nothing."""
        row = self._row(run_id)
        row.notes = {**(row.notes or {}), **notes}
        self.session.add(row)

    def next_attempt(self, run_id: str) -> int:
        """Count one more attempt."""
        row = self._row(run_id)
        row.attempt += 1
        row.status = RunStatus.QUEUED
        row.ended_at = None
        row.error = None
        return row.attempt

    def spend(self, run_id: str, spend_id: str, task: str, prompt: str, usage: Usage, *, cost: float | None, ungrounded: int = 0) -> None:
        """Add what was really spent on a task, under a new id; safe under concurrent jobs."""
        if usage.calls or usage.cached:
            self.session.execute(
                sa.insert(SpendRow).values(
                    id=spend_id,
                    workspace_id=self.workspace_id,
                    run_id=run_id,
                    task=task,
                    prompt=prompt,
                    model=sa.select(col(RunRow.model)).where(col(RunRow.id) == run_id).scalar_subquery(),
                    calls=usage.calls,
                    cached=usage.cached,
                    tokens_in=usage.tokens_in,
                    tokens_out=usage.tokens_out,
                    characters=usage.characters,
                    cost=cost,
                )
            )
        self.session.execute(
            sa.update(RunRow)
            .where(col(RunRow.id) == run_id, col(RunRow.workspace_id) == self.workspace_id)
            .values(
                calls=RunRow.calls + usage.calls,
                cached=RunRow.cached + usage.cached,
                tokens_in=RunRow.tokens_in + usage.tokens_in,
                tokens_out=RunRow.tokens_out + usage.tokens_out,
                ungrounded=RunRow.ungrounded + ungrounded,
            )
            .execution_options(synchronize_session=False)
        )

    def tokens_per_character(self, model: str) -> dict[str, float]:
        """By task how many tokens a character of a request has cost with this model so far; without tasks it was never asked for."""
        sums = sa.select(col(SpendRow.task), sa.func.sum(col(SpendRow.tokens_in)), sa.func.sum(col(SpendRow.characters)))
        mine = sums.where(col(SpendRow.workspace_id) == self.workspace_id, col(SpendRow.model) == model).group_by(col(SpendRow.task))
        return {task: tokens / characters for task, tokens, characters in self.session.execute(mine) if characters}

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

    def close_gaps(self, run_id: str, prefix: str) -> None:
        """Forget the gaps whose items begin so."""
        mine = [col(GapRow.run_id) == run_id, col(GapRow.workspace_id) == self.workspace_id]
        self.session.execute(sa.delete(GapRow).where(*mine, col(GapRow.item).startswith(prefix, autoescape=True)))

    def _row(self, run_id: str) -> RunRow:
        row = self.session.exec(self._mine(select(RunRow), RunRow).where(RunRow.id == run_id)).first()
        if row is None:
            raise NotFound(f"there is no run “{run_id}” here")
        return row

    def _runs(self, rows: Sequence[RunRow]) -> list[Run]:
        told = self._told([row.id for row in rows])
        return [_run(row, *told[row.id]) for row in rows]

    @once
    def _told(self, ids: Sequence[str]) -> dict[str, tuple[tuple[StageProgress, ...], tuple[Gap, ...], tuple[Spent, ...]]]:
        """By run its progress, gaps and costs."""
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
        spent = self._spent(ids)
        return {
            run_id: (
                tuple(StageProgress(s, done.get((run_id, s), 0), totals.get((run_id, s))) for s in STEPS),
                tuple(gaps.get(run_id, ())),
                tuple(spent.get(run_id, ())),
            )
            for run_id in ids
        }

    def _spent(self, run_ids: Sequence[str]) -> dict[str, list[Spent]]:
        """By run what each prompt cost, in the order of their names."""
        amounts = [col(c) for c in (SpendRow.calls, SpendRow.cached, SpendRow.tokens_in, SpendRow.tokens_out, SpendRow.cost)]
        named = [col(c) for c in (SpendRow.run_id, SpendRow.task, SpendRow.prompt)]
        rows = self.session.execute(
            sa.select(*named, *map(sa.func.sum, amounts)).where(col(SpendRow.run_id).in_(run_ids)).group_by(*named).order_by(*named)
        )
        spent: dict[str, list[Spent]] = {}
        for run_id, task, prompt, calls, cached, tokens_in, tokens_out, cost in rows:
            spent.setdefault(run_id, []).append(Spent(task, prompt, int(calls), int(cached), int(tokens_in), int(tokens_out), cost))
        return spent


def _run(row: RunRow, progress: tuple[StageProgress, ...], gaps: tuple[Gap, ...], spent: tuple[Spent, ...]) -> Run:
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
            retag=inputs.get("retag", False),
            recode=inputs.get("recode", False),
            check=inputs.get("check", False),
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
        spent=spent,
        notes=row.notes or {},
    )
