"""Words one by one to utterances: joined as they are written, cut where the speaker changes, a sentence ends or a pause is made."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.domain.transcript import Utterance

_CLOSING = frozenset(".,?!;:…%)]}»”’。、，？！；：）」』،؟؛।")
_ENDS = (".", "?", "!", "…", "。", "？", "！", "؟", "।")
_PAUSE_MS = 1_500
_MAX_WORDS = 60
_OWN_BLANKS = 0.3


class Word(NamedTuple):
    """One word or sign: `glued` to the one before without a blank, `opens` where the next one is glued to it.

    `speaker` is None where the word says nothing of it: it continues the one before.
    """

    text: str
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    glued: bool = False
    opens: bool = False


def spoken(words: Iterable[Word]) -> Iterator[Utterance]:
    """Utterances of the words; short ones, so that times are kept every sentence or so (turns are joined later)."""
    group: list[Word] = []
    speaker: str | None = None
    for word in words:
        changes = word.speaker is not None and word.speaker != speaker
        if group and (changes or (_ends(group, word) and not _is_glued(word))):
            yield _utterance(group, speaker)
            group = []
        speaker = speaker if word.speaker is None else word.speaker
        group.append(word)
    if group:
        yield _utterance(group, speaker)


def without_own_blanks(words: Sequence[Word]) -> list[Word]:
    """Words of a vendor that writes blanks into them (` fan`, `tastic`) glued where there is none; other words as they are."""
    blank = sum(1 for word in words if word.text[:1].isspace() or word.text[-1:].isspace())
    return [word._replace(glued=True) for word in words] if blank > _OWN_BLANKS * len(words) else list(words)


def _ends(group: Sequence[Word], word: Word) -> bool:
    last = group[-1]
    if last.opens:
        return False
    paused = last.end_ms is not None and word.start_ms is not None and word.start_ms - last.end_ms > _PAUSE_MS
    return paused or len(group) >= _MAX_WORDS or last.text.rstrip().endswith(_ENDS)


def _is_glued(word: Word) -> bool:
    return (word.glued and not word.text[:1].isspace()) or _closes(word.text)


def _closes(text: str) -> bool:
    """Whether this is punctuation alone; “.NET” is a word."""
    return text[0] in _CLOSING and all(sign in _CLOSING for sign in text)


def _utterance(group: Sequence[Word], speaker: str | None) -> Utterance:
    pieces = [group[0].text]
    for before, word in pairwise(group):
        pieces += (_joint(before, word), word.text)
    start_ms = next((word.start_ms for word in group if word.start_ms is not None), None)
    end_ms = next((word.end_ms for word in reversed(group) if word.end_ms is not None), None)
    return Utterance(speaker or None, "".join(pieces), start_ms, end_ms)


def _joint(before: Word, word: Word) -> str:
    if before.opens or word.glued or _closes(word.text):
        return ""
    if word.text.isascii():
        return " "
    return "" if _writes_no_blanks(before.text[-1:]) and _writes_no_blanks(word.text[:1]) else " "


def _writes_no_blanks(sign: str) -> bool:
    """Whether a sign is of a script that puts no blanks between words: Thai to Khmer, kana, Chinese characters."""
    return "\u0e00" <= sign <= "\u0eff" or "\u1780" <= sign <= "\u17ff" or "\u3000" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff"
