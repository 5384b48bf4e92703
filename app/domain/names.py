"""Names of people as files write them: which are only labels, and which may be the same person's."""

import re
import unicodedata

from app.domain.transcript import QUOTED_SPEAKER, UNKNOWN_SPEAKER

_LABEL = re.compile(
    r"(?:(?:speaker|spk|participante?|interviewer|interviewee|respondent|moderator|host|guest|user|person|customer|client|unknown|voice"
    r"|caller|agent|teilnehmer(?:in)?|sprecher(?:in)?|befragter?|locuteur|intervenant|hablante|entrevistad[aor]+|spreker|oratore|falante"
    r"|話者)[\s_#.:-]*[a-z]?\d*|[a-z]?[\s_#.:-]*\d*)(?: unknown)?",
    re.IGNORECASE,
)
_BADGE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_COMMA = re.compile(r"\s*,\s*")
_PARTS = 2


def is_label(name: str) -> bool:
    """Whether a speaker's name names nobody: “Speaker 2”, “P1”, “Participant”, a single letter."""
    return name in {UNKNOWN_SPEAKER, QUOTED_SPEAKER} or bool(_LABEL.fullmatch(name.strip()))


def bare_name(name: str) -> str:
    """A name without case, accents and badges, family name last: “Kowalski, Anna (Guest)” is “anna kowalski”."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", _BADGE.sub("", name).casefold()) if not unicodedata.combining(c))
    parts = _COMMA.split(plain.strip())
    return " ".join(" ".join(reversed(parts) if len(parts) == _PARTS else parts).split())


def may_be_same(a: str, b: str) -> bool:
    """Whether two bare names may be one person's: equal, one a part of the other, or one with an initial (“anna k.”)."""
    mine, theirs = ([part.strip(".") for part in name.split()] for name in (a, b))
    if not mine or not theirs:
        return False
    if mine[0] != theirs[0] and not (_initial(mine[0], theirs[0]) and len(mine) > 1 and len(theirs) > 1):
        return False
    if len(mine) == 1 or len(theirs) == 1:
        return True
    return mine[-1] == theirs[-1] or _initial(mine[-1], theirs[-1])


def _initial(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) == 1 and long.startswith(short)
