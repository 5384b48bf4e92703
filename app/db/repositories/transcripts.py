"""Transcripts, their speakers, quotes and skipped sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, among, once
from app.db.tables import QuoteRow, SkippedRow, SpeakerRow, TranscriptBodyRow, TranscriptRow
from app.domain.people import Role, Speaker
from app.domain.quote import Quote, Segmentation, Skip, SkippedSentence
from app.domain.study import Transcript
from app.domain.transcript import CanonicalTranscript, Mark, Turn, times_of
from app.errors import NotFound


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quote with its place in the transcript, its speaker's id and its times in milliseconds."""

    quote: Quote
    position: int
    speaker_id: str
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class StoredSkip:
    """A skipped sentence and whose it was."""

    sentence: SkippedSentence
    speaker_id: str


def _speaker(row: SpeakerRow) -> Speaker:
    return Speaker(row.id, row.transcript_id, row.name, Role(row.role), Role(row.role_guess), row.words, row.turns, row.participant_id)


def _transcript(row: TranscriptRow) -> Transcript:
    return Transcript(
        id=row.id,
        study_id=row.study_id,
        file_name=row.file_name,
        shape=row.shape,
        reader=row.reader,
        language=row.language,
        named=row.named,
        words=row.words,
        turns=row.turns,
        duration_ms=row.duration_ms,
        warnings=tuple(row.warnings),
        original_sha256=row.original_sha256,
        text_sha256=row.text_sha256,
        segmenter=row.segmenter,
        created_at=row.created_at,
        about=dict(row.about),
        recording=row.recording,
    )


QUOTE_COLUMNS = tuple(
    col(c)
    for c in (
        QuoteRow.id,
        QuoteRow.transcript_id,
        QuoteRow.speaker_id,
        QuoteRow.position,
        QuoteRow.turn,
        QuoteRow.start,
        QuoteRow.end,
        QuoteRow.start_ms,
        QuoteRow.end_ms,
        QuoteRow.sentences,
        QuoteRow.sha256,
    )
)


