"""Take files in: read each, say what was understood, store what is speech; one bad file never costs the others."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from app.db.repositories import Repositories
from app.domain.identity import derive_id, sha256
from app.domain.people import Speaker
from app.domain.study import Study, Transcript
from app.domain.transcript import CanonicalTranscript, ParsedTranscript, transcript_id
from app.errors import ThroughlineError, TooLarge
from app.services.people import apply_participant_table, link_participants
from app.services.store import Store
from app.stages.parse import parse, refuse_recording
from app.stages.roles import guess_roles

COMPANIONS = frozenset({"participants.csv", "expected.json"})
"""Files that stand beside transcripts and are none: who the participants are, and what a test expects."""
PARTICIPANT_TABLE = "participants.csv"
LANGUAGE_SAMPLE = 4000
NAME_LENGTH = 120
MEGABYTE = 1_000_000
HEAD = 4096
"""Bytes of a file that is too large to be kept: enough to tell a recording from a text."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came in; `size` in bytes also where it was too large to be kept, then `data` is its head or nothing."""

    file_name: str
    data: bytes
    size: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `stored`, `known` (it was there already), `applied` (participants.csv) or `refused` with the error."""

    file_name: str
    status: str
    transcript: Transcript | None = None
    error: ThroughlineError | None = None


class Ingest:
    """Stores transcripts."""

    def __init__(self, store: Store, detect_language: Callable[[str], str], max_bytes: int) -> None:
        self._store = store
        self._detect_language = detect_language
        self._max_bytes = max_bytes

    def upload(self, study_id: str, uploads: Sequence[Upload], *, actor: str) -> list[Outcome]:
        """Read and store files; participants are numbered in order of file name, whatever the order they come in."""
        with self._store.read() as repo:
            study = repo.studies.get(study_id)
        ordered = sorted(uploads, key=lambda u: (safe_name(u.file_name), sha256(u.data)))
        tables = [u for u in ordered if safe_name(u.file_name).lower() == PARTICIPANT_TABLE]
        outcomes = [self._take(study, u) for u in ordered if u not in tables]
        outcomes += [self._apply_table(study, table, actor) for table in tables]
        with self._store.read() as repo:  # as they stand now, with pseudonyms and roles in force
            return [replace(o, transcript=repo.transcripts.find(o.transcript.id) if o.transcript else None) for o in outcomes]

    def _take(self, study: Study, upload: Upload) -> Outcome:
        name = safe_name(upload.file_name)
        try:
            size = max(upload.size, len(upload.data))
            if size > self._max_bytes:
                refuse_recording(upload.data, name)
                raise TooLarge(
                    f"{name} has {size / 1e6:.0f} MB; the limit is {self._max_bytes / 1e6:.0f} MB. Split it into one file an interview."
                )
            parsed = parse(upload.data, name)
        except ThroughlineError as error:
            return Outcome(name, "refused", error=error)
        key = transcript_id(study.key, parsed.canonical.text)
        with self._store.write() as repo:
            known = repo.transcripts.find(key)
            if known:
                return Outcome(name, "known", known)
            transcript = self._described(study, key, name, parsed, upload.data)
            repo.transcripts.add(transcript, parsed.canonical, upload.data)
            link_participants(repo, study.id, transcript.speakers)
        return Outcome(name, "stored", transcript)

    def _apply_table(self, study: Study, upload: Upload, actor: str) -> Outcome:
        try:
            with self._store.write() as repo:
                apply_participant_table(repo, study.id, upload.data, actor=actor, at=self._store.now())
        except ThroughlineError as error:
            return Outcome(safe_name(upload.file_name), "refused", error=error)
        return Outcome(safe_name(upload.file_name), "applied")

    def _described(self, study: Study, key: str, name: str, parsed: ParsedTranscript, data: bytes) -> Transcript:
        text = parsed.canonical
        return Transcript(
            id=key,
            study_id=study.id,
            file_name=name,
            shape=parsed.shape,
            reader=parsed.reader,
            language=self._detect_language(text.text[:LANGUAGE_SAMPLE]),
            named=text.named,
            words=len(text.text.split()),
            turns=len(text.turns),
            duration_ms=text.duration_ms,
            warnings=parsed.warnings,
            original_sha256=sha256(data),
            text_sha256=sha256(text.text),
            segmenter=None,
            created_at=self._store.now(),
            speakers=describe_speakers(key, text),
        )


def describe_speakers(transcript_id: str, canonical: CanonicalTranscript) -> tuple[Speaker, ...]:
    """The speakers of a transcript with guessed roles, words and turns, in order of appearance."""
    guessed = guess_roles(canonical)
    words = canonical.words_by_speaker()
    turns = dict.fromkeys(words, 0)
    for turn in canonical.turns:
        turns[turn.speaker] += 1
    return tuple(
        Speaker(derive_id("speaker", transcript_id, name), transcript_id, name, guessed[name], guessed[name], words[name], turns[name])
        for name in canonical.speakers()
    )


def remove_transcript(repo: Repositories, study_id: str, transcript_id: str) -> None:
    """Erase a transcript: words, quotes, tags, cached replies about it, and every map and theme that was drawn from it."""
    quote_ids = [stored.quote.id for stored in repo.transcripts.quotes([transcript_id])]
    repo.cache.drop_replies_about([transcript_id])
    repo.reviews.forget(quote_ids)
    repo.transcripts.delete(transcript_id)
    repo.cache.drop_unused_vectors()
    repo.maps.drop_versions(study_id)
    repo.themes.drop_memberless(study_id)
    repo.people.delete_silent(study_id)


def safe_name(file_name: str) -> str:
    """The last part of a path, without control characters and of bearable length."""
    last = PurePath(file_name.replace("\\", "/")).name
    clean = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C").strip()
    return clean[-NAME_LENGTH:] or "unnamed"
