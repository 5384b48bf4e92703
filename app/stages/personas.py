"""Personas: groups of participants with like needs and pains, proposed only where they stand out from what chance would bring."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.tags import Experience
from app.stages.path import Told, strongest

FEWEST_PEOPLE = 4
FEWEST_THEMES = 2
HELD = 0.75
"""A trait is a group's when so large a part of it has it."""
RARER = 0.5
"""… and the share of it elsewhere is no more than this part of its share in the group."""
SHUFFLES, LUCKY = 39, 1
"""A group stands out when no more than so many of so many shuffled studies bring forth one as distinct: one in twenty."""
SEED = 20_260_207
MOST_SHOWN = 8
THEME, STAGE, TOUCHPOINT = "theme", "stage", "touchpoint"
Held = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, order=True)
class Trait:
    """Something a participant speaks of, and what they mostly felt about it: `kind` is theme, stage or touchpoint, `key` which one."""

    kind: str
    key: str
    felt: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What one participant speaks of: by trait the ids of the quotes behind it, strongest first. How often they say it does not count."""

    participant_id: str
    traits: Mapping[Trait, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contrast:
    """How many of a group have something (`inside` of `of_inside`), and how many of the others."""

    key: str
    inside: int
    of_inside: int
    elsewhere: int
    of_elsewhere: int

    @property
    def lead(self) -> float:
        """By how much its share is higher in the group, −1 to 1."""
        others = self.elsewhere / self.of_elsewhere if self.of_elsewhere else 0.0
        return self.inside / self.of_inside - others


@dataclass(frozen=True, slots=True)
class Shared:
    """A trait that sets a group apart, with the quotes behind it, one of each member who has it."""

    trait: Trait
    contrast: Contrast
    quote_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Participants who belong together, and what sets them apart: themes first, the most telling first."""

    participant_ids: tuple[str, ...]
    shared: tuple[Shared, ...]


def profile_of(participant_id: str, told: Sequence[Told]) -> Profile:
    """A participant's profile from their quotes; a stage or touchpoint counts where it was felt, a theme also where it was told plainly."""
    about: dict[tuple[str, str], list[Told]] = {}
    for saying in told:
        for kind, key in ((THEME, saying.theme_id), (STAGE, saying.stage), (TOUCHPOINT, saying.touchpoint)):
            if key and saying.experience is not None:
                about.setdefault((kind, key), []).append(saying)
    traits = {}
    for (kind, key), sayings in sorted(about.items()):
        felt = _felt(sayings)
        if kind == THEME or felt is not Experience.NEUTRAL:
            traits[Trait(kind, key, felt.value)] = strongest(s for s in sayings if s.experience is felt) or strongest(sayings)
    return Profile(participant_id, traits)


def propose_groups(profiles: Iterable[Profile]) -> tuple[Group, ...]:
    """Groups that stand out, the clearest first; none where none does, which is the usual answer for few or mixed participants.

    Candidates come from average linkage over rare themes. A group needs two themes that at least three quarters of it share and that are at
    most half as frequent elsewhere. How distinct it is, is held against studies in which every theme is dealt out anew to as many people,
    the talkative getting more: only what those hardly ever bring forth is proposed (max statistic, Westfall and Young 1993). There is at
    most one group for every two participants, and nobody is in two.
    """
    people = sorted((p for p in profiles if p.traits), key=lambda p: p.participant_id)
    themes = sorted({t for p in people for t in p.traits if t.kind == THEME})
    held = np.array([[t in p.traits for t in themes] for p in people], bool).reshape(len(people), len(themes))
    telling = held.sum(axis=0)
    held = held[:, (telling >= FEWEST_THEMES) & (telling < len(people))]  # what one alone or everybody says groups nobody
    if len(people) < FEWEST_PEOPLE or held.shape[1] < FEWEST_THEMES:
        return ()
    candidates = sorted(((-distinctness(held, group), group) for group in _linked(held)), key=lambda c: (c[0], -len(c[1]), c[1]))
    level = _level_of_chance(held)
    chosen: list[tuple[int, ...]] = []
    for score, group in candidates:
        free = not any(set(group) & set(other) for other in chosen)
        if -score > level and free and len(chosen) < len(people) // 2:
            chosen.append(group)
    return tuple(_group(people, [people[i].participant_id for i in group]) for group in chosen)


def contrast(
    holders: Mapping[str, Collection[str]], members: Collection[str], everyone: Collection[str], most: int = MOST_SHOWN
) -> tuple[Contrast, ...]:
    """What more of these members have than of the others, the clearest first; `holders` are people by what they have.

    What only one of several members has is no trait of theirs. Nothing where there are no others to compare with.
    """
    inside, others = set(members) & set(everyone), set(everyone) - set(members)
    if not inside or not others:
        return ()
    found = [Contrast(k, len(inside & set(who)), len(inside), len(others & set(who)), len(others)) for k, who in holders.items()]
    kept = [c for c in found if c.lead > 0 and c.inside >= min(2, len(inside))]
    return tuple(sorted(kept, key=lambda c: (-round(_surprise_of(c), 9), -c.lead, c.key))[:most])


def distinctness(held: Held, group: Sequence[int]) -> float:
    """How much more than chance sets a group of rows apart by the columns it shares; 0 where it shares fewer than two.

    The sum over those columns, and over those that the others share instead, of the likelihood ratio G (twice, in nats, what a share of its
    own for the group explains).
    """
    size, n = len(group), held.shape[0]
    inside = held[list(group)].sum(axis=0).astype(np.float64)
    outside = held.sum(axis=0) - inside
    shared = _is_shared(inside, outside, size, n)
    if shared.sum() < FEWEST_THEMES:
        return 0.0
    apart = shared | _is_shared(outside, inside, n - size, n)
    return round(float(_surprise(inside[apart], outside[apart], size, n).sum()), 9)


