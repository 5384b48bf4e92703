"""The words that scripts show, handed to them with the page so that they too come from the catalogue."""

from functools import cache

from app.exports.catalogue import Language, _, ngettext, spoken

_SAMPLES = (*range(201), 1_000, 1_000_000)
"""Among these every language has a number for each of its forms."""


def script_words() -> dict[str, str | dict[str, str]]:
    """Words by the name that the scripts know them by; where a number decides, by the plural category that browsers name too."""
    return _words_in(spoken())


@cache
def _words_in(language: Language) -> dict[str, str | dict[str, str]]:
    """The words in this language, which is the one being spoken: counting out its plural forms takes a moment."""
    return {
        "light": _("Light colours"),
        "dark": _("Dark colours"),
        "as_system": _("System colours"),
        "fetching": _("Fetching…"),
        "no_answer": _("The server does not answer; check the connection and try again."),
        "no_answer_yet": _("The server does not answer; this page tries again by itself."),
        "not_saved": _("This was not saved."),
        "quotes": _("Quotes"),
        "close": _("Close"),
        "try_again": _("Try again"),
        "not_fetched": _("These quotes could not be fetched."),
        "no_more_fetched": _("Further quotes could not be fetched."),
        "no_transcript": _("The transcript could not be fetched."),
        "not_followed": _("How far the run is cannot be seen."),
        "saved": _("Saved: {choice}."),
        "nothing_to_add": _("Nothing to add"),
        "not_looked_at": _("These files could not be looked at."),
        "not_previewed": _("These files could not be looked at beforehand. Upload them to see what becomes of each."),
        "reading": _("Reading…"),
        "not_estimated": _("What this would take is not known."),
        "copied": _("Copied"),
        "copied_with_reference": _("Copied with its reference."),
        "more_listed": _("More quotes are listed."),
        "reading_files": _each_form(language, "Reading the file…", "Reading {n} files…"),
        "files_chosen": _each_form(language, "{n} file chosen", "{n} files chosen"),
        "with_quotes": _each_form(language, "With this quote:", "With these {n} quotes:"),
    }


def _each_form(language: Language, one: str, many: str) -> dict[str, str]:
    """The words for each plural category of the language, as `one`, `few` and `other`."""
    category = language.locale.plural_form
    return {str(category(n)): ngettext(one, many, n) for n in reversed(_SAMPLES)}
