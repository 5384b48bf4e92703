"""What a statement or a curve point of a stored map rests on, found without reading the whole map."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.journey import Lane, Relation
from app.domain.layout import STEPS
from app.domain.narrowing import Narrowing
from app.services.parts import Facts, find_part, has_facts, load_facts, words_of_quotes
from app.stages.narrow import curve_point, narrow_statement, retold
from app.stages.steps_of_stage import step_within

WHOLE = Narrowing()
STAGE = ("id", "key", "title", "definition")
_ID = re.compile(r"[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A statement, or with `lane` None a curve point, with all of its `evidence`, and the stage that it stands in."""

    stage: dict[str, Any]
    lane: str | None
    cited: dict[str, Any]
    of_participants: int


def find_statement(repo: Repositories, version: MapVersion, statement_id: str, narrowing: Narrowing | None) -> Place | None:
    """A statement of a version with all that it rests on, or what of it fits a narrowing; None where there is nothing."""
    if not narrowing and not has_facts(version):
        return _statement_in_document(repo, version, statement_id)
    if not _ID.fullmatch(statement_id):
        return None
    if narrowing:
        facts = load_facts(repo, version)
        told = facts["statements"].get(statement_id)
    else:
        told, quotes = repo.maps.pick(version.id, "facts", ("statements", statement_id), ("quotes",))
    if told is None:
        return None
    n, lane, place = told["at"]
    cell = ("stages", n, STEPS) if lane == STEPS else ("stages", n, "lanes", lane)
    statement, *of_stage = repo.maps.pick(version.id, "page", (*cell, place), *(("stages", n, key) for key in STAGE))
    found = Place(dict(zip(STAGE, of_stage, strict=True)), lane, statement, version.document["of_participants"])
    return _within(repo, version, facts, found, narrowing) if narrowing else replace(found, cited={**statement, **_evidence(told, quotes)})


def find_point(repo: Repositories, version: MapVersion, stage_id: str, narrowing: Narrowing | None) -> Place | None:
    """A stage's curve point with all that it rests on, or what of it fits a narrowing; None where there is nothing."""
    if not narrowing and not has_facts(version):
        return _point_in_document(repo, version, stage_id)
    facts = load_facts(repo, version)
    if stage_id not in facts["stages"]:
        return None
    part = find_part(repo, version, facts, narrowing or WHOLE)
    point = curve_point(part, stage_id)
    n = facts["stages"].index(stage_id)
    stage = repo.maps.pick(version.id, "page", *(("stages", n, key) for key in STAGE))
    return Place(dict(zip(STAGE, stage, strict=True)), None, point, len(part.people)) if point else None


def _within(repo: Repositories, version: MapVersion, facts: Facts, place: Place, narrowing: Narrowing) -> Place | None:
    part = find_part(repo, version, facts, narrowing)
    if place.lane == STEPS:
        step = step_within(part, version.map_id, place.stage["id"], place.cited)
        return replace(place, cited=step, of_participants=len(part.people)) if step else None
    lane = Lane(place.lane or "")
    made = narrow_statement(part, lane, place.cited)
    if made is None:
        return None
    if made["text"] is None:
        strongest = made["evidence"][0]["quote_id"]
        made["text"] = retold(facts, place.stage["id"], lane, made, words_of_quotes(repo, [strongest])[strongest])
    return replace(place, cited=made, of_participants=len(part.people))


def _evidence(told: Mapping[str, Any], quotes: list[str]) -> dict[str, Any]:
    return {"evidence": [{"quote_id": quotes[n], "relation": relation.value} for relation in Relation for n in told[relation]]}


def _statement_in_document(repo: Repositories, version: MapVersion, statement_id: str) -> Place | None:
    document = repo.maps.version(version.id, full=True).document
    for stage in document["stages"]:
        for lane in Lane:
            for statement in stage["lanes"][lane]:
                if statement["id"] == statement_id:
                    return Place({key: stage[key] for key in STAGE}, lane.value, statement, document["of_participants"])
    return None


def _point_in_document(repo: Repositories, version: MapVersion, stage_id: str) -> Place | None:
    document = repo.maps.version(version.id, full=True).document
    for stage in document["stages"]:
        if stage["id"] == stage_id and stage["emotion"]:
            return Place({key: stage[key] for key in STAGE}, None, stage["emotion"], document["of_participants"])
    return None
