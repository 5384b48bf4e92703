"""Quotes."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import DeskIn
from app.api.schemas_map import QuoteFiltersIn, QuoteOut, QuotesOut

router = APIRouter(tags=["quotes"])


@router.get("/studies/{study_id}/quotes", response_model=QuotesOut)
def list_quotes(study_id: str, asked: Annotated[QuoteFiltersIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """A study's quotes in transcript order; every filter that is given must match."""
    filters = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    return desk.quotes_of(study_id, filters, cursor=asked.cursor, limit=asked.limit)


@router.get("/quotes/{quote_id}", response_model=QuoteOut)
def get_quote(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """One quote."""
    _, line = desk.use.quotes.get(quote_id)
    return {**line, "skip_reason": None, "map": None}
