"""Cluster: what quotes are grouped by, groups as a proposal, and a theme's name in the participants' own words."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.domain.themes import ClusterProposal
from app.stages.in_vivo import in_vivo_code
from app.stages.segment.english import ENGLISH
from app.stages.segment.french import FRENCH
from app.stages.segment.german import GERMAN
from app.stages.segment.lexicon import words, words_of
from app.stages.segment.spanish import SPANISH

COMPONENTS = 10
"""Principal components kept: density means little among 384 dimensions (half to nine tenths of the quotes became noise)."""
STAGE_WEIGHT = 1.0
"""Size of the stage beside the wording, whose mean squared length is 1: from here on no theme mixes stages by accident."""
DECIMALS = 5
NOISE = -1

LABEL_PHRASES = 2
MAX_KEYPHRASES = 5
LONGEST_PHRASE = 3
SHORTEST_WORD = 3
BACKGROUND_TEXTS = 2000
MODERATE_WORDS = (8, 45)
_EMPTY = words(
    """
    rang ring ringing rung
    went gone want wanted need needed told tell tells asked ask asks called call calls tried trying looked looking found find finds
    gave give gives given left leave put puts keep kept keeps turned turn turns started start starts stopped stop ended end happened
    happen happens used use using work works worked working talk talked talking spoke speak sat sit sitting stood stand standing
    walked walk bought buy buying paid pay sent send sends wrote write written read reading heard hear hearing thought remember
    remembered forgot show showed shows shown bring brought run ran running help helped helps love loved like liked hate hated hope
    hoped wait waited set move moved change changed open opened opens close closed live lived believe wonder wondered decided decide
    lost lose saying said day days week weeks month months year years hour hours minute minutes second seconds time times morning
    afternoon evening night today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march
    april june july august september october november december two three four five six seven eight nine ten eleven twelve twenty
    thirty forty fifty sixty hundred thousand half couple last next new old good bad nice great big small long short whole full different
    able sure fine happy lovely awful terrible absolutely definitely exactly completely totally suddenly straight away eventually
    finally especially usually normally people person man men woman women bloke guy girl lad lady husband wife mum dad mother father
    son daughter kid kids friend part point side sense idea fact reason bit top bottom middle front word words question answer okay
    please thank thanks course rid whatever thirteen fourteen fifteen sixteen seventeen eighteen nineteen seventy eighty ninety
    quarter pound pounds quid euro euros pence penny cents per cent angry rude loud quiet quick slow dead wrong honest fair average
    whose name number behind certain human according laughed laughing cried crying loads never twice nobody mate yours together
    instead almost nearly enough without every ones later early late earlier soon ago half-past past
    """
)
_STOP = ENGLISH.stop | ENGLISH.fillers | ENGLISH.praise | GERMAN.stop | FRENCH.stop | SPANISH.stop
_INSIDE = re.compile(r"(?<=[\w,;:] )([^\W\d_]{2,}(?:-[^\W\d_]+)*)")
"""A word with another before it in the same sentence."""
MANY_CAPITALS = 0.2
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
"""Mail and web addresses, which never become keyphrases."""
_CLAUSE_END = re.compile(r"[.,;:!?…()\[\]\"“”—–]+")
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeName:
    """An offline name: label, keyphrases best first, and the index of the most telling member (None without vectors)."""

    label: str
    keyphrases: tuple[str, ...]
    telling: int | None = None


def cluster_features(vectors: NDArray[np.float32], stage_keys: Sequence[str]) -> NDArray[np.float32]:
    """A row per quote to cluster by: its vector (n, d) reduced to principal components, and its stage beside it.

    Wording alone groups interview speech next to chance; what people mean by a theme mostly lies within one stage. Rows come out the
    same, rounded to 5 decimals, in whatever order they go in.
    """
    if len(vectors) != len(stage_keys):
        raise ValueError(f"{len(vectors)} vectors but {len(stage_keys)} stages")
    if not len(vectors):
        return np.zeros((0, 0), np.float32)
    wording = _principal(vectors.astype(np.float64))
    known = sorted(set(stage_keys))
    stages = STAGE_WEIGHT * (np.asarray(stage_keys)[:, None] == np.asarray(known)[None, :])
    return np.hstack([wording, stages]).round(DECIMALS).astype(np.float32)


def _principal(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first principal components, scaled so that the mean squared length is 1; zeros where all rows are alike."""
    order = np.lexsort(vectors[:, :4].T)  # sums round by the order of their terms, so that order must not be the caller's
    centred = vectors - vectors[order].mean(axis=0)
    _, axes = np.linalg.eigh(centred[order].T @ centred[order])
    reduced = centred @ axes[:, ::-1][:, : min(COMPONENTS, len(vectors))]
    largest = reduced[np.abs(reduced).argmax(axis=0), np.arange(reduced.shape[1])]
    reduced *= np.where(largest < 0, -1.0, 1.0)  # an axis points either way; its largest entry decides
    scale = math.sqrt(float((reduced[order] ** 2).sum(axis=1).mean()))
    return reduced / scale if scale > 10**-DECIMALS else np.zeros_like(reduced)


