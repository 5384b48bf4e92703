"""Reading maps: a version with the words of its quotes, for one audience."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion, MapView
from app.domain.journey import Lane, Relation
from app.domain.render import Audience
from app.domain.runs import Run
from app.domain.study import Transcript
from app.domain.tags import Channel
from app.domain.themes import CodeBook
from app.errors import InvalidInput, NotFound
from app.services.book import entry_of, load_book
from app.services.drawing import is_stale, redraw
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.store import Store, random_id

SCHEMA_VERSION = 1
OFFLINE = "offline"
EVIDENCE_PAGE = 50


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
        if not name.strip():
            raise InvalidInput("a map needs a name")
        if unknown := set(channels) - {c.value for c in Channel}:
            raise InvalidInput(f"there is no channel “{min(unknown)}”")
        view = MapView(
            random_id(), study_id, name.strip(), scenario, {"personas": list(personas), "channels": list(channels)}, is_default=False
        )
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
            return repo.maps.version(either_id, full=False).study_id

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
    def _reading(self, either_id: str, *, full: bool) -> Iterator[tuple[Repositories, MapVersion]]:
        """A version, drawn again first if people decided something since: so a row of corrections costs one drawing, not one each."""
        with self._store.read() as repo:
            version = repo.maps.version(either_id, full=full)
            if not is_stale(repo, version):
                yield repo, version
                return
        with self._store.write() as repo:
            if is_stale(repo, repo.maps.version(either_id, full=False)):  # another reader may have been quicker
                redraw(repo, version.study_id, self._store.now())
        with self._store.read() as repo:
            yield repo, repo.maps.version(either_id, full=full)

    def read(self, either_id: str, audience: Audience = Audience.OWNER, *, full: bool = False) -> dict[str, Any]:
        """A map as DESIGN §8 writes it; with `full` every cited quote and every theme's members, as the file map.json has them."""
        if audience is not Audience.OWNER:
            self._privacy.find(self.study_of(either_id))
        with self._reading(either_id, full=full) as (repo, version):
            run = repo.runs.get(version.run_id)
            show = Presenter(repo, version.study_id, run, self._privacy, audience)
            return _presented(repo, version, run, show, audience)

    def export(self, either_id: str, *, redact: bool | None) -> dict[str, Any]:
        """The whole map for a file; with `redact` None personal data is replaced if the study's switch is on."""
        if redact is None:
            with self._store.read() as repo:
                redact = repo.studies.get(repo.maps.version(either_id, full=False).study_id).redact
        return self.read(either_id, Audience.SHARE if redact else Audience.OWNER, full=True)

    def evidence(self, either_id: str, statement_id: str, *, offset: int = 0, audience: Audience = Audience.OWNER) -> CitedQuotes:
        """What a statement rests on; raises `NotFound`."""
        with self._reading(either_id, full=True) as (repo, version):
            for stage in version.document["stages"]:
                for lane, statements in stage["lanes"].items():
                    for statement in statements:
                        if statement["id"] == statement_id:
                            return self._cited(repo, version, stage, lane, statement, offset=offset, audience=audience)
        raise NotFound(f"there is no statement “{statement_id}” on this map")

    def curve(self, either_id: str, stage_id: str, *, offset: int = 0, audience: Audience = Audience.OWNER) -> CitedQuotes:
        """What a curve point rests on; raises `NotFound`."""
        with self._reading(either_id, full=True) as (repo, version):
            for stage in version.document["stages"]:
                if stage["id"] == stage_id and stage["emotion"]:
                    return self._cited(repo, version, stage, None, stage["emotion"], offset=offset, audience=audience)
        raise NotFound("there is no evidence for this stage on this map")

    def statement(self, statement_id: str) -> CitedQuotes:
        """What a statement rests on, among the newest versions of all maps; raises `NotFound`."""
        with self._store.read() as repo:
            maps = [view.id for study in repo.studies.all() for view in repo.maps.of_study(study.id)]
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
        with self._reading(views[0].id, full=False) as (repo, version):
            book = load_book(repo, study_id, repo.runs.get(version.run_id).tagger_key)
        return [{**t, **entry_of(book, t["id"])} for t in version.document["themes"] if t["id"] in book.entries]

    def _cited(
        self,
        repo: Repositories,
        version: MapVersion,
        stage: dict[str, Any],
        lane: str | None,
        cited: dict[str, Any],
        *,
        offset: int,
        audience: Audience,
    ) -> CitedQuotes:
        run = repo.runs.get(version.run_id)
        show = Presenter(repo, version.study_id, run, self._privacy, audience)
        part = cited["evidence"][offset : offset + EVIDENCE_PAGE]
        quotes = show.show([e["quote_id"] for e in part], version.document["states"])
        by_relation = {
            relation: tuple(quotes[e["quote_id"]] for e in part if e["relation"] == relation and e["quote_id"] in quotes)
            for relation in Relation
        }
        head = {key: value for key, value in cited.items() if key != "evidence"}
        if "text" in head:
            head["text"] = show.free(head["text"])
        return CitedQuotes(
            study_id=version.study_id,
            map_id=version.map_id,
            cited=head,
            stage={**stage, **show.stage_told(stage)},
            lane=lane,
            of_participants=version.document["of_participants"],
            supporting=by_relation[Relation.SUPPORTS],
            contrary=by_relation[Relation.CONTRADICTS],
            total=len(cited["evidence"]),
            offset=offset,
        )


