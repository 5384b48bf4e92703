"""Division: which windows of a hybrid run the language model tags, and what the heads that learn from it make of the others."""

import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.db.repositories import Repositories
from app.domain.review import Suggestion
from app.domain.runs import Run, TaggerKind
from app.domain.tags import Tags
from app.errors import ModelError, UsageError
from app.ports import Tagger
from app.services.hybrid import HEADS, HybridTagger, Sample, Taught, teach
from app.services.material import QUOTE, STAGE, TAG_FIELDS, Material, load_material, load_tags, read_tags, valid_stages
from app.services.store import Store
from app.services.windowing import Reading, Windowing, judged, parts_of
from app.stages.imitate import Sheet, sheet_of, stacked, values_of
from app.stages.sample import Part, first_round, hold_back, least_sure, share, take
from app.stages.tag import windows

LLM = "llm"
FIRST, SECOND, AGREEMENT = "first", "second", "agreement"
"""What a run notes: the windows of each round, and how well the heads learned."""


@dataclass(frozen=True)
class Spread:
    """A run's quotes as they are to be divided."""

    material: Material
    parts: tuple[Part, ...]
    known: Collection[str]
    """Ids of the quotes that need not be judged any more."""
    answers: Mapping[str, Tags]
    """What the language model said, this time or in an earlier run."""

    def open(self, items: Collection[str] | None = None) -> list[Part]:
        """Parts, or those of these items, in which a quote is still to be judged."""
        chosen = (part for part in self.parts if items is None or part.item in items)
        return [part for part in chosen if any(q not in self.known for q in part.quote_ids)]

    def asked(self, items: Collection[str]) -> set[str]:
        """Ids of the quotes that the model has tagged or is to tag, given the windows it is asked for."""
        return {q for part in self.parts if part.item in items for q in part.quote_ids} | self.answers.keys()


