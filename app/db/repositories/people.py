"""Participants and personas."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from app.db.repositories.scope import Scope, once
from app.db.tables import ParticipantPersonaRow, ParticipantRow, PersonaRow, QuoteRow, SkippedRow, SpeakerRow, StudyRow, TranscriptRow
from app.domain.identity import derive_id
from app.domain.people import Joined, Participant, Persona, PersonaRule, Role
from app.errors import NotFound


@dataclass(frozen=True, slots=True)
class SpokenQuote:
    """A quote of one person without its words: where it stands, and how many sentences it has."""

    id: str
    transcript_id: str
    sentences: int


class People(Scope):
    """Participants and personas of one workspace."""

    @once
    def participants(self, study_id: str, *, speaking: bool = True) -> list[Participant]:
        """Participants by number; with `speaking` only those whom some speaker stands for."""
        every = self._of_study(study_id)
        heard = self._heard(study_id) if speaking else set()
        return [p for p in every if p.id in heard] if speaking else every

    @once
    def _of_study(self, study_id: str) -> list[Participant]:
        rows = list(
            self.session.exec(
                self._mine(select(ParticipantRow), ParticipantRow)
                .where(ParticipantRow.study_id == study_id)
                .order_by(col(ParticipantRow.number))
            )
        )
        return self._participants(rows, [row for row in rows if row.joined_to is not None])

    def _heard(self, study_id: str) -> set[str]:
        """Ids of the participants whom some speaker stands for."""
        speakers = (
            sa.select(col(SpeakerRow.participant_id))
            .join(ParticipantRow, col(ParticipantRow.id) == col(SpeakerRow.participant_id))
            .where(col(ParticipantRow.study_id) == study_id, col(ParticipantRow.workspace_id) == self.workspace_id)
            .where(col(SpeakerRow.role) == Role.PARTICIPANT.value)
        )
        return set(self.session.execute(speakers).scalars())

    def participant(self, participant_id: str) -> Participant:
        """One participant; raises `NotFound`."""
        row = self._row(participant_id)
        joined = self.session.exec(
            self._mine(select(ParticipantRow), ParticipantRow)
            .where(ParticipantRow.study_id == row.study_id, col(ParticipantRow.joined_to).is_not(None))
            .order_by(col(ParticipantRow.number))
        )
        return self._participants([row], list(joined))[0]

    def joined_to(self, participant_id: str) -> str | None:
        """Whom a participant was joined to, None for who stands for themselves; raises `NotFound`."""
        return self._row(participant_id).joined_to

    def join(self, participant_id: str, into: str) -> None:
        """Make two participants one: speakers of the first are the second's, the first is retired and remembers which they were."""
        row = self._row(participant_id)
        moved = self._speakers_of(participant_id)
        for speaker in moved:
            speaker.participant_id = into
        row.joined_to, row.joined_speakers = into, [speaker.id for speaker in moved]
        self.session.flush()

    def part(self, participant_id: str) -> None:
        """Undo a join: the speakers that came with a retired participant are theirs again."""
        row = self._row(participant_id)
        for speaker in self._speakers_of(row.joined_to or ""):
            if speaker.id in row.joined_speakers:
                speaker.participant_id = participant_id
        row.joined_to, row.joined_speakers = None, []
        self.session.flush()

    def add_participant(self, study_id: str, name: str) -> str:
        """A new participant under the next free number, which is never given again; its id."""
        study = self.session.get_one(StudyRow, study_id)
        study.participants_numbered += 1
        number = study.participants_numbered
        participant_id = derive_id("participant", study_id, number)
        self.session.add(
            ParticipantRow(
                id=participant_id,
                workspace_id=self.workspace_id,
                study_id=study_id,
                number=number,
                name=name,
                attributes={},
                joined_speakers=[],
            )
        )
        self.session.flush()
        return participant_id

    def update_participant(self, participant_id: str, *, name: str, attributes: dict[str, str], persona_ids: Sequence[str]) -> None:
        """Restate a participant."""
        row = self._row(participant_id)
        row.name, row.attributes = name, dict(attributes)
        known = {persona.id for persona in self.personas(row.study_id)}
        for persona_id in persona_ids:
            if persona_id not in known:
                raise NotFound(f"there is no persona “{persona_id}” in this study")
        for link in self.session.exec(select(ParticipantPersonaRow).where(ParticipantPersonaRow.participant_id == participant_id)):
            self.session.delete(link)
        self.session.flush()
        for persona_id in sorted(set(persona_ids)):
            self.session.add(ParticipantPersonaRow(participant_id=participant_id, persona_id=persona_id, workspace_id=self.workspace_id))
        self.session.flush()

    @once
    def personas(self, study_id: str) -> list[Persona]:
        """A study's personas by name."""
        rows = self.session.exec(
            self._mine(select(PersonaRow), PersonaRow).where(PersonaRow.study_id == study_id).order_by(PersonaRow.name)
        )
        return [_persona(row) for row in rows]

    def persona(self, persona_id: str) -> Persona:
        """One persona; raises `NotFound`."""
        return _persona(self._persona_row(persona_id))

    def ensure_persona(self, study_id: str, name: str) -> str:
        """The persona of this name, made if need be; its id."""
        row = self.session.exec(
            self._mine(select(PersonaRow), PersonaRow).where(PersonaRow.study_id == study_id, PersonaRow.name == name)
        ).first()
        if row is None:
            row = PersonaRow(
                id=derive_id("persona", study_id, name), workspace_id=self.workspace_id, study_id=study_id, name=name, description=""
            )
            while self.session.get(PersonaRow, row.id):  # a persona that was renamed since was made under this name
                row.id = derive_id("persona", study_id, row.id)
            self.session.add(row)
            self.session.flush()
        return row.id

    def update_persona(self, persona_id: str, *, name: str, description: str) -> None:
        """Rename or describe a persona."""
        row = self._persona_row(persona_id)
        row.name, row.description = name, description

    def set_rule(self, persona_id: str, rule: PersonaRule | None) -> None:
        """What makes somebody one of a persona; who belongs to it stays as it is."""
        self._persona_row(persona_id).rule = {"attribute": rule.attribute, "value": rule.value} if rule else None
        self.session.flush()

    def change_members(self, persona_id: str, *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Make participants members of a persona, and others no longer; those that are or are not so already stay."""
        link = ParticipantPersonaRow
        mine = select(link.participant_id).where(link.persona_id == persona_id, link.workspace_id == self.workspace_id)
        there = set(self.session.exec(mine))
        if gone := there.intersection(remove):
            self.session.execute(sa.delete(link).where(col(link.persona_id) == persona_id, col(link.participant_id).in_(sorted(gone))))
        for participant_id in sorted(set(add) - there):
            self.session.add(link(participant_id=participant_id, persona_id=persona_id, workspace_id=self.workspace_id))
        self.session.flush()

    def delete_persona(self, persona_id: str) -> None:
        """Remove a persona; its participants stay."""
        self.session.delete(self._persona_row(persona_id))
        self.session.flush()

    def delete_silent(self, study_id: str) -> None:
        """Remove participants whom no speaker stands for any more; their numbers stay taken by nobody.

        Who was joined to somebody stays as long as a speaker that came with them does.
        """
        there = set(
            self.session.exec(
                self._mine(select(SpeakerRow.id), SpeakerRow)
                .join(TranscriptRow, col(TranscriptRow.id) == col(SpeakerRow.transcript_id))
                .where(TranscriptRow.study_id == study_id)
            )
        )
        for row in self.session.exec(
            self._mine(select(ParticipantRow), ParticipantRow).where(
                ParticipantRow.study_id == study_id, ~sa.exists().where(col(SpeakerRow.participant_id) == col(ParticipantRow.id))
            )
        ):
            if not row.joined_to or not there.intersection(row.joined_speakers):
                self.session.delete(row)
        self.session.flush()

    def by_name(self, study_id: str) -> dict[str, str]:
        """Ids of participants by name, the first of each name; who was joined to somebody is found as them."""
        rows = self.session.exec(
            self._mine(select(ParticipantRow), ParticipantRow)
            .where(ParticipantRow.study_id == study_id)
            .order_by(col(ParticipantRow.number).desc())
        ).all()
        into = {row.id: row.joined_to for row in rows}

        def stands_for(participant_id: str) -> str:
            while (further := into.get(participant_id)) in into and further:
                participant_id = further
            return participant_id

        return {row.name: stands_for(row.id) for row in rows}

    @once
    def files_of(self, study_id: str) -> dict[str, list[tuple[str, str]]]:
        """Transcripts (id, file name) in which each participant speaks."""
        rows = self.session.execute(
            sa.select(col(SpeakerRow.participant_id), col(TranscriptRow.id), col(TranscriptRow.file_name))
            .join(TranscriptRow, col(TranscriptRow.id) == col(SpeakerRow.transcript_id))
            .where(col(TranscriptRow.study_id) == study_id, col(SpeakerRow.workspace_id) == self.workspace_id)
            .order_by(col(TranscriptRow.file_name))
        )
        files: dict[str, list[tuple[str, str]]] = {}
        for participant_id, transcript_id, file_name in rows:
            if participant_id:
                files.setdefault(participant_id, []).append((transcript_id, file_name))
        return files

    @once
    def voices_of(self, study_id: str) -> dict[str, list[tuple[str, str, str]]]:
        """Speakers (id, name, file name) that each participant stands for, by file."""
        rows = self.session.execute(
            sa.select(col(SpeakerRow.participant_id), col(SpeakerRow.id), col(SpeakerRow.name), col(TranscriptRow.file_name))
            .join(TranscriptRow, col(TranscriptRow.id) == col(SpeakerRow.transcript_id))
            .where(col(TranscriptRow.study_id) == study_id, col(SpeakerRow.workspace_id) == self.workspace_id)
            .order_by(col(TranscriptRow.file_name), col(SpeakerRow.position))
        )
        voices: dict[str, list[tuple[str, str, str]]] = {}
        for participant_id, speaker_id, name, file_name in rows:
            if participant_id:
                voices.setdefault(participant_id, []).append((speaker_id, name, file_name))
        return voices

    def quotes_of(self, participant_id: str) -> list[SpokenQuote]:
        """What a participant said, in the order of files and of telling; no words are loaded."""
        rows = self.session.execute(
            sa.select(col(QuoteRow.id), col(QuoteRow.transcript_id), col(QuoteRow.sentences))
            .join(SpeakerRow, col(SpeakerRow.id) == col(QuoteRow.speaker_id))
            .join(TranscriptRow, col(TranscriptRow.id) == col(QuoteRow.transcript_id))
            .where(*self._voice(participant_id))
            .order_by(col(TranscriptRow.file_name), col(TranscriptRow.id), col(QuoteRow.position))
        )
        return [SpokenQuote(*row) for row in rows]

    def skipped_of(self, participant_id: str) -> int:
        """How many sentences of a participant are no quotes."""
        counted = (
            sa.select(sa.func.count())
            .select_from(SkippedRow)
            .join(SpeakerRow, col(SpeakerRow.id) == col(SkippedRow.speaker_id))
            .where(*self._voice(participant_id))
        )
        return int(self.session.execute(counted).scalar_one())

    def _voice(self, participant_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            col(SpeakerRow.participant_id) == participant_id,
            col(SpeakerRow.role) == Role.PARTICIPANT.value,
            col(SpeakerRow.workspace_id) == self.workspace_id,
        )

    def _participants(self, rows: Sequence[ParticipantRow], joined: Sequence[ParticipantRow]) -> list[Participant]:
        """Participants with whoever was joined to them: their facts and personas count, where the person's own say nothing else."""
        retired: dict[str, list[ParticipantRow]] = {}
        for row in joined:
            retired.setdefault(row.joined_to or "", []).append(row)
        personas = self._personas_of([row.id for row in (*rows, *(r for found in retired.values() for r in found))])
        return [_participant(row, retired, personas) for row in rows]

    def _speakers_of(self, participant_id: str) -> list[SpeakerRow]:
        return list(
            self.session.exec(
                self._mine(select(SpeakerRow), SpeakerRow).where(SpeakerRow.participant_id == participant_id).order_by(SpeakerRow.id)
            )
        )

    def _personas_of(self, participant_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        links = self.session.exec(
            select(ParticipantPersonaRow)
            .where(col(ParticipantPersonaRow.participant_id).in_(participant_ids))
            .order_by(ParticipantPersonaRow.persona_id)
        )
        personas: dict[str, tuple[str, ...]] = {}
        for link in links:
            personas[link.participant_id] = (*personas.get(link.participant_id, ()), link.persona_id)
        return personas

    def _row(self, participant_id: str) -> ParticipantRow:
        row = self.session.exec(self._mine(select(ParticipantRow), ParticipantRow).where(ParticipantRow.id == participant_id)).first()
        if row is None:
            raise NotFound(f"there is no participant “{participant_id}” here")
        return row

    def _persona_row(self, persona_id: str) -> PersonaRow:
        row = self.session.exec(self._mine(select(PersonaRow), PersonaRow).where(PersonaRow.id == persona_id)).first()
        if row is None:
            raise NotFound(f"there is no persona “{persona_id}” here")
        return row


def _persona(row: PersonaRow) -> Persona:
    rule = PersonaRule(row.rule["attribute"], row.rule["value"]) if row.rule else None
    return Persona(row.id, row.study_id, row.name, row.description, rule)


def _participant(
    row: ParticipantRow, retired: Mapping[str, Sequence[ParticipantRow]], personas: Mapping[str, tuple[str, ...]]
) -> Participant:
    along, queue = [], list(retired.get(row.id, ()))
    while queue:  # who was joined to somebody who was joined
        along.append(queue.pop(0))
        queue += retired.get(along[-1].id, ())
    attributes = {key: value for r in reversed(along) for key, value in r.attributes.items()} | dict(row.attributes)
    belongs = dict.fromkeys(persona for r in (row, *along) for persona in personas.get(r.id, ()))
    joined = tuple(Joined(r.id, r.pseudonym, r.name) for r in along)
    return Participant(row.id, row.study_id, row.pseudonym, row.name, attributes, tuple(sorted(belongs)), joined)
