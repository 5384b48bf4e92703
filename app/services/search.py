"""Finding quotes by their words and by what they mean, and finding more like one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.render import Audience
from app.errors import AssetError, InvalidInput
from app.ports import QueryEncoder
from app.services.presenting import ShownQuote
from app.services.privacy import Privacy
from app.services.quotes import FILTERS, MAX_PAGE, read_cursor, study_of_quote
from app.services.search_index import SearchIndexes, Snapshot
from app.services.search_notes import Shown, notes_on, nothing_fits, words_only
from app.services.store import Store
from app.stages.ranking import Order, best, fuse, spread
from app.stages.word_index import Hits, Query, parse, places

Mode = Literal["all", "words", "meaning"]
MODES: tuple[Mode, ...] = ("all", "words", "meaning")
SEARCH_PAGE = 20
MAX_ASKED = 500
"""Characters that may be looked for."""
SEARCH_FILTERS = (*FILTERS, "touchpoint", "persona", "min_confidence", "max_confidence")
NEAREST = 200
"""Quotes that may be found by meaning alone; further ones have little to do with what was asked."""
NEAR = 0.25
"""Cosine from which a quote is near in meaning; of quotes that have nothing to do with what was asked, one in twenty is."""
REMEMBERED = 256
"""Queries whose vectors are kept: a page's next one asks the same again."""
NOT_READY = "not_ready"
NOT_MEASURED = "this quote was not measured by its meaning yet; the next run does that"
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """A quote that was found: where in its text the words stand that were looked for, how near it is in meaning (cosine), and by what."""

    quote: ShownQuote
    places: tuple[tuple[int, int], ...]
    similarity: float | None
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, best first; `next_cursor` is None on the last. `notes` say what was not as asked, in words for people.

    `meaning` is `used`, `not_asked`, or `not_ready` where no quote has a vector yet or the encoder is missing. Where nothing was found for
    the filters, `without` are those of them that stand in the way, each with how many quotes there would be without it, most first; and
    `unfiltered` is how many there would be without any.
    """

    study_id: str
    hits: tuple[Hit, ...]
    total: int
    next_cursor: str | None
    notes: tuple[str, ...]
    meaning: str
    without: tuple[tuple[str, int], ...] = ()
    unfiltered: int | None = None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Rows in order; by row what found it and how near it is."""

    order: Order
    by_words: frozenset[int]
    by_meaning: frozenset[int]
    similarity: Vector | None
    marked: tuple[Query, frozenset[str]] = (Query((), ()), frozenset())
    """What to mark in the text: phrases, and words in the forms that were found."""
    notes: tuple[str, ...] = ()
    meaning: str = "used"


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of what is found is wanted."""

    study_id: str
    start: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """The rows that match every filter."""

    rows: NDArray[np.bool_]
    filters: Mapping[str, str]


class Search:
    """Use cases around finding quotes; indexes are kept in this process and follow what changes in the database."""

    def __init__(self, store: Store, privacy: Privacy, encoder: QueryEncoder) -> None:
        self._store = store
        self._privacy = privacy
        self._indexes = SearchIndexes(privacy, encoder.name)
        self._encode = lru_cache(maxsize=REMEMBERED)(encoder.encode_query)

    def find(
        self,
        study_id: str,
        asked: str,
        *,
        mode: str = MODES[0],
        filters: Mapping[str, str] | None = None,
        cursor: str | None = None,
        limit: int = SEARCH_PAGE,
        audience: Audience = Audience.OWNER,
    ) -> Found:
        """A page of a study's quotes for what was asked, the best first, among those that match every filter (`SEARCH_FILTERS`).

        Words within quotation marks must stand just so. Raises `InvalidInput` for what cannot be asked, `NotFound` for an unknown study.
        """
        asked = asked.strip()
        query = parse(asked)
        if not (query.words or query.phrases):
            raise InvalidInput("say what to look for: one word or more")
        if len(asked) > MAX_ASKED:
            raise InvalidInput(f"a search holds {MAX_ASKED} characters at most, not {len(asked)}")
        if mode not in MODES:
            raise InvalidInput(f"there is no search by “{mode}”; use {', '.join(MODES)}")
        wanted = _checked(filters or {}, limit)
        part = _Part(study_id, read_cursor(cursor), limit)
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        vector = None if mode == "words" else self._vector(asked)
        with self._store.read() as repo:
            index = self._indexes.of(repo, study_id, audience)

        def rank(filters: Mapping[str, str]) -> _Ranked:
            return _rank(index, query, vector, _Fit(index.fits(study_id, filters), filters), mode)

        return _relaxed(_page(index, rank(wanted), part), wanted, rank)

    def similar(
        self,
        quote_id: str,
        *,
        filters: Mapping[str, str] | None = None,
        cursor: str | None = None,
        limit: int = SEARCH_PAGE,
        audience: Audience = Audience.OWNER,
    ) -> Found:
        """Quotes of the same study that mean something alike, nearest first, but among the first five two of one participant at most."""
        wanted = _checked(filters or {}, limit)
        start = read_cursor(cursor)
        with self._store.read() as repo:
            study_id = study_of_quote(repo, quote_id)
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        with self._store.read() as repo:
            index = self._indexes.of(repo, study_id, audience)
        row = index.texts.row_of.get(quote_id)
        if row is None or not index.texts.embedded[row]:
            return Found(study_id, (), 0, None, (NOT_MEASURED,), NOT_READY)
        similarity = index.texts.vectors @ index.texts.vectors[row]

        def rank(filters: Mapping[str, str]) -> _Ranked:
            among = index.fits(study_id, filters) & index.texts.embedded
            among[row] = False
            near = spread(best(similarity, among, NEAREST, NEAR), index.texts.voices)
            notes = (nothing_fits(filters),) if filters and not among.any() else ()
            return _Ranked(near, frozenset(), frozenset(near.tolist()), similarity, notes=notes)

        return _relaxed(_page(index, rank(wanted), _Part(study_id, start, limit)), wanted, rank)

    def forget(self, study_id: str) -> None:
        """Let go of a study's words, as when some of them are erased."""
        self._indexes.forget(study_id)

    @property
    def size(self) -> int:
        """Bytes that the indexes take, about."""
        return self._indexes.size

    def _vector(self, asked: str) -> Vector | None:
        try:
            return self._encode(asked)
        except AssetError:
            return None  # words can be searched all the same, and `doctor` says what is missing


