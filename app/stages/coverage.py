"""Coverage of one talk: which parts of it the map rests on, from its first word to its last."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.quote import State

INTERVIEWER = "interviewer"
"""Said by somebody who is no participant; no sentence of it counts."""
SHOWN_STATES = (State.USED.value, State.UNPLACED.value, State.GAP.value, State.SKIPPED.value, INTERVIEWER)
MOST_SEGMENTS = 200
_RARE_FIRST = (State.GAP.value, State.UNPLACED.value, State.SKIPPED.value, State.USED.value, INTERVIEWER)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a talk: a quote, a skipped sentence with its reason, or a turn of somebody who is no participant.

    `start` and `end` are code points, `place` is the id under which a quote or a skipped sentence is found.
    """

    start: int
    end: int
    turn: int
    state: str
    sentences: int = 0
    reason: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the strip: code points, what became of most of it, and where it begins."""

    start: int
    end: int
    state: str
    turn: int
    place: str | None


@dataclass(frozen=True, slots=True)
class TalkCoverage:
    """What became of a talk of `length` code points: participants' sentences by state, which add up, and the parts in order.

    `reasons` counts skipped sentences; `characters` says by state how much of the talk it is.
    """

    length: int
    sentences: int
    used: int
    unplaced: int
    gap: int
    skipped: int
    reasons: Mapping[str, int]
    characters: Mapping[str, int]
    segments: tuple[Segment, ...]


def cover_talk(stretches: Sequence[Stretch], length: int, *, most: int = MOST_SEGMENTS) -> TalkCoverage:
    """Count a talk's sentences by state and draw it as at most `most` segments that follow on each other without a gap.

    `stretches` may come in any order but not overlap; blanks between two belong to the first. Where there are more runs of one state than
    `most`, the talk is cut into as many equal parts, each of the state that most of it has: the numbers stay exact.
    """
    ordered = sorted(stretches, key=lambda s: s.start)
    count: Counter[str] = Counter()
    for stretch in ordered:
        count[stretch.state] += stretch.sentences
    runs = list(_runs(ordered, length))
    characters: Counter[str] = Counter()
    for run in runs:
        characters[run.state] += run.end - run.start
    return TalkCoverage(
        length=length,
        sentences=sum(count[state.value] for state in State),
        used=count[State.USED.value],
        unplaced=count[State.UNPLACED.value],
        gap=count[State.GAP.value],
        skipped=count[State.SKIPPED.value],
        reasons=_reasons(ordered),
        characters={state: characters[state] for state in SHOWN_STATES if characters[state]},
        segments=tuple(runs if len(runs) <= most else _joined(_binned(runs, length, most))),
    )


def _reasons(stretches: Sequence[Stretch]) -> dict[str, int]:
    """Skipped sentences by reason, the most usual one first."""
    told: Counter[str] = Counter()
    for stretch in stretches:
        if stretch.reason:
            told[stretch.reason] += stretch.sentences
    return dict(sorted(told.items(), key=lambda counted: (-counted[1], counted[0])))


def _runs(ordered: Sequence[Stretch], length: int) -> Iterator[Segment]:
    """Neighbours of one state joined; each reaches to where the next begins."""
    at = 0
    for i, stretch in enumerate(ordered):
        following = ordered[i + 1] if i + 1 < len(ordered) else None
        if following is None or following.state != stretch.state:
            end = following.start if following else length
            first = ordered[at]
            yield Segment(first.start if at else 0, end, stretch.state, first.turn, first.place)
            at = i + 1


def _binned(runs: Sequence[Segment], length: int, most: int) -> Iterator[Segment]:
    """Equal parts of the talk, each of the state that most of it has; of two with as much the one that is looked for."""
    i = 0
    for n in range(most):
        start, end = n * length // most, (n + 1) * length // most
        if start == end:
            continue
        while runs[i].end <= start:
            i += 1
        held: Counter[str] = Counter()
        first: dict[str, Segment] = {}
        for j in range(i, len(runs)):
            if runs[j].start >= end:
                break
            held[runs[j].state] += min(runs[j].end, end) - max(runs[j].start, start)
            first.setdefault(runs[j].state, runs[j])
        state = min(held, key=lambda s: (-held[s], _RARE_FIRST.index(s)))
        yield Segment(start, end, state, first[state].turn, first[state].place)


def _joined(parts: Iterator[Segment]) -> Iterator[Segment]:
    last: Segment | None = None
    for part in parts:
        if last and last.state == part.state:
            last = Segment(last.start, part.end, last.state, last.turn, last.place)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last
