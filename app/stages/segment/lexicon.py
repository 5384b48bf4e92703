"""Words by which speech is judged: what a language's table holds, and what all languages share."""

import re
from dataclasses import dataclass

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’\-][^\W_\u3040-\u30ff\u3400-\u9fff]+)*",
)
"""One spoken word. Scripts without blanks count two characters a word."""

STAGE_DIRECTION = re.compile(
    r"\[[^\[\]]{1,80}\]|\((?:[^()]{0,20}\b)?(?:laugh(?:s|ing|ter)?|pause[sd]?|sigh(?:s|ing)?|cough(?:s|ing)?|music|applause|inaudible"
    r"|unintelligible|indistinct|unclear|crosstalk)\b[^()]{0,20}\)",
    re.IGNORECASE,
)
"""What a transcriber wrote about the speech: `[laughs]`, `[crosstalk 00:12:03]`, `(inaudible)`."""

INAUDIBLE = re.compile(r"inaudible|unintelligible|indistinct|unclear|unverständlich|inintelligible|ininteligible|\?{2,}", re.IGNORECASE)
CROSSTALK = re.compile(r"cross-?\s?talk|overlapping|talk(?:s|ing)? over|durcheinander", re.IGNORECASE)

SOUNDS = "mm mmm mhm mm-hm mm-hmm mmhm m-hm mmhmm uh-huh uhhuh hm hmm hmmm um umm uh er erm ah eh oh ooh ok okay okey aha ha haha huh"
NOTHING = re.compile(r"(?!)")


def words(*parts: str) -> frozenset[str]:
    """Words separated by blanks."""
    return frozenset(" ".join(parts).split())


def phrases(table: str) -> re.Pattern[str]:
    """A pattern for any of the phrases, which ` / ` separates, as whole words; a line break inside a phrase is nothing."""
    alternatives = (re.sub(r"\s*\n\s*", "", phrase).strip() for phrase in re.split(r"\s+/\s+", table.strip()))
    return re.compile(rf"(?:{'|'.join(alternatives)})(?![^\W_]|['\-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of one language; what a table leaves out does nothing. Phrases match lower-case words joined by single blanks."""

    fillers: frozenset[str]
    stop: frozenset[str]
    """Words that bear no content of their own."""
    filler_phrases: re.Pattern[str] = NOTHING
    acknowledgements: frozenset[str] = frozenset({"ok", "okay"})
    """Beside one of these, praise ("Okay, great.") is a filler as well."""
    praise: frozenset[str] = frozenset()
    small_talk: re.Pattern[str] = NOTHING
    weather: re.Pattern[str] = NOTHING
    shift: re.Pattern[str] = NOTHING
    """A sentence that starts so turns to another idea."""
    onward: re.Pattern[str] = NOTHING
    """A sentence that starts so may go on with the idea or leave it."""
    continuing: re.Pattern[str] = NOTHING
    """A sentence that starts so leans on the one before."""
    clause_strong: frozenset[str] = frozenset()
    """Long speech is best cut before these words."""
    clause_weak: frozenset[str] = frozenset()
    """These start a clause where a subject or a stronger word follows."""
    subjects: frozenset[str] = frozenset()
    nominative: frozenset[str] = frozenset()
    """Subjects that are never objects."""
    asking: re.Pattern[str] = NOTHING
    """Words that open a question, where no punctuation shows it."""
    requests: re.Pattern[str] = NOTHING
    """Words that ask somebody to tell, which need no question mark."""


def plain(text: str) -> str:
    """Lower case, typographic apostrophes made plain."""
    return text.lower().replace("’", "'")


def words_of(text: str) -> tuple[str, ...]:
    """Plain words of a text, stage directions left out."""
    return tuple(WORD.findall(plain(STAGE_DIRECTION.sub(" ", text))))
