"""Rewording: a theme that is called by words of a quote that was erased gets its words from the quotes that are left."""

from collections.abc import Collection, Iterable, Sequence

from app.db.repositories import Repositories
from app.domain.journey import Origin
from app.domain.runs import Run
from app.domain.themes import Theme
from app.services.book import load_book
from app.services.material import Material, load_material
from app.stages.naming import Namer, Said, own_label
from app.stages.segment.lexicon import words_of

REWORDED = "reworded"
"""What the newest run notes: ids of the themes that are called otherwise since an interview was erased. Never what they were called."""


def reword_themes(repo: Repositories, study_id: str, theme_ids: Collection[str]) -> None:
    """Give those of these themes new words that code named with words nobody says any more; labels that people and models wrote stay.

    To be called once the quotes are gone. The newest run notes which are shown by another name since.
    """
    run_id = repo.themes.newest_run(study_id)
    named = [t for t in repo.themes.of_study(study_id) if t.id in theme_ids and t.origin != Origin.HUMAN]
    if not named or run_id is None:
        return
    run = repo.runs.get(run_id)
    material = load_material(repo, run)
    members: dict[str, list[str]] = {}
    for quote_id, placed in repo.themes.placements(run_id).items():
        members.setdefault(placed.theme_id, []).append(quote_id)
    namer: Namer | None = None
    ids = [q.quote.id for q in material.quotes]
    before = load_book(repo, study_id, run.tagger_key)
    called = {theme.id: theme.label for theme in before.open()}
    for theme in named:
        said = [words_of(material.text(q)) for q in members.get(theme.id, ())]
        if _all_said(theme, said):
            continue
        namer = namer or Namer([said_of(material, q) for q in ids], exclude=material.names)
        inside = set(members.get(theme.id, ()))
        name = namer.name([i for i, q in enumerate(ids) if q in inside])
        label = own_label(name, [other for key, other in called.items() if key != theme.id])
        called[theme.id] = label if theme.origin == Origin.OFFLINE else theme.label
        repo.themes.reword(theme.id, called[theme.id], name.keyphrases)
    after = load_book(repo, study_id, run.tagger_key)
    renamed = {theme.id for theme in after.open() if theme.id in before.entries and theme.label != before.entries[theme.id].label}
    repo.runs.note(run_id, **{REWORDED: sorted(renamed | set(run.notes.get(REWORDED, ())))})


def renamed_before(repo: Repositories, run: Run) -> list[str]:
    """Ids of the themes that were renamed because of an erasure between the run before this one and this one."""
    earlier = repo.themes.newest_run(run.study_id, before=run.id)
    return list(repo.runs.get(earlier).notes.get(REWORDED, ())) if earlier else []


def said_of(material: Material, quote_id: str) -> Said:
    """A quote as naming reads it."""
    stored = material.by_id[quote_id]
    tags = material.tags.get(quote_id)
    language = material.transcripts[stored.quote.transcript_id].language
    return Said(material.text(quote_id), material.who(stored), language, tags.experience.value if tags else None)


def _all_said(theme: Theme, said: Sequence[Sequence[str]]) -> bool:
    """Whether keyphrases and a label by code, a row of phrases each, still stand in quotes."""
    phrases = [part for part in theme.label.split(", ") if part and theme.origin == Origin.OFFLINE] + list(theme.keyphrases)
    return all(stands(words_of(phrase), said) for phrase in phrases)


def stands(phrase: Sequence[str], said: Iterable[Sequence[str]]) -> bool:
    """Whether a phrase stands in one of these texts, all of them in words."""
    size = len(phrase)
    return any(tuple(words[i : i + size]) == tuple(phrase) for words in said for i in range(len(words) - size + 1))
