"""Quotes, and what people decide about their tags."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import ActorIn, DeskIn
from app.api.schemas_map import QuoteFiltersIn, QuoteOut, QuotesOut
from app.api.schemas_review import TagsIn

router = APIRouter(tags=["quotes"])


@router.get("/studies/{study_id}/quotes", response_model=QuotesOut)
def list_quotes(study_id: str, asked: Annotated[QuoteFiltersIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """A study's quotes in transcript order, or the least sure first; every filter that is given must match."""
    filters = asked.model_dump(exclude={"cursor", "limit", "order"}, exclude_none=True)
    return desk.quotes_of(study_id, filters, cursor=asked.cursor, limit=asked.limit, order=asked.order)


@router.get("/quotes/{quote_id}", response_model=QuoteOut)
def get_quote(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """One quote with what the model proposed and what people decided."""
    return desk.show_quote(quote_id)


@router.patch("/quotes/{quote_id}/tags", response_model=QuoteOut)
def correct_tags(quote_id: str, given: TagsIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Correct or confirm tags; no run ever overwrites what people decided."""
    return desk.correct_tags(quote_id, given.model_dump(mode="json", exclude_unset=True), actor)


@router.delete("/quotes/{quote_id}/tags", response_model=QuoteOut)
def undo_tags(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """Take back whatever people decided about a quote; what the model proposed counts again."""
    return desk.undo_tags(quote_id)
