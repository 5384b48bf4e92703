"""A transcript: canonical text, and what stands beside it (turns, marks)."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from app.domain.identity import derive_id

PARAGRAPH_BREAK = "\n\n"
UNKNOWN_SPEAKER = "speaker unknown"
QUOTED_SPEAKER = "quoted text"
"""Whose words an excerpt of somebody else is, such as a `>` block: nobody's in the interview."""
NOBODY = frozenset({UNKNOWN_SPEAKER, QUOTED_SPEAKER})
"""Labels under which stand words that the file gives to none of its speakers."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]+")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\u200b]")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in a transcript's canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span must be 0 <= start < end, not {self.start}..{self.end}")

    def cut(self, text: str) -> str:
        """The words of this span; the only way a quote's text comes to be."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a reader found: words of one cue or paragraph. `speaker` is None where the file names nobody.

    `opens_turn` says that somebody else speaks from here on, also where the name is the same as before or unknown to both.
    """

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    opens_turn: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted speech: a paragraph of the canonical text."""

    index: int
    speaker: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """At code point `offset` of the canonical text the recording stood at `ms` milliseconds."""

    offset: int
    ms: int


@dataclass(frozen=True, slots=True)
class CanonicalTranscript:
    """Rendered speech: `text` is spoken words only, NFC, a paragraph a turn, paragraphs joined by a blank line."""

    text: str
    turns: tuple[Turn, ...]
    marks: tuple[Mark, ...]

    @property
    def named(self) -> bool:
        """Whether the file said who speaks."""
        return any(turn.speaker not in NOBODY for turn in self.turns)

    @property
    def duration_ms(self) -> int | None:
        """Time of the last mark; None where the file has no times."""
        return self.marks[-1].ms if self.marks else None

    def speakers(self) -> tuple[str, ...]:
        """Names in order of first appearance."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))

    def words_by_speaker(self) -> dict[str, int]:
        """Words each speaker says, as `count_words` counts."""
        words = dict.fromkeys(self.speakers(), 0)
        for turn in self.turns:
            words[turn.speaker] += count_words(self.text[turn.start : turn.end])
        return words


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """What a reader made of one file. `shape` and `reader` name the form and the reader's version."""

    shape: str
    reader: str
    canonical: CanonicalTranscript
    warnings: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    """What the file says of the talk: title, date, participant, persona …; keys in lower case."""


def transcript_id(study_key: str, text: str) -> str:
    """The same canonical text in the same study is the same transcript."""
    return derive_id("transcript", study_key, text)


def count_words(text: str) -> int:
    """Blank-separated words; in scripts without blanks (Japanese, Chinese) two characters count as one."""
    if not _UNSPACED.search(text):
        return len(text.split())
    spaced = _UNSPACED.sub(lambda run: " x" * -(-len(run[0]) // 2) + " ", text)
    return sum(any(c.isalnum() for c in word) for word in spaced.split())


def normalise(text: str) -> str:
    """NFC, control characters and invisible marks dropped, every run of white space one blank.

    Of accents piled on one letter only the first 30 stay, as in the Stream-Safe Text Format of UAX #15: to put more of them in order
    takes time that grows with their square.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _piled_marks().sub(r"\1", text))
    return " ".join(_DROPPED.sub("", text).split())


@cache
def _piled_marks() -> re.Pattern[str]:
    """More than 30 combining characters in a row."""
    marks = [code for code in range(0x20000) if unicodedata.combining(chr(code))]
    starts = [code for code in marks if not unicodedata.combining(chr(code - 1))]
    ends = [code for code in marks if not unicodedata.combining(chr(code + 1))]
    ranges = "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(starts, ends, strict=True))
    return re.compile(f"([{ranges}]{{30}})[{ranges}]+")


def render_canonical(utterances: Iterable[Utterance]) -> CanonicalTranscript:
    """Join utterances into turns (consecutive ones of a speaker merge, but for `opens_turn`) and write the canonical text with its marks.

    Utterances without words vanish. An utterance's start and end become marks; marks never run backwards.
    """
    parts: list[str] = []
    turns: list[Turn] = []
    marks: list[Mark] = []
    length = 0

    def mark(offset: int, ms: int | None) -> None:
        if ms is None:
            return
        if marks and (ms < marks[-1].ms or offset < marks[-1].offset or (ms == marks[-1].ms and offset == marks[-1].offset)):
            return
        marks.append(Mark(offset, ms))

    for utterance in utterances:
        words = normalise(utterance.text)
        if not words:
            continue
        speaker = normalise(utterance.speaker or "") or UNKNOWN_SPEAKER
        continues = bool(turns) and turns[-1].speaker == speaker and not utterance.opens_turn
        glue = "" if not turns else (" " if continues else PARAGRAPH_BREAK)
        start = length + len(glue)
        end = start + len(words)
        parts += [glue, words]
        length = end
        if continues:
            last = turns.pop()
            turns.append(Turn(last.index, speaker, last.start, end))
        else:
            turns.append(Turn(len(turns), speaker, start, end))
        mark(start, utterance.start_ms)
        mark(end, utterance.end_ms)
    return CanonicalTranscript("".join(parts), tuple(turns), tuple(marks))


def times_of(span: Span, marks: tuple[Mark, ...]) -> tuple[int | None, int | None]:
    """Start and end of a span in milliseconds, interpolated between the marks around it; None where there are none."""
    return _time_at(span.start, marks, at_start=True), _time_at(span.end, marks, at_start=False)


def _time_at(offset: int, marks: tuple[Mark, ...], *, at_start: bool) -> int | None:
    if not marks:
        return None
    key = [m.offset for m in marks]
    i = bisect_right(key, offset) - 1
    if i < 0:
        return marks[0].ms
    before = marks[i]
    if not at_start:  # a span that ends on a mark ends at the earlier of the times marked there
        while i > 0 and marks[i - 1].offset == offset:
            i -= 1
        before = marks[i]
    if before.offset == offset or i + 1 >= len(marks):
        return before.ms
    after = marks[i + 1]
    share = (offset - before.offset) / (after.offset - before.offset)
    return round(before.ms + share * (after.ms - before.ms))
