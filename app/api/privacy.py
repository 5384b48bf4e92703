"""Personal data: what was found in a study, what it cost, what people decided about it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas_privacy import PersonalDataOut, TermIn, TermOut
from app.services.redaction import MAX_TERMS_PAGE, TERMS_PAGE
from app.services.shapes import term_shape

router = APIRouter(tags=["personal data"])
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_TERMS_PAGE)]


@router.get("/studies/{study_id}/personal-data", response_model=PersonalDataOut)
def get_personal_data(study_id: str, desk: DeskIn, cursor: Cursor = None, limit: Limit = TERMS_PAGE) -> dict[str, Any]:
    """What was found so far, by term; nothing is searched for this."""
    return desk.personal_data_of(study_id, cursor=cursor, limit=limit)


@router.post("/studies/{study_id}/personal-data", response_model=PersonalDataOut)
def find_personal_data(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """Search now whatever was not searched yet, instead of before the first model call or export."""
    desk.use.redaction.find(study_id)
    return desk.personal_data_of(study_id)


@router.post("/studies/{study_id}/personal-data/terms", response_model=TermOut)
def decide_term(study_id: str, given: TermIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Hide a term everywhere as a kind, or with `kind` null show it everywhere; the latest word counts."""
    return term_shape(desk.use.redaction.decide(study_id, given.words, given.kind, actor=actor.person))


@router.delete("/studies/{study_id}/personal-data/terms/{term_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def undo_term(study_id: str, term_id: str, desk: DeskIn) -> None:
    """Take back what people decided about a term; what the detector found counts again."""
    desk.use.redaction.undo(study_id, term_id)
