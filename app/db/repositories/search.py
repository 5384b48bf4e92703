"""What a search index is made of, in lean rows, and stamps that tell whether it is still true."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.db.repositories.scope import Scope
from app.db.repositories.transcripts import StoredQuote
from app.db.tables import (
    DecisionRow,
    MapRow,
    MapVersionRow,
    ParticipantPersonaRow,
    ParticipantRow,
    QuoteRow,
    RunRow,
    SpeakerRow,
    StageRow,
    StepItemRow,
    StudyRow,
    SuggestionRow,
    ThemeRow,
    TranscriptRow,
    VectorRow,
)
from app.domain.quote import Quote
from app.domain.review import Suggestion


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a study's index rests on, to be compared part by part: a part that is equal has nothing new."""

    texts: tuple[Any, ...]
    """Transcripts, speakers with role and person, and how much was cut and embedded."""
    tags: tuple[Any, ...]
    """The run that is shown, its tagger, how much it suggested."""
    stages: tuple[Any, ...]
    """Id and key of each stage, and the ids of those merged into it."""
    decided: tuple[Any, ...]
    """How often people decided about anything, and took it back."""
    drawn: tuple[Any, ...]
    """The newest version of the default map, and when it was drawn."""
    themes: tuple[Any, ...]
    """The code book, and how far runs came that place quotes."""
    people: tuple[Any, ...]
    """Participants and their personas."""
    run_id: str | None
    tagger_key: str | None
    version_id: str | None


STUDY: Any = sa.bindparam("study")
WORKSPACE: Any = sa.bindparam("workspace")


def _of(table: Any) -> tuple[Any, Any]:
    return col(table.study_id) == STUDY, col(table.workspace_id) == WORKSPACE


def _columns(*columns: Any) -> list[Any]:
    return [col(c) for c in columns]


# the parts of a stamp; made once, since making them costs more than running them
_T, _S, _R, _V, _D, _P = TranscriptRow, SpeakerRow, RunRow, MapVersionRow, DecisionRow, ParticipantRow
_LINK = ParticipantPersonaRow
_RUNS_OF_STUDY = sa.select(col(_R.id)).where(*_of(_R))
_VOICES = (
    sa.select(*_columns(_T.id, _T.segmenter, _S.id, _S.role, _S.participant_id))
    .join(_S, col(_S.transcript_id) == col(_T.id))
    .where(*_of(_T))
    .order_by(col(_T.id), col(_S.id))
)
_RUNS = sa.select(*_columns(_R.id, _R.status, _R.attempt, _R.tagger_key)).where(*_of(_R)).order_by(col(_R.created_at).desc(), col(_R.id))
_DONE = (
    sa.select(col(StepItemRow.name), sa.func.count())
    .where(col(StepItemRow.run_id).in_(_RUNS_OF_STUDY))
    .group_by(col(StepItemRow.name))
    .order_by(col(StepItemRow.name))
)
_SUGGESTED = sa.select(sa.func.count()).where(
    col(SuggestionRow.run_id).in_(_RUNS_OF_STUDY.where(col(_R.tagger_key) == sa.bindparam("tagger"))),
    col(SuggestionRow.target_type) == "quote",
)
_STAGES = sa.select(*_columns(StageRow.id, StageRow.key, StageRow.absorbed)).where(*_of(StageRow), col(StageRow.position) >= 0)
_DECIDED = (
    sa.select(col(_D.target_type), sa.func.count(), sa.func.count(col(_D.undone_at)))
    .where(*_of(_D))
    .group_by(col(_D.target_type))
    .order_by(col(_D.target_type))
)
_DRAWN = (
    sa.select(*_columns(_V.id, _V.run_id, _V.created_at))
    .join(MapRow, col(MapRow.id) == col(_V.map_id))
    .where(*_of(_V), col(MapRow.is_default).is_(True))
    .order_by(col(_V.version).desc())
    .limit(1)
)
_BOOK = sa.select(
    col(StudyRow.codebook_version), sa.select(sa.func.count()).select_from(ThemeRow).where(*_of(ThemeRow)).scalar_subquery()
).where(col(StudyRow.id) == STUDY)
_PEOPLE = (
    sa.select(*_columns(_P.id, _P.number, _LINK.persona_id))
    .outerjoin(_LINK, col(_LINK.participant_id) == col(_P.id))
    .where(*_of(_P))
    .order_by(col(_P.number), col(_LINK.persona_id))
)


