"""What the wire looks like of a talk's coverage, a recording's address and a quote's annotation; see `app.api.schemas`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.api.schemas import In
from app.domain.quote import Skip

SegmentState = Literal["used", "unplaced", "gap", "skipped", "interviewer"]


class SegmentOut(BaseModel):
    """A part of a talk, in code points of its canonical text; `place` is the quote, or skipped sentence, that it begins with."""

    start: int
    end: int
    state: SegmentState
    turn: int
    place: str | None


class CoverageTalkOut(BaseModel):
    """Participants' sentences by what became of them, which add up, and the talk from its first word to its last."""

    length: int = Field(description="Code points of the whole talk.")
    sentences: int
    used: int
    unplaced: int
    gap: int
    skipped: int
    reasons: dict[Skip, int] = Field(description="Skipped sentences by reason, the most usual first.")
    used_share: float = Field(description="How much of what participants say the map rests on, 0 to 1, by length.")
    segments: list[SegmentOut] = Field(
        description="At most 200, one after the other; in a talk of more pieces each says what most of it is. The numbers stay exact."
    )


class TranscriptPatchIn(In):
    """What to say of a transcript."""

    recording: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        description="Where the recording can be heard: an https or http address, which is only ever linked to; null for nowhere."
    )


class AnnotationOut(BaseModel):
    """A W3C Web Annotation: its body says how a quote was judged, its target finds the words again."""

    context: Literal["http://www.w3.org/ns/anno.jsonld"] = Field(alias="@context")
    id: str
    type: Literal["Annotation"]
    motivation: list[str]
    generator: dict[str, Any]
    body: list[dict[str, Any]]
    target: list[dict[str, Any]]
