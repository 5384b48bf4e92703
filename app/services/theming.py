"""Themes of a run: group its quotes, place them, and settle what people, models and code say of each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.db.repositories import Repositories
from app.domain.journey import Origin
from app.domain.review import Suggestion
from app.domain.runs import Run
from app.domain.themes import PLACED, PLACEMENT, PROPOSAL, CodeBook, Theme
from app.ports import Clusterer
from app.services.book import as_found, decided_placements, load_book, load_placements, reshaped, superseded_by_model, touched
from app.services.grouping import Grouped, Grouping
from app.services.material import HUMAN
from app.services.rewording import renamed_before, said_of
from app.services.store import Store
from app.services.unplaced import LOOSE, NEAR
from app.services.windowing import asks_a_model
from app.stages.naming import Namer, own_label
from app.stages.settle import Before, Change, Settled, settle

NOTE = "themes"
"""What a run notes of its themes: which are new, grown, shrunk, as they were, gone, and renamed since an interview was erased, by id."""
OFFLINE, LLM = "offline", "llm"
MOST_AT_ONCE = 5_000
"""Quotes without a place that one statement keeps."""


class Theming:
    """Two steps of the pipeline: before a model is asked about themes, and after."""

    def __init__(self, store: Store, clusterer: Clusterer, grouping: Grouping) -> None:
        self._store = store
        self._clusterer = clusterer
        self._grouping = grouping

    def cluster(self, run_id: str) -> None:
        """Place a run's quotes without a model: what has a place keeps it, the rest is grouped; groups get labels from their words.

        For good where no model is asked; else it is what drafts start from, and what stands where they fail.
        """
        with self._store.read() as repo:
            alone = not asks_a_model(repo.runs.bare(run_id))
        self._settle(run_id, final=alone)
        with self._store.write() as repo:
            repo.runs.done(run_id, "cluster", run_id)

    def settle(self, run_id: str) -> None:
        """Place them for good: people first, then the run's model, then what stood before; note what changed, propose splits and merges."""
        with self._store.read() as repo:
            asked = asks_a_model(repo.runs.bare(run_id))
        if asked:
            self._settle(run_id, final=True)

    def _settle(self, run_id: str, *, final: bool) -> None:
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            book = load_book(repo, run.study_id, run.tagger_key)
            before = _before(repo, run, book)
        given = self._grouping.of(run)
        before = replace(before, fits=self._fits(given, before, book))
        anew = self._clusterer.cluster(given.ids, given.features)
        settled = settle(run.study_id, given.ids, given.features, anew, before)
        born = _named(given, settled, book)
        with self._store.write() as repo:
            known = {theme.id for theme in repo.themes.of_study(run.study_id)}
            new = [theme for theme in born if theme.id not in known]
            version = repo.studies.bump_codebook(run.study_id) if new else run.inputs.codebook_version
            repo.themes.add(run.study_id, new, version, self._store.now())
            repo.themes.place(run_id, as_found(repo, run, load_book(repo, run.study_id, run.tagger_key), settled.placements))
            if final:
                self._propose(repo, run, settled.changes)
                self._keep_loose(repo, run, settled)
                repo.runs.note(run_id, **{NOTE: {**_changed(before, settled), "renamed": renamed_before(repo, run)}})
                repo.themes.drop_memberless(run.study_id, touched(repo, run.study_id))

    def _fits(self, given: Grouped, before: Before, book: CodeBook) -> dict[str, str]:
        """By new quote the entry of people that fits it best by what it says, and better than any other theme does."""
        if not before.own:
            return {}
        new = set(given.ids) - before.seen - before.fixed.keys()
        best = self._grouping.fitting(given, new, {entry.id: _words_of(entry) for entry in book.open()})
        return {quote_id: theme for quote_id, theme in best.items() if theme in before.own}

    def _keep_loose(self, repo: Repositories, run: Run, settled: Settled) -> None:
        """Keep which themes are nearest to each quote without a place, in the stead of what an earlier run kept."""
        repo.reviews.forget_all(run.study_id, LOOSE)
        near = [(q, themes) for q, themes in sorted(settled.loose.items()) if themes]
        for first in range(0, len(near), MOST_AT_ONCE):
            kept = [
                Suggestion(LOOSE, q, run.id, OFFLINE, run.model, run.prompt, max(0.0, themes[0][1]), {NEAR: list(map(list, themes))})
                for q, themes in near[first : first + MOST_AT_ONCE]
            ]
            repo.reviews.suggest(run.study_id, run.tagger_key, kept, self._store.now())

    def _propose(self, repo: Repositories, run: Run, changes: Sequence[Change]) -> None:
        """Keep what is proposed; one that was proposed before, and may have been answered, stays as it was."""
        known = repo.reviews.proposed(run.study_id, PROPOSAL, [change.id for change in changes])
        fresh = [
            Suggestion(PROPOSAL, change.id, run.id, OFFLINE, run.model, run.prompt, 1.0, _told(change))
            for change in changes
            if change.id not in known
        ]
        repo.reviews.suggest(run.study_id, run.tagger_key, fresh, self._store.now())


