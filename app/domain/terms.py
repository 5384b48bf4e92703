"""What is hidden in a text: findings of a detector with people's decisions about terms laid over them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.identity import derive_id
from app.domain.render import Finding
from app.domain.transcript import PARAGRAPH_BREAK

PERSONAL_KINDS = ("name", "email", "phone", "address", "card", "account", "id", "other")
"""Classes that a person may give a term; a detector may know further ones."""
NAME = "name"
MAX_TERM = 200
"""Code points of a term that a person adds."""
_EDGES = re.compile(r"^\W+|\W+$")
_POSSESSIVE = re.compile(r"'s$")
_WORD = re.compile(r"\w+")

Decided = Mapping[str, str | None]
"""Kind by folded term, as people decided; None says that the term is not personal."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a term stands: the finding, the folded term, and whether it is hidden."""

    finding: Finding
    term: str
    hidden: bool
    decided: bool


def folded(words: str) -> str:
    """What makes two spellings one term: case, kind of apostrophe, white space, a possessive and punctuation around it play no part."""
    flat = " ".join(_without_case(unicodedata.normalize("NFC", words)).replace("’", "'").split())
    return _POSSESSIVE.sub("", _EDGES.sub("", flat)) or flat


def term_id(study_id: str, words: str) -> str:
    """The same term of a study always has the same id; the id says nothing about the words."""
    return derive_id("term", study_id, folded(words))


def mentions(text: str, found: Iterable[Finding], decided: Decided) -> list[Mention]:
    """Every place where something was found or where a term stands that people decided about, in order of place.

    A decision is about whole terms: showing “Jordan” leaves “Jordan Smith” hidden. Nothing reaches over the end of a turn.
    """
    marks: dict[tuple[int, int], Mention] = {}
    for finding in _within_turns(text, found):
        term = folded(text[finding.start : finding.end])
        kind = decided.get(term, finding.kind)
        marks[finding.start, finding.end] = Mention(
            replace(finding, kind=kind or finding.kind), term, hidden=kind is not None, decided=term in decided
        )
    covered = [m.finding for m in marks.values() if m.hidden]
    hide = {term: kind for term, kind in decided.items() if kind is not None}
    for finding, term in _occurrences(text, hide):
        if not any(f.start <= finding.start and finding.end <= f.end for f in covered):
            marks[finding.start, finding.end] = Mention(finding, term, hidden=True, decided=True)
    for finding, term in _occurrences(text, dict.fromkeys(decided.keys() - hide.keys(), "other")):
        marks.setdefault((finding.start, finding.end), Mention(finding, term, hidden=False, decided=True))
    return sorted(marks.values(), key=lambda m: (m.finding.start, -m.finding.end))


def occurs(term: str, text: str) -> bool:
    """Whether a folded term stands in a text as whole words."""
    return any(True for _ in _occurrences(text, {term: NAME}))


def lay(text: str, found: Iterable[Finding], decided: Decided) -> tuple[Finding, ...]:
    """What `render` must hide: in order, without overlap.

    What overlaps becomes one finding, of the kind that people gave it, else of the longest one's.
    """
    merged: list[Finding] = []
    weight = (False, 0)
    for mention in mentions(text, found, decided):
        if not mention.hidden:
            continue
        finding = mention.finding
        own = (mention.decided, finding.end - finding.start)
        if not merged or finding.start >= merged[-1].end:
            merged.append(finding)
            weight = own
            continue
        last = merged[-1]
        stronger = finding if own > weight else last
        merged[-1] = Finding(last.start, max(last.end, finding.end), stronger.kind)
        weight = max(weight, own)
    return tuple(merged)


