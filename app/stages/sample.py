"""Sample: which windows of a large study a language model tags, and which of its answers are held back to judge the rest by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.identity import sha256

ALL_UP_TO = 500
"""Quotes up to which the model tags all: fewer would teach too little."""
PER_CUBE_ROOT = 58.0
"""Quotes the model tags for each unit of the cube root of all: 730 of 2,000 (37 %), 1,574 of 20,000 (8 %), 2,692 of 100,000 (3 %)."""
DRAWN, FORESEEN = 0.5, 0.75
"""Parts of the share: windows drawn at random fill the first half, those of which the offline tagger is least sure go up to three
quarters; what is left goes to those of which the fitted heads are least sure."""
LEAST_HELD, HELD, MOST_HELD = 60, 0.15, 1 / 3
"""Quotes held back: so many, or this part of the answers if that is more, but never more than a third of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A window that may be sent: the name of its job, whose words it holds, its quotes in order."""

    item: str
    transcript_id: str
    quote_ids: tuple[str, ...]


def share(quotes: int) -> int:
    """How many of a study's quotes a language model tags: all of a small study, a falling share of a growing one.

    ``min(n, max(500, 58 · ∛n))``. What is to be learned grows with how differently people speak, which grows more slowly than what
    they say.
    """
    return min(quotes, max(ALL_UP_TO, int(PER_CUBE_ROOT * quotes ** (1 / 3))))


def spread(parts: Iterable[Part], seed: str) -> list[Part]:
    """Parts in an order drawn by the seed that takes one of every transcript before it takes a second of any.

    A part's place among others depends on itself and its transcript only, so a transcript that is added leaves the order of the rest.
    """
    by_transcript = groupby(sorted(parts, key=lambda part: (part.transcript_id, _lot(part, seed))), key=lambda part: part.transcript_id)
    ranked = [(rank, _lot(part, seed), part) for _, own in by_transcript for rank, part in enumerate(own)]
    return [part for *_, part in sorted(ranked, key=lambda entry: entry[:2])]


def first_round(parts: Sequence[Part], room: int, seed: str, sure: Mapping[str, float]) -> list[Part]:
    """Of parts that nobody has tagged those to send first: drawn ones, then those with the lowest confidence (`sure`, by quote id).

    `room` is how many quotes may be sent in all; where every part fits all are sent.
    """
    if sum(len(part.quote_ids) for part in parts) <= room:
        return list(parts)
    drawn = take(spread(parts, seed), DRAWN * room)
    left = [part for part in parts if part not in drawn]
    return drawn + take(least_sure(left, sure), FORESEEN * room - _quotes(drawn))


def least_sure(parts: Iterable[Part], sure: Mapping[str, float]) -> list[Part]:
    """Parts by the mean confidence of their quotes, the lowest first."""
    return sorted(parts, key=lambda part: (sum(sure[q] for q in part.quote_ids) / len(part.quote_ids), part.item))


def take(parts: Iterable[Part], room: float) -> list[Part]:
    """Parts from the front until the next one would hold more quotes than there is room for."""
    taken: list[Part] = []
    for part in parts:
        room -= len(part.quote_ids)
        if room < 0:
            break
        taken.append(part)
    return taken


def hold_back(parts: Iterable[Part], seed: str, answered: Collection[str]) -> list[str]:
    """Ids of the answered quotes that nothing is learned from: whole windows from the front of the drawn order.

    These were sent because they were drawn and not because anybody was unsure of them, so they speak for the study.
    """
    least = min(max(LEAST_HELD, HELD * len(answered)), MOST_HELD * len(answered))
    held: list[str] = []
    for part in spread(parts, seed):
        if len(held) >= least:
            break
        held += [q for q in part.quote_ids if q in answered]
    return held if len(held) < len(answered) else []


def _quotes(parts: Iterable[Part]) -> int:
    return sum(len(part.quote_ids) for part in parts)


def _lot(part: Part, seed: str) -> str:
    return sha256(f"{seed}/{part.transcript_id}/{part.quote_ids[0]}")
