"""A study's quotes in memory, ready to be searched: words, vectors and tags, each made again only when what it rests on has changed."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from app.db.repositories import Repositories
from app.db.repositories.search import Stamp
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Role
from app.domain.quote import State
from app.domain.render import Audience
from app.domain.stages import stage_called
from app.services.book import DECIDED as OF_BOOKS
from app.services.book import load_book, load_placements
from app.services.material import QUOTE, Judged, judge, load_judged, valid_stages
from app.services.presenting import Presenter, ShownQuote, state_now
from app.services.privacy import Privacy
from app.services.quotes import show_left_out
from app.stages.word_index import WordIndex

ROOM_BYTES = 600_000_000
"""What the indexes of all studies may take together; the one in use always stays."""
ROW_BYTES = 1500
"""About what is known of a quote beside its words and its vector: its place, its tags, the filters it fits."""
Rows = NDArray[np.bool_]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is searched, a row a quote in the order of files and places; behind them the sentences that are no quotes (`skipped`).

    `vectors` (n, d) are zero where there are none (`embedded` says where), also for words that this audience does not read as they were
    said: nearness to what is hidden would tell what it is. `voices` is whose each row is.
    """

    ids: tuple[str, ...]
    quotes: tuple[StoredQuote, ...]
    skipped: tuple[ShownQuote, ...]
    voices: tuple[str, ...]
    words: WordIndex
    vectors: NDArray[np.float32]
    embedded: Rows
    row_of: Mapping[str, int]
    letters: int

    @property
    def size(self) -> int:
        """Bytes held, about, with what is known of each row beside."""
        return self.words.size + self.vectors.nbytes + self.letters + len(self.ids) * ROW_BYTES


@dataclass(frozen=True, slots=True)
class Facets:
    """By filter and value the rows that have it, and how sure the tags of each row are (n), not a number where there are none."""

    rows: Mapping[str, Mapping[str, NDArray[np.int32]]]
    confidence: NDArray[np.float32]

    def fits(self, wanted: Mapping[str, str]) -> Rows:
        """The rows that have every value; quotes only, unless the state `skipped` is asked for."""
        fit = np.ones(len(self.confidence), np.bool_)
        if wanted.get("state") != State.SKIPPED:
            fit[self.rows["state"].get(State.SKIPPED, np.zeros(0, np.int32))] = False
        for name, value in wanted.items():
            if name == "min_confidence":
                fit &= self.confidence >= float(value)
            elif name == "max_confidence":
                fit &= self.confidence <= float(value)
            else:
                has = np.zeros(len(fit), np.bool_)
                has[self.rows.get(name, {}).get(value.casefold() if name == "touchpoint" else value, np.zeros(0, np.int32))] = True
                fit &= has
        return fit


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one search needs, and what it shows; nothing of it asks the database again."""

    texts: Texts
    facets: Facets
    show: Presenter
    judged: Mapping[str, Judged]
    themes: Mapping[str, tuple[str, ...]]
    """By quote its theme and the themes around that."""
    states: Mapping[str, str]
    """What became of each quote when the map was drawn."""

    def fits(self, study_id: str, wanted: Mapping[str, str]) -> Rows:
        """The rows that have every value; a stage may also be called by what was merged into it."""
        called = stage_called(study_id, self.show.stages, wanted["stage"]) if "stage" in wanted else None
        return self.facets.fits({**wanted, "stage": called} if called else wanted)

    def shown(self, row: int) -> ShownQuote:
        """A row as its audience may read it."""
        stored = self.texts.quotes
        if row >= len(stored):
            return self.texts.skipped[row - len(stored)]
        quote = self.texts.ids[row]
        theme = next(iter(self.themes.get(quote, ())), None)
        return self.show.show_judged(stored[row], self.judged.get(quote, Judged()), theme, self.states)


class _Shelf(NamedTuple):
    """One study's parts by name, each with the key under which it is true; `lock` lets one thread make them."""

    parts: dict[str, tuple[Any, Any]]
    lock: Lock


