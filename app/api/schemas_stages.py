"""What the wire looks like of previews of stages, saved templates and business actions; see `app.api.schemas`."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In
from app.domain.blueprint import MAX_TEXT, Line
from app.domain.staging import Change
from app.services.staging import Fate
from app.services.templates import MAX_TITLE

ActionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]


class NamedStageOut(BaseModel):
    """A stage by name."""

    id: str
    key: str
    title: str


class StageEffectOut(NamedStageOut):
    """What happens to a stage, and how much of what it holds shares its fate.

    `waits` says that nothing is in it until all quotes are tagged again; what `disappears` is tagged anew by the next run.
    """

    title_before: str | None = Field(description="Null for a stage that was no column before.")
    changes: list[Change]
    fate: Fate
    other: NamedStageOut | None = Field(description="The stage that takes it in, or out of which it is taken.")
    quotes: int
    participants: int
    decisions: int = Field(description="Quotes of which people decided the stage.")
    statements: int | None = Field(description="On the default map as it was last drawn; null where it does not show the stage.")
    business_actions: int


class StageHeldOut(BaseModel):
    """How much is in a stage."""

    quotes: int
    participants: int


class StageCountOut(NamedStageOut):
    """A stage as it will be."""

    before: StageHeldOut
    after: StageHeldOut


class UnplacedOut(BaseModel):
    """Quotes that are tagged but in no stage."""

    before: int
    after: int


class StagePreviewOut(BaseModel):
    """What a change of stages would do; nothing was stored."""

    changed: bool
    effects: list[StageEffectOut]
    stages: list[StageCountOut]
    unplaced: UnplacedOut
    retag_advised: bool = Field(description="A stage is new or redefined: a run with `retag` lets quotes tagged so far know of it.")


class TemplateIn(In):
    """Save a study's stages under a title."""

    study_id: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE)]


class BusinessActionIn(In):
    """Something the business does in a stage, by id or key."""

    stage: str
    line: Line = Line.FRONT
    text: ActionText


class BusinessActionPatchIn(In):
    """What to restate; what is left out stays."""

    stage: str | None = None
    line: Line | None = None
    text: ActionText | None = None


class MapActionOut(BaseModel):
    """Something the business does in a stage of a map; written by people, touched by no run."""

    id: str
    map_id: str
    stage_id: str
    line: Line
    text: str
