"""Features: what quotes are grouped by: less their wording than what they answer, what is said around them and how they are tagged.

Measured on the gold standard's train part with tags of studies that the tagger had not seen, as adjusted mutual information with the themes
people gave: 0.12 by the wording alone, 0.26 with the tags, 0.45 with the question and the quotes around it. See `benchmarks/themes.py`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REACH = 4
"""Quotes on each side, in the answer to the same question, that count as what is said around a quote."""
ECHO = (0.8, 0.5)
"""What the tags of the next quotes of the talk count, and of those after them: predicted tags are wrong often enough, one by one."""
FEWEST_COMPONENTS, MOST_COMPONENTS, QUOTES_A_COMPONENT, MOST_NUMBERS = 10, 256, 20, 12_800_000
"""Principal components kept: of few quotes hardly more than chance would be left beyond the first ones, of many quotes there is.

Of very many fewer are kept again, so that all rows together hold no more than so many numbers.
"""
SAMPLE, STRETCH = 6_000, 200
"""Quotes that the components are computed from, in evenly spaced stretches of the talks."""
BLOCK = 8_192
"""Quotes that are worked on at a time, so that memory does not grow with a thousand columns a quote."""
GUIDE_SHARE, GUIDE_TALKS = 1 / 3, 3
"""From this share, and number, of the talks on a question put in the same words is the guide's and groups nothing."""
DECIMALS = 5
WORDING, AROUND, QUESTION, GIST, TOUCHPOINT = "wording", "around", "question", "gist", "touchpoint"
STAGE, CHANNEL, EXPERIENCE = "stage", "channel", "experience"
OFFLINE_WEIGHTS = {WORDING: 0.6, AROUND: 0.8, QUESTION: 0.9, STAGE: 0.6, CHANNEL: 0.35, EXPERIENCE: 0.3}
GIST_WEIGHTS = {WORDING: 0.5, AROUND: 1.0, QUESTION: 1.0, GIST: 1.0, TOUCHPOINT: 1.0, STAGE: 0.5, CHANNEL: 0.5, EXPERIENCE: 0.5}
"""Sizes of the parts, of which each has a mean squared length of 1 before; the second where a model wrote gists (and so the tags too)."""

Rows = NDArray[np.float32]
Exact = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clusterable:
    """What is known of a quote besides vectors: where it was said, what it answers, its tags as shown.

    `start` is its offset in its transcript in code points, `asked` that of the question it answers, None where nothing was asked.
    """

    quote_id: str
    transcript_id: str
    start: int
    asked: int | None
    stage: str
    channel: str
    experience: str


def cluster_features(
    quotes: Sequence[Clusterable],
    vectors: Rows,
    questions: Rows | None = None,
    gists: Rows | None = None,
    touchpoints: Rows | None = None,
) -> Rows:
    """A row per quote to cluster by, (n, k), of length 1: principal components of all that is known, each part in its measured size.

    `vectors` (n, d) are the quotes'; `questions`, `gists` and `touchpoints` (n, d) those of the words that the quote answers or that a
    model gave it, zero where there are none. Touchpoints count only beside gists. A quote's row is the same, bit for bit, in whatever
    order quotes come; all rows are zero where nothing tells the quotes apart.
    """
    told = {"vectors": vectors, "questions": questions, "gists": gists, "touchpoints": touchpoints}
    for name, rows in told.items():
        if rows is not None and len(rows) != len(quotes):
            raise ValueError(f"{len(quotes)} quotes but {len(rows)} {name}")
    if not quotes:
        return np.zeros((0, 0), np.float32)
    # sums round by the order of their terms, so that order must not be the caller's
    order = np.array(sorted(range(len(quotes)), key=lambda i: (quotes[i].transcript_id, quotes[i].start, quotes[i].quote_id)), np.intp)
    found = np.zeros((len(quotes), 0), np.float32)
    for block, rows in _reduced(_Talk([quotes[i] for i in order], {name: v[order] for name, v in told.items() if v is not None})):
        if not found.shape[1]:
            found = np.zeros((len(quotes), rows.shape[1]), np.float32)
        found[order[block]] = rows
    return found


