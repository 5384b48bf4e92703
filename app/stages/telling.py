"""Cut the most telling sentence out of a quote, word for word."""

import math
import re

MAX_WORDS = 22
MIN_WORDS = 5
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)]*(?=\s)|$)", re.DOTALL)
_FELT = re.compile(
    r"\b(never|always|every|hate[ds]?|love[ds]?|worst|best|had to|couldn['’]?t|can['’]?t|didn['’]?t|no one|nobody|nothing|still|"
    r"again|waited|minutes|hours|days|weeks|twice|gave up|finally|actually|wish|would be|should)\b|\d",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"^(yeah|yes|no|um+|uh+|er+|well|so|and|but|oh|okay|ok|right|i mean|you know|like)\b[,.]?\s*", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[,;:—–])\s+")


def telling_sentence(quote: str) -> str:
    """The sentence of a quote that says most: with something that happened or was felt, neither a scrap nor a ramble."""
    sentences = [m.group().strip() for m in _SENTENCE.finditer(quote)]
    if not sentences:
        return quote
    return max(sentences, key=_score)


def shorten(sentence: str, max_words: int = MAX_WORDS) -> str:
    """At most `max_words` words: cut at a clause where one ends in time, else after a word; what is cut off shows as “…”."""
    if len(sentence.split()) <= max_words:
        return sentence
    lead = sentence
    while (shorter := _HEDGE.sub("", lead)) != lead:
        lead = shorter
    cut_front = "… " if lead != sentence else ""
    if len(lead.split()) <= max_words:
        return cut_front + lead
    kept: list[str] = []
    for clause in _CLAUSE.split(lead):
        if len(" ".join([*kept, clause]).split()) > max_words:
            break
        kept.append(clause)
    words = " ".join(kept).rstrip(",;:—– ") if len(" ".join(kept).split()) >= MIN_WORDS else " ".join(lead.split()[:max_words])
    return f"{cut_front}{words} …"


def _score(sentence: str) -> float:
    words = len(sentence.split())
    if words < MIN_WORDS:
        return words / 100
    return min(words, MAX_WORDS) / MAX_WORDS - max(0, words - MAX_WORDS) / MAX_WORDS + 0.4 * math.sqrt(len(_FELT.findall(sentence)))
