"""For whoever watches the server: is it up, and can it work."""

from typing import Any

from fastapi import APIRouter, Response, status

from app.api.deps import DeskIn
from app.api.schemas import HealthOut, ReadyOut

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=HealthOut)
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", response_model=ReadyOut, responses={503: {"model": ReadyOut, "description": "A part is missing."}})
def readyz(desk: DeskIn, response: Response) -> dict[str, Any]:
    """The database is there and up to date, and somebody takes runs from the queue."""
    checks = {"database": desk.use.store.db.up_to_date(), "worker": desk.worker_ready()}
    ready = all(checks.values())
    response.status_code = status.HTTP_200_OK if ready else status.HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "ready" if ready else "not ready", "checks": checks}
