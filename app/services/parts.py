"""Parts of a stored map: what a narrowing means today, and the version narrowed to it, without another map and without a model."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.narrowing import Narrowing
from app.domain.people import Participant
from app.errors import Conflict, InvalidInput
from app.services.book import load_book
from app.stages.compare import compare
from app.stages.facts import FORMAT
from app.stages.narrow import Document, Part, narrow, part_of, tell, untold
from app.stages.page import page_of
from app.stages.steps_of_stage import with_steps
from app.stages.voices import renamed, topics_of

Facts = dict[str, Any]


def has_facts(version: MapVersion) -> bool:
    """Whether parts can be made of a version; not of one that was drawn before maps could be narrowed."""
    return bool(version.document.get("facts") == FORMAT)


def load_facts(repo: Repositories, version: MapVersion) -> Facts:
    """What parts of a version are made from; raises `Conflict` where there is nothing."""
    if not has_facts(version):
        raise Conflict("this version was drawn before maps could be narrowed; read the newest one, or start a run to draw another")
    facts: Facts = repo.maps.facts(version.id)
    return facts


def narrowed(repo: Repositories, version: MapVersion, facts: Facts, narrowing: Narrowing, *, full: bool) -> MapVersion:
    """A version with the part that fits; raises `InvalidInput` for what the study does not have.

    With `full` it has all of the evidence that is left, otherwise the ten strongest items each. Words of quotes are cut anew where a
    statement was worded with those of somebody who is left out.
    """
    document = worded(repo, _narrow(repo, version, facts, narrowing), facts)
    return replace(version, document=document if full else page_of(document))


def compared(repo: Repositories, version: MapVersion, left: Narrowing, right: Narrowing) -> tuple[Document, Document, list[Document]]:
    """Two parts of a version, and what `compare` says of them; raises as `narrowed` does."""
    facts = load_facts(repo, version)
    one, other = _narrow(repo, version, facts, left), _narrow(repo, version, facts, right)
    stages: list[Document] = worded(repo, {"stages": compare(one, other, facts)}, facts)["stages"]
    return one, other, stages


def _narrow(repo: Repositories, version: MapVersion, facts: Facts, narrowing: Narrowing) -> Document:
    part = find_part(repo, version, facts, narrowing)
    topics = topics_of(part)
    document = renamed(narrow(version.document, part), topics)
    told = {**asdict(narrowing), "of_participants": version.document["of_participants"], "renamed": topics}
    return {**with_steps(document, part, version.map_id), "narrowing": told}


def worded(repo: Repositories, document: Document, facts: Facts) -> Document:
    """The same with the sentences that have to be cut anew."""
    asked = untold(document)
    return tell(document, facts, words_of_quotes(repo, asked.values())) if asked else document


def find_part(repo: Repositories, version: MapVersion, facts: Facts, narrowing: Narrowing) -> Part:
    """What of a version fits a narrowing; raises `InvalidInput` for what the study does not have."""
    meant = replace(narrowing, themes=_themes(repo, version, narrowing.themes))
    return part_of(facts, people_within(repo, version.study_id, narrowing), meant)


def standing(repo: Repositories, version: MapVersion, narrowing: Narrowing) -> tuple[Narrowing, dict[str, int]]:
    """A narrowing without what the study no longer has, and how much of it is gone: numbers by `persona`, `participant` and `theme`.

    So a bookmark of a map outlives the people and themes that it names; who is named otherwise than by id comes back by id.
    """
    if not (narrowing.personas or narrowing.participants or narrowing.themes):
        return narrowing, {}
    known = _participants(repo.people.participants(version.study_id, speaking=False)) if narrowing.participants else {}
    personas = _personas(repo, version.study_id) if narrowing.personas else {}
    book = load_book(repo, version.study_id, repo.runs.bare(version.run_id).tagger_key) if narrowing.themes else None
    left = replace(
        narrowing,
        personas=tuple(personas[p] for p in narrowing.personas if p in personas),
        participants=tuple(known[p] for p in narrowing.participants if p in known),
        themes=tuple(t for t in narrowing.themes if book and book.standing(t)),
    )
    gone = {
        "persona": len(narrowing.personas) - len(left.personas),
        "participant": len(narrowing.participants) - len(left.participants),
        "theme": len(narrowing.themes) - len(left.themes),
    }
    return left, {what: n for what, n in gone.items() if n}


def people_within(repo: Repositories, study_id: str, narrowing: Narrowing) -> frozenset[str] | None:
    """The participants that a narrowing means, as personas are made up now; None for everybody.

    A persona's name and a participant's pseudonym do as well as their ids; who was joined to somebody else is meant as that person.
    Raises `InvalidInput` for a persona or a participant that the study does not have.
    """
    if not (narrowing.personas or narrowing.participants):
        return None
    people = repo.people.participants(study_id, speaking=False)
    known = _participants(people)
    personas = _personas(repo, study_id) if narrowing.personas else {}
    _check("persona", narrowing.personas, personas)
    _check("participant", narrowing.participants, known)
    within = frozenset(p.id for p in people)
    if narrowing.personas:
        wanted = {personas[p] for p in narrowing.personas}
        within = frozenset(p.id for p in people if wanted & set(p.persona_ids))
    if narrowing.participants:
        within &= {known[p] for p in narrowing.participants}
    return within


def words_of_quotes(repo: Repositories, quote_ids: Iterable[str]) -> dict[str, str]:
    """The verbatim words of quotes, by id."""
    stored = repo.transcripts.quotes_by_id(sorted(set(quote_ids)))
    texts = repo.transcripts.texts({q.quote.transcript_id for q in stored.values()})
    return {quote_id: q.quote.span.cut(texts[q.quote.transcript_id]) for quote_id, q in stored.items()}


def _participants(people: Sequence[Participant]) -> dict[str, str]:
    """The id of each participant by everything that they go by, that of those who were joined to them included."""
    known = {key: p.id for p in people for key in (p.pseudonym, p.id)}
    return known | {key: p.id for p in people for joined in p.joined for key in (joined.pseudonym, joined.id)}


def _personas(repo: Repositories, study_id: str) -> dict[str, str]:
    return {key: p.id for p in repo.people.personas(study_id) for key in (p.name, p.id)}


def _themes(repo: Repositories, version: MapVersion, asked: Iterable[str]) -> tuple[str, ...]:
    """The themes that are meant by these ids now that some were merged; raises `InvalidInput` for one that is not in the code book."""
    if not asked:
        return ()
    book = load_book(repo, version.study_id, repo.runs.bare(version.run_id).tagger_key)
    standing = {theme_id: book.standing(theme_id) for theme_id in asked}
    _check("theme", standing, {theme_id for theme_id, meant in standing.items() if meant})
    return tuple(meant for meant in standing.values() if meant)


def _check(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    if unknown := sorted(set(asked) - set(known)):
        raise InvalidInput(f"there is no {what} “{unknown[0]}” in this study")
