"""How good are these tags? What was measured, and what a study's reviewers said."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.exports.catalogue import N_, _
from app.services.shapes import study_shape
from app.web.answers import desk_of, page

router = APIRouter(include_in_schema=False)
TITLE = N_("How good are these tags?")


@router.get("/quality")
def quality_page(request: Request) -> Response:
    """Every measurement that ships."""
    return page("quality.html", _(TITLE), measurements=desk_of(request).use.evaluation.measured())


@router.get("/studies/{study_id}/quality")
def study_quality_page(request: Request, study_id: str) -> Response:
    """The measurement that speaks of a study's newest run, and its reviewers' agreement."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    return page("study_quality.html", _(TITLE), study=study, quality=desk.use.evaluation.of_study(study_id))
