"""Which personal data stands in a text, and the view of it that leaves the study."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.domain.render import Audience, Finding, render
from app.domain.transcript import Span
from app.ports import Redactor

REMEMBERED_TEXTS = 256


@dataclass(frozen=True)
class View:
    """A canonical text as one audience may read it."""

    text: str
    audience: Audience
    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    redactor: Redactor

    def cut(self, span: Span) -> str:
        """The words of a span for this audience."""
        return render(self.text, span, self.audience, self.findings)

    @cached_property
    def shown(self) -> str:
        """The whole text for this audience."""
        return self.cut(Span(0, len(self.text))) if self.text else ""

    def place(self, span: Span) -> tuple[int, int]:
        """Where the words of a span stand in `shown`: the span itself for the owner, moved by what was replaced for others."""
        if self.audience is Audience.OWNER:
            return span.start, span.end
        start = len(self.cut(Span(0, span.start))) if span.start else 0
        for f in self.findings:  # a finding that begins before the span and reaches into it shows as one placeholder in both parts
            if f.start < span.start < f.end:
                start -= len(f.placeholder)
        return start, start + len(self.cut(span))

    def free(self, text: str) -> str:
        """A text that is no part of the transcript, such as a statement, for this audience."""
        if self.audience is Audience.OWNER or not text:
            return text
        return render(text, Span(0, len(text)), self.audience, self.redactor.find(text, self.names))


class Privacy:
    """Finds personal data once a text and remembers it for the life of the process."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._find = lru_cache(maxsize=REMEMBERED_TEXTS)(redactor.find)

    def view(self, text: str, names: Sequence[str], audience: Audience) -> View:
        """The text as `audience` may read it; nothing is searched for the owner."""
        findings = () if audience is Audience.OWNER else self._find(text, tuple(names))
        return View(text, audience, findings, tuple(names), self._redactor)

    def for_model(self, text: str, names: Sequence[str]) -> View:
        """The text as a language model may read it."""
        return self.view(text, names, Audience.MODEL)
