"""Naming: what a theme is called, in the participants' own words, and the phrases that set it apart."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from app.domain.tags import Experience
from app.stages.in_vivo import MOST, clauses_of, fitness, holds_name
from app.stages.phrases import Phrase, Phrases, choose, is_number, is_word, names_something, phrases_in, proper_names, spell, tells
from app.stages.segment.lexicon import words_of
from app.stages.telling import shorten, telling_sentence

DECIMALS = 5
MAX_KEYPHRASES = 5
LABEL_PHRASES = 2
SEVERAL = 3
"""From so many quotes on, a phrase that only one of them holds does not speak for them."""
BACKGROUND_TEXTS = 4000
"""So many texts, evenly spaced, are enough to tell what is common in a study."""
MEMBER_TEXTS = 200
"""So many of a theme's quotes, the most central, are read for its name."""
UNNAMED = "Unnamed theme"
CANDIDATES = 60
"""So many phrases, those that tell most, are looked at for their meaning."""
CLAUSE_TEXTS = 24
"""So many of them are searched for a label."""
_OPPOSITE = {Experience.PAIN.value: Experience.DELIGHT.value, Experience.DELIGHT.value: Experience.PAIN.value}
_ALONE = 0.6
"""What a word is worth that only one person says, or a clause that hangs on one word."""
_FLOOR = 0.02
"""What a clause is worth that holds nothing of what quotes share: where they share nothing, one that reads well still names them."""
_AGAINST, _BESIDE = 0.3, 0.9
"""What a clause is worth from a quote that feels the opposite of most, or nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as naming reads it: its words, who said it, in which language, and whether it was a pain, a delight or neither."""

    text: str
    who: str = ""
    language: str = "en"
    experience: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeName:
    """An offline name: a label and keyphrases, best first."""

    label: str
    keyphrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the quotes of a theme share: how often each phrase occurs in them, and how much it tells of them (0 and more)."""

    counts: Mapping[Phrase, int]
    tells: Mapping[Phrase, float]
    weights: Mapping[Phrase, float]
    """What tells of the theme wherever it stands, 0 to 1: single words that more than one quote holds."""


class Namer:
    """Names themes of one study; what all its quotes say is read once.

    `vectors` (n, d) hold a row of unit length per quote and let words of like meaning count together; `exclude` are names of people,
    which no label shows. The order of quotes changes nothing.
    """

    def __init__(self, said: Sequence[Said], vectors: NDArray[np.float32] | None = None, exclude: Collection[str] = ()) -> None:
        self._said = said
        self._rank = {i: rank for rank, i in enumerate(sorted(range(len(said)), key=lambda i: (said[i].text, said[i].who)))}
        background = list(self._rank)[:: max(1, -(-len(said) // BACKGROUND_TEXTS))]
        self._background = frozenset(background)
        self._names = {word for name in exclude for word in words_of(name)} | proper_names(said[i].text for i in background)
        self._finder = Phrases(self._names)
        self._held = {i: self._finder.of(said[i].text, said[i].language) for i in background}
        self._counts = Counter(phrase for held in self._held.values() for phrase in held)
        self._space = _Space.of(self._held, vectors) if vectors is not None and len(said) else None

    def name(self, members: Sequence[int]) -> ThemeName:
        """Name the theme that these quotes (places in what was said) make up.

        The label is a clause that holds most of what the quotes share and others do not, word for word, from somebody who feels as most
        of them do; where no clause will do, phrases that they share.
        """
        ordered = sorted(members, key=self._rank.__getitem__)
        centre = self._space.centre_of(ordered) if self._space else None
        near = self._space.nearness(ordered, centre) if self._space and centre is not None else dict.fromkeys(ordered, 1.0)
        read = sorted(ordered, key=lambda i: (-near[i], self._rank[i]))[:MEMBER_TEXTS]
        shared = self._shared(read, ordered)
        keyphrases = self._keyphrases(shared, centre, few=len(read) < SEVERAL)
        clause = self._clause(read[:CLAUSE_TEXTS], shared, centre, near)
        label = clause or ", ".join(keyphrases[:LABEL_PHRASES]) or self._sentence(read) or UNNAMED
        return ThemeName(label[0].upper() + label[1:], keyphrases)

    def _phrases(self, i: int) -> frozenset[Phrase]:
        held = self._held.get(i)
        return self._finder.of(self._said[i].text, self._said[i].language) if held is None else held

    def _shared(self, read: Sequence[int], members: Sequence[int]) -> _Shared:
        counts: Counter[Phrase] = Counter()
        known: Counter[Phrase] = Counter()
        people: dict[Phrase, set[str]] = {}
        for i in read:
            found = self._phrases(i)
            counts.update(found)
            if i in self._background:
                known.update(found)
            for phrase in found:
                people.setdefault(phrase, set()).add(self._said[i].who)
        background = max(1, len(self._background) - len(self._background.intersection(members)))
        several = len({self._said[i].who for i in read}) > 1
        told = {
            p: tells(p, n, len(read), self._counts[p] - known[p], background) * (_ALONE if several and len(people[p]) == 1 else 1.0)
            for p, n in counts.items()
        }
        weights = {p: told[p] for p, n in counts.items() if n > 1 and is_word(p) and not is_number(p[0]) and not p[0].endswith("ly")}
        most = max(weights.values(), default=1.0)
        return _Shared(counts, told, {p: w / most for p, w in weights.items()})

    def _keyphrases(self, shared: _Shared, centre: NDArray[np.float64] | None, *, few: bool) -> tuple[str, ...]:
        """Phrases that more than one quote holds, by what they tell and how near they are to what the theme is about.

        Where there are but a `few` quotes, and nothing in common, any phrase will do.
        """
        named = [p for p in shared.counts if names_something(p)]
        often = [p for p in named if shared.counts[p] > 1]
        ranked = sorted(often or (named if few else []), key=lambda p: (-shared.tells[p], p))[:CANDIDATES]
        if self._space and centre is not None:
            worth = {p: round(shared.tells[p] * (0.5 + self._space.likeness(p, centre)), DECIMALS) for p in ranked}
            ranked.sort(key=lambda p: (-worth[p], p))
        return tuple(spell(p) for p in choose(ranked, MAX_KEYPHRASES, shared.counts))

    def _clause(self, members: Sequence[int], shared: _Shared, centre: NDArray[np.float64] | None, near: Mapping[int, float]) -> str | None:
        """The best clause of these quotes; None where none reads alone."""
        felt = Counter(self._said[i].experience for i in members)
        most = min((e for e in felt if e), key=lambda e: (-felt[e], e), default=None)
        best: tuple[float, str] | None = None
        for i in members:
            said = self._said[i]
            worth = (0.7 + 0.3 * near[i]) * _agrees(said.experience, most)
            for clause in clauses_of(said.text):
                if holds_name(clause, self._names):
                    continue
                score = round(worth * fitness(clause, said.language) * self._tells_of(clause, said.language, shared, centre), DECIMALS)
                if score > 0 and (best is None or (score, clause) > best):
                    best = (score, clause)
        return best[1] if best else None

    def _sentence(self, members: Sequence[int]) -> str | None:
        """The beginning of what the first of them said that has something to say and names nobody."""
        said = (self._said[i].text for i in members if self._phrases(i))
        cut = (shorten(telling_sentence(text), MOST).strip(".") for text in said)
        return next((sentence for sentence in cut if sentence and not holds_name(sentence, self._names)), None)

    def _tells_of(self, clause: str, language: str, shared: _Shared, centre: NDArray[np.float64] | None) -> float:
        """How much a clause says of what the theme's quotes share, in their words and in words of like meaning."""
        held = phrases_in(clause, language)
        told = [shared.weights[p] for p in held if p in shared.weights]
        wording = min(1.5, sum(told)) * (_ALONE if len(told) == 1 else 1.0)
        if self._space is None or centre is None:
            return _FLOOR + wording
        return _FLOOR + 0.6 * wording + 1.2 * self._space.meaning_of(held, centre)