def _is_shared(inside: NDArray[np.float64], outside: NDArray[np.float64], size: int, n: int) -> Held:
    common: Held = inside >= max(2, math.ceil(HELD * size))
    return common & (outside / (n - size) <= RARER * inside / size)


def _surprise(inside: NDArray[np.float64], outside: NDArray[np.float64], size: int, n: int) -> NDArray[np.float64]:
    among = np.array([[size], [size], [n - size], [n - size]], np.float64)
    counts = np.stack([inside, size - inside, outside, n - size - outside])
    overall = (inside + outside) / n
    expected = among * np.stack([overall, 1 - overall, overall, 1 - overall])
    terms = counts * np.log(np.where(counts > 0, counts, 1) / np.where(counts > 0, expected, 1))
    total: NDArray[np.float64] = 2 * terms.sum(axis=0)
    return total


def _surprise_of(c: Contrast) -> float:
    return float(_surprise(np.array([float(c.inside)]), np.array([float(c.elsewhere)]), c.of_inside, c.of_inside + c.of_elsewhere)[0])


def _linked(held: Held) -> list[tuple[int, ...]]:
    """Groups of rows that average linkage forms on its way, and their cores, leaving two people outside; rare columns weigh more."""
    n = held.shape[0]
    rows = held * np.log(n / np.maximum(held.sum(axis=0), 1))
    lengths = np.linalg.norm(rows, axis=1)
    rows = rows / np.where(lengths > 0, lengths, 1)[:, None]
    near = (rows @ rows.T).round(9)
    np.fill_diagonal(near, -np.inf)
    groups: list[tuple[int, ...]] = [(i,) for i in range(n)]
    found: dict[tuple[int, ...], None] = {}
    for _ in range(n - 2):
        i, j = divmod(int(np.argmax(near)), n)  # ties go to those that come first
        if not np.isfinite(near[i, j]):
            break
        merged = ((near[i] * len(groups[i]) + near[j] * len(groups[j])) / (len(groups[i]) + len(groups[j]))).round(9)
        groups[i] = (*groups[i], *groups[j])
        near[i], near[:, i] = merged, merged
        near[j], near[:, j] = -np.inf, -np.inf
        near[i, i] = -np.inf
        if len(groups[i]) <= n - 2:
            found |= dict.fromkeys([tuple(sorted(groups[i])), *_core(held, groups[i])])
    return list(found)


def _core(held: Held, group: Sequence[int]) -> list[tuple[int, ...]]:
    """The group of those who hold most of what a group shares: it sheds who came along for something else, and takes in who was missed."""
    size, n = len(group), held.shape[0]
    inside = held[list(group)].sum(axis=0).astype(np.float64)
    shared = _is_shared(inside, held.sum(axis=0) - inside, size, n)
    if shared.sum() < FEWEST_THEMES:
        return []
    core = tuple(np.flatnonzero(held[:, shared].sum(axis=1) >= HELD * shared.sum()).tolist())
    return [core] if 2 <= len(core) <= n - 2 else []  # noqa: PLR2004  # one person is no group


def _level_of_chance(held: Held) -> float:
    """How distinct the best group of a study may be by chance alone: what all but the luckiest shuffled ones stay within."""
    dealer = np.random.default_rng(SEED)
    best = sorted((max((distinctness(dealt, g) for g in _linked(dealt)), default=0.0) for dealt in _dealt(held, dealer)), reverse=True)
    return best[LUCKY]


def _dealt(held: Held, dealer: np.random.Generator) -> Iterable[Held]:
    """Studies with as many holders of each column, drawn without replacement in proportion to how much each row holds (Gumbel top-k)."""
    weight = np.log(np.maximum(held.sum(axis=1), 1))[:, None]
    many = held.sum(axis=0)
    for _ in range(SHUFFLES):
        luck = weight - np.log(-np.log(dealer.random(held.shape)))
        place = np.argsort(np.argsort(-luck, axis=0), axis=0)
        yield place < many


def _felt(told: Iterable[Told]) -> Experience:
    """What somebody mostly felt about something; neutral where pains and delights balance."""
    felt = Counter(saying.experience for saying in told)
    pains, delights = felt[Experience.PAIN], felt[Experience.DELIGHT]
    if pains == delights:
        return Experience.NEUTRAL
    return Experience.PAIN if pains > delights else Experience.DELIGHT


def _group(people: Sequence[Profile], members: Sequence[str]) -> Group:
    """A group with whatever sets it apart: themes, then touchpoints and stages."""
    n, size = len(people), len(members)
    holders: dict[Trait, set[str]] = {}
    for person in people:
        for trait in person.traits:
            holders.setdefault(trait, set()).add(person.participant_id)
    shared = []
    for trait, who in sorted(holders.items()):
        inside, outside = len(who & set(members)), len(who - set(members))
        if _is_shared(np.array([float(inside)]), np.array([float(outside)]), size, n)[0]:
            quotes = [p.traits[trait][0] for p in people if p.participant_id in members and trait in p.traits]
            shared.append(Shared(trait, Contrast(trait.key, inside, size, outside, n - size), tuple(quotes)))
    rank = {THEME: 0, TOUCHPOINT: 1, STAGE: 2}
    ordered = sorted(shared, key=lambda s: (rank[s.trait.kind], -round(_surprise_of(s.contrast), 9), s.trait))
    return Group(tuple(members), tuple(ordered))
