"""Cut the most telling sentence out of a quote, word for word."""

import math
import re

from app.domain.transcript import count_words

MAX_WORDS = 22
MIN_WORDS = 5
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)]*(?=\s)|[。！？]+[」』”）]*|$)", re.DOTALL)
_FELT = re.compile(
    r"\b(never|always|every|hate[ds]?|love[ds]?|worst|best|had to|couldn['’]?t|can['’]?t|didn['’]?t|no one|nobody|nothing|still|"
    r"again|waited|minutes|hours|days|weeks|twice|gave up|finally|actually|wish|would be|should)\b|\d",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"^(yeah|yes|no|um+|uh+|er+|well|so|and|but|oh|okay|ok|right|i mean|you know|like)\b[,.]?\s*", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[,;:—–])\s+|(?<=[、，；：])")


def sentences_of(quote: str) -> list[str]:
    """The sentences of a quote, word for word."""
    return [m.group().strip() for m in _SENTENCE.finditer(quote)]


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
    return f"{cut_front}{kept if count_words(kept) >= MIN_WORDS else _first_words(lead, max_words)} …"


def _first_words(text: str, most: int) -> str:
    """At most so many words from the front; where there are no blanks, two characters for each."""
    spaced = text.split()
    return " ".join(spaced[:most]) if len(spaced) > most else text[: 2 * most]


def how_telling(sentence: str) -> float:
    """How much a sentence says of what happened or was felt, 0 to about 2."""
    words = count_words(sentence)
    if words < MIN_WORDS:
        return words / 100
    return min(words, MAX_WORDS) / MAX_WORDS - max(0, words - MAX_WORDS) / MAX_WORDS + 0.4 * math.sqrt(len(_FELT.findall(sentence)))
