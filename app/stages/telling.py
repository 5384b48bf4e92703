"""Cut the most telling words out of quotes, word for word."""

import math
import re
from collections.abc import Callable, Sequence

from app.domain.transcript import count_words
from app.stages.segment.english import ENGLISH
from app.stages.segment.lexicon import words_of
from app.stages.segment.unspaced import is_unspaced
from app.stages.stretch import FELT, MIN_WORDS, SENTENCE, Stretch, best_stretch, first_words

MAX_WORDS = 22
MAX_WORDS_BESIDE = 18
"""Words of a quote that stands beside a question."""
ASKED = 3
"""Quotes that a statement's words are looked for in."""
CLEAR = 1.55
"""A stretch that is worth so much is told without looking at further quotes."""
LATER = 0.25
"""What a stretch of the second strongest quote must be worth more than one of the strongest."""
SMALL_WORDS = 0.3
"""Share of a quote's words that are English small words if it is English; speech has about half, other languages under a fifth."""
Find = Callable[[str, tuple[str, ...], int], Stretch | None]
"""Finds the best stretch of a quote (`best_stretch`)."""
ASKS = "How might we help with"
_BESIDE = " — "
_EDGES = ' .,;:!?…"“”'
_HEDGE = re.compile(r"^(yeah|yes|no(?!\s)|um+|uh+|er+|well|so|and|but|oh|okay|ok|right|i mean|you know|like)\b[,.]?\s*", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[,;:—–])\s+|(?<=[、，；：])")


def sentences_of(quote: str) -> list[str]:
    """The sentences of a quote, word for word."""
    return [m.group().strip() for m in SENTENCE.finditer(quote)]


def telling_sentence(quote: str) -> str:
    """The sentence of a quote that says most: with something that happened or was felt, neither a scrap nor a ramble."""
    return max(sentences_of(quote), key=how_telling, default=quote)


def shorten(sentence: str, max_words: int = MAX_WORDS) -> str:
    """At most `max_words` words: cut at a clause where one ends in time, else after a word; what is cut off shows as “…”."""
    if count_words(sentence) <= max_words:
        return sentence
    lead = sentence
    while (shorter := _HEDGE.sub("", lead)) != lead:
        lead = shorter
    cut_front = "… " if lead != sentence else ""
    if count_words(lead) <= max_words:
        return cut_front + lead
    ends = [m.start() for m in _CLAUSE.finditer(lead) if count_words(lead[: m.start()]) <= max_words]
    kept = lead[: ends[-1]].rstrip(",;:—–、，；： ") if ends else ""
    return f"{cut_front}{kept if count_words(kept) >= MIN_WORDS else first_words(lead, max_words)} …"


def how_telling(sentence: str) -> float:
    """How much a sentence says of what happened or was felt, 0 to about 2."""
    words = count_words(sentence)
    if words < MIN_WORDS:
        return words / 100
    return min(words, MAX_WORDS) / MAX_WORDS - max(0, words - MAX_WORDS) / MAX_WORDS + 0.4 * math.sqrt(len(FELT.findall(sentence)))


def telling_words(quote: str, about: Sequence[str] = (), max_words: int = MAX_WORDS, find: Find = best_stretch) -> str:
    """The stretch of a quote that says most by itself: its own words in one piece, with “…” where it is cut out.

    A stretch runs from the start of a clause to the end of one, over at most `max_words` words. It is the better for naming what it is
    about (`about` are such words), for something that happened or was felt, for beginning and ending where a sentence does; the worse for
    leaning on what was said before it, and for asking. `find` finds it, perhaps among those that it found before.
    """
    best = find(quote, tuple(about), max_words)
    return best.cut_from(quote) if best else shorten(telling_sentence(quote), max_words)


def most_telling(quotes: Sequence[str], about: Sequence[str] = (), find: Find = best_stretch) -> int:
    """Which of these quotes, strongest first, has the most telling stretch: one of the first few; the first unless another is clearer."""
    worth: list[float] = []
    for n, quote in enumerate(quotes[:ASKED]):
        best = find(quote, tuple(about), MAX_WORDS)
        worth.append((best.worth if best else -1.0) - LATER * n)
        if worth[-1] >= CLEAR:
            break  # it would hardly get better
    return worth.index(max(worth))


def is_english(quote: str) -> bool:
    """Whether a quote may stand beside an English sentence, by its small words."""
    spoken = words_of(quote)
    return not is_unspaced(quote) and sum(word in ENGLISH.stop for word in spoken) >= SMALL_WORDS * len(spoken)


def ask_how(about: Sequence[str], quote: str, topics: Sequence[str] = (), find: Find = best_stretch) -> str:
    """How one might help with these things, beside the words of a quote that show why.

    The question says what people speak of and no more: no cause, no remedy.
    """
    things = " and ".join(f"“{thing.strip(_EDGES)}”" for thing in about)
    return f"{ASKS} {things}?{_BESIDE}“{telling_words(quote, topics, MAX_WORDS_BESIDE, find)}”"


def question_of(text: str) -> tuple[str, str]:
    """An opportunity's question and the words beside it, in their quotation marks; these are empty where a model or a person worded it."""
    question, beside, said = text.partition(f"?{_BESIDE}")
    return (f"{question}?", said) if beside and text.startswith(ASKS) else (text, "")