@dataclass(slots=True)
class SearchIndexes:
    """Indexes by study and audience; the ones that were not used for longest go when there is no room."""

    privacy: Privacy
    model: str
    """Whose vectors are compared."""
    room_bytes: int = ROOM_BYTES
    _shelves: OrderedDict[tuple[str, Audience], _Shelf] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, repo: Repositories, study_id: str, audience: Audience) -> Snapshot:
        """A study's index as things stand; raises `NotFound`."""
        repo.studies.get(study_id)
        stamp = repo.search.stamp(study_id)
        with self._lock:
            shelf = self._shelves.setdefault((study_id, audience), _Shelf({}, Lock()))
            self._shelves.move_to_end((study_id, audience))
        with shelf.lock:
            made = _Making(repo, study_id, stamp, shelf.parts)
            snapshot = made.snapshot(self.privacy, self.model, audience)
        self._make_room()
        return snapshot

    def forget(self, study_id: str) -> None:
        """Let go of a study's words, as when some of them are erased."""
        with self._lock:
            for key in [key for key in self._shelves if key[0] == study_id]:
                del self._shelves[key]

    @property
    def size(self) -> int:
        """Bytes held by all indexes, about."""
        return sum(cast("Texts", shelf.parts["texts"][1]).size for shelf in list(self._shelves.values()) if "texts" in shelf.parts)

    def _make_room(self) -> None:
        with self._lock:
            while len(self._shelves) > 1 and self.size > self.room_bytes:
                self._shelves.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Making:
    """One look at a study: each part is taken from the shelf where its key is still the same, and made where not."""

    repo: Repositories
    study_id: str
    stamp: Stamp
    parts: dict[str, tuple[Any, Any]]

    def part(self, name: str, key: Any, make: Callable[[], Made]) -> Made:
        """The part of this name as it is for this key."""
        there = self.parts.get(name)
        if there is None or there[0] != key:
            self.parts[name] = there = (key, make())
        return cast("Made", there[1])

    def snapshot(self, privacy: Privacy, model: str, audience: Audience) -> Snapshot:
        """Every part, as things stand."""
        s = self.stamp
        hidden = privacy.of(self.repo, self.study_id, audience)
        mark = None if hidden.raw else hidden.mark
        show = self.part("show", (s.texts, s.people, s.stages, mark), lambda: self._show(privacy, audience))
        texts = self.part("texts", (s.texts, mark), lambda: _load_texts(self.repo, self.study_id, show, model))
        states = self.part("states", s.drawn, self._states)
        tagged = self.part("tagged", (s.tags, s.stages), self._tagged)
        moved = tuple(d for d in s.decided if d[0] in OF_BOOKS)
        themes = self.part("themes", (s.themes, moved, s.drawn, s.tags), self._themes)
        judged = self.part("judged", (s.tags, s.stages, s.decided), lambda: self._judged(tagged))
        keys = {stage: key for stage, key, _ in s.stages}
        facets = self.part("facets", (s, mark), lambda: _Sorting(texts, judged, states, themes, self._people()).facets(keys))
        return Snapshot(texts, facets, show, judged, themes, states)

    def _show(self, privacy: Privacy, audience: Audience) -> Presenter:
        show = Presenter(self.repo, self.study_id, None, privacy, audience)
        show.load(show.transcripts)
        return show

    def _states(self) -> Mapping[str, str]:
        if self.stamp.version_id is None:
            return {}
        return self.repo.maps.states(self.stamp.version_id)

    def _tagged(self) -> Mapping[str, Judged]:
        """What the run's tagger said of each quote."""
        if self.stamp.tagger_key is None:
            return {}
        valid = valid_stages(self.repo.studies.stages(self.study_id))
        said = self.repo.search.suggestions(self.study_id, QUOTE, self.stamp.tagger_key)
        return {q: judge(suggestion, (), valid) for q, suggestion in said.items()}

    def _judged(self, tagged: Mapping[str, Judged]) -> Mapping[str, Judged]:
        """The same with what people decided laid over it."""
        decided = list(self.repo.reviews.decisions(self.study_id, QUOTE))
        stages = self.repo.studies.stages(self.study_id)
        return {**tagged, **load_judged(self.repo, self.study_id, self.stamp.tagger_key, decided, stages)} if decided else tagged

    def _themes(self) -> Mapping[str, tuple[str, ...]]:
        """By quote its theme and the themes around that."""
        if self.stamp.run_id is None:
            return {}
        run = self.repo.runs.bare(self.stamp.run_id)
        book = load_book(self.repo, self.study_id, run.tagger_key)
        return {q: book.around(placed.theme_id) for q, placed in load_placements(self.repo, run, book).items()}

    def _people(self) -> Mapping[str, tuple[str, ...]]:
        """By participant the names under which a filter may know them: id, pseudonym; then their personas, by id and name."""
        names = {p.id: p.name for p in self.repo.people.personas(self.study_id)}
        return {
            p.id: (p.pseudonym, *(name for persona in p.persona_ids for name in (persona, names.get(persona, persona))))
            for p in self.repo.people.participants(self.study_id, speaking=False)
        }


