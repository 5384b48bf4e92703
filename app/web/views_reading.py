"""Reading: a run's progress, the map with the words behind it, a transcript, the list of quotes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.services.desk import Desk
from app.services.quotes import FILTERS, ORDERS
from app.services.shapes import Shape, participant_shape, stage_shape, study_shape, turn_shape
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
    return page("run.html", "Run", study=_study(desk, run["study_id"]), run=run)


@router.post("/runs/{run_id}/cancel")
def stop_run(request: Request, run_id: str) -> Response:
    """Stop a run."""
    return see(f"/runs/{desk_of(request).cancel_run(run_id).id}")


@router.post("/runs/{run_id}/resume")
def go_on_with_run(request: Request, run_id: str) -> Response:
    """Do what a run left undone."""
    return see(f"/runs/{desk_of(request).resume_run(run_id).id}")


@router.get("/studies/{study_id}/map")
def map_page(request: Request, study_id: str, statement: Asked = None, stage: Asked = None) -> Response:
    """The newest version of the default map; with a statement or a stage's curve point opened, its quotes beside it."""
    desk = desk_of(request)
    map_id = desk.use.maps.default_id(study_id)
    saved = "saved" in request.query_params
    opened, moved = None, False
    try:
        opened = _opened(desk, map_id, statement, stage)
    except NotFound:
        if not saved:
            raise
        moved = True  # the correction took the last quote away from what was open
    study = _study(desk, study_id)
    if opened and wants_fragment(request):
        stages = [stage_shape(s) for s in desk.use.studies.stages(study_id)]
        return fragment("_evidence.html", open=opened, study=study, stages=stages, of_participants=opened["of_participants"])
    return page("map.html", "Journey map", study=study, map=desk.use.maps.read(map_id), open=opened, moved=moved)


@router.get("/studies/{study_id}/map/statements/{statement_id}")
def statement_page(request: Request, study_id: str, statement_id: str) -> Response:
    """The map with this statement opened; for a script only the panel."""
    return map_page(request, study_id, statement=statement_id)


@router.get("/transcripts/{transcript_id}")
def transcript_page(request: Request, transcript_id: str, quote: Asked = None) -> Response:
    """A transcript with its quotes marked, one of them in focus."""
    desk = desk_of(request)
    transcript, turns, show = desk.use.quotes.transcript(transcript_id)
    titles = {stage.id: stage.title for stage in show.stages}
    return page(
        "transcript.html",
        transcript.file_name,
        study=_study(desk, transcript.study_id),
        transcript=desk.show_transcript(transcript),
        turns=[turn_shape(turn, titles) for turn in turns],
        focus=quote,
    )


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
        "Quotes",
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
    )


def _opened(desk: Desk, map_id: str, statement: str | None, stage: str | None) -> Shape | None:
    if statement:
        return desk.show_cited(desk.use.maps.evidence(map_id, statement))
    if stage:
        return desk.show_cited(desk.use.maps.curve(map_id, stage))
    return None
