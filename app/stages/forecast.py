"""Forecast: what a code book and statements will take before anything is tagged, or after some quotes were added.

Both depend on tags that nobody knows yet. The figures are means over nine labelled studies of 2 to 5 interviews from the gold standard's
train part, tagged as their labels say; those of the code book over the three that have themes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.ports import Foreseen
from app.stages.checking import MAX_CLAIMS
from app.stages.codebook import BATCH, FEWEST, usual_themes

GISTED = 0.92
"""Part of the quotes that tell of something, and so get a gist; the others are background."""
GIST_CHARS, LINE_CHARS, PLACED_CHARS = 31, 18, 27
"""Characters of a gist, and of what stands around one in a draft and around a quote that is to be placed."""
CUT = 0.99
"""Part of the quotes' characters that is shown to place them."""
ENTRY_CHARS = 360
"""An entry of the code book as a request shows it; careful readers drafted as many as they were told are usual at most."""
MERGED = 0.75
"""Part of an entry that is shown to make one code book of several."""
HOMELESS = 0.25
"""Part of the quotes with a gist that no entry holds."""
WORDED, WORDED_POWER = 2.6, 0.88
"""Characters that requests for statements show, by the characters of all quotes; and how they grow with a study worded before."""
GROUPS_A_QUOTE = 0.65
AT_MOST = 1.5
"""How far more there may be than usual; output is told as an upper bound."""
UNLIKE = 2.5
"""Stages are of unlike size, the i-th largest as 1 / (i + 2.5)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Requests of one task: what one costs without quotes, tokens of a shown character, tokens out of a group, characters they hold."""

    empty: Foreseen
    tokens_per_char: float
    group_tokens: int
    room_chars: int

    def foresee(self, calls: int, shown_chars: float, groups: float) -> Foreseen:
        """So many calls that show so many characters of quotes in so many groups."""
        return Foreseen(
            calls,
            round(calls * self.empty.tokens_in + shown_chars * self.tokens_per_char),
            calls * self.empty.tokens_out + math.ceil(AT_MOST * groups) * self.group_tokens,
            calls * self.empty.characters + round(shown_chars),
        )


def usual_draft(gists: float, frame: Frame) -> Foreseen:
    """Drafting a code book from so many gists, in parts where one request does not hold them all."""
    if gists < FEWEST:
        return Foreseen()
    shown = gists * (GIST_CHARS + LINE_CHARS)
    parts = math.ceil(shown / frame.room_chars)
    entries = usual_themes(math.ceil(gists))[1]
    if parts == 1:
        return frame.foresee(1, shown, entries / AT_MOST)
    merged = parts * usual_themes(math.ceil(gists / parts))[1] * ENTRY_CHARS * MERGED
    return frame.foresee(parts + 1, shown + merged, (parts + 1) * entries / AT_MOST)


def usual_placing(gists: float, chars: float, entries: int | None, frame: Frame) -> Foreseen:
    """Placing so many quotes with a gist, of so many characters; a frame without known `entries` is told those of a usual code book."""
    if gists < 1:
        return Foreseen()
    calls = math.ceil(gists / BATCH)
    shown = CUT * chars + gists * (GIST_CHARS + PLACED_CHARS)
    book = 0 if entries is not None else usual_themes(math.ceil(gists))[1] * ENTRY_CHARS
    return frame.foresee(calls, shown + calls * book, gists / AT_MOST)


def usual_statements(quotes: int, chars: int, stages: int, frame: Frame) -> Foreseen:
    """Wording the statements of a study of so many quotes, characters of them, and stages."""
    if not quotes or not stages:
        return Foreseen()
    shown = WORDED * chars
    sizes = [1 / (i + UNLIKE) for i in range(min(stages, quotes))]
    calls = sum(math.ceil(shown * size / sum(sizes) / frame.room_chars) for size in sizes)
    return frame.foresee(calls, shown, GROUPS_A_QUOTE * quotes)


def grown_statements(stages: Sequence[Sequence[int]], groups: int, growth: float, frame: Frame) -> Foreseen:
    """Wording them again after the study's quotes grew: given by stage the characters of quotes in each request of before."""
    rise = growth**WORDED_POWER
    shown = [sum(parts) * rise for parts in stages]
    calls = sum(max(len(parts), math.ceil(chars / frame.room_chars)) for parts, chars in zip(stages, shown, strict=True))
    return frame.foresee(calls, sum(shown), groups * rise)


def usual_checks(written: Foreseen, write: Frame, check: Frame) -> Foreseen:
    """A second look at the statements that `written` tells of: at as many as there may be, and as if each cited all that it was shown."""
    if not written.calls:
        return Foreseen()
    groups = max(0, written.tokens_out - written.calls * write.empty.tokens_out) / write.group_tokens
    shown = max(0, written.characters - written.calls * write.empty.characters)
    calls = max(1, math.ceil(groups / MAX_CLAIMS), math.ceil(shown / check.room_chars))
    return check.foresee(calls, shown, groups / AT_MOST)
