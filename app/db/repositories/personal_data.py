"""What detectors found in transcripts."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, once
from app.db.tables import PersonalDataRow
from app.domain.render import Finding


@dataclass(frozen=True, slots=True)
class Search:
    """One search of a transcript: by which detector (with version), a hash of the names it sought, what it found, what it cost, when."""

    transcript_id: str
    detector: str
    sought: str
    findings: tuple[Finding, ...]
    words: tuple[str, ...]
    """The words of each finding."""
    took_ms: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class SearchTotals:
    """What was found in a study so far, and what that cost."""

    transcripts: int = 0
    findings: int = 0
    took_ms: int = 0


class PersonalData(Scope):
    """Searches of one workspace, the newest of each transcript."""

    @once
    def of_study(self, study_id: str) -> dict[str, Search]:
        """Searches by transcript id."""
        rows = self.session.exec(self._mine(select(PersonalDataRow), PersonalDataRow).where(PersonalDataRow.study_id == study_id))
        return {row.transcript_id: _search(row) for row in rows}

    @once
    def totals(self, study_id: str) -> SearchTotals:
        """Sums over a study, without loading any finding."""
        row = PersonalDataRow
        transcripts, findings, took_ms = self.session.execute(
            sa.select(sa.func.count(), sa.func.sum(col(row.count)), sa.func.sum(col(row.took_ms))).where(
                col(row.study_id) == study_id, col(row.workspace_id) == self.workspace_id
            )
        ).one()
        return SearchTotals(transcripts, int(findings or 0), int(took_ms or 0))

    def keep(self, study_id: str, search: Search) -> None:
        """Keep a search in place of an earlier one of the same transcript."""
        row = self.session.get(PersonalDataRow, search.transcript_id)
        if row is None:
            row = PersonalDataRow(
                transcript_id=search.transcript_id,
                workspace_id=self.workspace_id,
                study_id=study_id,
                detector="",
                sought="",
                findings=[],
                count=0,
                took_ms=0,
                found_at=search.found_at,
            )
            self.session.add(row)
        row.detector, row.sought, row.took_ms, row.found_at = search.detector, search.sought, search.took_ms, search.found_at
        row.findings = [[f.start, f.end, f.kind, words] for f, words in zip(search.findings, search.words, strict=True)]
        row.count = len(search.findings)


def _search(row: PersonalDataRow) -> Search:
    findings = tuple(Finding(start, end, kind) for start, end, kind, _ in row.findings)
    words = tuple(words for *_, words in row.findings)
    return Search(row.transcript_id, row.detector, row.sought, findings, words, row.took_ms, row.found_at)
