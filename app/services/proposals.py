"""Splits and merges that somebody may want: those that runs proposed, and how one theme would fall apart if it were asked to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.db.repositories import Repositories
from app.domain.actions import VERDICT
from app.domain.themes import PROPOSAL
from app.errors import Conflict, InvalidInput, NotFound
from app.services.material import known_names
from app.services.standing import Standing
from app.stages.naming import label_theme
from app.stages.splitting import FEWEST_PARTS, MOST_PARTS, propose_split

SPLIT, MERGE = "split", "merge"


@dataclass(frozen=True, slots=True)
class Part:
    """Quotes that would be a theme of their own; `label` None asks for one from their words."""

    quote_ids: tuple[str, ...]
    label: str | None = None
    keyphrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A split of one theme into parts, or a merge of several, a part being what each of them holds; `theme_ids` are in force."""

    id: str
    kind: str
    theme_ids: tuple[str, ...]
    why: str
    run_id: str
    parts: tuple[Part, ...]


def label_parts(repo: Repositories, held: Standing, parts: Sequence[Part]) -> list[Part]:
    """Parts with labels from their words, set apart from the other parts; those that have one keep it."""
    quotes = repo.transcripts.quotes_by_id([q for part in parts for q in part.quote_ids])
    texts = repo.transcripts.texts({q.quote.transcript_id for q in quotes.values()})
    words = [[quotes[q].quote.span.cut(texts[quotes[q].quote.transcript_id]) for q in part.quote_ids if q in quotes] for part in parts]
    names = known_names(repo.transcripts.of_study(held.study_id), repo.people.participants(held.study_id, speaking=False))
    labelled: list[Part] = []
    for n, part in enumerate(parts):
        others = [text for m, texts_of in enumerate(words) if m != n for text in texts_of]
        name = label_theme(words[n], others, exclude=names)
        label = part.label or held.free_label(name.label, [p.label for p in labelled if p.label])
        labelled.append(Part(part.quote_ids, label, part.keyphrases or name.keyphrases))
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
    groups = propose_split(ids, np.concatenate([vectors[quotes[q].quote.sha256].vectors for q in ids]), parts)
    if not groups:
        raise Conflict(f"the quotes of “{label}” are all alike, so nothing sets parts of them apart")
    return label_parts(repo, held, [Part(group) for group in groups])


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
        raise Conflict("this proposal was answered already, or its themes have changed so that it no longer applies")
    return found


def labelled(repo: Repositories, held: Standing, proposal: Proposal) -> Proposal:
    """A proposal whose parts have names: those of the themes that would be merged, or from the words of each part of a split."""
    if proposal.kind == MERGE:
        return proposal
    p = proposal
    return Proposal(p.id, p.kind, p.theme_ids, p.why, p.run_id, tuple(label_parts(repo, held, p.parts)))


def _read(held: Standing, key: str, run_id: str, payload: Any) -> Proposal | None:
    """A proposal as it applies now: to the entries that hold those themes' quotes; None where it does not."""
    themes = dict.fromkeys(now for theme in payload["theme_ids"] if (now := held.book.standing(theme)))
    if payload["kind"] == MERGE:
        parts = [Part(tuple(held.members.get(t, ())), held.label(t), held.book.entries[t].keyphrases) for t in themes]
        fits = len(themes) > 1
    else:
        mine = {q for t in themes for q in held.members.get(t, ())}
        groups = [tuple(q for q in group if q in mine) for group in payload["groups"]]
        parts = [Part(group) for group in groups if group]
        fits = len(themes) == 1 and list(themes) == list(payload["theme_ids"]) and len(parts) > 1
    return Proposal(key, payload["kind"], tuple(themes), payload.get("why", ""), run_id, tuple(parts)) if fits else None
