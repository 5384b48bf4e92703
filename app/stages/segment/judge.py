"""What a sentence is worth by itself: content, something short that needs its neighbours, or a reason to leave it out."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.quote import Skip
from app.domain.transcript import Span
from app.stages.segment.lexicon import CROSSTALK, INAUDIBLE, STAGE_DIRECTION, Lexicon

SMALL_TALK_WORDS = 14
SMALL_TALK_REST = 2
"""A greeting may carry so many words of content besides, such as a name."""
EDGE_TURNS = 4
"""The weather is small talk within so many turns of either end."""
WEATHER_WORDS = 12
INAUDIBLE_WORDS = 3
FILLER_CONTENT = 3
"""More words of content than this no stock phrase has ("that makes sense")."""
STANDS_WITH = 3
ASKED_WORDS = 20
"""Longer unpunctuated speech that opens like a question has gone on to something else."""
STEM = 5
"""Words that share their first letters are one word: invoice, invoices, invoicing."""

_BRACKET = re.compile(r"[\[(（［]")
_QUESTION_END = re.compile(r"[?？؟][!?？]*[\"”’')\]]*$")
_REPORTED = re.compile(r"[\"“”„«»「」『』]")
_ENDED = re.compile(r"[.!。！][\"”’')\]]*$")


class Lead(Enum):
    """How a sentence starts: with another idea, neither, or leaning on the one before."""

    SHIFT = auto()
    ONWARD = auto()
    PLAIN = auto()
    CONTINUING = auto()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A judged sentence. `words` counts all words, `said` those that are no filler, `content` those that bear content."""

    span: Span
    words: int
    said: int
    content: int
    stems: frozenset[str]
    lead: Lead
    asks: bool
    skip: Skip | None


def stands(content: int, said: int) -> bool:
    """Whether so many words mean something without their neighbours: "Forty quid.", "I hated it.", not "Twice."."""
    return content >= STANDS_WITH - 1 or (content >= 1 and said >= STANDS_WITH)


def judge(text: str, span: Span, lexicon: Lexicon, *, at_edge: bool, unnamed: bool) -> Sentence:
    """Judge one sentence; `at_edge` within a few turns of either end, `unnamed` where the file does not say who speaks."""
    written = span.cut(text)
    spoken = STAGE_DIRECTION.sub(" ", written) if _BRACKET.search(written) else written
    words = lexicon.words(spoken)
    said = [w for w in words if w not in lexicon.fillers]
    content = [w for w in said if w not in lexicon.stop]
    joined = lexicon.glue.join(words)
    return Sentence(
        span=span,
        words=lexicon.length(words),
        said=len(said),
        content=len(content),
        stems=frozenset(w[:STEM] for w in content),
        lead=_lead(joined, lexicon),
        asks=_is_question(written, lexicon),
        skip=_mark(written, spoken, content)
        or _skip(words, joined, len(content), lexicon, at_edge=at_edge)
        or (_asked(written, words, joined, said, lexicon) if unnamed else None),
    )


def _lead(joined: str, lexicon: Lexicon) -> Lead:
    if lexicon.continuing.match(joined):
        return Lead.CONTINUING
    if lexicon.shift.match(joined):
        return Lead.SHIFT
    return Lead.ONWARD if lexicon.onward.match(joined) else Lead.PLAIN


def _mark(written: str, spoken: str, content: list[str]) -> Skip | None:
    """Crosstalk alone, or speech that mostly could not be heard."""
    if written == spoken:
        return None
    directions = " ".join(STAGE_DIRECTION.findall(written))
    if INAUDIBLE.search(directions) and len(content) < INAUDIBLE_WORDS:
        return Skip.INAUDIBLE
    if CROSSTALK.search(directions) and not content:
        return Skip.CROSSTALK
    return None


def _skip(words: tuple[str, ...], joined: str, content: int, lexicon: Lexicon, *, at_edge: bool) -> Skip | None:
    if all(w in lexicon.fillers for w in words):
        return Skip.FILLER
    if len(words) > SMALL_TALK_WORDS:
        return None
    plain = [w for w in words if w not in lexicon.fillers]
    if any(w in lexicon.acknowledgements for w in words) and all(w in lexicon.praise for w in plain):
        return Skip.FILLER
    if _is_small_talk(words, lexicon) or (
        at_edge and content <= STANDS_WITH and len(words) <= WEATHER_WORDS and lexicon.weather.search(joined)
    ):
        return Skip.SMALL_TALK
    if content > FILLER_CONTENT:
        return None
    rest = lexicon.without(lexicon.filler_phrases, joined)
    return Skip.FILLER if all(w in lexicon.fillers for w in rest) else None


def _is_small_talk(words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether little is left when courtesies are taken out. They must open the sentence: "thanks to the chat" does not."""
    start = next((i for i, w in enumerate(words) if w not in lexicon.fillers), 0)
    for opening in (lexicon.glue.join(words), lexicon.glue.join(words[start:])):  # a greeting may begin with a filler: "bom dia"
        found = lexicon.small_talk.match(opening)
        if found is None:
            continue
        left = lexicon.without(lexicon.small_talk, opening[found.end() :].lstrip())
        rest = [w for w in left if w not in lexicon.fillers and w not in lexicon.praise]
        if len(rest) <= SMALL_TALK_REST and not (rest and rest[0] in {"to", "for", "that", "which"}):
            return True
    return False


def _is_question(written: str, lexicon: Lexicon) -> bool:
    return bool(_QUESTION_END.search(written) or lexicon.question_end.search(written))


def _asked(written: str, words: tuple[str, ...], joined: str, said: list[str], lexicon: Lexicon) -> Skip | None:
    """In a file without names a question may be the interviewer's; one in quotation marks is a report of what was asked.

    Praise alone ("Awesome.") is then the listener's.
    """
    if all(w in lexicon.praise for w in said):
        return Skip.FILLER
    if _is_question(written, lexicon):
        return None if _REPORTED.search(written) else Skip.QUESTION
    unended = lexicon.length(words) <= ASKED_WORDS and not _ENDED.search(written)
    asked = lexicon.requests.match(joined) or (unended and lexicon.asking.match(joined))
    return Skip.QUESTION if asked else None
