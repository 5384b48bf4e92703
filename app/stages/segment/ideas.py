"""Sentences of a turn into quotes of one idea: the cheapest grouping by length, cues and shared words."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from app.stages.segment.judge import Lead, Sentence, stands

MOST_SENTENCES = 4
SHORTEST, EASY, LONGEST = 15, 30, 60
"""Words a quote should have: below the first and above the last it costs much, above the second a little."""
FRAGMENT = 30
"""What it costs to leave something that means nothing by itself."""
LEADS = {Lead.SHIFT: -9, Lead.ONWARD: 1, Lead.PLAIN: 2, Lead.CONTINUING: 9}
"""What it costs to start a quote with such a sentence."""
SHARED, MOST_SHARED = 3, 9
"""What it costs to part sentences, for each word they share, and at most."""
ABRUPT = 4
"""Sentences of so few words lean on their neighbours."""


def group_ideas(sentences: Sequence[Sentence]) -> Iterator[range]:
    """Ranges of sentences that make one quote each, in order; what is in no range is a filler at an edge or a fragment.

    `sentences` is a run: content with fillers, nothing else. Costs are whole numbers, so every machine groups alike;
    time grows with the number of sentences.
    """
    items = [i for i, sentence in enumerate(sentences) if sentence.skip is None]
    best, back = [0], [0]
    sums = _Sums(sentences)
    for end in range(1, len(items) + 1):
        costs = [
            (best[start] + _cost(sentences, sums, items, start, end), start)
            for start in range(end - 1, max(-1, end - 1 - MOST_SENTENCES), -1)
            if start == end - 1 or items[end - 1] - items[start] < MOST_SENTENCES
        ]
        cost, start = min(costs)
        best.append(cost)
        back.append(start)
    groups: list[range] = []
    end = len(items)
    while end:
        groups.append(range(items[back[end]], items[end - 1] + 1))
        end = back[end]
    return (group for group in reversed(groups) if sums.stands(group))


class _Sums:
    """Words of any range of sentences, by differences."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._words = [0, *accumulate(s.words for s in sentences)]
        self._said = [0, *accumulate(s.said for s in sentences)]
        self._content = [0, *accumulate(s.content for s in sentences)]

    def words(self, group: range) -> int:
        return self._words[group.stop] - self._words[group.start]

    def stands(self, group: range) -> bool:
        return stands(self._content[group.stop] - self._content[group.start], self._said[group.stop] - self._said[group.start])


def _cost(sentences: Sequence[Sentence], sums: _Sums, items: Sequence[int], start: int, end: int) -> int:
    """Cost of making items start … end - 1 one quote, the boundary before it included."""
    group = range(items[start], items[end - 1] + 1)
    cost = _length_cost(sums.words(group), end - start) + (0 if sums.stands(group) else FRAGMENT)
    return cost + _parting(sentences[items[start - 1]], sentences[items[start]]) if start else cost


def _length_cost(words: int, sentences: int) -> int:
    if words < SHORTEST:
        return 2 * (SHORTEST - words)
    if words <= EASY or sentences == 1:
        return 0
    return (words - EASY) // 2 + 3 * max(0, words - LONGEST)


def _parting(before: Sentence, after: Sentence) -> int:
    """Cost of parting two neighbours: high where they hang together, below zero where a new idea is announced."""
    cost = LEADS[after.lead] + min(MOST_SHARED, SHARED * len(before.stems & after.stems))
    if after.words < ABRUPT and after.lead is not Lead.SHIFT:
        cost += 5
    if before.words < ABRUPT:
        cost += 3
    if before.asks and after.asks:
        cost += 4
    return cost
