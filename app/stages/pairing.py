"""Pairing: whether two files hold the same talk, told by their words alone, and which of the two tells more.

A transcript's sketch is the smallest hashes of its runs of five words (bottom-k sketches, Broder 1997, "On the resemblance and
containment of documents"). Runs, because every talk has the same words; the smallest, because two sketches then hold a fair sample of what
both talks share, whatever their length.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from app.domain.names import bare_name, is_label, may_be_same
from app.domain.transcript import CanonicalTranscript

RUN = 5
KEPT = 256
"""Hashes a sketch keeps: enough to tell 20 % from 30 % in nearly every case."""
UNUSED_BITS = 16
"""Hashes have 48 bits, which JSON keeps exactly."""
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_ACCENTS = re.compile("[\u0300-\u036f]")
SAME_TALK = 0.4
"""Share of the shorter talk's runs found in the other. With one word in ten changed about 58 % of runs stay, with three in twenty 45 %;
different interviews of one interviewer share about 1 %, and more only as far as long questions are read off a sheet."""
SAME_TALK_AND_STEM = 0.25
"""The same where the files are called alike, as p1.vtt and p1.docx: one word in five changed leaves 33 %."""
FEWEST_RUNS = 12
"""Of less there is nothing to compare: two files of one sentence are the same talk only where they are the same."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_FILLERS = frozenset(
    {
        "um",
        "uh",
        "uhm",
        "erm",
        "er",
        "hm",
        "hmm",
        "mm",
        "mhm",
        "mmm",
        "ah",
        "ahm",
        "oh",
        "ohm",
        "euh",
        "heu",
        "eh",
        "ehm",
        "este",
        "eeh",
        "hum",
    }
)
"""Left out, without accents as words are here: people who tidy a transcript drop them first."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A talk in a few numbers: how many different runs of words it has, and the smallest of their hashes in order."""

    runs: int = 0
    hashes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """How much a file tells, the greater the more: speakers with real names, speakers told apart, times, words, and few warnings."""

    names: int
    speakers: int
    times: bool
    words: int
    warnings: int

    @property
    def rank(self) -> tuple[int, int, bool, int, int]:
        """Sorts files from telling little to telling much; of names and speakers beyond two there may as well be too many."""
        return min(self.names, 2), min(self.speakers, 2), self.times, self.words, -self.warnings


def sketch(text: str) -> Sketch:
    """The sketch of a text."""
    words = spoken(text)
    if len(words) < RUN:
        return Sketch()
    hashes = {word: int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) for word in set(words)}
    each = np.array([hashes[word] for word in words], np.uint64)
    runs = np.zeros(len(words) - RUN + 1, np.uint64)
    for at in range(RUN):  # the place of a word in its run counts; products wrap, as is meant
        runs = (runs ^ each[at : at + len(runs)]) * _MIXER
        runs ^= runs >> np.uint64(29)
    smallest = np.unique(runs >> np.uint64(UNUSED_BITS))
    return Sketch(len(smallest), tuple(smallest[:KEPT].tolist()))


def spoken(text: str) -> list[str]:
    """Words without case, accents, punctuation and fillers; of scripts without blanks, characters."""
    plain = text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return [word for word in _WORD.findall(plain) if word not in _FILLERS]


def overlap(a: Sketch, b: Sketch) -> float:
    """Estimated share of the shorter talk's runs that the other has too; 0 to 1."""
    if min(a.runs, b.runs) < FEWEST_RUNS:
        return float(bool(a.hashes) and a == b)
    both = set(a.hashes) & set(b.hashes)
    if not both:
        return 0.0
    union = sorted({*a.hashes, *b.hashes})[:KEPT]
    resemblance = sum(1 for each in union if each in both) / len(union)
    shared = resemblance * (a.runs + b.runs) / (1 + resemblance)
    return min(1.0, shared / min(a.runs, b.runs))


def same_talk(a: Sketch, b: Sketch, *, alike_stem: bool) -> bool:
    """Whether two files hold the same talk, as far as their words tell; see `contradict` for their names."""
    return overlap(a, b) >= (SAME_TALK_AND_STEM if alike_stem else SAME_TALK)


def contradict(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether the participants' names in two files say that these are different people, however alike the words.

    Answers to one questionnaire may share most of their words. Labels such as “Speaker 2” name nobody and contradict nothing.
    """
    here, there = ({bare_name(n) for n in names if not is_label(n)} for names in (mine, theirs))
    return bool(here and there) and not any(may_be_same(a, b) for a in here for b in there)


def share_of_words(text: str, other: str) -> float:
    """Share of the longer text's words that the other has too, each as often as it occurs; 0 to 1."""
    mine, theirs = Counter(spoken(text)), Counter(spoken(other))
    return (mine & theirs).total() / (max(mine.total(), theirs.total()) or 1)


def telling(canonical: CanonicalTranscript, warnings: int) -> Telling:
    """How much a file tells."""
    speakers = canonical.speakers()
    return Telling(
        names=sum(not is_label(name) for name in speakers),
        speakers=len(speakers),
        times=canonical.duration_ms is not None,
        words=sum(canonical.words_by_speaker().values()),
        warnings=warnings,
    )


def advantage(better: Telling, other: Telling) -> str:
    """What the better file has over the other, to follow “it”."""
    if min(better.names, 2) > min(other.names, 2):
        return "names the speakers"
    if min(better.speakers, 2) > min(other.speakers, 2):
        return "tells the speakers apart"
    if better.times and not other.times:
        return "has the times"
    if better.words > other.words:
        return f"has {better.words - other.words:,} more word{'' if better.words - other.words == 1 else 's'}"
    if better.warnings < other.warnings:
        return "reads with fewer warnings"
    return "comes first by name"
