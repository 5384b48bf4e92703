"""What can be laid beside one another on a map, and how far two sides differ in what they say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.narrowing import Narrowing
from app.exports.catalogue import N_, _
from app.services.shapes import Shape
from app.web.map_choices import Choices
from app.web.map_look import Pairs, narrowing_pairs

TELLING = 5
"""Differences told before the stages."""
PERSONAS, PARTICIPANTS, MAPS = N_("Personas"), N_("Participants"), N_("Other maps")
"""Groups that sides are listed in."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: its value in an address, its words, the group it is listed in, and the part of the map it stands for."""

    value: str
    words: str
    group: str
    narrowing: Narrowing

    @property
    def pairs(self) -> Pairs:
        """The part of the map as its address says it."""
        return narrowing_pairs(self.narrowing)


def sides_of(choices: Choices, maps: Sequence[Shape]) -> dict[str, Side]:
    """Everything that can be chosen, by its value: personas, participants, and the part of the map that each of `maps` shows.

    A map that is limited to a persona that is on nobody any more is left out.
    """
    personas = {key for key, _words in choices.personas}
    sides = [Side(f"persona:{key}", words, PERSONAS, Narrowing(personas=(key,))) for key, words in choices.personas]
    sides += [Side(f"participant:{key}", words, PARTICIPANTS, Narrowing(participants=(key,))) for key, words in choices.participants]
    for shown in maps:
        if not set(shown["filter"]["personas"]) <= personas:
            continue
        part = Narrowing(personas=tuple(shown["filter"]["personas"]), channels=tuple(shown["filter"]["channels"]))
        sides.append(Side(f"map:{shown['id']}", shown["name"], MAPS, part))
    return {side.value: side for side in sides}


def groups_of(sides: Mapping[str, Side]) -> list[tuple[str, list[Side]]]:
    """The sides under their groups' names, in order."""
    return [(_(name), list(members)) for name, members in groupby(sides.values(), key=lambda side: side.group)]


def usual_sides(sides: Mapping[str, Side], whole: Shape) -> tuple[str, str]:
    """Values of the two that are shown before anybody chose: the personas most stand for, else the first two participants."""
    stands_for = [name for p in whole["participants"] for name in p["personas"]]
    personas = [s for s in sides.values() if s.group == PERSONAS]
    ranked = sorted(personas, key=lambda s: -stands_for.count(s.words)) if len(personas) > 1 else []
    chosen = [s.value for s in (ranked or [s for s in sides.values() if s.group == PARTICIPANTS])][:2]
    return (*chosen, "", "")[0], (*chosen, "", "")[1]


def told_apart(compared: Shape, left_out: Collection[str] = ()) -> Shape:
    """A comparison with its rows by how far they differ, each knowing its lane and stage, and with the most `telling` ones.

    Lanes of which the keys are `left_out` are not compared.
    """
    rows = [
        {**row, "lane": lane, "stage": {"id": stage["id"], "title": stage["title"]}}
        for stage in compared["stages"]
        for lane, of_lane in stage["lanes"].items()
        for row in of_lane
        if lane not in left_out and (row["left"] or row["right"])
    ]
    rows.sort(key=lambda row: (-abs(row["difference"]), -_quotes(row), row["id"]))
    stages = []
    for stage in compared["stages"]:
        mine = [row for row in rows if row["stage"]["id"] == stage["id"]]
        stages.append({**stage, "rows": mine, "lanes": {lane: [r for r in mine if r["lane"] == lane] for lane in stage["lanes"]}})
    return {**compared, "stages": stages, "telling": [row for row in rows if row["difference"]][:TELLING]}


def _quotes(row: Shape) -> int:
    return sum(side["evidence_total"] for side in (row["left"], row["right"]) if side)
