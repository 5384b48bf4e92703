"""Portrait: what a theme's quotes say of it. Whose they are, where on the journey, and which of them show it best."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.tags import NO_STAGE, Channel, Experience, Tags
from app.domain.transcript import count_words
from app.stages.in_vivo import fitness
from app.stages.telling import how_telling, sentences_of, shorten

DECIMALS = 5
MODERATE_WORDS = (8, 45)
"""Quotes of so many words show a theme best: neither scraps nor rambles."""
MIXED = 0.25
"""Where pains and delights differ by no more than this share of both, a theme leans neither way."""
SUMMARY_SENTENCES = 2
AGAINST = 0.3
"""What a sentence is worth in a summary from a quote that feels the opposite of most."""
SCRAP = 5
"""Sentences of fewer words say little."""
SUMMARY_QUOTES = 8
"""Among so many of the most central quotes the two of the summary are looked for."""
DIVERSE = 8
"""How many quotes show how wide a theme is."""
NO_PERSONA = ""
Vectors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Member:
    """A quote of a theme: who said it and whom that person stands for, its words, its tags, how central it is (−1 to 1)."""

    id: str
    participant_id: str
    text: str
    tags: Tags | None = None
    strength: float = 0.0
    persona_ids: tuple[str, ...] = ()
    own: bool = True
    """Whether it is placed in the theme itself, not in a theme inside it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many quotes, of how many participants, there are of one stage, persona or channel (`key`)."""

    key: str
    quotes: int
    participants: int


@dataclass(frozen=True, slots=True)
class ThemePortrait:
    """A theme in numbers and exemplars; what it holds of the themes inside it counts as its own.

    `share` is of all the study's quotes, 0 to 1. `mean_valence` (−2 to 2) is averaged per participant first, None where nothing is tagged.
    `leaning` is what most tagged quotes are: `pain`, `delight`, `neutral`, or `mixed` where pains and delights balance. `central`,
    `diverse` and `contrary` are quote ids: the most telling first, the first and then always the one farthest from those before, and those
    of the other sign than most.
    """

    theme_id: str
    quotes: int
    own_quotes: int
    share: float
    participants: int
    of_participants: int
    mean_valence: float | None
    leaning: str
    stages: tuple[Tally, ...]
    personas: tuple[Tally, ...]
    channels: tuple[Tally, ...]
    central: tuple[str, ...]
    diverse: tuple[str, ...]
    contrary: tuple[str, ...]

    @property
    def single_participant(self) -> bool:
        """Whether one person alone speaks of it."""
        return self.participants == 1


def portray(
    theme_id: str, members: Sequence[Member], *, of_quotes: int, of_participants: int, vectors: Vectors | None = None
) -> ThemePortrait:
    """Portray a theme from its quotes; vectors by quote id, of unit length, where there are any. The order of members changes nothing."""
    ordered = sorted(members, key=lambda m: (-m.strength, m.id))
    leaning = _leaning(ordered)
    central = most_central(ordered, vectors)
    return ThemePortrait(
        theme_id=theme_id,
        quotes=len(ordered),
        own_quotes=sum(m.own for m in ordered),
        share=len(ordered) / of_quotes if of_quotes else 0.0,
        participants=len({m.participant_id for m in ordered}),
        of_participants=of_participants,
        mean_valence=_mean_valence(ordered),
        leaning=leaning,
        stages=_tally(ordered, lambda m: [m.tags.stage] if m.tags and m.tags.stage != NO_STAGE else []),
        personas=_tally(ordered, lambda m: m.persona_ids or (NO_PERSONA,)),
        channels=_tally(ordered, lambda m: [m.tags.channel.value] if m.tags and m.tags.channel is not Channel.NONE else []),
        central=central,
        diverse=_spread_out(ordered, central, vectors, DIVERSE),
        contrary=_contrary(ordered, leaning),
    )


def most_central(members: Sequence[Member], vectors: Vectors | None = None) -> tuple[str, ...]:
    """Ids of all members, those that show the theme best first.

    Moderate length before scraps and rambles; people take turns, so that the first few are of different people where they can be. Nearness
    is to the middle of the members where all have vectors, else the strength of their placing.
    """
    near = _nearness(members, vectors)
    low, high = MODERATE_WORDS
    ranked = sorted(members, key=lambda m: (not low <= count_words(m.text) <= high, -near[m.id], m.id))
    turn: Counter[str] = Counter()
    turns: dict[str, int] = {}
    for member in ranked:
        turns[member.id] = turn[member.participant_id]
        turn[member.participant_id] += 1
    return tuple(m.id for m in sorted(ranked, key=lambda m: turns[m.id]))


def most_diverse(members: Sequence[Member], vectors: Vectors | None = None, most: int = DIVERSE) -> tuple[str, ...]:
    """Ids of up to `most` members that show how wide the theme is: the most central one, then always the one farthest from those chosen.

    Farthest-point selection over cosine distance (Gonzalez 1985, doi:10.1016/0304-3975(85)90224-5), among quotes of readable length where
    there are any. Without vectors, other people and other stages come first.
    """
    return _spread_out(members, most_central(members, vectors), vectors, most)


def _spread_out(members: Sequence[Member], central: Sequence[str], vectors: Vectors | None, most: int) -> tuple[str, ...]:
    if not central:
        return ()
    by_id = {m.id: m for m in members}
    readable = [q for q in central if count_words(by_id[q].text) >= MODERATE_WORDS[0]] or list(central)
    if vectors is None or any(q not in vectors for q in readable):
        return tuple(_by_kind([by_id[q] for q in readable])[:most])
    rows = np.stack([vectors[q] for q in readable]).astype(np.float64)
    chosen = [0]
    farness = 1.0 - rows @ rows[0]
    while len(chosen) < min(most, len(readable)):
        farness[chosen] = -1.0
        following = int(np.argmax(farness.round(DECIMALS)))  # ties go to the more central one
        chosen.append(following)
        farness = np.minimum(farness, 1.0 - rows @ rows[following])
    return tuple(readable[i] for i in chosen)


def summarize(members: Sequence[Member], speaker: Mapping[str, str], keyphrases: Iterable[str] = ()) -> str:
    """Two sentences on a theme, by two people: a telling sentence of each, in quotation marks, word for word.

    Members come most central first and in words that may be shown; `speaker` are pseudonyms by participant id. What is cut off shows as
    “…”. There is one sentence where nobody else said anything, and none where nobody did.
    """
    wanted = [phrase.lower() for phrase in keyphrases]
    against = set(_contrary(members, _leaning(members)))
    found = [
        (_worth(sentence, wanted) * (AGAINST if m.id in against else 1.0), n, m, sentence)
        for n, m in enumerate(members[:SUMMARY_QUOTES])
        for sentence in sentences_of(m.text)
    ]
    told: dict[str, str] = {}
    for _, _, member, sentence in sorted(found, key=lambda f: (-f[0], f[1])):
        if len(told) < SUMMARY_SENTENCES and member.participant_id not in told:
            who = speaker.get(member.participant_id)
            told[member.participant_id] = f"“{shorten(sentence)}”{f' ({who})' if who else ''}."
    return " ".join(told.values())


def _worth(sentence: str, wanted: Sequence[str]) -> float:
    """How well a sentence tells of a theme by itself: it holds its keyphrases, leans on nothing said before, and need not be cut."""
    if count_words(sentence) < SCRAP:
        return how_telling(sentence)
    whole = 1.0 if shorten(sentence) == sentence else 0.5
    held = min(SUMMARY_SENTENCES, sum(phrase in sentence.lower() for phrase in wanted))
    return whole * fitness(sentence) * (0.5 + held) + 0.3 * how_telling(sentence)


def _nearness(members: Sequence[Member], vectors: Vectors | None) -> dict[str, float]:
    if not members or vectors is None or any(m.id not in vectors for m in members):
        return {m.id: m.strength for m in members}
    ordered = sorted(members, key=lambda m: m.id)  # sums round by the order of their terms
    rows = np.stack([vectors[m.id] for m in ordered]).astype(np.float64)
    near = (rows @ rows.mean(axis=0)).round(DECIMALS)
    return {m.id: float(value) for m, value in zip(ordered, near, strict=True)}


def _by_kind(members: Sequence[Member]) -> list[str]:
    """Ids, taking turns among the pairs of person and stage."""
    seen: Counter[tuple[str, str]] = Counter()
    turns = []
    for place, member in enumerate(members):
        kind = (member.participant_id, member.tags.stage if member.tags else NO_STAGE)
        turns.append((seen[kind], place, member.id))
        seen[kind] += 1
    return [quote_id for _, _, quote_id in sorted(turns)]


def _leaning(members: Iterable[Member]) -> str:
    felt = Counter(m.tags.experience for m in members if m.tags)
    pains, delights, neither = felt[Experience.PAIN], felt[Experience.DELIGHT], felt[Experience.NEUTRAL]
    if pains + delights == 0 or neither > pains + delights:
        return Experience.NEUTRAL.value
    if abs(pains - delights) <= MIXED * (pains + delights):
        return "mixed"
    return (Experience.PAIN if pains > delights else Experience.DELIGHT).value


def _contrary(members: Iterable[Member], leaning: str) -> tuple[str, ...]:
    """Members that feel the opposite of most, strongly felt and surely told first; none where a theme leans neither way."""
    opposite = {Experience.PAIN.value: Experience.DELIGHT, Experience.DELIGHT.value: Experience.PAIN}.get(leaning)
    against = [(m, m.tags) for m in members if m.tags and opposite and m.tags.experience is opposite]
    return tuple(m.id for m, tags in sorted(against, key=lambda a: (-abs(a[1].valence) * a[1].confidence, -a[0].strength, a[0].id)))


def _mean_valence(members: Iterable[Member]) -> float | None:
    by_person: dict[str, list[int]] = {}
    for member in members:
        if member.tags:
            by_person.setdefault(member.participant_id, []).append(member.tags.valence)
    return round(statistics.fmean(statistics.fmean(by_person[p]) for p in sorted(by_person)), 3) if by_person else None


def _tally(members: Sequence[Member], keys_of: Callable[[Member], Iterable[str]]) -> tuple[Tally, ...]:
    """Counts by key, most quotes first."""
    quotes: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for member in members:
        for key in keys_of(member):
            quotes[key] += 1
            people.setdefault(key, set()).add(member.participant_id)
    return tuple(Tally(key, quotes[key], len(people[key])) for key in sorted(quotes, key=lambda k: (-quotes[k], -len(people[k]), k)))
