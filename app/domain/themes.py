"""Themes: the entries of a study's code book, and which quote belongs to which."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.domain.identity import derive_id
from app.domain.journey import Origin

THEME, PLACEMENT, PROPOSAL = "theme", "placement", "proposal"
"""What suggestions and decisions about themes are about: an entry, the theme of a quote (by its id), a split or merge that was proposed."""
DRAFT = "draft"
"""What a model drafted from some of a study's gists: its suggestions hold the quotes that were shown and the entries that came of them."""
PLACED = "theme"
"""The field of a placement: the id of a theme, or None where the quote belongs to none."""


class Mark(StrEnum):
    """What people may say of a theme as a whole: it matters most, or it is not worth keeping on the map."""

    KEY = "key"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Theme:
    """An entry of the code book; `id` is derived from its first members and then kept.

    People's part: `mark`, `pinned` (left alone by whatever regroups), `merged_into`, the entry that took its quotes over, and `removed`:
    taken out of the code book, or made by a person who took that back.
    """

    id: str
    label: str
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    parent_id: str | None = None
    origin: str = "offline"
    summary: str = ""
    keyphrases: tuple[str, ...] = ()
    mark: Mark | None = None
    pinned: bool = False
    merged_into: str | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a quote belongs: its theme, how central it is there (cosine, −1 to 1) and who says so (`human`, `llm` or `offline`).

    `near` are the next nearest themes with their closeness, nearest first.
    """

    theme_id: str
    strength: float
    source: str = "offline"
    near: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBook:
    """The themes in force, merged ones included, by id; an entry's parent and successor are entries themselves."""

    version: int
    entries: Mapping[str, Theme]

    def standing(self, theme_id: str) -> str | None:
        """The entry that holds a theme's quotes now: itself or, through merges, another; None where there is none or it was taken out."""
        seen: set[str] = set()
        while theme_id in self.entries and theme_id not in seen and (successor := self.entries[theme_id].merged_into):
            seen.add(theme_id)
            theme_id = successor
        return theme_id if theme_id in self.entries and not self.entries[theme_id].removed else None

    def parent(self, theme_id: str) -> str | None:
        """The outermost entry around a theme, merges followed; None for one that is outermost itself.

        So there are two levels however deep entries were put, and none is lost where taking decisions back left them inside each other:
        then the first by id is the outermost.
        """
        chain = [theme_id]
        while (above := self._above(chain[-1])) is not None and above not in chain:
            chain.append(above)
        root = chain[-1] if above is None else min(chain[chain.index(above) :])
        return root if root != theme_id else None

    def _above(self, theme_id: str) -> str | None:
        told = self.entries[theme_id].parent_id
        return self.standing(told) if told else None

    def around(self, theme_id: str) -> tuple[str, ...]:
        """A theme and the entries around it, innermost first."""
        chain = [theme_id]
        while (above := self.parent(chain[-1])) and above not in chain:
            chain.append(above)
        return tuple(chain)

    def root(self, theme_id: str) -> str:
        """The outermost entry around a theme."""
        return self.around(theme_id)[-1]

    def is_noise(self, theme_id: str) -> bool:
        """Whether people marked a theme, or one around it, as not worth keeping on the map."""
        return any(self.entries[t].mark is Mark.NOISE for t in self.around(theme_id))

    def is_open(self, theme_id: str) -> bool:
        """Whether quotes can be placed in an entry: there is such a one, neither merged into another nor taken out."""
        entry = self.entries.get(theme_id)
        return entry is not None and not entry.merged_into and not entry.removed

    def open(self) -> tuple[Theme, ...]:
        """Entries that quotes can be placed in, by id."""
        return tuple(self.entries[key] for key in sorted(self.entries) if self.is_open(key))

    @property
    def doubled(self) -> frozenset[str]:
        """Names, without case, that several entries have in which quotes can be placed, if people gave it to one of them."""
        seen = Counter(theme.label.casefold() for theme in self.open())
        by_people = {theme.label.casefold() for theme in self.open() if theme.origin == Origin.HUMAN}
        return frozenset(label for label in by_people if seen[label] > 1)


def fold_theme(theme: Theme, *layers: Mapping[str, Any]) -> Theme:
    """An entry with layers of field values laid over it, the last one winning; fields that no entry has are passed over."""
    told: dict[str, Any] = {}
    for layer in layers:
        told |= {name: value for name, value in layer.items() if name in FOLDED}
    if told.get("mark"):
        told["mark"] = Mark(told["mark"])
    return replace(theme, **told)


FOLDED = frozenset({"label", "definition", "use_when", "not_when", "summary", "parent_id", "mark", "pinned", "merged_into", "removed"})
"""Fields of an entry that models suggest or people decide."""


def fold_placements(found: Mapping[str, Placement], decided: Mapping[str, str | None], book: CodeBook) -> dict[str, Placement]:
    """Placements by quote id with people's (by quote) laid over them and merges followed; themes that are gone drop out."""
    placed: dict[str, Placement] = {}
    for quote_id in found.keys() | decided.keys():
        before = found.get(quote_id)
        by_hand = quote_id in decided
        wanted = decided[quote_id] if by_hand else before.theme_id if before else None
        theme = book.standing(wanted) if wanted else None
        if theme is None:
            continue
        if before and before.theme_id == theme and not by_hand:
            placed[quote_id] = before
        else:
            strength = before.strength if before and wanted == before.theme_id else 1.0
            placed[quote_id] = Placement(theme, strength, "human" if by_hand else before.source if before else "human")
    return placed


@dataclass(frozen=True, slots=True)
class ClusterProposal:
    """Groups of quote ids that belong together, each sorted, plus what was left out."""

    groups: tuple[tuple[str, ...], ...]
    unplaced: tuple[str, ...]
    children: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """For each group the groups inside it, none where it has no parts; empty where no group has any."""


def theme_id(study_id: str, quote_ids: tuple[str, ...]) -> str:
    """Derived once, from the members a theme was born with."""
    return derive_id("theme", study_id, *sorted(quote_ids))


def drafted_id(study_id: str, quote_ids: tuple[str, ...]) -> str:
    """The same for a theme that a model drafted from these quotes; another id than that of a group of the very same quotes."""
    return derive_id("drafted-theme", study_id, *sorted(quote_ids))


JACCARD_SAME = 0.5


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of common members among all members; 0 for two empty sets."""
    return len(a & b) / len(a | b) if a or b else 0.0


def match_groups(existing: dict[str, frozenset[str]], groups: list[frozenset[str]]) -> list[str | None]:
    """For each group the id of the existing one it continues (Jaccard ≥ 0.5, best pairs first), or None.

    `existing` maps ids to members; members that are no longer there should be left out by the caller.
    """
    pairs = sorted(
        ((jaccard(members, group), key, i) for key, members in existing.items() for i, group in enumerate(groups)),
        key=lambda p: (-p[0], p[1], p[2]),
    )
    matched: list[str | None] = [None] * len(groups)
    taken: set[str] = set()
    for score, key, i in pairs:
        if score < JACCARD_SAME:
            break
        if matched[i] is None and key not in taken:
            matched[i] = key
            taken.add(key)
    return matched
