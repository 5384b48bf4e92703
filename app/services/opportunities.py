"""Opportunities of a study: the most important first, with what people say of them, which no run overwrites."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.identity import sha256
from app.domain.opportunities import DECIDED_FIELDS, OPPORTUNITY, Status
from app.domain.render import Audience
from app.domain.review import Decision
from app.domain.transcript import normalise
from app.errors import InvalidInput, NotFound, Outdated
from app.services.maps import EVIDENCE_PAGE
from app.services.parts import load_facts
from app.services.people_material import ready_map
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.quotes import read_cursor
from app.services.standing import ANY_TAG, TAG_LENGTH
from app.services.store import Store, random_id
from app.stages.opportunities import TOP, Opportunity, opportunities_of, ranked
from app.stages.telling import question_of, telling_words

OPPORTUNITIES_PAGE, MAX_OPPORTUNITIES_PAGE = 50, 200
VOICES = 2
"""Quotes that an opportunity in a list comes with, of either kind."""
UNOWNED = "none"
MAX_LENGTH = {"owner": 80, "text": 300, "note": 2000}


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage that an opportunity is found in, and the statement that stands there."""

    id: str
    key: str
    title: str
    statement_id: str
    participants: int
    quotes: int


@dataclass(frozen=True, slots=True)
class OpportunitySeen:
    """An opportunity with people's word on it, and quotes for and, in `working`, of those for whom it works already.

    `beside` are a quote's words that stand beside the question; `priority` is people's or the computed one.
    """

    found: Opportunity
    study_id: str
    text: str
    beside: str
    theme: str | None
    stages: tuple[StageSeen, ...]
    owner: str | None
    status: Status
    note: str
    priority: int
    decided: Mapping[str, Decision]
    etag: str
    said: tuple[ShownQuote, ...] = ()
    working: tuple[ShownQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class Orphan:
    """What people decided about an opportunity that the newest map does not have any more, by field."""

    id: str
    decided: Mapping[str, Decision]


@dataclass(frozen=True, slots=True)
class OpportunityPage:
    """One page of opportunities, the most important first; `total` fit the filters, of `of`. `next_cursor` is None on the last page."""

    opportunities: tuple[OpportunitySeen, ...]
    total: int
    of: int
    of_participants: int
    next_cursor: str | None
    owners: tuple[str, ...]
    orphans: tuple[Orphan, ...]


@dataclass(frozen=True)
class _Board:
    """What is known of a study's opportunities, most important first, before any words of quotes."""

    study_id: str
    version: MapVersion | None
    show: Presenter
    seen: tuple[OpportunitySeen, ...]
    orphans: tuple[Orphan, ...]


class Opportunities:
    """Use cases around opportunities."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def page(
        self, study_id: str, filters: Mapping[str, str] | None = None, *, cursor: str | None = None, limit: int = OPPORTUNITIES_PAGE
    ) -> OpportunityPage:
        """A page of a study's opportunities that fit; none before a run.

        Filters are `stage` (key or id), `status` and `owner` (`none` for those without).
        """
        if not 1 <= limit <= MAX_OPPORTUNITIES_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_OPPORTUNITIES_PAGE} opportunities, not {limit}")
        start = read_cursor(cursor)
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            board = self._load(repo, study_id)
            fits = [seen for seen in board.seen if _fits(seen, _known_filters(board, filters or {}))]
            after = start + limit
            shown = _with_voices(board, fits[start:after], VOICES)
        owners = sorted({seen.owner for seen in board.seen if seen.owner}, key=str.casefold)
        of_participants = board.version.document["of_participants"] if board.version else 0
        more = str(after) if after < len(fits) else None
        return OpportunityPage(tuple(shown), len(fits), len(board.seen), of_participants, more, tuple(owners), board.orphans)

    def get(self, opportunity_id: str) -> OpportunitySeen:
        """An opportunity by the id of any of its statements, with its strongest quotes; raises `NotFound`."""
        study_id = self._study_of(opportunity_id)
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            board = self._load(repo, study_id)
            return _with_voices(board, [_find(board, opportunity_id)], EVIDENCE_PAGE)[0]

    def change(
        self, opportunity_id: str, given: Mapping[str, Any], *, actor: str, expected: Collection[str] | None = None
    ) -> OpportunitySeen:
        """Decide these fields; one that is None goes back to what the map says. Raises `Outdated` where none of these tags is its own."""
        if not given:
            raise InvalidInput(f"say at least one of {', '.join(DECIDED_FIELDS)}")
        values = {field: checked(field, value) for field, value in given.items()}
        study_id = self._study_of(opportunity_id)
        ready_map(self._store, study_id)
        with self._store.write() as repo:
            seen = _find(self._load(repo, study_id), opportunity_id)
            if expected is not None and not {ANY_TAG, seen.etag} & set(expected):
                raise Outdated("this opportunity was changed since you read it; read it again, then decide")
            self._decide(repo, seen, values, actor)
            board = self._load(repo, study_id)
            return _with_voices(board, [_find(board, opportunity_id)], EVIDENCE_PAGE)[0]

    def _decide(self, repo: Repositories, seen: OpportunitySeen, values: Mapping[str, Any], actor: str) -> None:
        said = {field: (d.value, d.actor) for field, d in seen.decided.items()}
        new = {field: value for field, value in values.items() if said.get(field, (None, actor)) != (value, actor)}
        at = self._store.now()
        for statement_id in seen.found.statement_ids:
            repo.reviews.undo(seen.study_id, OPPORTUNITY, statement_id, at, new.keys())
        made = [
            Decision(random_id(), OPPORTUNITY, seen.found.id, field, value, actor, at) for field, value in new.items() if value is not None
        ]
        repo.reviews.decide_together(seen.study_id, made)

    def _study_of(self, opportunity_id: str) -> str:
        with self._store.read() as repo:
            for map_id in repo.maps.holding(opportunity_id):
                view = repo.maps.get(map_id)
                if view.is_default:
                    return view.study_id
        raise _missing(opportunity_id)

    def _load(self, repo: Repositories, study_id: str) -> _Board:
        repo.studies.get(study_id)
        map_id = repo.maps.latest_ids([study_id]).get(study_id)
        version = repo.maps.version(map_id, full=False) if map_id else None
        run = repo.runs.bare(version.run_id) if version else None
        show = Presenter(repo, study_id, run, self._privacy, Audience.OWNER)
        every = repo.reviews.decisions(study_id, OPPORTUNITY, standing=False)
        standing = {key: {d.field: d for d in made if d.undone_at is None} for key, made in every.items()}
        found = opportunities_of(version.document, load_facts(repo, version), every) if version else ()
        seen = {o.id: _seen(o, study_id, version, _folded(o, standing)) for o in found if version}
        order = ranked(found, {key: s.priority for key, s in seen.items()})
        here = {statement_id for o in found for statement_id in o.statement_ids}
        orphans = tuple(Orphan(key, made) for key, made in sorted(standing.items()) if made and key not in here)
        return _Board(study_id, version, show, tuple(seen[o.id] for o in order), orphans)


def checked(field: str, value: Any) -> Any:
    """A value as it is stored: words on one line without white space at their ends, None for none; raises `InvalidInput`."""
    if field not in DECIDED_FIELDS:
        raise InvalidInput(f"an opportunity has no “{field}” to decide about; use {', '.join(DECIDED_FIELDS)}")
    if value is None:
        return None
    if field == "status":
        if value not in tuple(Status):
            raise InvalidInput(f"status cannot be “{value}”; use {', '.join(Status)}")
        return Status(value).value
    if field == "priority":
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= TOP:
            raise InvalidInput(f"priority is a whole number from 0 to {TOP}, or null for the computed one")
        return value
    if not isinstance(value, str):
        raise InvalidInput(f"{field} is a text, or null for none")
    text = normalise(value)
    if len(text) > MAX_LENGTH[field]:
        raise InvalidInput(f"{field} has {len(text)} characters; use at most {MAX_LENGTH[field]}")
    return text or None


def _seen(o: Opportunity, study_id: str, version: MapVersion, decided: Mapping[str, Decision]) -> OpportunitySeen:
    document = version.document
    stages = {stage["id"]: stage for stage in document["stages"]}
    themes = {theme["id"]: theme["label"] for theme in document["themes"]}
    question, beside = question_of(o.lead.text)
    values = {field: d.value for field, d in decided.items()}
    return OpportunitySeen(
        found=o,
        study_id=study_id,
        text=values.get("text", question),
        beside=beside,
        theme=themes.get(o.theme_id) if o.theme_id else None,
        stages=tuple(
            StageSeen(p.stage_id, stages[p.stage_id]["key"], stages[p.stage_id]["title"], p.statement_id, p.participants, p.quotes)
            for p in o.parts
        ),
        owner=values.get("owner"),
        status=Status(values.get("status", Status.PROPOSED)),
        note=values.get("note", ""),
        priority=values.get("priority", o.priority.value),
        decided=decided,
        etag=sha256(json.dumps([o.id, o.lead.text, values], sort_keys=True))[:TAG_LENGTH],
    )


def _folded(o: Opportunity, standing: Mapping[str, Mapping[str, Decision]]) -> dict[str, Decision]:
    """The last word on each field, on whichever of the opportunity's statements it was said."""
    every = [d for statement_id in o.statement_ids for d in standing.get(statement_id, {}).values()]
    return {d.field: d for d in sorted(every, key=lambda d: (d.at, d.id))}


def _with_voices(board: _Board, seen: Sequence[OpportunitySeen], most: int) -> list[OpportunitySeen]:
    """The same with up to so many quotes of either kind, all fetched at once."""
    wanted = [q for s in seen for q in (*s.found.said[:most], *s.found.working[:most])]
    quotes = board.show.show(list(dict.fromkeys(wanted)))
    return [_voiced(s, [[quotes[q] for q in ids[:most] if q in quotes] for ids in (s.found.said, s.found.working)]) for s in seen]


def _voiced(seen: OpportunitySeen, voices: Sequence[Sequence[ShownQuote]]) -> OpportunitySeen:
    said, working = voices
    beside = seen.beside or (f"“{telling_words(said[0].text)}”" if said and not seen.text.startswith("“") else "")
    return replace(seen, beside=beside, said=tuple(said), working=tuple(working))


def _find(board: _Board, opportunity_id: str) -> OpportunitySeen:
    found = next((s for s in board.seen if opportunity_id in s.found.statement_ids), None)
    if found is None:
        raise _missing(opportunity_id)
    return found


def _missing(opportunity_id: str) -> NotFound:
    return NotFound(f"there is no opportunity “{opportunity_id}” on the newest map; list the study's opportunities to see what there is")


def _known_filters(board: _Board, filters: Mapping[str, str]) -> dict[str, str]:
    """The filters that ask for something, a stage by its id; raises `InvalidInput` for what there is not."""
    asked = {name: value for name, value in filters.items() if value}
    if unknown := set(asked) - {"stage", "status", "owner"}:
        raise InvalidInput(f"opportunities cannot be filtered by “{min(unknown)}”; use stage, status, owner")
    if "status" in asked and asked["status"] not in tuple(Status):
        raise InvalidInput(f"there is no status “{asked['status']}”; use {', '.join(Status)}")
    if "stage" in asked and board.version:
        stages = {name: stage["id"] for stage in board.version.document["stages"] for name in (stage["id"], stage["key"])}
        if asked["stage"] not in stages:
            raise InvalidInput(f"there is no stage “{asked['stage']}” on this map")
        asked["stage"] = stages[asked["stage"]]
    return asked


def _fits(seen: OpportunitySeen, asked: Mapping[str, str]) -> bool:
    has = {"stage": {stage.id for stage in seen.stages}, "status": {seen.status.value}, "owner": {(seen.owner or UNOWNED).casefold()}}
    return all((value.casefold() if name == "owner" else value) in has[name] for name, value in asked.items())
