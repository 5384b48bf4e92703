"""Draw a study's maps from a run: gather what assembly needs, assemble, keep the version."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion, MapView
from app.domain.identity import derive_id
from app.domain.journey import JourneyMap, Lane, Origin, Statement, TaggedQuote
from app.domain.runs import Run
from app.domain.stages import Stage, stage_names
from app.domain.study import Study
from app.domain.themes import PLACEMENT, THEME, CodeBook
from app.services.book import load_book, load_placements
from app.services.material import QUOTE, Material, load_material
from app.services.wordings import load_wordings
from app.stages.assemble import AssemblyInput, Slot, assemble_journey, plan_slots
from app.stages.facts import FORMAT, facts_of
from app.stages.page import page_of
from app.stages.steps_of_stage import divided, doing_of
from app.stages.voices import voices_of
from app.stages.weighing import theme_rank

REVIEW_AFTER = timedelta(days=182)
TOPIC_PHRASES = 2
DECIDED = (QUOTE, THEME, PLACEMENT)
"""What people's decisions on a map are about."""


@dataclass(frozen=True)
class Drawing:
    """A map before it is worded: its view, its material, its slots, and the themes' names in force."""

    view: MapView
    material: Material
    given: AssemblyInput
    slots: tuple[Slot, ...]
    book: CodeBook
    leaves: dict[str, str]
    """The theme of each quote; statements group by the outermost theme around it."""
    people: dict[str, int]
    """Participants within the map's filter, by number, with how many of their sentences were skipped."""
    decisions: list[int]
    """How many decisions are folded in (`Reviews.stamp`)."""

    def worded_slots(self, stage_id: str) -> list[Slot]:
        """Slots of a stage whose sentence is written; a touchpoint is its own name."""
        return [s for s in self.slots if s.stage_id == stage_id and s.lane is not Lane.TOUCHPOINTS]


def default_map(study: Study) -> MapView:
    """The map that every study has."""
    return MapView(derive_id("map", study.id, "default"), study.id, study.name, None, {"personas": [], "channels": []}, is_default=True)


def load_drawing(repo: Repositories, run: Run, view: MapView | None = None, material: Material | None = None) -> Drawing:
    """Gather what a map is drawn from; without a view, the default map."""
    material = material or load_material(repo, run)
    view = view or default_map(material.study)
    book = load_book(repo, run.study_id, run.tagger_key)
    placements = load_placements(repo, run, book)
    anchors = {q: book.root(placed.theme_id) for q, placed in placements.items() if not book.is_noise(placed.theme_id)}
    named = {theme: book.entries[theme] for theme in set(anchors.values())}
    people = _people_within(repo, run, material, view)
    quotes = tuple(
        TaggedQuote(
            id=q.quote.id,
            participant_id=material.participant_id(q.quote.id),
            sentences=q.quote.sentences,
            text=material.text(q.quote.id),
            tags=material.tags.get(q.quote.id),
            theme_id=anchors.get(q.quote.id),
        )
        for q in material.quotes
        if material.participant_id(q.quote.id) in people and _in_channels(material, view, q.quote.id)
    )
    given = AssemblyInput(
        map_id=view.id,
        stages=material.stages,
        quotes=quotes,
        themes={theme: entry.label for theme, entry in named.items()},
        topics={t: ", ".join(entry.keyphrases[:TOPIC_PHRASES]) for t, entry in named.items() if entry.origin == Origin.OFFLINE},
        strengths={q: placed.strength for q, placed in placements.items()},
        of_participants=len(people),
        skipped=sum(people.values()),
        ungrounded=run.ungrounded,
        previous=_previous(repo, view, material.stages),
    )
    leaves = {q: placed.theme_id for q, placed in placements.items()}
    return Drawing(view, material, given, plan_slots(given), book, leaves, people, repo.reviews.stamp(run.study_id, DECIDED))


def store_versions(repo: Repositories, run: Run, now: datetime) -> str:
    """Assemble every map of the study and keep the versions; the id of the default map's."""
    material = load_material(repo, run)
    views = repo.maps.of_study(run.study_id)
    if not any(view.is_default for view in views):
        views.insert(0, default_map(material.study))
        repo.maps.add(views[0], now)
    default_id = ""
    for view in views:
        version_id = _store_version(repo, run, load_drawing(repo, run, view, material), now)
        default_id = version_id if view.is_default else default_id
    return default_id


def redraw(repo: Repositories, study_id: str, now: datetime) -> None:
    """Draw a study's maps again from its newest run that ended with one: after a deletion, say, without any model call."""
    run = _drawn_from(repo, study_id)
    if run and repo.transcripts.of_study(study_id):
        store_versions(repo, run, now)


