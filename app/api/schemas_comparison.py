"""What the wire looks like of two parts of a map side by side, and of many people's curves; see `app.api.schemas`."""

from pydantic import BaseModel, Field

from app.api.schemas_map import CurveHeadOut, MapParticipantOut
from app.api.schemas_narrowing import NarrowingOut


class ComparedPartOut(BaseModel):
    """One side of a comparison; `of_participants` are the people within it, `participants` those of them who said something."""

    narrowing: NarrowingOut
    of_participants: int
    participants: list[MapParticipantOut]


class ComparedSideOut(BaseModel):
    """How many people on one side a statement rests on."""

    participants: int
    of_participants: int
    evidence_total: int


class ComparedStatementOut(BaseModel):
    """A statement on both sides; null where it has no evidence."""

    id: str
    text: str
    theme_id: str | None
    left: ComparedSideOut | None
    right: ComparedSideOut | None
    difference: float = Field(description="Share of people on the left less that on the right, −1 to 1.")


class ComparedEmotionOut(BaseModel):
    """One side's curve point in a stage; null where nobody said anything."""

    emotion: CurveHeadOut | None


class ComparedLanesOut(BaseModel):
    """A stage's statements by lane, what differs most first."""

    actions: list[ComparedStatementOut]
    thoughts: list[ComparedStatementOut]
    touchpoints: list[ComparedStatementOut]
    pains: list[ComparedStatementOut]
    delights: list[ComparedStatementOut]
    opportunities: list[ComparedStatementOut]


class ComparedStageOut(BaseModel):
    """A column of both sides."""

    id: str
    key: str
    title: str
    left: ComparedEmotionOut
    right: ComparedEmotionOut
    lanes: ComparedLanesOut


class ComparisonOut(BaseModel):
    """Two parts of one version of a map."""

    id: str
    map_id: str
    study_id: str
    left: ComparedPartOut
    right: ComparedPartOut
    stages: list[ComparedStageOut]


class GroupPointOut(BaseModel):
    """What a group felt in a stage, −2…+2, averaged per participant first."""

    stage_id: str
    score: float
    participants: int


class GroupCurveOut(BaseModel):
    """The curve of a persona or a participant, as many points as the map has stages; null where nobody of them said anything."""

    id: str
    name: str
    participants: int
    points: list[GroupPointOut | None]
