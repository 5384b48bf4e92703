"""A redactor made of patterns: known names, e-mail addresses, phone, card, bank and account numbers.

Every pattern starts at a token's first character or is bounded in length, so a text of n code points costs O(n).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.domain.render import Finding

MIN_PART = 3
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 7, 15
MIN_CARD_DIGITS = 13
MIN_MIXED_DIGITS = 5
MIN_IBAN_GROUPS = 3
MAX_AMOUNT_DIGITS = 7


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ROLE_WORDS = _words("""
    interviewer moderator researcher facilitator participant respondent customer user speaker host guest unknown person observer client
    caller agent narrator voice male female man woman the for with mrs miss prof mister team
""")
"""Parts of speaker labels that name nobody."""
PARTICLES = _words("van von der den del dos de da di la le el al bin ibn ter ten zu af av")
COMMON_WORDS = _words("""
    will may mark rose grace hope joy faith bill frank grant jack pat rob sue drew dawn eve april june august summer art chase dean gene
    guy jean jay lance max miles nick pearl penny ray rich skip stew victor wade ward young king price long short brown green white black
    gray grey cook baker bell church field hill wood stone park page rice reed banks day early good best love sharp small strong swift wise
""")
"""Names that are also words: only their capitalised form is taken for the name."""

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
SPOKEN_EMAIL = re.compile(
    r"\b\w{1,40}(?: (?:dot|underscore|dash|hyphen) \w{1,40}){0,4} at \w{1,40}(?: (?:dot|dash|hyphen) \w{1,40}){0,3} dot \w{2,12}\b",
    re.IGNORECASE,
)
TOP_LEVEL = _words("com org net edu gov info biz io app co uk ie de fr es it nl be at ch pl se no dk eu us ca au nz in example test")
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?!\w)")
DIGITS = re.compile(r"(?<![\w.,])(?:\+ ?)?\(?\d(?:[ ().\-/\u2010-\u2013]{0,3}\d){5,24}(?!\w)")
SPOKEN_DIGITS = re.compile(
    r"\b(?:(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)[ ,.-]{1,2}){6,40}"
    r"(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
PREFIXED = re.compile(r"(?<![\w-])[A-Z]{1,5}(?:[-/ ]\d{2,12}){1,4}(?!\w)")
TOKEN = re.compile(r"(?<!\w)\w{1,64}(?:[-/_]\w{1,64}){0,6}(?!\w)")
CURRENCY_BEFORE = re.compile(r"(?:[£$€¥]|\b(?:USD|EUR|GBP|CHF)) ?$")
CURRENCY_AFTER = re.compile(
    r"\s?(?:[£$€¥%]|(?:euros?|pounds?|dollars?|francs?|quid|percent|USD|EUR|GBP|CHF|km|miles|people|users|k)\b)", re.IGNORECASE
)
YEARS = re.compile(r"(?:19|20)\d\d(?:\D{1,3}(?:19|20)\d\d)+")
DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})")
TIMES = re.compile(r"\d{1,2}[.:]\d\d(?:\D{1,3}\d{1,2}[.:]\d\d)+")
THOUSANDS = re.compile(r"[1-9]\d{0,2}([ .])\d{3}(?:\1\d{3})*")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
BETWEEN_PEOPLE = re.compile(r"[&+,/]|\b(?:and|und|et)\b", re.IGNORECASE)
MEASURE = re.compile(r"\d+(?:k|m|g|s|px|ms|mm|cm|km|kg|mb|gb|tb|kwh|mah|ml|st|nd|rd|th)", re.IGNORECASE)


class PatternRedactor:
    """Finds personal data by pattern (`ports.Redactor`)."""

    def find(self, text: str, names: Sequence[str]) -> tuple[Finding, ...]:
        """Find personal data: in order and without overlap; findings that touch each other's code points become one.

        A full name is found in any capitals, a part of it (from three letters on) only capitalised, so that "will you" is not Will.
        """
        found = [*_emails(text), *_ibans(text), *_numbers(text), *_accounts(text), *_names(text, tuple(dict.fromkeys(names)))]
        return _merge(found)


def _merge(found: list[Finding]) -> tuple[Finding, ...]:
    """Overlapping findings become one that covers them all, of the longest one's kind; so nothing shows at the seams."""
    merged: list[Finding] = []
    longest = 0
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        length = finding.end - finding.start
        if not merged or finding.start >= merged[-1].end:
            merged.append(finding)
            longest = length
            continue
        last = merged[-1]
        merged[-1] = Finding(last.start, max(last.end, finding.end), finding.kind if length > longest else last.kind)
        longest = max(longest, length)
    return tuple(merged)


