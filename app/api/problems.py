"""Errors as RFC 9457 problems: what went wrong and the way out, never a traceback, never a word of a transcript."""

import logging
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.errors import ThroughlineError
from app.exports.catalogue import N_, _

log = logging.getLogger("throughline.http")
SERVER_ERROR = 500
_HINTS = {
    404: N_("There is nothing at this address."),
    405: N_("This address does not take this method."),
    413: N_("The request is larger than the server accepts; send fewer or smaller files at a time."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; `errors` names fields (field, message), `headers` go with the answer."""

    status: int
    slug: str
    title: str
    detail: str
    errors: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> JSONResponse:
        """The problem on the wire."""
        body: dict[str, Any] = {
            "type": f"urn:throughline:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"field": name, "message": message} for name, message in self.errors]
        return JSONResponse(body, self.status, self.headers, media_type="application/problem+json")


def problem_of(error: Exception) -> Problem:
    """The problem that an error is to whoever asked; what nobody foresaw is logged by its type and place only."""
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, ThroughlineError):
        if error.status >= SERVER_ERROR:
            log.error("%s: %s", type(error).__name__, _place(error))
        title = error.slug.replace("-", " ").capitalize()
        return Problem(error.status, error.slug, title, error.message, headers=_headers(error.status))
    if isinstance(error, HTTPException):
        title = HTTPStatus(error.status_code).phrase
        detail = _(_HINTS.get(error.status_code, "")) or str(error.detail)
        return Problem(error.status_code, title.lower().replace(" ", "-"), title, detail, headers=dict(error.headers or {}))
    log.error("unexpected %s at %s", type(error).__name__, _place(error))
    detail = _("Something went wrong that nobody foresaw. Nothing stored is lost; the server's log names the place.")
    return Problem(SERVER_ERROR, "unexpected", "Unexpected error", detail)


def _invalid(error: RequestValidationError) -> Problem:
    fields = []
    for found in error.errors():
        place = [str(part) for part in found["loc"] if part not in {"body", "query", "path"}]
        in_json = found["type"] == "json_invalid"
        fields.append(("body" if in_json or not place else ".".join(place), "this is no valid JSON" if in_json else found["msg"]))
    name, message = fields[0]
    return Problem(422, "invalid-input", "Invalid input", f"{name}: {message}", tuple(fields))


def _headers(status: int) -> dict[str, str]:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        case HTTPStatus.TOO_MANY_REQUESTS:
            return {"Retry-After": "60"}
    return {}


def _place(error: BaseException) -> str:
    """File and line where an error was raised: enough to find it, and free of anybody's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
