"""Rewording: a theme that is called by words of a quote that was erased gets its words from the quotes that are left."""

from collections.abc import Collection, Iterable, Sequence

from app.db.repositories import Repositories
from app.domain.journey import Origin
from app.domain.themes import Theme
from app.services.material import Material, load_material
from app.stages.naming import Namer, Said
from app.stages.segment.lexicon import words_of


def reword_themes(repo: Repositories, study_id: str, theme_ids: Collection[str]) -> None:
    """Give those of these themes new words that code named with words nobody says any more; labels that people and models wrote stay.

    To be called once the quotes are gone.
    """
    run_id = repo.themes.newest_run(study_id)
    named = [t for t in repo.themes.of_study(study_id) if t.id in theme_ids and t.origin != Origin.HUMAN]
    if not named or run_id is None:
        return
    material = load_material(repo, repo.runs.get(run_id))
    members: dict[str, list[str]] = {}
    for quote_id, placed in repo.themes.placements(run_id).items():
        members.setdefault(placed.theme_id, []).append(quote_id)
    namer: Namer | None = None
    ids = [q.quote.id for q in material.quotes]
    for theme in named:
        said = [words_of(material.text(q)) for q in members.get(theme.id, ())]
        if _all_said(theme, said):
            continue
        namer = namer or Namer([said_of(material, q) for q in ids], exclude=material.names)
        inside = set(members.get(theme.id, ()))
        name = namer.name([i for i, q in enumerate(ids) if q in inside])
        repo.themes.reword(theme.id, name.label if theme.origin == Origin.OFFLINE else theme.label, name.keyphrases)


def said_of(material: Material, quote_id: str) -> Said:
    """A quote as naming reads it."""
    stored = material.by_id[quote_id]
    tags = material.tags.get(quote_id)
    language = material.transcripts[stored.quote.transcript_id].language
    return Said(material.text(quote_id), material.who(stored), language, tags.experience.value if tags else None)


def _all_said(theme: Theme, said: Sequence[Sequence[str]]) -> bool:
    """Whether keyphrases and a label by code, a row of phrases each, still stand in quotes."""
    phrases = [part for part in theme.label.split(", ") if part and theme.origin == Origin.OFFLINE] + list(theme.keyphrases)
    return all(_stands(words_of(phrase), said) for phrase in phrases)


def _stands(phrase: Sequence[str], said: Iterable[Sequence[str]]) -> bool:
    size = len(phrase)
    return any(tuple(words[i : i + size]) == tuple(phrase) for words in said for i in range(len(words) - size + 1))
