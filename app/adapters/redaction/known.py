"""Names known from speaker labels: whole, in parts, shortened, as initials, and as speech-to-text mishears them."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from app.adapters.redaction.lexicon import PARTICLES, Lexicon, fold, words
from app.adapters.redaction.tokens import WORD, Token
from app.domain.render import Finding

MIN_PART = 3
MIN_MISHEARD = 4
ALIKE, ALIKE_IN_SOUND = 0.74, 0.4
ROLE_WORDS = words("""
    interviewer moderator researcher facilitator participant respondent customer user speaker host guest unknown person observer
    client caller agent narrator voice male female man woman the for with mrs miss prof mister team moderatorin interviewerin
    teilnehmer teilnehmerin intervieweur enquetrice entrevistador entrevistadora participante onderzoeker deelnemer intervistatore
    partecipante pesquisador
""")
"""Parts of speaker labels that name nobody."""
VERBS = words(
    "will may mark bill grant hope rob sue chase drew pat skip wade so an in to my do can art rich frank grace joy faith dawn bob"
)
"""Names that begin sentences as ordinary words."""
BETWEEN_PEOPLE = re.compile(r"[&+,/]|\b(?:and|und|et)\b", re.IGNORECASE)
SOUNDS = [
    pair.partition("=")[::2]
    for pair in sorted(
        words("bh=f mh=f ph=f sch=s sh=s tch=s ch=k ck=k gh= th=t x=ks q=k c=k z=s v=f w=f d=t b=p g=k j=k y= h="),
        key=lambda p: (-p.index("="), p),
    )
]
"""Letters and the sound that they share with others, the longest first."""
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def find_known(text: str, tokens: Sequence[Token], names: tuple[str, ...], lexicon: Lexicon) -> Iterator[Finding]:
    """A full name is found in any capitals; a part of it that is also a word only where it is capitalised as a name."""
    for pattern in _patterns(names):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "name")
    parts = _parts(names)
    heard: dict[str, bool] = {}
    for t in tokens:
        if t.folded in parts:
            word = lexicon.is_word(t.folded)
            short = len(t.word) < MIN_PART or t.folded in PARTICLES
            if (t.capital and not t.shouted and not (t.first and t.folded in VERBS)) or not (word or short):
                yield Finding(t.start, t.end, "name")
        elif (
            parts
            and (len(t.word) >= MIN_MISHEARD or t.capital)
            and not lexicon.is_word(t.folded)
            and (t.capital or not lexicon.is_foreign_word(t.folded))
        ):
            if t.folded not in heard:
                heard[t.folded] = any(_sounds_like(t.folded, part) for part in parts)
            if heard[t.folded] and (t.capital or not t.cased):
                yield Finding(t.start, t.end, "name")


@lru_cache(maxsize=256)
def _parts(names: tuple[str, ...]) -> frozenset[str]:
    """Folded parts of all names; a particle counts only where it is the first name, as Ben is."""
    parts: set[str] = set()
    for person in _people(names):
        words = [fold(w) for w in _words(person)]
        parts |= {w for i, w in enumerate(words) if len(w) > 1 and (i == 0 or w not in PARTICLES)}
    return frozenset(parts)


def _people(names: tuple[str, ...]) -> list[str]:
    return [person for name in names for person in BETWEEN_PEOPLE.split(name)]


def _words(person: str) -> list[str]:
    return [w for w in WORD.findall(person) if fold(w) not in ROLE_WORDS]


def _sounds_like(heard: str, part: str) -> bool:
    """Whether two words sound alike, or one shortens the other."""
    if (
        len(heard) >= MIN_PART
        and part.startswith(heard[:MIN_PART])
        and (part.startswith(heard) or heard.rstrip("siey") == part[: len(heard.rstrip("siey"))])
    ):
        return True
    if len(part) < MIN_MISHEARD or len(heard) < MIN_MISHEARD:
        return False
    alike = SequenceMatcher(None, heard, part, autojunk=False).ratio()
    same = _skeleton(heard) == _skeleton(part) and len(_skeleton(part)) > 1
    return alike >= ALIKE or (same and alike >= ALIKE_IN_SOUND)


def _skeleton(word: str) -> str:
    for written, sound in SOUNDS:
        word = word.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", word[:1] + re.sub(r"[aeiou]", "", word[1:]))


@lru_cache(maxsize=256)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Full names in any capitals, initials of a full name in capitals, and names in scripts without capitals."""
    whole: set[str] = set()
    initials: set[str] = set()
    for person in _people(names):
        words = _words(person)
        if len(words) > 1:
            whole.add(r"[\s-]+".join(_as_pattern(w) for w in words))
            whole.add(r",?[\s-]+".join(_as_pattern(w) for w in reversed(words)))
            initials.add(r"\.?[\s-]?".join(re.escape(w[0].upper()) for w in words) + r"(?:\.|(?!\w))")
    plain = {re.escape(w) for person in _people(names) for w in _words(person) if JAPANESE.search(w)}
    patterns = []
    if whole:
        patterns.append(re.compile(rf"(?<!\w)(?:{'|'.join(sorted(whole, key=lambda p: (-len(p), p)))})(?!\w)", re.IGNORECASE))
    if initials:
        patterns.append(re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(initials))})"))
    if plain:
        patterns.append(re.compile("|".join(sorted(plain, key=lambda p: (-len(p), p)))))
    return tuple(patterns)


def _as_pattern(word: str) -> str:
    return re.sub("['’]", "['’]", re.escape(word))
