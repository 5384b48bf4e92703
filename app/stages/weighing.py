"""How evidence is weighed, on a whole map and on a part of one alike: people count, and not quotes."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.journey import Relation
from app.domain.quote import State
from app.domain.tags import Channel


@dataclass(frozen=True, slots=True)
class Feeling:
    """What people felt: `score` is the mean of each one's mean valence (−2…+2), `spread` the deviation between them (0 for one)."""

    score: float
    spread: float
    participants: int


def feeling_of(valences: Mapping[str, Sequence[int]]) -> Feeling | None:
    """Average each participant's valences first, so that one talkative person bends nothing; None where nobody felt anything."""
    if not valences:
        return None
    means = [statistics.fmean(values) for _, values in sorted(valences.items())]
    return Feeling(statistics.fmean(means), statistics.pstdev(means) if len(means) > 1 else 0.0, len(means))


def relation_to(score: float, valence: int) -> Relation:
    """How a quote bears on what people felt: one of the other sign speaks against it."""
    return Relation.CONTRADICTS if valence * score < 0 else Relation.SUPPORTS


def weight_of(valences: Iterable[int]) -> float:
    """How strongly quotes are felt, whichever way: the mean of their |valence|."""
    felt = [abs(valence) for valence in valences]
    return statistics.fmean(felt) if felt else 0.0


def shared_rank(participants: int, weight: float, quotes: int, anchor: tuple[str, str]) -> tuple[int, float, int, tuple[str, str]]:
    """Where a statement stands in its cell, lowest first: the most shared on top, ties by how strongly it is felt."""
    return (-participants, -weight, -quotes, anchor)


def moment_rank(participants: int, mean_valence: float, quotes: int, statement_id: str) -> tuple[float, int, str]:
    """Where a pain or delight stands among the map's moments, lowest first."""
    return (-participants * abs(mean_valence), -quotes, statement_id)


def usual_channel(channels: Iterable[Channel]) -> str:
    """The channel that most quotes of a touchpoint went through."""
    counted = Counter(channel for channel in channels if channel is not Channel.NONE)
    return min(counted, key=lambda c: (-counted[c], c)).value if counted else Channel.NONE.value


def state_of(*, tagged: bool, used: bool) -> State:
    """What became of a quote: `used` says whether the map cites it or it is in a theme."""
    if not tagged:
        return State.GAP
    return State.USED if used else State.UNPLACED


def theme_rank(participants: int, quotes: int, theme_id: str) -> tuple[int, int, str]:
    """Where a theme stands in a list, lowest first: the most shared on top."""
    return (-participants, -quotes, theme_id)
