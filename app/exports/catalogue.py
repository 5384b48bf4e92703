"""The words of the pages in one catalogue: `_("…")` looks a sentence up in the language that a page is drawn in.

The words in the code are English and their own keys; `locale/throughline.pot` lists them all, and a language is a folder beside it.
"""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ENGLISH = catalogues.NullTranslations()
_spoken: ContextVar[catalogues.NullTranslations] = ContextVar("_spoken", default=ENGLISH)


def _(text: str) -> str:
    """The words in the language of the page that is being drawn; the English ones where the catalogue lacks them."""
    return _spoken.get().gettext(text)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """The words themselves: marks a constant for the catalogue, to be looked up with `_` where it is shown."""
    return text


def ngettext(one: str, many: str, n: int) -> str:
    """The words for one or for many, whichever the language uses for this number."""
    return _spoken.get().ngettext(one, many, n)


def pgettext(context: str, text: str) -> str:
    """Words that mean different things in different places: looked up with the place."""
    return _spoken.get().pgettext(context, text)


def npgettext(context: str, one: str, many: str, n: int) -> str:
    """As `ngettext`, looked up with the place."""
    return _spoken.get().npgettext(context, one, many, n)


@contextmanager
def spoken_in(translations: catalogues.NullTranslations) -> Iterator[None]:
    """Draw pages in this language until the block ends."""
    token = _spoken.set(translations)
    try:
        yield
    finally:
        _spoken.reset(token)
