"""Names of people in Japanese: by honorific, by self-introduction, and family names from the list."""

import re
from collections.abc import Iterator

from app.adapters.redaction.lexicon import Lexicon
from app.adapters.redaction.people import HONORIFICS_JA, NOT_PEOPLE_JA
from app.domain.render import Finding

NAME = r"(?:[一-龥々]{1,5}|[ァ-ヶー・]{2,14}|[A-Z][a-z]+)"
HONOURED = re.compile(rf"({NAME}|[ぁ-ん]{{2,4}})(?:{HONORIFICS_JA})(?!ざま)")
INTRODUCED = re.compile(
    rf"(?:(?:名前は|氏名は|名は|私は|わたしは|僕は|ぼくは|俺は|こちらは|呼び名は)、?"
    rf"({NAME}[ 　]?{NAME}?|[ぁ-ん]{{2,5}}?)(?:と(?:申|言|い|もう)|です|で、|といい)"
    rf"|({NAME}[ 　]?{NAME}?|[ぁ-ん]{{2,4}})と(?:申します|申し|言います|いいます|呼ばれ|呼んで|いう(?:者|人|名前|方|同僚|友人)))"
)
ROLE = re.compile(
    rf"(?:同僚|友人|友達|夫|妻|上司|部下|先輩|後輩|担当|担当者|娘|息子|母|父|姉|妹|兄|弟|隣|社長|部長|課長|店長|彼氏|彼女|医師|従兄弟|いとこ)の({NAME})(?=[はがをにもとのへで、。])"
)
ENDS = re.compile(r"(?:部長|課長|社長|店長|係長|主任|先輩|教授|医師)$")


def find_japanese(text: str, lexicon: Lexicon) -> Iterator[Finding]:
    """Names as findings, without their honorific."""
    for pattern in (HONOURED, INTRODUCED, ROLE):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            word = match[group]
            if word not in NOT_PEOPLE_JA and not any(word.endswith(other) and len(other) > 1 for other in NOT_PEOPLE_JA):
                yield Finding(match.start(group), match.end(group), "name")
    names = lexicon.japanese
    for match in re.finditer(r"[一-龥々]{2,6}", text):
        for length in (4, 3, 2):
            word = match.group()[:length]
            if len(word) == length and word in names:
                whole = match.group() if match.group()[length:] in names else word
                after = text[match.start() + len(whole) : match.start() + len(whole) + 1]
                if after not in "市区町村県都駅線" or not after:
                    yield Finding(match.start(), match.start() + len(whole), "name")
                break
