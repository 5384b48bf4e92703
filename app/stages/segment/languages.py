"""Which table a language has."""

from app.stages.segment.english import ENGLISH
from app.stages.segment.european import FRENCH, GERMAN, SPANISH
from app.stages.segment.lexicon import SOUNDS, Lexicon, words

OTHER = Lexicon(fillers=words(SOUNDS), stop=words(SOUNDS))
_TABLES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def lexicon_for(language: str) -> Lexicon:
    """The table of a language tag such as `en` or `de-AT`; other languages know sounds only."""
    return _TABLES.get(primary(language), OTHER)


def primary(language: str) -> str:
    """The language of a tag, lower case: `de` of `de-AT`."""
    return language.replace("_", "-").split("-")[0].lower()
