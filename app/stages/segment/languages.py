"""Which table a language has."""

from app.stages.segment.dutch import DUTCH
from app.stages.segment.english import ENGLISH
from app.stages.segment.french import FRENCH
from app.stages.segment.german import GERMAN
from app.stages.segment.italian import ITALIAN
from app.stages.segment.japanese import JAPANESE
from app.stages.segment.lexicon import SOUNDS, Lexicon, words
from app.stages.segment.portuguese import PORTUGUESE
from app.stages.segment.spanish import SPANISH

OTHER = Lexicon(fillers=words(SOUNDS), stop=words(SOUNDS))
_TABLES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "nl": DUTCH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
    "ja": JAPANESE,
}
LANGUAGES = tuple(_TABLES)
"""Languages whose fillers, cues and questions are known."""


def lexicon_for(language: str) -> Lexicon:
    """The table of a language tag such as `en` or `de-AT`; other languages know sounds only."""
    return _TABLES.get(primary(language), OTHER)


def primary(language: str) -> str:
    """The language of a tag, lower case: `de` of `de-AT`."""
    return language.replace("_", "-").split("-")[0].lower()
