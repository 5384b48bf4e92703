"""Which labels name a speaker: decided for the file as a whole, so that "One thing: ..." in speech stays speech."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .vocabulary import NOT_NAMES, OPENERS, PARTICLES, SOUNDS

MAX_NAME = 48
MAX_NAME_WORDS = 5
SMALL_FILE = 20
CLEAR_COVERAGE = 0.6
LOOSE_TIMES = 3
LOOSE_SHARE = 0.1
TITLE_LENGTH = 4
_REMEMBERED = 2048  # a file has few labels, each of them many times

_SUFFIX = re.compile(r"\s*\([^()]*\)$")
_SENTENCE = re.compile(r'[?!;"“”„…=<>{}\[\]|\\/#$%^~`]|\.\s*\.|\s[-–—]\s')
_ODD_SIGN = re.compile(r"[<>{}@#=|\\/~^\[\]]")
_LABEL_WORDS = 3
_ROLE = re.compile(
    r"(?:unknown |unidentified )?(?:speaker|participant|interviewer|interviewee|moderator|facilitator|researcher|respondent|host|guest|"
    r"user|customer|observer|note ?taker|assistant|ai|me|sprecher|locuteur|hablante|p|r|i|q|a|m)[\s_#-]{0,2}\d{0,3}[a-z]?",
    re.IGNORECASE,
)


def is_sound(text: str) -> bool:
    """Whether a bracketed word such as "laughs" or "background noise" describes a sound and names nobody."""
    return any(word in SOUNDS for word in re.findall(r"\w+", text.casefold()))


@lru_cache(maxsize=_REMEMBERED)
def could_be_name(name: str) -> bool:
    """Whether a label is short and no sentence; "the vet" could be a name, "One thing" could not."""
    bare = _SUFFIX.sub("", name).strip()
    words = bare.casefold().split()
    if not bare or len(bare) > MAX_NAME or len(words) > MAX_NAME_WORDS or _SENTENCE.search(bare) or not any(map(str.isalpha, bare)):
        return False
    if len(words) == 1:
        return words[0].strip(".,'") not in NOT_NAMES
    if words[0] == "the":
        return True
    if words[0] in OPENERS:  # "So Young Kim" is somebody, "So then" and "Step 1" are not
        return words[1] != "i" and all(word[0].isupper() for word in bare.split())
    return words[-1] not in NOT_NAMES


def could_be_label(name: str) -> bool:
    """Whether a person should look at a label that names nobody known: short, capitalised or with odd signs, no figure of speech."""
    words = name.casefold().split()
    if not words or len(words) > _LABEL_WORDS or len(name) > MAX_NAME or words[0] in OPENERS or words[-1].strip(".,'") in NOT_NAMES:
        return False
    return looks_like_name(name) or (bool(_ODD_SIGN.search(name)) and any(map(str.isalpha, name)))


@lru_cache(maxsize=_REMEMBERED)
def looks_like_name(name: str) -> bool:
    """Whether a label reads like a name or a role: short, capitalised (or of a script without capitals), not a sentence."""
    bare = _SUFFIX.sub("", name).strip()
    if _ROLE.fullmatch(bare):
        return True
    words = bare.split()
    if not could_be_name(name) or (len(words) > 1 and words[0].casefold() in OPENERS):
        return False
    return words[0][0].isalpha() and any(not word[0].islower() for word in words) and all(map(_fits_name, words))


def _fits_name(word: str) -> bool:
    core = word.strip("'’-&()")
    if word.casefold() in PARTICLES or not core:
        return True
    if "." in core[:-1] and not re.fullmatch(r"(?:\w\.)+\w?", core):  # "J.K." is an initial, "example.com" is none
        return False
    if core.endswith(".") and len(core) > TITLE_LENGTH + 1:
        return False
    return not core[0].islower() or core[:2].casefold() in {"d'", "o'", "l'"}


@dataclass(frozen=True, slots=True)
class Sightings:
    """Candidate labels of a file: `firm` ones stand where a turn may begin, `weak` ones where a sentence may go on.

    `units` counts cues or paragraphs; `opens` says whether the first of them carries a label.
    """

    firm: Counter[str]
    weak: Counter[str]
    units: int
    opens: bool


def fold(name: str) -> str:
    """The form in which two spellings of a name are the same."""
    return " ".join(name.casefold().split())


def choose_names(seen: Sightings) -> Mapping[str, str]:
    """Accepted names: folded form to the spelling used most, in order of first appearance; empty where the file has no labels.

    A name must recur, or look like one in a file that is plainly labelled.
    """
    spellings: dict[str, Counter[str]] = {}
    for counts in (seen.firm, seen.weak):
        for name, times in counts.items():
            spellings.setdefault(fold(name), Counter())[name] += times
    firm: Counter[str] = Counter()
    for name, times in seen.firm.items():
        firm[fold(name)] += times
    totals = {key: counts.total() for key, counts in spellings.items()}
    strict = {key for key, counts in spellings.items() if any(map(looks_like_name, counts))}
    covered = sum(firm[key] for key in strict)
    clear = covered >= CLEAR_COVERAGE * seen.units
    singles = clear or (seen.opens and seen.units <= SMALL_FILE)

    def accepted(key: str) -> bool:
        if key in strict:
            return totals[key] > 1 or (singles and firm[key] > 0)
        loose = totals[key] >= LOOSE_TIMES and (clear or totals[key] >= LOOSE_SHARE * seen.units)
        return loose and any(map(could_be_name, spellings[key]))

    return {key: _most_used(counts) for key, counts in spellings.items() if accepted(key)}


def _most_used(counts: Counter[str]) -> str:
    return max(counts.items(), key=lambda item: item[1])[0]


def recurring(names: Iterable[str]) -> frozenset[str]:
    """Those that occur more than once."""
    return frozenset(name for name, times in Counter(names).items() if times > 1)
