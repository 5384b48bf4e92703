"""Words by which speech is judged: what a language's table holds, and what all languages share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’\-][^\W_\u3040-\u30ff\u3400-\u9fff]+)*",
)
"""One spoken word. Scripts without blanks count two characters a word."""
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

STAGE_DIRECTION = re.compile(
    r"\[[^\[\]]{1,80}\]|［[^［］]{1,80}］|\((?:[^()]{0,20}\b)?(?:laugh(?:s|ing|ter)?|pause[sd]?|sigh(?:s|ing)?|cough(?:s|ing)?|music"
    r"|applause|inaudible|unintelligible|indistinct|unclear|crosstalk|lacht|lachen|seufzt|unverständlich|rires?|soupirs?|silence|risas|ríe"
    r"|suspira|pausa|risos|ri|ride|sospira|inaudível|lach(?:end|t)|zucht|onverstaanbaar|incomprensibile|ininteligible)\b[^()]{0,20}\)"
    r"|[(（][^()（）]{0,10}(?:笑|拍手|沈黙|ため息|咳|聞き取れ|聞き取り|聴き取|不明)[^()（）]{0,10}[)）]",
    re.IGNORECASE,
)
"""What a transcriber wrote about the speech: `[laughs]`, `[crosstalk 00:12:03]`, `(inaudible)`, `（笑）`."""

INAUDIBLE = re.compile(
    r"inaudible|unintelligible|indistinct|unclear|unverständlich|inintelligible|ininteligible|inaudível|ininteligível|onverstaanbaar"
    r"|incomprensibile|inudibile|聞き取れ|聞き取り|聴き取|不明|\?{2,}",
    re.IGNORECASE,
)
CROSSTALK = re.compile(
    r"cross-?\s?talk|overlapping|talk(?:s|ing)? over|durcheinander|gleichzeitig|en même temps|a la vez|ao mesmo tempo|door elkaar|sovrappo"
    r"|superpuest|sobrepost|同時|重な",
    re.IGNORECASE,
)

SOUNDS = "mm mmm mhm mm-hm mm-hmm mmhm m-hm mmhmm uh-huh uhhuh hm hmm hmmm um umm uh er erm ah eh oh ooh ok okay okey aha ha haha huh"
NOTHING = re.compile(r"(?!)")


def words(*parts: str) -> frozenset[str]:
    """Words separated by blanks."""
    return frozenset(" ".join(parts).split())


def phrases(table: str) -> re.Pattern[str]:
    """A pattern for any of the phrases, which ` / ` separates, as whole words; a line break inside a phrase is nothing."""
    alternatives = (re.sub(r"\s*\n\s*", "", phrase).strip() for phrase in re.split(r"\s+/\s+", table.strip()))
    return re.compile(rf"(?:{'|'.join(alternatives)})(?![^\W_]|['\-])")


def unspaced(table: str) -> re.Pattern[str]:
    """The same for a language without blanks, where no word shows its end."""
    alternatives = ("".join(phrase.split()) for phrase in re.split(r"\s+/\s+", table.strip()))
    return re.compile(rf"(?:{'|'.join(alternatives)})")


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
    addressing: re.Pattern[str] = NOTHING
    """Words that ask the listener, anywhere in speech that nobody punctuated."""
    hosting: re.Pattern[str] = NOTHING
    """Courtesies of the one who leads an interview, anywhere in a turn."""
    question_end: re.Pattern[str] = NOTHING
    """A sentence that ends so asks, with or without a question mark."""
    word: re.Pattern[str] = WORD
    """A word; a language without blanks finds its own between them."""
    glue: str = " "
    """What stands between the words that phrases match: nothing where a language has no blanks."""
    sentence_end: re.Pattern[str] = NOTHING
    """Without blanks: what ends a sentence where a blank stands instead of a full stop, the blank included."""
    clause_end: re.Pattern[str] = NOTHING
    """Without blanks: what ends a clause, so that long speech may be cut behind it."""

    def words(self, text: str) -> tuple[str, ...]:
        """Plain words of a text."""
        return tuple(self.word.findall(plain(text)))

    def length(self, words: Sequence[str]) -> int:
        """How many words these count as: without blanks two characters are one, whatever the words are."""
        letters = sum(len(w) for w in words if _NO_BLANKS.match(w))
        return sum(not _NO_BLANKS.match(w) for w in words) + -(-letters // 2) if letters else len(words)

    def without(self, phrases: re.Pattern[str], joined: str) -> list[str]:
        """The words that are left of joined words when whole phrases are taken out."""
        if not self.glue:
            return self.word.findall(phrases.sub(" ", joined))
        kept: list[str] = []
        at = 0
        while at < len(joined):
            found = phrases.match(joined, at)
            if found and found.end() > at:
                at = found.end() + 1
                continue
            blank = joined.find(" ", at)
            stop = len(joined) if blank < 0 else blank
            kept.append(joined[at:stop])
            at = stop + 1
        return kept


def plain(text: str) -> str:
    """Lower case, typographic apostrophes made plain."""
    return text.lower().replace("’", "'")


def words_of(text: str) -> tuple[str, ...]:
    """Plain words of a text, stage directions left out."""
    return tuple(WORD.findall(plain(STAGE_DIRECTION.sub(" ", text))))
