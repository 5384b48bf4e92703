"""A study's stages, what changing them would do, and what the business does in them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response, status

from app.api.deps import DeskIn
from app.api.schemas import Page, StageOut, StagesIn
from app.api.schemas_stages import BusinessActionIn, BusinessActionPatchIn, MapActionOut, StagePreviewOut
from app.domain.stages import Stage
from app.domain.staging import StageDraft, mark_of
from app.services.shapes import stage_shape
from app.services.stage_shapes import business_action_shape, preview_of_stages

router = APIRouter(tags=["stages"])
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The `ETag` of the stages as you read them, or `*`; else 412.")]


@router.get("/studies/{study_id}/stages", response_model=Page[StageOut])
def list_stages(study_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A study's stages in order."""
    return _told(desk.use.studies.stages(study_id), response)


@router.put("/studies/{study_id}/stages", response_model=Page[StageOut])
def replace_stages(study_id: str, given: StagesIn, desk: DeskIn, response: Response, if_match: IfMatch = None) -> dict[str, Any]:
    """Retitle, reorder, add, merge and remove stages; the maps are drawn again, no tag is judged again."""
    expected = None if if_match is None else {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    return _told(desk.set_stages(study_id, _drafts(given), expected), response)


@router.post("/studies/{study_id}/stages/preview", response_model=StagePreviewOut)
def preview_stages(study_id: str, given: StagesIn, desk: DeskIn) -> dict[str, Any]:
    """Say what of quotes, people and statements these stages would move, keep or take off the map; nothing is stored."""
    return preview_of_stages(desk.use.studies.preview_stages(study_id, _drafts(given)))


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
