"""Two parts of a map side by side: two personas, two participants, two of the study's maps, or one of each."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.domain.journey import Lane
from app.exports.arrange import ROOM
from app.exports.catalogue import _
from app.exports.vocabulary import LANES
from app.services.shapes import Shape, study_shape
from app.web.answers import desk_of, page
from app.web.map_choices import load_choices
from app.web.map_look import GRID, Look
from app.web.map_sides import groups_of, sides_of, told_apart, usual_sides
from app.web.pages import PageLinks
from app.web.views_map import chosen_map, maps_of, no_map_page

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]


@router.get("/studies/{study_id}/map/compare")
def compare_page(request: Request, study_id: str, left: Asked = None, right: Asked = None) -> Response:
    """Two chosen parts of a map; before anything is chosen, the two personas that most stand for, or the first two participants."""
    desk = desk_of(request)
    study, maps = study_shape(desk.use.studies.overview(study_id)), maps_of(desk, study_id)
    asked = request.query_params.get("map")
    map_id = chosen_map(desk, study_id, maps, asked)
    if map_id is None:
        return no_map_page(study, maps)
    whole = desk.use.maps.read(map_id, quotes=False)
    base = Look(map_id=map_id if asked and asked == map_id else None, view=GRID)
    sides = sides_of(load_choices(desk, study_id, whole, base), [m for m in maps if m["id"] != whole["map_id"]])
    usual = usual_sides(sides, whole)
    chosen = (sides.get(left or usual[0]), sides.get(right or usual[1]))
    one, other = chosen
    hidden = {key: title for key, title, _gloss in LANES if key in set(Lane) and not _shown(whole, key)}
    compared = None
    if one and other and one != other:
        compared = told_apart(desk.use.maps.compare(map_id, one.narrowing, other.narrowing), hidden)
    return page(
        "compare.html",
        _("Compare"),
        study=study,
        map=whole,
        map_id=base.map_id,
        groups=groups_of(sides),
        chosen=chosen,
        compared=compared,
        no_longer=any(asked and asked not in sides for asked in (left, right)),
        left_out=list(hidden.values()),
        folded=sum(len(stage["rows"]) for stage in compared["stages"]) > ROOM if compared else False,
        unfolded=request.query_params.get("all"),
        whole_stage=lambda stage_id: f"?{urlencode({**request.query_params, 'all': stage_id})}#stage-{stage_id}",
        links=PageLinks(study_id, look=base.pairs()),
    )


def _shown(whole: Shape, key: str) -> bool:
    return all(row["shown"] for row in whole["layout"]["rows"] if row["key"] == key)
