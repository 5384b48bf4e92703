"""Names that are spelled letter by letter, and initials."""

import re
from collections.abc import Iterator, Sequence

from app.adapters.redaction.cues import before
from app.adapters.redaction.lexicon import Lexicon, fold, words
from app.adapters.redaction.numerals import LETTERS
from app.domain.render import Finding

LETTER = (
    rf"(?:double[ -])?(?:[^\W\d_](?![\w'’])|(?:{'|'.join(sorted(LETTERS))})(?!\w))(?:,? (?:as in|for|like|wie|comme|como"
    rf"|come|als in) [^\W\d_]{{2,12}})?"
)
SPELLED = re.compile(rf"(?<![\w'’]){LETTER}(?:(?:[ \-.,]|, |\. ?|, then |, and | and ){LETTER}){{2,24}}", re.IGNORECASE)
CUE = re.compile(
    r"(?:spel\w*|name\w*|surname|that's|that’s|it's|letters?|buchstab\w*|geschrieben|s'ecrit|epel\w*|lettre\w*|escrib\w*"
    r"|deletre\w*|letra\w*|gespeld|soletr\w*|escreve|si scrive|lettera|with an?|schreibt)\W*(?:[^\W\d]+\W+){0,5}$"
)
LEAD = re.compile(r"[aAiIoO][ ,.]{1,2}(?=[A-Z][-.])")
MIN_ALONE, MIN_SPELLED = 4, 3
ACRONYMS = words(
    "usa usb faq pdf url html http https www gdpr nhs atm vip diy ceo cto cfo sms gps api aws ibm kpn sim sos abc abcd asap pin vat rsvp"
)


def find_spelled(text: str, lexicon: Lexicon, known: Sequence[str]) -> Iterator[Finding]:
    """Spelled names: those in a list, known ones, announced ones, and any of four letters with hyphens."""
    people = {fold(part) for name in known for part in name.split()}
    for match in SPELLED.finditer(text):
        letters = "".join(_letters(match.group()))
        if len(letters) < MIN_SPELLED or len(set(letters)) == 1 or letters in ACRONYMS:  # "I like it. I like it. I"
            continue
        named = letters in people or lexicon.is_name(letters)
        hyphens = match.group().count("-") >= len(letters) - 2
        announced = CUE.search(before(text, match.start(), 60)) is not None
        if (named and len(letters) >= MIN_SPELLED) or (len(letters) >= MIN_ALONE and (hyphens or announced)) or (announced and hyphens):
            lead = LEAD.match(match.group())
            yield Finding(match.start() + (lead.end() if lead else 0), match.end(), "name")


def _letters(spelled: str) -> Iterator[str]:
    twice = False
    skip = False
    for piece in re.findall(r"[^\W\d_]+", fold(spelled)):
        if skip:
            skip = False
        elif piece == "double":
            twice = True
        elif piece in {"as", "in", "like", "wie", "comme", "como", "come", "als", "for", "then", "and"}:
            skip = piece in {"in", "like", "wie", "comme", "como", "come", "for"}
        else:
            yield LETTERS.get(piece, piece) * (1 + twice)
            twice = False
