"""What themes say of themselves: their portraits, how widely each is shared, and whether more interviews still add any."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.db.repositories import Repositories
from app.domain.people import Persona
from app.domain.render import Audience
from app.domain.stages import Stage
from app.domain.tags import Tags
from app.errors import NotFound
from app.exports.catalogue import spoken
from app.services.book import entry_of
from app.services.presenting import ShownQuote
from app.services.privacy import Privacy
from app.services.store import Store
from app.services.theme_material import InterviewHead, PersonaCount, ThemeMaterial, load_theme_material
from app.stages.portrait import NO_PERSONA, SUMMARY_QUOTES, Member, ThemePortrait, portray, summarize
from app.stages.prevalence import Interview, Mention, Saturation, Spread, saturation, spread_of

IN_LIST, IN_FULL = (3, 3, 2), (5, 5, 5)
"""How many central, diverse and contrary quotes are shown of a theme among others, and of one alone."""
NO_RUN = "this study has no themes yet; start a run to find some"
WORDED = ("label", "definition", "use_when", "not_when", "summary")


@dataclass(frozen=True, slots=True)
class ThemeSeen:
    """A theme's entry, its portrait and the quotes that show it; `summary` is the entry's, or cut from its quotes (`extracted`)."""

    study_id: str
    run_id: str
    entry: Mapping[str, Any]
    children: tuple[str, ...]
    portrait: ThemePortrait
    summary: str
    extracted: bool
    central: tuple[ShownQuote, ...]
    diverse: tuple[ShownQuote, ...]
    contrary: tuple[ShownQuote, ...]
    stages: Mapping[str, Stage]
    personas: Mapping[str, PersonaCount]
    """By id; under no id (`""`) those of none."""


@dataclass(frozen=True, slots=True)
class SaturationSeen:
    """Saturation with the interviews it counts, in order, and labels by theme."""

    study_id: str
    run_id: str
    saturation: Saturation
    interviews: tuple[InterviewHead, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrevalenceSeen:
    """How themes spread (roots before those inside them) over personas, stages and interviews, each in the order given."""

    study_id: str
    run_id: str
    of_participants: int
    personas: tuple[PersonaCount, ...]
    stages: tuple[Stage, ...]
    interviews: tuple[InterviewHead, ...]
    interview_quotes: Mapping[str, int]
    entries: Mapping[str, Mapping[str, Any]]
    spreads: tuple[Spread, ...]


class Portraits:
    """Reads what a study's themes say of themselves; `vectors` names the embedder whose cached vectors choose exemplars."""

    def __init__(self, store: Store, privacy: Privacy, vectors: str) -> None:
        self._store = store
        self._privacy = privacy
        self._vectors = vectors

    def themes(self, study_id: str, *, audience: Audience = Audience.OWNER) -> list[ThemeSeen]:
        """Portraits of all themes, the most shared first and each followed by those inside it; none before the first run."""
        self._search(study_id, audience)
        with self._store.read() as repo:
            study = load_theme_material(repo, study_id, self._privacy, audience)
            return self._portrayed(repo, study, study.ordered(), IN_LIST, study.tags(repo)) if study else []

    def theme(self, theme_id: str, *, audience: Audience = Audience.OWNER) -> ThemeSeen:
        """The portrait of one theme, with more quotes; raises `NotFound` before the first run and for a theme not in force."""
        with self._store.read() as repo:
            study_id, _ = repo.themes.get(theme_id)
        self._search(study_id, audience)
        with self._store.read() as repo:
            study = self._material(repo, study_id, audience)
            if not study.held.book.is_open(theme_id):
                raise NotFound(f"the theme “{theme_id}” was merged into another or taken out")
            return self._portrayed(repo, study, [theme_id], IN_FULL, study.tags(repo, study.within([theme_id])[theme_id]))[0]

    def examples(self, study_id: str) -> dict[str, tuple[ShownQuote, ...]]:
        """The most central quotes of each theme, for which the tags of none are looked at; nothing before the first run."""
        with self._store.read() as repo:
            study = load_theme_material(repo, study_id, self._privacy, Audience.OWNER)
            seen = self._portrayed(repo, study, study.ordered(), (IN_LIST[0], 0, 0), {}) if study else []
            return {one.portrait.theme_id: one.central for one in seen}

    def saturation(self, study_id: str, *, audience: Audience = Audience.OWNER) -> SaturationSeen:
        """New outermost themes by interview, in the study's order; raises `NotFound` before the first run."""
        self._search(study_id, audience)
        with self._store.read() as repo:
            return _saturation(self._material(repo, study_id, audience))

    def prevalence(self, study_id: str, *, audience: Audience = Audience.OWNER) -> PrevalenceSeen:
        """How themes spread over personas, stages and interviews; raises `NotFound` before the first run."""
        self._search(study_id, audience)
        with self._store.read() as repo:
            study = self._material(repo, study_id, audience)
            return _prevalence(study, study.tags(repo), repo.people.personas(study_id))

    def all(self, study_id: str) -> tuple[list[ThemeSeen], SaturationSeen | None, PrevalenceSeen | None]:
        """What `themes`, `saturation` and `prevalence` tell, read once; nothing before the first run, or without themes."""
        with self._store.read() as repo:
            study = load_theme_material(repo, study_id, self._privacy, Audience.OWNER)
            if study is None or not (themes := study.ordered()):
                return [], None, None
            tags = study.tags(repo)
            seen = self._portrayed(repo, study, themes, IN_LIST, tags)
            return seen, _saturation(study), _prevalence(study, tags, repo.people.personas(study_id))

    def _search(self, study_id: str, audience: Audience) -> None:
        """Find personal data before others than the owner are shown anything."""
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)

    def _material(self, repo: Repositories, study_id: str, audience: Audience) -> ThemeMaterial:
        found = load_theme_material(repo, study_id, self._privacy, audience)
        if found is None:
            raise NotFound(NO_RUN)
        return found

    def _portrayed(
        self, repo: Repositories, study: ThemeMaterial, themes: Sequence[str], most: tuple[int, int, int], tags: Mapping[str, Tags]
    ) -> list[ThemeSeen]:
        members = study.members(repo, themes, tags)
        vectors = study.vectors(repo, self._vectors)
        of_quotes, of_participants = len(study.quotes), study.of_participants
        portraits = [portray(t, members[t], of_quotes=of_quotes, of_participants=of_participants, vectors=vectors) for t in themes]
        wanted = dict.fromkeys(q for portrait in portraits for part in _exemplars(portrait, most) for q in part)
        shown = study.show.show_stored([study.quotes[q] for q in wanted])
        personas = {p.id or NO_PERSONA: p for p in study.persona_counts(repo.people.personas(study.run.study_id))}
        return [_seen(study, portrait, members[portrait.theme_id], shown, personas, most) for portrait in portraits]


