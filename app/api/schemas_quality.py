"""What the wire looks like around measurements of tags; see `app.api.schemas`."""

from pydantic import BaseModel, Field


class TaggerOut(BaseModel):
    """Which tagger: its kind, its model, and its prompt or weights."""

    source: str
    model: str
    prompt: str


class GoldOut(BaseModel):
    """Labelled interviews that were measured on; `sha256` is over the label files, `fields` are fields of life."""

    name: str
    sha256: str
    studies: int
    interviews: int
    quotes: int
    hard: int
    labelled_twice: int
    fields: list[str]


class FiguresOut(BaseModel):
    """How far answers agree with labels in one field; quotes without tags (share `untagged`) count as disagreements."""

    n: int
    accuracy: float
    macro_f1: float
    kappa: float | None = Field(description="Cohen's; null where only one value occurs.")
    ac1: float | None = Field(description="Gwet's.")
    alpha: float | None = Field(description="Krippendorff's; of intensity the ordinal one.")
    untagged: float


class FullFiguresOut(FiguresOut):
    """The same with kappa's 95 % interval by interview, the labels' shares, and the table of labels (rows) and answers (columns).

    The table's last column counts quotes without an answer.
    """

    kappa_low: float | None
    kappa_high: float | None
    prevalence: dict[str, float]
    values: list[str]
    confusion: list[list[int]]


class TouchpointFiguresOut(BaseModel):
    """Whether there is a touchpoint was agreed on how often; mean share of words in common where both name one."""

    n: int
    prevalence: float | None
    presence_agreed: float | None
    both: int
    overlap: float | None
    untagged: float | None


class SliceOut(BaseModel):
    """Figures of some of the quotes, by field."""

    quotes: int
    fields: dict[str, FiguresOut]
    touchpoint: TouchpointFiguresOut | None


class FullSliceOut(BaseModel):
    """Full figures of some of the quotes, by field."""

    quotes: int
    fields: dict[str, FullFiguresOut]
    touchpoint: TouchpointFiguresOut | None


class StudyFiguresOut(SliceOut):
    """Figures of one labelled study."""

    name: str
    field: str


class LabellersOut(BaseModel):
    """On the quotes that were labelled twice: the labellers with each other, the tagger with each of them."""

    quotes: int
    first_second: FullSliceOut
    tagger_first: SliceOut
    tagger_second: SliceOut


class ReliabilityBinOut(BaseModel):
    """Quotes of about the same confidence, and the share of their four tags that is right."""

    n: int
    confidence: float
    right: float


class CalibrationOut(BaseModel):
    """Confidence against what was right, with the expected calibration error."""

    n: int
    confidence: float
    right: float
    ece: float
    bins: list[ReliabilityBinOut]


class CostPerQuoteOut(BaseModel):
    """What a quote cost on average."""

    calls: float | None
    tokens_in: float | None
    tokens_out: float | None


class CostOut(BaseModel):
    """Calls and tokens of the measurement; cached answers cost nothing."""

    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    per_quote: CostPerQuoteOut


class UntaggedOut(BaseModel):
    """Quotes that the tagger left without tags, and how many for which reason."""

    quotes: int
    reasons: dict[str, int]


class MeasuredOut(BaseModel):
    """One measurement of a tagger on labelled interviews; themes are not part of it."""

    schema_version: int
    gold: GoldOut
    tagger: TaggerOut
    all: FullSliceOut
    hard: SliceOut | None
    studies: list[StudyFiguresOut]
    labellers: LabellersOut | None
    calibration: CalibrationOut | None
    cost: CostOut
    gaps: UntaggedOut


class AgreedOut(BaseModel):
    """Decisions about one field, and how many of them kept what was proposed; kappa only from twenty on."""

    n: int
    agreed: int
    agreement: float
    kappa: float | None


class ReviewedTaggerOut(TaggerOut):
    """One tagger's proposals beside what people decided."""

    quotes: int
    fields: dict[str, AgreedOut]


class ReviewedOut(BaseModel):
    """What people decided about a study's tags, beside what was proposed before they did; `enough` decisions give a kappa."""

    quotes: int
    decisions: int
    enough: int
    taggers: list[ReviewedTaggerOut]


class StudyQualityOut(BaseModel):
    """How good a study's tags are: the measurement nearest to its newest run's tagger, and its reviewers' agreement so far."""

    tagger: TaggerOut | None
    measured: MeasuredOut | None
    same_model: bool
    same_prompt: bool
    reviewed: ReviewedOut
