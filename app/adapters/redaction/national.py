"""Identity numbers of countries: by their check digits, and by their shape where the shape is telling."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

VALIDATORS = {
    "de": ("de.idnr", "de.stnr"),
    "fr": ("fr.nir", "fr.nif"),
    "es": ("es.dni", "es.nie"),
    "nl": ("nl.bsn",),
    "pt": ("br.cpf", "pt.nif", "pt.cc"),
    "it": ("it.codicefiscale",),
    "en": ("gb.nhs", "us.ssn", "in_.aadhaar"),
}
"""Modules of python-stdnum to ask, by the language of the talk."""
SHAPES = re.compile(
    r"(?<!\w)(?:"
    r"[A-CEGHJ-PQR-TW-Z][A-CEGHJ-NPQR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"  # United Kingdom, national insurance
    r"|(?!000|666|9\d\d)\d{3}-\d\d-\d{4}"  # United States, social security
    r"|[XYZ]-?\d{7}-?[A-Z]|\d{8}-?[A-HJ-NP-TV-Z]"  # Spain
    r"|[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]"  # Italy
    r"|[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d\d)?"  # France, social security
    r"|\d{3}\.\d{3}\.\d{3}-\d\d"  # Brazil
    r"|[A-Z]{5}\d{4}[A-Z]"  # India, tax
    r"|[A-Z]{4}\d{6}[A-Z0-9]{8}"  # Mexico
    r"|[STFG]\d{7}[A-Z]"  # Singapore
    r"|[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d"  # US Medicare
    r"|[A-Z9]{5} ?\d{6} ?[A-Z9]{2}\d[A-Z]{2}|[A-Z9]{5} ?\d{6} ?[A-Z]{2}\d[A-Z]{2}"  # United Kingdom, driving licence
    r")(?!\w)"
)


def is_national(written: str, language: str) -> bool:
    """Whether a number passes the check of an identity number that speakers of this language may have."""
    return any(valid(written) for valid in _validators(language))


@cache
def _validators(language: str) -> tuple[Callable[[str], bool], ...]:
    return tuple(import_module(f"stdnum.{name}").is_valid for name in VALIDATORS.get(language, ()))
