"""In-vivo codes: a theme named by a few words that a participant said, as researchers do when they open-code."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.stages.segment.lexicon import words_of

FEWEST, MOST = 3, 7
LONE_WORD = 0.6
"""What a clause is worth whose meaning hangs on one word, beside one with two."""
_BETWEEN = re.compile(r"[.,;:!?…()\[\]\"“”—–]+\s*|\s+(?:and|but|so|because|which|when|if|then|or|cos|while|until)\s+", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:yeah|yes|no|um+|uh+|er+|well|so|and|or|but|for|oh|okay|ok|right|i mean|you know|like|then|just|also|anyway|actually|honestly|"
    r"because|i think|i thought|i suppose|of course|at first|in the end)(?:\s+|$)",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:\s+(?:the|a|an|my|your|his|her|our|their|of|to|in|on|at|for|with|from|by|and|or|but|that|this|it's|is|was|"
    r"i|i'd|i've|he|she|they|we|you))+$",
    re.IGNORECASE,
)


def in_vivo_code(members: Sequence[str], weights: Mapping[str, float], names: Collection[str]) -> str | None:
    """The clause of three to seven words that holds most of what a theme's quotes share, word for word; None where there is none.

    `weights` say how much each content word tells of the theme; clauses that name people are left out. The order of quotes changes nothing.
    """
    best: tuple[float, str] | None = None
    for clause in sorted(set(_clauses(members))):
        spoken = words_of(clause)
        told = {word: weights[word] for word in spoken if word in weights}
        if not FEWEST <= len(spoken) <= MOST or not told or any(word in names for word in spoken):
            continue
        score = sum(told.values()) / math.sqrt(len(spoken)) * (LONE_WORD if len(told) == 1 else 1.0)
        if best is None or score > best[0]:
            best = (score, clause)
    return best[1] if best else None


def _clauses(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for part in _BETWEEN.split(text):
            clause = part.strip()
            while lead := _LEAD.match(clause):
                clause = clause[lead.end() :]
            yield _DANGLING.sub("", clause)