def _page(index: Snapshot, ranked: _Ranked, part: _Part) -> Found:
    after = part.start + part.limit
    hits = []
    for row in ranked.order[part.start : after].tolist():
        quote = index.shown(row)
        near = float(ranked.similarity[row]) if ranked.similarity is not None and index.texts.embedded[row] else None
        by = (*(["words"] if row in ranked.by_words else []), *(["meaning"] if row in ranked.by_meaning else []))
        hits.append(Hit(quote, tuple(places(quote.text, *ranked.marked)), near, by))
    total = len(ranked.order)
    return Found(part.study_id, tuple(hits), total, str(after) if after < total else None, ranked.notes, ranked.meaning)


def _relaxed(found: Found, wanted: Mapping[str, str], rank: Callable[[Mapping[str, str]], _Ranked]) -> Found:
    """The same with which filters to remove, where it is they that leave nothing."""
    if found.total or not wanted:
        return found
    counts = [(name, len(rank({key: value for key, value in wanted.items() if key != name}).order)) for name in wanted]
    helping = tuple(sorted((n for n in counts if n[1]), key=lambda n: (-n[1], n[0])))
    return replace(found, without=helping, unfiltered=len(rank({}).order))


def _checked(filters: Mapping[str, str], limit: int) -> dict[str, str]:
    if unknown := set(filters) - set(SEARCH_FILTERS):
        raise InvalidInput(f"quotes cannot be filtered by “{min(unknown)}”; use {', '.join(SEARCH_FILTERS)}")
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput(f"a page holds 1 to {MAX_PAGE} quotes, not {limit}")
    wanted = {name: str(value) for name, value in filters.items() if value not in {"", None}}
    for name in ("min_confidence", "max_confidence"):
        if name in wanted and not _is_share(wanted[name]):
            raise InvalidInput(f"{name} is a share from 0 to 1, not “{wanted[name]}”")
    return wanted


def _is_share(value: str) -> bool:
    try:
        return 0 <= float(value) <= 1
    except ValueError:
        return False


def _rank(index: Snapshot, query: Query, vector: Vector | None, fit: _Fit, mode: str) -> _Ranked:
    """Quotes in order: by words, by meaning among those that have every phrase, or by both as one."""
    hits, fits = index.texts.words.look_up(query), fit.rows
    nothing = np.zeros(0, np.intp)
    by_words = nothing if mode == "meaning" else best(hits.scores, hits.fit & fits)
    similarity = index.texts.vectors @ vector if vector is not None and index.texts.embedded.any() else None
    by_meaning = nothing if similarity is None else best(similarity, index.texts.embedded & fits & hits.phrased, NEAREST, NEAR)
    whole = len(by_words)
    if mode == "all":
        by_words = _with_partial(hits, fits, by_words)
    shown = Shown(whole, len(by_words), len(by_meaning), _elsewhere(index, hits, fit))
    notes = [] if mode == "meaning" else notes_on(query, hits, shown)
    if fit.filters and not fits.any():
        notes = [nothing_fits(fit.filters)]
    if mode != "words" and similarity is None:
        notes.append(words_only(measured=vector is not None))
    return _Ranked(
        order=by_words if mode == "words" else by_meaning if mode == "meaning" else fuse([by_words, by_meaning]),
        by_words=frozenset(by_words.tolist()),
        by_meaning=frozenset(by_meaning.tolist()),
        similarity=similarity,
        marked=(query, hits.forms),
        notes=tuple(notes),
        meaning="not_asked" if mode == "words" else NOT_READY if similarity is None else "used",
    )


def _with_partial(hits: Hits, fits: NDArray[np.bool_], whole: Order) -> Order:
    """The quotes found by words with the best of those that have only some of them: beside meaning they help, measured on gold themes."""
    some = best(hits.scores, hits.phrased & fits & (hits.scores > 0), NEAREST)
    either = np.zeros(len(fits), np.bool_)
    either[whole] = either[some] = True
    return best(hits.scores, either)


def _elsewhere(index: Snapshot, hits: Hits, fit: _Fit) -> bool:
    """Whether quotes that do not fit the filters have some of the words."""
    return bool(fit.filters) and bool((index.facets.fits({}) & (hits.scores > 0)).any())
