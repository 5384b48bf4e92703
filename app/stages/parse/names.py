"""Which labels name a speaker: decided for the file as a whole, so that "One thing: ..." in speech stays speech."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .vocabulary import FIGURES, NOT_NAMES, OPENERS, OWNERS, PARTICLES, PEOPLE, SOUNDS, VERBS

MAX_NAME = 48
MAX_NAME_WORDS = 6
SMALL_FILE = 20
CLEAR_COVERAGE = 0.6
LOOSE_TIMES = 3
LOOSE_SHARE = 0.1
FIGURE_SHARE = 0.3
ALTERNATES = 2
TITLE_LENGTH = 4
_REMEMBERED = 2048  # a file has few labels, each of them many times

_SUFFIX = re.compile(r"\s*\([^()]*\)$")
_SENTENCE = re.compile(r'[?!;"“”„…=<>{}\[\]|\\#$%^~`]|\.\s*\.|\s[-–—]\s')
_ODD_SIGN = re.compile(r"[<>{}@#=|\\/~^\[\]]")
_ITEM = re.compile(r"\d{1,3}[.)]\s")
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
    if _ITEM.match(bare):
        return False
    if len(words) == 1:
        return words[0].strip(".,'") not in NOT_NAMES
    if words[0] == "the":
        return True
    if words[0] in OPENERS:  # "So Young Kim" is somebody, "So then" and "Step 1" are not
        return words[1] != "i" and all(word[0].isupper() for word in bare.split())
    return words[-1] not in NOT_NAMES


@lru_cache(maxsize=_REMEMBERED)
def could_recur(name: str) -> bool:
    """Whether a label is short enough that the file may say it is a speaker, whatever its words: by opening paragraph after paragraph."""
    bare = _SUFFIX.sub("", name).strip()
    words = bare.casefold().split()
    if not bare or len(bare) > MAX_NAME or len(words) > MAX_NAME_WORDS:
        return False
    if not bare.strip("? "):  # "???" is how transcribers write somebody they could not tell
        return True
    begins = not (bare[0].islower() or bare[0].isdecimal())
    return begins and any(map(str.isalpha, bare)) and not _SENTENCE.search(bare) and words[-1] not in VERBS


@lru_cache(maxsize=_REMEMBERED)
def is_figure(name: str) -> bool:
    """Whether a label is one that speech has too, again and again: "So", "For example", "One thing"; "My mother" is none."""
    words = name.casefold().split()
    return bool(words) and (words[0] in (OPENERS - OWNERS) if len(words) > 1 else words[0].strip(".,'") in FIGURES)


@lru_cache(maxsize=_REMEMBERED)
def names_person(name: str) -> bool:
    """Whether a label says what somebody is, as of one who speaks once: "Unidentified male", "Rosa's husband", "Off-screen voice"."""
    words = _SUFFIX.sub("", name).casefold().split()
    return 1 < len(words) <= _LABEL_WORDS and could_be_name(name) and not name[0].islower() and not is_figure(name) and words[-1] in PEOPLE


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
    if not could_be_name(name) or "/" in bare or (len(words) > 1 and words[0].casefold() in OPENERS):
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

    `units` counts cues or paragraphs; `opens` says whether the first of them carries a label; `order` has all labels as they stand.
    """

    firm: Counter[str]
    weak: Counter[str]
    units: int
    opens: bool
    order: tuple[str, ...] = ()


def fold(name: str) -> str:
    """The form in which two spellings of a name are the same."""
    return " ".join(name.casefold().split())


def choose_names(seen: Sightings) -> Mapping[str, str]:
    """Accepted names: folded form to the spelling used most, in order of first appearance; empty where the file has no labels.

    A name must recur, or look like one in a file that is plainly labelled; what the file shows counts more than the words of a label.
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
    shown = _shown(seen, firm, spellings, {key for key in strict if totals[key] > 1})
    covered = sum(firm[key] for key in strict | shown)
    clear = covered >= CLEAR_COVERAGE * seen.units
    singles = clear or (seen.opens and seen.units <= SMALL_FILE)

    def accepted(key: str) -> bool:
        if key in shown:
            return True
        if key in strict:
            return totals[key] > 1 or (singles and firm[key] > 0)
        if clear and firm[key] and any(map(names_person, spellings[key])):
            return True
        loose = totals[key] >= LOOSE_TIMES and (clear or totals[key] >= LOOSE_SHARE * seen.units)
        return loose and any(map(could_be_name, spellings[key]))

    return {key: _most_used(counts) for key, counts in spellings.items() if accepted(key)}


def _shown(seen: Sightings, firm: Counter[str], spellings: Mapping[str, Iterable[str]], known: set[str]) -> set[str]:
    """Labels of ordinary words that the file shows to be speakers: they recur where turns begin, or take turns with one `known`."""
    if not known:
        return set()
    order = [fold(name) for name in seen.order]
    times = Counter(order)
    beside: dict[str, set[str]] = {}
    for one, other in pairwise(order):
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    shown = set()
    for key in spellings.keys() - known:
        if times[key] < ALTERNATES or not any(map(could_recur, spellings[key])):
            continue
        figure = is_figure(key)
        share = FIGURE_SHARE if figure else LOOSE_SHARE
        partners = beside.get(key, set())
        takes_turns = len(partners) == 1 and partners <= known and all(abs(times[one] - times[key]) <= 1 for one in partners)
        recurs = firm[key] >= LOOSE_TIMES and firm[key] >= share * firm.total()
        if recurs or (takes_turns and times[key] >= (LOOSE_TIMES if figure else ALTERNATES)):
            shown.add(key)
    return shown


def _most_used(counts: Counter[str]) -> str:
    return max(counts.items(), key=lambda item: item[1])[0]


def recurring(names: Iterable[str]) -> frozenset[str]:
    """Those that occur more than once."""
    return frozenset(name for name, times in Counter(names).items() if times > 1)


def suspects(unread: Sequence[tuple[int, str]]) -> list[int]:
    """Places of labels that open a paragraph and were not taken, of which a person should know: they recur, or could well be labels."""
    often = recurring(fold(name) for _, name in unread)
    return [at for at, name in unread if could_be_label(name) or (fold(name) in often and could_recur(name))]
