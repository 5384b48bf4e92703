"""Working with themes: what people do to a code book. Every change is a decision: no run overwrites it, and it can be taken back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.repositories import Repositories
from app.domain.actions import ACCEPTED, EDITED, REJECTED, VERDICT, Action, Change
from app.domain.render import Audience
from app.domain.themes import PLACED, PLACEMENT, PROPOSAL
from app.errors import Conflict, InvalidInput, NotFound
from app.services.actions import TARGETS, Told, find_action, load_actions, record, take_back, tell_all
from app.services.book import entry_of, load_book
from app.services.edits import checked, make_entry, moves, split_entry
from app.services.maps import EVIDENCE_PAGE
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.proposals import (
    MERGE,
    Part,
    Proposal,
    find_proposal,
    into_of,
    open_proposal,
    open_proposals,
    split_by_vectors,
)
from app.services.quotes import MAX_PAGE, read_cursor, shown_run, states_of, study_of_quote
from app.services.reasons import explained, with_examples
from app.services.standing import Standing, load_again, load_standing
from app.services.store import Store
from app.services.unplaced import UNPLACED_PAGE, UnplacedPage, unplaced_page

HISTORY_PAGE, MAX_HISTORY_PAGE = 50, 200
Expected = Collection[str] | None
"""Tags of which an entry must have one for a change to be made (`Standing.check`)."""
_Do = Callable[[Repositories, Standing], list[Change]]
"""From what stands to what is decided; raises where that cannot be."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an action came to: the action, None where everything was as decided already, and the entries it is about as they are now."""

    told: Told | None
    themes: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Actions, newest first; `next_cursor` is None on the last page."""

    actions: tuple[Told, ...]
    total: int
    next_cursor: str | None


class CodeBooks:
    """Use cases around a study's code book; `vectors` names the embedder's vectors that splits are proposed by."""

    def __init__(self, store: Store, privacy: Privacy, vectors: str) -> None:
        self._store = store
        self._privacy = privacy
        self._vectors = vectors

    # Reading

    def read(self, study_id: str) -> dict[str, Any]:
        """A study's code book: version, tag, run, counts of quotes, and its entries, those that lie in others under `children`."""
        with self._store.read() as repo:
            s = load_standing(repo, study_id)
            stamp = repo.reviews.stamp(study_id, TARGETS)
        run_id = s.run.id if s.run else None
        return {
            "study_id": study_id,
            "version": s.book.version,
            "etag": "-".join(map(str, [s.book.version, *stamp, run_id or "none"])),
            "run_id": run_id,
            "quotes": len(s.said_by),
            "placed": len(s.placements),
            "themes": [{**s.entry(t), "children": [s.entry(child) for child in s.inside(t)]} for t in s.outermost],
        }

    def theme(self, theme_id: str, *, offset: int = 0) -> tuple[dict[str, Any], list[ShownQuote]]:
        """An entry with the ids of those inside it as `children`, and a page of its quotes, most central first.

        Raises `NotFound` for one that is not in force.
        """
        with self._store.read() as repo:
            study_id, _ = repo.themes.get(theme_id)
            s = load_standing(repo, study_id)
            try:
                s.open_entry(theme_id)
            except Conflict as gone:
                raise NotFound(s.fate(theme_id, ids=True)) from gone
            show = Presenter(repo, study_id, s.run, self._privacy, Audience.OWNER)
            quotes = show.show(s.within(theme_id)[offset : offset + EVIDENCE_PAGE], states_of(repo, study_id))
        return {**s.entry(theme_id), "study_id": study_id, "children": s.inside(theme_id)}, list(quotes.values())

    def proposals(self, study_id: str) -> list[Proposal]:
        """What runs proposed, nobody has answered, and still applies; parts have names."""
        with self._store.read() as repo:
            s = load_standing(repo, study_id)
            return explained(repo, s, open_proposals(repo, s), Presenter(repo, study_id, s.run, self._privacy, Audience.OWNER))

    def split_proposal(self, theme_id: str, parts: int | None = None) -> list[Part]:
        """How a theme would fall into two to four parts, with quotes of each; nothing is changed."""
        with self._store.read() as repo:
            study_id, _ = repo.themes.get(theme_id)
            s = load_standing(repo, study_id)
            found = split_by_vectors(repo, s, theme_id, parts, self._vectors)
            return with_examples(repo, s, found, Presenter(repo, study_id, s.run, self._privacy, Audience.OWNER))

    def study_of(self, theme_id: str) -> str:
        """The id of the study that a theme belongs to; raises `NotFound`."""
        with self._store.read() as repo:
            return repo.themes.get(theme_id)[0]

    def successors(self, theme_id: str) -> tuple[str, list[dict[str, Any]]]:
        """What became of an entry that is not in force, in words, and the entries that took over from it, where there are any."""
        with self._store.read() as repo:
            study_id, _ = repo.themes.get(theme_id)
            s = load_standing(repo, study_id)
            return s.fate(theme_id), [s.entry(t) for t in s.successors(theme_id)]

    def listed(self, study_id: str) -> list[dict[str, Any]]:
        """Every entry in force by its name, without counts, those inside others too: what quotes can be placed in."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            run = shown_run(repo, study_id)
            book = load_book(repo, study_id, run.tagger_key if run else None)
        return sorted((entry_of(book, t.id) for t in book.open()), key=lambda e: (e["label"].casefold(), e["id"]))

    def unplaced(self, study_id: str, *, near: str | None = None, cursor: str | None = None, limit: int = UNPLACED_PAGE) -> UnplacedPage:
        """A page of the quotes without a theme, those that nearly have one first; with `near` those that come near this theme."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_PAGE} quotes, not {limit}")
        start = read_cursor(cursor)
        with self._store.read() as repo:
            s = load_standing(repo, study_id)
            show = Presenter(repo, study_id, s.run, self._privacy, Audience.OWNER)
            return unplaced_page(repo, s, show, near, (start, limit))

    def history(self, study_id: str, *, cursor: str | None = None, limit: int = HISTORY_PAGE) -> HistoryPage:
        """A page of what people did to a code book, newest first, also what they took back."""
        if not 1 <= limit <= MAX_HISTORY_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_HISTORY_PAGE} actions, not {limit}")
        start = read_cursor(cursor)
        with self._store.read() as repo:
            repo.studies.get(study_id)
            actions = load_actions(repo, study_id)
            told = tell_all(repo, study_id, actions[start : start + limit])
        after = start + limit
        return HistoryPage(tuple(told), len(actions), str(after) if after < len(actions) else None)

    # Entries

    def add(self, study_id: str, given: Mapping[str, Any], quote_ids: Sequence[str] = (), *, actor: str) -> Changed:
        """A new entry, with these quotes moved into it."""
        values = {field: checked(field, value) for field, value in given.items()}
        if not values.get("label"):
            raise InvalidInput("a theme needs a label; say what it finds in a few words")

        def do(repo: Repositories, s: Standing) -> list[Change]:
            s.check_label(values["label"])
            if values.get("parent_id"):
                s.check_parent(None, values["parent_id"])
            made = make_entry(repo, s, values, self._store.now())
            said = [Change.theme(made, field, values[field]) for field in ("mark", "pinned") if values.get(field)]
            return [Change.theme(made, "removed", False), *said, *moves(s, quote_ids, made)]

        return self._act(study_id, do, actor)

    def change(self, theme_id: str, given: Mapping[str, Any], *, actor: str, expected: Expected = None) -> Changed:
        """Decide these fields of an entry, also where they only confirm what a run said."""
        if not given:
            raise InvalidInput(f"say at least one of {', '.join(EDITED)}")
        values = {field: checked(field, value) for field, value in given.items()}

        def do(_: Repositories, s: Standing) -> list[Change]:
            s.open_entry(theme_id)
            s.check(theme_id, expected)
            if "label" in values:
                s.check_label(values["label"], theme_id)
            if values.get("parent_id"):
                s.check_parent(theme_id, values["parent_id"])
            said = {d.field: (d.value, d.actor) for d in s.decided.get(theme_id, ())}
            return [Change.theme(theme_id, f, values[f]) for f in EDITED if f in values and said.get(f) != (values[f], actor)]

        return self._act_on(theme_id, do, actor, shown=theme_id)

    def remove(self, theme_id: str, *, actor: str, expected: Expected = None) -> Changed:
        """Take an entry out: its quotes belong to no theme any more, what lies inside it becomes outermost, and no run brings it back."""

        def do(_: Repositories, s: Standing) -> list[Change]:
            s.open_entry(theme_id)
            s.check(theme_id, expected)
            return [Change.theme(theme_id, "removed", True), *(Change.place(q, None) for q in s.members.get(theme_id, ()))]

        return self._act_on(theme_id, do, actor)

    def merge(self, theme_id: str, into: str, *, actor: str, expected: Expected = None) -> Changed:
        """Have another entry take over an entry's quotes, and what lies inside it."""

        def do(_: Repositories, s: Standing) -> list[Change]:
            merged = s.open_entry(theme_id)
            s.check(theme_id, expected)
            if theme_id == into:
                raise InvalidInput(f"“{merged.label}” cannot be merged into itself; choose another theme")
            s.open_entry(into)
            return [Change.theme(theme_id, "merged_into", into)]

        return self._act_on(theme_id, do, actor, shown=into)

    def split(self, theme_id: str, parts: Sequence[Part], *, actor: str, expected: Expected = None) -> Changed:
        """Make each part an entry of its own beside the theme, which is taken out if nothing of it is left."""

        def do(repo: Repositories, s: Standing) -> list[Change]:
            s.open_entry(theme_id)
            s.check(theme_id, expected)
            return split_entry(repo, s, theme_id, parts, self._store.now())

        return self._act_on(theme_id, do, actor)

    # Quotes

    def place(self, study_id: str, quote_ids: Sequence[str], theme_id: str | None, *, actor: str) -> Changed:
        """Move quotes to a theme, or with None out of all; also where they are there already, which is then decided."""
        if not quote_ids:
            raise InvalidInput("say which quotes are to be moved")

        def do(repo: Repositories, s: Standing) -> list[Change]:
            if theme_id is not None:
                s.open_entry(theme_id)
            decided = repo.reviews.decisions(study_id, PLACEMENT)
            said = {q: (made[-1].value, made[-1].actor) for q, made in decided.items() if made[-1].field == PLACED}
            return [c for c in moves(s, quote_ids, theme_id) if said.get(c.target_id) != (theme_id, actor)]

        return self._act(study_id, do, actor, shown=theme_id)

    def take_back_placement(self, quote_id: str) -> int:
        """Take back wherever people placed a quote, so that it belongs where the newest run put it; how many decisions that were."""
        with self._store.write() as repo:
            study_id = study_of_quote(repo, quote_id)
            undone = repo.reviews.undo(study_id, PLACEMENT, quote_id, self._store.now())
            if undone:
                repo.studies.bump_codebook(study_id)
            return undone

    # Proposals

    def accept(self, proposal_id: str, *, actor: str) -> Changed:
        """Do what a run proposed: split a theme into those parts, or merge themes into the one that people named, else the largest."""

        def do(repo: Repositories, s: Standing) -> list[Change]:
            proposal = open_proposal(repo, s, proposal_id)
            verdict = Change(PROPOSAL, proposal_id, VERDICT, ACCEPTED)
            if proposal.kind != MERGE:
                return [verdict, *split_entry(repo, s, proposal.theme_ids[0], proposal.parts, self._store.now())]
            into = into_of(s, proposal.theme_ids)
            return [verdict, *(Change.theme(t, "merged_into", into) for t in proposal.theme_ids if t != into)]

        return self._answer(proposal_id, do, actor)

    def reject(self, proposal_id: str, *, actor: str) -> Changed:
        """Answer that what a run proposed is not wanted; it is not proposed again."""

        def do(repo: Repositories, s: Standing) -> list[Change]:
            open_proposal(repo, s, proposal_id)
            return [Change(PROPOSAL, proposal_id, VERDICT, REJECTED)]

        return self._answer(proposal_id, do, actor)

    def _answer(self, proposal_id: str, do: _Do, actor: str) -> Changed:
        with self._store.read() as repo:
            study_id = find_proposal(repo, proposal_id)
        return self._act(study_id, do, actor)

    # Taking back

    def undo(self, study_id: str, action_id: str | None = None) -> Changed:
        """Take an action back as a whole, without an id the newest that stands.

        Raises `Conflict` where it was taken back already, or where another action rests on an entry that it made.
        """
        with self._store.write() as repo:
            repo.studies.get(study_id)
            actions = load_actions(repo, study_id)
            action = find_action(actions, action_id)
            undone = take_back(repo, self._store, study_id, action, action.standing, actions)
            return self._changed(repo, load_standing(repo, study_id), undone)

    # How it is done

    def _act_on(self, theme_id: str, do: _Do, actor: str, shown: str | None = None) -> Changed:
        with self._store.read() as repo:
            study_id, _ = repo.themes.get(theme_id)
        return self._act(study_id, do, actor, shown)

    def _act(self, study_id: str, do: _Do, actor: str, shown: str | None = None) -> Changed:
        """Load what stands, ask what is to be decided and keep it, all in one transaction; `shown` is told of even if nothing was."""
        with self._store.write() as repo:
            s = load_standing(repo, study_id)
            changes = do(repo, s)
            if not changes:
                return Changed(None, (s.entry(shown),) if shown else ())
            action = record(repo, self._store, study_id, changes, actor)
            return self._changed(repo, load_again(repo, s), action, shown)

    @staticmethod
    def _changed(repo: Repositories, s: Standing, action: Action, first: str | None = None) -> Changed:
        about = dict.fromkeys([*([first] if first else []), *action.theme_ids])
        return Changed(tell_all(repo, s.study_id, [action])[0], tuple(s.entry(t) for t in about if s.book.is_open(t)))
