"""Themes: the entries of a study's code book that its newest map shows."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.api.deps import DeskIn
from app.api.schemas import Page
from app.api.schemas_map import MapThemeOut, ThemeOut
from app.services.shapes import theme_shape

router = APIRouter(tags=["themes"])


@router.get("/studies/{study_id}/themes", response_model=Page[MapThemeOut])
def list_themes(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's themes, the most shared first."""
    return {"items": [theme_shape(theme) for theme in desk.use.maps.themes(study_id)], "next_cursor": None}


@router.get("/themes/{theme_id}", response_model=ThemeOut)
def get_theme(theme_id: str, desk: DeskIn, offset: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
    """A theme and a page of its quotes, the most central first."""
    return desk.show_theme(theme_id, offset)
