"""In-vivo codes: clauses that participants said, fit to name a theme as researchers name codes when they open-code."""

import re
from collections.abc import Collection, Iterator

from app.stages.phrases import is_number
from app.stages.segment.languages import primary
from app.stages.segment.lexicon import STAGE_DIRECTION, plain, words, words_of
from app.stages.segment.unspaced import is_unspaced

FEWEST, MOST = 4, 11
MOST_NUMBERS = 2
_LENGTHS = {4: 0.85, 5: 0.95, 9: 0.95, 10: 0.85, 11: 0.75}
"""What a clause of so many words is worth beside one of six to eight, which says enough and can still be read at a glance."""

_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)]*(?=\s)|[。！？]+[」』”）]*|$)", re.DOTALL)
_ASKS = re.compile(r"[?？][\"'”’)」』”）]*$")
_PIECE = re.compile(r"[,;:—–…()\[\]\"“”、，；：「」『』（）]+\s*|\s+-+\s+")
_JOINT = re.compile(r"\s+(?=(?:and|but|so|because|cos|then|which|while)\b)", re.IGNORECASE)
"""Where a clause may be cut without turning its meaning: not before if, unless, until, when or than."""
_LEAD = re.compile(
    r"(?:yeah|yes|um+|uh+|er+|well|so|and|or|but|oh|okay|ok|i mean|you know|then|just|also|anyway|actually|honestly|basically|because|"
    r"'?cause|cos|i think|of course|at first|in the end|(?:look|see|ah|right|no|yes|like|mind|listen)(?=,))(?:,?\s+|$)",
    re.IGNORECASE,
)
"""What may go from the front without turning the meaning: not “no”, “like” or “I thought”."""
_TAIL = re.compile(
    r",\s*(?:mind|mate|love|look|see|you know|you see|though|like|really|honestly|actually|of course|to be fair|i think|i'll say that)$",
    re.IGNORECASE,
)
"""What may go from the end."""
_DANGLING = re.compile(
    r"(?:^|\s)(?:the|a|an|my|your|his|our|their|of|and|or|but|i|i'd|i've|i'm|he|she|they|we|was|is|are|were|very|so|to|if|because|"
    r"than|that's|it's|until|till|when|while|which|then|as|every|who|whose|with|for|from)$",
    re.IGNORECASE,
)
_FRAGMENT = frozenset(
    words(
        "which who whose him her them one where when while if than as to of with for in on at by from or not no what how why like till",
        "until",
    )
)
_POINTING = words("it it's there there's that's he she they he's she's they're they'd it'd this that those these")
"""What these stand for was said before the clause."""
_POINTING_INSIDE = words("he she they him them it that this those")
_VERBS = words(
    """
    is was were are am be been had have has having do does did done can could will would got get gets went go goes came come comes said
    says say took take takes made make makes knew know knows saw see sees felt feel feels kept keep keeps paid pay pays sent send sends
    told tell tells gave give gives found find finds put puts set lost lose thought think thinks left leave leaves wrote write read
    heard hear ran run runs cost costs bought brought stood sat slept woke wake let lets broke spoke rang ring needed want wants need
    needs work works shut hung held meant means stuck fell cut hit hate hates love loves like likes hurt must should might may cannot
    it's that's he's she's there's what's nobody's everyone's
    """
)
_VERB_ENDS = ("n't", "'d", "'ve", "'re", "'m", "'ll")
_SAYS = re.compile(
    r"\b(?:never|nobody|nothing|no one|couldn't|can't|cannot|didn't|don't|won't|wouldn't|not|without|too|only|had to|wish|should|waited|"
    r"waiting|gave up|still|again|twice|afraid|scared|easy|hard|better|worse|best|worst|love|loved|hate|hated|wrong|right|cheap\w*|"
    r"expensive|free|slow|quick\w*|faster)\b"
)
"""Words by which a clause finds something, where others only name a topic."""


def clauses_of(text: str) -> Iterator[str]:
    """Clauses of a text that may stand alone, word for word: sentences and their parts, of four to eleven words; no questions."""
    seen = set()
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if _ASKS.search(sentence):
            continue
        for part in _parts(sentence.rstrip(".!…。！\"'”’)」』） ")):
            clause = part.strip(' "“”‘,')
            while lead := _LEAD.match(clause):
                clause = clause[lead.end() :].lstrip(" ,")
            while tail := _TAIL.search(clause):
                clause = clause[: tail.start()]
            if clause not in seen and _balanced(clause) and FEWEST <= len(words_of(clause)) <= MOST and not _DANGLING.search(plain(clause)):
                seen.add(clause)
                yield clause


def fitness(clause: str, language: str = "en") -> float:
    """How well a clause reads alone, 0 to about 1.2, whatever it is about; what English shows counts in English only."""
    if STAGE_DIRECTION.search(clause):
        return 0.0
    spoken = words_of(clause)
    worth = _LENGTHS.get(len(spoken), 1.0)
    numbers = sum(is_number(word) for word in spoken)
    if numbers > MOST_NUMBERS or 3 * numbers >= len(spoken):
        worth *= 0.5
    return worth if primary(language) != "en" or is_unspaced(clause) else worth * _reads_well(plain(clause), spoken)


def holds_name(clause: str, names: Collection[str]) -> bool:
    """Whether a clause names somebody; `names` are lower-case words."""
    return any(word.removesuffix("'s") in names for word in words_of(clause))


def _parts(sentence: str) -> Iterator[str]:
    """The sentence, its pieces between commas, and theirs between joints, each once and longest first."""
    pieces = _PIECE.split(sentence)
    yield from dict.fromkeys([sentence, *pieces, *(part for piece in pieces for part in _JOINT.split(piece))])


def _balanced(clause: str) -> bool:
    """Whether no quotation is cut off in the middle."""
    return clause.count('"') % 2 == 0 and clause.count("“") == clause.count("”") and clause.count("(") == clause.count(")")


def _reads_well(spelled: str, spoken: tuple[str, ...]) -> float:
    worth = 1.0
    if not any(word in _VERBS or word.endswith(_VERB_ENDS) or (word.endswith("ed") and len(word) > len("need")) for word in spoken):
        worth *= 0.5
    if spoken[0] in _POINTING:
        worth *= 0.72
    elif spoken[0] in _FRAGMENT:
        worth *= 0.55
    if not _POINTING_INSIDE.isdisjoint(spoken[1:]):
        worth *= 0.85
    return worth * (1.2 if _SAYS.search(spelled) else 1.0)
