"""The redactor: rules for every class in eight languages, lists of names, and a small model of English."""

from collections.abc import Iterable, Sequence

from app.adapters.redaction.addresses import find_addresses
from app.adapters.redaction.codes import find_codes
from app.adapters.redaction.emails import find_emails
from app.adapters.redaction.entities import EnglishPeople
from app.adapters.redaction.japanese import find_japanese
from app.adapters.redaction.known import find_known
from app.adapters.redaction.lexicon import Lexicon
from app.adapters.redaction.names import People
from app.adapters.redaction.numbers import continued, find_numbers
from app.adapters.redaction.spelling import find_spelled
from app.domain.render import Finding

RANK = {kind: i for i, kind in enumerate(("email", "address", "card", "id", "account", "phone", "name"))}
"""Of two findings of one length, the earlier kind names the whole."""


class LayeredRedactor:
    """Finds personal data (`ports.Redactor`); without `model` by rules and lists alone."""

    name = "layered/1"

    def __init__(self, *, model: bool = True) -> None:
        self._lexicon = Lexicon()
        self._english = EnglishPeople() if model else None

    def find(self, text: str, names: Sequence[str], language: str = "en") -> tuple[Finding, ...]:
        """Find personal data: in order and without overlap; findings that share code points become one.

        `language` (ISO 639-1) picks number words, street words and whether the model is asked; a language without rules of its own is
        searched with the English ones and the lists of names, without the model.
        """
        entities = self._english.find(text) if self._english and language == "en" else ()
        people = People(text, language, self._lexicon, entities)
        known = tuple(dict.fromkeys(names))
        found = [
            *find_emails(text, language),
            *find_numbers(text, language),
            *find_codes(text, language),
            *find_addresses(text, language, self._lexicon),
            *find_known(text, people.tokens, known, self._lexicon),
            *find_spelled(text, self._lexicon, known),
            *(find_japanese(text, self._lexicon) if language == "ja" else ()),
            *people.find(),
        ]
        found += continued(text, language, found)
        return merge(found)

    def check(self) -> None:
        """Raise `ThroughlineError` when a list or the model is missing or damaged."""
        self._lexicon.is_name("")
        if self._english:
            self._english.check()


def merge(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Overlapping findings become one that covers them all, of the longest one's kind; so nothing shows at the seams."""
    merged: list[Finding] = []
    best = (0, 0)
    for f in sorted(found, key=lambda f: (f.start, -f.end, RANK[f.kind])):
        weight = (f.end - f.start, -RANK[f.kind])
        if not merged or f.start >= merged[-1].end:
            merged.append(f)
            best = weight
            continue
        last = merged[-1]
        merged[-1] = Finding(last.start, max(last.end, f.end), f.kind if weight > best else last.kind)
        best = max(best, weight)
    return tuple(merged)
