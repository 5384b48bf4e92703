"""Phone, card, account and identity numbers, written or spoken."""

import re
from collections.abc import Iterator
from itertools import pairwise

from stdnum import iban as iban_check
from stdnum import luhn

from app.adapters.redaction.cues import NOT_PERSONAL, NUMBERED, after, before, cue
from app.adapters.redaction.lexicon import words
from app.adapters.redaction.national import is_national
from app.adapters.redaction.numerals import Run, runs
from app.domain.render import Finding

MIN_DIGITS, MAX_PHONE_DIGITS, MIN_CARD_DIGITS = 7, 15, 13
MIN_ANNOUNCED = 3
MIN_SPOKEN_ATOMS = 4
MIN_SPOKEN_ID = 5
MIN_CONTINUED = 2
SAID_AFTER = re.compile(
    r"\W*(?:is|was|that's|that is|being|ist|c'est|es|e)\W+(?:the|my|our|her|his|die|meine|le|mon|el|mi|o meu|de|mijn"
    r"|il mio)\W+(?:sort code|account|card|customer|policy|booking|reference|member\w*|code\b|number|phone|mobile|staff|claim"
    r"|order|passport|licen)"
)
FAR = 120
THOUSANDS_AFTER = re.compile(r"[.,]\d|\s?(?:bytes|lines|euro|dollar|pound)")
SOME_NUMBER = re.compile(r"\b(?:number|code|nummer|numero|kode|codigo|codice|code)\b[^.!?]{0,24}$")
REMARKS = words("""
    uh um er then and the no sorry wait hang on let me see it's it’s its is that's thats i think maybe yeah yes right was it with a
    so oh dash hyphen slash moment äh ähm ehm eh euh heu pardon attendez espera perdón dann und et y e en dus também wacht scusa
    sort of like one sec second gap pause break followed by plus next after again comma space double
""")
"""Said between the halves of a number."""
MAX_REMARK = 32
MAX_AMOUNT_DIGITS = 7
WRITTEN = re.compile(r"(?<![\w.,])(?:\+ ?)?\(?\d(?:[ ().\-/\u2010-\u2013]{0,3}\d){2,24}(?!\w)(?![.,]\d)")
JAPANESE_WRITTEN = re.compile(
    r"(?<![\w.,-])\d(?:-?\d){3,18}(?!\d)(?=[^\W\da-zA-Z_])|(?<=[^\W\da-zA-Z_])\d(?:-?\d){3,18}(?![\w-])"
    r"|(?<=[^\W\da-zA-Z_])\d(?:-?\d){3,18}(?=[^\W\da-zA-Z_])"
)
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?!\w)")
GROUPS_OF_CARD = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}[ -]\d{6}[ -]\d{5}")
CURRENCY_BEFORE = re.compile(r"(?:[£$€¥]|\b(?:usd|eur|gbp|chf|cad|aud|rs)\.?) ?$")
UNIT_AFTER = re.compile(
    r"[\s-]{0,2}(?:[£$€¥%円]|(?:euros?|pounds?|dollars?|bucks|cents?|pence|francs?|quid|percent|per|prozent|pour|por|usd|eur"
    r"|gbp|chf|km|miles?|meters?|"
    r"people|users?|customers?|minutes?|hours?|days?|weeks?|months?|years?|times|stunden|uhr|minuten|tage|jahre|leute|heures?"
    r"|jours?|ans|mois|"
    r"personnes|reais|euro|personas|dias|anos|meses|horas|minutos|personen|jaar|uur|dagen|ore|giorni|anni|persone|k|kg|gb|mb"
    r"|mah|staff|pages|"
    r"am|pm|o'clock|items|employees|records|rows|rounds|words|steps|points|views|downloads|million|thousand)\b|[人年月日回分時歳件万])"
)
YEARS = re.compile(r"(?:19|20)\d\d(?:\D{1,3}(?:19|20)\d\d)*")
DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})")
SORT_CODE = re.compile(r"(?:sort code|routing|blz|account)\W*(?:[^\W\d]+\W+){0,3}$")
TIMES = re.compile(r"\d{1,2}[.:]\d\d(?:\D{1,3}\d{1,2}[.:]\d\d)*")
THOUSANDS = re.compile(r"[1-9]\d{0,2}([ .])\d{3}(?:\1\d{3})*")
MONTHS = (
    "january february march april may june july august september october november december januar februar marz mai juni juli oktober "
    "dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo"
    " junio julio agosto "
    "septiembre octubre noviembre diciembre januari maart mei augustus janeiro fevereiro maio junho julho setembro outubro"
    " dezembro gennaio "
    "febbraio aprile maggio giugno luglio settembre ottobre dicembre".replace(" ", "|")
)
EXPIRY_CUE = re.compile(r"(?:expir\w*|valid|gultig\w*|caduc\w*|vence\w*|geldig\w*|validade|scad\w*|有効期限)\W*(?:[^\W\d]+\W+){0,4}$")
EXPIRY = re.compile(
    rf"(?<!\w)(?:(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d\d|(?:{MONTHS})\W{{1,2}}(?:(?:20)?\d\d|twenty\W\w+(?:\W(?:one|two|three"
    rf"|four|five|six|seven|eight|nine))?))(?!\w)",
    re.IGNORECASE,
)


