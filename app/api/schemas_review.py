"""What the wire looks like of people's decisions; see `app.api.schemas`."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In, Page
from app.domain.tags import STRONG, Channel, Emotion, Experience, Kind
from app.services.review import DECISIONS_PAGE, MAX_DECISIONS_PAGE
from app.stages.tag import MAX_TEXT

Touchpoint = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT)]


class TagsIn(In):
    """What a person decides about a quote; what is left out stays as it is, what equals the proposal confirms it."""

    stage: str | None = Field(None, description="Key or id of a stage, or `none`.")
    channel: Channel | None = None
    touchpoint: Touchpoint | None = Field(None, description="A noun phrase; null says that there is none.")
    kind: Kind | None = None
    emotion: Emotion | None = None
    intensity: int | None = Field(None, ge=1, le=STRONG)
    experience: Experience | None = None


class DecisionsAskedIn(In):
    """Which decisions are wanted."""

    target_type: str | None = Field(
        None,
        description="`quote`, `theme`, `placement`, `proposal`, `opportunity`, `persona`, `persona_proposal`, `stage_proposal`, "
        "`speaker`, `term` or `study`.",
    )
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(DECISIONS_PAGE, ge=1, le=MAX_DECISIONS_PAGE)


class DecisionOut(BaseModel):
    """What a person decided about one field of one target; `undone_at` is null while it stands. A quote's stage comes by its key."""

    id: str
    target_type: str
    target_id: str
    field: str
    value: Any
    actor: str
    at: str
    undone_at: str | None


class DecisionsOut(Page[DecisionOut]):
    """A page of decisions, newest first, and how many there are in all."""

    total: int


class ProposedOut(BaseModel):
    """What the model proposed; a stage that the study no longer has is null."""

    stage: str | None
    channel: Channel
    touchpoint: str | None
    kind: Kind
    emotion: Emotion
    intensity: int
    experience: Experience


class DecidedOut(BaseModel):
    """Who decided a field, and when."""

    decision_id: str
    actor: str
    at: str


class ReviewOut(BaseModel):
    """How far people are with a quote (`open`, `confirmed`, `corrected`), what the model proposed, who decided which fields."""

    status: str
    proposed: ProposedOut | None
    decided: dict[str, DecidedOut]
