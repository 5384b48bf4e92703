"""What every route needs: the desk it works at, and the one dependency that says who is asking."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.services.desk import Desk
from app.services.sign_in import Actor


async def current_desk(request: Request) -> Desk:
    """The server's collaborators."""
    return cast("Desk", request.app.state.desk)


async def current_actor(request: Request) -> Actor:
    """Who is asking, by session cookie or bearer key; raises `NotSignedIn`. Every route but sign-in, health and static files has it."""
    sign_in = cast("Desk", request.app.state.desk).sign_in
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = sign_in.by_bearer(key.strip(), request.client.host if request.client else "")
    else:
        session = sign_in.by_session(request.cookies.get(sign_in.cookie, ""))
        if session is None:
            raise sign_in.refusal()
        actor = session
    request.state.actor = actor
    return actor


DeskIn = Annotated[Desk, Depends(current_desk)]
ActorIn = Annotated[Actor, Depends(current_actor)]
