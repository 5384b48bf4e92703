"""Finding quotes by words and meaning, and more like one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import DeskIn
from app.api.schemas_search import FoundOut, SearchIn, SimilarIn

router = APIRouter(tags=["search"])
NO_FILTERS = {"q", "mode", "cursor", "limit"}


@router.get("/studies/{study_id}/search", response_model=FoundOut)
def search_quotes(study_id: str, asked: Annotated[SearchIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """Quotes by their words and by what they mean, the best first; every filter that is given must match."""
    return desk.search(study_id, asked.q, _filters(asked), mode=asked.mode, cursor=asked.cursor, limit=asked.limit)


@router.get("/quotes/{quote_id}/similar", response_model=FoundOut)
def similar_quotes(quote_id: str, asked: Annotated[SimilarIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """Quotes of the same study that mean something alike, nearest first, with more than one participant at the top."""
    return desk.similar(quote_id, _filters(asked), cursor=asked.cursor, limit=asked.limit)


def _filters(asked: SimilarIn) -> dict[str, str]:
    return {name: str(value) for name, value in asked.model_dump(mode="json", exclude=NO_FILTERS, exclude_none=True).items()}