def is_stale(repo: Repositories, version: MapVersion) -> bool:
    """Whether people decided something since this version was drawn; the versions of earlier runs stay as they were."""
    decided = version.document.get("decisions", [0, 0]) != repo.reviews.stamp(version.study_id, DECIDED)
    return decided and can_redraw(repo, version)


def can_redraw(repo: Repositories, version: MapVersion) -> bool:
    """Whether this version is of the newest run that ended with a map, so that it can be drawn again."""
    run = _drawn_from(repo, version.study_id)
    return run is not None and run.id == version.run_id


def _drawn_from(repo: Repositories, study_id: str) -> Run | None:
    """The newest run that ended with a map."""
    return repo.runs.newest(study_id, drawn=True)


def themes_of(repo: Repositories, run: Run, keys: Collection[str] | None = None) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """Of a run's themes, or of these, the ids of the quotes, most central first, and the keyphrases; by id, in order."""
    book = load_book(repo, run.study_id, run.tagger_key)
    members = load_placements(repo, run, book)
    quotes: dict[str, list[str]] = {}
    for quote_id in sorted(members, key=lambda q: (-members[q].strength, q)):
        quotes.setdefault(members[quote_id].theme_id, []).append(quote_id)
    chosen = sorted(quotes if keys is None else quotes.keys() & set(keys))
    return {theme: (quotes[theme], book.entries[theme].keyphrases) for theme in chosen}


def _store_version(repo: Repositories, run: Run, drawing: Drawing, now: datetime) -> str:
    view = drawing.view
    wordings = load_wordings(repo, run, drawing.slots)
    journey = assemble_journey(drawing.given, drawing.slots, wordings.kept)
    versions = repo.maps.versions(view.id)
    mine = next((v for v in versions if v[3] == run.id), None)
    number = mine[1] if mine else max((v[1] for v in versions), default=0) + 1
    version_id = mine[0] if mine else derive_id("map-version", view.id, number)
    document, facts = divided(document_of(journey, drawing, now, wordings.report(drawing.slots)), _facts_of(journey, drawing), view.id)
    version = MapVersion(version_id, view.id, run.study_id, run.id, number, "draft", document, now)
    repo.maps.add_version(version, page_of(document), facts)
    return version_id


def _facts_of(journey: JourneyMap, drawing: Drawing) -> dict[str, Any]:
    quotes = drawing.given.quotes
    themes = {q.id: drawing.book.around(drawing.leaves[q.id]) for q in quotes if q.theme_id in drawing.given.themes}
    facts = facts_of(drawing.given, drawing.slots, journey, drawing.people, themes)
    return {**facts, "doing": doing_of(quotes, facts["quotes"], _said_at(drawing)), "voiced": _voiced(drawing, facts)}


def _said_at(drawing: Drawing) -> dict[str, tuple[str, float]]:
    """Of each quote, the interview in which it was said, and where in it, from 0 to 1."""
    lengths = {t: max(1, len(text)) for t, text in drawing.material.texts.items()}
    stored = (drawing.material.by_id[q.id].quote for q in drawing.given.quotes)
    return {quote.id: (quote.transcript_id, quote.start / lengths[quote.transcript_id]) for quote in stored}


