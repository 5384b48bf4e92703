"""Which language a text is in."""

from functools import lru_cache
from typing import Any

MIN_LETTERS = 40


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # unpacking its model takes a moment

    return LanguageIdentifier.from_pickled_model(MODEL_FILE)


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of a text; `und` for texts too short to tell."""
    if sum(c.isalpha() for c in text) < MIN_LETTERS:
        return "und"
    return str(_identifier().classify(text)[0])
