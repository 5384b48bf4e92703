"""A study's stages, what changing them would do, stages proposed from the interviews, and what the business does in them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import Page, StageOut, StagesIn
from app.api.schemas_stage_proposals import StageProposalEstimateOut, StageProposalOut, StagesTakenIn
from app.api.schemas_stages import BusinessActionIn, BusinessActionPatchIn, MapActionOut, StagePreviewOut
from app.api.themes import tags_of
from app.domain.stages import Stage
from app.domain.staging import StageDraft, mark_of
from app.services.shapes import stage_shape
from app.services.stage_proposals import StageChoice
from app.services.stage_shapes import business_action_shape, preview_of_stages, proposal_estimate_shape, stage_proposal_shape

router = APIRouter(tags=["stages"])
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The `ETag` of the stages as you read them, or `*`; else 412.")]


@router.get("/studies/{study_id}/stages", response_model=Page[StageOut])
def list_stages(study_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A study's stages in order."""
    return _told(desk.use.studies.stages(study_id), response)


@router.put("/studies/{study_id}/stages", response_model=Page[StageOut])
def replace_stages(study_id: str, given: StagesIn, desk: DeskIn, response: Response, if_match: IfMatch = None) -> dict[str, Any]:
    """Retitle, reorder, add, merge and remove stages; the maps are drawn again, no tag is judged again."""
    return _told(desk.set_stages(study_id, _drafts(given), tags_of(if_match)), response)


@router.post("/studies/{study_id}/stages/preview", response_model=StagePreviewOut)
def preview_stages(study_id: str, given: StagesIn, desk: DeskIn) -> dict[str, Any]:
    """Say what of quotes, people and statements these stages would move, keep or take off the map; nothing is stored."""
    return preview_of_stages(desk.use.studies.preview_stages(study_id, _drafts(given)))


@router.get("/studies/{study_id}/stage-proposals", response_model=Page[StageProposalOut])
def list_stage_proposals(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """The newest proposals of stages, each with the quotes that show them; also those that are being made."""
    return {"items": [stage_proposal_shape(seen) for seen in desk.use.stage_proposals.of_study(study_id)], "next_cursor": None}


@router.post("/studies/{study_id}/stage-proposals", status_code=status.HTTP_202_ACCEPTED, response_model=StageProposalOut)
def propose_stages(study_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """Have the configured model propose stages from a fair sample of the talk; read the proposal until its `status` is `ready`."""
    made = desk.propose_stages(study_id)
    response.headers["Location"] = f"/api/v1/stage-proposals/{made.id}"
    return stage_proposal_shape(desk.use.stage_proposals.get(made.id))


@router.get("/studies/{study_id}/stage-proposals/estimate", response_model=StageProposalEstimateOut)
def estimate_stage_proposal(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """Say what having stages proposed would take, before the first call; 409 without a model."""
    return proposal_estimate_shape(desk.use.stage_proposing.estimate(study_id))


@router.get("/stage-proposals/{proposal_id}", response_model=StageProposalOut)
def get_stage_proposal(proposal_id: str, desk: DeskIn) -> dict[str, Any]:
    """One proposal of stages."""
    return stage_proposal_shape(desk.use.stage_proposals.get(proposal_id))


@router.post("/stage-proposals/{proposal_id}/preview", response_model=StagePreviewOut)
def preview_stage_proposal(proposal_id: str, desk: DeskIn, given: StagesTakenIn | None = None) -> dict[str, Any]:
    """Say what of quotes, people and statements these proposed stages would move, keep or take off the map; nothing is stored."""
    given = given or StagesTakenIn()
    study_id, drafts = desk.use.stage_proposals.drafts(proposal_id, _choices(given), given.mode)
    return preview_of_stages(desk.use.studies.preview_stages(study_id, drafts))


@router.post("/stage-proposals/{proposal_id}/accept", response_model=Page[StageOut])
def accept_stage_proposal(
    proposal_id: str, desk: DeskIn, actor: ActorIn, response: Response, given: StagesTakenIn | None = None, if_match: IfMatch = None
) -> dict[str, Any]:
    """Take proposed stages over: the study's stages as they are now. No tag is judged again, and what people decided is kept."""
    given = given or StagesTakenIn()
    return _told(desk.take_stages(proposal_id, _choices(given), given.mode, actor, tags_of(if_match)), response)


@router.post("/stage-proposals/{proposal_id}/dismiss", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def dismiss_stage_proposal(proposal_id: str, desk: DeskIn, actor: ActorIn) -> None:
    """Say that none of the proposed stages is wanted."""
    desk.use.stage_proposals.dismiss(proposal_id, actor=actor.person)


@router.get("/maps/{map_id}/business-actions", response_model=Page[MapActionOut])
def list_business_actions(map_id: str, desk: DeskIn) -> dict[str, Any]:
    """What the business does in each stage of a map."""
    return {"items": [business_action_shape(action) for action in desk.use.blueprint.of_map(map_id)], "next_cursor": None}


@router.post("/maps/{map_id}/business-actions", status_code=status.HTTP_201_CREATED, response_model=MapActionOut)
def create_business_action(map_id: str, given: BusinessActionIn, desk: DeskIn, response: Response) -> dict[str, Any]:
    """Write down something the business does; it stays on the map whatever is run or drawn."""
    action = desk.use.blueprint.add(map_id, given.stage, given.line, given.text)
    response.headers["Location"] = f"/api/v1/business-actions/{action.id}"
    return business_action_shape(action)


@router.patch("/business-actions/{action_id}", response_model=MapActionOut)
def update_business_action(action_id: str, given: BusinessActionPatchIn, desk: DeskIn) -> dict[str, Any]:
    """Restate a business action, or move it to another line or stage."""
    return business_action_shape(desk.use.blueprint.restate(action_id, given.model_dump(mode="json", exclude_none=True)))


@router.delete("/business-actions/{action_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_business_action(action_id: str, desk: DeskIn) -> None:
    """Take a business action off its map."""
    desk.use.blueprint.delete(action_id)


def _drafts(given: StagesIn) -> list[StageDraft]:
    return [
        StageDraft(s.id, s.title, s.definition, tuple(s.base) if "base" in s.model_fields_set else None, s.merge_into) for s in given.stages
    ]


def _told(stages: Sequence[Stage], response: Response) -> dict[str, Any]:
    response.headers["ETag"] = f'"{mark_of(stages)}"'
    return {"items": [stage_shape(stage) for stage in stages], "next_cursor": None}


def _choices(given: StagesTakenIn) -> list[StageChoice] | None:
    return None if given.stages is None else [StageChoice(s.key, s.title, s.definition) for s in given.stages]
