"""Forecast: what naming themes and wording statements will take before anything is tagged, or after some quotes were added.

Both depend on tags that nobody knows yet. The figures are means over nine labelled studies of 2 to 5 interviews from the gold standard's
train part, tagged as their labels say. Requests for statements were within 10 % of them, requests for names within 20 % in a first run
and within a factor of two after an interview was added.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.ports import Foreseen

THEMES, QUOTES_A_THEME = 9, 55
"""So many themes, and one more for so many quotes."""
NAMED, NAMED_POWER = 9.1, 0.755
"""Characters that requests for names show of quotes: a theme shows 20 at most, so they grow more slowly than a study."""
WORDED, WORDED_POWER = 2.6, 0.88
"""The same of requests for statements, by the characters of all quotes; and how they grow with a study that was worded before."""
GROUPS_A_QUOTE = 0.65
BORN, BORN_FULLY_FROM = 0.55, 0.15
"""Part of its themes that a study has to have named when at least such a share of its quotes is new."""
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


def usual_names(quotes: int, chars: int, frame: Frame, most: int, part: float = 1.0) -> Foreseen:
    """Naming a part of the themes of a study of so many quotes and characters of them; a request names `most` themes."""
    if not quotes or not part:
        return Foreseen()
    themes = part * min(quotes, THEMES + quotes / QUOTES_A_THEME)
    shown = part * min(chars, NAMED * chars**NAMED_POWER)
    return frame.foresee(max(math.ceil(themes / most), math.ceil(shown / frame.room_chars)), shown, themes)


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


def born_part(new: float) -> float:
    """What part of the themes will have no name yet when a share of the quotes is new."""
    return BORN * min(1.0, new / BORN_FULLY_FROM)
