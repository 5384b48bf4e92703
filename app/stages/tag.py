"""Tag: cut a transcript's quotes into windows, and read a model's reply about a window into tags.

A reply names quotes by number. Only code knows which quote a number means, and no text of a reply ever becomes a quote.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.quote import Quote
from app.domain.stages import Stage
from app.domain.tags import NO_STAGE, Channel, Emotion, Experience, Kind, Tags
from app.domain.transcript import Span, Turn
from app.ports import Window, WindowTags

MAX_TEXT = 60
MAX_QUESTION = 280
MAX_LISTED = 12
FULL_CONFIDENCE = 100
Member = TypeVar("Member", bound=StrEnum)
EMOTION = re.compile(r"([a-z]+)[ _-]?([123])?")


def windows(quotes: Sequence[Quote], size: int) -> tuple[tuple[Quote, ...], ...]:
    """Split one transcript's quotes, in order, into consecutive windows of at most `size`.

    A window ends in its last quarter where the speaker's turn ends, at the place that the quotes' own ids choose. So a quote that is
    trimmed, split or added moves the boundaries near it only, and the other windows' cached replies stay good.
    """
    if size < 1:
        raise ValueError(f"a window holds at least one quote, not {size}")
    cut: list[tuple[Quote, ...]] = []
    start = 0
    while len(quotes) - start > size:
        candidates = range(start + max(1, size - size // 4), start + size + 1)
        end = min(candidates, key=lambda i: (quotes[i].turn == quotes[i - 1].turn, quotes[i].id))
        cut.append(tuple(quotes[start:end]))
        start = end
    if start < len(quotes):
        cut.append(tuple(quotes[start:]))
    return tuple(cut)


def question_spans(quotes: Sequence[Quote], turns: Sequence[Turn], interviewers: Collection[str]) -> dict[str, Span]:
    """By quote id the span of what an interviewer last said before the quote's turn; quotes before any question are left out.

    `turns` are the transcript's, in order; `interviewers` are the speakers' names in that transcript.
    """
    asked = [turn for turn in turns if turn.speaker in interviewers]
    starts = [turn.start for turn in asked]
    before = ((quote.id, bisect_left(starts, quote.start) - 1) for quote in quotes)
    return {quote_id: Span(asked[i].start, asked[i].end) for quote_id, i in before if i >= 0}


def tag_context(window: Window) -> dict[str, Any]:
    """What the prompt `tag_quotes` is rendered from: a question stands before the first quote it led to, names only where two speak."""
    several = len({quote.speaker for quote in window.quotes}) > 1
    lines: list[dict[str, Any]] = []
    asked: str | None = None
    for quote in window.quotes:
        new = quote.question if quote.question != asked else None
        asked = quote.question
        who = quote.speaker if several else None
        lines.append({"number": quote.number, "text": quote.text, "ask": clip(new, MAX_QUESTION, keep_end=True), "who": who})
    stages = [{"key": stage.key, "title": stage.title, "definition": stage.definition} for stage in window.stages]
    return {"stages": stages, "study": window.study, "question": window.question, "language": window.language or "und", "lines": lines}


@dataclass(frozen=True, slots=True)
class TagReply:
    """What a reply says of a window: tags by number, numbers with an unusable answer and why, how many answers resolved to no quote."""

    tags: Mapping[int, Tags]
    faults: Mapping[int, str] = field(default_factory=dict)
    ungrounded: int = 0

    def missing(self, window: Window) -> tuple[int, ...]:
        """Numbers of the window that have no tags, in order."""
        return tuple(quote.number for quote in window.quotes if quote.number not in self.tags)

    def completed_by(self, later: "TagReply") -> "TagReply":
        """Fill what is missing from a later reply; a number that has tags keeps them."""
        tags = {**later.tags, **self.tags}
        faults = {n: why for n, why in {**self.faults, **later.faults}.items() if n not in tags}
        return TagReply(tags, faults, self.ungrounded + later.ungrounded)


def read_reply(value: Any, window: Window) -> TagReply:
    """Read a model's reply, whatever it is, item by item.

    Numbers outside the window and second answers for a number are dropped and counted; an item with a value outside the code book is a
    fault of its quote, which stays untagged.
    """
    stage_ids = stage_ids_by_key(window.stages)
    known = {quote.number for quote in window.quotes}
    tags: dict[int, Tags] = {}
    faults: dict[int, str] = {}
    ungrounded = 0
    for item in items_of(value):
        number = as_number(item.get("n")) if isinstance(item, dict) else None
        if number not in known or number is None or number in tags or number in faults:
            ungrounded += 1
            continue
        read = read_item(item, stage_ids)
        if isinstance(read, Tags):
            tags[number] = read
        else:
            faults[number] = read
    return TagReply(tags, faults, ungrounded)


def parse_reply(value: Any, window: Window) -> WindowTags:
    """Read one reply into the tagger's answer; what is missing is named in the reason."""
    reply = read_reply(value, window)
    return WindowTags(reply.tags, reply.ungrounded, reason=describe_missing(reply, window))


