"""Cues in the wording: channels, feelings and touchpoints that are named. Word tables (`cues.toml`), nothing learned; English only."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.domain.tags import Channel, Emotion

# Patterns are in lower case and so are the texts they meet: several times quicker than ignoring case.
_TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))


def _any_of(entries: Iterable[str]) -> str:
    return f"(?:{'|'.join(entries)})"


def _words(entries: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_any_of(entries)}\b")


_CHANNEL_CUES = [_words(entries) for entries in _TABLES["channels"].values()]

_FELT = {Emotion(name): _words(entries) for name, entries in _TABLES["feelings"].items()}
_DENIED = re.compile(r"(?:\b(?:not|never|no|isn|wasn|weren|didn|don|doesn|hardly|without|oh|if|would)\b|n['’]t\b)[^.!?;]{0,20}$")
"""Before a feeling word: it is denied, imagined, or meant otherwise ("oh, brilliant")."""

_CHANNELS_OF = {noun: frozenset(map(Channel, entry["channels"])) for entry in _TABLES["touchpoints"] for noun in entry["nouns"]}
_NOUNS = _any_of(re.escape(noun) for noun in sorted(_CHANNELS_OF, key=lambda noun: (-len(noun), noun)))
_PHRASE = re.compile(
    r"\b(?:the|an?|my|our|their|your|his|her|this|that|these|those|another|no|any|some)\s+"
    rf"((?:[a-z]+(?:-[a-z]+)*\s+){{0,3}}?)({_NOUNS})s?\b"
    r"(?!\s+(?:me|us|him|them|you|it)\b|['’-])",  # "the call" but not "they call me"
)
_PLAIN = frozenset(_TABLES["plain"]["words"])
_NAMING_WORDS = 2
"""Words before a noun that can belong to its name: "hotel booking page"."""


def channel_cues(text: str) -> list[float]:
    """For each channel but `none`, in the order of the tables: 1 if one of its words occurs, else 0."""
    lowered = text.lower()
    return [1.0 if cue.search(lowered) else 0.0 for cue in _CHANNEL_CUES]


def feelings(text: str) -> set[Emotion]:
    """Feelings that are said in so many words and neither denied nor imagined."""
    lowered = text.lower()
    found = ((emotion, match) for emotion, pattern in _FELT.items() for match in pattern.finditer(lowered))
    return {emotion for emotion, match in found if not _DENIED.search(lowered[: match.start()])}


def touchpoint(text: str, channel: Channel) -> str | None:
    """The noun phrase for the interaction ("verification email"), lower case, singular; None when none fits the channel."""
    phrases = [_name_of(match) for match in _PHRASE.finditer(text.lower()) if channel in _CHANNELS_OF[match[2]]]
    return max(phrases, key=lambda phrase: len(phrase.split()), default=None)


def _name_of(match: re.Match[str]) -> str:
    words = [match[2]]
    for word in reversed(match[1].split()):
        if word in _PLAIN or word.endswith(("ly", "ed", "ing", "est")) or len(words) > _NAMING_WORDS:
            break
        words.insert(0, word)
    return " ".join(words)
