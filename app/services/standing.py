"""A study's code book as it stands: its entries in force, what is placed in them, and what people may do with it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.db.repositories import Repositories
from app.domain.actions import EDITED, SPLIT_INTO
from app.domain.identity import sha256
from app.domain.review import Decision
from app.domain.runs import Run
from app.domain.themes import THEME, CodeBook, Placement, Theme, fold_placements
from app.domain.wording import quoted
from app.errors import Conflict, InvalidInput, NotFound, Outdated
from app.exports.catalogue import _, spoken
from app.services.book import decided_placements, entry_of, load_book
from app.services.quotes import shown_run
from app.stages.naming import ThemeName, own_label

TAG_LENGTH = 24
ANY_TAG = "*"


@dataclass(frozen=True)
class Standing:
    """A code book with the newest run's placements, people's laid over them; `run` is None before the first one."""

    study_id: str
    run: Run | None
    book: CodeBook
    placements: Mapping[str, Placement]
    """Where quotes of participants belong, by quote id."""
    found: Mapping[str, Placement]
    """Where the run placed quotes, without people's decisions; the themes that were near are not loaded."""
    said_by: Mapping[str, str]
    """Who (a participant's id) said each quote that counts."""
    decided: Mapping[str, Sequence[Decision]]
    """People's standing decisions by entry, oldest first."""

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Ids of the quotes placed in an entry itself, not in one inside it; the most central first."""
        found: dict[str, list[str]] = {}
        for quote_id in sorted(self.placements, key=lambda q: (-self.placements[q].strength, q)):
            found.setdefault(self.placements[quote_id].theme_id, []).append(quote_id)
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for theme in self.book.open():
            if above := self.book.parent(theme.id):
                found.setdefault(above, []).append(theme.id)
        return found

    def inside(self, theme_id: str) -> list[str]:
        """Open entries inside one; the most shared first."""
        return sorted(self._children.get(theme_id, ()), key=self._rank)

    @property
    def outermost(self) -> list[str]:
        """Open entries that lie in no other; the most shared first."""
        return sorted((t.id for t in self.book.open() if self.book.parent(t.id) is None), key=self._rank)

    def within(self, theme_id: str) -> list[str]:
        """Ids of the quotes of an entry and of those inside it, the most central first."""
        return sorted(self._within(theme_id), key=lambda q: (-self.placements[q].strength, q))

    def _within(self, theme_id: str) -> list[str]:
        return [q for t in (theme_id, *self._children.get(theme_id, ())) for q in self.members.get(t, ())]

    def people(self, quote_ids: Collection[str]) -> int:
        """How many participants said these quotes."""
        return len({self.said_by[q] for q in quote_ids})

    @cached_property
    def _counts(self) -> dict[str, tuple[int, int]]:
        """Participants and quotes of each open entry, those inside it included."""
        within = {theme.id: self._within(theme.id) for theme in self.book.open()}
        return {theme: (self.people(quotes), len(quotes)) for theme, quotes in within.items()}

    def _rank(self, theme_id: str) -> tuple[int, int, str]:
        people, quotes = self._counts[theme_id]
        return -people, -quotes, theme_id

    def entry(self, theme_id: str) -> dict[str, Any]:
        """An entry as it is told: its fields, its counts (those inside it included), who decided which field, and its tag."""
        people, quotes = self._counts[theme_id]
        latest = {d.field: d for d in self.decided.get(theme_id, ())}
        return {
            **entry_of(self.book, theme_id),
            "quotes": quotes,
            "own_quotes": len(self.members.get(theme_id, ())),
            "participants": people,
            "decided": {f: _by(latest[f]) for f in EDITED if f in latest},
            "etag": self.tag(theme_id),
        }

    def tag(self, theme_id: str) -> str:
        """A word that changes whenever an entry's fields do."""
        return sha256(json.dumps(entry_of(self.book, theme_id), sort_keys=True))[:TAG_LENGTH]

    def check(self, theme_id: str, expected: Collection[str] | None) -> None:
        """Raise `Outdated` where an entry is not as whoever changes it has seen it; None expects nothing."""
        if expected is not None and not {ANY_TAG, self.tag(theme_id)} & set(expected):
            raise Outdated(f"“{self.label(theme_id)}” was changed since you read it; read it again, then decide")

    def label(self, theme_id: str) -> str:
        """What an entry is called."""
        return self.book.entries[theme_id].label

    def open_entry(self, theme_id: str) -> Theme:
        """An entry that is in force; raises `NotFound` for one of another study, `Conflict` for one that was merged or taken out."""
        entry = self.book.entries.get(theme_id)
        if entry is None:
            raise NotFound(f"there is no theme “{theme_id}” in this study")
        if entry.removed or entry.merged_into:
            raise Conflict(self.fate(theme_id))
        return entry

    def successors(self, theme_id: str) -> list[str]:
        """The entries in force that took over from one that is not: it was merged into them, or split into them."""
        if self.book.entries[theme_id].merged_into:
            return [now] if (now := self.book.standing(theme_id)) else []
        parts = [d.value for d in self.decided.get(theme_id, ()) if d.field == SPLIT_INTO][-1:]
        return list(dict.fromkeys(now for part in parts for t in part if (now := self.book.standing(t))))

    def fate(self, theme_id: str, *, ids: bool = False) -> str:
        """What became of an entry that is not in force, and the way out; with the ids of those that took over, or their names alone."""
        entry = self.book.entries[theme_id]
        label, words = quoted(entry.label, spoken().words), spoken().words
        after = [quoted(self.label(now), words) + (f" ({now})" if ids else "") for now in self.successors(theme_id)]
        if entry.merged_into:
            into = after[0] if after else _("a theme that was taken out")
            return _("{theme} was merged into {into}; go on with that one, or undo the merge").format(theme=label, into=into)
        if after:
            told = _("{theme} was taken out when it was split into {parts}; go on with those, or undo the split")
            return told.format(theme=label, parts=", ".join(after))
        return _("{theme} was taken out of the code book; undo that, then go on").format(theme=label)

    def check_parent(self, theme_id: str | None, parent_id: str) -> None:
        """Raise where an entry (None: a new one) cannot lie inside another: there are two levels."""
        parent = self.open_entry(parent_id)
        if parent_id == theme_id:
            raise InvalidInput(f"“{parent.label}” cannot lie inside itself; choose another theme, or null for none")
        if (above := self.book.parent(parent_id)) is not None:
            outer = self.label(above)
            raise InvalidInput(f"“{parent.label}” lies inside “{outer}” itself; choose “{outer}”, or take “{parent.label}” out of it first")
        if theme_id and self._children.get(theme_id):
            mine = self.label(theme_id)
            raise InvalidInput(f"“{mine}” has themes inside it, and there are two levels only; take those out of it first")

    def check_label(self, label: str, theme_id: str | None = None) -> None:
        """Raise `Conflict` where another entry in force has this name."""
        if any(t.label.casefold() == label.casefold() and t.id != theme_id for t in self.book.open()):
            raise Conflict(f"there is a theme “{label}” already; choose another name, or merge the two")

    def free_label(self, name: ThemeName, taken: Collection[str]) -> str:
        """The name in words that neither an entry in force nor one of these has."""
        return own_label(name, [*(t.label for t in self.book.open()), *taken])


def load_standing(repo: Repositories, study_id: str) -> Standing:
    """Load a study's code book as it stands; raises `NotFound`."""
    repo.studies.get(study_id)
    run = shown_run(repo, study_id)
    found = repo.themes.placements(run.id, near=False) if run else {}
    return _fold(repo, study_id, run, found, repo.transcripts.said_by(study_id))


def load_again(repo: Repositories, before: Standing) -> Standing:
    """The same after people decided more, in the same transaction."""
    return _fold(repo, before.study_id, before.run, before.found, before.said_by)


def _fold(repo: Repositories, study_id: str, run: Run | None, found: Mapping[str, Placement], said_by: Mapping[str, str]) -> Standing:
    book = load_book(repo, study_id, run.tagger_key if run else None)
    placed = fold_placements(found, decided_placements(repo, study_id), book)
    placements = {q: p for q, p in placed.items() if q in said_by}
    return Standing(study_id, run, book, placements, found, said_by, repo.reviews.decisions(study_id, THEME))


def _by(decision: Decision) -> dict[str, str]:
    return {"decision_id": decision.id, "actor": decision.actor, "at": decision.at.isoformat()}
