"""References, policy and membership numbers, identity numbers: codes of letters and digits, written or spelled out."""

import re
from collections.abc import Iterator

from app.adapters.redaction.cues import NOT_PERSONAL, NUMBERED, after, before, cue
from app.adapters.redaction.national import SHAPES
from app.adapters.redaction.numerals import LETTERS, runs
from app.domain.render import Finding

MIN_DIGITS = 5
FAR = 120
"""How far the words may stand that tell what a code is for."""
MIN_SPELLED_LETTERS, MIN_SPELLED_DIGITS = 2, 3
MIN_SPELLED, MIN_SPELLED_ALONE = 5, 8
PREFIXED = re.compile(r"(?<![\w-])[A-Z]{1,5}(?:[-/ ]\d{2,12}){1,4}(?!\w)")
TOKEN = re.compile(r"(?<!\w)#?\w{1,64}(?:[-/_.]\w{1,64}){0,6}(?!\w)", re.ASCII)
LETTERS_ONLY = re.compile(r"(?<!\w)[A-Z]{5,8}(?!\w)")
GROUPED = re.compile(r"(?<!\w)[A-Z0-9]{1,6}(?: [A-Z0-9]{1,6}){1,5}(?!\w)")
MEASURE = re.compile(r"\d+(?:k|m|g|s|px|ms|mm|cm|km|kg|mb|gb|tb|kwh|mah|ml|st|nd|rd|th|p|fps|hz|ghz|x|bn|am|pm|er|e|º|ª)", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[\d.,/_-]+")
PLATE = re.compile(r"(?<!\w)[A-Z]{2}\d\d ?[A-Z]{3}(?!\w)")
PLATE_CUE = re.compile(r"\b(?:plates?|plate's|registration|reg|numberplate|kennzeichen|plaque|matricula|kenteken|targa|placa)\b")


def find_codes(text: str, language: str) -> Iterator[Finding]:
    """Codes by their shape, and by the words that announce them."""
    for match in SHAPES.finditer(text):
        yield Finding(match.start(), match.end(), "id")
    for match in PLATE.finditer(text):
        if PLATE_CUE.search(before(text, match.start())):
            yield Finding(match.start(), match.end(), "id")
    for match in PREFIXED.finditer(text):
        if _digits(match.group()) >= MIN_DIGITS:
            yield Finding(match.start(), match.end(), cue(before(text, match.start())) or "account")
    for match in TOKEN.finditer(text):
        kind = _kind_of_token(text, match)
        if kind:
            yield Finding(match.start(), match.end(), kind)
    yield from _announced(text)
    yield from _spelled(text, language)


def _kind_of_token(text: str, match: re.Match[str]) -> str | None:
    token = match.group()
    digits = _digits(token)
    if not digits or PLAIN_NUMBER.fullmatch(token) or MEASURE.fullmatch(token) or token.startswith("0x"):
        return None
    lead = before(text, match.start())
    if NOT_PERSONAL.search(lead):
        return None
    kind = cue(lead)
    if token.startswith("#"):
        return kind or "account" if digits >= MIN_DIGITS else None
    mixed = any(c.isalpha() for c in token)
    if mixed and digits >= MIN_DIGITS and token.isascii():
        return kind or "account"
    if mixed and digits >= MIN_DIGITS - 1 and token.isascii() and token.upper() == token:
        wide = cue(before(text, match.start(), FAR)) or cue(after(text, match.end(), FAR // 2))
        if wide in {"account", "id"}:
            return wide
    announced = kind in {"account", "id"} and NUMBERED.search(lead)
    return kind if mixed and announced and token.upper() == token and len(token) >= MIN_DIGITS else None


def _announced(text: str) -> Iterator[Finding]:
    """Codes in groups, or of letters alone, right after the words that announce them."""
    for match in (*LETTERS_ONLY.finditer(text), *GROUPED.finditer(text)):
        lead = before(text, match.start(), 40)
        kind = cue(lead)
        telling = _digits(match.group()) >= MIN_DIGITS - 1 or (
            match.group().isalpha() and re.search(r"(?:code|reference|locator|pnr|ref)\W*(?:is\W*)?$", lead)
        )
        if kind in {"account", "id"} and NUMBERED.search(lead) and telling:
            yield Finding(match.start(), match.end(), kind)


def _spelled(text: str, language: str) -> Iterator[Finding]:
    """Codes that are read out: `foxtrot three kilo nine nine two`."""
    for run in runs(text, language, letters=True):
        letters = [a for a in run.atoms if a.value.isalpha()]
        numbers = len(run.atoms) - len(letters)
        if not run.spoken or not letters or not numbers or len(run.digits) < MIN_SPELLED:
            continue
        lead = before(text, run.start)
        kind = cue(lead)
        nato = sum(text[a.start : a.end].lower() in LETTERS for a in letters) >= MIN_SPELLED_LETTERS and numbers >= MIN_SPELLED_DIGITS
        if (kind and kind != "phone") or nato or (len(run.atoms) >= MIN_SPELLED_ALONE and numbers >= MIN_SPELLED):
            yield Finding(run.start, run.end, kind if kind and kind != "phone" else "account")


def _digits(token: str) -> int:
    return sum(c.isdigit() for c in token)
