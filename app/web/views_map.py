"""The map page: the overview and the full map, narrowed to some people or channels, with the words behind every statement."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.errors import NotFound
from app.exports.arrange import ROOM, at_a_glance, statements_on
from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.map_settings import MAX_NAME, MAX_SCENARIO
from app.services.shapes import Shape, map_view_shape, stage_shape, study_shape
from app.web.answers import desk_of, fragment, page, see, wants_fragment
from app.web.map_choices import Choices, gone_words, load_choices
from app.web.map_list import load_lines, only_of
from app.web.map_look import GRID, OVERVIEW, Look, read_look
from app.web.pages import PageLinks

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]
Text = Annotated[str, Form()]
Several = Annotated[list[str], Form()]
NOT_FOUND = 404


@router.get("/studies/{study_id}/map")
def map_page(request: Request, study_id: str, statement: Asked = None, stage: Asked = None) -> Response:
    """A study's map as it was asked for; with a statement or a stage's curve point opened, its quotes beside it."""
    desk, look = desk_of(request), read_look(request.query_params)
    study, maps = study_shape(desk.use.studies.overview(study_id)), maps_of(desk, study_id)
    map_id = chosen_map(desk, study_id, maps, look.map_id)
    if map_id is None:
        return no_map_page(study, maps)
    standing, gone = desk.use.maps.standing(map_id, look.narrowing) if look.narrowing else (look.narrowing, {})
    look = replace(look, narrowing=standing)
    if wants_fragment(request) and (statement or stage):
        opened = _opened(desk, map_id, look, statement, stage)
        if opened:
            stages = [stage_shape(s) for s in desk.use.studies.stages(study_id)]
            links = PageLinks(study_id, look=_settled(look, maps).pairs())
            return fragment(
                "_evidence.html", open=opened, study=study, stages=stages, links=links, of_participants=opened["of_participants"]
            )
    return _whole_page(request, study, map_id, _settled(look, maps), (statement, stage), gone_words(gone))


@router.get("/studies/{study_id}/map/statements/{statement_id}")
def statement_page(request: Request, study_id: str, statement_id: str) -> Response:
    """The map with this statement opened; for a script only the panel."""
    return map_page(request, study_id, statement=statement_id)


@router.post("/studies/{study_id}/maps")
def make_map(
    request: Request,
    study_id: str,
    name: Text = "",
    scenario: Text = "",
    personas: Several = [],  # noqa: B006  # FastAPI copies a default
    channels: Several = [],  # noqa: B006  # same
) -> Response:
    """A further map of a study, and go to it."""
    made = desk_of(request).use.maps.create(study_id, name, scenario=scenario.strip() or None, personas=personas, channels=channels)
    return see(PageLinks(study_id).map_of(made.id))


def maps_of(desk: Desk, study_id: str) -> list[Shape]:
    """A study's maps, the default one first."""
    return [map_view_shape(view) for view in desk.use.maps.of_study(study_id)]


def chosen_map(desk: Desk, study_id: str, maps: list[Shape], asked: str | None) -> str | None:
    """The id of the map or version that was asked for, else of the default map; None before the first run. Raises `NotFound`."""
    default = next((view["id"] for view in maps if view["is_default"]), None)
    if asked is None or asked == default:
        return default
    if asked not in {view["id"] for view in maps} and desk.use.maps.study_of(asked) != study_id:
        raise NotFound(f"there is no map “{asked}” in this study")
    return asked


def no_map_page(study: Shape, maps: list[Shape]) -> Response:
    """What stands where the map will be once a run has drawn it."""
    answer: HTMLResponse = page("map_none.html", _("No map yet"), study=study, maps=maps)
    answer.status_code = NOT_FOUND
    return answer


def _whole_page(
    request: Request, study: Shape, map_id: str, look: Look, wanted: tuple[str | None, str | None], no_longer: tuple[str, ...]
) -> Response:
    desk = desk_of(request)
    try:
        whole = desk.use.maps.read(map_id, quotes=False)
    except NotFound:
        return no_map_page(study, maps_of(desk, study["id"]))
    saved = "saved" in request.query_params
    opened, gone = None, False
    try:
        opened = _opened(desk, map_id, look, *wanted)
    except NotFound:
        if not saved and not look.narrowing and not no_longer:
            raise
        gone = True  # the correction took the last quote away from what was open, or nothing within the filter supports it
    shown = desk.use.maps.read(map_id, narrowing=look.narrowing, quotes=False) if look.narrowing else whole
    look = replace(look, view=look.view or _fitting_view(shown, opened))
    choices = load_choices(desk, study["id"], whole, look, shown.get("narrowing", {}).get("renamed", {}))
    lines = load_lines(desk, study["id"])
    return page(
        "map.html",
        _("Journey map"),
        study=study,
        map=shown,
        maps=lines,
        only=only_of(lines, whole["map_id"]),
        settings={"most_name": MAX_NAME, "most_scenario": MAX_SCENARIO},
        open=opened,
        gone=gone,
        no_longer=no_longer,
        saved=saved,
        view=look.view,
        hidden=look.hidden,
        folded=statements_on(shown) > ROOM,
        unfolded=request.query_params.get("all", ""),
        curves=_curves(desk, map_id, look, choices),
        look=look,
        choices=choices,
        counted_on={"people": len(shown["participants"]), "of": whole["of_participants"], "statements": statements_on(shown)},
        links=PageLinks(study["id"], look=look.pairs()),
    )


def _settled(look: Look, maps: list[Shape]) -> Look:
    """The same look, the default map unsaid."""
    default = {view["id"] for view in maps if view["is_default"]}
    return replace(look, map_id=None) if look.map_id in default else look


def _fitting_view(shown: Shape, opened: Shape | None) -> str:
    """The overview, unless what is open is not on it."""
    statement = opened["statement"] if opened else None
    return GRID if statement and statement["id"] not in at_a_glance(shown) else OVERVIEW


def _curves(desk: Desk, map_id: str, look: Look, choices: Choices) -> list[Shape]:
    """A curve for each persona that somebody on the map stands for, where they are asked for."""
    drawn = desk.use.maps.curves(map_id, by="personas") if look.personas_apart and choices.personas else []
    return [curve for curve in drawn if curve["participants"]]


def _opened(desk: Desk, map_id: str, look: Look, statement: str | None, stage: str | None) -> Shape | None:
    narrowing = look.narrowing or None
    if statement:
        return desk.show_cited(desk.use.maps.evidence(map_id, statement, narrowing=narrowing))
    if stage:
        return desk.show_cited(desk.use.maps.curve(map_id, stage, narrowing=narrowing))
    return None
