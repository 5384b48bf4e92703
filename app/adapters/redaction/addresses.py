"""Street addresses: what can only be a part of one (a street with a number, units, a postcode, a box), and the parts around it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from app.adapters.redaction.cues import after, before
from app.adapters.redaction.lexicon import Lexicon, words
from app.adapters.redaction.numbers import UNIT_AFTER
from app.adapters.redaction.people import MONTHS, NEVER
from app.adapters.redaction.phrase import MAX_FIRST_NAME, MAX_NAME, MAX_PARTS, Part, Phrase
from app.adapters.redaction.postcodes import find_boxes, find_postcodes
from app.adapters.redaction.streets import (
    BETWEEN,
    COMPOUND,
    EVERYWHERE_FIRST,
    HOUSE,
    LEADS_GERMAN,
    LIVES_ON,
    LOCATIVE,
    NOT_A_NAME,
    ROAD_FIRST,
    ROAD_GERMAN,
    ROAD_LAST,
    ROAD_LAST_MAYBE,
    UNIT,
)
from app.domain.render import Finding

ROMANISED = re.compile(r"\d+-chome|[^\W\d_]{3,}-(?:ku|cho|machi|chome|dong|gu|gil)")
MAX_PAIRS = 6
TELLING_UNITS = words("plot lot blk erf stand unit flat apartment")
MAX_BETWEEN = 40
"""Code points between two pieces that somebody says of one address."""


class Addresses(Phrase):
    """Finds addresses in one text."""

    def find(self) -> Iterator[Finding]:
        """Addresses as findings; they may overlap."""
        for begin, end in self._cores():
            first, last = self._grown(begin, end)
            yield Finding(self.parts[first].start, self.parts[last].end, "address")
        yield from find_boxes(self.text)
        yield from find_postcodes(self.text, self.language)

    # what can only be an address

    def _cores(self) -> Iterator[tuple[int, int]]:
        for i, p in enumerate(self.parts):
            yield from self._roads(i, p)
            if p.folded in HOUSE and p.capital and i and self.parts[i - 1].capital:
                yield from self._house(i)
            if p.number:
                yield from self._bare(i)
            if ROMANISED.fullmatch(p.folded):
                yield i, i
            if p.folded in UNIT:
                yield from self._units(i)
        if self.language == "de":
            for match in LEADS_GERMAN.finditer(self.text):
                yield from self._german(match.start())

    def _roads(self, i: int, p: Part) -> Iterator[tuple[int, int]]:
        if p.folded in ROAD_LAST or p.folded in ROAD_LAST_MAYBE:
            yield from self._road_last(i)
        if p.folded in self.roads or (p.folded in EVERYWHERE_FIRST and (p.capital or self._number_before(i) is not None)):
            yield from self._road_first(i)
        germanic = self.language in {"de", "nl"}
        if (p.capital or germanic) and (COMPOUND.fullmatch(p.folded) or (p.folded in ROAD_GERMAN and germanic and i)):
            yield from self._compound(i)

    def _road_last(self, i: int) -> Iterator[tuple[int, int]]:
        """`42 Acacia Avenue`, `acacia avenue, number forty-two`, `live on Acacia Avenue`."""
        first = i
        capital = self.parts[i].capital
        while first > 0 and i - first < MAX_NAME and self._near(first - 1) and self._can_name(first - 1, capital=capital):
            first -= 1
        while first < i and self.parts[first].number and self.parts[first].folded.isdigit():
            first += 1
        numbered = self._number_before(first)
        if numbered is None and first < i and self.parts[first].number:
            numbered = first
        if first == i and (numbered is None or not capital):
            return
        sure = self.parts[i].folded in ROAD_LAST
        named = capital or sure or any(not self.lexicon.is_word(p.folded) for p in self.parts[first:i])
        if numbered is not None and named and (sure or capital or LOCATIVE.search(before(self.text, self.parts[numbered].start, 30))):
            yield numbered, i
        elif first < i and (behind := self._number_behind(i)) is not None and (sure or capital):
            yield first, behind
        elif first < i and (capital or sure) and LIVES_ON.search(before(self.text, self.parts[first].start, 40)):
            yield first, i
        elif first and capital and self.parts[first - 1].folded in HOUSE:
            yield first - 1, i
        elif first > 1 and sure and self.parts[first - 1].folded in {"on", "in", "off"} and self.parts[first - 2].folded in HOUSE:
            yield first - 2, i

    def _can_name(self, i: int, *, capital: bool) -> bool:
        p = self.parts[i]
        if p.folded in NOT_A_NAME or p.folded in UNIT - {"sector", "house", "block", "estate"}:
            return False
        return p.capital or not capital or bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", p.folded))

    def _road_first(self, i: int) -> Iterator[tuple[int, int]]:
        """`12 rue des Lilas`, `Calle Mayor 7`, `via garibaldi dodici`."""
        capital = self.parts[i].capital or self.language not in ROAD_FIRST
        last = i
        while last + 1 < len(self.parts) and last - i < MAX_FIRST_NAME and self._near(last) and not self.parts[last + 1].number:
            p = self.parts[last + 1]
            if (
                "," in self._gap(last)
                or (p.folded in NOT_A_NAME and p.folded not in BETWEEN)
                or (capital and not p.capital and p.folded not in BETWEEN)
            ):
                break
            last += 1
        named = last > i
        behind = self._number_behind(last)
        numbered = self._number_before(i)
        if numbered is not None and named and (self.language == "fr" or self.parts[i].folded in EVERYWHERE_FIRST):
            while last > i + 1 and (self.parts[last].folded in BETWEEN or (not capital and last > i + MAX_NAME)):
                last -= 1
            yield numbered, last
        elif behind is not None and (named or self.parts[i].folded in {"carrera", "cra", "jalan"}):
            yield i, behind

    def _compound(self, i: int) -> Iterator[tuple[int, int]]:
        """`Hauptstraße 5`, `lange nieuwstraat vierentwintig`."""
        behind = self._number_behind(i)
        if behind is None:
            return
        first = i
        while (
            first
            and i - first < MAX_NAME - 1
            and self._gap(first - 1) in {" ", "-"}
            and self.parts[first - 1].capital
            and self.parts[first - 1].folded not in NOT_A_NAME | BETWEEN
        ):
            first -= 1
        yield first, behind

    def _german(self, start: int) -> Iterator[tuple[int, int]]:
        i = bisect_left(self.parts, start, key=lambda p: p.start)
        if i == len(self.parts):
            return
        last = i
        while last + 1 < len(self.parts) and last - i < MAX_FIRST_NAME - 2 and self._gap(last) == " " and not self.parts[last + 1].number:
            last += 1
            if not self.parts[last].capital and self.parts[last].folded not in {"der", "dem", "den", "alten"}:
                return
        number = self._number_behind(last)
        words = self.parts[i + 1 : last + 1]
        if (
            number is not None
            and words
            and words[-1].folded not in MONTHS
            and not UNIT_AFTER.match(after(self.text, self.parts[number].end))
        ):
            yield i, number

    def _house(self, i: int) -> Iterator[tuple[int, int]]:
        """`Rose Cottage, Church End`."""
        first = i - 1
        while first and self._gap(first - 1) == " " and self.parts[first - 1].capital and i - first < MAX_NAME:
            first -= 1
        if i + 1 < len(self.parts) and self._gap(i) == ", " and self.parts[i + 1].capital and self.parts[i + 1].folded not in NEVER:
            yield first, i + 1

    def _bare(self, i: int) -> Iterator[tuple[int, int]]:
        """`at 22 Nguyen Hue, District 1`, `8 The Shambles, York`: a number, a capitalised name, and a town."""
        p = self.parts[i]
        written = p.folded[0].isdigit()
        if (written and len(p.folded) > MAX_FIRST_NAME - 2) or UNIT_AFTER.match(after(self.text, p.end)):
            return
        last = i
        while last + 1 < len(self.parts) and self._gap(last) == " " and self.parts[last + 1].capital and last - i < MAX_NAME + 1:
            last += 1
            if self.parts[last].folded in NEVER | MONTHS:
                return
        lead = before(self.text, p.start, 30)
        starts = not lead.strip() or lead.rstrip().endswith((".", "?", "!", ":"))
        unit = (
            last + 1 < len(self.parts)
            and "," in self._gap(last)
            and self.parts[last + 1].folded in UNIT
            and self.parts[last + 1].folded not in {"no", "n"}
        )
        if last > i and unit:
            yield i, last + 1
        follows = written and last + 1 < len(self.parts) and self._gap(last) == ", " and self.parts[last + 1].capital
        if last > i and follows and (starts or re.search(r"\b(?:at|is|to|address|live|it's|on)\W*$", lead)):
            yield i, last + 1

    def _units(self, i: int) -> Iterator[tuple[int, int]]:
        """`Plot 27, Block B, Sector 12`: two units with number or letter, or one that says what it is and a name."""
        at, pairs = i, 0
        while pairs < MAX_PAIRS and self._is_unit(at):
            pairs += 1
            at = self._label_end(at + 1)
            if at >= len(self.parts) or self._gap(at - 1) not in {", ", " "}:
                break
        if pairs > 1:
            yield i, at - 1
        elif pairs == 1 and at < len(self.parts) and self.parts[i].folded in TELLING_UNITS and "," in self._gap(at - 1):
            yield from [(i, at)] if self.parts[at].capital and self.parts[at].folded not in NEVER else []

    def _is_unit(self, at: int) -> bool:
        labelled = at + 1 < len(self.parts) and self._gap(at) in {" ", ". ", " #"} and self._is_label(at + 1)
        return labelled and self.parts[at].folded in UNIT

    def _label_end(self, at: int) -> int:
        """One past the last part of a label such as `twelve slash four`."""
        first = at
        at += 1
        while (
            at < min(len(self.parts), first + MAX_PARTS)
            and self._gap(at - 1) == " "
            and (self.parts[at].number or self.parts[at].folded == "slash")
        ):
            at += 1
        return at


def find_addresses(text: str, language: str, lexicon: Lexicon) -> Iterator[Finding]:
    """Street addresses, boxes and postcodes."""
    found = sorted(Addresses(text, language, lexicon).find(), key=lambda f: f.start)
    yield from found
    for a, b in pairwise(found):
        between = text[a.end : b.start]
        if a.end < b.start and len(between) <= MAX_BETWEEN and not re.search(r"[.!?\n\d]", between):
            yield Finding(a.start, b.end, "address")
