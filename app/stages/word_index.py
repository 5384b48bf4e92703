"""Finding texts by their words: folded, in any of the usual endings, rarest first (BM25); phrases stand as they were said."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.bool_]
K1, B = 1.2, 0.75
"""BM25's usual constants: how soon a word said again stops to count, and how far long texts are held back (Robertson & Zaragoza 2009)."""
OTHER_ENDING = 0.8
"""What a word in another ending counts beside the very word."""
EVERYWHERE, FEW = 0.2, 50
"""A word in more than this share of at least so many texts tells little: texts need not have it."""
PREFIX, SHORTEST = 4, 3
"""Letters that two forms of a word share at least, and the shortest word that has another form."""
MAX_CORRECTED = 3
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff])"
_WORD = re.compile(rf"[{_UNSPACED}]+|{_LETTER}+(?:['’]{_LETTER}+)*")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_PHRASE = re.compile(r'"([^"]+)"|[“„”]([^“”„]+)[“”]|«([^«»]+)»|「([^」]+)」')
_ACCENTED_BEFORE = "\u0700"
"""Up to here a mark is an accent or a point that people leave out when they type; further on it is a letter of its own."""
_LISTED_ENDINGS = (
    "s es 's ' e ed d er ers ing ings ies ied ly n en em ern ée és ées ez ons a as o os ado ada ados adas ando iendo ar ir i ie"
)
_LISTED_PAIRED = "t te ten tet et st y end ent ait aient re"
ENDINGS = frozenset(["", *_LISTED_ENDINGS.replace("é", "e").split()])
"""Endings in which forms of one word differ, in the languages that are cut into quotes; not a grammar."""
PAIRED = ENDINGS | frozenset(_LISTED_PAIRED.split())
"""The same with those that say it only beside another ending: “sagen” and “sagt”, but not “star” and “start”."""
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)'(?=\w\w)")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words in any order and ending, and phrases, which must stand just so; all folded."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query comes to, a row a text: BM25 `scores`, the texts that `fit`, and those that have every phrase.

    `whole` says that the texts which fit have all words, rather than only the telling half of them; `corrected` holds what was looked for
    in place of words that no text has, `unknown` the words for which there was nothing; `forms` are the words to mark.
    """

    scores: NDArray[np.float32]
    fit: Rows
    phrased: Rows
    whole: bool
    corrected: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[str, ...]
    forms: frozenset[str]


def fold(word: str) -> str:
    """A word without what people type differently: case, accents, the kind of apostrophe, a French article before it."""
    bare = word.casefold()
    if not bare.isascii():
        flat = unicodedata.normalize("NFKD", bare).replace("’", "'")
        bare = "".join(c for c in flat if not (c < _ACCENTED_BEFORE and unicodedata.category(c) == "Mn"))
        bare = unicodedata.normalize("NFC", bare)
    return _ELIDED.sub("", bare, count=1) if _ELIDED.match(bare) else bare


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Words of a text with the places where they stand, not folded; pairs of letters where a script has no blanks."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        if _IS_UNSPACED.match(text, start) and end - start > 1:
            yield from ((text[at : at + 2], at, at + 2) for at in range(start, end - 1))
        else:
            yield match.group(), start, end


def parse(asked: str) -> Query:
    """What somebody typed: within quotation marks a phrase, and so is a run of letters without blanks; words once each."""
    phrases = [tuple(fold(word) for word, _, _ in tokens(next(filter(None, found.groups())))) for found in _PHRASE.finditer(asked)]
    words: list[str] = []
    for match in _WORD.finditer(_PHRASE.sub(" ", asked)):
        run = [fold(word) for word, _, _ in tokens(match.group())]
        if len(run) > 1:
            phrases.append(tuple(run))
        words += run if len(run) == 1 else []
    return Query(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(p for p in phrases if p)))


def same_word(a: str, b: str) -> bool:
    """Whether two folded words are forms of one word, as far as their endings tell: “price” and “pricing”, not “bill” and “billion”."""
    if a == b:
        return True
    if min(len(a), len(b)) < SHORTEST:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rests = (a[shared:], b[shared:])
    if shared < PREFIX:
        return sorted(rests) in (["", "s"], ["", "'s"])
    allowed = PAIRED if all(rests) else ENDINGS
    return all(rest in allowed or (rest[0] == a[shared - 1] and rest[1:] in ENDINGS) for rest in rests)


def places(text: str, query: Query, forms: frozenset[str]) -> list[tuple[int, int]]:
    """Where in a text the words of `forms` and the query's phrases stand: half-open ranges in order, without overlap."""
    said = [(fold(word), start, end) for word, start, end in tokens(text)]
    found = [(start, end) for word, start, end in said if word in forms]
    for phrase in query.phrases:
        size = len(phrase)
        starts = (at for at in range(len(said) - size + 1) if tuple(word for word, _, _ in said[at : at + size]) == phrase)
        found += [(said[at][1], said[at + size - 1][2]) for at in starts]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class WordIndex:
    """The words of n texts: 8 bytes a word, and each different word once."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the texts in; about 20 µs each."""
        ids: dict[str, int] = {}
        known: dict[str, list[int]] = {}
        sequence: list[int] = []
        ends: list[int] = []
        for text in texts:
            for word in _WORD.findall(text):
                if word not in known:
                    known[word] = [ids.setdefault(fold(part), len(ids)) for part, _, _ in tokens(word)]
                sequence += known[word]
            ends.append(len(sequence))
        self._ids = ids
        self._sequence = np.array(sequence, np.int32)
        self._lengths = np.diff(np.array([0, *ends], np.int64)).astype(np.int32)
        self._row_of = np.repeat(np.arange(len(ends), dtype=np.int32), self._lengths)
        by_word = np.argsort(self._sequence, kind="stable")
        self._rows_by_word = self._row_of[by_word]
        self._bounds = np.searchsorted(self._sequence[by_word], np.arange(len(ids) + 1))

    def __len__(self) -> int:
        return len(self._lengths)

    @property
    def size(self) -> int:
        """Bytes held, about."""
        letters = sum(map(len, self._ids))
        return (
            int(self._sequence.nbytes + self._row_of.nbytes + self._rows_by_word.nbytes + self._bounds.nbytes)
            + letters
            + 120 * len(self._ids)
        )

    def look_up(self, query: Query) -> Hits:
        """Score every text for the query; see `Hits`."""
        n = len(self)
        groups, corrected, unknown = self._groups(query.words)
        phrased = self._phrased(query.phrases)
        counts = [self._counted(group) for group in groups]
        weights = [self._weight(count) for count in counts]
        scores = np.zeros(n, np.float32)
        for count, weight in zip(counts, weights, strict=True):
            scores += weight * self._saturated(count)
        for phrase in query.phrases:
            for word in phrase:
                count = self._counted({word: 1.0} if word in self._ids else {})
                scores += np.where(phrased, self._weight(count) * self._saturated(count), 0)
        telling = [i for i, count in enumerate(counts) if n < FEW or (count > 0).mean() <= EVERYWHERE] or list(range(len(counts)))
        whole, fit = self._fit([counts[i] for i in telling], [weights[i] for i in telling], phrased)
        if not (groups or query.phrases):
            fit = np.zeros(n, np.bool_)
        forms = frozenset(word for i in telling for word in groups[i])
        return Hits(scores, fit, phrased, whole and not unknown, tuple(corrected), tuple(unknown), forms)

    @staticmethod
    def _fit(counts: list[NDArray[np.float32]], weights: list[float], phrased: Rows) -> tuple[bool, Rows]:
        """The texts that have all words; where none has, those that have half of what the words weigh, or else as much as any has."""
        if not counts:
            return True, phrased
        every: Rows = phrased & np.logical_and.reduce([count > 0 for count in counts])
        if every.any():
            return True, every
        had = np.add.reduce([weight * (count > 0) for count, weight in zip(counts, weights, strict=True)])
        bar = min(sum(weights) / 2, had.max(where=phrased, initial=0))
        return False, phrased & (had >= bar) & (had > 0)

    def _groups(self, words: Sequence[str]) -> tuple[list[dict[str, float]], list[tuple[str, tuple[str, ...]]], list[str]]:
        """By word what counts as it, and how much; then words that were taken for others, and those that are nowhere."""
        groups, corrected, unknown = [], [], []
        for word in words:
            forms = self._forms(word)
            if not forms and (meant := self._meant(word)):
                corrected.append((word, meant))
                forms = {form: weight for other in meant for form, weight in self._forms(other).items()}
            if forms:
                groups.append(forms)
            else:
                unknown.append(word)
        return groups, corrected, unknown

    def _forms(self, word: str) -> dict[str, float]:
        """Words that count as this one, and how much: other endings; for a single letter of a script without blanks its pairs."""
        if _IS_UNSPACED.fullmatch(word):
            forms = {other: 1.0 for other in self._ids if word in other}
        elif len(word) >= SHORTEST:
            forms = {other: OTHER_ENDING for other in self._beginning(word[:SHORTEST]) if same_word(word, other)}
        else:
            forms = {}
        return forms | ({word: 1.0} if word in self._ids else {})

    def _meant(self, word: str) -> tuple[str, ...]:
        """What a word that is nowhere may stand for: one letter off, or the beginning of it; most frequent first."""
        if len(word) < PREFIX:
            return ()
        near = [other for other in _one_off(word, self._letters) if other in self._ids]
        near = near or list(self._beginning(word))
        frequent = sorted(set(near), key=lambda other: (-self._frequency(other), other))
        return tuple(frequent[:MAX_CORRECTED])

    def _beginning(self, prefix: str) -> Iterator[str]:
        at = bisect_left(self._sorted, prefix)
        while at < len(self._sorted) and self._sorted[at].startswith(prefix):
            yield self._sorted[at]
            at += 1

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._ids)

    @cached_property
    def _letters(self) -> str:
        """The letters that words here are made of, but for those of scripts with thousands."""
        return "".join(sorted({c for word in self._ids for c in word if not _IS_UNSPACED.match(c)}))

    def _frequency(self, word: str) -> int:
        number = self._ids[word]
        return int(self._bounds[number + 1] - self._bounds[number])

    def _counted(self, group: dict[str, float]) -> NDArray[np.float32]:
        """How often each text has a word of the group, weighed."""
        count = np.zeros(len(self), np.float32)
        for word, weight in group.items():
            number = self._ids[word]
            rows = self._rows_by_word[self._bounds[number] : self._bounds[number + 1]]
            count += np.bincount(rows, minlength=len(self)) * np.float32(weight)
        return count

    def _weight(self, count: NDArray[np.float32]) -> float:
        having = int((count > 0).sum())
        return float(np.log1p((len(self) - having + 0.5) / (having + 0.5)))

    def _saturated(self, count: NDArray[np.float32]) -> NDArray[np.float32]:
        shown: NDArray[np.float32] = count * np.float32(K1 + 1) / (count + self._held_back)
        return shown

    @cached_property
    def _held_back(self) -> NDArray[np.float32]:
        mean = max(float(self._lengths.mean()), 1.0) if len(self) else 1.0
        return (K1 * (1 - B + B * self._lengths / mean)).astype(np.float32)

    def _phrased(self, phrases: Sequence[tuple[str, ...]]) -> Rows:
        has = np.ones(len(self), np.bool_)
        for phrase in phrases:
            has &= self._has(phrase)
        return has

    def _has(self, phrase: tuple[str, ...]) -> Rows:
        """The texts in which these words follow each other."""
        has = np.zeros(len(self), np.bool_)
        last = len(self._sequence) - len(phrase)
        if last < 0 or any(word not in self._ids for word in phrase):
            return has
        found = np.ones(last + 1, np.bool_)
        for at, word in enumerate(phrase):
            found &= self._sequence[at : at + last + 1] == self._ids[word]
        starts = np.flatnonzero(found)
        rows = self._row_of[starts]
        has[rows[rows == self._row_of[starts + len(phrase) - 1]]] = True
        return has


def _one_off(word: str, letters: str) -> Iterator[str]:
    """Every word that is one slip of the finger away: a letter left out, doubled, swapped with its neighbour or taken for another."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]
