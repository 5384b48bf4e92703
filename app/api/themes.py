"""Themes: the entries of a study's code book, and what people do to one of them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import Page
from app.api.schemas_themes import (
    ChangedOut,
    ListedThemeOut,
    MergeIn,
    SplitAskedIn,
    SplitIn,
    SplitProposalOut,
    ThemeIn,
    ThemeOut,
    ThemePatchIn,
)
from app.services.proposals import Part
from app.services.shapes import stage_keys, theme_shape
from app.services.theme_shapes import changed_shape, part_shape

router = APIRouter(tags=["themes"])
ALL = "Also entries that no map shows: those marked as noise, and those without quotes."
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The entry's `etag` as you read it, or `*`; else 412.")]


def tags_of(if_match: str | None) -> set[str] | None:
    """The tags of an If-Match header; None without one."""
    if if_match is None:
        return None
    return {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}


@router.get("/studies/{study_id}/themes", response_model=Page[ListedThemeOut])
def list_themes(study_id: str, desk: DeskIn, all_: Annotated[bool, Query(alias="all", description=ALL)] = False) -> dict[str, Any]:  # noqa: FBT002 - a query
    """The themes on a study's newest map, the most shared first, or with `all` every entry in force."""
    themes = _entries(desk.use.codebooks.read(study_id)) if all_ else desk.use.maps.themes(study_id)
    return {"items": [{**theme_shape(theme), "mark": theme["mark"]} for theme in themes], "next_cursor": None}


def _entries(book: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Entries in one list, each followed by those inside it."""
    return [entry for theme in book["themes"] for entry in (theme, *theme["children"])]


@router.post("/studies/{study_id}/themes", response_model=ChangedOut, status_code=status.HTTP_201_CREATED)
def create_theme(study_id: str, given: ThemeIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Make an entry of your own, with or without quotes; later runs keep it and may place quotes in it."""
    values = given.model_dump(mode="json", exclude={"quote_ids"})
    return changed_shape(desk.use.codebooks.add(study_id, values, given.quote_ids, actor=actor.person))


@router.get("/themes/{theme_id}", response_model=ThemeOut)
def get_theme(theme_id: str, desk: DeskIn, response: Response, offset: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
    """An entry and a page of its quotes, the most central first."""
    told = desk.show_theme(theme_id, offset)
    response.headers["ETag"] = f'"{told["etag"]}"'
    return told


@router.patch("/themes/{theme_id}", response_model=ChangedOut)
def update_theme(
    theme_id: str, given: ThemePatchIn, desk: DeskIn, actor: ActorIn, response: Response, if_match: IfMatch = None
) -> dict[str, Any]:
    """Rename, define, nest, mark or pin an entry; no run overwrites what people decided."""
    values = given.model_dump(mode="json", exclude_unset=True)
    changed = desk.use.codebooks.change(theme_id, values, actor=actor.person, expected=tags_of(if_match))
    response.headers["ETag"] = f'"{changed.themes[0]["etag"]}"'
    return changed_shape(changed)


@router.delete("/themes/{theme_id}", response_model=ChangedOut)
def remove_theme(theme_id: str, desk: DeskIn, actor: ActorIn, if_match: IfMatch = None) -> dict[str, Any]:
    """Take an entry out: its quotes belong to no theme any more, what lies inside it becomes outermost, and no run brings it back."""
    return changed_shape(desk.use.codebooks.remove(theme_id, actor=actor.person, expected=tags_of(if_match)))


@router.post("/themes/{theme_id}/merge", response_model=ChangedOut)
def merge_theme(theme_id: str, given: MergeIn, desk: DeskIn, actor: ActorIn, if_match: IfMatch = None) -> dict[str, Any]:
    """Have another entry take over this one's quotes, now and in later runs; what lies inside it goes along."""
    return changed_shape(desk.use.codebooks.merge(theme_id, given.into, actor=actor.person, expected=tags_of(if_match)))


@router.post("/themes/{theme_id}/split", response_model=ChangedOut)
def split_theme(theme_id: str, given: SplitIn, desk: DeskIn, actor: ActorIn, if_match: IfMatch = None) -> dict[str, Any]:
    """Make entries of their own from parts of an entry's quotes; if none are left, it is taken out."""
    parts = [Part(tuple(part.quote_ids), part.label) for part in given.parts]
    return changed_shape(desk.use.codebooks.split(theme_id, parts, actor=actor.person, expected=tags_of(if_match)))


@router.get("/themes/{theme_id}/split-proposal", response_model=SplitProposalOut)
def propose_split(theme_id: str, asked: Annotated[SplitAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """How an entry's quotes would fall into two to four parts, by what they mean; nothing is changed."""
    books = desk.use.codebooks
    keys = stage_keys(desk.use.studies.stages(books.study_of(theme_id)))
    return {"theme_id": theme_id, "parts": [part_shape(part, keys) for part in books.split_proposal(theme_id, asked.parts)]}
