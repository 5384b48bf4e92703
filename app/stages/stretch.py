"""Stretches of a quote that may stand alone, from the start of a clause to the end of one, and what each is worth."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.transcript import count_words
from app.stages.segment.english import ENGLISH
from app.stages.segment.lexicon import plain, words, words_of

MIN_WORDS = 5
FULL = 16
"""Words from which on a stretch is no more telling for being longer."""
NAMING = 4
"""Letters of a word that may name something."""
SCRAP = 3
SHORT = 7
"""Words of a sentence that says too little to stand alone."""
FIRM, JOINED, COMMA = 0.85, 0.75, 0.65
"""How well a stretch ends at a semicolon or dash, before “and then she …”, at a comma; a sentence's end is 1."""
TORN, ASKING, DIRECTION, CONTACT, LEANING, DISFLUENT = 0.9, 0.7, 0.4, 0.9, 0.35, 0.2
"""What it costs to end in the middle of a clause, to ask, to hold a stage direction or an address, to begin with
“which”, to stumble."""
SENTENCE = re.compile(r"\S.*?(?:(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)[.!?…]+[\"'”’)]*(?=\s)|[。！？]+[」』”）]*|$)", re.DOTALL)
FELT = re.compile(
    r"\b(never|always|every|hate[ds]?|love[ds]?|worst|best|had to|couldn['’]?t|can['’]?t|didn['’]?t|no one|nobody|nothing|still|"
    r"again|waited|minutes|hours|days|weeks|twice|gave up|finally|actually|wish|would be|should)\b|\d+",
    re.IGNORECASE,
)
"""Words that tell of something that happened or was felt."""
_CONTACT = re.compile(r"@|://|\d(?:[\s-]?\d){6}")
_DISFLUENT = re.compile(r"\b(?:um+|uh+|er+|erm)\b", re.IGNORECASE)
_HANGING = ",;:—– 、，；："
_SUBJECT = (
    r"(?:i|i['’]\w+|he|he['’]\w+|she|she['’]\w+|it|it['’]\w+|they|they['’]\w+|we|we['’]\w+|you|you['’]\w+|there|there['’]s|that|that['’]s"
    r"|this|the|a|an|my|our|your|his|her|their|nobody|everybody|someone|somebody|everyone|no one|nothing|everything|one|what|when|if)\b"
)
_CUT = re.compile(
    rf"(?P<firm>\s*[;:—–](?:\s+|$)|[；：])|(?P<joined>,?\s+(?=(?:and|but|so|or|cos)(?:\s+then)?\s+{_SUBJECT})|,?\s+(?=(?:because|until)\b))"
    r"|,\s+|[、，]",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:\[[^\]]*\]|(?:and|but|or|um+|uh+|er+|erm|mm+|hmm+|yeah|oh)\b(?:,|\s|$)|(?:yes|no|nope|right|like|okay|ok|sure|honestly|anyway|look|listen)(?:[,.]|$)"
    rf"|(?:so|then|well|because|['’]?cause|cos|anyway|plus|also|now|i mean|you know|you see)(?:,|\s+(?={_SUBJECT})|$))\s*",
    re.IGNORECASE,
)
"""What a clause may begin with before it says anything."""
_POINTING = dict.fromkeys(("it", "it's", "it'd", "it'll"), 0.3) | dict.fromkeys(("they", "they're", "they'd", "they've"), 0.25)
_POINTING |= dict.fromkeys(("he", "he's", "he'd", "he'll", "she", "she's", "she'd", "she'll", "them", "him", "his", "her", "their"), 0.45)
_POINTING |= dict.fromkeys(("that", "that's", "that'd", "this", "those", "these", "there", "such", "same", "neither", "both"), 0.45)
_POINTING |= {"there": 0.0, "her": 0.2, "his": 0.2, "their": 0.2, "some": 0.2, "one": 0.2}
"""Words that point at somebody or something, and what it costs to begin with them."""
_BEFORE_NOUN = frozenset({"that", "this", "those", "these", "his", "her", "their", "some", "one"})
_LEANING = words("which who whom whose where than because cause cos that's as too either nor then so not like except even just only")
"""A sentence that begins so goes on with the one before."""
_SUBJECTS = words(
    """i i'm i'd i've i'll we we're we'd we've we'll you you're you'd you've you'll the a an my our your there there's nobody everybody
    everyone someone somebody nothing everything no every"""
)
"""What a clause in the middle of a sentence may begin with and be understood."""
_SUBORDINATE = words("when if although though unless before after once while since until whenever where as every")
_ANNOUNCING = words(
    """said says say goes went go thought think like asked asks told tells is was are were and but or so the a an to of that because
    if when then means called saying"""
)
"""Words after which the point is still to come."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a quote, with what it adds to a stretch. `start` is past its “and then”; `whole` says that a sentence begins there.

    `begun` says that nothing of the sentence but such a lead stands before it; `ends` how well a stretch ends behind it.
    """

    start: int
    end: int
    whole: bool
    begun: bool
    ends: float
    words: tuple[str, ...]
    length: int
    further: int
    """Words it adds to a stretch that began before it, its lead included."""
    felt: int
    named: int
    about: frozenset[str]
    flaws: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where, whether it is cut at its front and its back, and what it is worth."""

    start: int
    end: int
    front: bool
    back: bool
    worth: float

    def cut_from(self, quote: str) -> str:
        """The words of the quote, with “…” where they are cut out."""
        kept = quote[self.start : self.end]
        return f"{'… ' * self.front}{kept.rstrip(_HANGING) if self.back else kept}{' …' * self.back}"


def best_stretch(quote: str, about: Sequence[str], max_words: int) -> Stretch | None:
    """The stretch of a quote that says most by itself, over at most so many words; None where the quote says nothing.

    `about` are words that it is the better for having.
    """
    wanted = [word.lower() for word in about]
    clauses = list(_clauses(quote, wanted))
    found = [stretch for n in range(len(clauses)) for stretch in _stretches(quote, clauses[n:], max_words)]
    return max(found, key=lambda stretch: (stretch.worth, -stretch.start, -stretch.end), default=None)


def _clauses(quote: str, about: Sequence[str]) -> Iterator[_Clause]:
    fresh = begun = said = True
    since = 0
    for start, end, ends in _bounds(quote):
        at = start
        since = start if said else since
        while (lead := _LEAD.match(quote, at, end)) and lead.end() > at:
            at = lead.end()
        if at < end:
            text = quote[at:end]
            spoken = words_of(text)
            yield _Clause(
                start=at,
                end=end,
                whole=fresh and at == start,
                begun=begun,
                ends=ends,
                words=spoken,
                length=count_words(text),
                further=count_words(quote[since:end]),
                felt=len(FELT.findall(text)),
                named=sum(word not in ENGLISH.stop and len(word) >= NAMING for word in spoken),
                about=frozenset(word for word in about if word in plain(text)),
                flaws=_flaws(text),
            )
        said = at < end
        fresh = ends == 1
        begun = fresh or (begun and not said)


def _bounds(quote: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and how well it ends of each clause, in order."""
    for sentence in SENTENCE.finditer(quote):
        at, last = sentence.start(), len(quote[: sentence.end()].rstrip())
        for cut in _CUT.finditer(quote, at, last):
            if cut.start() > at:
                yield at, cut.start(), FIRM if cut["firm"] else JOINED if cut["joined"] else COMMA
            at = cut.end()
        if last > at:
            yield at, last, 1.0


