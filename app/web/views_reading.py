"""Reading: a run's progress, the list of quotes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.quotes import FILTERS, ORDERS
from app.services.shapes import Shape, participant_shape, stage_shape, study_shape
from app.web.answers import desk_of, fragment, page, see, wants_fragment

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]


def _study(desk: Desk, study_id: str) -> Shape:
    return study_shape(desk.use.studies.overview(study_id))


@router.get("/runs/{run_id}")
def run_page(request: Request, run_id: str) -> Response:
    """A run's progress."""
    desk = desk_of(request)
    run = desk.show_run(desk.use.runs.get(run_id))
    if wants_fragment(request):
        return fragment("_progress.html", run=run)
    return page("run.html", _("Run"), study=_study(desk, run["study_id"]), run=run)


@router.post("/runs/{run_id}/cancel")
def stop_run(request: Request, run_id: str) -> Response:
    """Stop a run."""
    return see(f"/runs/{desk_of(request).cancel_run(run_id).id}")


@router.post("/runs/{run_id}/resume")
def go_on_with_run(request: Request, run_id: str) -> Response:
    """Do what a run left undone."""
    return see(f"/runs/{desk_of(request).resume_run(run_id).id}")


@router.get("/studies/{study_id}/quotes")
def quotes_page(request: Request, study_id: str, cursor: Asked = None) -> Response:
    """Everything participants said that fits the filters, what was left out included."""
    desk = desk_of(request)
    filters = {name: request.query_params[name] for name in FILTERS if request.query_params.get(name)}
    order = request.query_params.get("order") or ORDERS[0]
    found = desk.quotes_of(study_id, filters, cursor=cursor, order=order, left_out=True)
    participants, files = desk.use.people.participants(study_id)
    return page(
        "quotes.html",
        _("Quotes"),
        study=_study(desk, study_id),
        quotes=found["items"],
        total=found["total"],
        next_cursor=found["next_cursor"],
        reviewed=found["reviewed"],
        of=found["of"],
        filters=filters | ({"order": order} if order != ORDERS[0] else {}),
        address=f"{request.url.path}?{request.url.query}".rstrip("?"),
        stages=[stage_shape(s) for s in desk.use.studies.stages(study_id)],
        participants=[participant_shape(p, files) for p in participants],
        transcripts=[{"id": t.id, "file_name": t.file_name} for t in desk.use.studies.transcripts(study_id)],
    )
