"""Reading maps: a version with the words of its quotes, for one audience."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion, MapView
from app.domain.journey import Lane, Relation
from app.domain.narrowing import Narrowing
from app.domain.opportunities import OPPORTUNITY
from app.domain.quote import State
from app.domain.render import Audience
from app.domain.tags import Channel
from app.errors import InvalidInput, NotFound
from app.services.book import entry_of, load_book
from app.services.citing import Place, find_point, find_statement
from app.services.drawing import can_redraw, is_stale, redraw
from app.services.map_document import present_comparison, present_map, shown_statement
from app.services.map_settings import checked_name, checked_scenario
from app.services.own_words import laid_over, own_words
from app.services.parts import compared, has_facts, load_facts, narrowed, standing
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.store import Store, random_id
from app.stages.narrow import curves
from app.stages.weighing import Feeling

By = Literal["personas", "participants"]
Load = Literal["head", "page", "document"]
EVIDENCE_PAGE = 20


@dataclass(frozen=True, slots=True)
class CitedQuotes:
    """What a statement or a curve point (then `lane` is None) rests on: one page of its quotes, supporting and contrary apart."""

    study_id: str
    map_id: str
    cited: dict[str, Any]
    stage: dict[str, Any]
    lane: str | None
    of_participants: int
    supporting: tuple[ShownQuote, ...]
    contrary: tuple[ShownQuote, ...]
    total: int
    offset: int


class Maps:
    """Use cases around a map."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def of_study(self, study_id: str) -> list[MapView]:
        """A study's maps, the default one first."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.maps.of_study(study_id)

    def create(self, study_id: str, name: str, *, scenario: str | None, personas: Sequence[str], channels: Sequence[str]) -> MapView:
        """A further map of a study, drawn at once from its newest run, without any model call."""
        if unknown := set(channels) - {c.value for c in Channel}:
            raise InvalidInput(f"there is no channel “{min(unknown)}”")
        shown = {"personas": list(personas), "channels": list(channels)}
        view = MapView(random_id(), study_id, checked_name(name), checked_scenario(scenario), shown, is_default=False)
        with self._store.write() as repo:
            repo.studies.get(study_id)
            for persona_id in personas:
                if repo.people.persona(persona_id).study_id != study_id:
                    raise NotFound(f"there is no persona “{persona_id}” in this study")
            repo.maps.add(view, self._store.now())
            redraw(repo, study_id, self._store.now())
        return view

    def default_id(self, study_id: str) -> str:
        """The id of a study's default map; raises `NotFound` before the first run."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            for view in repo.maps.of_study(study_id):
                if view.is_default:
                    return view.id
        raise NotFound("this study has no map yet; start a run to draw one")

    def study_of(self, either_id: str) -> str:
        """The id of the study that a map, or a version of one, belongs to; raises `NotFound`."""
        with self._store.read() as repo:
            return repo.maps.head(either_id).study_id

    def standing(self, either_id: str, narrowing: Narrowing) -> tuple[Narrowing, dict[str, int]]:
        """A narrowing without what the study no longer has, and how much of it is gone, by what it is; raises `NotFound`."""
        with self._store.read() as repo:
            return standing(repo, repo.maps.head(either_id), narrowing)

    def versions(self, map_id: str) -> list[tuple[str, int, str, str, Any]]:
        """(id, version, status, run id, created) of each version, newest first."""
        with self._store.read() as repo:
            repo.maps.get(map_id)
            return repo.maps.versions(map_id)

    def redraw(self, study_id: str) -> None:
        """Draw a study's maps again from what is left, without any model call."""
        with self._store.write() as repo:
            redraw(repo, study_id, self._store.now())

    @contextmanager
    def _reading(self, either_id: str, load: Load, *, facts: bool = False) -> Iterator[tuple[Repositories, MapVersion]]:
        """A version, drawn again first if people decided something since: so a row of corrections costs one drawing, not one each.

        With `facts` also if it was drawn before maps could be narrowed.
        """
        with self._store.read() as repo:
            version = _load(repo, either_id, load)
            if not _outdated(repo, version, facts=facts):
                yield repo, version
                return
        with self._store.write() as repo:
            if _outdated(repo, repo.maps.head(either_id), facts=facts):  # another reader may have been quicker
                redraw(repo, version.study_id, self._store.now())
        with self._store.read() as repo:
            yield repo, _load(repo, either_id, load)

    def read(
        self,
        either_id: str,
        audience: Audience = Audience.OWNER,
        *,
        full: bool = False,
        narrowing: Narrowing | None = None,
        quotes: bool = True,
    ) -> dict[str, Any]:
        """A map as DESIGN §8 writes it; with `full` every cited quote and every theme's members, as the file map.json has them.

        With a `narrowing` the part of it that fits, in the same form; raises `InvalidInput` where it names what the study does not have.
        Without `quotes` none are shown: what a page needs that opens them on request, and much quicker on a large map.
        """
        if audience is not Audience.OWNER:
            self._privacy.find(self.study_of(either_id))
        with self._reading(either_id, "document" if full and not narrowing else "page", facts=bool(narrowing)) as (repo, whole):
            version = narrowed(repo, whole, load_facts(repo, whole), narrowing, full=full) if narrowing else whole
            run = repo.runs.get(version.run_id)
            show = Presenter(repo, version.study_id, run, self._privacy, audience)
            return present_map(repo, version, run, show, audience, quotes=quotes)

    def export(self, either_id: str, *, redact: bool | None) -> dict[str, Any]:
        """The whole map for a file; with `redact` None personal data is replaced if the study's switch is on."""
        if redact is None:
            with self._store.read() as repo:
                redact = repo.studies.get(repo.maps.head(either_id).study_id).redact
        return self.read(either_id, Audience.SHARE if redact else Audience.OWNER, full=True)

    def evidence(
        self,
        either_id: str,
        statement_id: str,
        *,
        offset: int = 0,
        audience: Audience = Audience.OWNER,
        narrowing: Narrowing | None = None,
    ) -> CitedQuotes:
        """What a statement rests on, or what of it fits a narrowing; raises `NotFound`."""
        with self._reading(either_id, "head", facts=bool(narrowing)) as (repo, version):
            place = find_statement(repo, version, statement_id, narrowing)
            if place is None:
                raise NotFound(f"there is no statement “{statement_id}” on this {'part of the map' if narrowing else 'map'}")
            return self._cited(repo, version, place, offset=offset, audience=audience)

    def curve(
        self,
        either_id: str,
        stage_id: str,
        *,
        offset: int = 0,
        audience: Audience = Audience.OWNER,
        narrowing: Narrowing | None = None,
    ) -> CitedQuotes:
        """What a curve point rests on, or what of it fits a narrowing; raises `NotFound`."""
        with self._reading(either_id, "head", facts=bool(narrowing)) as (repo, version):
            place = find_point(repo, version, stage_id, narrowing)
            if place is None:
                raise NotFound(f"there is no evidence for this stage on this {'part of the map' if narrowing else 'map'}")
            return self._cited(repo, version, place, offset=offset, audience=audience)

    def compare(self, either_id: str, left: Narrowing, right: Narrowing, audience: Audience = Audience.OWNER) -> dict[str, Any]:
        """Two parts of a map side by side: stage by stage and lane by lane the statements of either, what differs most first.

        A statement's `difference` is the share of people on the left less that on the right. Raises `InvalidInput` where a narrowing
        names what the study does not have.
        """
        if audience is not Audience.OWNER:
            self._privacy.find(self.study_of(either_id))
        with self._reading(either_id, "page", facts=True) as (repo, version):
            one, other, stages = compared(repo, version, left, right)
            show = Presenter(repo, version.study_id, repo.runs.bare(version.run_id), self._privacy, audience)
            return present_comparison(repo, version, (one, other), stages, show)

    def curves(self, either_id: str, by: By, audience: Audience = Audience.OWNER) -> list[dict[str, Any]]:
        """The emotion curve of each persona, or of each participant of the map: {id, name, participants, points}.

        `points` are as many as stages, each {stage_id, score, participants}, or None where nobody of them said anything there.
        """
        if audience is not Audience.OWNER:
            self._privacy.find(self.study_of(either_id))
        with self._reading(either_id, "page", facts=True) as (repo, version):
            facts = load_facts(repo, version)
            show = Presenter(repo, version.study_id, repo.runs.bare(version.run_id), self._privacy, audience)
            groups = _groups(repo, version, facts, by, show)
            stages = [stage["id"] for stage in version.document["stages"]]
            drawn = curves(facts, stages, [people for _, _, people in groups])
        return [
            {"id": key, "name": name, "participants": len(people), "points": [_point(*at) for at in zip(stages, points, strict=True)]}
            for (key, name, people), points in zip(groups, drawn, strict=True)
        ]

    def statement(self, statement_id: str) -> CitedQuotes:
        """What a statement rests on, among the newest versions of all maps; raises `NotFound`."""
        with self._store.read() as repo:
            maps = repo.maps.holding(statement_id)
        for map_id in maps:
            try:
                return self.evidence(map_id, statement_id)
            except NotFound:
                continue
        raise NotFound(f"there is no statement “{statement_id}” here")

    def themes(self, study_id: str) -> list[dict[str, Any]]:
        """Themes of the newest version of the default map, most shared first, with counts."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            views = [v for v in repo.maps.of_study(study_id) if v.is_default]
            if not views or not repo.maps.versions(views[0].id):
                return []
        with self._reading(views[0].id, "page") as (repo, version):
            book = load_book(repo, study_id, repo.runs.bare(version.run_id).tagger_key)
        return [{**t, **entry_of(book, t["id"])} for t in version.document["themes"] if t["id"] in book.entries]

    def _cited(self, repo: Repositories, version: MapVersion, place: Place, *, offset: int, audience: Audience) -> CitedQuotes:
        show = Presenter(repo, version.study_id, repo.runs.bare(version.run_id), self._privacy, audience)
        evidence = side_by_side(place.cited["evidence"])
        part = evidence[offset : offset + EVIDENCE_PAGE]
        quotes = show.show([e["quote_id"] for e in part], dict.fromkeys((e["quote_id"] for e in part), State.USED.value))
        by_relation = {
            relation: tuple(quotes[e["quote_id"]] for e in part if e["relation"] == relation and e["quote_id"] in quotes)
            for relation in Relation
        }
        head = {key: value for key, value in place.cited.items() if key != "evidence"}
        if place.lane == Lane.OPPORTUNITIES and repo.reviews.decisions(version.study_id, OPPORTUNITY):
            head = laid_over(head, own_words(repo, version.study_id, repo.maps.version(version.id, full=False).document["stages"]))
        if "text" in head:
            head = shown_statement(head, show)
        return CitedQuotes(
            study_id=version.study_id,
            map_id=version.map_id,
            cited=head,
            stage={**place.stage, **show.stage_told(place.stage)},
            lane=place.lane,
            of_participants=place.of_participants,
            supporting=by_relation[Relation.SUPPORTS],
            contrary=by_relation[Relation.CONTRADICTS],
            total=len(evidence),
            offset=offset,
        )


def _load(repo: Repositories, either_id: str, load: Load) -> MapVersion:
    return repo.maps.head(either_id) if load == "head" else repo.maps.version(either_id, full=load == "document")


def _outdated(repo: Repositories, version: MapVersion, *, facts: bool) -> bool:
    return is_stale(repo, version) or (facts and not has_facts(version) and can_redraw(repo, version))


def _groups(repo: Repositories, version: MapVersion, facts: dict[str, Any], by: By, show: Presenter) -> list[tuple[str, str, list[str]]]:
    """(id, name, ids of its participants on the map) of each persona or participant."""
    people = [show.participants[p] for p in facts["participants"] if p in show.participants]
    if by == "participants":
        return [(p.id, p.pseudonym, [p.id]) for p in people]
    personas = repo.people.personas(version.study_id)
    return [(x.id, show.free(x.name), [p.id for p in people if x.id in p.persona_ids]) for x in personas]


def _point(stage_id: str, feeling: Feeling | None) -> dict[str, Any] | None:
    return {"stage_id": stage_id, "score": round(feeling.score, 3), "participants": feeling.participants} if feeling else None


def side_by_side(evidence: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Evidence with every third item contrary as long as there is any, so that no page of many quotes hides what speaks against them."""
    supporting = [e for e in evidence if e["relation"] == Relation.SUPPORTS]
    contrary = [e for e in evidence if e["relation"] == Relation.CONTRADICTS]
    mixed = [e for i, against in enumerate(contrary) for e in (*supporting[2 * i : 2 * i + 2], against)]
    return [*mixed, *supporting[2 * len(contrary) :]]
