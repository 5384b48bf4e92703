"""Which language a text is in."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

MIN_LETTERS = 40
"""Fewer tell nothing; a letter of a script other than Latin tells as much as two."""
MIN_SHARE = 0.6
"""A language has to hold so much of a text, in parts that are surely in it, 0 to 1."""
PIECE = 500
"""Characters judged at once, so that a preamble or a few quoted words in another language do not decide."""
UNKNOWN = "und"
_LATIN = 0x24F
_NEAR = {"pcm": "en", "ext": "es", "ary": "ar", "arz": "ar", "hbo": "he", "wuu": "zh", "yue": "zh"}
"""Close relatives that short speech is taken for."""


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language that most of a text is in; `und` where it is too short, or no language holds enough of it."""
    if _letters(text) < MIN_LETTERS:
        return UNKNOWN
    shares: defaultdict[str, float] = defaultdict(float)
    for piece in _pieces(text):
        language, probability = _judge(piece)
        shares[language] += probability * _letters(piece)
    best = max(shares, key=lambda language: (shares[language], language))
    return best if shares[best] >= MIN_SHARE * _letters(text) and best != "zxx" else UNKNOWN


def _letters(text: str) -> int:
    return sum(1 + (ord(c) > _LATIN) for c in text if c.isalpha())


def _pieces(text: str) -> Iterator[str]:
    """The text in parts of about the same length, cut at blanks where there are any."""
    start = 0
    while start < len(text):
        end = len(text) if len(text) - start < 2 * PIECE else start + PIECE
        blank = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        if end < len(text) and blank > start:
            end = blank
        yield text[start:end]
        start = end


def _judge(piece: str) -> tuple[str, float]:
    """The most likely language of a piece and how likely it is, close relatives counted with it."""
    likely: defaultdict[str, float] = defaultdict(float)
    for language, probability in _identifier().rank(piece):
        likely[_NEAR.get(language, language)] += probability
    return max(likely.items(), key=lambda item: (item[1], item[0]))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  # unpacking its model takes a moment

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