def _voiced(drawing: Drawing, facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Themes that code named with somebody's words: who said them, and what such a theme is called where they are left out."""
    named = {t: drawing.book.entries[t] for chain in facts["chains"] for t in chain}
    found = {t: entry for t, entry in named.items() if entry.origin == Origin.OFFLINE}
    return voices_of(
        {t: (entry.label, ", ".join(entry.keyphrases[:TOPIC_PHRASES])) for t, entry in found.items()},
        facts,
        {q.id: q.text for q in drawing.given.quotes if q.theme_id},
    )


def document_of(journey: JourneyMap, drawing: Drawing, now: datetime, written: dict[str, int] | None = None) -> dict[str, Any]:
    """A version as it is kept: everything of the map but the words of quotes; `written` is what a model wrote of it (`Wordings.report`)."""
    material = drawing.material
    stages = {stage.id: stage for stage in material.stages}
    speaking = {q.participant_id for q in drawing.given.quotes}
    by_theme: dict[str, list[str]] = {}
    for quote in drawing.given.quotes:
        if quote.theme_id in drawing.given.themes and quote.theme_id:
            for theme in drawing.book.around(drawing.leaves[quote.id]):
                by_theme.setdefault(theme, []).append(quote.id)
    owner = {q.id: q.participant_id for q in drawing.given.quotes}
    return {
        "title": drawing.view.name,
        "scenario": drawing.view.scenario,
        "filter": drawing.view.filter,
        "review_due": (now + REVIEW_AFTER).date().isoformat(),
        "participants": [p for p in drawing.people if p in speaking],
        "of_participants": drawing.given.of_participants,
        "summary": {"worst": list(journey.worst), "best": list(journey.best)},
        "stages": [
            {
                "id": column.stage_id,
                "key": stages[column.stage_id].key,
                "title": stages[column.stage_id].title,
                "definition": stages[column.stage_id].definition,
                "emotion": _curve_dict(column.emotion),
                "lanes": {lane.value: [_statement_dict(s) for s in column.lanes[lane]] for lane in Lane} | {"business_actions": []},
            }
            for column in journey.columns
        ],
        "themes": [
            {
                "id": theme,
                "label": drawing.book.entries[theme].label,
                "parent_id": drawing.book.parent(theme),
                "quote_ids": sorted(quote_ids),
                "participants": len({owner[q] for q in quote_ids}),
            }
            for theme, quote_ids in sorted(by_theme.items(), key=lambda t: theme_rank(len({owner[q] for q in t[1]}), len(t[1]), t[0]))
        ],
        "decisions": drawing.decisions,
        "written": written,
        "facts": FORMAT,
        "states": journey.states,
        "coverage": asdict(journey.coverage),
    }


def _curve_dict(point: Any) -> dict[str, Any] | None:
    if point is None:
        return None
    contrary = sum(e.relation == "contradicts" for e in point.evidence)
    return {
        "score": point.score,
        "spread": point.spread,
        "participants": point.participants,
        "quotes": len(point.evidence),
        "contrary": contrary,
        "evidence": [{"quote_id": e.quote_id, "relation": e.relation.value} for e in point.evidence],
    }


def _statement_dict(s: Statement) -> dict[str, Any]:
    told = {
        "id": s.id,
        "text": s.text,
        "theme_id": s.theme_id,
        "origin": s.origin.value,
        "status": s.status,
        "participants": s.participants,
        "of_participants": s.of_participants,
        "evidence_total": len(s.supporting),
        "contrary_total": len(s.contrary),
        "mean_valence": round(s.mean_valence, 3),
        "doubt": {"verdict": s.shown_doubt.verdict.value, "reason": s.shown_doubt.reason} if s.shown_doubt else None,
        "evidence": [{"quote_id": e.quote_id, "relation": e.relation.value} for e in s.evidence],
    }
    return {**told, "channel": s.channel} if s.lane is Lane.TOUCHPOINTS else told


def _previous(repo: Repositories, view: MapView, stages: Iterable[Stage]) -> dict[tuple[str, Lane], dict[str, frozenset[str]]]:
    """Supporting quotes of each statement of the map's newest version, by the stage that is meant now, and lane."""
    versions = repo.maps.versions(view.id)
    if not versions:
        return {}
    document = repo.maps.version(versions[0][0], full=True).document
    meant = stage_names(stages)
    found: dict[tuple[str, Lane], dict[str, frozenset[str]]] = {}
    for stage in document["stages"]:
        for lane in Lane:
            of_lane = found.setdefault((meant.get(stage["id"], stage["id"]), lane), {})
            for s in stage["lanes"][lane]:
                of_lane[s["id"]] = frozenset(e["quote_id"] for e in s["evidence"] if e["relation"] == "supports")
    return found


def _people_within(repo: Repositories, run: Run, material: Material, view: MapView) -> dict[str, int]:
    """Participants within the map's filter who speak in the run's transcripts, by number, with how many sentences were skipped.

    On a map of some channels nothing is skipped: a sentence that is no quote has no channel.
    """
    wanted = set(view.filter.get("personas", []))
    speaking = {s.participant_id for s in material.speakers.values() if s.role == "participant" and s.participant_id}
    within = {p for p in speaking if not wanted or wanted & set(material.participants[p].persona_ids)}
    people = dict.fromkeys(sorted(within, key=lambda p: int(material.participants[p].pseudonym[1:])), 0)
    if not view.filter.get("channels"):
        for _, skipped in repo.transcripts.skipped(list(run.inputs.transcript_ids)):
            person = material.speakers[skipped.speaker_id].participant_id
            if person in people and skipped.speaker_id in run.inputs.roles:
                people[person] += 1
    return people


def _in_channels(material: Material, view: MapView, quote_id: str) -> bool:
    wanted = view.filter.get("channels", [])
    tags = material.tags.get(quote_id)
    return not wanted or (tags is not None and tags.channel.value in wanted)
