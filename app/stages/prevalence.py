"""Prevalence: how widely themes are shared by persona, stage and interview, and whether more interviews still add any."""

import random
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from itertools import accumulate

from app.domain.wording import ENGLISH, in_words

ORDERS = 200
"""So many orders of interviews are drawn for the smooth line."""
SEED = 20200505
BASE_SIZE, RUN_LENGTH, THRESHOLD = 4, 2, 0.05
LAST = 3
LOW, HIGH = 0.1, 0.9
"""Quantiles of the band around the smooth line."""


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview in the study's order: its id, the themes that any of its quotes is in, its quotes and how many are in none."""

    id: str
    themes: frozenset[str]
    quotes: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """What one interview added: the themes that no earlier one had, and how many were seen up to and with it."""

    interview_id: str
    themes: int
    new: tuple[str, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Themes seen after so many interviews in whatever order: mean, and 10th and 90th percentile."""

    interviews: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NewInRun:
    """New themes of a run of interviews (numbered from 1, both ends included) and their ratio to those of the base."""

    first: int
    last: int
    new: int
    ratio: float


@dataclass(frozen=True, slots=True)
class SaturationRatio:
    """Saturation after Guest, Namey and Chen; `reached_after` is the number of interviews before the first run at or below `threshold`."""

    base_size: int
    run_length: int
    threshold: float
    base_themes: int
    runs: tuple[NewInRun, ...]
    reached_after: int | None


@dataclass(frozen=True, slots=True)
class Saturation:
    """Whether more interviews still add themes.

    `run_without_new` interviews at the end, in a row, added none; of the `last` ones `quiet_in_last` added none, and `new_in_last` themes
    came with them. `ratio` is None where there are too few interviews for one.
    """

    themes: int
    interviews: tuple[Added, ...]
    band: tuple[Expected, ...]
    orders: int
    run_without_new: int
    last: int
    new_in_last: int
    quiet_in_last: int
    ratio: SaturationRatio | None
    reading: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A quote as prevalence counts it: its theme and those around it, who said it, where, and how that person is classed."""

    theme_ids: tuple[str, ...]
    interview_id: str
    participant_id: str
    stage: str | None = None
    persona_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """A theme's quotes and participants; by persona and stage (quotes, participants); by interview (quotes, participants so far)."""

    theme_id: str
    quotes: int
    participants: int
    by_persona: tuple[tuple[int, int], ...]
    by_stage: tuple[tuple[int, int], ...]
    by_interview: tuple[tuple[int, int], ...]


def saturation(interviews: Sequence[Interview], *, orders: int = ORDERS, words: NullTranslations = ENGLISH) -> Saturation:
    """How many new themes each interview added, in this order and on the mean of all.

    A theme counts as seen from the first interview in which any of its quotes occurs. The order of files is arbitrary, so the mean over
    `orders` drawn orders stands beside it; they are the same on every machine. `words` are of the language that it is read in.
    """
    added = _added(interviews)
    recent = added[-LAST:]
    quiet = next((n for n, a in enumerate(reversed(added)) if a.new), len(added))
    ratio = saturation_ratio(interviews)
    return Saturation(
        themes=added[-1].seen if added else 0,
        interviews=added,
        band=_band(interviews, orders),
        orders=orders,
        run_without_new=quiet,
        last=len(recent),
        new_in_last=sum(len(a.new) for a in recent),
        quiet_in_last=sum(not a.new for a in recent),
        ratio=ratio,
        reading=_reading(added, ratio, _unplaced(interviews), words),
    )


def saturation_ratio(
    interviews: Sequence[Interview], *, base_size: int = BASE_SIZE, run_length: int = RUN_LENGTH, threshold: float = THRESHOLD
) -> SaturationRatio | None:
    """New themes in each run of interviews beside those of the first ones; None with fewer than `base_size` + `run_length` interviews.

    The base are the themes of the first `base_size` interviews. Runs of `run_length` interviews follow, each one interview further on; a
    run's ratio is the number of its new themes to that of the base. Saturation is reached before the first run at or below `threshold`.
    Source: Guest, Namey and Chen 2020, "A simple method to assess and report thematic saturation in qualitative research", PLoS ONE 15(5):
    e0232076, doi:10.1371/journal.pone.0232076.
    """
    if len(interviews) < base_size + run_length:
        return None
    new = [len(a.new) for a in _added(interviews)]
    base = sum(new[:base_size])
    runs = tuple(
        NewInRun(start + 1, start + run_length, count := sum(new[start : start + run_length]), count / base if base else 0.0)
        for start in range(base_size, len(new) - run_length + 1)
    )
    reached = next((run.first - 1 for run in runs if base and run.ratio <= threshold), None)
    return SaturationRatio(base_size, run_length, threshold, base, runs, reached)


def spread_of(
    theme_ids: Collection[str], mentions: Sequence[Mention], personas: Sequence[str], stages: Sequence[str], interviews: Sequence[str]
) -> dict[str, Spread]:
    """How each of these themes spreads over personas, stages and interviews, in the order in which they are given, by theme."""
    held: dict[str, list[Mention]] = {theme: [] for theme in theme_ids}
    for mention in mentions:
        for theme in mention.theme_ids:
            if theme in held:
                held[theme].append(mention)
    return {theme: _spread(theme, held[theme], personas, stages, interviews) for theme in theme_ids}


def _spread(theme: str, held: Sequence[Mention], personas: Sequence[str], stages: Sequence[str], interviews: Sequence[str]) -> Spread:
    by_interview: dict[str, list[Mention]] = {}
    for mention in held:
        by_interview.setdefault(mention.interview_id, []).append(mention)
    people = accumulate(
        (frozenset(m.participant_id for m in by_interview.get(key, ())) for key in interviews), lambda before, these: before | these
    )
    return Spread(
        theme_id=theme,
        quotes=len(held),
        participants=len({m.participant_id for m in held}),
        by_persona=tuple(_counted([m for m in held if key in m.persona_ids]) for key in personas),
        by_stage=tuple(_counted([m for m in held if m.stage == key]) for key in stages),
        by_interview=tuple((len(by_interview.get(key, ())), len(so_far)) for key, so_far in zip(interviews, people, strict=True)),
    )


def _counted(mentions: Sequence[Mention]) -> tuple[int, int]:
    return len(mentions), len({m.participant_id for m in mentions})


def _added(interviews: Sequence[Interview]) -> tuple[Added, ...]:
    seen: set[str] = set()
    told = []
    for interview in interviews:
        new = tuple(sorted(interview.themes - seen))
        seen |= interview.themes
        told.append(Added(interview.id, len(interview.themes), new, len(seen)))
    return tuple(told)


def _band(interviews: Sequence[Interview], orders: int) -> tuple[Expected, ...]:
    """Themes seen after each number of interviews, over orders drawn from a fixed seed; which interview comes first plays no part."""
    drawn = random.Random(SEED)  # noqa: S311  # no secret: the same on every machine
    ordered = sorted(interviews, key=lambda i: i.id)
    curves = []
    for _ in range(orders if ordered else 0):
        drawn.shuffle(ordered)
        seen: set[str] = set()
        curve = []
        for interview in ordered:
            seen |= interview.themes
            curve.append(len(seen))
        curves.append(curve)
    return tuple(_expected(n, sorted(counts)) for n, counts in enumerate(zip(*curves, strict=True), start=1))


def _expected(interviews: int, counts: Sequence[int]) -> Expected:
    def quantile(share: float) -> float:
        at = share * (len(counts) - 1)
        below = int(at)
        above = min(below + 1, len(counts) - 1)
        return round(counts[below] + (at - below) * (counts[above] - counts[below]), 3)

    return Expected(interviews, round(statistics.fmean(counts), 3), quantile(LOW), quantile(HIGH))


def _unplaced(interviews: Sequence[Interview]) -> float:
    """The largest share of quotes without a theme among the last interviews."""
    return max((i.unplaced / i.quotes for i in interviews[-LAST:] if i.quotes), default=0.0)


def _reading(added: Sequence[Added], ratio: SaturationRatio | None, unplaced: float, words: NullTranslations) -> str:
    """What a researcher may take from the numbers, and what not."""
    _, ngettext = words.gettext, words.ngettext
    if not any(a.themes for a in added):
        return _("There are no themes yet.")
    if len(added) == 1:
        return _("One interview says nothing about saturation.")
    recent = added[-LAST:]
    new, quiet = sum(len(a.new) for a in recent), sum(not a.new for a in recent)
    last = in_words(len(recent), words)
    if len(added) <= LAST:
        few = _("{few} interviews are too few to speak of saturation; the last one added {themes}.")
        told = few.format(few=in_words(len(added), words).capitalize(), themes=_themes(len(added[-1].new), words))
    elif new == 0:
        told = _("None of the last {n} interviews added a theme.").format(n=last)
    elif quiet == 0:
        told = _("Each of the last {n} interviews added a theme; together they added {themes}.").format(n=last, themes=_themes(new, words))
    else:
        some = ngettext(
            "{some} of the last {n} interviews added no theme; together they added {themes}.",
            "{some} of the last {n} interviews added no theme; together they added {themes}.",
            quiet,
        )
        told = some.format(some=in_words(quiet, words).capitalize(), n=last, themes=_themes(new, words))
    # translators: said of when to stop interviewing
    caveat = _(
        "Themes were drawn from all interviews together, so what only one person said may have none, and the curve flattens a little "
        "sooner than people's new topics do."
    )
    if unplaced >= MUCH_UNPLACED:
        but = _("But of one of them {share} of the quotes are in no theme, so what is new in it does not count here yet.")
        return f"{told} {but.format(share=_share(unplaced))} {caveat}"
    return " ".join(part for part in (told, _ratio_reading(ratio, words), caveat) if part)


MUCH_UNPLACED = 1 / 3
"""Share of an interview's quotes without a theme from which on nobody should read saturation from themes."""


def _ratio_reading(ratio: SaturationRatio | None, words: NullTranslations) -> str:
    _ = words.gettext
    if ratio is None:
        return ""
    if ratio.reached_after is None:
        told = _(
            "By the rule of Guest et al. (at most {share} new themes in {run} interviews, against the first {base}) saturation is not "
            "reached."
        )
    else:
        told = _(
            "By the rule of Guest et al. (at most {share} new themes in {run} interviews, against the first {base}) it was reached after "
            "{n} interviews."
        )
    run, base, n = (in_words(count, words) for count in (ratio.run_length, ratio.base_size, ratio.reached_after or 0))
    return told.format(share=_share(ratio.threshold), run=run, base=base, n=n)


def _share(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")


def _themes(count: int, words: NullTranslations) -> str:
    return words.ngettext("{n} theme", "{n} themes", count).format(n=in_words(count, words))