class Transcripts(Scope):
    """Transcripts of one workspace."""

    def add(self, transcript: Transcript, canonical: CanonicalTranscript, original: bytes, sketch: Mapping[str, Any]) -> None:
        """Store a transcript with its speakers, text, original bytes and the sketch by which its talk is known again."""
        t = transcript
        self.session.add(
            TranscriptRow(
                id=t.id,
                workspace_id=self.workspace_id,
                study_id=t.study_id,
                file_name=t.file_name,
                shape=t.shape,
                reader=t.reader,
                language=t.language,
                named=t.named,
                words=t.words,
                turns=t.turns,
                duration_ms=t.duration_ms,
                warnings=list(t.warnings),
                original_sha256=t.original_sha256,
                text_sha256=t.text_sha256,
                segmenter=None,
                sketch=dict(sketch),
                about=dict(t.about),
                recording=t.recording,
                created_at=t.created_at,
            )
        )
        self.session.flush()
        self.session.add(
            TranscriptBodyRow(
                transcript_id=t.id,
                workspace_id=self.workspace_id,
                original=original,
                text=canonical.text,
                turns=[[turn.speaker, turn.start, turn.end] for turn in canonical.turns],
                marks=[[mark.offset, mark.ms] for mark in canonical.marks],
            )
        )
        for position, s in enumerate(t.speakers):
            self.session.add(
                SpeakerRow(
                    id=s.id,
                    workspace_id=self.workspace_id,
                    transcript_id=t.id,
                    participant_id=s.participant_id,
                    name=s.name,
                    position=position,
                    role=s.role,
                    role_guess=s.role_guess,
                    words=s.words,
                    turns=s.turns,
                )
            )
        self.session.flush()

    def find(self, transcript_id: str) -> Transcript | None:
        """One transcript with its speakers, or None."""
        row = self.session.exec(self._mine(select(TranscriptRow), TranscriptRow).where(TranscriptRow.id == transcript_id)).first()
        return self._with_speakers([_transcript(row)])[0] if row else None

    def there(self, transcript_id: str) -> bool:
        """Whether there is such a transcript, and it was not erased."""
        mine = sa.select(col(TranscriptRow.id)).where(col(TranscriptRow.id) == transcript_id)
        return self.session.execute(mine.where(col(TranscriptRow.workspace_id) == self.workspace_id)).first() is not None

    @once
    def get(self, transcript_id: str) -> Transcript:
        """One transcript with its speakers; raises `NotFound`."""
        found = self.find(transcript_id)
        if found is None:
            raise NotFound(f"there is no transcript “{transcript_id}” here")
        return found

    @once
    def of_study(self, study_id: str) -> list[Transcript]:
        """A study's transcripts with their speakers, by file name."""
        rows = self.session.exec(
            self._mine(select(TranscriptRow), TranscriptRow)
            .where(TranscriptRow.study_id == study_id)
            .order_by(TranscriptRow.file_name, TranscriptRow.id)
            .options(sa.orm.defer(TranscriptRow.sketch))  # type: ignore[arg-type]  # mapped column; hundreds of numbers each
        )
        return self._with_speakers([_transcript(row) for row in rows])

    def canonical(self, transcript_id: str) -> CanonicalTranscript:
        """The canonical text with turns and marks."""
        row = self._body(transcript_id)
        turns = tuple(Turn(i, speaker, start, end) for i, (speaker, start, end) in enumerate(row.turns))
        return CanonicalTranscript(row.text, turns, tuple(Mark(offset, ms) for offset, ms in row.marks))

    def turns(self, transcript_ids: Iterable[str]) -> dict[str, tuple[Turn, ...]]:
        """Turns by transcript id, without the texts they are of."""
        query = sa.select(col(TranscriptBodyRow.transcript_id), col(TranscriptBodyRow.turns)).where(
            col(TranscriptBodyRow.transcript_id).in_(list(transcript_ids)), col(TranscriptBodyRow.workspace_id) == self.workspace_id
        )
        found = self.session.execute(query).all()
        return {transcript_id: tuple(Turn(i, *turn) for i, turn in enumerate(turns)) for transcript_id, turns in found}

    def marks(self, transcript_ids: Iterable[str]) -> dict[str, tuple[Mark, ...]]:
        """Marks by transcript id, without the texts they are of."""
        query = sa.select(col(TranscriptBodyRow.transcript_id), col(TranscriptBodyRow.marks)).where(
            col(TranscriptBodyRow.transcript_id).in_(list(transcript_ids)), col(TranscriptBodyRow.workspace_id) == self.workspace_id
        )
        return {transcript_id: tuple(Mark(*mark) for mark in marks) for transcript_id, marks in self.session.execute(query)}

    def set_recording(self, transcript_id: str, address: str | None) -> None:
        """Where the recording can be heard; raises `NotFound`."""
        row = self.session.exec(self._mine(select(TranscriptRow), TranscriptRow).where(TranscriptRow.id == transcript_id)).first()
        if row is None:
            raise NotFound(f"there is no transcript “{transcript_id}” here")
        row.recording = address

    def sketches(self, study_id: str) -> dict[str, dict[str, Any]]:
        """Sketches of a study's transcripts by id; empty for what was stored before there were any."""
        query = sa.select(col(TranscriptRow.id), col(TranscriptRow.sketch)).where(
            col(TranscriptRow.study_id) == study_id, col(TranscriptRow.workspace_id) == self.workspace_id
        )
        return dict(self.session.execute(query).all())

    def original(self, transcript_id: str) -> bytes:
        """The uploaded bytes."""
        return self._body(transcript_id).original

    def texts(self, transcript_ids: Iterable[str]) -> dict[str, str]:
        """Canonical texts by transcript id."""
        query = sa.select(col(TranscriptBodyRow.transcript_id), col(TranscriptBodyRow.text)).where(
            col(TranscriptBodyRow.transcript_id).in_(list(transcript_ids)), col(TranscriptBodyRow.workspace_id) == self.workspace_id
        )
        return dict(self.session.execute(query).all())

    def delete(self, transcript_id: str) -> None:
        """Remove a transcript with everything cut from it."""
        row = self.session.exec(self._mine(select(TranscriptRow), TranscriptRow).where(TranscriptRow.id == transcript_id)).first()
        if row is None:
            raise NotFound(f"there is no transcript “{transcript_id}” here")
        self.session.delete(row)
        self.session.flush()

    def store_segmentation(self, transcript_id: str, canonical: CanonicalTranscript, segmentation: Segmentation) -> None:
        """Store quotes and skipped sentences once; a transcript that is already cut stays as it is."""
        transcript = self.session.get(TranscriptRow, transcript_id)
        if transcript is None or transcript.segmenter is not None:
            return
        speaker_ids = {s.name: s.id for s in self.speakers([transcript_id])}
        for position, quote in enumerate(segmentation.quotes):
            start_ms, end_ms = times_of(quote.span, canonical.marks)
            self.session.add(
                QuoteRow(
                    id=quote.id,
                    workspace_id=self.workspace_id,
                    study_id=transcript.study_id,
                    transcript_id=transcript_id,
                    speaker_id=speaker_ids[quote.speaker],
                    position=position,
                    turn=quote.turn,
                    start=quote.start,
                    end=quote.end,
                    start_ms=start_ms,
                    end_ms=end_ms,
                    sentences=quote.sentences,
                    sha256=quote.sha256,
                )
            )
        for skipped in segmentation.skipped:
            self.session.add(
                SkippedRow(
                    transcript_id=transcript_id,
                    start=skipped.start,
                    end=skipped.end,
                    workspace_id=self.workspace_id,
                    speaker_id=speaker_ids[canonical.turns[skipped.turn].speaker],
                    turn=skipped.turn,
                    reason=skipped.reason,
                )
            )
        transcript.segmenter = segmentation.segmenter

    def speakers(self, transcript_ids: Sequence[str]) -> list[Speaker]:
        """Speakers of several transcripts, in order of appearance within each."""
        rows = self.session.exec(
            self._mine(select(SpeakerRow), SpeakerRow)
            .where(col(SpeakerRow.transcript_id).in_(transcript_ids))
            .order_by(SpeakerRow.transcript_id, col(SpeakerRow.position))
        )
        return [_speaker(row) for row in rows]

    def speaker(self, speaker_id: str) -> Speaker:
        """One speaker; raises `NotFound`."""
        return _speaker(self._speaker_row(speaker_id))

    def set_role(self, speaker_id: str, role: Role) -> None:
        """The role in force."""
        self._speaker_row(speaker_id).role = role

    def set_participant(self, speaker_id: str, participant_id: str | None) -> None:
        """The person behind a speaker."""
        self._speaker_row(speaker_id).participant_id = participant_id

    def quotes(self, transcript_ids: Sequence[str]) -> list[StoredQuote]:
        """All quotes of all speakers of these transcripts, in transcript order."""
        rows = self.session.execute(
            sa.select(*QUOTE_COLUMNS, col(SpeakerRow.name).label("speaker"))  # not whole rows: a large study has thousands
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .where(col(QuoteRow.transcript_id).in_(transcript_ids), col(QuoteRow.workspace_id) == self.workspace_id)
            .order_by(col(QuoteRow.transcript_id), col(QuoteRow.position))
        )
        return [stored_quote(row, row.speaker) for row in rows]

    def quotes_by_id(self, quote_ids: Sequence[str]) -> dict[str, StoredQuote]:
        """Quotes by id; unknown ids are left out."""
        query = (
            sa.select(*QUOTE_COLUMNS, col(SpeakerRow.name).label("speaker"))
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .where(among(col(QuoteRow.id), quote_ids), col(QuoteRow.workspace_id) == self.workspace_id)
        )
        return {row.id: stored_quote(row, row.speaker) for row in self.session.execute(query)}

    @once
    def said_by(self, study_id: str) -> dict[str, str]:
        """Who (a participant's id) said each of a study's quotes, by quote id; those of people who are not quoted are left out."""
        query = (
            sa.select(col(QuoteRow.id), col(SpeakerRow.participant_id))
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .where(col(QuoteRow.study_id) == study_id, col(QuoteRow.workspace_id) == self.workspace_id)
            .where(col(SpeakerRow.role) == Role.PARTICIPANT.value)
        )
        return {quote_id: participant_id or "" for quote_id, participant_id in self.session.execute(query)}

    def skipped(self, transcript_ids: Sequence[str]) -> list[tuple[str, StoredSkip]]:
        """Skipped sentences with their transcript ids, in transcript order."""
        rows = self.session.exec(
            self._mine(select(SkippedRow), SkippedRow)
            .where(col(SkippedRow.transcript_id).in_(transcript_ids))
            .order_by(SkippedRow.transcript_id, col(SkippedRow.start))
        )
        return [(r.transcript_id, StoredSkip(SkippedSentence(r.turn, r.start, r.end, Skip(r.reason)), r.speaker_id)) for r in rows]

    def _with_speakers(self, transcripts: Sequence[Transcript]) -> list[Transcript]:
        by_transcript: dict[str, list[Speaker]] = {}
        for speaker in self.speakers([t.id for t in transcripts]):
            by_transcript.setdefault(speaker.transcript_id, []).append(speaker)
        return [replace(t, speakers=tuple(by_transcript.get(t.id, ()))) for t in transcripts]

    def _body(self, transcript_id: str) -> TranscriptBodyRow:
        row = self.session.exec(
            self._mine(select(TranscriptBodyRow), TranscriptBodyRow).where(TranscriptBodyRow.transcript_id == transcript_id)
        ).first()
        if row is None:
            raise NotFound(f"there is no transcript “{transcript_id}” here")
        return row

    def _speaker_row(self, speaker_id: str) -> SpeakerRow:
        row = self.session.exec(self._mine(select(SpeakerRow), SpeakerRow).where(SpeakerRow.id == speaker_id)).first()
        if row is None:
            raise NotFound(f"there is no speaker “{speaker_id}” here")
        return row


def stored_quote(row: Any, name: str) -> StoredQuote:
    """A quote from its columns (`QUOTE_COLUMNS`) and the name of who says it."""
    quote = Quote(row.id, row.transcript_id, row.turn, name, row.start, row.end, row.sentences, row.sha256)
    return StoredQuote(quote, row.position, row.speaker_id, row.start_ms, row.end_ms)
