"""What the wire looks like of quotes, themes and maps; see `app.api.schemas`."""

from typing import Literal

from pydantic import BaseModel, Field

from app.api.schemas import GapOut, In, Name, Page, RunAgreementOut, ShortText
from app.api.schemas_layout import LayoutOut, LayoutSettingsOut
from app.api.schemas_narrowing import NarrowedOut, NarrowingOut
from app.api.schemas_review import ReviewOut
from app.domain.journey import Origin, Relation
from app.domain.quote import Skip, State
from app.domain.tags import Channel, Emotion, Experience, Kind
from app.services.quotes import MAX_PAGE, PAGE


class QuoteFiltersIn(In):
    """Which quotes are wanted; every filter that is given must match."""

    stage: str | None = Field(None, description="Key or id of a stage, or `none`.")
    channel: Channel | None = None
    kind: Kind | None = None
    emotion: Emotion | None = None
    experience: Experience | None = None
    state: State | None = Field(None, description="With `skipped` come sentences that are no quotes, each with its reason.")
    participant: str | None = Field(None, description="Pseudonym or id.")
    transcript: str | None = None
    theme: str | None = None
    review: Literal["open", "reviewed", "confirmed", "corrected"] | None = Field(
        None, description="`open` is what nobody has looked at yet; `reviewed` is either of the others."
    )
    order: Literal["place", "confidence"] = Field("place", description="By file and place, or the least sure first: a queue for review.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")
    limit: int = Field(PAGE, ge=1, le=MAX_PAGE)


class MapQuoteOut(BaseModel):
    """A quote with its place and tags; tags are null where the quote is a gap."""

    transcript_id: str
    participant: str
    text: str
    prefix: str
    suffix: str
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    stage: str | None
    channel: Channel | None
    touchpoint: str | None
    kind: Kind | None
    emotion: Emotion | None
    intensity: int | None
    valence: int | None
    experience: Experience | None
    gist: str | None
    confidence: float | None
    source: str | None
    theme_id: str | None


class QuoteOut(MapQuoteOut):
    """A quote on its own; in lists of what was skipped also a sentence that is none, with the reason."""

    id: str
    transcript: str
    speaker: str
    state: State
    skip_reason: Skip | None
    review: ReviewOut | None
    listen: str | None = Field(description="Where the recording can be heard from this quote on, if its address is known.")
    map: None


class QuotesOut(Page[QuoteOut]):
    """A page of quotes, how many match in all, and how many of the study's quotes people have looked at."""

    total: int
    reviewed: int
    of: int


# Maps


class EvidenceOut(BaseModel):
    """How a quote bears on a statement."""

    quote_id: str
    relation: Relation


class DoubtOut(BaseModel):
    """That a second look did not find a statement borne out by its quotes, or in part only, and why."""

    verdict: Literal["partly", "not"]
    reason: str


class StatementHeadOut(BaseModel):
    """A statement with its totals; only touchpoints have a channel."""

    id: str
    text: str
    theme_id: str | None
    origin: Origin
    status: str
    participants: int
    of_participants: int
    evidence_total: int
    contrary_total: int
    mean_valence: float
    channel: str | None = None
    doubt: DoubtOut | None = Field(None, description="Null where nobody looked again, and where people stand for the statement.")
    place: float | None = Field(None, description="Of a step: where in the interviews it is told, 0 to 1, by the median.")
    narrowed: NarrowedOut | None = Field(None, description="Where a part of a map was asked for and some of the quotes are not in it.")


class StatementOut(StatementHeadOut):
    """A statement with its strongest evidence."""

    evidence: list[EvidenceOut]


class BusinessActionOut(BaseModel):
    """What the business does about it; written by people, without evidence."""

    id: str
    text: str
    origin: Origin
    line: Literal["front", "back", "support"] = Field(description="In sight of the customer, behind the scenes, or in support.")


class CurveHeadOut(BaseModel):
    """Emotion of a stage, −2…+2, averaged per participant first."""

    score: float
    spread: float
    participants: int
    quotes: int
    contrary: int


class CurvePointOut(CurveHeadOut):
    """Emotion of a stage with its strongest evidence."""

    evidence: list[EvidenceOut]


