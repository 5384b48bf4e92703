"""Splits and merges that somebody may want: those that runs proposed, and how one theme would fall apart if it were asked to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.db.repositories import Repositories
from app.domain.actions import VERDICT
from app.domain.themes import PROPOSAL
from app.errors import Conflict, InvalidInput, NotFound
from app.services.material import known_names
from app.services.presenting import ShownQuote
from app.services.standing import Standing
from app.stages.naming import label_theme
from app.stages.splitting import FEWEST_PARTS, MOST_PARTS, most_typical, propose_split

SPLIT, MERGE = "split", "merge"


@dataclass(frozen=True, slots=True)
class Part:
    """Quotes that would be a theme of their own; `label` None asks for one from their words.

    `voices` are ids of those that stand for it, the most typical first, `examples` some of them as they are shown.
    """

    quote_ids: tuple[str, ...]
    label: str | None = None
    keyphrases: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    participants: int = 0
    examples: tuple[ShownQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A split of one theme into parts, or a merge of several, a part being what each of them holds; `theme_ids` are in force.

    `together` are in a merge of each theme the quotes that came out as one group with those of the others. `near` says how alike the parts
    are and `usual` how alike two themes of the study are (cosines); None where that was not measured. `why` and `effect` (what accepting
    it does) are in words for people, `shared` the phrases that all themes of a merge have in common: `app.services.reasons` tells them.
    """

    id: str
    kind: str
    theme_ids: tuple[str, ...]
    run_id: str
    parts: tuple[Part, ...]
    together: tuple[tuple[str, ...], ...] = ()
    near: float | None = None
    usual: float | None = None
    why: str = ""
    effect: str = ""
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What quotes say, by id, and the names of people, which no label shows."""

    texts: Mapping[str, str]
    names: Collection[str]


def load_words(repo: Repositories, study_id: str, quote_ids: Sequence[str]) -> Words:
    """The words of these quotes; those that are gone are left out."""
    quotes = repo.transcripts.quotes_by_id(list(dict.fromkeys(quote_ids)))
    texts = repo.transcripts.texts({q.quote.transcript_id for q in quotes.values()})
    names = known_names(repo.transcripts.of_study(study_id), repo.people.participants(study_id, speaking=False))
    return Words({key: q.quote.span.cut(texts[q.quote.transcript_id]) for key, q in quotes.items()}, names)


def label_parts(held: Standing, words: Words, parts: Sequence[Part]) -> list[Part]:
    """Parts with labels and keyphrases from their words, set apart from the other parts; those that have a label keep it."""
    said = [[words.texts[q] for q in part.quote_ids if q in words.texts] for part in parts]
    labelled: list[Part] = []
    for n, part in enumerate(parts):
        others = [text for m, texts_of in enumerate(said) if m != n for text in texts_of]
        name = label_theme(said[n], others, exclude=words.names)
        taken = [p.label for p in (*labelled, *parts[n + 1 :]) if p.label]
        label = part.label or held.free_label(name, taken)
        labelled.append(replace(part, label=label, keyphrases=part.keyphrases or name.keyphrases))
    return labelled


def split_by_vectors(repo: Repositories, held: Standing, theme_id: str, parts: int | None, model: str) -> list[Part]:
    """How a theme's own quotes would fall apart by their vectors; nothing is changed. Raises where they do not, with the reason."""
    if parts is not None and not FEWEST_PARTS <= parts <= MOST_PARTS:
        raise InvalidInput(f"a theme can be split into {FEWEST_PARTS} to {MOST_PARTS} parts, not {parts}")
    label = held.open_entry(theme_id).label
    quotes = repo.transcripts.quotes_by_id(held.members.get(theme_id, []))
    vectors = repo.cache.vectors([q.quote.sha256 for q in quotes.values()], model)
    ids = [q for q in quotes if quotes[q].quote.sha256 in vectors]
    if len(ids) < FEWEST_PARTS:
        raise Conflict(f"“{label}” holds fewer than two quotes itself, so there is nothing to split")
    rows = np.concatenate([vectors[quotes[q].quote.sha256].vectors for q in ids])
    groups = propose_split(ids, rows, parts)
    if not groups:
        raise Conflict(f"the quotes of “{label}” are all alike, so nothing sets parts of them apart")
    row = {q: n for n, q in enumerate(ids)}
    found = [Part(group, voices=most_typical(group, rows[[row[q] for q in group]])) for group in groups]
    return label_parts(held, load_words(repo, held.study_id, ids), found)


