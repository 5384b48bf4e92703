"""What the wire looks like around personal data; see `app.api.schemas`."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In, PersonalDataCostOut
from app.domain.terms import MAX_TERM

PersonalKind = Literal["name", "email", "phone", "address", "card", "account", "id", "other"]


class TermIn(In):
    """What people decide about a term; it holds wherever the term stands in the study, now and later."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TERM)]
    kind: PersonalKind | None = Field(description="What it is hidden as; null says that it is not personal and stays.")


class TermExampleOut(BaseModel):
    """A place where a term stands, as spoken."""

    transcript_id: str
    file_name: str
    before: str
    words: str
    after: str


class TermOut(BaseModel):
    """A term, how it is treated, and where it stands; `decided` says whether a person or the detector said so."""

    id: str
    words: str
    kind: str
    hidden: bool
    decided: bool
    count: int
    transcripts: int
    shown_as: str
    example: TermExampleOut | None


class PersonalDataOut(BaseModel):
    """A study's personal data, most frequent terms of each kind first.

    `waiting` counts transcripts that were not searched yet; they are before a model reads them or a file for others is written.
    """

    redact: bool
    switched_by: str | None
    switched_at: str | None
    detector: str
    cost: PersonalDataCostOut
    transcripts: int
    waiting: int
    items: list[TermOut]
    total: int
    next_cursor: str | None
