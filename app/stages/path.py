"""Path: how somebody went through the stages, in the order of the journey and in the order in which they told it."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.tags import Experience
from app.stages.weighing import Feeling, feeling_of


@dataclass(frozen=True, slots=True)
class Told:
    """A quote as a path sees it. `stage` is None for none, `experience` None where it is not tagged, `theme_id` the outermost theme.

    `valence` goes from −2 to 2, `confidence` from 0 to 1; `action` says whether it tells what they did.
    """

    quote_id: str
    participant_id: str
    stage: str | None = None
    experience: Experience | None = None
    valence: int = 0
    confidence: float = 0.0
    theme_id: str | None = None
    touchpoint: str | None = None
    action: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What one person told of one stage.

    `place` is its place in the order of telling, 1 for the stage they spoke of first, None for one they never spoke of; `first` is the
    quote that brought it up. `score` is their mean valence there, −2 to 2. `did` and `felt` are the quotes that say strongest what they did
    and what they felt, None where no quote does.
    """

    stage_id: str
    place: int | None = None
    first: str | None = None
    quotes: int = 0
    pains: int = 0
    delights: int = 0
    score: float | None = None
    did: str | None = None
    felt: str | None = None


@dataclass(frozen=True, slots=True)
class SaidOf:
    """What somebody said of a stage, in the order of telling: how much, and the first quotes; `stage_id` is None for what is in none."""

    stage_id: str | None
    quotes: int
    pains: int
    delights: int
    shown: tuple[str, ...]


def walk(stage_ids: Sequence[str], told: Iterable[Told]) -> tuple[Step, ...]:
    """A person's steps, one for each stage in the order of the journey; `told` is what they said, in the order of telling."""
    by_stage: dict[str, list[Told]] = {}
    for saying in told:
        if saying.stage in stage_ids and saying.stage:
            by_stage.setdefault(saying.stage, []).append(saying)
    order = {stage: place for place, stage in enumerate(by_stage, start=1)}
    return tuple(_step(stage, order.get(stage), by_stage.get(stage, ())) for stage in stage_ids)


def said_by_stage(stage_ids: Sequence[str], told: Sequence[Told], most: int) -> tuple[SaidOf, ...]:
    """What somebody said by stage, and last what is in none; stages they never spoke of are left out."""
    by_stage: dict[str | None, list[Told]] = {stage: [] for stage in (*stage_ids, None)}
    for saying in told:
        by_stage[saying.stage if saying.stage in by_stage else None].append(saying)
    return tuple(
        SaidOf(stage, len(own), sum(map(painful, own)), sum(map(delightful, own)), tuple(s.quote_id for s in own[:most]))
        for stage, own in by_stage.items()
        if own
    )


def feelings(stage_ids: Sequence[str], told: Iterable[Told]) -> dict[str, Feeling]:
    """How people felt in each stage that somebody spoke of; one talkative person does not bend it."""
    felt: dict[str, dict[str, list[int]]] = {stage: {} for stage in stage_ids}
    for saying in told:
        if saying.stage in felt:
            felt[saying.stage].setdefault(saying.participant_id, []).append(saying.valence)
    return {stage: feeling for stage in stage_ids if (feeling := feeling_of(felt[stage]))}


def strongest(told: Iterable[Told], fits: Callable[[Told], bool] = lambda _: True) -> tuple[str, ...]:
    """Ids of the quotes that fit, those that are felt most and told surest first."""
    fitting = [saying for saying in told if saying.experience is not None and fits(saying)]
    return tuple(s.quote_id for s in sorted(fitting, key=lambda s: (-abs(s.valence), -s.confidence, s.quote_id)))


def painful(saying: Told) -> bool:
    """Whether it was a bad moment."""
    return saying.experience is Experience.PAIN


def delightful(saying: Told) -> bool:
    """Whether it was a good moment."""
    return saying.experience is Experience.DELIGHT


def spoken(steps: Iterable[Step]) -> list[Step]:
    """The steps of stages they spoke of, in the order of telling."""
    return sorted((step for step in steps if step.place is not None), key=lambda step: step.place or 0)


def _step(stage_id: str, place: int | None, here: Sequence[Told]) -> Step:
    if not here:
        return Step(stage_id)
    felt = strongest(here, lambda saying: saying.valence != 0)
    did = strongest(here, lambda saying: saying.action and saying.quote_id not in felt[:1])  # in two quotes where it can be
    return Step(
        stage_id=stage_id,
        place=place,
        first=here[0].quote_id,
        quotes=len(here),
        pains=sum(map(painful, here)),
        delights=sum(map(delightful, here)),
        score=round(statistics.fmean(saying.valence for saying in here), 3),
        did=next(iter(did), None),
        felt=next(iter(felt), None),
    )
