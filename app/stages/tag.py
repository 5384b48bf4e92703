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

import numpy as np
from numpy.typing import NDArray

from app.domain.quote import Quote
from app.domain.stages import Stage
from app.domain.tags import BASE_VALENCE, NO_STAGE, REVIEWED_FIELDS, Channel, Emotion, Experience, Kind, Tags
from app.domain.transcript import Span, Turn
from app.ports import Example, Window, WindowTags

MAX_TEXT = 60
MAX_QUESTION = 280
MAX_LISTED = 12
MAX_EXAMPLES, MAX_EXAMPLE = 6, 360
"""Examples in a prompt, and code points of one."""
SAME_POINT = 0.75
"""Cosine from which two quotes make the same point."""
FULL_CONFIDENCE = 100
Member = TypeVar("Member", bound=StrEnum)
EMOTION = re.compile(r"(?:(good|bad)[ _-]?(?=surprise))?([a-z]+)[ _-]?([123])?")
SURPRISES = {"good": Experience.DELIGHT, "bad": Experience.PAIN}
BACKGROUND, ARGUABLE, GUESSED, CONTINUES = "b", "u", "w", "j"
"""Lists of numbers in a reply: quotes without an item, since they are background; less sure ones; those that carry on the one before."""
OBVIOUS_SHARE, ARGUABLE_SHARE, GUESSED_SHARE = 0.95, 0.88, 0.55
"""What share of a quote's tags may be expected to be right, by what a reply says of it; measured on the gold standard's train part."""
UNKNOWN_SHARE = 0.5


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


def choose_examples(window: Window, most: int = MAX_EXAMPLES) -> tuple[Example, ...]:
    """The few of a study's decided quotes that teach most about this window.

    Corrections come before confirmations, then what is nearest (by cosine) to a quote of the window; of two that make the same point
    only the first is taken, and none of a stage that the window does not know.
    """
    known = {stage.id for stage in window.stages} | {NO_STAGE}
    nearness, likeness = _closeness(window)
    order = sorted(
        (i for i, example in enumerate(window.examples) if example.tags.stage in known),
        key=lambda i: (not is_correction(window.examples[i]), -nearness[i], window.examples[i].quote_id),
    )
    chosen: list[int] = []
    for i in order:
        if len(chosen) < most and all(likeness[i, j] < SAME_POINT for j in chosen):
            chosen.append(i)
    return tuple(window.examples[i] for i in chosen)


def is_correction(example: Example) -> bool:
    """Whether people decided otherwise than a model had proposed."""
    before, now = example.proposed, example.tags
    return before is None or any(getattr(before, name) != getattr(now, name) for name in REVIEWED_FIELDS)


