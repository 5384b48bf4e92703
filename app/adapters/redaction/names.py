"""Names of people in Latin letters: what the words tell, what a model of English says, and how far each name goes."""

import re
from collections.abc import Iterator, Sequence

from app.adapters.redaction.lexicon import PARTICLES, Lexicon, fold, words
from app.adapters.redaction.naming import KOREAN, MIN_UNKNOWN, NOBODY, Naming, is_acronym
from app.adapters.redaction.people import MONTHS, NEVER, POSSESSIVES, TITLES, TOWNS
from app.adapters.redaction.tokens import ALWAYS_CAPITAL, Token
from app.domain.render import Finding

INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){2,3}(?!\w)|(?<![\w.])(?:[A-Z]\.\s?){1,3}[A-Z][^\W\d_]{2,}(?:-[A-Z][^\W\d_]+)?")
NOT_INITIALS = words("US UK EU UN AM PM DC PO BC AD NY LA IE EG PS USA NB NA NHS PIN VIP")
NAME_PARTICLES = words("van von der den del dos de da do di bin ibn ter ten al el abu bint ben")


class People(Naming):
    """Finds names in one text; `entities` are the spans (start, end) that a model takes for people."""

    def __init__(self, text: str, language: str, lexicon: Lexicon, entities: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(text, language, lexicon)
        self.entities = entities

    def find(self) -> Iterator[Finding]:
        """Names as findings; they may overlap."""
        marked = {i for i in range(len(self.tokens)) if self._is_person(i)} | self._of_model()
        marked |= self._again(marked)
        done = -1
        for i in sorted(marked):
            if i > done:
                first, done = self._grown(i, marked)
                yield Finding(self._with_initials(self.tokens[first].start), self.tokens[done].end, "name")
        for match in INITIALS.finditer(self.text):
            letters, _, word = match.group().rpartition(".")
            if letters.replace(".", "").replace(" ", "") not in NOT_INITIALS and fold(word.strip()) not in NOBODY:
                yield Finding(match.start(), match.start() + len(match.group().rstrip()), "name")

    # the model, and what was learnt

    def _of_model(self) -> set[int]:
        """Words of the model's people that are not ordinary words, products or towns."""
        found: set[int] = set()
        at = 0
        for start, end in self.entities:
            while at < len(self.tokens) and self.tokens[at].end <= start:
                at += 1
            j = at
            while j < len(self.tokens) and self.tokens[j].start < end:
                t = self.tokens[j]
                plain = not self.lexicon.is_word(t.folded) or (self.lexicon.is_first(t.folded) and not t.first and t.folded not in MONTHS)
                nobody = (
                    t.folded in NOBODY
                    or t.folded in TOWNS
                    or t.word in ALWAYS_CAPITAL
                    or self._names_a_thing(j)
                    or (self.lexicon.is_proper(t.folded) and not self._possible(t))
                )
                if (
                    t.capital
                    and t.cased
                    and plain
                    and not nobody
                    and len(t.word) > 1
                    and not is_acronym(t)
                    and t.word not in ALWAYS_CAPITAL
                ):
                    found.add(j)
                j += 1
        return found

    def _again(self, marked: set[int]) -> set[int]:
        """Further places of the names that were found."""
        learnt = {self.tokens[i].folded for i in marked if not self._is_noun(self.tokens[i])}
        learnt = {n for n in learnt if len(n) > MIN_UNKNOWN - 1 and n not in TOWNS and n not in MONTHS}
        again: set[int] = set()
        for i, t in enumerate(self.tokens):
            word = self.lexicon.is_word(t.folded)
            written = (t.capital and not (word and t.first)) or (not t.cased and not word)
            if t.folded in learnt and written and not self._names_a_thing(i):
                again.add(i)
        return again

    # how far it goes

    def _grown(self, i: int, marked: set[int]) -> tuple[int, int]:
        """First and last token of the whole name around a marked one."""
        first = last = i
        while last + 1 < len(self.tokens) and self._touch(last):
            t = self.tokens[last + 1]
            if (
                last + 1 in marked
                or self._continues(t)
                or (self.text[self.tokens[last].end] == "-" and (t.folded in KOREAN or not self.lexicon.is_word(t.folded)))
            ):
                last += 1
            elif t.folded in PARTICLES and last + 2 < len(self.tokens) and self._particle(last + 1):
                last += 2 + (self.tokens[last + 2].folded in PARTICLES and last + 3 < len(self.tokens))
            else:
                break
        while first and self._touch(first - 1):
            t = self.tokens[first - 1]
            hyphen = self.text[t.end] == "-" and t.capital
            own = (
                t.capital and t.cased and not t.first and len(t.word) > 1 and t.folded not in NOBODY and not self.lexicon.is_word(t.folded)
            )
            after = self.tokens[first]
            linked = (
                t.folded in PARTICLES
                and (t.folded in NAME_PARTICLES or t.capital)
                and (after.capital or not after.cased or after.folded in PARTICLES)
            )
            if t.folded in TITLES or t.folded in TOWNS or not (own or linked or hyphen) or "'" in t.word or "’" in t.word:
                break
            first -= 1
        return first, last

    def _continues(self, t: Token) -> bool:
        """Whether a word after a name is its next part."""
        if t.folded in NOBODY and t.folded not in POSSESSIVES:
            return False
        if t.cased:
            word = self.lexicon.is_word(t.folded) and not self.lexicon.is_name(t.folded)
            return t.capital and not t.first and not word and t.folded != "i" and "'" not in t.word[:2]
        return self.lexicon.is_surname(t.folded) and not self.lexicon.is_word(t.folded) and not self.lexicon.is_foreign_word(t.folded)

    def _particle(self, i: int) -> bool:
        """Whether `van`, `de` or `al` leads to a further part of the name."""
        after = self.tokens[i + 1]
        if not self._touch(i):
            return False
        if after.folded in PARTICLES and i + 2 < len(self.tokens):
            return self._touch(i + 1) and (self.tokens[i + 2].capital or (not after.cased and self._possible(self.tokens[i + 2])))
        if after.folded in NEVER | TOWNS:
            return False
        return after.capital if after.cased else self._possible(after) and not self.lexicon.is_word(after.folded)

    def _with_initials(self, start: int) -> int:
        """Where the name begins when initials stand before it."""
        match = re.search(r"(?<![\w.])(?:[A-Z]\.\s?){1,3}$", self.text[max(0, start - 9) : start])
        return max(0, start - 9) + match.start() if match else start
