"""Words that the core makes for people: English ones, or those of a catalogue that whoever shows them hands over."""

from collections.abc import Sequence
from gettext import NullTranslations

ENGLISH = NullTranslations()
"""A catalogue that leaves every word as it stands in the code."""


def quoted(name: str, words: NullTranslations = ENGLISH) -> str:
    """A name in quotation marks: `“Chat works”`."""
    _ = words.gettext
    return _("“{name}”").format(name=name)


def listed(items: Sequence[str], words: NullTranslations = ENGLISH) -> str:
    """Several things in a row: `a, b and c`."""
    _ = words.gettext
    if len(items) < 2:  # noqa: PLR2004  # one thing is no row
        return "".join(items)
    return _("{most} and {last}").format(most=", ".join(items[:-1]), last=items[-1])


def in_words(count: int, words: NullTranslations = ENGLISH) -> str:
    """A number as it is written out in a sentence; figures from ten on."""
    pgettext = words.pgettext
    ones = (
        pgettext("how many", "no"),
        pgettext("how many", "one"),
        pgettext("how many", "two"),
        pgettext("how many", "three"),
        pgettext("how many", "four"),
        pgettext("how many", "five"),
        pgettext("how many", "six"),
        pgettext("how many", "seven"),
        pgettext("how many", "eight"),
        pgettext("how many", "nine"),
    )
    return ones[count] if count < len(ones) else str(count)