def _closeness(window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of each example its cosine to the nearest quote of the window (n), and to each other example (n, n); zeros where unknown."""
    n = len(window.examples)
    taught = window.examples_encoding
    if taught is None or len(taught.vectors) != n or not n:
        return np.zeros(n, np.float32), np.zeros((n, n), np.float32)
    own = window.encoding.vectors
    nearest = (taught.vectors @ own.T).max(axis=1) if len(own) else np.zeros(n, np.float32)
    return nearest.round(3), taught.vectors @ taught.vectors.T


def tag_context(window: Window, most_examples: int = MAX_EXAMPLES) -> dict[str, Any]:
    """What the prompt `tag_quotes` is rendered from: a question stands before the first quote it led to, names only where two speak.

    `examples` are quotes that people decided about, with their tags under the reply's own short keys.
    """
    several = len({quote.speaker for quote in window.quotes}) > 1
    lines: list[dict[str, Any]] = []
    asked: str | None = None
    for quote in window.quotes:
        new = quote.question if quote.question != asked else None
        asked = quote.question
        who = quote.speaker if several else None
        lines.append({"number": quote.number, "text": quote.text, "ask": clip(new, MAX_QUESTION, keep_end=True), "who": who})
    stages = [{"key": stage.key, "title": stage.title, "definition": stage.definition} for stage in window.stages]
    return {
        "stages": stages,
        "study": window.study,
        "product": window.product,
        "question": window.question,
        "personas": _personas(window),
        "language": window.language or "und",
        "examples": _taught(window, most_examples),
        "lines": lines,
    }


def _personas(window: Window) -> list[dict[str, Any]]:
    """Who of the window's speakers is what kind of customer, in the order in which they speak."""
    speakers = dict.fromkeys(quote.speaker for quote in window.quotes)
    return [{"who": who, "kinds": window.personas[who]} for who in speakers if window.personas.get(who)]


def _taught(window: Window, most: int) -> list[dict[str, Any]]:
    """The chosen examples as the prompt shows them."""
    keys = {stage.id: stage.key for stage in window.stages} | {NO_STAGE: NO_STAGE}
    return [
        {
            "text": clip(example.text, MAX_EXAMPLE),
            "ask": clip(example.question, MAX_QUESTION, keep_end=True),
            "s": keys[example.tags.stage],
            "c": example.tags.channel.value,
            "t": example.tags.touchpoint,
            "k": example.tags.kind.value,
            "e": write_emotion(example.tags.emotion, example.tags.intensity),
            "x": example.tags.experience.value,
        }
        for example in choose_examples(window, most)
    ]


@dataclass(frozen=True, slots=True)
class TagReply:
    """What a reply says of a window: tags by number, numbers with an unusable answer and why, how many answers resolved to no quote.

    `continues` are numbers of quotes that carry on the point of the quote before them, in order.
    """

    tags: Mapping[int, Tags]
    faults: Mapping[int, str] = field(default_factory=dict)
    ungrounded: int = 0
    continues: tuple[int, ...] = ()

    def missing(self, window: Window) -> tuple[int, ...]:
        """Numbers of the window that have no tags, in order."""
        return tuple(quote.number for quote in window.quotes if quote.number not in self.tags)

    def completed_by(self, later: "TagReply") -> "TagReply":
        """Fill what is missing from a later reply; a number that has tags keeps them."""
        tags = {**later.tags, **self.tags}
        faults = {n: why for n, why in {**self.faults, **later.faults}.items() if n not in tags}
        continues = tuple(sorted({*self.continues, *later.continues}))
        return TagReply(tags, faults, self.ungrounded + later.ungrounded, continues)


def read_reply(value: Any, window: Window) -> TagReply:
    """Read a model's reply, whatever it is, item by item.

    Numbers outside the window and second answers for a number are dropped and counted; an item with a value outside the code book is a
    fault of its quote, which stays untagged.
    """
    stage_ids = stage_ids_by_key(window.stages)
    numbers = [quote.number for quote in window.quotes]
    lists = _NumberLists(value, numbers)
    tags: dict[int, Tags] = {}
    faults: dict[int, str] = {}
    ungrounded = lists.unknown
    for item in items_of(value):
        number = as_number(item.get("n")) if isinstance(item, dict) else None
        if number not in numbers or number is None or number in tags or number in faults:
            ungrounded += 1
            continue
        read = read_item(item, stage_ids, lists.confidence(number))
        if isinstance(read, Tags):
            tags[number] = read
        else:
            faults[number] = read
    for number in lists.of(BACKGROUND):
        if number in tags or number in faults:
            ungrounded += 1
        else:
            tags[number] = background(lists.confidence(number))
    return TagReply(tags, faults, ungrounded, lists.of(CONTINUES))


class _NumberLists:
    """The lists of numbers beside a reply's items; `unknown` counts what names no quote that it could speak of."""

    def __init__(self, value: Any, numbers: Sequence[int]) -> None:
        self.unknown = 0
        self._lists: dict[str, tuple[int, ...]] = {}
        for key in (BACKGROUND, ARGUABLE, GUESSED, CONTINUES):
            said = value.get(key) if isinstance(value, dict) else None
            if isinstance(said, list):
                allowed = numbers[1:] if key == CONTINUES else numbers  # what the first one carries on is not in the window
                read = [as_number(number) for number in said]
                known = {number for number in read if number is not None and number in allowed}
                self.unknown += sum(number not in known for number in read)
                self._lists[key] = tuple(sorted(known))

    def of(self, key: str) -> tuple[int, ...]:
        """One list's numbers in order."""
        return self._lists.get(key, ())

    def confidence(self, number: int) -> float:
        """How sure the reply is of a quote, 0 to 1."""
        if ARGUABLE not in self._lists and GUESSED not in self._lists:
            return UNKNOWN_SHARE
        return GUESSED_SHARE if number in self.of(GUESSED) else ARGUABLE_SHARE if number in self.of(ARGUABLE) else OBVIOUS_SHARE


def background(confidence: float) -> Tags:
    """The tags of a quote that tells of no moment of the journey."""
    return Tags(NO_STAGE, Channel.NONE, None, Kind.OTHER, Emotion.NEUTRAL, 1, Experience.NEUTRAL, None, confidence)


def parse_reply(value: Any, window: Window) -> WindowTags:
    """Read one reply into the tagger's answer; what is missing is named in the reason."""
    reply = read_reply(value, window)
    return WindowTags(reply.tags, reply.ungrounded, reason=describe_missing(reply, window), continues=reply.continues)


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
        lists = [v for key, v in value.items() if isinstance(v, list) and key not in {BACKGROUND, ARGUABLE, GUESSED, CONTINUES}]
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


def read_item(item: Mapping[str, Any], stage_ids: Mapping[str, str], confidence: float) -> Tags | str:
    """One quote's tags, or what is wrong with them; the fault names the key only, since a wrong value may be anything.

    `confidence` is what the reply says where the item has none of its own.
    """
    stage = stage_ids.get(_word(item.get("s")))
    channel = _member(Channel, item.get("c"))
    kind = _member(Kind, item.get("k"))
    emotion, intensity = read_emotion(item.get("e"), item.get("i"))
    experience = _member(Experience, item["x"]) if "x" in item else read_experience(item.get("e"))
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
        confidence=read_confidence(item["p"]) if "p" in item else confidence,
    )