def _flaws(clause: str) -> float:
    asking = clause.rstrip("\"'”’) ").endswith(("?", "？", "؟"))
    return (
        DISFLUENT * len(_DISFLUENT.findall(clause))
        + ASKING * asking
        + DIRECTION * ("[" in clause)
        + CONTACT * bool(_CONTACT.search(clause))
    )


def _stretches(quote: str, clauses: Sequence[_Clause], max_words: int) -> Iterator[Stretch]:
    """Stretches that begin with the first of these clauses; half of it where it is too long by itself."""
    first = clauses[0]
    length = first.length
    cost = _cost_of_start(first)
    if length > max_words:
        kept = first_words(quote[first.start : first.end], max_words)
        yield Stretch(first.start, first.start + len(kept), not first.whole, True, _worth([first], max_words) - cost - TORN)
        return
    for n, last in enumerate(clauses, start=1):
        length += last.further if n > 1 else 0
        if length > max_words or (n > 1 and clauses[n - 2].ends == 1 and not _belong(clauses, n - 1)):
            return
        if _balanced(quote[first.start : last.end]):
            worth = _worth(clauses[:n], length) - cost - _cost_of_end(clauses[:n])
            yield Stretch(first.start, last.end, not first.whole, last.ends < 1, worth)


def _belong(clauses: Sequence[_Clause], n: int) -> bool:
    """Whether the sentence that begins with clause `n` is told with the one before: one of them is short, or it points back."""
    before = next((k for k in range(n - 1, 0, -1) if clauses[k - 1].ends == 1), 0)
    after = next((k for k in range(n, len(clauses)) if clauses[k].ends == 1), len(clauses) - 1)
    lengths = (sum(c.further for c in clauses[before:n]), sum(c.further for c in clauses[n : after + 1]))
    return min(lengths) < SHORT or _POINTING.get((clauses[n].words or ("",))[0], 0.0) > 0


