"""What is known of a study's people without reading their words: who they are, and what the newest map is made from, by person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.journey import Lane
from app.domain.people import Participant, Persona
from app.domain.quote import State
from app.domain.stages import Stage
from app.domain.tags import Experience
from app.services.drawing import can_redraw, is_stale, redraw
from app.services.parts import has_facts
from app.services.store import Store
from app.stages.facts import NONE
from app.stages.path import Told


@dataclass(frozen=True, slots=True)
class StatementHead:
    """A statement of the map without its evidence."""

    id: str
    text: str
    lane: str
    stage_id: str
    theme_id: str | None


@dataclass(frozen=True)
class PeopleMaterial:
    """A study's participants who speak, its personas, and the facts of its newest map; `version` is None before the first one."""

    study_id: str
    stages: tuple[Stage, ...]
    participants: tuple[Participant, ...]
    personas: tuple[Persona, ...]
    version: MapVersion | None
    facts: Mapping[str, Any]

    @cached_property
    def stage_ids(self) -> list[str]:
        """Ids of the stages in the order of the journey."""
        return [stage.id for stage in self.stages]

    @cached_property
    def quoted(self) -> frozenset[str]:
        """Ids of the participants of whom the map holds a quote."""
        people = self.facts.get("participants", ())
        return frozenset(people[n] for n in self.facts.get("participant", ()))

    @cached_property
    def told(self) -> dict[str, list[Told]]:
        """The quotes of each participant, without their words; in no order of telling."""
        f = self.facts
        found: dict[str, list[Told]] = {p.id: [] for p in self.participants}
        if not f:
            return found
        stage_at = [stage for stage, (start, end) in f["curve"].items() for _ in range(start, end)]
        felt = [Experience(name) for name in f["experiences"]]
        touchpoints = self._touchpoints
        for n, quote_id in enumerate(f["quotes"]):
            tagged = n < f["tagged"]
            person, chain = f["participants"][f["participant"][n]], f["theme"][n]
            saying = Told(
                quote_id=quote_id,
                participant_id=person,
                stage=stage_at[n] if n < len(stage_at) else None,
                experience=felt[f["experience"][n]] if tagged else None,
                valence=f["valence"][n],
                confidence=f["confidence"][n],
                theme_id=f["chains"][chain][-1] if chain != NONE else None,
                touchpoint=touchpoints.get(n),
            )
            found.setdefault(person, []).append(saying)
        return found

    @cached_property
    def place(self) -> dict[str, int]:
        """Where in the facts each quote stands."""
        return {quote_id: n for n, quote_id in enumerate(self.facts.get("quotes", ()))}

    @cached_property
    def statements(self) -> dict[str, StatementHead]:
        """The map's statements by id, column by column."""
        return {
            s["id"]: StatementHead(s["id"], s["text"], lane.value, stage["id"], s.get("theme_id"))
            for stage in (self.version.document["stages"] if self.version else ())
            for lane in Lane
            for s in stage["lanes"][lane]
        }

    @cached_property
    def labels(self) -> dict[str, str]:
        """Labels of the map's themes by id, those inside others included."""
        return {t["id"]: t["label"] for t in (self.version.document["themes"] if self.version else ())}

    def holders_of_themes(self) -> dict[str, set[str]]:
        """Who speaks of each theme, what lies inside it included."""
        f = self.facts
        found: dict[str, set[str]] = {theme: set() for theme in self.labels}
        for chain, person in zip(f.get("theme", ()), f.get("participant", ()), strict=True):
            for theme in f["chains"][chain] if chain != NONE else ():
                found.setdefault(theme, set()).add(f["participants"][person])
        return found

    def told_of_themes(self, participant_ids: Collection[str]) -> dict[str, list[Told]]:
        """What these participants said of each theme, what lies inside it included."""
        f = self.facts
        found: dict[str, list[Told]] = {}
        for person in sorted(participant_ids):
            for saying in self.told.get(person, ()):
                chain = f["theme"][self.place[saying.quote_id]]
                for theme in f["chains"][chain] if chain != NONE else ():
                    found.setdefault(theme, []).append(saying)
        return found

    def holders_of_statements(self) -> dict[str, set[str]]:
        """Whose words support each statement."""
        f = self.facts
        return {
            key: {f["participants"][f["participant"][n]] for n in told["supports"]}
            for key, told in f.get("statements", {}).items()
            if key in self.statements
        }

    def theme_of(self, quote_id: str) -> str | None:
        """The outermost theme that a quote is in on the map."""
        n = self.place.get(quote_id)
        chain = NONE if n is None else self.facts["theme"][n]
        return self.facts["chains"][chain][-1] if chain != NONE else None

    def states(self, quote_ids: Collection[str]) -> dict[str, str]:
        """What became of these quotes: used where a curve point, a theme or a statement holds them, a gap where nobody tagged them."""
        f, cited = self.facts, self._cited
        reach = max((end for _, end in f.get("curve", {}).values()), default=0)
        found = {}
        for quote_id in quote_ids:
            n = self.place.get(quote_id)
            if n is None or n >= f["tagged"]:
                found[quote_id] = State.GAP.value
            else:
                used = n < reach or f["theme"][n] != NONE or n in cited
                found[quote_id] = (State.USED if used else State.UNPLACED).value
        return found

    @cached_property
    def _cited(self) -> set[int]:
        stood = self.facts.get("statements", {}).values()
        return {n for told in stood for n in (*told["supports"], *told["contradicts"])}

    @cached_property
    def _touchpoints(self) -> dict[int, str]:
        named = self.facts.get("statements", {})
        heads = [head for head in self.statements.values() if head.lane == Lane.TOUCHPOINTS]
        return {n: head.text for head in heads if head.id in named for n in named[head.id]["supports"]}

    def of(self, participant_ids: Sequence[str]) -> list[Told]:
        """What these participants said."""
        return [saying for p in participant_ids for saying in self.told.get(p, ())]


def load_people(repo: Repositories, study_id: str) -> PeopleMaterial:
    """Load a study's people; raises `NotFound`."""
    repo.studies.get(study_id)
    map_id = repo.maps.latest_ids([study_id]).get(study_id)
    version = repo.maps.version(map_id, full=False) if map_id else None
    return PeopleMaterial(
        study_id=study_id,
        stages=repo.studies.stages(study_id),
        participants=tuple(repo.people.participants(study_id)),
        personas=tuple(repo.people.personas(study_id)),
        version=version,
        facts=repo.maps.facts(version.id) if version else {},
    )


def ready_map(store: Store, study_id: str) -> None:
    """Draw a study's maps again where people decided something since, or where the newest was stored before there were facts."""
    with store.read() as repo:
        repo.studies.get(study_id)
        map_id = repo.maps.latest_ids([study_id]).get(study_id)
        if map_id is None or not _waits(repo, map_id):
            return
    with store.write() as repo:
        redraw(repo, study_id, store.now())


def _waits(repo: Repositories, map_id: str) -> bool:
    version = repo.maps.head(map_id)
    return is_stale(repo, version) or (not has_facts(version) and can_redraw(repo, version))