def _before(repo: Repositories, run: Run, book: CodeBook) -> Before:
    """What stood when this run began, and what people and this run's model have placed since."""
    by_model = {q: s.payload[PLACED] for q, s in repo.reviews.suggestions(run.study_id, PLACEMENT, run.tagger_key).items()}
    by_people = decided_placements(repo, run.study_id)
    said = {q: (t, LLM) for q, t in by_model.items()} | {q: (t, HUMAN) for q, t in by_people.items()}
    earlier = repo.themes.newest_run(run.study_id, before=run.id)
    members: dict[str, set[str]] = {}
    seen: set[str] = set()
    if earlier is not None:
        then = repo.runs.get(earlier)
        superseded = superseded_by_model(repo, run.study_id, book) if by_model else frozenset()
        for quote_id, placed in load_placements(repo, then, book).items():
            if placed.theme_id not in superseded:
                members.setdefault(placed.theme_id, set()).add(quote_id)
        seen = {q.quote.id for q in repo.transcripts.quotes(list(then.inputs.transcript_ids))} if not superseded else set()
    return Before(
        members={theme: frozenset(quotes) for theme, quotes in members.items()},
        seen=frozenset(seen),
        fixed={q: book.standing(t) if t else None for q, (t, _) in said.items()},
        sources={q: source for q, (_, source) in said.items()},
        shaped=reshaped(repo, run.study_id),
        closed=frozenset(t.id for t in book.open() if book.is_noise(t.id)),
        own=frozenset(t.id for t in book.open() if t.origin == Origin.HUMAN),
        bears=not by_model,
    )


def _words_of(entry: Theme) -> str:
    """What an entry says of itself, as it is compared with quotes."""
    return ". ".join(text.rstrip(".") for text in (entry.label, entry.definition, entry.use_when) if text)


def _named(given: Grouped, settled: Settled, book: CodeBook) -> list[Theme]:
    """Themes that were born, with labels and keyphrases from the words of their quotes, those of the themes inside them included.

    None gets a name that another one has, or an entry that was there.
    """
    if not settled.born:
        return []
    material = given.material
    row = {quote_id: i for i, quote_id in enumerate(given.ids)}
    within: dict[str, list[int]] = {}
    for theme, parent, members in settled.born:
        for around in (theme, parent) if parent else (theme,):
            within.setdefault(around, []).extend(row[q] for q in members)
    namer = Namer([said_of(material, q) for q in given.ids], given.vectors, exclude=material.names)
    born = {theme for theme, _, _ in settled.born}
    taken = [entry.label for entry in book.open() if entry.id not in born]
    named = []
    for theme, parent, _ in settled.born:
        name = namer.name(within[theme])
        taken.append(own_label(name, taken))
        named.append(Theme(theme, taken[-1], parent_id=parent, origin=Origin.OFFLINE, keyphrases=name.keyphrases))
    return named


def _changed(before: Before, settled: Settled) -> dict[str, list[str]]:
    """Ids of themes by what became of them since the run before."""
    now: dict[str, set[str]] = {}
    for quote_id, placed in settled.placements.items():
        now.setdefault(placed.theme_id, set()).add(quote_id)
    then = before.members
    both = sorted(now.keys() & then.keys())
    return {
        "new": sorted(now.keys() - then.keys()),
        "grown": [t for t in both if len(now[t]) > len(then[t])],
        "shrunk": [t for t in both if len(now[t]) < len(then[t])],
        "unchanged": [t for t in both if now[t] == then[t]],
        "gone": sorted(then.keys() - now.keys()),
    }


def _told(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "theme_ids": list(change.theme_ids),
        "groups": [list(group) for group in change.groups],
        "voices": [list(voices) for voices in change.voices],
        "near": change.near,
        "usual": change.usual,
    }
