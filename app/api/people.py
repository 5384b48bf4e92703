"""Speakers, participants and personas."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import JoinIn, Page, ParticipantOut, ParticipantPatchIn, PersonaIn, PersonaOut, PersonaPatchIn, SpeakerIn, SpeakerOut
from app.api.schemas_people import AcceptIn, JourneyAskedIn, JourneyOut, PersonaProposalsOut, PersonaSeenOut
from app.api.themes import tags_of
from app.domain.people import PersonaRule
from app.services.people_shapes import journey_shape, persona_seen_shape, proposals_shape
from app.services.shapes import persona_shape, stage_keys

router = APIRouter(tags=["people"])
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The persona's `etag` as you read it, or `*`; else 412.")]


@router.patch("/speakers/{speaker_id}", response_model=SpeakerOut)
def update_speaker(speaker_id: str, given: SpeakerIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Decide what a speaker is; only participants are quoted."""
    speaker = desk.use.people.set_role(speaker_id, given.role, actor=actor.person)
    told = desk.show_transcript(desk.use.studies.transcript(speaker.transcript_id))
    return next(s for s in told["speakers"] if s["id"] == speaker_id)


@router.get("/studies/{study_id}/participants", response_model=Page[ParticipantOut])
def list_participants(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """The people whose words a study has."""
    return {"items": desk.participants_of(study_id), "next_cursor": None}


@router.get("/participants/{participant_id}", response_model=ParticipantOut)
def get_participant(participant_id: str, desk: DeskIn) -> dict[str, Any]:
    """One participant."""
    return desk.show_participant(participant_id)


@router.patch("/participants/{participant_id}", response_model=ParticipantOut)
def update_participant(participant_id: str, given: ParticipantPatchIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Restate a participant's name, attributes or personas; the pseudonym stays, and personas with a rule follow the attributes."""
    person = desk.use.people.update_participant(
        participant_id, name=given.name, attributes=given.attributes, persona_ids=given.persona_ids, actor=actor.person
    )
    desk.members_changed(person.study_id)
    return desk.show_participant(participant_id)


@router.get("/participants/{participant_id}/journey", response_model=JourneyOut)
def get_participant_journey(participant_id: str, asked: Annotated[JourneyAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """What one participant went through: their stages in both orders, what they did and felt, what they share with others."""
    return journey_shape(desk.use.journeys.of_participant(participant_id, offset=asked.offset, limit=asked.limit))


@router.post("/participants/{participant_id}/join", response_model=ParticipantOut)
def join_participant(participant_id: str, given: JoinIn, desk: DeskIn) -> dict[str, Any]:
    """Say that a participant is the same person as another one, who stays; every map counts them as one at once."""
    return desk.join(participant_id, given.into)


@router.post("/participants/{participant_id}/separate", response_model=ParticipantOut)
def separate_participant(participant_id: str, desk: DeskIn) -> dict[str, Any]:
    """Undo a join: the participant has their pseudonym and their words again."""
    return desk.separate(participant_id)


@router.post("/speakers/{speaker_id}/separate", response_model=ParticipantOut)
def separate_speaker(speaker_id: str, desk: DeskIn) -> dict[str, Any]:
    """Say that a speaker is somebody else than the participant they were taken for; they get the next pseudonym."""
    return desk.separate(speaker_id=speaker_id)


@router.get("/studies/{study_id}/personas", response_model=Page[PersonaOut])
def list_personas(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's personas."""
    participants, _ = desk.use.people.participants(study_id)
    return {"items": [persona_shape(p, participants) for p in desk.use.people.personas(study_id)], "next_cursor": None}


@router.post("/studies/{study_id}/personas", status_code=status.HTTP_201_CREATED, response_model=PersonaOut)
def create_persona(study_id: str, given: PersonaIn, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A new persona, or the one that has this name already; with a rule everybody it is about belongs, now and later."""
    rule = PersonaRule(given.rule.attribute, given.rule.value) if given.rule else None
    persona = desk.use.people.add_persona(study_id, given.name, given.description, rule)
    desk.members_changed(study_id)
    response.headers["Location"] = f"/api/v1/personas/{persona.id}"
    return _tagged(persona_shape(persona, desk.use.people.participants(study_id)[0]), response)


@router.get("/personas/{persona_id}", response_model=PersonaSeenOut)
def get_persona(persona_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A persona with its people, and what they have more of than the others."""
    return _tagged(persona_seen_shape(desk.use.personas.seen(persona_id)), response)


@router.patch("/personas/{persona_id}", response_model=PersonaOut)
def update_persona(persona_id: str, given: PersonaPatchIn, desk: DeskIn, response: Response, if_match: IfMatch = None) -> dict[str, Any]:
    """Rename or describe a persona, or change its rule."""
    told = PersonaRule(given.rule.attribute, given.rule.value) if given.rule else None
    rule: PersonaRule | Literal[False] | None = told if "rule" in given.model_fields_set else False
    persona = desk.use.people.update_persona(
        persona_id, name=given.name, description=given.description, rule=rule, expected=tags_of(if_match)
    )
    desk.members_changed(persona.study_id)
    return _tagged(persona_shape(persona, desk.use.people.participants(persona.study_id)[0]), response)


@router.delete("/personas/{persona_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_persona(persona_id: str, desk: DeskIn, if_match: IfMatch = None) -> None:
    """Remove a persona; its participants stay."""
    desk.members_changed(desk.use.people.delete_persona(persona_id, tags_of(if_match)))


@router.get("/studies/{study_id}/persona-proposals", response_model=PersonaProposalsOut)
def list_persona_proposals(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """Groups of participants with like needs and pains, where any stand out from what chance would bring; `note` says so where none do."""
    return proposals_shape(desk.use.personas.proposals(study_id), stage_keys(desk.use.studies.stages(study_id)))


@router.post("/studies/{study_id}/persona-proposals/{proposal_id}/accept", status_code=status.HTTP_201_CREATED, response_model=PersonaOut)
def accept_persona_proposal(study_id: str, proposal_id: str, desk: DeskIn, actor: ActorIn, given: AcceptIn | None = None) -> dict[str, Any]:
    """Make a persona of a group."""
    persona = desk.use.personas.accept(study_id, proposal_id, given.name if given else None, actor=actor.person)
    return persona_shape(persona, desk.use.people.participants(study_id)[0])


@router.post("/studies/{study_id}/persona-proposals/{proposal_id}/reject", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def reject_persona_proposal(study_id: str, proposal_id: str, desk: DeskIn, actor: ActorIn) -> None:
    """Say that a group is no persona; it is not proposed again, nor is one of nearly the same people."""
    desk.use.personas.reject(study_id, proposal_id, actor=actor.person)


def _tagged(told: dict[str, Any], response: Response) -> dict[str, Any]:
    """A persona with its tag in the header, for `If-Match`."""
    response.headers["ETag"] = f'"{told["etag"]}"'
    return told