class LanesOut(BaseModel):
    """A stage's statements by lane."""

    actions: list[StatementOut]
    thoughts: list[StatementOut]
    touchpoints: list[StatementOut]
    pains: list[StatementOut]
    delights: list[StatementOut]
    opportunities: list[StatementOut]
    business_actions: list[BusinessActionOut]


class MapStageOut(BaseModel):
    """A column."""

    id: str
    key: str
    title: str
    definition: str
    emotion: CurvePointOut | None
    steps: list[StatementOut] = Field(description="What several people did here, as they tell it; none where the evidence is thin.")
    lanes: LanesOut


class MapThemeOut(BaseModel):
    """A theme as lists show it."""

    id: str
    label: str
    summary: str
    parent_id: str | None
    quotes: int
    participants: int


class FilterOut(BaseModel):
    """What a map is limited to; empty is everything."""

    personas: list[str]
    channels: list[str]


class WrittenOut(BaseModel):
    """Sentences that a model wrote, those that could not be kept (the quotes' own words stand there), looked at again, doubted."""

    written: int
    refused: int
    checked: int
    doubted: int


class MapRunOut(BaseModel):
    """The run a map was drawn from."""

    id: str
    tagger: str
    model: str
    prompts: dict[str, str]
    agreement: RunAgreementOut | None
    statements: WrittenOut | None = Field(description="Null where no model worded anything.")
    gaps: list[GapOut]


class MapParticipantOut(BaseModel):
    """A participant on a map."""

    id: str
    pseudonym: str
    personas: list[str]


class SummaryOut(BaseModel):
    """Statements that matter most, by id."""

    worst: list[str]
    best: list[str]


class CoverageOut(BaseModel):
    """What became of every participant sentence; used, unplaced, gap and skipped add up."""

    sentences: int
    used: int
    unplaced: int
    gap: int
    skipped: int
    ungrounded: int


class MapOut(BaseModel):
    """A version of a map with the strongest evidence of each statement; `quotes` holds those by id."""

    schema_version: int
    id: str
    map_id: str
    study_id: str
    version: int
    status: str
    created_at: str
    title: str
    question: str | None
    scenario: str | None
    filter: FilterOut
    layout: LayoutOut
    review_due: str
    redacted: bool
    run: MapRunOut
    participants: list[MapParticipantOut]
    of_participants: int
    unnamed_transcripts: list[str]
    guessed_languages: list[str]
    summary: SummaryOut
    stages: list[MapStageOut]
    themes: list[MapThemeOut]
    quotes: dict[str, MapQuoteOut]
    coverage: CoverageOut
    narrowing: NarrowingOut | None = Field(None, description="Where a part of the map was asked for.")


class MapIn(In):
    """A further map of a study."""

    name: Name
    scenario: ShortText | None = None
    personas: list[str] = Field(default_factory=list)
    channels: list[Channel] = Field(default_factory=list)


class MapViewOut(BaseModel):
    """A map as lists show it."""

    id: str
    study_id: str
    name: str
    scenario: str | None
    filter: FilterOut
    is_default: bool


class ListedMapOut(MapViewOut):
    """A map in a list, with its newest version's number and when that was drawn; null before the first run."""

    version: int | None
    drawn_at: str | None


class MapSettingsOut(MapViewOut):
    """A map with its rows, as people keep them."""

    layout: LayoutSettingsOut


class MapVersionOut(BaseModel):
    """A version as lists show it."""

    id: str
    version: int
    status: str
    run_id: str
    created_at: str


class CitedStageOut(BaseModel):
    """The stage a statement or curve point stands in; `emotion` where the point itself is shown."""

    id: str
    key: str
    title: str
    definition: str
    emotion: CurveHeadOut | None


class CitedOut(BaseModel):
    """What a statement, or a stage's curve point (`statement` is null), rests on: a page of quotes, strongest first."""

    map_id: str
    statement: StatementHeadOut | None
    lane: str | None
    stage: CitedStageOut
    supporting: list[QuoteOut]
    contrary: list[QuoteOut]
    total: int
    more: int
    of_participants: int
    next_offset: int | None
