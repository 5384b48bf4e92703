"""Themes: the entries of a study's code book."""

from dataclasses import dataclass

from app.domain.identity import derive_id


@dataclass(frozen=True, slots=True)
class Theme:
    """An entry of the code book; `id` is derived from its first members and then kept."""

    id: str
    label: str
    definition: str = ""
    use_when: str = ""
    not_when: str = ""
    parent_id: str | None = None
    origin: str = "offline"


@dataclass(frozen=True, slots=True)
class ClusterProposal:
    """Groups of quote ids that belong together, each sorted, plus what was left out."""

    groups: tuple[tuple[str, ...], ...]
    unplaced: tuple[str, ...]


def theme_id(study_id: str, quote_ids: tuple[str, ...]) -> str:
    """Derived once, from the members a theme was born with."""
    return derive_id("theme", study_id, *sorted(quote_ids))


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
