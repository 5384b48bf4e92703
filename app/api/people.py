"""Speakers, participants and personas."""

from typing import Any

from fastapi import APIRouter, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import Page, ParticipantOut, ParticipantPatchIn, PersonaIn, PersonaOut, PersonaPatchIn, SpeakerIn, SpeakerOut
from app.services.shapes import participant_shape, persona_shape

router = APIRouter(tags=["people"])


@router.patch("/speakers/{speaker_id}", response_model=SpeakerOut)
def update_speaker(speaker_id: str, given: SpeakerIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Decide what a speaker is; only participants are quoted."""
    speaker = desk.use.people.set_role(speaker_id, given.role, actor=actor.person)
    told = desk.show_transcript(desk.use.studies.transcript(speaker.transcript_id))
    return next(s for s in told["speakers"] if s["id"] == speaker_id)


@router.get("/studies/{study_id}/participants", response_model=Page[ParticipantOut])
def list_participants(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """The people whose words a study has."""
    participants, files = desk.use.people.participants(study_id)
    return {"items": [participant_shape(p, files) for p in participants], "next_cursor": None}


@router.get("/participants/{participant_id}", response_model=ParticipantOut)
def get_participant(participant_id: str, desk: DeskIn) -> dict[str, Any]:
    """One participant."""
    return participant_shape(*desk.use.people.participant(participant_id))


@router.patch("/participants/{participant_id}", response_model=ParticipantOut)
def update_participant(participant_id: str, given: ParticipantPatchIn, desk: DeskIn) -> dict[str, Any]:
    """Restate a participant's name, attributes or personas; the pseudonym stays."""
    desk.use.people.update_participant(participant_id, name=given.name, attributes=given.attributes, persona_ids=given.persona_ids)
    return participant_shape(*desk.use.people.participant(participant_id))


@router.get("/studies/{study_id}/personas", response_model=Page[PersonaOut])
def list_personas(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's personas."""
    participants, _ = desk.use.people.participants(study_id)
    return {"items": [persona_shape(p, participants) for p in desk.use.people.personas(study_id)], "next_cursor": None}


@router.post("/studies/{study_id}/personas", status_code=status.HTTP_201_CREATED, response_model=PersonaOut)
def create_persona(study_id: str, given: PersonaIn, desk: DeskIn) -> dict[str, Any]:
    """A new persona, or the one that has this name already."""
    persona = desk.use.people.add_persona(study_id, given.name, given.description)
    return persona_shape(persona, desk.use.people.participants(study_id)[0])


@router.patch("/personas/{persona_id}", response_model=PersonaOut)
def update_persona(persona_id: str, given: PersonaPatchIn, desk: DeskIn) -> dict[str, Any]:
    """Rename or describe a persona."""
    persona = desk.use.people.update_persona(persona_id, name=given.name, description=given.description)
    return persona_shape(persona, desk.use.people.participants(persona.study_id)[0])


@router.delete("/personas/{persona_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_persona(persona_id: str, desk: DeskIn) -> None:
    """Remove a persona; its participants stay."""
    desk.use.people.delete_persona(persona_id)
