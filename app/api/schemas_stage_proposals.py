"""What the wire looks like of stages that a model proposed; see `app.api.schemas`."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In
from app.api.schemas_map import QuoteOut
from app.api.schemas_stages import NamedStageOut
from app.domain.stage_proposals import Mode, ProposalStatus


class ReadOut(BaseModel):
    """How much a model is shown: quotes and interviews, of how many there are."""

    quotes: int
    of_quotes: int
    interviews: int
    of_interviews: int


class ProposalUsageOut(BaseModel):
    """What asking took; `cached` replies cost nothing, `cost` is null where no price is set."""

    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    cost: float | None


class ProposedStageOut(BaseModel):
    """A stage that a model proposed, with quotes that show it, word for word."""

    key: str
    title: str
    definition: str
    base: list[str] = Field(description="Keys of the default stages that it corresponds to.")
    why: str
    carries_on: list[NamedStageOut] = Field(description="Present stages whose tags it would take over where all proposed ones are kept.")
    quotes: list[QuoteOut]


class StageProposalOut(BaseModel):
    """Stages proposed from the interviews; none as long as a worker is at it, or where it failed (`error`). `verdict` is people's answer.

    `ungrounded` is how much of the model's answer named nothing that it had been shown.
    """

    id: str
    study_id: str
    status: ProposalStatus
    verdict: Literal["accepted", "rejected"] | None
    model: str
    prompt: str
    created_at: str
    ended_at: str | None
    error: str | None
    read: ReadOut
    usage: ProposalUsageOut
    ungrounded: int
    stages: list[ProposedStageOut]


class StageProposalEstimateOut(BaseModel):
    """What asking for stages would take now; without calls where the very answer is remembered.

    `affordable` is false where the token budget would not let it happen.
    """

    model: str
    read: ReadOut
    calls: int
    tokens_in: int
    tokens_out_at_most: int
    price_at_most: float | None
    affordable: bool


class StageChoiceIn(In):
    """A proposed stage to keep; words that are left out stay as proposed."""

    key: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None
    definition: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None


class StagesTakenIn(In):
    """Which proposed stages to keep (left out: all), and whether they take the place of the present stages or join them."""

    stages: Annotated[list[StageChoiceIn], Field(min_length=1)] | None = None
    mode: Mode = Mode.REPLACE
