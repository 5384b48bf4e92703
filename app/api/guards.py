"""What stands before every route, pages and API alike: known hosts, same-origin writes, safe headers, no unexpected error let out."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Problem
from app.settings import LOOPBACK_HOSTS, Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Answer = Callable[[Request, Exception], Response]
UPLOADS = re.compile(r"(/api/v1)?/studies/[^/]+/transcripts(/preview)?")
TOO_LARGE = 413
PROBES = frozenset({"/healthz", "/readyz"})
"""Asked by machines under whatever address they know this one by; they tell nothing."""
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not bound to
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    # not `no-referrer`: with that, browsers send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def known_hosts(settings: Settings) -> frozenset[str]:
    """Names under which this server may be asked, in lower case and without ports."""
    named = {h.strip().lower().strip("[]") for h in settings.allowed_hosts.split(",") if h.strip()}
    return frozenset({*LOOPBACK_HOSTS, settings.host.lower().strip("[]"), *named} - ANY_ADDRESS)


class HostGuard:
    """Answers only under known names, so that a foreign page cannot reach this server through a name of its own (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on."""
        if scope["type"] == "http" and scope["path"] not in PROBES and _host(Headers(scope=scope).get("host", "")) not in self._hosts:
            detail = "This server does not answer under this host name; add the name to THROUGHLINE_ALLOWED_HOSTS."
            await Problem(421, "unknown-host", "Unknown host", detail).response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


class OriginGuard:
    """Lets browsers write only from this server's own pages; programs, which send neither Origin nor Sec-Fetch-Site, pass."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and _foreign(Headers(scope=scope)):
            detail = "This request comes from another site's page; changes are made from Throughline's own pages, or by a program."
            await Problem(403, "foreign-origin", "Foreign origin", detail).response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimit:
    """Stops reading a body that is larger than its address takes: at once where it says so, else while it comes in."""

    def __init__(self, app: ASGIApp, *, largest: int, largest_upload: int, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._largest = largest
        self._largest_upload = largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_upload if UPLOADS.fullmatch(scope["path"]) else self._largest
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(TOO_LARGE)  # which body readers let through, and the application answers
            return message

        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            await self._answer(Request(scope), HTTPException(TOO_LARGE))(scope, receive, send)
            return
        await self._app(scope, counted, send)


class SafeHeaders:
    """Adds the headers that keep a page to itself; what a route sets stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add headers to what comes back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                # words of people stay in no cache; style and fonts do, and are asked for anew only when they changed
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith("/static/") else "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class LastResort:
    """Turns what nobody foresaw into an answer; without it the server would write a traceback, words of people included, to its log."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer for what fails."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = self._answer(Request(scope), error)
            if started:
                raise ConnectionAbortedError("an answer broke off; the line before names the place") from None
            await response(scope, receive, send)


def _host(header: str) -> str:
    """The name in a Host header, in lower case, without port and brackets; empty for what is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    place = _place(origin)
    return place is None or place != _place(f"{urlsplit(origin).scheme}://{headers.get('host', '')}")


def _place(origin: str) -> tuple[str, int | None] | None:
    """Host and port of an origin; None for `null` and other nonsense."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return parts.hostname, port or (443 if parts.scheme == "https" else 80)
