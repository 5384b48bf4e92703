"""Claims: what of a sentence on a map can be held against its quotes by rules alone, whoever wrote it."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.domain.transcript import count_words
from app.stages.figures import figures_of, unsaid
from app.stages.segment.english import ENGLISH
from app.stages.segment.lexicon import plain, words, words_of
from app.stages.segment.unspaced import is_unspaced
from app.stages.telling import is_english

MAX_STATEMENT_WORDS = 22
SPECIFIC = 2
"""Words that a sentence has beyond what fits any product, at least."""
SHORTEST = 3
"""Letters of a word that may be specific."""
_GENERAL = words(
    """customer customers user users participant participants person people client clients buyer buyers consumer consumers everyone
    feel feels feeling feelings find finds finding experience experiences experienced experiencing encounter encounters face faces
    struggle struggles struggling suffer suffers appreciate appreciates enjoy enjoys like likes dislike dislikes love loves hate hates
    want wants need needs express expresses expressing describe describes mention mentions report reports state states share shares
    frustrated frustrating frustration annoyed annoying annoyance happy unhappy satisfied dissatisfied satisfaction dissatisfaction
    disappointed disappointing disappointment confused confusing confusion anxious worried worry worries anxiety angry anger upset
    pleased delighted delight relieved relief stressed stressful overwhelmed overwhelming impressed comfortable uncomfortable
    good bad poor great nice excellent awful terrible positive negative easy easily easier difficult difficulty difficulties hard hassle
    smooth smoothly seamless seamlessly convenient inconvenient intuitive helpful useful effective efficient better worse best worst
    process processes product products service services system systems solution solutions journey stage thing things issue issues problem
    problems challenge challenges pain point points aspect aspects matter situation various several different certain
    generally general overall often sometimes usually frequently new old improve improves improving improvement help helps helping support
    supports ensure ensures provide provides might how"""
)
"""What a sentence may hold and still say nothing of this product."""
_USERS = frozenset({"user", "users"})
_PEOPLE = r"(?:customers?|people|users?|participants?|clients?|of (?:them|us|the|our)|times?)"
_SWEEPING = re.compile(
    rf"\b(?:(?P<always>always|constantly|every time|each time|all the time)|(?P<everyone>everyone|everybody)|"
    rf"(?P<all>all {_PEOPLE}|most {_PEOPLE}|many {_PEOPLE}|the (?:vast )?majority))\b"
)
_SAID: Mapping[str, re.Pattern[str]] = {
    "always": re.compile(r"\b(?:always|every|each|constantly|all the time|all (?:day|night|week)|never|whenever)\b"),
    "everyone": re.compile(r"\b(?:every(?:one|body)|all|whole|nobody|no one)\b"),
    "all": re.compile(r"\b(?:all|every(?:one|body)?|most|many|lots?|majority|nobody|no one)\b"),
}


class Fault(StrEnum):
    """Why a sentence is not kept."""

    UNCITED = "uncited"
    LONG = "long"
    EMPTY = "empty"
    NUMBER = "number"
    SWEEPING = "sweeping"


REASONS: Mapping[Fault, str] = {
    Fault.UNCITED: "it cites no quote of its group",
    Fault.LONG: f"it has more than {MAX_STATEMENT_WORDS} words",
    Fault.EMPTY: "it says nothing specific that its quotes tell, or speaks of users",
    Fault.NUMBER: "it holds a number that none of the quotes it cites says",
    Fault.SWEEPING: "it says always, everyone or most where no quote it cites does",
}
"""What is wrong, in words for whoever wrote the sentence."""


def faults_of(text: str, quotes: Sequence[str], language: str = "und") -> tuple[Fault, ...]:
    """What is wrong with a sentence that rests on these quotes, in the order of `Fault`; nothing where it may stand.

    `language` is that of the quotes, as far as it is known. Numbers and generalities are judged by English words, so where the quotes are
    in another language only length and emptiness are: "vierzig Minuten" would not be found to say 40.
    """
    if not quotes:
        return (Fault.UNCITED,)
    english = language == "en" or is_english(" ".join(quotes))
    judged = {
        Fault.LONG: length_of(text) > MAX_STATEMENT_WORDS,
        Fault.EMPTY: is_empty(text, quotes),
        Fault.NUMBER: english and bool(unsaid(text, quotes)),
        Fault.SWEEPING: english and is_sweeping(text, quotes),
    }
    return tuple(fault for fault, there in judged.items() if there)


def length_of(text: str) -> int:
    """Words of a sentence; a dash or an ellipsis that stands alone is none."""
    return count_words(" ".join(word for word in text.split() if any(map(str.isalnum, word))))


def is_empty(text: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence would fit any product: too few words of its own, or "users" where no quote speaks of any."""
    spoken = words_of(text)
    if _USERS.intersection(spoken) and not any(_USERS.intersection(words_of(quote)) for quote in quotes):
        return True
    if is_unspaced(text):
        return count_words(text) < SPECIFIC
    specific = {word for word in spoken if len(word) >= SHORTEST and word not in _GENERAL and word not in ENGLISH.stop}
    return len(specific) + bool(figures_of(text)) < SPECIFIC


def is_sweeping(text: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence says of all times or all people what no quote says of them."""
    said = plain(" ".join(quotes))
    claims = {name for found in _SWEEPING.finditer(plain(text)) for name, words_ in found.groupdict().items() if words_}
    return any(not _SAID[name].search(said) for name in claims)
