"""A quote: a span of one turn that carries one idea, cut from the canonical text and never generated."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import derive_id, sha256
from app.domain.transcript import Span

CONTEXT_CHARS = 32


class Skip(StrEnum):
    """Why a sentence is not quoted."""

    FILLER = "filler"
    SMALL_TALK = "small_talk"
    CROSSTALK = "crosstalk"
    INAUDIBLE = "inaudible"
    TOO_SHORT = "too_short"
    QUESTION = "question"
    """Asked in a file that does not say who speaks, so it may be the interviewer's."""


class State(StrEnum):
    """What became of a sentence (DESIGN §3.2); the four add up."""

    USED = "used"
    UNPLACED = "unplaced"
    GAP = "gap"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class SkippedSentence:
    """A sentence that is not quoted, and why."""

    turn: int
    start: int
    end: int
    reason: Skip


@dataclass(frozen=True, slots=True)
class Quote:
    """One idea in a speaker's own words; `sentences` is how many sentences it spans."""

    id: str
    transcript_id: str
    turn: int
    speaker: str
    start: int
    end: int
    sentences: int
    sha256: str

    @property
    def span(self) -> Span:
        """Where the words stand."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Every sentence of every turn, once: inside a quote or skipped. Roles play no part, so changing one re-cuts nothing."""

    segmenter: str
    quotes: tuple[Quote, ...]
    skipped: tuple[SkippedSentence, ...]


def quote_id(transcript_id: str, start: int, end: int) -> str:
    """The same words at the same place are the same quote."""
    return derive_id("quote", transcript_id, start, end)


def cut_quote(transcript_id: str, text: str, turn: int, speaker: str, span: Span, sentences: int) -> Quote:
    """Cut a quote out of the canonical text."""
    words = span.cut(text)
    return Quote(
        quote_id(transcript_id, span.start, span.end), transcript_id, turn, speaker, span.start, span.end, sentences, sha256(words)
    )


def context_of(text: str, span: Span) -> tuple[str, str]:
    """Up to 32 code points before and after a span: the second selector that finds a quote when offsets move."""
    return text[max(0, span.start - CONTEXT_CHARS) : span.start], text[span.end : span.end + CONTEXT_CHARS]