def _emails(text: str) -> Iterator[Finding]:
    for match in EMAIL.finditer(text):
        yield Finding(match.start(), match.end(), "email")
    for match in SPOKEN_EMAIL.finditer(text):
        if match.group().rsplit(" ", 1)[1].lower() in TOP_LEVEL:
            yield Finding(match.start(), match.end(), "email")


def _ibans(text: str) -> Iterator[Finding]:
    for match in IBAN.finditer(text):
        compact = re.sub(r"[ -]", "", match.group())
        if _mod97(compact):
            yield Finding(match.start(), match.end(), "iban")
        elif len(re.split(r"[ -]", match.group())) > MIN_IBAN_GROUPS:
            yield Finding(match.start(), match.end(), "account")


def _mod97(iban: str) -> bool:
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in rearranged)) % 97 == 1


def _luhn(digits: str) -> bool:
    doubled = (int(c) * 2 if i % 2 else int(c) for i, c in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004 - a doubled digit above 9 counts as its digit sum


def _numbers(text: str) -> Iterator[Finding]:
    for match in DIGITS.finditer(text):
        kind = _kind_of_number(text, match)
        if kind:
            yield Finding(match.start(), match.end(), kind)
    for match in SPOKEN_DIGITS.finditer(text):
        yield Finding(match.start(), match.end(), "phone")


def _kind_of_number(text: str, match: re.Match[str]) -> str | None:
    """Card, phone, account number, or None for an amount, a year, a date or a time."""
    written = match.group()
    digits = re.sub(r"\D", "", written)
    if CURRENCY_BEFORE.search(text[max(0, match.start() - 5) : match.start()]) or CURRENCY_AFTER.match(text, match.end()):
        return None
    thousands = THOUSANDS.fullmatch(written)
    is_amount = thousands and (thousands[1] == "." or len(digits) <= MAX_AMOUNT_DIGITS)
    if is_amount or any(shape.fullmatch(written) for shape in (YEARS, DATE, TIMES)):
        return None
    if len(digits) >= MIN_CARD_DIGITS and _luhn(digits):
        return "card"
    if written.isdigit() and not written.startswith("0"):
        return "account"
    if len(digits) < MIN_PHONE_DIGITS:
        return "account" if written.isdigit() else None
    return "phone" if len(digits) <= MAX_PHONE_DIGITS else "account"


def _accounts(text: str) -> Iterator[Finding]:
    for match in PREFIXED.finditer(text):
        if _count_digits(match.group()) >= MIN_MIXED_DIGITS:
            yield Finding(match.start(), match.end(), "account")
    for match in TOKEN.finditer(text):
        token = match.group()
        mixed = any(c.isalpha() for c in token) and _count_digits(token) >= MIN_MIXED_DIGITS
        if mixed and not MEASURE.fullmatch(token):
            yield Finding(match.start(), match.end(), "account")


def _count_digits(token: str) -> int:
    return sum(c.isdigit() for c in token)


def _names(text: str, names: tuple[str, ...]) -> Iterator[Finding]:
    for pattern in _name_patterns(names):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "name")


@lru_cache(maxsize=256)
def _name_patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """One pattern for full names in any capitals, one for parts and for names that are also words, as capitalised."""
    anyhow: set[str] = set()
    capitalised: set[str] = set()
    for person in (person for name in names for person in BETWEEN_PEOPLE.split(name)):
        words = [w for w in WORD.findall(person) if w.lower() not in ROLE_WORDS]
        if len(words) > 1:
            anyhow.add(" ".join(words))
        parts = words if len(words) == 1 else [w for w in words if w.lower() not in PARTICLES and (len(w) >= MIN_PART or not w.isascii())]
        for part in parts:
            if len(words) > 1 or part.lower() in COMMON_WORDS or (part.isascii() and len(part) < MIN_PART):
                capitalised |= {part if part[0].isupper() else part.capitalize(), part.upper()}
            else:
                anyhow.add(part)
    return tuple(
        re.compile(r"(?:" + "|".join(map(_as_pattern, sorted(forms, key=lambda f: (-len(f), f)))) + ")", flags)
        for forms, flags in ((anyhow, re.IGNORECASE), (capitalised, re.NOFLAG))
        if forms
    )


def _as_pattern(form: str) -> str:
    words = (re.sub("['’]", "['’]", re.escape(w)) for w in form.split())
    pattern = r"[\s-]+".join(words)
    has_case = form.lower() != form.upper()  # scripts without capitals write words without blanks, so there is no boundary to ask for
    return rf"(?<!\w){pattern}(?!\w)" if has_case else pattern
