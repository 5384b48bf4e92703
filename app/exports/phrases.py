"""Texts taken apart for reading: sentences, statements, questions, and the words around a quote."""

import re

from app.domain.quote import CONTEXT_CHARS
from app.domain.transcript import PARAGRAPH_BREAK

_EXTRACT = re.compile(r"(“.+”) — ([^“”]+)", re.DOTALL)
_ASKED = re.compile(r"([^—]+\?) — (“.+”)", re.DOTALL)
_FIRST_WORD = re.compile(r"[^\W\d_]+(?=[\s,])")


def sentence(text: str) -> str:
    """An error's message as a sentence; one that begins with a name or a quotation keeps its first letter."""
    first = _FIRST_WORD.match(text)
    started = text[:1].upper() + text[1:] if first and first[0].islower() else text
    return started if not started or started.endswith((".", "!", "?", "…")) else f"{started}."


def said_and_topic(text: str) -> tuple[str, str]:
    """A statement's own words in their quotation marks and its topic; the topic is empty where a model or a person worded it."""
    found = _EXTRACT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def asked_and_said(text: str) -> tuple[str, str]:
    """An opportunity's question and the words beside it, which are empty where nobody's words stand beside it."""
    found = _ASKED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def own_words_before(prefix: str | None) -> str:
    """The context before a quote: whole words, no further back than the speaker's own turn, with `…` where it is cut off."""
    text = prefix or ""
    turn = text.rpartition(PARAGRAPH_BREAK)
    if turn[1] or len(text) < CONTEXT_CHARS:
        return turn[2].strip()
    words = text.partition(" ")[2].strip()
    return f"…{words}" if words else ""


def own_words_after(suffix: str | None) -> str:
    """The context after a quote: whole words, no further than the speaker's own turn, with `…` where it is cut off."""
    text = suffix or ""
    turn = text.partition(PARAGRAPH_BREAK)
    if turn[1] or len(text) < CONTEXT_CHARS:
        return turn[0].strip()
    words = text.rpartition(" ")[0].strip()
    return f"{words}…" if words else ""
