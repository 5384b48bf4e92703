"""Which words are first names, surnames or ordinary words; the lists are made by `collect`."""

import gzip
import unicodedata
import zlib
from functools import cached_property
from pathlib import Path

from app.errors import ThroughlineError

DATA = Path(__file__).parent / "data"


def words(listed: str) -> frozenset[str]:
    """Words of a list that is written as one text."""
    return frozenset(listed.split())


PARTICLES = words("van von der den del dos de da do di la le el al bin ibn ter ten zu af av y e das della du des of the abu bint ben")
UNMARKED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "’": "'", "ʻ": "", "ʼ": ""}
)


def fold(word: str) -> str:
    """Lower case without marks: `José` and `JOSE` are `jose`."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered.translate(UNMARKED))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


class Lexicon:
    """Names and words by their folded form, read when first asked."""

    @cached_property
    def _flags(self) -> dict[str, str]:
        return dict(line.split("\t") for line in _lines("names.tsv.gz"))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_lines("words.txt"))

    @cached_property
    def _proper(self) -> frozenset[str]:
        return frozenset(_lines("proper.txt"))

    @cached_property
    def japanese(self) -> frozenset[str]:
        """Japanese family and given names as they are written in Japan."""
        return frozenset(name for name, flags in self._flags.items() if flags == "j")

    def is_first(self, folded: str) -> bool:
        """Whether some people bear it as a first name."""
        flags = self._flags.get(folded, "")
        return "f" in flags or "r" in flags

    def is_rare(self, folded: str) -> bool:
        """Whether only the longest list has it as a first name, which holds many words by chance."""
        return "r" in self._flags.get(folded, "")

    def is_surname(self, folded: str) -> bool:
        """Whether some people bear it as a surname."""
        return "s" in self._flags.get(folded, "")

    def is_name(self, folded: str) -> bool:
        """Whether some people bear it."""
        return folded in self._flags

    def is_word(self, folded: str) -> bool:
        """Whether it is also, or only, an ordinary English word."""
        flags = self._flags.get(folded, "")
        return folded in self._words or "w" in flags or "c" in flags

    def is_common(self, folded: str) -> bool:
        """Whether the name is a frequent English word, as `will` is."""
        return "c" in self._flags.get(folded, "")

    def is_german_noun(self, folded: str) -> bool:
        """Whether the name is a German noun, which has a capital anyway."""
        return "n" in self._flags.get(folded, "")

    def is_proper(self, folded: str) -> bool:
        """Whether it is a frequent capitalised word that names a place, a firm or a thing."""
        return folded in self._proper

    def is_foreign_word(self, folded: str) -> bool:
        """Whether the name is an ordinary word in German, Spanish, French, Italian, Dutch or Portuguese."""
        return "x" in self._flags.get(folded, "")


def _lines(name: str) -> list[str]:
    try:
        data = (DATA / name).read_bytes()
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ThroughlineError(f"the list {name} of the redaction is missing or damaged: run make install again") from error
