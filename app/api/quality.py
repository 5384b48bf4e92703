"""How good tags are: what was measured, and what a study's reviewers said."""

from typing import Any

from fastapi import APIRouter

from app.api.deps import DeskIn
from app.api.schemas import Page
from app.api.schemas_quality import MeasuredOut, StudyQualityOut

router = APIRouter(tags=["quality"])


@router.get("/quality", response_model=Page[MeasuredOut])
def list_measurements(desk: DeskIn) -> dict[str, Any]:
    """Every measurement that ships with Throughline, the offline tagger's first."""
    return {"items": desk.use.evaluation.measured(), "next_cursor": None}


@router.get("/studies/{study_id}/quality", response_model=StudyQualityOut)
def get_study_quality(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """How good a study's tags are."""
    return desk.use.evaluation.of_study(study_id)
