"""What meeting tools add to a name: "(Guest)", "(External)", "[Contoso]"; the same person joins with another one another day."""

import re

_WORD = (
    r"guest|external|unverified|not verified|gast|externe?r?|nicht (?:verifiziert|überprüft)|unüberprüft|invitée?|non vérifiée?|"
    r"invitad[oa]|extern[oa]|no verificad[oa]|geverifieerd|niet[- ]geverifieerd|convidad[oa]|não verificad[oa]|ospite|estern[oa]|"
    r"non verificat[oa]|ゲスト|外部|you|me|she|her|hers|he|him|his|they|them|theirs|er|ihm|sie|ihr|elle|elles|il|ella|él|zij|haar|hij|hem"
)
_BADGE = re.compile(rf"\s*(?:[(（](?:{_WORD})(?:\s?[,/]\s?(?:{_WORD}))*[)）]|\[[^\[\]]{{1,60}}\])\s*$", re.IGNORECASE)
_MOST = 4


def without_badges(name: str) -> str:
    """A name without the badges behind it; "Anna (Acme)" and a name that is nothing but a badge stay as they are."""
    for _ in range(_MOST):
        if not name.endswith((")", "]", "）")):
            break
        bare = _BADGE.sub("", name)
        if not bare or bare == name:
            break
        name = bare
    return name