class SearchRows(Scope):
    """Quotes of one workspace as a search index takes them."""

    def stamp(self, study_id: str) -> Stamp:
        """What the index of a study rests on now; some milliseconds, however many quotes there are."""

        def told(query: Any, **more: Any) -> tuple[Any, ...]:
            return tuple(map(tuple, self.session.execute(query, self._asked(study_id) | more)))

        drawn, runs, done = told(_DRAWN), told(_RUNS), told(_DONE)
        run_id = drawn[0][1] if drawn else runs[0][0] if runs else None
        tagger = next((run[3] for run in runs if run[0] == run_id), None)
        return Stamp(
            texts=(told(_VOICES), tuple(step for step in done if step[0] in {"segment", "embed"})),
            tags=(run_id, tagger, told(_SUGGESTED, tagger=tagger)),
            stages=tuple(sorted((stage, key, tuple(absorbed)) for stage, key, absorbed in told(_STAGES))),
            decided=told(_DECIDED),
            drawn=drawn,
            themes=(told(_BOOK), runs, done),
            people=told(_PEOPLE),
            run_id=run_id,
            tagger_key=tagger,
            version_id=drawn[0][0] if drawn else None,
        )

    def quotes(self, study_id: str) -> list[StoredQuote]:
        """A study's quotes by file name and place: what `Transcripts.quotes` tells, at a fraction of its cost."""
        q = QuoteRow
        query = (
            sa.select(*_columns(q.id, q.transcript_id, q.turn, SpeakerRow.name, q.start, q.end, q.sentences, q.sha256))
            .add_columns(*_columns(q.position, q.speaker_id, q.start_ms, q.end_ms))
            .join(TranscriptRow, col(TranscriptRow.id) == col(q.transcript_id))
            .join(SpeakerRow, col(SpeakerRow.id) == col(q.speaker_id))
            .where(*_of(q))
            .order_by(col(TranscriptRow.file_name), col(TranscriptRow.id), col(q.position))
        )
        return [StoredQuote(Quote(*row[:8]), *row[8:]) for row in self.session.execute(query, self._asked(study_id))]

    def vectors(self, study_id: str, model: str) -> Iterator[tuple[str, bytes]]:
        """Quote ids with their vectors, float32; quotes that are not embedded are left out."""
        query = (
            sa.select(col(QuoteRow.id), col(VectorRow.vector))
            .join(VectorRow, col(VectorRow.text_sha256) == col(QuoteRow.sha256))
            .where(*_of(QuoteRow), col(VectorRow.workspace_id) == self.workspace_id, col(VectorRow.model) == model)
        )
        return ((quote, vector) for quote, vector in self.session.execute(query, self._asked(study_id)))

    def suggestions(self, study_id: str, target_type: str, tagger_key: str) -> dict[str, Suggestion]:
        """The newest suggestion this tagger made of each target: what `Reviews.suggestions` tells, at a fraction of its cost."""
        s = SuggestionRow
        query = (
            sa.select(*_columns(s.target_id, s.run_id, s.source, s.model, s.prompt, s.confidence, s.payload))
            .where(*_of(s), col(s.target_type) == target_type, col(s.tagger_key) == tagger_key)
            .order_by(col(s.created_at), col(s.run_id))
        )
        return {row[0]: Suggestion(target_type, *row) for row in self.session.execute(query, self._asked(study_id))}

    def _asked(self, study_id: str) -> dict[str, Any]:
        return {"study": study_id, "workspace": self.workspace_id}
