"""Lists of what was said in a study, counted and read a page at a time; tags are not looked at here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.db.repositories.scope import Scope, among
from app.db.repositories.transcripts import QUOTE_COLUMNS, StoredQuote, StoredSkip, stored_quote
from app.db.tables import QuoteRow, SkippedRow, SpeakerRow, TranscriptRow
from app.domain.people import Role
from app.domain.quote import Skip, SkippedSentence


@dataclass(frozen=True, slots=True)
class Listing:
    """What participants said in a study, or in one transcript, or what one person said; `only` some quotes, or all `without` some."""

    study_id: str
    transcript_id: str | None = None
    participant_id: str | None = None
    only: Collection[str] | None = None
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a page is looked for: these transcripts, one after the other, the first from an offset on; at most `limit` rows."""

    transcripts: Sequence[str]
    start: int
    limit: int


class QuoteLists(Scope):
    """Lists of quotes, and of sentences that are none, of one workspace."""

    def counts(self, listing: Listing) -> dict[str, int]:
        """How many quotes are listed, by transcript; those without any are left out."""
        query = sa.select(col(SpeakerRow.transcript_id), sa.func.count()).join(QuoteRow, col(QuoteRow.speaker_id) == col(SpeakerRow.id))
        if listing.only is None and not listing.without:  # reached from speakers, whose index is all that is read of thousands of quotes
            mine = [col(TranscriptRow.study_id) == listing.study_id, col(SpeakerRow.workspace_id) == self.workspace_id]
            query = query.join(TranscriptRow, col(TranscriptRow.id) == col(SpeakerRow.transcript_id))
            query = query.where(*mine, *_said(SpeakerRow, listing))
        else:
            query = query.where(*self._quotes(listing))
        return dict(self.session.execute(query.group_by(col(SpeakerRow.transcript_id))).all())

    def page(self, listing: Listing, stretch: Stretch) -> list[StoredQuote]:
        """The first listed quotes of a stretch, in its order."""
        query = (
            sa.select(*QUOTE_COLUMNS, col(SpeakerRow.name).label("speaker"))
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .where(*self._quotes(listing), *_within(QuoteRow, stretch))
            .order_by(*_order(QuoteRow, stretch))
            .limit(stretch.limit)
        )
        return [stored_quote(row, row.speaker) for row in self.session.execute(query)]

    def places(self, listing: Listing) -> list[tuple[str, str]]:
        """(transcript id, quote id) of every listed quote, as they stand in each transcript."""
        query = (
            sa.select(col(QuoteRow.transcript_id), col(QuoteRow.id))
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .where(*self._quotes(listing))
            .order_by(col(QuoteRow.transcript_id), col(QuoteRow.start))
        )
        return [(transcript_id, quote_id) for transcript_id, quote_id in self.session.execute(query)]

    def skipped_counts(self, listing: Listing) -> dict[str, int]:
        """How many sentences are no quotes, by transcript; those without any are left out."""
        query = sa.select(col(SkippedRow.transcript_id), sa.func.count()).where(*self._skipped(listing))
        return dict(self.session.execute(_voiced(query).group_by(col(SkippedRow.transcript_id))).all())

    def skipped_page(self, listing: Listing, stretch: Stretch) -> list[tuple[str, StoredSkip]]:
        """The first sentences of a stretch that are no quotes, in its order, each with the id of its transcript."""
        r = SkippedRow
        columns = [col(c) for c in (r.transcript_id, r.turn, r.start, r.end, r.reason, r.speaker_id)]
        query = sa.select(*columns).where(*self._skipped(listing), *_within(r, stretch)).order_by(*_order(r, stretch)).limit(stretch.limit)
        return [
            (transcript_id, StoredSkip(SkippedSentence(turn, start, end, Skip(reason)), speaker_id))
            for transcript_id, turn, start, end, reason, speaker_id in self.session.execute(_voiced(query))
        ]

    def _quotes(self, listing: Listing) -> list[sa.ColumnElement[bool]]:
        mine = [col(QuoteRow.study_id) == listing.study_id, col(QuoteRow.workspace_id) == self.workspace_id, *_said(QuoteRow, listing)]
        if listing.only is not None:
            mine.append(among(col(QuoteRow.id), listing.only))
        if listing.without:
            mine.append(~among(col(QuoteRow.id), listing.without))
        return mine

    def _skipped(self, listing: Listing) -> list[sa.ColumnElement[bool]]:
        mine = [col(TranscriptRow.study_id) == listing.study_id, col(SkippedRow.workspace_id) == self.workspace_id]
        return [*mine, *_said(SkippedRow, listing)]


def _said(table: Any, listing: Listing) -> list[sa.ColumnElement[bool]]:
    said = [col(SpeakerRow.role) == Role.PARTICIPANT.value]
    if listing.transcript_id is not None:
        said.append(col(table.transcript_id) == listing.transcript_id)
    if listing.participant_id is not None:
        said.append(col(SpeakerRow.participant_id) == listing.participant_id)
    return said


def _voiced(query: Any) -> Any:
    """The same with who says a skipped sentence, and where."""
    return query.join(SpeakerRow, col(SpeakerRow.id) == col(SkippedRow.speaker_id)).join(
        TranscriptRow, col(TranscriptRow.id) == col(SkippedRow.transcript_id)
    )


def _within(table: Any, stretch: Stretch) -> list[sa.ColumnElement[bool]]:
    begun = sa.or_(col(table.transcript_id) != stretch.transcripts[0], col(table.start) >= stretch.start)
    return [col(table.transcript_id).in_(stretch.transcripts), begun]


def _order(table: Any, stretch: Stretch) -> list[Any]:
    places = {transcript_id: n for n, transcript_id in enumerate(stretch.transcripts)}
    return [sa.case(places, value=col(table.transcript_id)), col(table.start)]
