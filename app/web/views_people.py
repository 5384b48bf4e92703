"""People: all of a study, one participant, one persona, and the forms with which they are edited."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.domain.people import Participant, Persona, PersonaRule
from app.errors import InvalidInput
from app.exports.catalogue import _
from app.services.journeys import SAID_SHOWN
from app.services.people import MOST_VALUES, attribute_values
from app.services.people_shapes import journey_shape, people_shape, persona_seen_shape, proposals_shape
from app.services.shapes import Shape, persona_shape, stage_keys, stage_shape, study_shape
from app.web.answers import actor_of, desk_of, page, see
from app.web.pages import PageLinks
from app.web.people_charts import small_curve
from app.web.people_list import list_address, list_page, person_address

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
FEWEST_WITH_VALUE = 2
OPEN_AT_ONCE = 3
"""Quotes of a stage that are shown when it is unfolded; the rest on request."""


class PersonForm(BaseModel):
    """What the form of a participant says; attributes are lines such as “plan: Quill”, new personas are separated by semicolons."""

    name: str = ""
    attributes: str = ""
    persona_ids: list[str] = []
    new_personas: str = ""
    back: str = ""


@router.get("/studies/{study_id}/people")
def people_page(request: Request, study_id: str, number: Annotated[int, Query(alias="page", ge=1)] = 1) -> Response:
    """A page of the people in a study, and of all of them the personas, and groups that may be one; raises `NotFound` beyond the end."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    seen = desk.use.journeys.people(study_id)
    listed = list_page(number, len(seen.people))
    participants, files = desk.use.people.participants(study_id)
    stages = [stage.id for stage in seen.stages]
    shown = people_shape(replace(seen, people=seen.people[listed.part]), files, desk.use.people.who_is_who(study_id))
    return page(
        "people.html",
        _("People"),
        study=study,
        people=[person | {"curve": small_curve(stages, person["scores"])} for person in shown],
        listed=listed,
        list_href=lambda number: list_address(study_id, number),
        everybody=[{"id": p.id, "pseudonym": p.pseudonym, "name": p.name} for p in participants],
        personas=[persona_shape(p, participants) for p in seen.personas],
        pseudonyms={p.id: p.pseudonym for p in participants},
        proposals=proposals_shape(desk.use.personas.proposals(study_id), stage_keys(seen.stages)),
        attributes=_attributes_to_offer(participants, seen.personas),
        stages=[stage_shape(s) for s in seen.stages],
        drawn=seen.drawn,
        said="saved" in request.query_params,
    )


@router.get("/participants/{participant_id}")
def participant_page(request: Request, participant_id: str) -> Response:
    """One participant: what they went through, in their words; who was joined to somebody is found there."""
    desk = desk_of(request)
    now = desk.use.journeys.stands_for(participant_id)
    if now != participant_id:
        return see(f"/participants/{now}")
    journey = journey_shape(desk.use.journeys.of_participant(participant_id, limit=0, of_stage=SAID_SHOWN))
    study_id = journey["study_id"]
    participants, _files = desk.use.people.participants(study_id)
    quotes = f"/studies/{study_id}/quotes?participant={journey['participant']['pseudonym']}"
    return page(
        "participant.html",
        journey["participant"]["pseudonym"],
        study=study_shape(desk.use.studies.overview(study_id)),
        journey=journey,
        person=desk.show_participant(participant_id),
        personas=[persona_shape(p, participants) for p in desk.use.people.personas(study_id)],
        everybody=[{"id": p.id, "pseudonym": p.pseudonym, "name": p.name} for p in participants],
        stages=[stage_shape(s) for s in desk.use.studies.stages(study_id)],
        curves=_paired(journey["path"], "score", "study"),
        curve_href=lambda side, stage: PageLinks(study_id).point(stage) if side else f"{quotes}&stage={stage}",
        open_at_once=OPEN_AT_ONCE,
    )


@router.get("/personas/{persona_id}")
def persona_page(request: Request, persona_id: str) -> Response:
    """One persona: who they are, and what is theirs."""
    desk = desk_of(request)
    persona = persona_seen_shape(desk.use.personas.seen(persona_id))
    study_id = persona["study_id"]
    sides = PageLinks(study_id, look=(("persona", persona_id),)), PageLinks(study_id)
    return page(
        "persona.html",
        persona["name"],
        study=study_shape(desk.use.studies.overview(study_id)),
        persona=persona,
        stages=[stage_shape(s) for s in desk.use.studies.stages(study_id)],
        curves=_paired(persona["path"], "theirs", "others"),
        curve_href=lambda side, stage: sides[side].point(stage),
    )


