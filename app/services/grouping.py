"""What a run's quotes are grouped by: their words, the questions they answer, what they are about, and how they are tagged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.identity import sha256
from app.domain.runs import Run
from app.domain.transcript import Span
from app.ports import Embedder, Encoding
from app.services.material import Material, load_material
from app.services.store import Store
from app.services.windowing import stacked
from app.stages.features import Clusterable, cluster_features
from app.stages.tag import question_spans

MANY_TEXTS = 3000
"""Beyond so many questions and gists they are only glanced at: encoding them would take as long as the quotes themselves."""

FITS = 0.35
"""Cosine from which a quote speaks of what an entry says; of what nobody speaks of, the nearest quote comes to half of that."""
DECIMALS = 5
BLOCK = 8_192
"""Quotes that are compared at a time."""


@dataclass(frozen=True)
class Grouped:
    """A run's quotes with a stage, in order of id, and of each a row of its vector and of what it is grouped by."""

    material: Material
    ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    features: NDArray[np.float32]


class Grouping:
    """Loads what quotes are grouped by; encodes and keeps what was never encoded."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def of(self, run: Run) -> Grouped:
        """The quotes of a run that have a stage; background has no theme."""
        with self._store.read() as repo:
            material = load_material(repo, run)
            quotes = sorted((q for q in material.quotes if _has_stage(material, q)), key=lambda q: q.quote.id)
            vectors = stacked(repo.cache.vectors([q.quote.sha256 for q in quotes], self._embedder.name), quotes).vectors
            asked = _questions(repo, material, quotes)
        tags = {q.quote.id: material.tags[q.quote.id] for q in quotes}
        rows = [
            Clusterable(
                quote_id=(i := q.quote.id),
                transcript_id=q.quote.transcript_id,
                start=q.quote.start,
                asked=asked[i].start if i in asked else None,
                stage=tags[i].stage,
                channel=tags[i].channel.value,
                experience=tags[i].experience.value,
            )
            for q in quotes
        ]
        questions = [asked[r.quote_id].cut(material.texts[r.transcript_id]) if r.quote_id in asked else "" for r in rows]
        gists = [tags[r.quote_id].gist or "" for r in rows]
        touchpoints = [tags[r.quote_id].touchpoint or "" for r in rows] if any(gists) else []
        known = self._encoded({*questions, *gists, *touchpoints})
        told = (_rows(known, questions), _rows(known, gists) if any(gists) else None, _rows(known, touchpoints))
        # where everybody says the same, no question and no stage makes several themes of it
        alike = len(rows) > 0 and bool((vectors == vectors[0]).all())
        features = np.zeros((len(rows), 1), np.float32) if alike else cluster_features(rows, vectors, *told)
        return Grouped(material, tuple(r.quote_id for r in rows), vectors, features)

    def fitting(self, given: Grouped, quote_ids: Collection[str], said: Mapping[str, str]) -> dict[str, str]:
        """By quote, of these ones, the name of the text that comes nearest to it in meaning; those that none comes near are left out."""
        names = sorted(name for name, text in said.items() if text)
        rows = [i for i, quote_id in enumerate(given.ids) if quote_id in quote_ids]
        if not names or not rows:
            return {}
        known = self._encoded({said[name] for name in names})
        texts = np.stack([known[said[name]] for name in names]).T
        found: dict[str, str] = {}
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            near = (given.vectors[block] @ texts).round(DECIMALS)
            found |= {given.ids[i]: names[int(row.argmax())] for i, row in zip(block, near, strict=True) if row.max() >= FITS}
        return found

    def _encoded(self, texts: set[str]) -> Mapping[str, NDArray[np.float32]]:
        """A vector of each text that is not empty; what is encoded is kept under the hash of its words, as quotes are."""
        wanted = sorted(texts - {""})
        if len(wanted) > MANY_TEXTS:
            return dict(zip(wanted, self._embedder.glance(wanted), strict=True))
        hashes = {sha256(text): text for text in wanted}
        with self._store.read() as repo:
            found = repo.cache.vectors(list(hashes), self._embedder.name)
        missing = [h for h in hashes if h not in found]
        if missing:
            encoding = self._embedder.encode([hashes[h] for h in missing])
            with self._store.write() as repo:
                repo.cache.store_vectors(missing, self._embedder.name, encoding)
            found |= {h: Encoding(encoding.vectors[i : i + 1], encoding.hidden[i : i + 1]) for i, h in enumerate(missing)}
        return {text: found[h].vectors[0] for h, text in hashes.items()}


def _has_stage(material: Material, stored: StoredQuote) -> bool:
    tags = material.tags.get(stored.quote.id)
    return tags is not None and tags.stage in material.stage_ids


def _questions(repo: Repositories, material: Material, quotes: Sequence[StoredQuote]) -> dict[str, Span]:
    """By quote id where the question stands that it answers."""
    by_transcript: dict[str, list[StoredQuote]] = {}
    for stored in quotes:
        by_transcript.setdefault(stored.quote.transcript_id, []).append(stored)
    asked: dict[str, Span] = {}
    for transcript_id, said in by_transcript.items():
        turns = repo.transcripts.canonical(transcript_id).turns
        asked |= question_spans([q.quote for q in said], turns, material.interviewers(transcript_id))
    return asked


def _rows(known: Mapping[str, NDArray[np.float32]], texts: Sequence[str]) -> NDArray[np.float32] | None:
    """A row a text, zeros for an empty one; None where there is nothing to tell."""
    if not any(texts):
        return None
    width = len(next(iter(known.values())))
    return np.stack([known[text] if text else np.zeros(width, np.float32) for text in texts])
