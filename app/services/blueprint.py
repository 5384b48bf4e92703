"""What the business does: written by people stage by stage, shown on a map beside what customers say, and touched by no run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.db.repositories import Repositories
from app.domain.blueprint import MAX_TEXT, BusinessAction, Line
from app.domain.stages import Stage, stage_called, stage_names
from app.domain.tags import NO_STAGE
from app.errors import InvalidInput, NotFound
from app.services.store import Store, random_id

LANE = "business_actions"
HUMAN = "human"
MAX_ACTIONS = 1000
"""Actions of one map."""


class Blueprint:
    """Use cases around business actions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_map(self, either_id: str) -> list[BusinessAction]:
        """Those of a map (by its id or a version's) in their order, each with the stage that is meant now; raises `NotFound`."""
        with self._store.read() as repo:
            map_id, study_id = _map_of(repo, either_id)
            names = stage_names(repo.studies.stages(study_id))
            return [replace(a, stage_id=names[a.stage_id]) for a in repo.blueprint.of_map(map_id) if a.stage_id in names]

    def add(self, either_id: str, stage: str, line: str, text: str) -> BusinessAction:
        """Say what is done in a stage (by id or key), after what is there already; raises `InvalidInput`."""
        with self._store.write() as repo:
            map_id, study_id = _map_of(repo, either_id)
            there = repo.blueprint.of_map(map_id)
            if len(there) >= MAX_ACTIONS:
                raise InvalidInput(f"a map holds {MAX_ACTIONS} business actions; delete one first")
            position = max((a.position for a in there), default=-1) + 1
            action = BusinessAction(random_id(), map_id, _stage(repo, study_id, stage), _line(line), _text(text), position)
            repo.blueprint.add(action, self._store.now())
        return action

    def restate(self, action_id: str, said: Mapping[str, str]) -> BusinessAction:
        """Change what is done (`text`), where (`line`) or when (`stage`, by id or key) of one; raises `InvalidInput`, `NotFound`."""
        with self._store.write() as repo:
            action = repo.blueprint.get(action_id)
            study_id = repo.maps.get(action.map_id).study_id
            action = replace(
                action,
                text=_text(said["text"]) if "text" in said else action.text,
                line=_line(said["line"]) if "line" in said else action.line,
                stage_id=_stage(repo, study_id, said["stage"]) if "stage" in said else action.stage_id,
            )
            repo.blueprint.update(action)
            names = stage_names(repo.studies.stages(study_id))
            return replace(action, stage_id=names.get(action.stage_id, action.stage_id))

    def delete(self, action_id: str) -> None:
        """Take one off its map; raises `NotFound`."""
        with self._store.write() as repo:
            repo.blueprint.delete(action_id)


def with_actions(
    repo: Repositories, map_id: str, columns: Sequence[dict[str, Any]], stages: Iterable[Stage], free: Callable[[str], str]
) -> list[dict[str, Any]]:
    """A map's columns with the lane `business_actions` as DESIGN §8 writes it, each worded by `free` for its audience.

    Front stage comes before back stage, then support. What was written for a stage that was merged since stands in the other one, but on
    an older version, which still has its column, where it stood.
    """
    names = stage_names(stages)
    lanes: dict[str, list[dict[str, Any]]] = {column["id"]: [] for column in columns}
    for action in sorted(repo.blueprint.of_map(map_id), key=lambda a: list(Line).index(a.line)):
        column = action.stage_id if action.stage_id in lanes else names.get(action.stage_id, "")
        if column in lanes:
            lanes[column].append({"id": action.id, "text": free(action.text), "origin": HUMAN, "line": action.line.value})
    return [{**column, "lanes": {**column["lanes"], LANE: lanes[column["id"]]}} for column in columns]


def count_by_stage(stage_ids: Sequence[str], names: Mapping[str, str]) -> dict[str, int]:
    """How many actions each stage has, by the id that is meant."""
    meant = [names[s] for s in stage_ids if s in names]
    return {stage: meant.count(stage) for stage in meant}


def _map_of(repo: Repositories, either_id: str) -> tuple[str, str]:
    try:
        return either_id, repo.maps.get(either_id).study_id
    except NotFound:
        version = repo.maps.version(either_id, full=False)
        return version.map_id, version.study_id


def _stage(repo: Repositories, study_id: str, name: str) -> str:
    stages = repo.studies.stages(study_id)
    found = stage_called(study_id, stages, name)
    if found is None or found == NO_STAGE:
        raise InvalidInput(f"there is no stage “{name}” in this study; use {', '.join(s.key for s in stages)}")
    return found


def _line(line: str) -> Line:
    if line not in set(Line):
        raise InvalidInput(f"there is no line “{line}”; use {', '.join(Line)}")
    return Line(line)


def _text(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > MAX_TEXT:
        raise InvalidInput(f"say what is done in 1 to {MAX_TEXT} characters")
    return text