def _presented(repo: Repositories, version: MapVersion, run: Run, show: Presenter, audience: Audience) -> dict[str, Any]:
    document = version.document
    stages = [_stage_for(stage, show) for stage in document["stages"]]
    cited = [e["quote_id"] for stage in stages for e in (stage["emotion"] or {}).get("evidence", [])]
    cited += [e["quote_id"] for stage in stages for lane in stage["lanes"].values() for s in lane for e in s.get("evidence", [])]
    cited += [q for theme in document["themes"] for q in theme.get("quote_ids", [])]
    quotes = show.show(list(dict.fromkeys(cited)), document.get("states"))
    personas = {p.id: show.free(p.name) for p in repo.people.personas(version.study_id)}
    book = load_book(repo, version.study_id, run.tagger_key)
    return {
        "schema_version": SCHEMA_VERSION,
        "id": version.id,
        "map_id": version.map_id,
        "study_id": version.study_id,
        "version": version.version,
        "status": version.status,
        "created_at": version.created_at.isoformat(),
        "title": show.free(document["title"]),
        "question": show.free(repo.studies.get(version.study_id).question or "") or None,
        "scenario": show.free(document["scenario"] or "") or None,
        "filter": document["filter"],
        "review_due": document["review_due"],
        "redacted": audience is not Audience.OWNER,
        "run": {
            "id": run.id,
            "tagger": run.tagger,
            "model": run.model,
            "prompts": {"tag_quotes": run.prompt},
            "agreement": run.agreement,
            "gaps": [
                {"item": g.item.partition("/")[2], "what": show.free(g.what), "reason": show.free(g.reason), "quotes": g.quotes}
                for g in run.gaps
            ],
        },
        "participants": [
            {"id": p, "pseudonym": show.participants[p].pseudonym, "personas": [personas[x] for x in show.participants[p].persona_ids]}
            for p in document["participants"]
            if p in show.participants
        ],
        "of_participants": document["of_participants"],
        "unnamed_transcripts": [show.files[t.id] for t in show.transcripts.values() if not t.named and t.id in run.inputs.transcript_ids],
        "guessed_languages": [show.files[t.id] for t in show.transcripts.values() if run.tagger == OFFLINE and not _english(t)],
        "summary": document["summary"],
        "stages": stages,
        "themes": [
            {
                **theme,
                "label": show.free(theme["label"]),
                "summary": show.free(_summary(book, theme["id"])),
            }
            for theme in document["themes"]
        ],
        "quotes": {quote_id: quote.fields() | {"stage": _key(show, quote)} for quote_id, quote in quotes.items()},
        "coverage": document["coverage"],
    }


def _summary(book: CodeBook, theme_id: str) -> str:
    entry = book.entries.get(theme_id)
    return (entry.summary or entry.definition) if entry else ""


def _english(transcript: Transcript) -> bool:
    """Whether the offline tagger knows the language, or the text is too short to tell."""
    return transcript.language in {"en", "und"}


def _key(show: Presenter, quote: ShownQuote) -> str | None:
    return show.stage_key(quote.tags.stage) if quote.tags else None


def _stage_for(stage: dict[str, Any], show: Presenter) -> dict[str, Any]:
    lanes = {lane: [{**s, "text": show.free(s["text"])} for s in statements] for lane, statements in stage["lanes"].items()}
    told = show.stage_told(stage)
    return {**stage, **told, "lanes": {lane: lanes[lane] for lane in (*(v.value for v in Lane), "business_actions")}}