def propose(quote_ids: Sequence[str], labels: Sequence[int]) -> ClusterProposal:
    """Groups from a clusterer's raw labels (−1 is noise): largest first, then by first member; members in order of id."""
    groups: dict[int, list[str]] = {}
    for quote_id, label in zip(quote_ids, labels, strict=True):
        groups.setdefault(int(label), []).append(quote_id)
    unplaced = sorted(groups.pop(NOISE, []))
    ordered = sorted((tuple(sorted(group)) for group in groups.values()), key=lambda group: (-len(group), group[0]))
    return ClusterProposal(tuple(ordered), tuple(unplaced))


def label_theme(
    members: Sequence[str], others: Sequence[str], exclude: Collection[str] = (), vectors: NDArray[np.float32] | None = None
) -> ThemeName:
    """Name a theme by what its quotes share and the `others` do not (c-TF-IDF over one to three words, counted once a quote).

    The label is an in-vivo code where a clause holds enough of it, else the strongest phrases.

    `exclude` are names of people, which no label shows. With `vectors`, a row per member, the most telling quote is named too.
    """
    background_texts = _sample(others)
    names = {word for name in exclude for word in words_of(name)} | _proper_names((*members, *background_texts))
    inside, outside = _count(members, names), _count(background_texts, names)
    background = max(1, len(background_texts))
    scores = {
        phrase: _score(phrase, count, len(members), outside[phrase], background)
        for phrase, count in inside.items()
        if _names_something(phrase)
    }
    ranked = sorted(scores, key=lambda phrase: (inside[phrase] == 1, -scores[phrase], phrase))
    chosen: list[Phrase] = []
    for phrase in ranked:
        if len(chosen) == MAX_KEYPHRASES:
            break
        if not any(_overlap(phrase, other) for other in chosen):
            chosen.append(phrase)
    keyphrases = tuple(" ".join(phrase) for phrase in chosen)
    telling = most_telling(members, vectors) if vectors is not None else None
    weights = {phrase[0]: score for phrase, score in scores.items() if len(phrase) == 1 and inside[phrase] > 1}
    label = in_vivo_code(members, weights, names) or ", ".join(keyphrases[:LABEL_PHRASES]) or "Unnamed theme"
    return ThemeName(label[0].upper() + label[1:], keyphrases, telling)


def most_telling(texts: Sequence[str], vectors: NDArray[np.float32]) -> int:
    """Index of the quote nearest the middle of its group, among those of moderate length if there are any; ties by text."""
    low, high = MODERATE_WORDS
    moderate = [i for i, text in enumerate(texts) if low <= len(text.split()) <= high] or list(range(len(texts)))
    ordered = vectors[sorted(range(len(texts)), key=lambda i: (texts[i], i))]
    nearness = (vectors @ ordered.mean(axis=0)).round(DECIMALS)
    return min(moderate, key=lambda i: (-float(nearness[i]), texts[i], i))


def _proper_names(texts: Iterable[str]) -> set[str]:
    """Words that are mostly capitalised inside sentences: people, places and brands that nobody listed.

    None in texts that capitalise much anyway, such as German or all capitals.
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for match in _INSIDE.finditer(text):
            word = match[1]
            (capital if word[0].isupper() else small)[word.lower()] += 1
    if capital.total() > MANY_CAPITALS * (capital.total() + small.total()):
        return set()
    return {word for word, count in capital.items() if count > small[word]}


def _sample(texts: Sequence[str]) -> Sequence[str]:
    """Evenly spaced texts: a background needs no more, and a large study has a theme's worth of labels to make."""
    step = -(-len(texts) // BACKGROUND_TEXTS)
    return texts[::step] if step > 1 else texts


def _count(texts: Iterable[str], names: Collection[str]) -> Counter[Phrase]:
    """In how many texts each run of one to three content words occurs."""
    counts: Counter[Phrase] = Counter()
    for text in texts:
        found: set[Phrase] = set()
        for clause in _CLAUSE_END.split(_ADDRESS.sub(".", text)):
            run: list[str] = []
            for word in words_of(clause):
                run = [*run, word] if _bears_content(word, names) else []
                found.update(tuple(run[-size:]) for size in range(1, min(len(run), LONGEST_PHRASE) + 1))
        counts.update(found)
    return counts


def _bears_content(word: str, names: Collection[str]) -> bool:
    bare = word.removesuffix("'s").removesuffix("’s")
    long_enough = len(word) >= SHORTEST_WORD
    return long_enough and bare not in names and word not in _STOP and not any(c.isdigit() for c in word) and not _contracted(word)


def _contracted(word: str) -> bool:
    return "'" in word or "’" in word


def _names_something(phrase: Phrase) -> bool:
    """Whether it can carry a label: no empty word at either end, no adverb, no number, no stammer."""
    if any(word.endswith("ly") or not _EMPTY.isdisjoint(word.split("-")) for word in phrase):
        return False
    return not any(a == b for a, b in pairwise(phrase))


def _score(phrase: Phrase, count: int, members: int, outside: int, background: int) -> float:
    """c-TF-IDF with smoothed shares; a phrase says more than a word."""
    share, elsewhere = count / members, outside / background
    return share * math.log1p(share / (elsewhere + 1 / (members + background))) * math.sqrt(len(phrase))


def _overlap(a: Phrase, b: Phrase) -> bool:
    """Whether two phrases would repeat each other in one label, plural or not."""
    return bool({word.removesuffix("s") for word in a} & {word.removesuffix("s") for word in b})
