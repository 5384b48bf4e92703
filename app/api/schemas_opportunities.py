"""What the wire looks like of opportunities; see `app.api.schemas`."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In, Page
from app.api.schemas_map import QuoteOut
from app.api.schemas_review import DecidedOut
from app.domain.journey import Origin
from app.domain.opportunities import Status
from app.services.opportunities import MAX_LENGTH, MAX_OPPORTUNITIES_PAGE, OPPORTUNITIES_PAGE
from app.stages.opportunities import TOP

Owner = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LENGTH["owner"])]
Wording = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LENGTH["text"])]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_LENGTH["note"])]


class OpportunitiesAskedIn(In):
    """Which opportunities are wanted; every filter that is given must match."""

    stage: str | None = Field(None, description="Key or id of a stage.")
    status: Status | None = None
    owner: str | None = Field(None, description="Whoever sees to it; `none` for those without.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(OPPORTUNITIES_PAGE, ge=1, le=MAX_OPPORTUNITIES_PAGE)


class OpportunityPatchIn(In):
    """What people say of an opportunity; what is left out stays as it is, null goes back to what the map says."""

    owner: Owner | None = None
    status: Status | None = None
    note: Note | None = None
    text: Wording | None = Field(None, description="Another wording of the question.")
    priority: int | None = Field(None, ge=0, le=TOP, description="Another priority than the computed one.")


class OpportunityStageOut(BaseModel):
    """A stage that an opportunity is found in, and the statement of the map that stands there."""

    id: str
    key: str
    title: str
    statement_id: str
    participants: int
    quotes: int


class OpportunityOut(BaseModel):
    """An opportunity.

    `computed_priority` is 100 × participants ÷ of_participants × intensity ÷ 2 × (1 − works_for ÷ of_participants), where an intensity
    below 0.5, or none, counts as 0.5; `why` says so in words. `priority` is that, or what people decided. `intensity` (0 to 2) is null
    where nobody feels it as a pain. It works for those to whom the same thing is a delight and who do not need help; `mixed` counts those
    who said both. `text` is the question, `beside` the words of a quote beside it; `said` are the strongest quotes that support it,
    `working` those that say what works already.
    """

    id: str
    study_id: str
    etag: str
    text: str
    beside: str
    origin: Origin
    theme_id: str | None
    theme: str | None
    stages: list[OpportunityStageOut]
    participants: int
    of_participants: int
    intensity: float | None
    works_for: int
    mixed: int
    quotes: int
    working_quotes: int
    priority: int
    computed_priority: int
    why: str
    owner: str | None
    status: Status
    note: str
    decided: dict[str, DecidedOut]
    said: list[QuoteOut]
    working: list[QuoteOut]


class OrphanOut(BaseModel):
    """What people decided (`values`, by field) about an opportunity that is no longer on the map."""

    id: str
    values: dict[str, Any]
    decided: dict[str, DecidedOut]


class OpportunitiesOut(Page[OpportunityOut]):
    """A page of opportunities, the most important first; `total` fit the filters, of `of`."""

    total: int
    of: int
    of_participants: int
    owners: list[str]
    orphans: list[OrphanOut]
