"""The one way text leaves (DESIGN §3.8): cut from the canonical text, redacted unless the owner reads it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.transcript import Span


class Audience(StrEnum):
    """Who is going to read the text."""

    OWNER = "owner"
    """The workspace's own people: verbatim."""
    MODEL = "model"
    """A language model, wherever it runs: redacted."""
    SHARE = "share"
    """Anybody else, in shares and redacted exports: redacted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text: half-open range of code points and its class (`name`, `email`, `phone`, `card` …).

    `label` is the pseudonym of whoever is named, where that is known.
    """

    start: int
    end: int
    kind: str
    label: str | None = None

    @property
    def placeholder(self) -> str:
        """What stands in its place, such as `[name]`, or `[P1]` for a participant of the study."""
        return f"[{self.label or self.kind}]"


def render(text: str, span: Span, audience: Audience, findings: Sequence[Finding] = ()) -> str:
    """Cut the words of `span` as `audience` may read them.

    `findings` are of the whole `text`, in order and without overlap, as a `Redactor` gives them. The owner reads the verbatim cut;
    for others each finding that touches the span becomes its placeholder, also where only a part of it lies inside.
    """
    if audience is Audience.OWNER:
        return span.cut(text)
    parts: list[str] = []
    at = span.start
    for i in range(bisect_right(findings, span.start, key=lambda f: f.end), len(findings)):
        finding = findings[i]
        if finding.start >= span.end:
            break
        parts += [text[at : max(at, finding.start)], finding.placeholder]
        at = max(at, finding.end)
    parts.append(text[at : span.end])
    return "".join(parts)
