"""What views share: the desk they work at, pages, fragments and redirects."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.shapes import Shape
from app.services.sign_in import Actor
from app.services.store import random_id
from app.web.pages import render_page

NOTICES_KEPT = 100


def desk_of(request: Request) -> Desk:
    """The server's collaborators."""
    return cast("Desk", request.app.state.desk)


def actor_of(request: Request) -> Actor:
    """Who is asking; `current_actor`, which every page depends on, has found out."""
    return cast("Actor", request.state.actor)


def page(template: str, title: str | None, **context: Any) -> HTMLResponse:
    """A page of this title."""
    return HTMLResponse(render_page(template, page={"title": title}, **context), headers={"Vary": "X-Fragment, HX-Request"})


def fragment(template: str, **context: Any) -> HTMLResponse:
    """A part of a page."""
    return HTMLResponse(render_page(template, **context), headers={"Vary": "X-Fragment, HX-Request"})


def wants_fragment(request: Request) -> bool:
    """Whether a script asks for a part of the page."""
    return "x-fragment" in request.headers or "hx-request" in request.headers


def see(path: str) -> RedirectResponse:
    """Look there next, with GET."""
    return RedirectResponse(path, status_code=303)


def error_page(
    status: int, title: str, detail: str, *, signed_in: bool, back: str | None = None, kept: Iterable[tuple[str, str]] = ()
) -> HTMLResponse:
    """A page that says what went wrong and the way out; the title is looked up, the detail stays as it was told.

    `back` is the study that it happened in; `kept` is what was typed (labels and words), so that it can be copied and is not lost.
    """
    title = _(title)
    seen = {"title": title, "signed_in": signed_in}
    told = {"status": status, "title": title, "detail": detail, "way_out": None, "back": back, "kept": tuple(kept)}
    return HTMLResponse(render_page("error.html", page=seen, **told), status)


def typed(form: FormData, name: str) -> str:
    """What was typed into a field; nothing where it did not come, or came as a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def position(form: FormData, name: str) -> float:
    """The place that was typed for a row; behind all others where it is no whole number."""
    try:
        return float(int(typed(form, name)))
    except ValueError:
        return float("inf")


class Notices:
    """What became of an upload, kept from the form's answer to the page it leads to; the newest hundred, in memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[Shape]] = OrderedDict()
        self._lock = Lock()

    def keep(self, outcomes: list[Shape]) -> str:
        """Keep outcomes; the key to find them by."""
        key = random_id()
        with self._lock:
            self._kept[key] = outcomes
            if len(self._kept) > NOTICES_KEPT:
                self._kept.popitem(last=False)
        return key

    def find(self, key: str | None) -> list[Shape]:
        """Outcomes by key; nothing when they are gone."""
        with self._lock:
            return self._kept.get(key or "", [])