def read_emotion(value: Any, intensity: Any = None) -> tuple[Emotion | None, int]:
    """Emotion and intensity from "frustration2", or from the two apart; without an intensity only neutral can be read."""
    match = EMOTION.fullmatch(_word(value))
    emotion = _member(Emotion, match[2]) if match else None
    if match is None or emotion is None:
        return None, 1
    if emotion is Emotion.NEUTRAL:
        return emotion, 1
    strength = int(match[3]) if match[3] else as_number(intensity)
    return (emotion, strength) if strength in {1, 2, 3} and strength else (None, 1)


def read_experience(value: Any) -> Experience:
    """The experience that goes with an emotion as a reply has it; only a surprise has to say which, as "good_surprise2"."""
    match = EMOTION.fullmatch(_word(value))
    if match is None:
        return Experience.NEUTRAL
    if match[1]:
        return SURPRISES[match[1]]
    emotion = _member(Emotion, match[2])
    worth = BASE_VALENCE[emotion] if emotion else 0
    return Experience.DELIGHT if worth > 0 else Experience.PAIN if worth < 0 else Experience.NEUTRAL


def write_emotion(emotion: Emotion, intensity: int) -> str:
    """Emotion and intensity as a reply has them: "frustration2"; neutral has no digit."""
    return emotion.value if emotion is Emotion.NEUTRAL else f"{emotion.value}{intensity}"


def read_confidence(value: Any) -> float:
    """0 to 1 from 0 to 100; what is no number counts as a guess."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return UNKNOWN_SHARE
    return round(min(max(float(value), 0.0), FULL_CONFIDENCE) / FULL_CONFIDENCE, 2)


def clip(value: Any, length: int, *, keep_end: bool = False) -> str | None:
    """A short text of a reply made harmless: one line, no control characters, at most `length` code points cut at a word; None if empty."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():  # else there is nothing to be left out, and most texts are
        value = "".join(" " if c.isspace() else c for c in value if c.isspace() or not unicodedata.category(c).startswith("C"))
    text = " ".join(value.split())
    if len(text) > length:
        text = text[-length:].partition(" ")[2] or text[-length:] if keep_end else text[:length].rpartition(" ")[0] or text[:length]
    return text or None


def _word(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""


def _member(kind: type[Member], value: Any) -> Member | None:
    word = _word(value).replace(" ", "_")
    return kind(word) if word in kind._value2member_map_ else None
