"""A study's personal data: what was found, what people say about it, how a text reads for others."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from app.domain.terms import PERSONAL_KINDS
from app.errors import InvalidInput
from app.exports.catalogue import N_, Wording, _
from app.services.shapes import preview_shape, study_shape
from app.web.answers import actor_of, desk_of, page, see

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
SHOW = "show"
"""What the form sends in place of a kind for a term that is not personal."""
KIND_WORDS = Wording(
    {
        "name": N_("Names"),
        "email": N_("E-mail addresses"),
        "phone": N_("Phone numbers"),
        "address": N_("Addresses"),
        "card": N_("Card numbers"),
        "account": N_("Account numbers"),
        "id": N_("ID numbers"),
        "other": N_("Other"),
    }
)


@router.get("/studies/{study_id}/privacy")
def privacy_page(
    request: Request,
    study_id: str,
    cursor: Annotated[str | None, Query()] = None,
    transcript: Annotated[str | None, Query()] = None,
    at: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """What is personal in a study, and a transcript as others read it."""
    desk = desk_of(request)
    preview = desk.use.redaction.preview(study_id, transcript, at)
    return page(
        "privacy.html",
        _("Personal data"),
        study=study_shape(desk.use.studies.overview(study_id)),
        personal=desk.personal_data_of(study_id, cursor=cursor),
        preview=preview_shape(preview) if preview else None,
        kinds=[(kind, KIND_WORDS[kind]) for kind in PERSONAL_KINDS],
        cursor=cursor,
        llm_host=desk.use.settings.llm_host if desk.use.settings.llm_configured else None,
    )


@router.post("/studies/{study_id}/privacy/find")
def find_now(request: Request, study_id: str) -> Response:
    """Search whatever was not searched yet."""
    desk_of(request).use.redaction.find(study_id)
    return see(f"/studies/{study_id}/privacy")


@router.post("/studies/{study_id}/privacy/terms")
def decide_term(request: Request, study_id: str, words: Text = "", kind: Text = "", cursor: Text = "") -> Response:
    """Hide a term everywhere, or show it everywhere."""
    if not kind:
        raise InvalidInput(_("say what the term is, so that others read a fitting placeholder"))
    told = desk_of(request).use.redaction.decide(study_id, words, None if kind == SHOW else kind, actor=actor_of(request).person)
    return see(_back(study_id, cursor, told.id))


@router.post("/studies/{study_id}/privacy/terms/{term_id}/undo")
def undo_term(request: Request, study_id: str, term_id: str, cursor: Text = "") -> Response:
    """Take back what was decided about a term."""
    desk_of(request).use.redaction.undo(study_id, term_id)
    return see(_back(study_id, cursor, term_id))


@router.post("/studies/{study_id}/privacy/switch")
def move_switch(request: Request, study_id: str, redact: Text = "", sure: Text = "") -> Response:
    """Turn the replacing of personal data on, or, for who is sure, off."""
    if redact not in {"on", "off"}:
        raise InvalidInput(_("choose whether personal data is replaced: on or off"))
    if redact == "off" and not sure:
        raise InvalidInput(_("tick that words may leave as spoken, names included; without that, personal data is still replaced"))
    desk_of(request).use.redaction.switch(study_id, on=redact == "on", actor=actor_of(request).person)
    return see(f"/studies/{study_id}/privacy")


def _back(study_id: str, cursor: str, term_id: str) -> str:
    """To the term on the page it was on."""
    query = f"?{urlencode({'cursor': cursor})}" if cursor else ""
    return f"/studies/{study_id}/privacy{query}#term-{term_id}"
