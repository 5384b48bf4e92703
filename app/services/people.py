"""Who the people are: roles, participants, personas, and the participants.csv that tells them at once."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.db.repositories import Repositories
from app.domain.people import Participant, Persona, Role, Speaker
from app.domain.review import Decision
from app.errors import Conflict, InvalidInput
from app.services.store import Store, random_id

_GENERIC = re.compile(
    r"(speaker|participant|interviewee|respondent|guest|user|person|customer|client|unknown|voice|teilnehmer|sprecher|locuteur|hablante)?"
    r"[\s_#-]*\w?\d*( unknown)?",
    re.IGNORECASE,
)
_TABLE_COLUMNS = {"file", "speaker", "role", "personas", "persona"}


class People:
    """Edits who is who."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def participants(self, study_id: str) -> tuple[list[Participant], dict[str, list[tuple[str, str]]]]:
        """Participants who speak, and their files (id, name) by participant."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.people.participants(study_id), repo.people.files_of(study_id)

    def participant(self, participant_id: str) -> tuple[Participant, dict[str, list[tuple[str, str]]]]:
        """One participant, and the files (id, name) of the study's participants; raises `NotFound`."""
        with self._store.read() as repo:
            found = repo.people.participant(participant_id)
            return found, repo.people.files_of(found.study_id)

    def personas(self, study_id: str) -> list[Persona]:
        """A study's personas."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.people.personas(study_id)

    def add_persona(self, study_id: str, name: str, description: str = "") -> Persona:
        """A new persona, or the one that has this name."""
        if not name.strip():
            raise InvalidInput("a persona needs a name")
        with self._store.write() as repo:
            repo.studies.get(study_id)
            persona_id = repo.people.ensure_persona(study_id, name.strip())
            if description:
                repo.people.update_persona(persona_id, name=name.strip(), description=description)
            return repo.people.persona(persona_id)

    def update_persona(self, persona_id: str, *, name: str | None, description: str | None) -> Persona:
        """Rename or describe a persona; raises `Conflict` where another one has that name."""
        with self._store.write() as repo:
            old = repo.people.persona(persona_id)
            new_name = (name or old.name).strip()
            if any(p.name == new_name and p.id != persona_id for p in repo.people.personas(old.study_id)):
                raise Conflict(f"this study has a persona “{new_name}” already")
            repo.people.update_persona(persona_id, name=new_name, description=old.description if description is None else description)
        with self._store.read() as repo:
            return repo.people.persona(persona_id)

    def delete_persona(self, persona_id: str) -> str:
        """Remove a persona; the id of its study."""
        with self._store.write() as repo:
            study_id = repo.people.persona(persona_id).study_id
            repo.people.delete_persona(persona_id)
        return study_id

    def update_participant(
        self, participant_id: str, *, name: str | None, attributes: dict[str, str] | None, persona_ids: Sequence[str] | None
    ) -> Participant:
        """Restate a participant; what is None stays."""
        with self._store.write() as repo:
            old = repo.people.participant(participant_id)
            repo.people.update_participant(
                participant_id,
                name=old.name if name is None else name.strip(),
                attributes=old.attributes if attributes is None else attributes,
                persona_ids=old.persona_ids if persona_ids is None else persona_ids,
            )
        with self._store.read() as repo:
            return repo.people.participant(participant_id)

    def set_role(self, speaker_id: str, role: Role, *, actor: str) -> Speaker:
        """Decide what a speaker is; somebody new among the participants gets the next number."""
        with self._store.write() as repo:
            speaker = repo.transcripts.speaker(speaker_id)
            study_id = repo.transcripts.get(speaker.transcript_id).study_id
            decide_role(repo, study_id, speaker, role, actor=actor, at=self._store.now())
            return repo.transcripts.speaker(speaker_id)


def decide_role(repo: Repositories, study_id: str, speaker: Speaker, role: Role, *, actor: str, at: datetime) -> None:
    """Record the decision and put it into force."""
    if speaker.role is role:
        return
    repo.reviews.decide(study_id, Decision(random_id(), "speaker", speaker.id, "role", role.value, actor, at))
    repo.transcripts.set_role(speaker.id, role)
    link_participants(repo, study_id, [repo.transcripts.speaker(speaker.id)])


def link_participants(repo: Repositories, study_id: str, speakers: Iterable[Speaker]) -> None:
    """Give every participating speaker a person: the one of the same name in this study, else a new one.

    Labels such as “Speaker 2” name nobody, so they are never joined across files.
    """
    known = repo.people.by_name(study_id)
    for speaker in speakers:
        if speaker.role is not Role.PARTICIPANT or speaker.participant_id:
            continue
        joins = not _GENERIC.fullmatch(speaker.name)
        participant_id = known.get(speaker.name) if joins else None
        if participant_id is None:
            participant_id = repo.people.add_participant(study_id, speaker.name)
            known[speaker.name] = participant_id
        repo.transcripts.set_participant(speaker.id, participant_id)


def apply_participant_table(repo: Repositories, study_id: str, data: bytes, *, actor: str, at: datetime) -> None:
    """Read `file,speaker,role,personas,<attributes>` and apply each row; a row that fits nobody is an error naming its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("participants.csv is not UTF-8; save it as “CSV UTF-8”") from None
    rows = csv.DictReader(io.StringIO(text))
    try:
        _apply_rows(repo, study_id, rows, actor=actor, at=at)
    except csv.Error as error:
        raise InvalidInput(f"participants.csv, line {rows.reader.line_num}: {error}; save it as “CSV UTF-8” again") from None


def _apply_rows(repo: Repositories, study_id: str, rows: "csv.DictReader[str]", *, actor: str, at: datetime) -> None:
    columns = [c.strip().lower() for c in rows.fieldnames or []]
    if not {"file", "speaker"} <= set(columns):
        raise InvalidInput("participants.csv needs the columns file and speaker in its first line")
    rows.fieldnames = columns
    by_file = {t.file_name: t for t in repo.transcripts.of_study(study_id)}
    for row in rows:
        cells = {k: (v or "").strip() for k, v in row.items() if k and not isinstance(v, list)}
        transcript = by_file.get(cells["file"])
        speaker = next((s for s in transcript.speakers if s.name == cells["speaker"]), None) if transcript else None
        if speaker is None:
            what = f"speaker “{cells['speaker']}” in {cells['file']}" if transcript else f"file {cells['file']}"
            raise InvalidInput(f"participants.csv, line {rows.line_num}: there is no {what}; nothing of this table was applied")
        _apply_row(repo, study_id, speaker, cells, line=rows.line_num, actor=actor, at=at)


def _apply_row(repo: Repositories, study_id: str, speaker: Speaker, cells: dict[str, str], *, line: int, actor: str, at: datetime) -> None:
    role = cells.get("role") or Role.PARTICIPANT
    if role not in set(Role):
        raise InvalidInput(f"participants.csv, line {line}: role “{role}” is none of {', '.join(Role)}")
    decide_role(repo, study_id, speaker, Role(role), actor=actor, at=at)
    participant_id = repo.transcripts.speaker(speaker.id).participant_id
    if participant_id is None:
        return
    names = (cells.get("personas") or cells.get("persona") or "").split(";")
    persona_ids = [repo.people.ensure_persona(study_id, name.strip()) for name in names if name.strip()]
    person = repo.people.participant(participant_id)
    attributes = {k: v for k, v in cells.items() if k not in _TABLE_COLUMNS and v}
    repo.people.update_participant(
        participant_id,
        name=person.name,
        attributes={**person.attributes, **attributes},
        persona_ids=[*person.persona_ids, *persona_ids],
    )
