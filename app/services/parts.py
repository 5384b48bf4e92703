"""Parts of a stored map: what a narrowing means today, and the version narrowed to it, without another map and without a model."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.maps import MapVersion
from app.domain.narrowing import Narrowing
from app.errors import Conflict, InvalidInput
from app.services.book import load_book
from app.stages.compare import compare
from app.stages.facts import FORMAT
from app.stages.narrow import Document, Part, narrow, part_of, tell, untold
from app.stages.page import page_of

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
    document = narrow(version.document, find_part(repo, version, facts, narrowing))
    return {**document, "narrowing": {**asdict(narrowing), "of_participants": version.document["of_participants"]}}


def worded(repo: Repositories, document: Document, facts: Facts) -> Document:
    """The same with the sentences that have to be cut anew."""
    asked = untold(document)
    return tell(document, facts, words_of_quotes(repo, asked.values())) if asked else document


def find_part(repo: Repositories, version: MapVersion, facts: Facts, narrowing: Narrowing) -> Part:
    """What of a version fits a narrowing; raises `InvalidInput` for what the study does not have."""
    meant = replace(narrowing, themes=_themes(repo, version, narrowing.themes))
    return part_of(facts, people_within(repo, version.study_id, narrowing), meant)


def people_within(repo: Repositories, study_id: str, narrowing: Narrowing) -> frozenset[str] | None:
    """The participants that a narrowing means, as personas are made up now; None for everybody.

    A persona's name and a participant's pseudonym do as well as their ids; who was joined to somebody else is meant as that person.
    Raises `InvalidInput` for a persona or a participant that the study does not have.
    """
    if not (narrowing.personas or narrowing.participants):
        return None
    people = repo.people.participants(study_id, speaking=False)
    known = {key: p.id for p in people for key in (p.pseudonym, p.id)}
    known |= {key: p.id for p in people for joined in p.joined for key in (joined.pseudonym, joined.id)}
    personas = {key: p.id for p in repo.people.personas(study_id) for key in (p.name, p.id)} if narrowing.personas else {}
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


def _themes(repo: Repositories, version: MapVersion, asked: Iterable[str]) -> tuple[str, ...]:
    """The themes that are meant by these ids now that some were merged; raises `InvalidInput` for one that is not in the code book."""
    if not asked:
        return ()
    book = load_book(repo, version.study_id, repo.runs.get(version.run_id).tagger_key)
    standing = {theme_id: book.standing(theme_id) for theme_id in asked}
    _check("theme", standing, {theme_id for theme_id, meant in standing.items() if meant})
    return tuple(meant for meant in standing.values() if meant)


def _check(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    if unknown := sorted(set(asked) - set(known)):
        raise InvalidInput(f"there is no {what} “{unknown[0]}” in this study")
