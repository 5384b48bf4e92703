"""Studies and their stages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, once
from app.db.tables import ParticipantRow, QuoteRow, SpeakerRow, StageRow, StudyRow, TranscriptRow, WorkspaceRow
from app.domain.people import Role
from app.domain.stages import Stage
from app.domain.study import Study, StudyCounts
from app.errors import NotFound

ABSORBED = -1
"""The position of a stage that is part of another: it is kept, so that it can be taken out again, but is no column."""


def _study(row: StudyRow) -> Study:
    return Study(row.id, row.key, row.name, row.question, row.product, row.template, row.codebook_version, row.created_at, row.redact)


class Studies(Scope):
    """Studies of one workspace."""

    def ensure_workspace(self, now: datetime) -> None:
        """Create the workspace if it is not there yet."""
        if self.session.get(WorkspaceRow, self.workspace_id) is None:
            self.session.add(WorkspaceRow(id=self.workspace_id, name=self.workspace_id, created_at=now))
            self.session.flush()

    def add(self, study: Study) -> None:
        """Store a new study."""
        self.session.add(
            StudyRow(
                id=study.id,
                workspace_id=self.workspace_id,
                key=study.key,
                name=study.name,
                question=study.question,
                product=study.product,
                template=study.template,
                codebook_version=study.codebook_version,
                redact=study.redact,
                created_at=study.created_at,
            )
        )
        self.session.flush()

    @once
    def get(self, study_id: str) -> Study:
        """One study; raises `NotFound`."""
        return _study(self._row(study_id))

    def find(self, study_id: str) -> Study | None:
        """One study, or None."""
        row = self.session.exec(self._mine(select(StudyRow), StudyRow).where(StudyRow.id == study_id)).first()
        return _study(row) if row else None

    def update(self, study_id: str, *, name: str, question: str | None, product: str | None) -> None:
        """Rename a study or restate its question."""
        row = self._row(study_id)
        row.name, row.question, row.product = name, question, product

    def set_redact(self, study_id: str, redact: bool) -> None:  # noqa: FBT001  # the switch's new position is all there is to say
        """Turn the replacing of personal data on or off."""
        self._row(study_id).redact = redact

    def bump_codebook(self, study_id: str) -> int:
        """Next version of the code book."""
        row = self._row(study_id)
        row.codebook_version += 1
        return row.codebook_version

    def all(self) -> list[Study]:
        """All studies, newest first."""
        rows = self.session.exec(self._mine(select(StudyRow), StudyRow).order_by(col(StudyRow.created_at).desc(), StudyRow.id))
        return [_study(row) for row in rows]

    def delete(self, study_id: str) -> None:
        """Remove a study with everything in it."""
        self.session.delete(self._row(study_id))
        self.session.flush()

    @once
    def counts(self, study_ids: Sequence[str]) -> dict[str, StudyCounts]:
        """How much each study holds; three queries whatever their number."""
        of_study = {}
        for name, study, query in (
            ("transcripts", col(TranscriptRow.study_id), sa.select(col(TranscriptRow.study_id), sa.func.count())),
            ("participants", col(ParticipantRow.study_id), _speaking()),
            ("quotes", col(TranscriptRow.study_id), _quoted()),
        ):
            of_study[name] = dict(self.session.execute(query.where(study.in_(study_ids)).group_by(study)).all())
        return {
            s: StudyCounts(of_study["transcripts"].get(s, 0), of_study["participants"].get(s, 0), of_study["quotes"].get(s, 0))
            for s in study_ids
        }

    @once
    def stages(self, study_id: str) -> tuple[Stage, ...]:
        """Stages in the order of the columns."""
        return self._stages(study_id, col(StageRow.position) >= 0)

    @once
    def absorbed(self, study_id: str) -> tuple[Stage, ...]:
        """Stages that were merged into others, as they were."""
        return self._stages(study_id, col(StageRow.position) < 0)

    def _stages(self, study_id: str, which: sa.ColumnElement[bool]) -> tuple[Stage, ...]:
        mine = self._mine(select(StageRow), StageRow).where(StageRow.study_id == study_id, which)
        rows = self.session.exec(mine.order_by(col(StageRow.position), col(StageRow.id)))
        return tuple(Stage(row.id, row.key, row.title, row.definition, tuple(row.base), tuple(row.absorbed)) for row in rows)

    def set_stages(self, study_id: str, stages: Sequence[Stage], absorbed: Sequence[Stage] = ()) -> None:
        """Make these the study's stages, in this order, and `absorbed` parts of them; ids that are already there keep their rows."""
        rows = {row.id: row for row in self.session.exec(self._mine(select(StageRow), StageRow).where(StageRow.study_id == study_id))}
        for position, stage in [*enumerate(stages), *((ABSORBED, stage) for stage in absorbed)]:
            row = rows.pop(stage.id, None) or StageRow(
                id=stage.id,
                workspace_id=self.workspace_id,
                study_id=study_id,
                key=stage.key,
                title="",
                definition="",
                base=[],
                absorbed=[],
                position=0,
            )
            row.title, row.definition, row.base, row.position = stage.title, stage.definition, list(stage.base), position
            row.absorbed = list(stage.absorbed)
            self.session.add(row)
        for row in rows.values():
            self.session.delete(row)
        self.session.flush()

    def _row(self, study_id: str) -> StudyRow:
        row = self.session.exec(self._mine(select(StudyRow), StudyRow).where(StudyRow.id == study_id)).first()
        if row is None:
            raise NotFound(f"there is no study “{study_id}” here")
        return row


def _speaking() -> Any:
    """Participants of studies for whom somebody speaks."""
    there = sa.exists().where(col(SpeakerRow.participant_id) == ParticipantRow.id, col(SpeakerRow.role) == Role.PARTICIPANT.value)
    return sa.select(col(ParticipantRow.study_id), sa.func.count()).where(there)


def _quoted() -> Any:
    """Quotes of participants, reached from their speakers: so the index of speakers is all that is read of thousands of quotes."""
    return (
        sa.select(col(TranscriptRow.study_id), sa.func.count())
        .select_from(TranscriptRow)
        .join(SpeakerRow, col(SpeakerRow.transcript_id) == col(TranscriptRow.id))
        .join(QuoteRow, col(QuoteRow.speaker_id) == col(SpeakerRow.id))
        .where(col(SpeakerRow.role) == Role.PARTICIPANT.value)
    )
