"""What stands around every request that only reads: its parts share what they read."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services.store import looking

READING = frozenset({"GET", "HEAD"})


class OneLook:
    """Has what is read for an answer remembered until the answer begins, so that a page does not ask for its study ten times."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what comes after the beginning of an answer, as in a stream of events, is read anew."""
        if scope["type"] != "http" or scope["method"] not in READING:
            await self._app(scope, receive, send)
            return
        with looking() as look:

            async def begun(message: Message) -> None:
                look.end()
                await send(message)

            await self._app(scope, receive, begun)
