"""Words of a text with what their capitals tell."""

import re
from dataclasses import dataclass

from app.adapters.redaction.lexicon import fold

WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
SENTENCE_START = re.compile(r"(?:^|[.!?…:;\n\"“„«¿¡(\[]|[-–—]\s)[\s\"“'‘„«¿¡*]*$")
ALWAYS_CAPITAL = frozenset(["I", "I'm", "I’m", "I've", "I’ve", "I'll", "I’ll", "I'd", "I’d", "OK"])
MIN_CASED_WORDS = 4
LOOK_BACK = 6


@dataclass(frozen=True, slots=True)
class Token:
    """A word without its possessive ending: place, folded form, and how it is written.

    `cased` is whether its paragraph is written with capitals at all, as speech-to-text often is not.
    """

    start: int
    end: int
    word: str
    folded: str
    capital: bool
    first: bool
    cased: bool
    shouted: bool


def tokens_of(text: str) -> list[Token]:
    """Words in order."""
    tokens: list[Token] = []
    at = 0
    for paragraph in text.split("\n"):
        found = list(WORD.finditer(paragraph))
        capitals = [m for m in found if m.group()[0].isupper() and m.group() not in ALWAYS_CAPITAL]
        cased = bool(capitals) or len(found) < MIN_CASED_WORDS
        shouted = len(found) >= MIN_CASED_WORDS and all(m.group().isupper() for m in found)
        tokens += [_token(paragraph, m, at, cased=cased, shouted=shouted) for m in found]
        at += len(paragraph) + 1
    return tokens


def _token(paragraph: str, match: re.Match[str], at: int, *, cased: bool, shouted: bool) -> Token:
    word = POSSESSIVE.sub("", match.group())
    first = (
        SENTENCE_START.search(("" if match.start() <= LOOK_BACK else "x") + paragraph[max(0, match.start() - LOOK_BACK) : match.start()])
        is not None
    )
    return Token(
        at + match.start(), at + match.start() + len(word), word, fold(word), word[0].isupper(), first, cased and not shouted, shouted
    )
