"""What people decided, and taking it back."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import DeskIn
from app.api.schemas_review import DecisionOut, DecisionsAskedIn, DecisionsOut
from app.services.shapes import decision_shape

router = APIRouter(tags=["decisions"])


@router.get("/studies/{study_id}/decisions", response_model=DecisionsOut)
def list_decisions(study_id: str, asked: Annotated[DecisionsAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """What people decided in a study, newest first, also what they replaced or took back."""
    return desk.decisions_of(study_id, asked.target_type, cursor=asked.cursor, limit=asked.limit)


@router.post("/decisions/{decision_id}/undo", response_model=DecisionOut)
def undo_decision(decision_id: str, desk: DeskIn) -> dict[str, Any]:
    """Take back one decision about a quote, a theme, an opportunity or a proposal, with what would be half done without it."""
    return decision_shape(desk.use.review.undo_decision(decision_id))
