"""Quotes, and what people decide about their tags."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from app.api.deps import ActorIn, DeskIn
from app.api.schemas_evidence import AnnotationOut
from app.api.schemas_map import QuoteFiltersIn, QuoteOut, QuotesOut
from app.api.schemas_review import TagsIn
from app.domain.render import Audience
from app.exports.annotation import MEDIA_TYPE, annotation
from app.services.shapes import quote_shape, stage_keys

router = APIRouter(tags=["quotes"])


class JsonLd(JSONResponse):
    """JSON for linked data."""

    media_type = MEDIA_TYPE


@router.get("/studies/{study_id}/quotes", response_model=QuotesOut)
def list_quotes(study_id: str, asked: Annotated[QuoteFiltersIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """A study's quotes in transcript order, or the least sure first; every filter that is given must match."""
    filters = asked.model_dump(exclude={"cursor", "limit", "order"}, exclude_none=True)
    return desk.quotes_of(study_id, filters, cursor=asked.cursor, limit=asked.limit, order=asked.order)


@router.get("/quotes/{quote_id}", response_model=QuoteOut)
def get_quote(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """One quote with what the model proposed and what people decided."""
    return desk.show_quote(quote_id)


@router.get("/quotes/{quote_id}/annotation", response_model=AnnotationOut, response_class=JsonLd)
def get_quote_annotation(
    request: Request,
    quote_id: str,
    desk: DeskIn,
    *,
    redact: Annotated[bool, Query(description="Replace personal data; positions are then those in the text without it.")] = False,
) -> dict[str, Any]:
    """One quote as a W3C Web Annotation: its words with what stands around them, its place in the text, and its tags."""
    place = desk.use.quote_pages.read(quote_id, Audience.SHARE if redact else Audience.OWNER)
    return annotation(
        quote_shape(place.quote, stage_keys(place.stages)),
        base=str(request.base_url).rstrip("/"),
        recording=None if redact else place.transcript.recording,
        theme=place.theme[1] if place.theme else None,
    )


@router.patch("/quotes/{quote_id}/tags", response_model=QuoteOut)
def correct_tags(quote_id: str, given: TagsIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Correct or confirm tags; no run ever overwrites what people decided."""
    return desk.correct_tags(quote_id, given.model_dump(mode="json", exclude_unset=True), actor)


@router.delete("/quotes/{quote_id}/tags", response_model=QuoteOut)
def undo_tags(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """Take back whatever people decided about a quote; what the model proposed counts again."""
    return desk.undo_tags(quote_id)