class _Space:
    """What words mean in a study: the mean of the vectors of quotes that hold them, less what all quotes have in common."""

    def __init__(self, vectors: NDArray[np.float32], common: NDArray[np.float64], words: Mapping[Phrase, NDArray[np.float32]]) -> None:
        self._vectors = vectors
        self._common = common
        self._words = words

    @classmethod
    def of(cls, held: Mapping[int, frozenset[Phrase]], vectors: NDArray[np.float32]) -> "_Space":
        """Meanings of the words that rows of `vectors` hold; a rare word weighs more."""
        common = vectors[list(held)].astype(np.float64).mean(axis=0)
        holders: dict[Phrase, list[int]] = {}
        for row, found in held.items():
            for phrase in found:
                if is_word(phrase):
                    holders.setdefault(phrase, []).append(row)
        words = {}
        for phrase, where in holders.items():
            mean = vectors[where].astype(np.float64).mean(axis=0) - common
            words[phrase] = (_unit(mean) * math.log1p(len(held) / len(where))).astype(np.float32)
        return cls(vectors, common, words)

    def centre_of(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """What these quotes are about, beside all others; unit length."""
        return _unit(self._vectors[list(rows)].astype(np.float64).mean(axis=0) - self._common)

    def nearness(self, rows: Sequence[int], centre: NDArray[np.float64]) -> dict[int, float]:
        """How near each of these quotes is to the centre, from 0 (the farthest) to 1 (the nearest)."""
        near = (self._vectors[list(rows)].astype(np.float64) @ centre).round(DECIMALS)
        low, span = near.min(initial=math.inf), np.ptp(near) if len(near) else 0.0
        return {row: float((value - low) / span) if span else 1.0 for row, value in zip(rows, near, strict=True)}

    def meaning_of(self, held: Iterable[Phrase], centre: NDArray[np.float64]) -> float:
        """Cosine of the words' common meaning to the centre, 0 at least."""
        known = [self._words[p] for p in held if p in self._words]
        return max(0.0, float(_unit(np.sum(known, axis=0, dtype=np.float64)) @ centre)) if known else 0.0

    def likeness(self, phrase: Phrase, centre: NDArray[np.float64]) -> float:
        """The same for the words of a phrase."""
        return self.meaning_of([phrase] if phrase in self._words else [(word,) for word in phrase], centre)


def _agrees(experience: str | None, most: str | None) -> float:
    if experience is None or most is None or experience == most:
        return 1.0
    return _AGAINST if experience == _OPPOSITE.get(most) else _BESIDE


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 10**-DECIMALS else np.zeros_like(vector)


def own_label(name: ThemeName, taken: Collection[str]) -> str:
    """A name that none of `taken` has: the label, else keyphrases of its own, and a number only where all words are taken."""
    used = {label.casefold() for label in taken}
    phrases = [", ".join(name.keyphrases[:n]) for n in range(min(LABEL_PHRASES, len(name.keyphrases)), 1, -1)]
    words = (phrase[0].upper() + phrase[1:] for phrase in (*phrases, *name.keyphrases) if phrase)
    numbered = (f"{name.label} ({n})" for n in count(2))
    return next(label for label in chain([name.label], words, numbered) if label.casefold() not in used)


def label_theme(members: Sequence[str], others: Sequence[str], exclude: Collection[str] = ()) -> ThemeName:
    """Name one theme by its texts beside all others, where nothing but words is known; a study's themes are quicker by one `Namer`."""
    namer = Namer([Said(text) for text in (*members, *others)], exclude=exclude)
    return namer.name(range(len(members)))
