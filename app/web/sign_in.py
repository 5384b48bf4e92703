"""Signing in and out: a one-time link, or the server's key in a form."""

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.errors import NotSignedIn, TooManyAttempts
from app.exports.catalogue import _
from app.services.sign_in import SESSION_AGE_S, SignIn
from app.web.answers import desk_of, see
from app.web.pages import render_page

public = APIRouter(include_in_schema=False)
"""Open to everybody: this is how one comes in."""
router = APIRouter(include_in_schema=False)


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: a path on this server, whatever was asked for."""
    path = wanted or "/"
    odd = "\\" in path or any(ord(c) < ord(" ") for c in path)
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    foreign = bool(parts.scheme or parts.netloc) or path.startswith("//")
    return path if path.startswith("/") and not odd and not foreign else "/"


@public.get("/sign-in")
def sign_in_page(
    request: Request, token: Annotated[str | None, Query()] = None, next_: Annotated[str | None, Query(alias="next")] = None
) -> Response:
    """Trade a one-time link for a session, or show how to come in."""
    sign_in = desk_of(request).sign_in
    goal = local_path(next_)
    if sign_in.by_session(request.cookies.get(sign_in.cookie, "")):
        return see(goal)
    if token is None:
        return _page(sign_in, goal, None, 200)
    try:
        return _let_in(request, sign_in, sign_in.consume(token), goal)
    except NotSignedIn as error:
        return _page(sign_in, goal, error.message, error.status)


@public.post("/sign-in")
def sign_in_with_key(
    request: Request, key: Annotated[str, Form()] = "", next_: Annotated[str | None, Form(alias="next")] = None
) -> Response:
    """Trade the server's key for a session."""
    sign_in = desk_of(request).sign_in
    goal = local_path(next_)
    try:
        session = sign_in.trade(key.strip(), request.client.host if request.client else "")
    except (NotSignedIn, TooManyAttempts) as error:
        return _page(sign_in, goal, error.message, error.status)
    return _let_in(request, sign_in, session, goal)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this browser's session."""
    response = see("/sign-in")
    response.delete_cookie(desk_of(request).sign_in.cookie, path="/")
    return response


def to_sign_in(path: str) -> RedirectResponse:
    """Send somebody who is not signed in to the page that explains how, and back afterwards."""
    return see(f"/sign-in?next={quote(path, safe='')}" if path != "/" else "/sign-in")


def _page(sign_in: SignIn, goal: str, error: str | None, status: int) -> HTMLResponse:
    page = {"title": _("Sign in"), "signed_in": False}
    return HTMLResponse(render_page("sign_in.html", error=error, next=goal, keyed=sign_in.keyed, page=page), status)


def _let_in(request: Request, sign_in: SignIn, session: str, goal: str) -> Response:
    response = see(goal)
    secure = request.url.scheme == "https"
    response.set_cookie(sign_in.cookie, session, max_age=SESSION_AGE_S, path="/", secure=secure, httponly=True, samesite="lax")
    return response
