"""Maps, their versions, and what every statement rests on."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response, status

from app.api.deps import DeskIn
from app.api.schemas import Page
from app.api.schemas_comparison import ComparisonOut, GroupCurveOut
from app.api.schemas_layout import MapPatchIn
from app.api.schemas_map import CitedOut, ListedMapOut, MapIn, MapOut, MapSettingsOut, MapVersionOut, MapViewOut
from app.api.schemas_narrowing import CitedAskedIn, ComparisonAskedIn, MapAskedIn
from app.api.themes import tags_of
from app.exports.folder import json_text
from app.exports.html import map_html
from app.services.maps import By
from app.services.shapes import listed_map_shape, map_view_shape, version_shape

router = APIRouter(tags=["maps"])
CurvesBy = Annotated[By, Query(description="Whose curves.")]
Redact = Annotated[bool | None, Query(description="Replace personal data, or not; left out, as the study is set.")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The `ETag` of the map as you read it, or `*`; else 412.")]
MAP_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "map.json: every cited quote and every theme's members.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
PAGE_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "map.html: the map in one file.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; frame-ancestors 'none'; sandbox"
)
"""The file carries its style and fonts inside, and no script."""


@router.get("/studies/{study_id}/maps", response_model=Page[ListedMapOut])
def list_maps(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's maps, the default one first, each with its newest version."""
    drawn = desk.use.map_desk.drawn(study_id)
    return {"items": [listed_map_shape(view, drawn.get(view.id)) for view in desk.use.maps.of_study(study_id)], "next_cursor": None}


@router.post("/studies/{study_id}/maps", status_code=status.HTTP_201_CREATED, response_model=MapViewOut)
def create_map(study_id: str, given: MapIn, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A further map, for some personas or channels; drawn at once if there was a run."""
    view = desk.use.maps.create(study_id, given.name, scenario=given.scenario, personas=given.personas, channels=given.channels)
    response.headers["Location"] = f"/api/v1/maps/{view.id}"
    return map_view_shape(view)


@router.get("/studies/{study_id}/map", response_model=MapOut, response_model_exclude_unset=True)
def get_default_map(study_id: str, asked: Annotated[MapAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """The newest version of a study's default map, or the part of it that is asked for."""
    return desk.use.maps.read(desk.use.maps.default_id(study_id), narrowing=asked.narrowing(), quotes=asked.quotes)


@router.get("/maps/{map_id}", response_model=MapOut, response_model_exclude_unset=True)
def get_map(map_id: str, asked: Annotated[MapAskedIn, Query()], desk: DeskIn, response: Response) -> dict[str, Any]:
    """A map's newest version by the map's id, or any version by its own; or the part of it that is asked for, with every number anew.

    The `ETag` is that of its name, scenario and rows, which are what people change of it.
    """
    told = desk.use.maps.read(map_id, narrowing=asked.narrowing(), quotes=asked.quotes)
    response.headers["ETag"] = f'"{desk.use.map_desk.settings(map_id).mark}"'
    return told


@router.patch("/maps/{map_id}", response_model=MapSettingsOut)
def update_map(map_id: str, given: MapPatchIn, desk: DeskIn, response: Response, if_match: IfMatch = None) -> dict[str, Any]:
    """Rename a map, say its scenario, or lay out its rows; no run changes any of it, and nothing is drawn again."""
    values = given.model_dump(exclude_unset=True)
    values = {key: value for key, value in values.items() if value is not None or key == "scenario"}
    if "layout" in values:
        values["rows"] = values.pop("layout")["rows"]
    settings = desk.use.map_desk.change(map_id, values, tags_of(if_match))
    response.headers["ETag"] = f'"{settings.mark}"'
    return {**map_view_shape(settings.view), "layout": settings.told()}


@router.delete("/maps/{map_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_map(map_id: str, desk: DeskIn) -> None:
    """Erase a map with its versions and what was written on it; 409 for the default one, which every study keeps."""
    desk.use.map_desk.delete(map_id)


@router.get("/maps/{map_id}/compare", response_model=ComparisonOut)
def compare_map(map_id: str, asked: Annotated[ComparisonAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """Two parts of a map side by side, such as two personas: the same stages and statements, what differs most first."""
    return desk.use.maps.compare(map_id, asked.left(), asked.right())


@router.get("/maps/{map_id}/curves", response_model=Page[GroupCurveOut])
def list_curves(map_id: str, desk: DeskIn, by: CurvesBy = "personas") -> dict[str, Any]:
    """The emotion curve of each persona, or of each participant of the map."""
    return {"items": desk.use.maps.curves(map_id, by), "next_cursor": None}


@router.get("/maps/{map_id}/versions", response_model=Page[MapVersionOut])
def list_map_versions(map_id: str, desk: DeskIn) -> dict[str, Any]:
    """A map's versions, newest first."""
    return {"items": [version_shape(version) for version in desk.use.maps.versions(map_id)], "next_cursor": None}


@router.get("/maps/{map_id}/export.json", response_class=Response, responses=MAP_FILE)
def export_map_json(map_id: str, desk: DeskIn, redact: Redact = None) -> Response:
    """The whole map as a file, with personal data replaced unless the study says otherwise or `redact` is false."""
    return _file(json_text(desk.use.maps.export(map_id, redact=redact)), "application/json", "map.json")


@router.get("/maps/{map_id}/export.html", response_class=Response, responses=PAGE_FILE)
def export_map_html(map_id: str, desk: DeskIn, redact: Redact = None) -> Response:
    """The whole map as one page that needs no server, with personal data replaced as in `export.json`."""
    response = _file(map_html(desk.use.maps.export(map_id, redact=redact)), "text/html; charset=utf-8", "map.html")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@router.get("/maps/{map_id}/statements/{statement_id}", response_model=CitedOut, response_model_exclude_unset=True)
def get_map_statement(map_id: str, statement_id: str, asked: Annotated[CitedAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """What a statement rests on, or what of it is in the part that is asked for: a page of its quotes."""
    return desk.show_cited(desk.use.maps.evidence(map_id, statement_id, offset=asked.offset, narrowing=asked.narrowing()))


@router.get("/maps/{map_id}/curve/{stage_id}", response_model=CitedOut, response_model_exclude_unset=True)
def get_curve_point(map_id: str, stage_id: str, asked: Annotated[CitedAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """What a stage's point on the emotion curve rests on, or what of it is in the part that is asked for: a page of its quotes."""
    return desk.show_cited(desk.use.maps.curve(map_id, stage_id, offset=asked.offset, narrowing=asked.narrowing()))


@router.get("/statements/{statement_id}", response_model=CitedOut, response_model_exclude_unset=True)
def get_statement(statement_id: str, desk: DeskIn) -> dict[str, Any]:
    """A statement of the newest version of whichever map has it."""
    return desk.show_cited(desk.use.maps.statement(statement_id))


def _file(text: str, media_type: str, name: str) -> Response:
    return Response(text, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
