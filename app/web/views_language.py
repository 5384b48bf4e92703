"""Choosing the language of the pages, where there is more than one."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.exports.catalogue import languages
from app.web.answers import see
from app.web.sign_in import local_path
from app.web.speaking import COOKIE, COOKIE_AGE_S

public = APIRouter(include_in_schema=False)
"""Open to everybody: the page to sign in has a language too."""


@public.post("/language")
def choose_language(request: Request, language: Annotated[str, Form()] = "") -> Response:
    """Remember the language in this browser and go back to the page; what is no language of ours is forgotten."""
    came_from = urlsplit(request.headers.get("referer", ""))
    response = see(local_path(f"{came_from.path}?{came_from.query}".rstrip("?") if came_from.netloc == request.url.netloc else "/"))
    if language in languages():
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, language, max_age=COOKIE_AGE_S, path="/", secure=secure, httponly=True, samesite="lax")
    else:
        response.delete_cookie(COOKIE, path="/")
    return response
