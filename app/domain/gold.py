"""A gold standard: interviews whose quotes people have labelled by hand, and the figures that a comparison with it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from app.domain.quote import Quote
from app.domain.stages import Stage

CLOSED_FIELDS = ("stage", "channel", "emotion", "experience", "kind")
"""Tags that take one of a few listed values."""
SURE_OF = ("stage", "channel", "emotion", "experience")
"""The tags that a tagger's confidence speaks of: the share of these four that may be expected to be right."""
NO_TOUCHPOINT = ""
"""What stands for "there is none" where a touchpoint was labelled."""

Labels = Mapping[str, str]
"""Value by field, as one labeller or tagger gave it; a field that is missing was not labelled. Intensity is "1" to "3"."""


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A labelled quote with its words, the question it answers, and what makes it hard, if anything."""

    quote: Quote
    text: str
    labels: Labels
    question: str | None = None
    second: Labels | None = None
    """What another labeller said who did not see the first one's labels."""
    hard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldInterview:
    """One interview's labelled quotes in the order in which they were said; a quote that came without its interview stands alone."""

    name: str
    language: str
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True)
class GoldStudy:
    """Interviews about one product; `field` is the field of life."""

    name: str
    field: str
    title: str
    question: str | None
    product: str | None
    stages: tuple[Stage, ...]
    interviews: tuple[GoldInterview, ...]

    @property
    def quotes(self) -> tuple[GoldQuote, ...]:
        """Every labelled quote of the study."""
        return tuple(chain.from_iterable(interview.quotes for interview in self.interviews))


@dataclass(frozen=True, slots=True)
class Gold:
    """All that is measured against; `sha256` is over the label files, so that figures say which labels they belong to."""

    name: str
    sha256: str
    studies: tuple[GoldStudy, ...]

    @property
    def quotes(self) -> tuple[GoldQuote, ...]:
        """Every labelled quote."""
        return tuple(chain.from_iterable(study.quotes for study in self.studies))


@dataclass(frozen=True, slots=True)
class Figures:
    """How far answers agree with labels in one field.

    A missing answer counts as a disagreement everywhere. `confusion` has a row a label and a column an answer, in the order of `values`;
    its last column counts missing answers. Figures that are not defined, as kappa where only one value occurs, are None.
    """

    n: int
    accuracy: float
    macro_f1: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    ac1: float | None
    alpha: float | None
    untagged: float
    prevalence: Mapping[str, float]
    values: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Quotes of about the same confidence: how many, how sure the tagger was, what share of their tags was right."""

    n: int
    confidence: float
    right: float