class Division:
    """Divides runs; what it has worked out of one is kept until the run ends or another one asks."""

    def __init__(self, store: Store, windowing: Windowing, taggers: Mapping[str, Tagger]) -> None:
        self._store = store
        self._windowing = windowing
        self._taggers = taggers
        self._lock = threading.RLock()
        self._sheets: tuple[tuple[str, int], dict[str, Sheet]] = (("", 0), {})
        self._taught: tuple[tuple[str, int], Taught] | None = None

    def first(self, run_id: str) -> list[str]:
        """Windows that the model is to tag before anything can be learned, chosen once a run; those of them that are not judged yet."""
        run, spread = self._load(run_id)
        if FIRST not in run.notes:
            room = share(len(spread.material.quotes)) - len(spread.answers)
            parts = spread.open()
            fits = sum(len(part.quote_ids) for part in parts) <= room
            sure = {} if fits else self._confidences(run, parts)
            run = self._note(run_id, **{FIRST: [part.item for part in first_round(parts, room, run.study_id, sure)]})
        return [part.item for part in spread.open(run.notes[FIRST])]

    def second(self, run_id: str) -> list[str]:
        """Windows of which the fitted heads are least sure, as far as the share goes, chosen once a run; those not judged yet."""
        run, spread = self._load(run_id)
        if SECOND not in run.notes:
            chosen = run.notes.get(FIRST, ())
            left = [part for part in spread.open() if part.item not in chosen]
            room = share(len(spread.material.quotes)) - len(spread.asked(chosen))
            try:
                sure = self._fitted_confidences(run, spread, left) if left and room > 0 else {}
            except ModelError:  # nothing to go by; a resume may choose
                return []
            run = self._note(run_id, **{SECOND: [part.item for part in take(least_sure(left, sure), room)] if sure else []})
        return [part.item for part in spread.open(run.notes[SECOND])]

    def rest(self, run_id: str) -> list[str]:
        """Items `run/transcript` of the transcripts with quotes that are left to the heads; notes how well these learned."""
        run, spread = self._load(run_id)
        asked = spread.asked(self.chosen(run))
        left = [q for q in spread.material.quotes if q.quote.id not in spread.known and q.quote.id not in asked]
        if left:
            with suppress(ModelError):  # which is said of each transcript that it costs
                self._note(run_id, **{AGREEMENT: dict(self._teach(run, spread).agreement)})
        elif run.agreement is None and (earlier := self._earlier(run)):
            self._note(run_id, **{AGREEMENT: dict(earlier)})
        return [f"{run_id}/{transcript_id}" for transcript_id in dict.fromkeys(q.quote.transcript_id for q in left)]

    def left(self, run: Run, transcript_id: str) -> list[str]:
        """Ids of a transcript's quotes that are left to the heads; none of one that was erased meanwhile."""
        with self._store.read() as repo:
            reading = self._windowing.of(repo, run, transcript_id)
            if reading is None:
                return []
            known = judged(repo, run, *load_tags(repo, run, list(reading.quotes), reading.material.stages))
        chosen = set(self.chosen(run))
        asked = {q for n, part in enumerate(reading.parts) if f"{run.id}/{transcript_id}/{n}" in chosen for q in part}
        return [q for q in reading.quotes if q not in known and q not in asked]

    def judge(self, run: Run, transcript_id: str, left: Sequence[str]) -> list[Suggestion]:
        """What the heads make of these quotes of a transcript; raises `ModelError` where they have too little to learn from."""
        told = self._heads(run).judge(self._sheet(run, transcript_id).only(left))
        name = self._hybrid().heads
        payloads = {q: {field: getattr(tags, field) for field in TAG_FIELDS} for q, tags in told.items()}
        return [Suggestion(QUOTE, q, run.id, HEADS, name, run.prompt, tags.confidence, payloads[q]) for q, tags in told.items()]

    def chosen(self, run: Run) -> list[str]:
        """Windows that the model was asked for, of both rounds."""
        return [*run.notes.get(FIRST, ()), *run.notes.get(SECOND, ())]

    def forget(self, run_id: str) -> None:
        """Let go of what was kept of a run."""
        with self._lock:
            if self._sheets[0][0] == run_id:
                self._sheets = (("", 0), {})
            if self._taught and self._taught[0][0] == run_id:
                self._taught = None

    def _load(self, run_id: str) -> tuple[Run, Spread]:
        with self._store.read() as repo:
            run = repo.runs.bare(run_id)
            material = load_material(repo, run, texts=False)
            known = judged(repo, run, material.tags, material.sources)
            answers = answered(repo, run, material)
        parts = []
        for transcript_id, quotes in groupby(material.quotes, key=lambda q: q.quote.transcript_id):
            parts += [Part(f"{run_id}/{transcript_id}/{n}", transcript_id, ids) for n, ids in enumerate(parts_of(run, list(quotes)))]
        return run, Spread(material, tuple(parts), known, answers)

    def _note(self, run_id: str, **notes: Any) -> Run:
        with self._store.write() as repo:
            repo.runs.note(run_id, **notes)
            return repo.runs.bare(run_id)

    def _earlier(self, run: Run) -> Mapping[str, Any] | None:
        """The agreement of the newest run by the same tagger, since its tags are still those that are shown."""
        with self._store.read() as repo:
            runs = repo.runs.of_study(run.study_id)
        return next((r.agreement for r in runs if r.tagger_key == run.tagger_key and r.agreement), None)

    def _heads(self, run: Run) -> Taught:
        """The fitted heads; a process that comes to a run later fits them again, to the same."""
        with self._lock:
            if self._taught and self._taught[0] == (run.id, run.attempt):
                return self._taught[1]
            return self._teach(run, self._load(run.id)[1])

    def _teach(self, run: Run, spread: Spread) -> Taught:
        with self._lock:
            held = hold_back(spread.parts, run.study_id, spread.answers.keys())
            sample = Sample(spread.answers, set(held), len(spread.asked(self.chosen(run))), len(spread.material.quotes))
            told = dict.fromkeys(q.quote.transcript_id for q in spread.material.quotes if q.quote.id in spread.answers)
            sheets = [self._sheet(run, transcript_id).only(list(spread.answers)) for transcript_id in told]
            if not sheets:
                raise ModelError(
                    "the language model has tagged none of the quotes from which the others' tags are learned; resume to ask again"
                )
            taught = teach(stacked(sheets), sample, self._values(spread.material), self._hybrid())
            self._taught = ((run.id, run.attempt), taught)
            return taught

    def _confidences(self, run: Run, parts: Sequence[Part]) -> dict[str, float]:
        """How sure the offline tagger is of each quote of these parts."""
        found: dict[str, float] = {}
        for transcript_id in dict.fromkeys(part.transcript_id for part in parts):
            sheet = self._sheet(run, transcript_id)
            found |= {q: tags.confidence for q, tags in zip(sheet.quote_ids, sheet.tags, strict=True)}
        return found

    def _fitted_confidences(self, run: Run, spread: Spread, parts: Sequence[Part]) -> dict[str, float]:
        """The same of the fitted heads."""
        taught = self._teach(run, spread)
        found: dict[str, float] = {}
        for transcript_id in dict.fromkeys(part.transcript_id for part in parts):
            found |= {q: tags.confidence for q, tags in taught.judge(self._sheet(run, transcript_id)).items()}
        return found

    def _sheet(self, run: Run, transcript_id: str) -> Sheet:
        """What the offline tagger makes of a transcript; it has all of it in view, in windows of its own size."""
        key = (run.id, run.attempt)
        with self._lock:
            if self._sheets[0] != key:
                self._sheets = (key, {})
            kept = self._sheets[1]
            if transcript_id not in kept:
                kept[transcript_id] = self._make_sheet(run, transcript_id)
            return kept[transcript_id]

    def _make_sheet(self, run: Run, transcript_id: str) -> Sheet:
        offline = self._hybrid().offline
        with self._store.read() as repo:
            reading = self._windowing.of(repo, run, transcript_id)
            if reading is None:
                raise ModelError("a transcript was erased while the run went on; resume to leave it out")
            cut = windows([q.quote for q in _own(reading)], offline.window_size)
            by_id = reading.material.by_id
            asked = [reading.window([q.id for q in part], self._windowing.encoding(repo, [by_id[q.id] for q in part])) for part in cut]
        values = self._values(reading.material)
        return stacked([sheet_of(window, offline.tag(window), values) for window in asked])

    def _values(self, material: Material) -> dict[str, tuple[str, ...]]:
        return values_of([stage.id for stage in material.stages])

    def _hybrid(self) -> HybridTagger:
        tagger = self._taggers.get(TaggerKind.HYBRID)
        if not isinstance(tagger, HybridTagger):
            raise UsageError("this run needs a language model: set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, then resume it")
        return tagger


def _own(reading: Reading) -> list[Any]:
    return [q for q in reading.material.quotes if q.quote.transcript_id == reading.transcript_id]


def answered(repo: Repositories, run: Run, material: Material) -> dict[str, Tags]:
    """What the language model said of the run's quotes; of one that tags again only what it said in this run."""
    valid = valid_stages(material.stages)
    suggested = repo.reviews.suggestions(run.study_id, QUOTE, run.tagger_key, [q.quote.id for q in material.quotes])
    return {
        q: read_tags({**s.payload, STAGE: valid[s.payload[STAGE]]})
        for q, s in suggested.items()
        if s.source == LLM and s.payload[STAGE] in valid and (s.run_id == run.id or not run.inputs.retag)
    }