def _worth(run: Sequence[_Clause], length: int) -> float:
    """What a stretch says, wherever it is cut: 0 to about 3."""
    if length < MIN_WORDS:
        return -1.0
    about: set[str] = set()
    felt = named = sentences = 0
    flaws = 0.0
    for clause in run:
        about |= clause.about
        felt += clause.felt
        named += clause.named
        flaws += clause.flaws
        sentences += clause.ends == 1
    more = sentences - (run[-1].ends == 1)
    said = min(length, FULL) / FULL + 0.3 * math.sqrt(min(felt, 4)) + 0.1 * min(named, 6) + 0.2 * min(len(about), 2)
    return said - flaws - 0.25 * more


def _cost_of_start(first: _Clause) -> float:
    """How much a stretch leans on what came before it: on somebody or something that it only points at, or half a sentence."""
    word, *after = first.words or ("",)
    pointing = _POINTING.get(word, 0.0)
    if pointing and word in _BEFORE_NOUN and after and after[0] not in ENGLISH.stop:
        pointing = 0.1  # “that letter” says which
    if first.begun:
        return pointing + (LEANING if word in _LEANING else 0.0) + (0.0 if first.whole else 0.05)
    return pointing + (0.2 if word in _SUBJECTS else 0.35 if pointing else 0.6)


def _cost_of_end(run: Sequence[_Clause]) -> float:
    """How much a stretch leaves hanging at its end."""
    last = run[-1]
    if last.ends == 1:
        return 0.0
    cost = 1 - last.ends
    if last.words and last.words[-1] in _ANNOUNCING:
        cost += 0.6
    if len(run) == 1 and last.words and last.words[0] in _SUBORDINATE:
        cost += 0.6
    if len(run) > 1 and last.length < SCRAP:
        cost += 0.2
    return cost


def _balanced(words: str) -> bool:
    """Whether no quotation or bracket is cut off in the middle."""
    return words.count('"') % 2 == 0 and words.count("“") == words.count("”") and words.count("(") == words.count(")")


def first_words(text: str, most: int) -> str:
    """At most so many words from the front; where there are no blanks, two characters for each."""
    spaced = text.split()
    return " ".join(spaced[:most]) if len(spaced) > most else text[: 2 * most]