@router.post("/participants/{participant_id}")
def restate_participant(request: Request, participant_id: str, told: Annotated[PersonForm, Form()]) -> Response:
    """Restate a participant, and go back to where the form was."""
    desk = desk_of(request)
    people = desk.use.people
    if not told.name.strip():
        raise InvalidInput(_("a participant needs a name; their pseudonym is what others see"))
    said = _attributes(told.attributes)
    study_id = people.participant(participant_id)[0].study_id
    belongs = [*told.persona_ids, *(people.add_persona(study_id, new).id for new in told.new_personas.split(";") if new.strip())]
    actor = actor_of(request).person
    people.update_participant(participant_id, name=told.name, attributes=said, persona_ids=belongs, actor=actor)
    desk.members_changed(study_id)
    return see(f"/participants/{participant_id}" if told.back == "person" else person_address(desk, participant_id))


@router.post("/studies/{study_id}/personas")
def make_persona(
    request: Request, study_id: str, name: Text = "", description: Text = "", attribute: Text = "", value: Text = ""
) -> Response:
    """A new persona; with an attribute and a value it has everybody of whom that is said, now and later."""
    desk = desk_of(request)
    rule = PersonaRule(attribute, value) if attribute.strip() or value.strip() else None
    persona = desk.use.people.add_persona(study_id, name or value, description.strip(), rule)
    desk.members_changed(study_id)
    return see(f"/studies/{study_id}/people#persona-{persona.id}")


@router.post("/studies/{study_id}/personas/of-attribute")
def make_personas(request: Request, study_id: str, attribute: Text = "") -> Response:
    """A persona for each value of an attribute."""
    desk = desk_of(request)
    desk.use.people.personas_of(study_id, attribute)
    desk.members_changed(study_id)
    return see(f"/studies/{study_id}/people#personas")


@router.post("/personas/{persona_id}")
def restate_persona(
    request: Request, persona_id: str, name: Text = "", description: Text = "", attribute: Text = "", value: Text = ""
) -> Response:
    """Rename or describe a persona, or change its rule; without attribute and value it has none."""
    desk = desk_of(request)
    if not name.strip():
        raise InvalidInput(_("a persona needs a name"))
    rule = PersonaRule(attribute, value) if attribute.strip() or value.strip() else None
    persona = desk.use.people.update_persona(persona_id, name=name, description=description.strip(), rule=rule)
    desk.members_changed(persona.study_id)
    return see(f"/personas/{persona_id}")


@router.post("/personas/{persona_id}/delete")
def erase_persona(request: Request, persona_id: str) -> Response:
    """Remove a persona; its participants stay."""
    desk = desk_of(request)
    study_id = desk.use.people.delete_persona(persona_id)
    desk.members_changed(study_id)
    return see(f"/studies/{study_id}/people#personas")


@router.post("/studies/{study_id}/persona-proposals/reconsider")
def reconsider_proposals(request: Request, study_id: str) -> Response:
    """Propose again what was rejected."""
    desk_of(request).use.personas.reconsider(study_id)
    return see(f"/studies/{study_id}/people#proposals")


@router.post("/studies/{study_id}/persona-proposals/{proposal_id}/accept")
def accept_proposal(request: Request, study_id: str, proposal_id: str, name: Text = "") -> Response:
    """Make a persona of a group."""
    persona = desk_of(request).use.personas.accept(study_id, proposal_id, name, actor=actor_of(request).person)
    return see(f"/personas/{persona.id}")


@router.post("/studies/{study_id}/persona-proposals/{proposal_id}/reject")
def reject_proposal(request: Request, study_id: str, proposal_id: str) -> Response:
    """Remember that a group is no persona."""
    desk_of(request).use.personas.reject(study_id, proposal_id, actor=actor_of(request).person)
    return see(f"/studies/{study_id}/people#proposals")


def _paired(path: Sequence[Shape], left: str, right: str) -> list[Shape]:
    """Stages as `paired_curve` takes them; a side is a feeling, or one person's score."""

    def told(side: Any) -> Shape:
        one = {"score": side, "spread": 0.0} if isinstance(side, float) else side
        return {"emotion": one}

    return [{"id": s["stage_id"], "title": s["title"], "left": told(s[left]), "right": told(s[right])} for s in path]


def _attributes_to_offer(participants: Sequence[Participant], personas: Sequence[Persona]) -> list[Shape]:
    """Attributes that tell kinds of people apart: some share a value, and there is more than one, not all of which have a persona."""
    ruled = {(p.rule.attribute, p.rule.value) for p in personas if p.rule}
    offered = []
    for attribute, values in attribute_values(participants).items():
        kinds = 1 < len(values) <= MOST_VALUES and max(values.values()) >= FEWEST_WITH_VALUE and len(values) < len(participants)
        if kinds and not all((attribute, value) in ruled for value in values):
            offered.append({"attribute": attribute, "values": [{"value": v, "participants": n} for v, n in values.items()]})
    return offered


def _attributes(lines: str) -> dict[str, str]:
    said: dict[str, Any] = {}
    for line in filter(str.strip, lines.splitlines()):
        key, colon, value = line.partition(":")
        if not colon or not key.strip():
            wrong = _("“{line}” is no attribute; write each on a line of its own, as “plan: Quill”")
            raise InvalidInput(wrong.format(line=line.strip()[:60]))
        said[key.strip()] = value.strip()
    return said
