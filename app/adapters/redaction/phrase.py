"""Words of a text as parts of addresses: which can be a number or a town, and how far an address reaches around its core."""

import re
from dataclasses import dataclass

from app.adapters.redaction.cues import after, before
from app.adapters.redaction.lexicon import Lexicon, fold, words
from app.adapters.redaction.numbers import UNIT_AFTER
from app.adapters.redaction.numerals import ENGLISH, number_words
from app.adapters.redaction.people import NEVER, TOWNS
from app.adapters.redaction.streets import BETWEEN, HOUSE, NOT_A_NAME, ORDINAL, ROAD_FIRST, ROAD_LAST, ROAD_LAST_MAYBE, UNIT

NUMBER_WORDS = words("number no nummer nr numero n num hausnummer huisnummer nº")
ARTICLES = words("al au nel the het le die no")
WORDY_UNITS = words("no house floor shop road street n")
REPLIES = words(
    "please thanks yeah yes right okay actually though really anyway sorry exactly maybe true again same home work today now then"
    " there here"
)
PAUSES = words("uh um er ah so then and at in on of äh ähm euh eh near that's it's")
TOKEN = re.compile(r"#?\d[\w/-]{0,20}[º°ª]?|[^\W\d_](?:[\w'’-]{0,40}[^\W_])?\.?(?=[^\w]|$)")
NUMBER = re.compile(
    r"#?\d{1,5}[a-z]?(?:[/-]\d{0,4}[a-z]?)?[º°ª]?|\d{4,6}|\d{4,5}-\d{3,4}|[a-z]{1,2}\d[a-z\d]?|\d[a-z]{2}|[a-z]\d[a-z]|\d[a-z]\d",
    re.IGNORECASE,
)
GAP = re.compile(r"[ ,/#\-–()]{0,3}|\. |, ")
MAX_NAME, MAX_FIRST_NAME, MAX_PASSING = 3, 6, 4
MAX_PARTS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a text and what it can be in an address."""

    start: int
    end: int
    folded: str
    capital: bool
    number: bool


class Phrase:
    """The parts of one text, and what belongs together among them."""

    def __init__(self, text: str, language: str, lexicon: Lexicon) -> None:
        self.text, self.language, self.lexicon = text, language, lexicon
        words = number_words(language)
        self.roads = ROAD_FIRST.get(language, frozenset())
        self.parts = [self._part(m, words) for m in TOKEN.finditer(text)]

    def _part(self, match: re.Match[str], words: object) -> Part:
        folded = fold(match.group()).rstrip(".")
        spoken = folded in ENGLISH or (isinstance(words, dict) and folded in words) or self._compound_number(folded)
        number = (
            NUMBER.fullmatch(folded) is not None
            if any(c.isdigit() for c in folded)
            else spoken and folded not in {"a", "o", "un", "een", "um", "ein", "e"}
        )
        return Part(match.start(), match.start() + len(match.group().rstrip(".")), folded, match.group()[0].isupper(), number)

    def _compound_number(self, folded: str) -> bool:
        parts = folded.split("-")
        words = number_words(self.language)
        return len(parts) > 1 and all(p in ENGLISH or p in words or p == "et" for p in parts)

    def _is_label(self, i: int) -> bool:
        p = self.parts[i]
        return p.number or (p.end - p.start == 1 and p.capital) or p.folded in ORDINAL

    # what belongs to it

    def _grown(self, first: int, last: int) -> tuple[int, int]:
        """First and last part of the whole address around its core."""
        at, passing, begin, end = first, 0, first, last
        while at and begin - at < MAX_PARTS and self._near(at - 1):
            if self._leads(at - 1, at, first):
                first, passing = at - 1, 0
            elif self.parts[at - 1].folded in PAUSES and passing < MAX_PASSING:
                passing += 1
            else:
                break
            at -= 1
        passing = 0
        at = last
        while at + 1 < len(self.parts) and at - end < MAX_PARTS and self._near(at):
            p = self.parts[at + 1]
            if self._belongs(at, last):
                last, passing = at + 1, 0
            elif p.folded in BETWEEN and passing < MAX_PASSING:
                passing += 1
            else:
                break
            at += 1
        return first, last

    def _leads(self, i: int, at: int, first: int) -> bool:
        """Whether part `i`, before part `at`, is an earlier part of the address that so far begins at `first`."""
        p = self.parts[i]
        comma = "," in self._gap(i)
        usable = p.folded not in NEVER and "'" not in p.folded and not self._starts(i) and p.folded not in NOT_A_NAME
        if p.folded in HOUSE or (p.folded in UNIT and p.folded not in {"street", "road"}):
            return True
        if p.number:
            return not (comma and p.folded in {"one", "two"})
        if self._is_label(i) or len(p.folded) == 1:
            return i > 0 and (self.parts[i - 1].folded in UNIT or self.parts[i - 1].number)
        if p.folded == "the" or p.folded in ORDINAL:
            return self.parts[at].folded in HOUSE or self.parts[at].folded in {"floor", "flat", "stock"} or (p.folded in ORDINAL and comma)
        if self.parts[at].folded in HOUSE and not comma:
            return usable and p.folded not in BETWEEN
        town = p.folded in TOWNS or not self.lexicon.is_name(p.folded)
        return p.capital and usable and ((comma and town) or (not comma and at <= first))

    def _belongs(self, at: int, last: int) -> bool:
        """Whether the part after `at` is a further part of the address that so far ends at `last`."""
        p, here, gap = self.parts[at + 1], self.parts[at], self._gap(at)
        if p.number:
            long_enough = not p.folded.isdigit() or len(p.folded) > len("99") or "," not in gap or here.folded in UNIT
            return long_enough and not UNIT_AFTER.match(after(self.text, p.end))
        if self._is_code(at):
            return True
        if p.folded in UNIT or p.folded in ORDINAL or p.folded in HOUSE:
            return p.folded not in WORDY_UNITS or p.capital or (p.folded == "floor" and here.folded in ORDINAL)
        if len(p.folded) == 1 and p.folded not in {"i", "e", "y"}:
            return here.number or len(here.folded) == 1 or here.folded in UNIT
        if p.folded in ROAD_LAST or p.folded in ROAD_LAST_MAYBE:
            return p.capital or p.folded in ROAD_LAST
        return self._is_town(at, last)

    def _is_code(self, at: int) -> bool:
        """Whether the part after `at` is a piece of a postcode: `1015 CV`, `S W fifteen`."""
        p, here = self.parts[at + 1], self.parts[at]
        if p.capital and len(p.folded) == len("CV") and here.folded.isdigit() and len(here.folded) == len("1015"):
            return True
        spelled = len(p.folded) == 1 and p.folded not in {"i", "e", "y"} and at + 2 < len(self.parts) and self._near(at + 1)
        return spelled and (self.parts[at + 2].number or len(self.parts[at + 2].folded) == 1)

    def _is_town(self, at: int, last: int) -> bool:
        """Whether the part after `at` is a further name: capitalised after a comma, or in lower case a town, or no word."""
        p, here, gap = self.parts[at + 1], self.parts[at], self._gap(at)
        if "'" in p.folded or p.folded in NOT_A_NAME:
            return False
        if p.capital:
            linked = "," in gap or here.folded in UNIT or here.folded in BETWEEN or here.number or here.capital
            return linked and p.folded not in NEVER and p.folded != "i" and gap != ". "
        ends = re.match(r"[,.;!?]|$", self.text[p.end : p.end + 1]) is not None and p.folded not in REPLIES
        town = p.folded in TOWNS or not self.lexicon.is_word(p.folded) or (ends and self.lexicon.is_name(p.folded))
        announced = "," in gap or here.folded in {"in", "near"}
        return town and announced and at + 1 > last and len(p.folded) > MAX_NAME

    # places

    def _gap(self, i: int) -> str:
        return self.text[self.parts[i].end : self.parts[i + 1].start]

    def _near(self, i: int) -> bool:
        """Whether part `i` and the next stand in one phrase."""
        gap = self._gap(i)
        if gap == ". ":
            return self.parts[i].folded.endswith("str") or (
                self.parts[i].folded in {"no", "apt", "st", "nr", "blk", "av", "r", "p"} and self.text[self.parts[i].end] == "."
            )
        return GAP.fullmatch(gap) is not None

    def _starts(self, i: int) -> bool:
        return not before(self.text, self.parts[i].start, 3).strip() or before(self.text, self.parts[i].start, 3).rstrip().endswith(
            (".", "?", "!")
        )

    def _number_before(self, i: int) -> int | None:
        """First part of the number that stands right before part `i`, letters and `bis` included."""
        at = i - 1
        first = None
        while at >= 0 and self._near(at) and i - at < MAX_FIRST_NAME + 2:
            p = self.parts[at]
            if p.number:
                first = at
            elif not (p.folded in {"bis", "ter", "quater", "and"} or (len(p.folded) == 1 and first is None)):
                break
            at -= 1
        return first

    def _number_behind(self, i: int) -> int | None:
        """Last part of the number that follows part `i`, after a comma or `number` too."""
        at = i + 1
        if at < len(self.parts) and self._near(i) and self.parts[at].folded in ARTICLES and at + 1 < len(self.parts) and self._near(at):
            at += 1
        if at < len(self.parts) and self._near(at - 1) and self.parts[at].folded in NUMBER_WORDS:
            at += 1
        last = None
        while at < len(self.parts) and self._near(at - 1) and self.parts[at].number and at - i < MAX_FIRST_NAME:
            if last is not None and "," in self._gap(at - 1):
                break
            last = at
            at += 1
        if last is None or UNIT_AFTER.match(after(self.text, self.parts[last].end)):
            return None
        return last
