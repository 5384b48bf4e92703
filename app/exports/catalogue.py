"""The words of the pages in one catalogue: `_("…")` looks a sentence up in the language that a page is drawn in.

The words in the code are English and their own keys; `locale/throughline.pot` lists them all (`python -m app.web.words` writes it), and a
language is a folder beside it, `locale/<tag>/LC_MESSAGES/throughline.po`, read when the server starts.
"""

import gettext as catalogues
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "throughline"
Code = TypeVar("Code")


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language of the pages: its tag as HTML writes it, how it writes numbers and dates, and its words."""

    tag: str
    locale: Locale
    words: catalogues.NullTranslations

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    @property
    def name(self) -> str:
        """What those who speak it call it."""
        own = Locale.parse(self.tag, sep="-")
        return own.get_display_name(own) or self.tag


ENGLISH = Language("en", Locale("en", "GB"), catalogues.NullTranslations())  # its words are English as spoken here: 4 June 2025
_spoken: ContextVar[Language] = ContextVar("_spoken", default=ENGLISH)


def _(text: str) -> str:
    """The words in the language of the page that is being drawn; the English ones where the catalogue lacks them."""
    return _spoken.get().words.gettext(text) if text else ""  # what a catalogue holds for no words is its own head


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """The words themselves: marks a constant for the catalogue, to be looked up with `_` where it is shown."""
    return text


def ngettext(one: str, many: str, n: int) -> str:
    """The words for one or for many, whichever the language uses for this number."""
    return _spoken.get().words.ngettext(one, many, n)


def pgettext(context: str, text: str) -> str:
    """Words that mean different things in different places: looked up with the place."""
    return _spoken.get().words.pgettext(context, text)


def npgettext(context: str, one: str, many: str, n: int) -> str:
    """As `ngettext`, looked up with the place."""
    return _spoken.get().words.npgettext(context, one, many, n)


class Rows:
    """Rows of a code and words for it; the words are looked up in the language of the page whenever somebody goes through the rows."""

    def __init__(self, *rows: tuple[str, ...]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Each row with its words in the language of the page."""
        for code, *words in self._rows:
            yield code, *map(_, words)


class Wording(Mapping[Code, str]):
    """Words by code; they are looked up in the language of the page whenever somebody reads them."""

    def __init__(self, words: Mapping[Code, str]) -> None:
        self._words = words

    def __getitem__(self, code: Code) -> str:
        return _(self._words[code])

    def __iter__(self) -> Iterator[Code]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def spoken() -> Language:
    """The language of the page that is being drawn."""
    return _spoken.get()


@contextmanager
def spoken_in(language: Language) -> Iterator[None]:
    """Draw pages in this language until the block ends, also in threads that are started from it with its context."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def languages() -> Mapping[str, Language]:
    """Every language there is a catalogue for, by its tag: English first, the others in order; files are read once."""
    found = sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return {ENGLISH.tag: ENGLISH} | {language.tag: language for language in map(_read, found)}


def _read(path: Path) -> Language:
    locale = Locale.parse(path.parent.parent.name.replace("-", "_"))
    with path.open("rb") as file:
        words = read_po(file, locale=locale, domain=DOMAIN, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Language(str(locale).replace("_", "-"), locale, catalogues.GNUTranslations(compiled))


def language_for(chosen: str | None, accepted: str) -> Language:
    """The language of a request: the chosen tag where there is such a language, else what `Accept-Language` prefers, else English."""
    known = languages()
    if chosen and chosen in known:
        return known[chosen]
    written = {tag.lower(): tag for tag in known}
    found = negotiate_locale(_preferred(accepted), list(written), sep="-")
    return known[written[found.lower()]] if found else ENGLISH


def _preferred(header: str) -> list[str]:
    """Tags of an `Accept-Language` header, most wanted first; what is refused (`q=0`) or no tag is left out."""
    wanted = []
    for place, part in enumerate(header.split(",")):
        tag, *rest = part.strip().split(";")
        try:
            weight = float(next((value for key, _, value in (r.partition("=") for r in rest) if key.strip() == "q"), 1))
        except ValueError:
            continue
        if tag and tag != "*" and weight > 0:
            wanted.append((-weight, place, tag.strip()))
    return [tag for _, _, tag in sorted(wanted)]
