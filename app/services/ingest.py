"""Take files in: read each, say what was understood, store what is speech; one bad file never costs the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.db.repositories import Repositories
from app.domain.identity import sha256
from app.domain.recording import told_recording
from app.domain.study import Study, Transcript
from app.domain.themes import DRAFT
from app.domain.transcript import transcript_id
from app.errors import ThroughlineError
from app.services.book import touched
from app.services.intake import Intake, Understood, Upload, describe_speakers, safe_name
from app.services.likeness import Likeness, find_likeness, stored_sketch, within_batch
from app.services.participant_table import apply_participant_table
from app.services.people import apply_about, link_participants
from app.services.privacy import forget_terms
from app.services.rewording import reword_themes
from app.services.store import Store
from app.services.wordings import CHECK, STATEMENT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `stored`, `known`, `paired`, `applied` (participants.csv) or `refused` with the error.

    Known is a file whose words are there already, paired one of whose talk another file is used; of these `transcript` is the one in use.
    `note` says more in a sentence; `archive` names the ZIP the file came in.
    """

    file_name: str
    status: str
    transcript: Transcript | None = None
    error: ThroughlineError | None = None
    note: str | None = None
    archive: str | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a file: `new`, `known`, `paired`, `table` (of participants) or `refused`, and whose talk it tells as well."""

    understood: Understood
    status: str
    likeness: Likeness | None = None


class Ingest:
    """Stores transcripts, and says beforehand what it would store."""

    def __init__(self, store: Store, intake: Intake) -> None:
        self._store = store
        self._intake = intake

    def upload(self, study_id: str, uploads: Sequence[Upload], *, actor: str) -> list[Outcome]:
        """Read and store files; participants are numbered in order of file name, whatever the order they come in."""
        with self._store.read() as repo:
            study = repo.studies.get(study_id)
        batch = self._intake.read(uploads)
        outcomes: dict[int, Outcome] = {}
        stored: set[str] = set()
        for i in sorted(range(len(batch.files)), key=lambda i: (batch.files[i].same_as is not None, i)):
            outcomes[i] = self._take(study, batch.files[i], stored)
        told = [outcomes[i] for i in range(len(batch.files))]
        aliases = {o.file_name: o.transcript.id for o in told if o.transcript}
        told += [self._apply_table(study, table, aliases, actor) for table in batch.tables]
        with self._store.read() as repo:  # as they stand now, with pseudonyms and roles in force
            return [replace(o, transcript=repo.transcripts.find(o.transcript.id) if o.transcript else None) for o in told]

    def preview(self, study_id: str, uploads: Sequence[Upload]) -> list[Foreseen]:
        """What uploading these files to a study would do; nothing is stored."""
        batch = self._intake.read(uploads)
        with self._store.read() as repo:
            study = repo.studies.get(study_id)
            likenesses = [find_likeness(repo, study, file) if file.parsed else None for file in batch.files]
        return [*map(foresee, batch.files, likenesses), *tables_foreseen(batch.tables)]

    def _take(self, study: Study, file: Understood, stored: set[str]) -> Outcome:
        """Store one file, or say why not; `stored` holds the ids of what this upload stored, and grows."""
        archive = file.upload.archive
        if file.parsed is None:
            return Outcome(file.file_name, "refused", error=file.error, archive=archive)
        with self._store.write() as repo:
            like = find_likeness(repo, study, file)
            if like:
                along = within_batch(file) if like.transcript and like.transcript.id in stored else None
                told = along or like
                return Outcome(file.file_name, "known" if told.copy else "paired", like.transcript, note=told.note, archive=archive)
            transcript = self._described(study, file)
            repo.transcripts.add(transcript, file.parsed.canonical, file.upload.data, stored_sketch(file.sketch))
            link_participants(repo, study.id, transcript.speakers, transcript.about)
            apply_about(repo, study.id, transcript)
        stored.add(transcript.id)
        return Outcome(file.file_name, "stored", transcript, archive=archive)

    def _apply_table(self, study: Study, table: Upload, aliases: dict[str, str], actor: str) -> Outcome:
        name = safe_name(table.file_name)
        try:
            with self._store.write() as repo:
                note = apply_participant_table(repo, study.id, table.data, aliases, actor=actor, at=self._store.now())
        except ThroughlineError as error:
            return Outcome(name, "refused", error=error, archive=table.archive)
        return Outcome(name, "applied", note=note, archive=table.archive)

    def _described(self, study: Study, file: Understood) -> Transcript:
        parsed = file.parsed
        if parsed is None:
            raise ValueError("only what was parsed is stored")
        text = parsed.canonical
        key = transcript_id(study.key, text.text)
        speakers = describe_speakers(key, text, file.language, parsed.about)
        return Transcript(
            id=key,
            study_id=study.id,
            file_name=file.file_name,
            shape=parsed.shape,
            reader=parsed.reader,
            language=file.language,
            named=text.named,
            words=sum(s.words for s in speakers),
            turns=len(text.turns),
            duration_ms=text.duration_ms,
            warnings=parsed.warnings,
            original_sha256=sha256(file.upload.data),
            text_sha256=sha256(text.text),
            segmenter=None,
            created_at=self._store.now(),
            speakers=speakers,
            about=dict(parsed.about),
            recording=told_recording(parsed.about),
        )


def foresee(file: Understood, stored: Likeness | None) -> Foreseen:
    """What would become of a file, given what a study holds of its talk."""
    if file.parsed is None:
        return Foreseen(file, "refused")
    like = stored or within_batch(file)
    return Foreseen(file, ("known" if like.copy else "paired") if like else "new", like)


def tables_foreseen(tables: Sequence[Upload]) -> list[Foreseen]:
    """Tables of participants, which are applied once the transcripts are in."""
    return [Foreseen(Understood(safe_name(t.file_name), t), "table") for t in tables]


def remove_transcript(repo: Repositories, study_id: str, transcript_id: str) -> None:
    """Erase a transcript: words, quotes, tags, cached replies about it, and every map and theme that was drawn from it."""
    quote_ids = [stored.quote.id for stored in repo.transcripts.quotes([transcript_id])]
    themes = repo.themes.holding(quote_ids)
    repo.cache.drop_replies_about([transcript_id])
    repo.reviews.forget(quote_ids)
    repo.reviews.forget_all(study_id, DRAFT)
    repo.reviews.forget_citing(study_id, (STATEMENT, CHECK), quote_ids)
    repo.stage_proposals.erase_about(study_id, transcript_id)
    forget_terms(repo, study_id, transcript_id)
    repo.transcripts.delete(transcript_id)
    repo.cache.drop_unused_vectors()
    repo.maps.drop_versions(study_id)
    repo.themes.drop_memberless(study_id, touched(repo, study_id))
    reword_themes(repo, study_id, themes)
    repo.people.delete_silent(study_id)