class _Talk:
    """Quotes in the order in which they were said, with their vectors by kind; makes the parts of any stretch of them."""

    def __init__(self, quotes: Sequence[Clusterable], vectors: Mapping[str, Rows]) -> None:
        self._vectors = dict(vectors)
        self.weights = GIST_WEIGHTS if "gists" in vectors else OFFLINE_WEIGHTS
        self.talks = _numbered([q.transcript_id for q in quotes])
        self._answers = _numbered([(q.transcript_id, q.asked) for q in quotes])
        self._tags = {field: _numbered([str(getattr(q, field)) for q in quotes]) for field in (STAGE, CHANNEL, EXPERIENCE)}
        if "questions" in vectors:
            self._vectors["questions"][_guide(self._vectors["questions"], self.talks)] = 0

    def __len__(self) -> int:
        return len(self.talks)

    def parts(self, first: int, end: int) -> dict[str, Exact]:
        """Each part's columns for the quotes from `first` up to `end`; a row is zero where a quote has no such thing."""
        named = {WORDING: "vectors", QUESTION: "questions", GIST: "gists", TOUCHPOINT: "touchpoints"}
        found = {part: self._vectors[name][first:end].astype(np.float64) for part, name in named.items() if name in self._vectors}
        found[AROUND] = self._around(first, end)
        echo = () if GIST in found else ECHO
        found |= {field: self._echoed(numbers, first, end, echo) for field, numbers in self._tags.items()}
        return {part: found[part] for part in self.weights if part in found}

    def _around(self, first: int, end: int) -> Exact:
        """Mean vectors of the answer around each quote."""
        low, high = max(0, first - REACH), min(len(self), end + REACH)
        rows = self._vectors["vectors"][low:high].astype(np.float64)
        return _blended(rows, self._answers[low:high], (1.0,) * REACH)[first - low : end - low]

    def _echoed(self, numbers: NDArray[np.intp], first: int, end: int, echo: Sequence[float]) -> Exact:
        """A column a value: the quote's own blended with those of its neighbours in the talk."""
        low, high = max(0, first - len(echo)), min(len(self), end + len(echo))
        columns = np.zeros((high - low, int(numbers.max()) + 1))
        columns[np.arange(high - low), numbers[low:high]] = 1
        return _blended(columns, self.talks[low:high], echo)[first - low : end - low]


def _blended(rows: Exact, groups: NDArray[np.intp], weights: Sequence[float]) -> Exact:
    """The mean of each row and those of its group up to `len(weights)` places off, weighted by how far off they are."""
    blended, total = rows.copy(), np.ones(len(rows))
    for off, weight in enumerate(weights, start=1):
        same = (groups[off:] == groups[:-off]) * weight
        blended[off:] += same[:, None] * rows[:-off]
        blended[:-off] += same[:, None] * rows[off:]
        total[off:] += same
        total[:-off] += same
    return blended / total[:, None]


def _reduced(talk: _Talk) -> Iterator[tuple[slice, Rows]]:
    """Rows of principal components, stretch by stretch."""
    sample = _sample(talk)
    sizes = {part: _size(rows, talk.weights[part]) for part, rows in sample.items()}
    kept = max(min(len(talk) // QUOTES_A_COMPONENT, MOST_COMPONENTS, MOST_NUMBERS // len(talk)), FEWEST_COMPONENTS)
    axes = _axes(_joined(sample, sizes), kept)
    for first in range(0, len(talk), BLOCK):
        block = slice(first, min(first + BLOCK, len(talk)))
        rows = _joined(talk.parts(block.start, block.stop), sizes) @ axes
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        yield block, np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 10.0**-DECIMALS).round(DECIMALS).astype(np.float32)


def _sample(talk: _Talk) -> dict[str, Exact]:
    """The parts of all quotes or, of very many, of evenly spaced stretches."""
    step = -(-len(talk) // SAMPLE)
    stretches = [talk.parts(first, min(first + STRETCH, len(talk))) for first in range(0, len(talk), STRETCH * step)]
    return {part: np.vstack([parts[part] for parts in stretches]) for part in stretches[0]}


def _size(rows: Exact, weight: float) -> tuple[Exact, float]:
    """The mean of the rows that are not zero, and the factor by which what they are beyond it gets its weight."""
    there = rows[rows.any(axis=1)]
    if not len(there):
        return np.zeros(rows.shape[1]), 0.0
    middle: Exact = there.mean(axis=0)
    spread = float(((there - middle) ** 2).sum(axis=1).mean())
    return middle, weight / math.sqrt(spread) if spread > 10.0**-DECIMALS else 0.0


def _joined(parts: Mapping[str, Exact], sizes: Mapping[str, tuple[Exact, float]]) -> Exact:
    """All parts side by side, centred and in their sizes; what a quote does not have stands at the middle."""
    return np.hstack([(rows - sizes[part][0]) * rows.any(axis=1, keepdims=True) * sizes[part][1] for part, rows in parts.items()])


def _axes(rows: Exact, kept: int) -> Exact:
    """The directions along which rows (n, columns) differ most, (columns, `kept` or fewer)."""
    if len(rows) < rows.shape[1]:  # then it is quicker to ask how the rows lie to each other
        spread, own = np.linalg.eigh(rows @ rows.T)
        wide = spread > 10.0**-DECIMALS
        axes: Exact = (rows.T @ (own[:, wide] / np.sqrt(spread[wide])))[:, ::-1][:, :kept]
    else:
        axes = np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :kept]
    largest: Exact = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return axes * np.where(largest < 0, -1.0, 1.0)  # an axis points either way; its largest entry decides


def _guide(questions: Rows, talks: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rows answer a question that is read out, or slipped in ("go on"), in one wording in many talks."""
    asked_in: dict[bytes, set[int]] = {}
    keys = [row.tobytes() for row in questions]
    for key, talk in zip(keys, talks.tolist(), strict=True):
        asked_in.setdefault(key, set()).add(talk)
    enough = max(GUIDE_TALKS, math.ceil(GUIDE_SHARE * (int(talks.max()) + 1)))
    return np.array([len(asked_in[key]) >= enough for key in keys])


def _numbered(values: Sequence[object]) -> NDArray[np.intp]:
    """Each value's number in the order in which values first occur."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.intp)