def find_numbers(text: str, language: str) -> Iterator[Finding]:
    """Numbers that identify somebody, by their shape and by the words before them."""
    yield from _ibans(text)
    for match in (*WRITTEN.finditer(text), *JAPANESE_WRITTEN.finditer(text)):
        kind = _kind_written(text, match, language)
        if kind:
            yield Finding(match.start(), match.end(), kind)
    for run in runs(text, language):
        kind = _kind_of_run(text, run)
        if kind:
            yield Finding(_with_plus(text, run.start), run.end, kind)
    for match in EXPIRY.finditer(text):
        if EXPIRY_CUE.search(before(text, match.start())) and cue(before(text, match.start(), 160)) == "card":
            yield Finding(match.start(), match.end(), "card")


def continued(text: str, language: str, found: list[Finding]) -> Iterator[Finding]:
    """Numbers that go on after a remark: `three three two, um, let me see, four one`; each as one finding over all of it."""
    numbers = sorted((f for f in found if f.kind in {"phone", "card", "account", "id"}), key=lambda f: f.start)
    if not numbers:
        return
    pieces = [(r.start, r.end) for r in runs(text, language, letters=True) if len(r.digits) >= MIN_CONTINUED and r.spoken]
    for f in numbers:
        start, end = f.start, f.end
        for s, e in pieces:
            if s >= end and _only_remarks(text[end:s]) and not UNIT_AFTER.match(after(text, e)):
                end = e
        for s, e in reversed(pieces):
            if e <= start and _only_remarks(text[e:start]):
                start = s
        if (start, end) != (f.start, f.end):
            yield Finding(start, end, f.kind)


