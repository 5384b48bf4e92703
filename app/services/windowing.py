"""Transcripts as a tagger reads them: cut into windows, in words that it may see, with what people taught before."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.render import Audience
from app.domain.runs import Run, TaggerKind
from app.domain.stages import Stage
from app.domain.tags import Tags
from app.domain.transcript import CanonicalTranscript
from app.ports import Embedder, Encoding, Window, WindowQuote
from app.services.examples import Learned, Lessons
from app.services.material import HUMAN, QUOTE, Material, load_material
from app.services.privacy import TERM, Hidden, Privacy
from app.services.redaction import STUDY
from app.stages.tag import question_spans, windows

KEPT = 64
"""Readings that are kept, the last used; each holds the words of one transcript."""


@dataclass(frozen=True)
class Reading:
    """One transcript of a run, ready to be cut into windows; `quotes` are those that may be asked for, by id, numbered 0."""

    material: Material
    transcript_id: str
    parts: tuple[tuple[str, ...], ...]
    """Ids of the quotes of each window."""
    quotes: Mapping[str, WindowQuote]
    study: str
    product: str | None
    question: str | None
    stages: tuple[Stage, ...]
    personas: Mapping[str, tuple[str, ...]]
    learned: Learned

    def window(self, quote_ids: Sequence[str], encoding: Encoding) -> Window:
        """These quotes as a window; `encoding` has a row of each."""
        chosen = [self.quotes[q] for q in quote_ids]
        learned = self.learned.without(quote_ids)
        return Window(
            id=f"{self.transcript_id}/{quote_ids[0]}",
            language=self.material.transcripts[self.transcript_id].language,
            study=self.study,
            question=self.question,
            stages=self.stages,
            quotes=tuple(WindowQuote(n, q.quote_id, q.text, q.question, q.speaker) for n, q in enumerate(chosen, start=1)),
            encoding=encoding,
            transcript_id=self.transcript_id,
            examples=learned.examples,
            examples_encoding=learned.encoding,
            product=self.product,
            personas={q.speaker: self.personas[q.speaker] for q in chosen},
        )


class Windowing:
    """Makes readings, and keeps those that the windows of a run ask for again and again."""

    def __init__(self, privacy: Privacy, embedder: Embedder) -> None:
        self._privacy = privacy
        self._embedder = embedder
        self._lessons = Lessons(embedder)
        self._kept: OrderedDict[tuple[object, ...], Reading] = OrderedDict()
        self._hides: tuple[tuple[object, ...], Hidden] | None = None
        self._lock = threading.Lock()

    def of(self, repo: Repositories, run: Run, transcript_id: str) -> Reading | None:
        """A transcript of the run; None where it was erased meanwhile.

        It is read again for another attempt, and when people have changed what is hidden.
        """
        if not repo.transcripts.there(transcript_id):
            return None
        as_of = (run.id, run.attempt, *repo.reviews.stamp(run.study_id, (TERM, STUDY)))
        key = (*as_of, transcript_id)
        with self._lock:
            reading = self._kept.pop(key, None)
            if reading is None:
                if self._hides is None or self._hides[0] != as_of:
                    self._hides = (as_of, self.hidden(repo, run))
                material = load_material(repo, run, [transcript_id])
                reading = self.read(repo, run, material, transcript_id, hidden=self._hides[1])
            self._kept[key] = reading
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return reading

    def read(
        self,
        repo: Repositories,
        run: Run,
        material: Material,
        transcript_id: str,
        *,
        hidden: Hidden,
        canonical: CanonicalTranscript | None = None,
    ) -> Reading:
        """Make the reading of a transcript whose quotes and words `material` holds."""
        canonical = canonical or repo.transcripts.canonical(transcript_id)
        stored = [q for q in material.quotes if q.quote.transcript_id == transcript_id]
        asked = question_spans([q.quote for q in stored], canonical.turns, material.interviewers(transcript_id))
        view = hidden.view(transcript_id, canonical.text)
        kinds = {persona.id: hidden.free(persona.name) for persona in repo.people.personas(run.study_id)}
        study = material.study
        return Reading(
            material=material,
            transcript_id=transcript_id,
            parts=parts_of(run, stored),
            quotes={
                (i := q.quote.id): WindowQuote(0, i, view.cut(q.quote.span), view.cut(asked[i]) if i in asked else None, material.who(q))
                for q in stored
            },
            study=hidden.free(study.name),
            product=hidden.free(study.product) if study.product else None,
            question=hidden.free(study.question) if study.question else None,
            stages=tuple(map(hidden.stage, material.stages)),
            personas={material.who(q): tuple(kinds[p] for p in material.personas(q) if p in kinds) for q in stored},
            learned=self._lessons.of(repo, run, material, hidden, ()),
        )

    def encoding(self, repo: Repositories, quotes: Sequence[StoredQuote]) -> Encoding:
        """Vectors of quotes, a row each."""
        return stacked(repo.cache.vectors([q.quote.sha256 for q in quotes], self._embedder.name), quotes)

    def hidden(self, repo: Repositories, run: Run, *, search: bool = True) -> Hidden:
        """What the run's tagger may not read; the offline tagger is this process itself."""
        return self._privacy.of(repo, run.study_id, Audience.MODEL if asks_a_model(run) else Audience.OWNER, search=search)


def parts_of(run: Run, quotes: Sequence[StoredQuote]) -> tuple[tuple[str, ...], ...]:
    """Quote ids of each window of one transcript."""
    return tuple(tuple(q.id for q in window) for window in windows([q.quote for q in quotes], run.inputs.window_size))


def judged(repo: Repositories, run: Run, tags: Mapping[str, Tags], sources: Mapping[str, str]) -> Collection[str]:
    """Of quotes with these shown tags, the ids that need not be judged any more: by this run where it tags again, else by its tagger.

    What people alone have tagged is left alone, unless it was another tagger's proposals that they looked at.
    """
    if run.inputs.retag:
        return repo.reviews.judged_in(run.id, QUOTE)
    by = repo.reviews.taggers_of(run.study_id, QUOTE, [q for q, source in sources.items() if source == HUMAN])
    return tags.keys() - {q for q, taggers in by.items() if run.tagger_key not in taggers}


def asks_a_model(run: Run) -> bool:
    """Whether words leave for a language model; every tagger but the offline one is taken to ask one."""
    return run.tagger != TaggerKind.OFFLINE


def stacked(vectors: Mapping[str, Encoding], quotes: Sequence[StoredQuote]) -> Encoding:
    """One row a quote, in the order of the quotes."""
    if not quotes:
        return Encoding(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float16))
    rows = [vectors[q.quote.sha256] for q in quotes]
    return Encoding(np.concatenate([r.vectors for r in rows]), np.concatenate([r.hidden for r in rows]))
