"""Deciding about a quote's tags: from a form that leads back to its page, or in place where there is a script."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.services.shapes import Shape, stage_shape, study_shape
from app.web.answers import actor_of, desk_of, fragment, see, wants_fragment
from app.web.sign_in import local_path

router = APIRouter(include_in_schema=False)
Back = Annotated[str, Form()]
"""The page to return to."""


class TagForm(BaseModel):
    """The form's fields as they come; an empty one says nothing, but for the touchpoint: then there is none."""

    stage: str = ""
    channel: str = ""
    touchpoint: str = ""
    kind: str = ""
    emotion: str = ""
    intensity: str = ""
    experience: str = ""
    back: str = ""

    def given(self) -> dict[str, Any]:
        """What is decided, by field."""
        told: dict[str, Any] = {field: value for field, value in self.model_dump(exclude={"back"}).items() if value}
        if self.intensity.isdecimal():
            told["intensity"] = int(self.intensity)
        return told | {"touchpoint": self.touchpoint}


@router.post("/quotes/{quote_id}/tags")
def save_tags(request: Request, quote_id: str, form: Annotated[TagForm, Form()]) -> Response:
    """Decide all tags that the form holds."""
    return _answer(request, desk_of(request).correct_tags(quote_id, form.given(), actor_of(request)), form.back)


@router.post("/quotes/{quote_id}/tags/confirm")
def confirm_tags(request: Request, quote_id: str, back: Back = "") -> Response:
    """Decide that the tags are right."""
    return _answer(request, desk_of(request).confirm_tags(quote_id, actor_of(request)), back)


@router.post("/quotes/{quote_id}/tags/undo")
def take_back_tags(request: Request, quote_id: str, back: Back = "") -> Response:
    """Take back what was decided."""
    return _answer(request, desk_of(request).undo_tags(quote_id), back)


def _answer(request: Request, shown: Shape, back: str) -> Response:
    if not wants_fragment(request):
        return see(local_path(back))
    desk = desk_of(request)
    study_id = desk.use.studies.transcript(shown["transcript_id"]).study_id
    stages = [stage_shape(s) for s in desk.use.studies.stages(study_id)]
    study = study_shape(desk.use.studies.overview(study_id))
    return fragment("_quote.html", shown=shown, study=study, stages=stages, back=local_path(back))
