"""Runs: start, follow, cancel, resume."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Response, status
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from app.api.deps import DeskIn
from app.api.schemas import EstimateOut, Page, RunIn, RunOut
from app.domain.runs import TaggerKind
from app.errors import NotFound
from app.services.desk import Desk
from app.services.shapes import Shape

router = APIRouter(tags=["runs"])

POLL_S = 0.5
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `progress` with a RunOut as JSON at every change, `end` when nothing more will happen.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.post("/studies/{study_id}/runs", status_code=status.HTTP_202_ACCEPTED, response_model=RunOut)
def start_run(study_id: str, desk: DeskIn, response: Response, given: RunIn | None = None) -> dict[str, Any]:
    """Start a run over everything the study holds now."""
    asked = given or RunIn()
    run = desk.start_run(study_id, asked.tagger, retag=asked.retag, recode=asked.recode, check=asked.check_statements)
    response.headers["Location"] = f"/api/v1/runs/{run.id}"
    return desk.show_run(run)


@router.get("/studies/{study_id}/estimate", response_model=EstimateOut)
def estimate_run(
    study_id: str,
    desk: DeskIn,
    tagger: TaggerKind = TaggerKind.AUTO,
    *,
    retag: bool = False,
    recode: bool = False,
    check_statements: bool | None = None,
) -> dict[str, Any]:
    """Say what a run would take, without starting it."""
    return desk.estimate(study_id, tagger, retag=retag, recode=recode, check=check_statements)


@router.get("/studies/{study_id}/runs", response_model=Page[RunOut])
def list_runs(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's runs, newest first."""
    return {"items": desk.runs_of(study_id), "next_cursor": None}


@router.get("/runs/{run_id}", response_model=RunOut)
def get_run(run_id: str, desk: DeskIn) -> dict[str, Any]:
    """One run with its progress and gaps."""
    return desk.show_run(desk.use.runs.get(run_id))


@router.get("/runs/{run_id}/events", response_class=EventSourceResponse, responses=EVENTS)
async def follow_run(run_id: str, desk: DeskIn) -> EventSourceResponse:
    """Follow a run until it ends."""
    first = await run_in_threadpool(_shown, desk, run_id)
    return EventSourceResponse(_events(desk, run_id, first))


@router.post("/runs/{run_id}/cancel", response_model=RunOut)
def cancel_run(run_id: str, desk: DeskIn) -> dict[str, Any]:
    """Stop a run; what is done stays, and it can be resumed."""
    return desk.show_run(desk.cancel_run(run_id))


@router.post("/runs/{run_id}/resume", status_code=status.HTTP_202_ACCEPTED, response_model=RunOut)
def resume_run(run_id: str, desk: DeskIn) -> dict[str, Any]:
    """Do what a run left undone, and nothing twice."""
    return desk.show_run(desk.resume_run(run_id))


def _shown(desk: Desk, run_id: str) -> Shape:
    return desk.show_run(desk.use.runs.get(run_id))


async def _events(desk: Desk, run_id: str, run: Shape) -> AsyncIterator[ServerSentEvent]:
    told: Shape | None = None
    while True:
        if run != told:
            yield ServerSentEvent(json.dumps(run, ensure_ascii=False), event="progress")
            told = run
        if run["status"] not in {"queued", "running"}:
            break
        await asyncio.sleep(POLL_S)
        try:
            run = await run_in_threadpool(_shown, desk, run_id)
        except NotFound:  # erased with its study
            break
    yield ServerSentEvent(json.dumps({"status": run["status"]}), event="end")
