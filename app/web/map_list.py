"""A study's maps as they are listed: what each is called, what it is about and limited to, and how old it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.exports.catalogue import _, ngettext
from app.exports.figures import day, number
from app.exports.vocabulary import worded
from app.services.desk import Desk
from app.services.shapes import Shape, listed_map_shape

DAY = timedelta(days=1)
MONTH_DAYS = 31


@dataclass(frozen=True, slots=True)
class MapLine:
    """A map in a list: `only` is what it is limited to, `age` how long ago it was drawn, both in words; `version` None if never."""

    id: str
    name: str
    scenario: str | None
    only: tuple[str, ...]
    version: int | None
    drawn_at: str | None
    age: str
    is_default: bool


def load_lines(desk: Desk, study_id: str) -> list[MapLine]:
    """A study's maps in their order, the default one first."""
    drawn = desk.use.map_desk.drawn(study_id)
    shapes = [listed_map_shape(view, drawn.get(view.id)) for view in desk.use.maps.of_study(study_id)]
    limited = any(shape["filter"]["personas"] for shape in shapes)
    personas = {p.id: p.name for p in desk.use.people.personas(study_id)} if limited else {}
    return [_line(shape, personas, desk.use.map_desk.now()) for shape in shapes]


def only_words(shape: Shape, personas: Mapping[str, str]) -> tuple[str, ...]:
    """What a map is limited to, in words; a persona that was deleted since says so."""
    named = (personas.get(persona) or _("a persona that is gone") for persona in shape["filter"]["personas"])
    return (*named, *(worded(channel) for channel in shape["filter"]["channels"]))


def only_of(lines: Iterable[MapLine], map_id: str) -> tuple[str, ...]:
    """What the map of this id is limited to, in words."""
    return next((line.only for line in lines if line.id == map_id), ())


def age_of(at: datetime, now: datetime) -> str:
    """How long ago something was drawn: `drawn today`, `drawn 3 days ago`; older than a month, the day."""
    days = (now.date() - at.date()) // DAY
    if days <= 0:
        return _("drawn today")
    if days >= MONTH_DAYS:
        return _("drawn on {day}").format(day=day(at))
    return ngettext("drawn yesterday", "drawn {n} days ago", days).format(n=number(days))


def _line(shape: Shape, personas: Mapping[str, str], now: datetime) -> MapLine:
    at = shape["drawn_at"]
    return MapLine(
        id=shape["id"],
        name=shape["name"],
        scenario=shape["scenario"],
        only=only_words(shape, personas),
        version=shape["version"],
        drawn_at=at,
        age=age_of(datetime.fromisoformat(at), now) if at else _("not drawn yet"),
        is_default=shape["is_default"],
    )
