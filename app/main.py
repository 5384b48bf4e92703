"""Assembly of the web application: routes, guards and errors put together; nothing is decided here."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from app.api import (
    codebook,
    decisions,
    health,
    maps,
    opportunities,
    people,
    privacy,
    quality,
    quotes,
    runs,
    search,
    stages,
    studies,
    themes,
    transcripts,
)
from app.api.deps import current_actor
from app.api.guards import SAFE_METHODS, BodyLimit, HostGuard, LastResort, OriginGuard, SafeHeaders, known_hosts
from app.api.looking import OneLook
from app.api.problems import problem_of
from app.api.schemas import FilesIn, ProblemOut, problem_content
from app.errors import NotSignedIn, ThroughlineError
from app.services.desk import Desk, UseCases
from app.services.runs import Queue
from app.services.sign_in import SignIn
from app.services.uploads import UPLOADS_AT_LIMIT
from app.web import sign_in as sign_in_views
from app.web import (
    views_compare,
    views_components,
    views_intake,
    views_language,
    views_map,
    views_map_edits,
    views_opportunities,
    views_people,
    views_privacy,
    views_quality,
    views_quotes,
    views_reading,
    views_review,
    views_search,
    views_stage_proposals,
    views_stages,
    views_studies,
    views_theme_edits,
    views_themes,
)
from app.web.answers import Notices, error_page
from app.web.pages import static_files
from app.web.speaking import Speaking

API = "/api/v1"
MAX_BODY = 1_000_000
"""Bytes of any request but an upload."""
COMPRESSED_FROM, COMPRESSION = 2_000, 4
"""Answers of so many bytes are compressed for who takes that: a large map to a tenth, at a level that costs less time than it saves."""
NOUNS = (studies, transcripts, people, stages, runs, quotes, decisions, themes, codebook, maps, opportunities, privacy, quality, search)
VIEWS = (
    views_studies,
    views_stages,
    views_stage_proposals,
    views_intake,
    views_compare,
    views_map,
    views_map_edits,
    views_opportunities,
    views_people,
    views_quotes,
    views_reading,
    views_review,
    views_search,
    views_themes,
    views_theme_edits,
    views_privacy,
    views_quality,
    views_components,
    sign_in_views,
)
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "Not signed in.", "content": problem_content()},
    422: {"description": "A value that cannot be used; `errors` names the fields.", "content": problem_content()},
    "default": {"description": "Any other problem.", "content": problem_content()},
}


def create_app(use: UseCases, queue: Queue, sign_in: SignIn | None = None, *, worker_ready: Callable[[], bool] = lambda: True) -> FastAPI:
    """The web application over wired use cases; runs go to `queue`, and `sign_in` (made from the settings if need be) lets people in."""
    web = FastAPI(
        title="Throughline",
        version=_version(),
        summary="From interview transcripts to a journey map in which every sentence can be traced to the participant's own words.",
        openapi_url=None,  # served below, for those who are signed in
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    web.openapi = lambda: _openapi(web)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    web.state.desk = Desk(use, queue, sign_in or SignIn(use.settings), worker_ready)
    web.state.notices = Notices()
    _add_routes(web)
    for kind in (ThroughlineError, RequestValidationError, HTTPException):
        web.add_exception_handler(kind, _answer)
    # the last one added stands first
    web.add_middleware(OneLook)
    web.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=COMPRESSION)
    web.add_middleware(BodyLimit, largest=MAX_BODY, largest_upload=web.state.desk.max_file_bytes * UPLOADS_AT_LIMIT, answer=_answer)
    web.add_middleware(OriginGuard)
    web.add_middleware(HostGuard, hosts=known_hosts(use.settings))
    web.add_middleware(LastResort, answer=_answer)
    web.add_middleware(Speaking)
    web.add_middleware(SafeHeaders)
    return web


def _add_routes(web: FastAPI) -> None:
    known = [Depends(current_actor)]
    for noun in NOUNS:
        web.include_router(noun.router, prefix=API, dependencies=known, responses=PROBLEMS)
    web.include_router(_contract(web), prefix=API, dependencies=known)
    for views in VIEWS:
        web.include_router(views.router, dependencies=known)
    web.include_router(health.router)
    web.include_router(sign_in_views.public)
    web.include_router(views_language.public)
    web.mount("/static", static_files(), name="static")


def _contract(web: FastAPI) -> APIRouter:
    """OpenAPI 3.1 of the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    def openapi() -> JSONResponse:
        return JSONResponse(web.openapi())

    return router


def _openapi(web: FastAPI) -> dict[str, Any]:
    """The contract, with what FastAPI cannot see: problems, bodies that are read by hand, ways to sign in."""
    if web.openapi_schema is None:
        told = get_openapi(title=web.title, version=web.version, summary=web.summary, routes=web.routes)
        components = told.setdefault("components", {})
        for model in (ProblemOut, FilesIn):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            components["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
        cookie = web.state.desk.sign_in.cookie
        components["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": cookie},
        }
        told["security"] = [{"key": []}, {"session": []}]
        web.openapi_schema = told
    return web.openapi_schema


def _version() -> str:
    try:
        return version("throughline")
    except PackageNotFoundError:
        return "not installed"


def _operation_id(route: APIRoute) -> str:
    return route.name


def _answer(request: Request, error: Exception) -> Response:
    """A problem for programs, a page for people; who is not signed in is led to where that is explained."""
    problem = problem_of(error)
    path = request.url.path
    if path.startswith(("/api/", "/healthz", "/readyz")):
        return problem.response()
    if isinstance(error, NotSignedIn):
        return sign_in_views.to_sign_in(f"{path}?{request.url.query}".rstrip("?") if request.method in SAFE_METHODS else "/")
    study = request.path_params.get("study_id")  # the study is the nearest way out, where it is not what is missing
    back = f"/studies/{study}" if study and path != f"/studies/{study}" and study not in problem.detail else None
    page = error_page(problem.status, problem.title, problem.detail, signed_in=hasattr(request.state, "actor"), back=back)
    page.headers.update(problem.headers)
    return page
