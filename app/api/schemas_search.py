"""What the wire looks like of searches; see `app.api.schemas`."""

from typing import Literal

from pydantic import BaseModel, Field

from app.api.schemas import In, Page
from app.api.schemas_map import QuoteOut
from app.domain.quote import State
from app.domain.tags import Channel, Emotion, Experience, Kind
from app.services.quotes import MAX_PAGE
from app.services.search import MAX_ASKED, SEARCH_PAGE, Mode


class SimilarIn(In):
    """Among which quotes to look; every filter that is given must match."""

    stage: str | None = Field(None, description="Key or id of a stage, or `none`.")
    channel: Channel | None = None
    touchpoint: str | None = Field(None, description="As it is tagged; case plays no part.")
    kind: Kind | None = None
    emotion: Emotion | None = None
    experience: Experience | None = None
    state: State | None = Field(None, description="With `skipped` sentences that are no quotes, each with its reason; by their words only.")
    participant: str | None = Field(None, description="Pseudonym or id.")
    persona: str | None = Field(None, description="Name or id.")
    transcript: str | None = None
    theme: str | None = Field(None, description="Id of a theme; quotes of the themes within it count.")
    review: Literal["open", "reviewed", "confirmed", "corrected"] | None = Field(
        None, description="`open` is what nobody has looked at yet; `reviewed` is either of the others."
    )
    min_confidence: float | None = Field(None, ge=0, le=1, description="Tags at least so sure.")
    max_confidence: float | None = Field(None, ge=0, le=1, description="Tags at most so sure.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(SEARCH_PAGE, ge=1, le=MAX_PAGE)


class SearchIn(SimilarIn):
    """What to look for, and among which quotes."""

    q: str = Field(min_length=1, max_length=MAX_ASKED, description="Words, in any form; within quotation marks they must stand just so.")
    mode: Mode = Field("all", description="By words and meaning together, or by one of them.")


class MatchOut(BaseModel):
    """How a quote was found: by words, by meaning or by both; `places` are half-open ranges of its `text` to be marked."""

    by: list[Literal["words", "meaning"]]
    similarity: float | None = Field(description="Cosine, −1 to 1; null where meaning was not compared.")
    places: list[tuple[int, int]]


class FoundQuoteOut(QuoteOut):
    """A quote that was found."""

    match: MatchOut


class WithoutOut(BaseModel):
    """How many quotes there would be without this filter."""

    filter: str
    total: int


class FoundOut(Page[FoundQuoteOut]):
    """A page of what was found, best first, how much there is in all, and what was not as asked."""

    total: int
    meaning: Literal["used", "not_asked", "not_ready"] = Field(description="`not_ready` where no quote was embedded yet.")
    notes: list[str] = Field(description="In words for people: a word that is nowhere, another that was taken for it …")
    without: list[WithoutOut] = Field(description="Where nothing was found: the filters that stand in the way, each by itself.")
    unfiltered: int | None = Field(description="Where nothing was found: how many quotes there would be without any filter.")
