"""Rolling captions: each cue shows the line before once more; the repeats are nobody's words."""

import re
from collections.abc import Sequence
from itertools import pairwise

from .cues import Cue
from .markup import plain_words

_WORD_TIME = re.compile(r"<\d[\d:.,]*>")
_SHARE_WITH_WORD_TIMES = 0.3
_SHARE_WITHOUT = 0.6
_FEW = 4


def unroll(cues: Sequence[Cue]) -> tuple[list[Cue], bool]:
    """Cues without the lines that only repeat what the cue before showed, and whether this is such a file."""
    timed = any(_WORD_TIME.search(line) for cue in cues for line in cue.lines if "<" in line)
    if not timed and not any(set(before.lines).intersection(now.lines) for before, now in pairwise(cues)):
        return list(cues), False
    filled = [[(words, line) for line in cue.lines if (words := " ".join(plain_words(line).split()))] for cue in cues]
    shown = [[words for words, _ in lines] for lines in filled]
    repeats = [_overlap(before, now) for before, now in pairwise(shown)]
    if not _is_rolling(shown, repeats, timed=timed):
        return list(cues), False
    kept = zip(cues, filled, [0, *repeats], strict=True)
    return [Cue(cue.line, cue.start_ms, cue.end_ms, [raw for _, raw in lines[n:]]) for cue, lines, n in kept if len(lines) > n], True


def _overlap(before: Sequence[str], now: Sequence[str]) -> int:
    """How many lines at the start of a cue stood at the end of the one before."""
    if not before or not now or now[0] not in before:
        return 0
    longest = min(len(before), len(now), _FEW)
    return next((n for n in range(longest, 0, -1) if list(before[-n:]) == list(now[:n])), 0)


def _is_rolling(shown: Sequence[Sequence[str]], repeats: Sequence[int], *, timed: bool) -> bool:
    """A person may say a line twice; a file in which most cues begin with the one before is rolling."""
    full = sum(1 for lines in shown if lines)
    if full < 2:  # noqa: PLR2004 - nothing can repeat
        return False
    share = sum(1 for n in repeats if n) / (full - 1)
    if timed:
        return share >= _SHARE_WITH_WORD_TIMES
    grows = any(n and len(lines) > n for n, lines in zip(repeats, shown[1:], strict=True))
    return full >= _FEW and grows and share >= _SHARE_WITHOUT