def describe_missing(reply: TagReply, window: Window) -> str | None:
    """Why quotes of the window have no tags, for the run's record and for the model's second try; None when none is missing."""
    missing = reply.missing(window)
    if not missing:
        return None
    silent = [n for n in missing if n not in reply.faults]
    parts = [f"no answer for {_listed(silent)}"] if silent else []
    parts += [f"{n}: {reply.faults[n]}" for n in missing if n in reply.faults][:MAX_LISTED]
    return "; ".join(parts)


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:MAX_LISTED]))
    return shown if len(numbers) <= MAX_LISTED else f"{shown} and {len(numbers) - MAX_LISTED} more"


def stage_ids_by_key(stages: Sequence[Stage]) -> dict[str, str]:
    """What a stage's key on the wire means; "none" is always there."""
    return {**{stage.key.lower(): stage.id for stage in stages}, NO_STAGE: NO_STAGE}


def items_of(value: Any) -> list[Any]:
    """The list of a reply: the reply itself, its `q`, or the only list in it."""
    if isinstance(value, dict):
        lists = [v for v in value.values() if isinstance(v, list)]
        own = value.get("q")
        value = own if isinstance(own, list) else lists[0] if len(lists) == 1 else [value] if "n" in value else []
    return value if isinstance(value, list) else []


def as_number(value: Any) -> int | None:
    """A quote number as models write it: 3, "3" or 3.0; anything else is None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def read_item(item: Mapping[str, Any], stage_ids: Mapping[str, str]) -> Tags | str:
    """One quote's tags, or what is wrong with them; the fault names the key only, since a wrong value may be anything."""
    stage = stage_ids.get(_word(item.get("s")))
    channel = _member(Channel, item.get("c"))
    kind = _member(Kind, item.get("k"))
    experience = _member(Experience, item.get("x"))
    emotion, intensity = read_emotion(item.get("e"), item.get("i"))
    if stage is None or channel is None or kind is None or experience is None or emotion is None:
        named = {"s": stage, "c": channel, "k": kind, "e": emotion, "x": experience}
        return "no listed value in " + ", ".join(key for key, read in named.items() if read is None)
    return Tags(
        stage=stage,
        channel=channel,
        touchpoint=clip(item.get("t"), MAX_TEXT),
        kind=kind,
        emotion=emotion,
        intensity=intensity,
        experience=experience,
        gist=clip(item.get("g"), MAX_TEXT),
        confidence=read_confidence(item.get("p")),
    )


def read_emotion(value: Any, intensity: Any = None) -> tuple[Emotion | None, int]:
    """Emotion and intensity from "frustration2", or from the two apart; without an intensity only neutral can be read."""
    match = EMOTION.fullmatch(_word(value))
    emotion = _member(Emotion, match[1]) if match else None
    if match is None or emotion is None:
        return None, 1
    if emotion is Emotion.NEUTRAL:
        return emotion, 1
    strength = int(match[2]) if match[2] else as_number(intensity)
    return (emotion, strength) if strength in {1, 2, 3} and strength else (None, 1)


def read_confidence(value: Any) -> float:
    """0 to 1 from 0 to 100; what is no number counts as a guess."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return 0.5
    return round(min(max(float(value), 0.0), FULL_CONFIDENCE) / FULL_CONFIDENCE, 2)


def clip(value: Any, length: int, *, keep_end: bool = False) -> str | None:
    """A short text of a reply made harmless: one line, no control characters, at most `length` code points cut at a word; None if empty."""
    if not isinstance(value, str):
        return None
    kept = (" " if c.isspace() else c for c in value if c.isspace() or not unicodedata.category(c).startswith("C"))
    text = " ".join("".join(kept).split())
    if len(text) > length:
        text = text[-length:].partition(" ")[2] or text[-length:] if keep_end else text[:length].rpartition(" ")[0] or text[:length]
    return text or None


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


def _member(kind: type[Member], value: Any) -> Member | None:
    word = _word(value).replace(" ", "_")
    return kind(word) if word in kind._value2member_map_ else None