def _load_texts(repo: Repositories, study_id: str, show: Presenter, model: str) -> Texts:
    quotes = [q for q in repo.search.quotes(study_id) if show.speakers[q.speaker_id].role == Role.PARTICIPANT]
    views = {t: show.view(t) for t in show.transcripts}
    said = [views[q.quote.transcript_id].cut(q.quote.span) for q in quotes]
    skipped = show_left_out(repo, show)
    ids = (*(q.quote.id for q in quotes), *(q.id for q in skipped))
    row_of = {quote: row for row, quote in enumerate(ids)}
    verbatim = [said[row] == q.quote.span.cut(views[q.quote.transcript_id].text) for row, q in enumerate(quotes)]
    vectors, embedded = _load_vectors(repo.search.vectors(study_id, model), row_of, verbatim, len(ids))
    return Texts(
        ids=ids,
        quotes=tuple(quotes),
        skipped=tuple(skipped),
        voices=(*(show.speakers[q.speaker_id].participant_id or "" for q in quotes), *(q.participant_id for q in skipped)),
        words=WordIndex([*said, *(q.text for q in skipped)]),
        vectors=vectors,
        embedded=embedded,
        row_of=row_of,
        letters=sum(len(view.text) for view in views.values()),
    )


def _load_vectors(
    found: Iterable[tuple[str, bytes]], row_of: Mapping[str, int], verbatim: Sequence[bool], rows: int
) -> tuple[NDArray[np.float32], Rows]:
    vectors: NDArray[np.float32] = np.zeros((0, 0), np.float32)
    embedded = np.zeros(rows, np.bool_)
    for quote, stored in found:
        row = row_of.get(quote)
        if row is not None and verbatim[row]:
            vector = np.frombuffer(stored, np.float32)
            if not len(vectors):
                vectors = np.zeros((rows, len(vector)), np.float32)
            vectors[row] = vector
            embedded[row] = True
    return vectors, embedded


@dataclass(frozen=True, slots=True)
class _Sorting:
    """Sorts rows by what filters may ask of them."""

    texts: Texts
    judged: Mapping[str, Judged]
    states: Mapping[str, str]
    themes: Mapping[str, tuple[str, ...]]
    people: Mapping[str, tuple[str, ...]]

    def facets(self, keys: Mapping[str, str]) -> Facets:
        """Facets of every row; `keys` of stages by id."""
        sorted_rows: dict[str, dict[str, list[int]]] = {"state": {}}
        confidence = np.full(len(self.texts.ids), np.nan, np.float32)
        for row, quote in enumerate(self.texts.ids):
            for name, value in self._values(row, quote, keys):
                sorted_rows.setdefault(name, {}).setdefault(value, []).append(row)
            if (judged := self.judged.get(quote)) and judged.tags:
                confidence[row] = judged.tags.confidence
        return Facets({name: {v: np.array(r, np.int32) for v, r in by.items()} for name, by in sorted_rows.items()}, confidence)

    def _values(self, row: int, quote: str, keys: Mapping[str, str]) -> list[tuple[str, str]]:
        person, pseudonym, *personas = (self.texts.voices[row], *self.people.get(self.texts.voices[row], ("",)))
        values = [("participant", person), ("participant", pseudonym)]
        values += [("persona", name) for name in dict.fromkeys(personas)]
        quotes = self.texts.quotes
        if row >= len(quotes):
            return [*values, ("transcript", self.texts.skipped[row - len(quotes)].transcript_id), ("state", State.SKIPPED.value)]
        values.append(("transcript", quotes[row].quote.transcript_id))
        judged = self.judged.get(quote, Judged())
        values += [("theme", theme) for theme in self.themes.get(quote, ())]
        values.append(("state", state_now(self.states.get(quote), tagged=judged.tags is not None)))
        values += [
            ("review", name) for name in (("reviewed", "corrected" if judged.corrected else "confirmed") if judged.decided else ("open",))
        ]
        if tags := judged.tags:
            values += [("stage", tags.stage), ("stage", keys.get(tags.stage, tags.stage))] if tags.stage in keys else [("stage", "none")]
            values += [("channel", tags.channel), ("kind", tags.kind), ("emotion", tags.emotion), ("experience", tags.experience)]
            values += [("touchpoint", tags.touchpoint.casefold())] if tags.touchpoint else []
        return values