def _within_turns(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those that reach over the end of a turn cut in two."""
    for finding in sorted(found, key=lambda f: (f.start, f.end)):
        at = finding.start
        for part in text[finding.start : finding.end].split(PARAGRAPH_BREAK):
            blank = len(part) - len(part.lstrip())
            if part.strip():
                yield replace(finding, start=at + blank, end=at + blank + len(part.strip()))
            at += len(part) + len(PARAGRAPH_BREAK)


def _occurrences(text: str, kinds: Mapping[str, str]) -> Iterator[tuple[Finding, str]]:
    """Where folded terms stand, given their kinds; the longest first."""
    if not kinds:
        return
    by_word, unedged = _by_first_word(tuple(kinds))
    flat = _without_case(text)
    terms = {term for word in set(_WORD.findall(flat)) for term in by_word.get(word, ())}
    terms |= {term for term in unedged if term in flat}
    for match in _pattern(tuple(sorted(terms))).finditer(text) if terms else ():
        term = folded(match.group())
        if term in kinds:
            yield Finding(match.start(), match.end(), kinds[term]), term


@lru_cache(maxsize=64)
def _by_first_word(terms: tuple[str, ...]) -> tuple[dict[str, list[str]], list[str]]:
    """Terms by their first word, which spares a text most of them; apart from these the terms of scripts that write without blanks."""
    by_word: dict[str, list[str]] = {}
    unedged = []
    for term in terms:
        first = _WORD.search(term)
        if first and _has_edges(first.group()):
            by_word.setdefault(first.group(), []).append(term)
        elif term:
            unedged.append(term)
    return by_word, unedged


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_as_pattern, sorted(terms, key=lambda t: (-len(t), t)))), re.IGNORECASE)


def _without_case(text: str) -> str:
    return text.casefold().replace("i\u0307", "i")  # what İ becomes, which patterns take for a plain i


def _as_pattern(term: str) -> str:
    words = (re.escape(word).replace("'", "['’]").replace("ss", "(?:ss|ß)") for word in term.split())
    body = r"[^\S\n]+".join(words)
    before = r"(?<!\w)" if _has_edges(term[0]) else ""
    after = r"(?!\w)" if _has_edges(term[-1]) else ""
    return f"{before}{body}{after}"


def _has_edges(text: str) -> bool:
    """Whether words of this script stand apart: those without capitals mostly do not, so there is no edge to ask for."""
    return any(c.isdigit() for c in text) or text.lower() != text.upper()


class Vocabulary:
    """What was found in the texts of a study, to find it in a sentence that was made from them; exactly as it was written there."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        """Take the kinds by words."""
        self._kinds = kinds
        self._by_word, self._unedged = _by_first_word(tuple(kinds))

    def occurrences(self, text: str) -> list[Finding]:
        """Where the words stand, whole words only; overlapping ones all."""
        asked = {words for word in set(_WORD.findall(text)) for words in self._by_word.get(word, ())}
        asked |= {words for words in self._unedged if words in text}
        return [
            Finding(match.start(), match.end(), self._kinds[words])
            for words in sorted(asked)
            for match in re.finditer(_as_pattern(words), text)
        ]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in a study; `pseudonym` is None for those who are not its participants."""

    name: str
    pseudonym: str | None
    transcript_ids: frozenset[str]


_LISTED_TITLES = """
    mr mrs ms miss mx dr prof professor sir madam frau herr señor señora senhor senhora monsieur madame mme signor signora mevrouw meneer
"""
_TITLES = frozenset(_LISTED_TITLES.split())


class People:
    """Who is meant by a name."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = [(frozenset(_names_in(p.name)), p) for p in people]

    def pseudonym(self, words: str, transcript_id: str | None = None) -> str | None:
        """The participant whom these words name, where there is no doubt.

        A full name says it anywhere. A part of a name, such as the first, says it only in a talk in which that person speaks:
        elsewhere it may be anybody's.
        """
        said = frozenset(_names_in(words))
        meant = {
            p.pseudonym for names, p in self._people if said and said <= names and (len(said) > 1 or transcript_id in p.transcript_ids)
        }
        return meant.pop() if len(meant) == 1 else None


def _names_in(words: str) -> list[str]:
    return [word for word in _WORD.findall(folded(words)) if word not in _TITLES and not word.isdigit()]
