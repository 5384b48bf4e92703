"""Postcodes, boxes, corners and Japanese addresses, each by its shape."""

import re
from collections.abc import Iterator
from functools import cache

from app.adapters.redaction.cues import after, before
from app.adapters.redaction.numerals import ENGLISH, number_words, runs
from app.domain.render import Finding

ROAD = r"(?:street|road|avenue|lane|drive|st|rd|ave|boulevard|highway|way|close|crescent|terrace)"
CAPITAL = r"[A-ZÀ-ÞŁŚŠŽ][\w'’-]{0,30}"
POSTCODE = re.compile(
    r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]{1,2}\d{1,2}[A-Z]?\d[A-Z]{2}|[A-Z]\d[A-Z]\s\d[A-Z]\d"
    r"|\d{4}\s?[A-Z]{2}(?=[,.]?\s[A-Z])|[A-Z]{2}\s\d{5}(?:-\d{4})?|[A-Z]{2}-\d{3,4}-\d{4})(?!\w)"
)
CODE = re.compile(r"(?<!\w)[A-Z]{0,3}\d[A-Z\d]{0,5}(?:[\s-][A-Z\d]{2,4})?(?!\w)")
POSTCODE_CUE = re.compile(
    r"(?:\b(?:post ?codes?|zip(?: ?code)?|postal|plz|postleitzahl|code postal|codigo postal|cp|cap|cep"
    r"|eircode)\W*(?:[^\W\d]+\W+){0,3}|郵便番号[はがの、：:\s]*)$"
)
POSTCODE_AFTER = re.compile(
    r"\W*(?:(?:that's|thats|is|das ist|c'est|es|dat is|e)\W+)?(?:(?:the|our|my|die|unsere|le|el|de|o|il)\W+)?(?:post ?code|zip"
    r"|postleitzahl|code postal|codigo postal|cap\b|cep\b)"
)
HOUSE_CUE = re.compile(
    r"\b(?:house|door|flat|apartment|apt|unit|suite|hausnummer|huisnummer|live at|living at|we're at|wohnung"
    r"|hausnr)\b\W*(?:(?:number|no|nummer|is|at)\W+)*$"
)
DIGIT = rf"(?:{'|'.join(sorted(ENGLISH, key=lambda w: (-len(w), w)))}|double|triple)"
BOX = re.compile(
    r"(?<!\w)(?:p\.?\s?o\.? ?box|post office box|post(?:fach|bus)|bo[iî]te postale|b\.?p\.|apartado(?: de correos| postal)?"
    r"|caixa postal|casella postale|locked bag|private bag|"
    rf"gpo box|box|rd|rural delivery|r\.d\.)\s(?:number\s|no\.?\s|n[úu]mero\s|nummer\s)?(?:[A-Z]{{0,3}}\s?\d[\d -]{{0,10}}\d"
    rf"|\d|{DIGIT}(?:[ -]{DIGIT}){{0,8}})(?!\w)"
    r"(?:,?\s(?-i:[A-ZÀ-Þ][\w'’-]{0,30})(?:\s(?-i:[A-ZÀ-Þ][\w'’-]{0,30})){0,2}(?:,?\s\d{4,6}(?:\s"
    r"(?-i:[A-ZÀ-Þ][\w'’-]{0,30}))?)?|,\s[a-zà-þ]{5,14}(?=[,.]))?"
    r"(?:,\s(?:(?-i:[A-ZÀ-Þ][\w'’-]{0,30})\s?){1,3}(?:\d{4,6})?|,?\s\d{4,6}(?!\d)(?:\s(?-i:[A-ZÀ-Þ][\w'’-]{0,30})){0,2})?",
    re.IGNORECASE,
)
NOT_A_BOX = re.compile(r"^(?:box|rd)\b", re.IGNORECASE)
CORNER = re.compile(
    rf"(?:\bon\s)?(?:\bthe\s)?\bcorner(?:\sof)?\s(?:{CAPITAL}|[a-z]+)(?:\s(?:{CAPITAL}|{ROAD})){{0,2}}\s(?:and"
    rf"|&)\s(?:{CAPITAL}(?:\s{CAPITAL}){{0,2}}|(?:[a-z]+\s){{0,2}}{ROAD})(?!\w)"
)
CROSSING = re.compile(
    rf"(?<!\w){CAPITAL}(?:\s{CAPITAL}){{0,2}}\s(?:and|&|at)\s{CAPITAL}(?:\s{CAPITAL})?\s(?:Street|Road|Avenue|St|Ave|Rd)(?!\w)"
)
JAPANESE = re.compile(
    r"(?:〒?\d{3}[-－]\d{4}[\s、]?)?(?:(?:東京都|北海道|京都府|大阪府|[一-龥]{2,3}県)[一-龥ぁ-んァ-ヶー々]{0,20}?|[一-龥]{1,5}[市区郡町村][一-龥ぁ-んァ-ヶー々]{0,14}?)"
    r"[\d０-９一二三四五六七八九十]+(?:丁目|番地|番|号|[-－ー]|の(?=[\d０-９一二三四五六七八九十]))[\d０-９一二三四五六七八九十]*(?:(?:丁目|番地|番|号|の|[-－ー])[\d０-９一二三四五六七八九十]*)*"
    r"(?:[\s、]?[一-龥ァ-ヶーA-Za-z]{1,15}[\sの]?[\d０-９〇一二三四五六七八九十]{1,4}(?:号室|号|階|室|F)?)?(?:[\s、]?[\d０-９]{1,4}号室)?"
    r"|〒\d{3}[-－]\d{4}"
)
MIN_SPOKEN_CODE = 4


def find_boxes(text: str) -> Iterator[Finding]:
    """Boxes at a post office, street corners, and Japanese addresses."""
    for match in BOX.finditer(text):
        plain = NOT_A_BOX.match(match.group())
        if not plain or (match.group()[0].isupper() and any(c.isdigit() for c in match.group()) and "," in match.group()):
            yield Finding(match.start(), match.end(), "address")
    for pattern in (CORNER, CROSSING, JAPANESE):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "address")


def find_postcodes(text: str, language: str) -> Iterator[Finding]:
    """Postcodes, and numbers of houses right after the words that announce them, written or read out."""
    for match in POSTCODE.finditer(text):
        yield Finding(match.start(), match.end(), "address")
    for match in CODE.finditer(text):
        lead = before(text, match.start(), 50)
        if POSTCODE_CUE.search(lead) or HOUSE_CUE.search(lead):
            yield Finding(match.start(), match.end(), "address")
    for run in runs(text, language, letters=True):
        coded = POSTCODE_CUE.search(before(text, run.start, 50)) or POSTCODE_AFTER.match(after(text, run.end))
        if run.spoken and len(run.digits) >= MIN_SPOKEN_CODE and coded:
            yield Finding(run.start, run.end, "address")
    for match in _house(language).finditer(text):
        yield Finding(match.start(1), match.end(1), "address")


@cache
def _house(language: str) -> re.Pattern[str]:
    words = "|".join(
        sorted((w for w, v in number_words(language).items() if len(v) < len("000") and len(w) > 1), key=lambda w: (-len(w), w))
    )
    lives = r"(?:we're|i'm|we are|i am|they're|house|door|live|living|lives|flat|apartment|wohne|wohnen|hausnummer)"
    return re.compile(
        rf"\b{lives}\s(?:at|in|is)\s((?:number|no\.?|nummer)\s(?:\d{{1,4}}\w?|(?:{words})(?:[ -](?:{words})){{0,3}})(?!\w))", re.IGNORECASE
    )
