"""Actions: what a person did to a code book in one go; often several decisions, which stand and fall together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.review import Decision
from app.domain.themes import PLACED, PLACEMENT, PROPOSAL, THEME

SPLIT_INTO, VERDICT = "split_into", "verdict"
"""Fields beside those of an entry: what became of a theme that was split (ids), and of a proposal."""
ACCEPTED, REJECTED = "accepted", "rejected"
TEXTS = ("label", "definition", "use_when", "not_when", "summary")
EDITED = (*TEXTS, "parent_id", "mark", "pinned")
"""What people may say of an entry."""
_ALONE = frozenset({*TEXTS, "mark", "pinned", PLACED})
"""Fields whose decisions can be taken back one by one without leaving half an action behind."""
_JOINT = "-"
Called = Callable[[str, datetime, bool], str]
"""What a theme was called at a time; with True, just before."""


@dataclass(frozen=True, slots=True)
class Change:
    """One decision in the making."""

    target_type: str
    target_id: str
    field: str
    value: Any

    @classmethod
    def place(cls, quote_id: str, theme_id: str | None) -> "Change":
        """A quote is placed by hand, with None in no theme."""
        return cls(PLACEMENT, quote_id, PLACED, theme_id)

    @classmethod
    def theme(cls, theme_id: str, field: str, value: Any) -> "Change":
        """Something is said of an entry."""
        return cls(THEME, theme_id, field, value)


@dataclass(frozen=True, slots=True)
class Action:
    """Decisions that were made together; the first says what the action is."""

    id: str
    decisions: tuple[Decision, ...]

    @property
    def head(self) -> Decision:
        """The decision that says what the action is."""
        return self.decisions[0]

    @property
    def standing(self) -> tuple[Decision, ...]:
        """Those that were not taken back."""
        return tuple(d for d in self.decisions if d.undone_at is None)

    @property
    def undone_at(self) -> datetime | None:
        """When the last of it was taken back; None while any of it stands."""
        return None if self.standing else max(d.undone_at for d in self.decisions if d.undone_at)

    @property
    def kind(self) -> str:
        """`add`, `remove`, `merge`, `split`, `move`, `edit`, or `accept` and `reject` of a proposal."""
        head = self.head
        if head.target_type == PROPOSAL:
            return "accept" if head.value == ACCEPTED else "reject"
        if head.target_type == PLACEMENT:
            return "move"
        if head.field == "removed":
            return "remove" if head.value else "add"
        return {"merged_into": "merge", SPLIT_INTO: "split"}.get(head.field, "edit")

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Themes that it is about, in the order in which they were decided about; those that quotes were moved to last."""
        about = [d.target_id for d in self.decisions if d.target_type == THEME]
        into = [d.value for d in self.decisions if d.field in {PLACED, "merged_into"} and d.value]
        return tuple(dict.fromkeys([*about, *into]))

    @property
    def made(self) -> frozenset[str]:
        """Entries that are there by this action."""
        return frozenset(d.target_id for d in self.standing if d.field == "removed" and d.value is False)

    def with_(self, decision: Decision) -> tuple[Decision, ...]:
        """What must be taken back with one of its decisions: nothing else, or all of it where it would leave half an action behind."""
        return (decision,) if decision.field in _ALONE else self.standing


def decisions_of(action_id: str, changes: Sequence[Change], actor: str, at: datetime) -> list[Decision]:
    """The decisions of an action, in order."""
    return [Decision(f"{action_id}{_JOINT}{n}", c.target_type, c.target_id, c.field, c.value, actor, at) for n, c in enumerate(changes)]


def actions_of(decisions: Iterable[Decision]) -> list[Action]:
    """Decisions as the actions that they were made in, newest first."""
    together: dict[str, list[Decision]] = {}
    for decision in decisions:
        together.setdefault(decision.id.partition(_JOINT)[0], []).append(decision)
    actions = [Action(key, tuple(sorted(made, key=_number))) for key, made in together.items()]
    return sorted(actions, key=lambda a: (a.head.at, a.id), reverse=True)


def resting_on(action: Action, undone: Iterable[Decision], others: Iterable[Action]) -> Action | None:
    """The newest other action that is about an entry which goes when these decisions of an action are taken back."""
    gone = {d.target_id for d in undone} & action.made if any(d.field == "removed" for d in undone) else set()
    for other in others:
        needs = {d.value for d in other.standing if d.field in {PLACED, "merged_into", "parent_id"}} | {d.target_id for d in other.standing}
        if other.id != action.id and gone & needs:
            return other
    return None


def _number(decision: Decision) -> int:
    number = decision.id.partition(_JOINT)[2]
    return int(number) if number.isdecimal() else 0
