"""What people change about a map: its name and scenario, its rows, whether it is there at all."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app.domain.layout import MAX_CELL, MAX_OWN, MAX_TITLE
from app.errors import InvalidInput, NotFound, Outdated
from app.exports.catalogue import _
from app.exports.vocabulary import LANES
from app.services.desk import Desk
from app.services.map_settings import MapSettings
from app.services.shapes import stage_shape, study_shape
from app.web.answers import desk_of, page, see
from app.web.pages import PageLinks
from app.web.row_form import RowForm, begun, read_form
from app.web.views_map import chosen_map, maps_of, no_map_page

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
MapId = Annotated[str | None, Query(alias="map")]
MOST_FIELDS = 2000


async def sent_form(request: Request) -> RowForm:
    """The form's rows; they have numbers in their names, since how many there are is not known beforehand."""
    return read_form(await request.form(max_fields=MOST_FIELDS))


Sent = Annotated[RowForm, Depends(sent_form)]


@router.get("/studies/{study_id}/map/rows")
def rows_page(request: Request, study_id: str, map_id: MapId = None, saved: Annotated[str | None, Query()] = None) -> Response:
    """A map's rows as they are, ready to be moved, hidden and written in."""
    desk = desk_of(request)
    found = _settings(desk, study_id, map_id)
    if found is None:
        return no_map_page(study_shape(desk.use.studies.overview(study_id)), maps_of(desk, study_id))
    return _form_page(desk, found, begun(found), saved=bool(saved))


@router.post("/studies/{study_id}/map/rows/form")
def change_form(request: Request, study_id: str, sent: Sent, map_id: MapId = None, do: Text = "") -> Response:
    """The form with a row moved (`up:2`), added (`add`), removed (`remove:2`), or all as usual (`usual`); nothing is stored."""
    desk = desk_of(request)
    found = _settings(desk, study_id, map_id)
    if found is None:
        raise NotFound("this study has no map yet; start a run to draw one")
    what, _, which = do.partition(":")
    number = int(which) if which.isdecimal() else -1
    if what in {"up", "down"}:
        sent = sent.moved(number, -1 if what == "up" else 1)
    elif what == "add":
        sent = sent.added()
    elif what == "remove":
        sent = sent.without(number)
    elif what == "usual":
        sent = sent.usual()
    return _form_page(desk, found, sent, changed=True)


@router.post("/studies/{study_id}/map/rows")
def save_rows(request: Request, study_id: str, sent: Sent, map_id: MapId = None) -> Response:
    """Store the rows; whoever was quicker is not overwritten, and what cannot be stored is said beside what was typed."""
    desk = desk_of(request)
    found = _settings(desk, study_id, map_id)
    if found is None or not sent.rows:
        raise InvalidInput("the form came incomplete; open the rows again and repeat the change")
    try:
        desk.use.map_desk.change(found.view.id, {"rows": sent.given()}, {sent.seen} if sent.seen else None)
    except InvalidInput as problem:
        answer = _form_page(desk, found, sent, changed=True, problem=problem.message)
        answer.status_code = problem.status
        return answer
    except Outdated as problem:
        now = _settings(desk, study_id, map_id) or found
        told = _(
            "Somebody else changed the rows or the stages meanwhile, so nothing was saved yet. Look through what you wrote, then save it."
        )
        answer = _form_page(desk, now, sent.meeting(begun(now)), changed=True, problem=told)
        answer.status_code = problem.status
        return answer
    return see(_links(found).rows(saved=True))


@router.post("/studies/{study_id}/maps/{map_id}")
def restate_map(request: Request, study_id: str, map_id: str, name: Text = "", scenario: Text = "") -> Response:
    """Rename a map, or say what it is about."""
    desk = desk_of(request)
    found = _of_study(desk, study_id, map_id)
    desk.use.map_desk.change(map_id, {"name": name, "scenario": scenario})
    return see(_links(found).map_of(None if found.view.is_default else map_id))


@router.post("/studies/{study_id}/maps/{map_id}/delete")
def delete_map(request: Request, study_id: str, map_id: str) -> Response:
    """Erase a map, and go to the study's default one."""
    desk = desk_of(request)
    found = _of_study(desk, study_id, map_id)
    desk.use.map_desk.delete(map_id)
    return see(_links(found).map_of(None))


def _settings(desk: Desk, study_id: str, map_id: str | None) -> MapSettings | None:
    """Of the map that was asked for, else of the default one; None before the first run. Raises `NotFound`."""
    chosen = chosen_map(desk, study_id, maps_of(desk, study_id), map_id)
    return desk.use.map_desk.settings(chosen) if chosen else None


def _of_study(desk: Desk, study_id: str, map_id: str) -> MapSettings:
    found = desk.use.map_desk.settings(map_id)
    if found.view.study_id != study_id:
        raise NotFound(f"there is no map “{map_id}” in this study")
    return found


def _links(found: MapSettings) -> PageLinks:
    return PageLinks(found.view.study_id, look=() if found.view.is_default else (("map", found.view.id),))


def _form_page(
    desk: Desk, found: MapSettings, form: RowForm, *, saved: bool = False, changed: bool = False, problem: str | None = None
) -> Response:
    stages = {stage.id: stage for stage in found.stages}
    gone: Mapping[str, str] = {s: found.layout.titles.get(s, "") for row in found.layout.own for s in row.cells if s not in stages}
    return page(
        "map_rows.html",
        _("Rows of this map"),
        study=study_shape(desk.use.studies.overview(found.view.study_id)),
        map={"id": found.view.id, "name": found.view.name, "is_default": found.view.is_default},
        form=form,
        stages=[stage_shape(stage) for stage in found.stages],
        gone=gone,
        words={key: (title, gloss) for key, title, gloss in LANES},
        saved=saved,
        changed=changed,
        problem=problem,
        most={"title": MAX_TITLE, "cell": MAX_CELL, "own": MAX_OWN},
        links=_links(found),
    )
