"""The rows of the form that changes stages: what a browser sends, in which order, and what it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from app.domain.stage_proposals import Mode
from app.domain.stages import Stage
from app.domain.staging import MAX_STAGES, StageDraft
from app.exports.catalogue import N_, Wording
from app.services.stage_proposals import StageChoice
from app.web.answers import position, typed

USUAL_STAGES = Wording(
    {
        "awareness": N_("Awareness"),
        "consideration": N_("Consideration"),
        "purchase": N_("Purchase"),
        "onboarding": N_("Onboarding"),
        "use": N_("Use"),
        "support": N_("Support"),
        "loyalty": N_("Loyalty"),
    }
)
"""What the default stages are called, by key, in the order of the journey."""
KEEP, REMOVE = "", "remove"
"""What becomes of a row's stage; any other value is the id of the stage that it is merged into."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as it stands in the form; `id` is empty for a new one."""

    id: str
    title: str
    definition: str = ""
    base: tuple[str, ...] = ()
    fate: str = KEEP

    @property
    def blank(self) -> bool:
        """Whether it is a new stage that nobody named."""
        return not self.id and not self.title.strip()


@dataclass(frozen=True, slots=True)
class StageForm:
    """Rows in their order; `seen` marks the stages that they began as, so that nobody's change is lost unseen.

    `proposal` is the id of the proposal that they were taken from, if they were.
    """

    rows: tuple[StageRow, ...]
    seen: str = ""
    proposal: str = ""

    def drafts(self) -> list[StageDraft]:
        """What is to become of the stages; new ones without a title are left out."""
        return [
            StageDraft(row.id or None, row.title, row.definition, row.base, row.fate or None)
            for row in self.rows
            if row.fate != REMOVE and not row.blank
        ]

    def moved(self, number: int, by: int) -> "StageForm":
        """With one row (counted from 0) further up or down; at the ends it stays."""
        rows, to = list(self.rows), number + by
        if 0 <= number < len(rows) and 0 <= to < len(rows):
            rows.insert(to, rows.pop(number))
        return replace(self, rows=tuple(rows))

    def added(self, row: StageRow, after: str | None = None) -> "StageForm":
        """With one more row, behind the stage of this id or at the end; nothing is added beyond what a study holds, or twice."""
        if len(self.rows) >= MAX_STAGES or (row.id and any(r.id == row.id for r in self.rows)):
            return self
        at = next((n + 1 for n, r in enumerate(self.rows) if after and r.id == after), len(self.rows))
        return replace(self, rows=(*self.rows[:at], row, *self.rows[at:]))

    def meeting(self, now: "StageForm") -> "StageForm":
        """As it was typed, over what somebody else saved meanwhile: stages that are gone leave it, new ones join it at the end."""
        there, mine = {row.id for row in now.rows}, {row.id for row in self.rows}
        kept = (
            row if row.fate in {KEEP, REMOVE, *there} else replace(row, fate=KEEP) for row in self.rows if not row.id or row.id in there
        )
        return replace(self, rows=(*kept, *(row for row in now.rows if row.id not in mine)), seen=now.seen)


def as_rows(stages: Iterable[Stage]) -> tuple[StageRow, ...]:
    """Stages as the form begins."""
    return tuple(StageRow(s.id, s.title, s.definition, s.base) for s in stages)


def read_rows(form: FormData) -> StageForm:
    """The rows that a browser sent, in the order of their positions; those without one come last. None where there are no rows."""
    numbers = [name.removeprefix("title-") for name in form if name.startswith("title-")]
    told = [(position(form, f"order-{n}"), _row(form, n)) for n in dict.fromkeys(numbers)]
    rows: Sequence[StageRow] = [row for _, row in sorted(told, key=lambda one: one[0])]
    return StageForm(tuple(rows[: 2 * MAX_STAGES]), typed(form, "seen"), typed(form, "proposal"))


@dataclass(frozen=True, slots=True)
class ProposalChoices:
    """What somebody chose of proposed stages: those to keep, in their words, and what becomes of the present ones."""

    proposal: str
    kept: tuple[StageChoice, ...]
    mode: Mode


def read_choices(form: FormData) -> ProposalChoices:
    """What a browser sent of the form of a proposal: a stage is kept where its box was ticked."""
    numbers = [name.removeprefix("key-") for name in form if name.startswith("key-")]
    kept = tuple(
        StageChoice(typed(form, f"key-{n}"), typed(form, f"title-{n}"), typed(form, f"definition-{n}"))
        for n in numbers
        if typed(form, f"keep-{n}")
    )
    return ProposalChoices(typed(form, "proposal"), kept, Mode.ADD if typed(form, "mode") == Mode.ADD else Mode.REPLACE)


def as_form(drafts: Sequence[StageDraft], present: Iterable[Stage], seen: str, proposal: str) -> StageForm:
    """Drafts as the form has them; present stages that none of them names are there too, to be removed."""
    rows = [StageRow(d.id or "", d.title, d.definition, d.base or (), d.merge_into or KEEP) for d in drafts]
    named = {draft.id for draft in drafts}
    gone = (StageRow(s.id, s.title, s.definition, s.base, REMOVE) for s in present if s.id not in named)
    return StageForm((*rows, *gone), seen, proposal)


def _row(form: FormData, number: str) -> StageRow:
    base = tuple(key for key in form.getlist(f"base-{number}") if isinstance(key, str))
    stage, title, definition, fate = (typed(form, f"{name}-{number}") for name in ("stage", "title", "definition", "fate"))
    return StageRow(stage, title, definition, base, fate)
