"""Opportunities: what a study's map suggests helping with, and what people make of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorIn, DeskIn
from app.api.schemas_opportunities import OpportunitiesAskedIn, OpportunitiesOut, OpportunityOut, OpportunityPatchIn
from app.api.themes import IfMatch, tags_of

router = APIRouter(tags=["opportunities"])


@router.get("/studies/{study_id}/opportunities", response_model=OpportunitiesOut)
def list_opportunities(study_id: str, asked: Annotated[OpportunitiesAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """A study's opportunities, the most important first, each with its two strongest quotes of either kind."""
    filters = {"stage": asked.stage or "", "status": asked.status or "", "owner": asked.owner or ""}
    return desk.opportunities_of(study_id, filters, cursor=asked.cursor, limit=asked.limit)


@router.get("/opportunities/{opportunity_id}", response_model=OpportunityOut)
def get_opportunity(opportunity_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """An opportunity by the id of any of its statements, with its fifty strongest quotes; the map's statement pages through all."""
    told = desk.show_opportunity(desk.use.opportunities.get(opportunity_id))
    response.headers["ETag"] = f'"{told["etag"]}"'
    return told


@router.patch("/opportunities/{opportunity_id}", response_model=OpportunityOut)
def update_opportunity(
    opportunity_id: str, given: OpportunityPatchIn, desk: DeskIn, actor: ActorIn, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    """Say who sees to an opportunity and how far it is, word it or rank it otherwise; no run overwrites what people decided."""
    values = given.model_dump(mode="json", exclude_unset=True)
    changed = desk.use.opportunities.change(opportunity_id, values, actor=actor.person, expected=tags_of(if_match))
    told = desk.show_opportunity(changed)
    response.headers["ETag"] = f'"{told["etag"]}"'
    return told