def open_proposals(repo: Repositories, held: Standing) -> list[Proposal]:
    """What runs proposed, nobody has answered, and still can be done; newest last."""
    if held.run is None:
        return []
    made = repo.reviews.suggestions(held.study_id, PROPOSAL, held.run.tagger_key)
    answered = {key for key, decided in repo.reviews.decisions(held.study_id, PROPOSAL).items() if any(d.field == VERDICT for d in decided)}
    read = [_read(held, key, s.run_id, s.payload) for key, s in made.items() if key not in answered]
    return [proposal for proposal in read if proposal is not None]


def find_proposal(repo: Repositories, proposal_id: str) -> str:
    """The id of the study that a proposal is about; raises `NotFound`."""
    study_id = repo.reviews.study_of(PROPOSAL, proposal_id)
    if study_id is None:
        raise NotFound(f"there is no proposal “{proposal_id}” here")
    return study_id


def open_proposal(repo: Repositories, held: Standing, proposal_id: str) -> Proposal:
    """One of them; raises `Conflict` where it was answered, or can no longer be done."""
    found = next((p for p in open_proposals(repo, held) if p.id == proposal_id), None)
    if found is None:
        raise Conflict("this proposal was answered already, or its themes were changed or pinned so that it no longer applies")
    return found


def into_of(held: Standing, theme_ids: Sequence[str]) -> str:
    """Which of these themes takes the others over in a merge: the one that people decided something about, else the largest."""
    return min(theme_ids, key=lambda t: (not held.decided.get(t), -len(held.members.get(t, ())), t))


def _read(held: Standing, key: str, run_id: str, payload: Any) -> Proposal | None:
    """A proposal as it applies now: to the entries that hold those themes' quotes; None where it does not, or a theme was pinned since."""
    now = [held.book.standing(theme) for theme in payload["theme_ids"]]
    themes = tuple(dict.fromkeys(theme for theme in now if theme))
    if any(held.book.entries[theme].pinned for theme in themes):
        return None
    groups, voices = payload["groups"], payload.get("voices") or [[] for _ in payload["groups"]]
    measured = {"near": payload.get("near"), "usual": payload.get("usual")}
    if payload["kind"] == MERGE:
        mine = {theme: held.members.get(theme, []) for theme in themes}
        among = {t: {q for n, group in zip(now, groups, strict=False) if n == t for q in group} for t in themes}
        said = {t: tuple(q for n, found in zip(now, voices, strict=False) if n == t for q in found) for t in themes}
        parts = [Part(tuple(mine[t]), held.label(t), held.book.entries[t].keyphrases, _still(said[t], mine[t])) for t in themes]
        together = tuple(tuple(q for q in mine[t] if q in among[t]) for t in themes)
        return Proposal(key, MERGE, themes, run_id, tuple(parts), together, **measured) if len(themes) > 1 else None
    own = {q for theme in themes for q in held.members.get(theme, ())}
    parts = [
        Part(part, voices=_still(said_by, part)) for group, said_by in zip(groups, voices, strict=True) if (part := _still(group, own))
    ]
    fits = list(themes) == list(payload["theme_ids"]) and len(themes) == 1 and len(parts) > 1
    return Proposal(key, SPLIT, themes, run_id, tuple(parts), **measured) if fits else None


def _still(quote_ids: Sequence[str], there: Collection[str]) -> tuple[str, ...]:
    return tuple(q for q in quote_ids if q in there)
