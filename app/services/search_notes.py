"""What a search says of itself: which words were found nowhere, what is shown instead, what was not looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from app.domain.wording import quoted
from app.exports.catalogue import _, ngettext, spoken
from app.stages.word_index import Hits, Query


@dataclass(frozen=True, slots=True)
class Shown:
    """How many quotes were found by all the words, by some, and by meaning; `elsewhere` says that quotes which do not fit have them."""

    whole: int
    by_words: int
    near: int
    elsewhere: bool


def nothing_fits(filters: Mapping[str, str]) -> str:
    """That no quote fits these filters."""
    return _("no quote fits the filters together") if len(filters) > 1 else _("no quote fits the filter")


def words_only(*, measured: bool) -> str:
    """That nothing was looked for by its meaning: the asked words were `measured`, but no quote, or they could not be."""
    if measured:
        return _("no quote was measured by its meaning yet, so only words were looked for; a run does that")
    return _("the model that knows meanings is missing, so only words were looked for; `throughline doctor` says more")


def notes_on(query: Query, hits: Hits, shown: Shown) -> list[str]:
    """What was not as asked."""
    instead = _("{word} is in no quote; looked for {meant}")
    notes = [instead.format(word=quoted(word, spoken().words), meant=_either(meant)) for word, meant in hits.corrected]
    some = _("no quote has all of these words; these have some of them")
    if not shown.whole:
        if shown.by_words and shown.elsewhere:
            some = _("no quote that fits the filters has all of these words; these have some of them")
        return [*notes, some if shown.by_words else _nothing_has(query, shown)]
    if hits.unknown:
        notes.append(_("no quote has {words}").format(words=_either(hits.unknown)))
    elif not hits.whole:
        notes.append(some)
    return notes


def _nothing_has(query: Query, shown: Shown) -> str:
    """That the words were found nowhere, and what is shown instead."""
    n = len(query.words) + len(query.phrases)
    if shown.elsewhere:
        said = ngettext("no quote that fits the filters has this word", "no quote that fits the filters has these words", n)
    else:
        said = ngettext("no quote has this word", "no quote has these words", n)
    return f"{said}; {_('these are nearest in meaning')}" if shown.near else said


def _either(words: Sequence[str]) -> str:
    named = [quoted(word, spoken().words) for word in words]
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), named) if named else ""
