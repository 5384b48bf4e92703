"""From a vendor's segments and words to utterances, and what a person should know of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from app.domain.transcript import Utterance
from app.stages.parse.cue_speech import NAMELESS_WARNING
from app.stages.parse.source import Reader, Reading, Source
from app.stages.parse.wording import count_of, were

from .times import SECONDS, ms_of
from .values import first_of, is_text, label_of, words_in
from .words import Word, spoken, without_own_blanks

SURE = 0.99
NOBODY = ""
"""The speaker of words of which the file says that it does not know who said them."""

_NAMED = 3
_COVERED = 0.9


@dataclass(frozen=True, slots=True)
class Keys:
    """Under which keys an object holds what, of several the first that is there; `unit_ms` is the unit of its times."""

    text: tuple[str, ...]
    speaker: tuple[str, ...] = ("speaker",)
    start: tuple[str, ...] = ("start",)
    end: tuple[str, ...] = ("end",)
    unit_ms: float = SECONDS


@dataclass(slots=True)
class Speech:
    """Utterances as they are found, and the numbers (counted from 1) of the pieces that could not be read."""

    noun: str = "segment"
    utterances: list[Utterance] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _dropped: list[int] = field(default_factory=list)
    _untimed: list[int] = field(default_factory=list)
    _continued: int = 0

    def add(self, at: int, speaker: str | None, text: Any, start: Any = None, end: Any = None, unit_ms: float = SECONDS) -> None:
        """One piece of speech, number `at`; without a text it is skipped, with something else for a text it is named."""
        words = words_in(text)
        if words is None:
            if text is not None:
                self._dropped.append(at)
            return
        start_ms, end_ms = ms_of(start, unit_ms), ms_of(end, unit_ms)
        if (start is not None and start_ms is None) or (end is not None and end_ms is None):
            self._untimed.append(at)
        if words.strip():
            self.utterances.append(Utterance(speaker or None, words, start_ms, end_ms))

    def add_words(self, words: Iterable[Word]) -> None:
        """Words one by one: a change of speaker, the end of a sentence or a pause ends an utterance."""
        self.utterances += spoken(self._continue_speaker(words))

    def add_segments(self, segments: Sequence[Any], keys: Keys, words: Keys | None = None, names: Mapping[str, str] | None = None) -> None:
        """Segments with a text each; one in whose words (under `words`) the speaker changes is read word by word."""
        for at, segment in enumerate(segments, 1):
            if isinstance(segment, str):
                self.add(at, None, segment)
            elif not isinstance(segment, dict):
                self._dropped += [] if segment is None else [at]
            elif words and (said := _better_by_word(segment, keys, words, names)):
                self.add_words(said)
            else:
                speaker = label_of(first_of(segment, keys.speaker), names)
                times = first_of(segment, keys.start), first_of(segment, keys.end)
                self.add(at, speaker, first_text(segment, keys.text), *times, unit_ms=keys.unit_ms)

    def reading(self, about: Mapping[str, str] | None = None) -> Reading:
        """What was found, with a word on every piece that is missing a name, a time or itself."""
        found = list(self.warnings)
        if self._dropped:
            found.append(f"{count_of(len(self._dropped), self.noun)} without readable words {were(len(self._dropped))} left out")
            found[-1] += f" ({self._numbers(self._dropped)})"
        if self._untimed:
            found.append(
                f"{count_of(len(self._untimed), self.noun)} with an unreadable time ({self._numbers(self._untimed)}): kept without"
            )
        nameless = sum(1 for u in self.utterances if u.speaker is None)
        if nameless and nameless == len(self.utterances):
            found.append(NAMELESS_WARNING)
        elif nameless:
            found.append(
                f"{count_of(nameless, 'piece')} of speech of which the file names no speaker {were(nameless)} kept as “speaker unknown”"
            )
        if self._continued:
            found.append(f"{count_of(self._continued, 'word')} without a speaker {were(self._continued)} given to the speaker before")
        return Reading(tuple(self.utterances), tuple(found), dict(about or {}))

    def _continue_speaker(self, words: Iterable[Word]) -> Iterator[Word]:
        before: str | None = None
        for word in words:
            if word.speaker is None and before and not word.glued:
                self._continued += 1
            before = before if word.speaker is None else word.speaker
            yield word

    def _numbers(self, at: Sequence[int]) -> str:
        more = len(at) - _NAMED
        return f"no. {', '.join(map(str, at[:_NAMED]))}{f' and {more:,} more' if more > 0 else ''}"


def first_text(value: Any, keys: Sequence[str]) -> Any:
    """The first of the keys that holds a text; failing that the first that holds anything."""
    return next((value[key] for key in keys if is_text(value.get(key))), None) or first_of(value, keys)


def words_of(words: Any, keys: Keys, names: Mapping[str, str] | None = None) -> list[Word]:
    """The words of a list of objects; what is no word is passed over."""
    labels, unit_ms = _Labels(names), keys.unit_ms
    text_of, speaker_of, start_of, end_of = map(_finder, (keys.text, keys.speaker, keys.start, keys.end))
    found = []
    for item in words if isinstance(words, list) else []:
        text = words_in(text_of(item)) if isinstance(item, dict) else None
        if text:
            found.append(Word(text, labels[speaker_of(item)], ms_of(start_of(item), unit_ms), ms_of(end_of(item), unit_ms)))
    return without_own_blanks(found)


def _finder(keys: Sequence[str]) -> Callable[[dict[str, Any]], Any]:
    """`first_of` for many objects that mostly have the first of the keys."""
    first, rest = keys[0], keys[1:]

    def find(item: dict[str, Any]) -> Any:
        found = item.get(first)
        return first_of(item, rest) if found is None and rest else found

    return find


class _Labels:
    """`label_of`, each label worked out once: a file has many words of few speakers."""

    def __init__(self, names: Mapping[str, str] | None) -> None:
        self._names = names
        self._known: dict[tuple[type, Any], str | None] = {}

    def __getitem__(self, raw: Any) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str | int | float):
            return label_of(raw, self._names)
        key = type(raw), raw
        if key not in self._known:
            self._known[key] = label_of(raw, self._names)
        return self._known[key]


def _better_by_word(segment: dict[str, Any], keys: Keys, word_keys: Keys, names: Mapping[str, str] | None) -> list[Word]:
    """A segment's words where they say more than it does: it has no text, no speaker, or its words have several; else none.

    Words that leave out some of the segment's text are no better.
    """
    items = segment.get("words")
    if not isinstance(items, list):
        return []
    text = words_in(first_text(segment, keys.text)) or ""
    speaker = label_of(first_of(segment, keys.speaker), names)
    labels = {label_of(first_of(item, word_keys.speaker), names) for item in items} - {None}
    if text and (len(labels) == 0 or labels == {speaker}):
        return []
    words = words_of(items, word_keys, names)
    if sum(map(_letters, (word.text for word in words))) < _COVERED * _letters(text):
        return []
    return [word._replace(speaker=speaker) if word.speaker is None else word for word in words] if speaker else words


def _letters(text: str) -> int:
    return len("".join(text.split()))


def merged_by_time(channels: Iterable[Iterable[Utterance]]) -> list[Utterance]:
    """Speech of several channels in the order in which it was said; what has no time stays behind what it followed."""

    def timed(utterances: Iterable[Utterance]) -> Iterator[tuple[int, Utterance]]:
        latest = 0
        for utterance in utterances:
            latest = max(latest, utterance.start_ms or 0)
            yield latest, utterance

    return [utterance for _, utterance in sorted(chain.from_iterable(map(timed, channels)), key=lambda pair: pair[0])]


def json_reader(
    shape: str, holds: Callable[[Any], bool], read: Callable[[Any], Reading], *, title: str, reads: str, loses: str, version: int = 1
) -> Reader:
    """The reader of one vendor's shape: `holds` tells it by keys and types, `read` reads what it told; both take the file's JSON."""

    def detect(source: Source) -> float:
        return SURE if holds(source.value) else 0.0

    def read_value(source: Source) -> Reading:
        return read(source.value)

    return Reader(shape, f"{shape}/{version}", detect, read_value, title=title, reads=reads, loses=loses)
