"""What the wire looks like of people's journeys, of personas as their interviews show them, and of proposed ones; see `app.api.schemas`."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In, PersonaOut, PersonRefOut
from app.api.schemas_map import QuoteOut
from app.domain.journey import Lane
from app.domain.tags import Channel, Experience


class NameRefOut(BaseModel):
    """Something by its id and name."""

    id: str
    name: str


class PersonOut(PersonRefOut):
    """A participant with what is known of them."""

    attributes: dict[str, str]


class TravellerOut(PersonOut):
    """A participant with the personas they belong to."""

    personas: list[NameRefOut]


class InterviewOfOut(BaseModel):
    """An interview in which somebody took part; `share` is their part of its words."""

    transcript_id: str
    file_name: str
    duration_ms: int | None
    words: int
    share: float
    turns: int
    quotes: int


class FeelingOut(BaseModel):
    """The mean over people of each one's mean valence, −2 to 2, and how far they differ."""

    score: float
    spread: float
    participants: int


class StageHeadOut(BaseModel):
    """A stage of the journey."""

    stage_id: str
    key: str
    title: str


class StepOut(StageHeadOut):
    """What one participant told of a stage, beside how all felt there."""

    told: int | None = Field(description="Place in the order of telling, 1 for the stage they spoke of first; null for one they never did.")
    first_quote_id: str | None
    quotes: int
    pains: int
    delights: int
    score: float | None = Field(description="Their mean valence, −2 to 2.")
    did_quote_id: str | None
    felt_quote_id: str | None
    study: FeelingOut | None


class ThemeOfOut(BaseModel):
    """A theme they speak of; `others` is how many other participants do."""

    id: str
    label: str
    quotes: int
    others: int
    mostly: Experience


class TouchpointOfOut(BaseModel):
    """Where they met the product."""

    touchpoint: str
    channel: Channel
    quotes: int
    pains: int
    delights: int


class StandOut(BaseModel):
    """A statement of the map, and how many of their quotes speak for and against it."""

    id: str
    text: str
    lane: Lane
    stage_id: str
    theme_id: str | None
    supports: int
    contradicts: int
    participants: int
    of_participants: int


class OwnCoverageOut(BaseModel):
    """What became of each sentence they said; the four add up."""

    sentences: int
    used: int
    unplaced: int
    gap: int
    skipped: int


class FeltOut(BaseModel):
    """Quotes by experience."""

    pain: int
    delight: int
    neutral: int


class JourneyOut(BaseModel):
    """What one participant went through; `quotes` holds every quote that is named, `quote_ids` a page of all in the order of telling."""

    study_id: str
    run_id: str | None = Field(description="The run whose tags these are; null before the first one.")
    participant: TravellerOut
    before: PersonRefOut | None
    after: PersonRefOut | None
    interviews: list[InterviewOfOut]
    quotes_total: int
    felt: FeltOut
    path: list[StepOut] = Field(description="Every stage, in the order of the journey.")
    told_order: list[str] = Field(description="Ids of the stages they spoke of, in the order of telling.")
    pains: list[str] = Field(description="Ids of the quotes that hurt most.")
    delights: list[str]
    themes: list[ThemeOfOut]
    touchpoints: list[TouchpointOfOut]
    statements: list[StandOut]
    coverage: OwnCoverageOut
    quote_ids: list[str]
    next_offset: int | None
    quotes: dict[str, QuoteOut]


class JourneyAskedIn(In):
    """Which page of their quotes."""

    offset: int = Field(0, ge=0)
    limit: int = Field(12, ge=1, le=200)


class ContrastOut(BaseModel):
    """How many of some people have something (`inside` of `of_inside`), and how many of the others."""

    inside: int
    of_inside: int
    elsewhere: int
    of_elsewhere: int


class OwnThemeOut(ContrastOut):
    """A theme, or with a lane a statement, that a persona has more of than the others."""

    id: str
    text: str
    lane: Lane | None
    stage_id: str | None


class SharedAttributeOut(BaseModel):
    """An attribute whose value most members share."""

    attribute: str
    value: str
    members: int


class TwoFeelingsOut(StageHeadOut):
    """How a persona's members felt in a stage, and how the others did."""

    theirs: FeelingOut | None
    others: FeelingOut | None


class PersonaSeenOut(PersonaOut):
    """A persona with its people and what is theirs; `others` is how many quoted participants it is compared with."""

    study_id: str
    members: list[PersonOut]
    others: int
    shared: list[SharedAttributeOut]
    path: list[TwoFeelingsOut]
    themes: list[OwnThemeOut]
    statements: list[OwnThemeOut]
    quotes: list[QuoteOut] = Field(description="Quotes that speak for them.")
    drawn: bool = Field(description="Whether there is a map yet; without one nothing is theirs.")


class SharedOut(ContrastOut):
    """Something a group shares, what they mostly felt about it, and a few of the quotes behind it, each of another member."""

    kind: Literal["theme", "stage", "touchpoint"]
    key: str
    text: str
    mostly: Experience
    quotes: list[QuoteOut]


class PersonaProposalOut(BaseModel):
    """A group of participants that may be a persona, with a name to start from."""

    id: str
    name: str
    participants: list[PersonRefOut]
    shared: list[SharedOut]


class PersonaProposalsOut(BaseModel):
    """Groups that stand out from what chance would bring and that nobody has answered; none is the usual answer for few interviews."""

    items: list[PersonaProposalOut]
    participants: int = Field(description="How many were compared.")
    rejected: int = Field(description="How many were rejected; they are not proposed again.")
    note: str


class AcceptIn(In):
    """What to call the new persona; without a name it gets the proposed one."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