def _saturation(study: ThemeMaterial) -> SaturationSeen:
    found: dict[str, set[str]] = {}
    for quote_id, placed in study.held.placements.items():
        if stored := study.quotes.get(quote_id):
            found.setdefault(stored.quote.transcript_id, set()).add(study.held.book.root(placed.theme_id))
    heads = study.interviews()
    said = Counter(stored.quote.transcript_id for stored in study.quotes.values())
    placed_in = Counter(study.quotes[q].quote.transcript_id for q in study.held.placements if q in study.quotes)
    told = saturation(
        [Interview(t, frozenset(found.get(t, ())), said[t], said[t] - placed_in[t]) for t in (head.transcript_id for head in heads)],
        words=spoken().words,
    )
    labels = {t: study.show.free(study.held.label(t)) for t in sorted(set().union(*found.values()))}
    return SaturationSeen(study.run.study_id, study.run.id, told, heads, labels)


def _prevalence(study: ThemeMaterial, tags: Mapping[str, Tags], known: Sequence[Persona]) -> PrevalenceSeen:
    personas, heads = study.persona_counts(known), study.interviews()
    mentions = [
        Mention(
            theme_ids=study.held.book.around(placed.theme_id),
            interview_id=study.quotes[q].quote.transcript_id,
            participant_id=study.held.said_by[q],
            stage=tags[q].stage if q in tags else None,
            persona_ids=study.personas_of(q) or (NO_PERSONA,),
        )
        for q, placed in study.held.placements.items()
        if q in study.quotes
    ]
    themes = study.ordered()
    columns = [p.id or NO_PERSONA for p in personas], [s.id for s in study.show.stages], [h.transcript_id for h in heads]
    spreads = spread_of(themes, mentions, *columns)
    quotes = Counter(stored.quote.transcript_id for stored in study.quotes.values())
    return PrevalenceSeen(
        study_id=study.run.study_id,
        run_id=study.run.id,
        of_participants=study.of_participants,
        personas=personas,
        stages=study.show.stages,
        interviews=heads,
        interview_quotes={h.transcript_id: quotes[h.transcript_id] for h in heads},
        entries={t: _entry(study, t) for t in themes},
        spreads=tuple(spreads[t] for t in themes),
    )


def _exemplars(portrait: ThemePortrait, most: tuple[int, int, int]) -> tuple[tuple[str, ...], ...]:
    """Ids of the quotes that its summary is cut from, and of those shown: central, diverse, contrary."""
    central, diverse, contrary = most
    return portrait.central[:SUMMARY_QUOTES], portrait.central[:central], portrait.diverse[:diverse], portrait.contrary[:contrary]


def _seen(
    study: ThemeMaterial,
    portrait: ThemePortrait,
    members: Sequence[Member],
    shown: Mapping[str, ShownQuote],
    personas: Mapping[str, PersonaCount],
    most: tuple[int, int, int],
) -> ThemeSeen:
    entry = _entry(study, portrait.theme_id)
    read, central, diverse, contrary = (tuple(shown[q] for q in ids) for ids in _exemplars(portrait, most))
    written = entry["summary"] or entry["definition"]
    by_id = {m.id: m for m in members}
    who = {q.participant_id: q.participant for q in read}
    return ThemeSeen(
        study_id=study.run.study_id,
        run_id=study.run.id,
        entry=entry,
        children=tuple(study.held.inside(portrait.theme_id)),
        portrait=portrait,
        summary=written or summarize([replace(by_id[q.id], text=q.text) for q in read], who, entry["keyphrases"]),
        extracted=not written,
        central=central,
        diverse=diverse,
        contrary=contrary,
        stages={stage.id: stage for stage in study.show.stages},
        personas=personas,
    )


def _entry(study: ThemeMaterial, theme_id: str) -> dict[str, Any]:
    """An entry as this audience may read it."""
    entry = entry_of(study.held.book, theme_id)
    freed = {name: study.show.free(entry[name]) for name in WORDED}
    return {**entry, **freed, "keyphrases": [study.show.free(phrase) for phrase in entry["keyphrases"]]}
