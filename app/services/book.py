"""The code book as it is in force: what code and models drafted, with people's decisions laid over it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.db.repositories import Repositories
from app.domain.journey import Origin
from app.domain.review import Decision
from app.domain.runs import Run
from app.domain.themes import PLACED, PLACEMENT, THEME, CodeBook, Placement, fold_placements, fold_theme

DECIDED = (THEME, PLACEMENT)
"""What people's decisions on a code book are about."""
_INTO = ("merged_into", "parent_id")


def load_book(repo: Repositories, study_id: str, tagger_key: str | None) -> CodeBook:
    """A study's entries: as code named them first, then as this tagger's model did, then people."""
    suggested = repo.reviews.suggestions(study_id, THEME, tagger_key) if tagger_key else {}
    decided = repo.reviews.decisions(study_id, THEME)
    entries = {}
    for theme in repo.themes.of_study(study_id):
        by_model = suggested[theme.id].payload if theme.id in suggested else {}
        by_people = _values(decided.get(theme.id, ()))
        origin = Origin.HUMAN.value if "label" in by_people else (Origin.LLM.value if by_model else theme.origin)
        made = theme.origin == Origin.HUMAN  # it is there by the decision of whoever made it, which can be taken back
        entries[theme.id] = fold_theme(replace(theme, origin=origin, removed=made), by_model, by_people)
    return CodeBook(repo.studies.get(study_id).codebook_version, entries)


def entry_of(book: CodeBook, theme_id: str) -> dict[str, Any]:
    """An entry's fields as they are told to others."""
    entry = book.entries[theme_id]
    return {
        "id": entry.id,
        "label": entry.label,
        "definition": entry.definition,
        "use_when": entry.use_when,
        "not_when": entry.not_when,
        "summary": entry.summary,
        "parent_id": book.parent(theme_id),
        "mark": entry.mark.value if entry.mark else None,
        "pinned": entry.pinned,
        "keyphrases": list(entry.keyphrases),
        "origin": entry.origin,
    }


def load_placements(
    repo: Repositories, run: Run, book: CodeBook, quote_ids: Sequence[str] | None = None, *, near: bool = True
) -> dict[str, Placement]:
    """Where a run's quotes belong, or these of them, with people's decisions laid over it and merges followed."""
    decided = decided_placements(repo, run.study_id)
    found = repo.themes.placements(run.id, quote_ids, near=near)
    return fold_placements(found, decided if quote_ids is None else {q: decided[q] for q in quote_ids if q in decided}, book)


def as_found(repo: Repositories, run: Run, book: CodeBook, placements: Mapping[str, Placement]) -> dict[str, Placement]:
    """Placements as they are kept with a run: a quote that is where it is by people's decisions alone keeps the place it had without.

    People's decisions are laid over what is kept whenever it is read, so taking one back, runs later, leaves nothing of it behind.
    """
    earlier = repo.themes.newest_run(run.study_id, before=run.id)
    found = repo.themes.placements(earlier) if earlier else {}
    by_model = {q: s.payload[PLACED] for q, s in repo.reviews.suggestions(run.study_id, PLACEMENT, run.tagger_key).items()}
    over = superseded_by_model(repo, run.study_id, book) if by_model else frozenset()
    decided = decided_placements(repo, run.study_id)
    kept = {}
    for quote_id in sorted(placements.keys() | found.keys() | decided.keys()):
        now, then = placements.get(quote_id), found.get(quote_id)
        without: str | None = by_model.get(quote_id, then.theme_id if then and then.theme_id not in over else None)
        if without and without in book.entries and (quote_id in decided or book.standing(without) == (now.theme_id if now else None)):
            known = next((p for p in (now, then) if p and p.theme_id == without), now or then or Placement(without, 0.0, Origin.LLM))
            kept[quote_id] = replace(known, theme_id=without)
        elif now and quote_id not in decided:
            kept[quote_id] = now
    return kept


def decided_placements(repo: Repositories, study_id: str) -> dict[str, str | None]:
    """What people decided: the theme of a quote by its id, None where it belongs to none."""
    decided = repo.reviews.decisions(study_id, PLACEMENT)
    return {quote_id: values[PLACED] for quote_id, made in decided.items() if PLACED in (values := _values(made))}


def _values(decisions: Sequence[Decision]) -> dict[str, Any]:
    return {d.field: d.value for d in decisions}


def touched(repo: Repositories, study_id: str) -> frozenset[str]:
    """Ids of themes that people decided something about, merged or nested another one into, or placed a quote in."""
    decided = {theme: _values(made) for theme, made in repo.reviews.decisions(study_id, THEME).items()}
    into = {values[field] for values in decided.values() for field in _INTO if values.get(field)}
    return frozenset(decided.keys() | into | {theme for theme in decided_placements(repo, study_id).values() if theme})


def reshaped(repo: Repositories, study_id: str) -> frozenset[str]:
    """Ids of themes whose extent people settled: pinned, merged, nested or made by them, or with quotes that they moved in."""
    decided = {theme: _values(made) for theme, made in repo.reviews.decisions(study_id, THEME).items()}
    own = {theme for theme, values in decided.items() if any(values.get(field) is not None for field in ("pinned", "removed", *_INTO))}
    into = {values[field] for values in decided.values() for field in _INTO if values.get(field)}
    return frozenset(own | into | {theme for theme in decided_placements(repo, study_id).values() if theme})


def superseded_by_model(repo: Repositories, study_id: str, book: CodeBook) -> frozenset[str]:
    """Ids of themes that were only ever named by code: a model's code book takes their place."""
    kept = touched(repo, study_id)
    return frozenset(theme.id for theme in book.open() if theme.origin == Origin.OFFLINE and theme.id not in kept)
