"""Numbers that a transcriber put before every line or every turn: taken away before labels are looked for."""

import re
from itertools import pairwise

from .source import Source

_NUMBER = re.compile(r"\s{0,8}(?:¶\s?)?(\d{1,5})(?:[.)]?(?:[ \t\xa0]+|$))")
_LOOKED_AT = 40
_MIN, _SHARE, _IN_ORDER = 3, 0.5, 0.9


def without_numbers(source: Source) -> dict[int, str] | None:
    """Lines without their numbers, by index; None where lines are not numbered one after the other."""
    if not source.filled or not any(_NUMBER.match(source.lines[i][:_LOOKED_AT]) for i in source.filled[:_LOOKED_AT]):
        return None
    found = {i: match for i in source.filled if (match := _NUMBER.match(source.lines[i][:_LOOKED_AT]))}
    numbers = [int(match[1]) for match in found.values()]
    # pages may begin anew
    steps = sum(1 for a, b in pairwise(numbers) if b == a + 1 or b == 1)
    if len(numbers) < _MIN or len(numbers) < _SHARE * len(source.filled) or steps < _IN_ORDER * (len(numbers) - 1):
        return None
    return {i: source.lines[i][match.end() :] for i, match in found.items()}