def _only_remarks(between: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:['’]\w+)?", between.lower())
    if len(words) == 1 and words[0] in {"and", "und", "et", "y", "e", "en", "or"}:
        return False  # two numbers
    return (
        0 < len(between) <= MAX_REMARK
        and not set(between) & set(".!?\n")
        and all(w in REMARKS for w in words)
        and not re.search(r"\d", between)
    )


def _with_plus(text: str, start: int) -> int:
    if text[max(0, start - 1) : start] == "+":
        return start - 1
    return start - len("plus ") if text[max(0, start - 5) : start].lower() == "plus " else start


def _ibans(text: str) -> Iterator[Finding]:
    for match in IBAN.finditer(text):
        groups = match.group().replace("-", " ").split(" ")
        if iban_check.is_valid(match.group().replace("-", " ")) or len(groups) > MIN_CARD_DIGITS // 4:
            yield Finding(match.start(), match.end(), "account")


def _kind_written(text: str, match: re.Match[str], language: str) -> str | None:  # noqa: PLR0911 - one exit a shape
    """Card, phone, account or identity number, or None for an amount, a year, a date, a time or a count."""
    written = match.group()
    digits = re.sub(r"\D", "", written)
    lead, tail = before(text, match.start()), after(text, match.end())
    announced = cue(lead)
    numbered = announced is not None and NUMBERED.search(lead) is not None
    if CURRENCY_BEFORE.search(lead) or UNIT_AFTER.match(tail) or NOT_PERSONAL.search(lead):
        return None
    if (
        numbered
        and (len(digits) > MIN_ANNOUNCED + 1 or not YEARS.fullmatch(written))
        and not (DATE.fullmatch(written) and not SORT_CODE.search(lead))
    ):
        return "card" if _is_card(written, digits) else announced
    if _is_card(written, digits):
        return "card"
    if any(shape.fullmatch(written) for shape in (YEARS, DATE, TIMES)):
        return None
    if len(digits) < MIN_DIGITS:
        wide = cue(before(text, match.start(), FAR)) or cue(tail)
        telling = len(digits) >= MIN_DIGITS - 2 and written.isdigit() and wide in {"account", "id"}
        return wide if telling and not THOUSANDS_AFTER.match(tail) else None
    thousands = THOUSANDS.fullmatch(written)
    if thousands and (thousands[1] == "." or len(digits) <= MAX_AMOUNT_DIGITS) and announced is None:
        return None
    if announced:
        return announced
    if is_national(written, language):
        return "id"
    if written.isdigit() and not written.startswith("0"):
        return "account"
    return "phone" if len(digits) <= MAX_PHONE_DIGITS else "account"


def _is_card(written: str, digits: str) -> bool:
    return GROUPS_OF_CARD.fullmatch(written) is not None or (len(digits) >= MIN_CARD_DIGITS and luhn.is_valid(digits))


def _kind_of_run(text: str, run: Run) -> str | None:  # noqa: PLR0911 - one exit a way of saying it
    """Kind of a number that is spoken, or written in loose groups; None for counting, amounts and years."""
    lead, tail = before(text, run.start), after(text, run.end)
    if UNIT_AFTER.match(tail) or CURRENCY_BEFORE.search(lead) or NOT_PERSONAL.search(lead) or _is_counting(run):
        return None
    announced, digits = cue(lead), run.digits
    if SAID_AFTER.match(tail) and len(digits) > MIN_ANNOUNCED and run.spoken:
        return cue(tail) or announced or "account"
    numbered = announced is not None and NUMBERED.search(lead) is not None
    if not run.spoken:
        loose = [a for a in run.atoms if not YEARS.fullmatch(a.value)]
        enough = len(digits) >= MIN_DIGITS and len(loose) > 1 and (announced or digits.startswith("0") or lead.endswith("+"))
        return (announced or "phone") if enough else None
    if len(digits) >= MIN_DIGITS and len(run.atoms) >= MIN_SPOKEN_ATOMS:
        return announced or ("card" if len(digits) >= MIN_CARD_DIGITS else "phone")
    if numbered and len(digits) >= MIN_ANNOUNCED and (announced != "phone" or len(run.atoms) >= MIN_SPOKEN_ID):
        return announced
    if len(run.atoms) >= MIN_SPOKEN_ATOMS and SOME_NUMBER.search(lead):
        return announced or "account"
    return announced if announced and len(run.atoms) >= MIN_SPOKEN_ID else None


def _is_counting(run: Run) -> bool:
    """Whether somebody counts: every piece one more, or one less, than the last."""
    values = [int(a.value) for a in run.atoms if a.value.isdecimal()]
    steps = {b - a for a, b in pairwise(values)}
    return len(values) == len(run.atoms) and steps in ({1}, {-1})
