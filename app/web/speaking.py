"""Which language a page is drawn in: the one its reader chose, else the one the browser asks for; found out once a request."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.exports.catalogue import language_for, languages, spoken_in

COOKIE = "throughline_language"
"""Holds the tag of the language that somebody chose."""
COOKIE_AGE_S = 365 * 24 * 3600
_ENGLISH_ONLY = ("/api/", "/static/", "/healthz", "/readyz")
"""What programs read stays as its documentation says."""


class Speaking:
    """Answers each request for a page in its reader's language.

    Stands before the application as plain ASGI: what is set here is there in every thread that answers the request, and nowhere else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        languages()  # a catalogue that cannot be read stops the server's start, not a page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and say which language came back."""
        if scope["type"] != "http" or scope["path"].startswith(_ENGLISH_ONLY):
            await self._app(scope, receive, send)
            return
        asked = Request(scope)
        language = language_for(asked.cookies.get(COOKIE), asked.headers.get("accept-language", ""))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Language", language.tag)
                    headers.add_vary_header("Accept-Language, Cookie")
            await send(message)

        with spoken_in(language):
            await self._app(scope, receive, told)
