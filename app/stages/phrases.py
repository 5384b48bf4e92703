"""Phrases: runs of content words in speech, and how much each tells of some quotes beside all others."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from app.stages.segment.english import ENGLISH
from app.stages.segment.french import FRENCH
from app.stages.segment.german import GERMAN
from app.stages.segment.languages import lexicon_for, primary
from app.stages.segment.lexicon import words, words_of
from app.stages.segment.spanish import SPANISH
from app.stages.segment.unspaced import is_unspaced

Phrase = tuple[str, ...]
LONGEST_PHRASE = 3
SHORTEST_WORD = 3
MOST_CHARACTERS = 4
"""Longest phrase of a script without blanks whose words nobody knows."""
PAIR = 2
MANY_CAPITALS = 0.2

NUMBERS = words(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
    thirty forty fifty sixty seventy eighty ninety hundred thousand million half quarter couple pound pounds quid euro euros dollar
    dollars pence cents penny per cent percent second seconds minute minutes hour hours day days week weeks month months year years
    """
)
_EMPTY = NUMBERS | words(
    """
    rang ring ringing rung
    went gone going come coming want wants wanted take takes taken taking lay laid less along make makes making need needs needed
    told tell tells asked ask asks called call calls tried trying looked looking found find finds
    gave give gives given left leave put puts keep kept keeps turned turn turns started start starts stopped stop ended end happened
    happen happens used use using work works worked working talk talked talking spoke speak sat sit sitting stood stand standing
    walked walk bought buy buying paid pay sent send sends wrote write written read reading heard hear hearing thought remember
    remembered forgot show showed shows shown bring brought run ran running help helped helps love loved like liked hate hated hope
    hoped wait waited set move moved change changed open opened opens close closed live lived believe wonder wondered decided decide
    lost lose saying said time times morning
    afternoon evening night today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march
    april june july august september october november december last next new old good bad nice great big small long short whole full
    different able sure fine happy lovely awful terrible absolutely definitely exactly completely totally suddenly straight away
    eventually finally especially usually normally people person man men woman women bloke guy girl lad lady husband wife mum dad
    mother father son daughter kid kids friend part point side sense idea fact reason bit top bottom middle front word words question
    answer okay please thank thanks course rid whatever angry rude loud quiet quick slow dead wrong honest fair average whose name
    number behind certain human according laughed laughing cried crying loads never twice nobody mate yours together instead almost
    nearly enough without every ones later early late earlier soon ago half-past past
    """
)
_STOP = ENGLISH.stop | ENGLISH.fillers | ENGLISH.praise | GERMAN.stop | FRENCH.stop | SPANISH.stop
_CHINESE_STOP = frozenset(
    "的了是我你他她它们在和有不就都也很这那会要说没与及或对把被给让跟从到上下里去来能可以因为所但而且着过吗呢吧啊嗯哦个一些什么怎样"
)
_INSIDE = re.compile(r"(?<=[\w,;:] )([^\W\d_]{2,}(?:-[^\W\d_]+)*)")
"""A word with another before it in the same sentence."""
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
"""Mail and web addresses, which never become keyphrases."""
_CLAUSE_END = re.compile(r"[.,;:!?…()\[\]\"“”—–。、，；：！？「」『』（）\s]*[.,;:!?…()\[\]\"“”—–。、，；：！？「」『』（）]+")
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")


