"""A study's stages."""

from typing import Any

from fastapi import APIRouter

from app.api.deps import DeskIn
from app.api.schemas import Page, StageOut, StagesIn
from app.services.shapes import stage_shape
from app.services.studies import StageDraft

router = APIRouter(tags=["stages"])


@router.get("/studies/{study_id}/stages", response_model=Page[StageOut])
def list_stages(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's stages in order."""
    return {"items": [stage_shape(stage) for stage in desk.use.studies.stages(study_id)], "next_cursor": None}


@router.put("/studies/{study_id}/stages", response_model=Page[StageOut])
def replace_stages(study_id: str, given: StagesIn, desk: DeskIn) -> dict[str, Any]:
    """Retitle, reorder, add and remove stages; the maps are drawn again, no tag is judged again."""
    drafts = [StageDraft(s.id, s.title, s.definition, tuple(s.base)) for s in given.stages]
    stages = desk.set_stages(study_id, drafts)
    return {"items": [stage_shape(stage) for stage in stages], "next_cursor": None}