class Phrases:
    """Finds the phrases of texts, leaving out people's `names` (lower-case words); what it learns of a word it remembers."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = names
        self._known: dict[tuple[str, str], bool] = {}

    def of(self, text: str, language: str) -> frozenset[Phrase]:
        """Every run of one to three content words; in Chinese, of two to four characters."""
        spelled = is_unspaced(text) and primary(language) != "ja"
        longest = MOST_CHARACTERS if spelled else LONGEST_PHRASE
        found: set[Phrase] = set()
        for clause in _CLAUSE_END.split(_ADDRESS.sub(".", text)):
            run: Phrase = ()
            for word in _words(clause, language, spelled=spelled):
                run = (*run[1 - longest :], word) if self._bears_content(word, language) else ()
                found.update(run[start:] for start in range(len(run)))
        return frozenset(phrase for phrase in found if len(phrase) > 1 or not (spelled and _NO_BLANKS.match(phrase[0])))

    def _bears_content(self, word: str, language: str) -> bool:
        known = self._known.get((word, language))
        if known is None:
            bare = word.removesuffix("'s")
            known = self._known[word, language] = bare not in self._names and _means_something(word, language)
        return known


def is_word(phrase: Phrase) -> bool:
    """Whether a phrase is a single word; in Chinese, two characters."""
    return len(phrase) == 1 or (len(phrase) == PAIR and all(len(part) == 1 and _NO_BLANKS.match(part) for part in phrase))


def phrases_in(clause: str, language: str) -> frozenset[Phrase]:
    """The words of a clause, as phrases."""
    if is_unspaced(clause):
        return frozenset(phrase for phrase in Phrases().of(clause, language) if is_word(phrase))
    return frozenset((word,) for word in words_of(clause))


def spell(phrase: Phrase) -> str:
    """A phrase as it is written: without blanks where its script has none."""
    return "".join(word if i == 0 or _NO_BLANKS.match(word) else f" {word}" for i, word in enumerate(phrase))


def names_something(phrase: Phrase) -> bool:
    """Whether it can stand alone: no empty word in it, no adverb, no number, no stammer."""
    if any(word.endswith("ly") or not _EMPTY.isdisjoint(word.split("-")) for word in phrase):
        return False
    return len("".join(phrase)) > 1 and (_NO_BLANKS.match(phrase[0]) is not None or not any(a == b for a, b in pairwise(phrase)))


def is_number(word: str) -> bool:
    """Whether a word only counts or measures: a numeral, a coin, a span of time."""
    return any(c.isdigit() for c in word) or not NUMBERS.isdisjoint(word.split("-"))


def tells(phrase: Phrase, count: int, members: int, outside: int, background: int) -> float:
    """How much a phrase tells of `members` texts, `count` of which hold it, beside `background` others (c-TF-IDF, smoothed shares).

    A phrase says more than a word. Source: Grootendorst 2022, arXiv:2203.05794, for the class-based weighting.
    """
    share, elsewhere = count / members, outside / background
    length = len(phrase) / 2 if _NO_BLANKS.match(phrase[0]) else len(phrase)
    return share * math.log1p(share / (elsewhere + 1 / (members + background))) * math.sqrt(length)


def choose(ranked: Iterable[Phrase], most: int, counts: Mapping[Phrase, int]) -> list[Phrase]:
    """The first `most` phrases that do not repeat each other; a part of a longer one gives way to it where it occurs no more often."""
    chosen: list[Phrase] = []
    for phrase in ranked:
        longer = next((i for i, other in enumerate(chosen) if spell(other) in spell(phrase)), None)
        if longer is not None and counts[phrase] >= counts[chosen[longer]] and len(phrase) > len(chosen[longer]):
            chosen[longer] = phrase
        elif len(chosen) < most and not any(_overlap(phrase, other) for other in chosen):
            chosen.append(phrase)
    return chosen


def proper_names(texts: Iterable[str]) -> set[str]:
    """Words that are mostly capitalised inside sentences: people, places and brands that nobody listed.

    None in texts that capitalise much anyway, such as German or all capitals.
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for match in _INSIDE.finditer(text):
            word = match[1]
            (capital if word[0].isupper() else small)[word.lower()] += 1
    if capital.total() > MANY_CAPITALS * (capital.total() + small.total()):
        return set()
    return {word for word, count in capital.items() if count > small[word]}


def _words(clause: str, language: str, *, spelled: bool) -> Iterator[str]:
    """Words of a clause; single characters of a script whose words are unknown."""
    if spelled:
        for part in _HAN.findall(clause.lower()):
            yield from part if _NO_BLANKS.match(part) else (part,)
    else:
        yield from lexicon_for(language).words(clause) if is_unspaced(clause) else words_of(clause)


def _means_something(word: str, language: str) -> bool:
    stop = lexicon_for(language).stop
    if _NO_BLANKS.match(word):
        return word not in _CHINESE_STOP and word not in stop
    return len(word) >= SHORTEST_WORD and word not in _STOP and word not in stop and "'" not in word and not any(c.isdigit() for c in word)


def _overlap(a: Phrase, b: Phrase) -> bool:
    """Whether two phrases would repeat each other in one list, plural or not."""
    if _NO_BLANKS.match(a[0]) and _NO_BLANKS.match(b[0]):
        return any(x + y in spell(b) for x, y in pairwise(spell(a)))
    return bool({word.removesuffix("s") for word in a} & {word.removesuffix("s") for word in b})
