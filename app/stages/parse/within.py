"""Speakers that change in the midst of a line, as in `Who helped? Rosa: I did`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .clock import TIME
from .names import looks_like_name

_MOST_NAMES = 100
_SENTENCE_END = r"[.?!…][\"”'’)\]]{0,3}\s{1,4}"
_CANDIDATE = re.compile(rf"(?:^\s{{0,4}}|{_SENTENCE_END})([^\W_][^:：.?!…\n]{{0,47}})[:：]\s")
_CLOSED = {")": "(", "]": "[", "”": "“", "»": "«"}
_SIGNS = re.compile(r"[()\[\]“”„«»\"]")


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds one of these names behind the end of a sentence and before a colon, a time between them or not."""
    known = sorted(set(names), key=len, reverse=True)[:_MOST_NAMES]
    if not known:
        return None
    choice = "|".join(map(re.escape, known))
    return re.compile(rf"{_SENTENCE_END}(?:\[{TIME}\]\s{{1,4}})?[*_]{{0,3}}({choice})[*_]{{0,3}}\s?[:：][*_]{{0,3}}(?=\s)")


def split_at_names(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[str | None, str]]:
    """Parts of a line with who says them, the first by nobody named; a name in quotation marks or brackets is no speaker's label."""
    name, begin, looked, depth = None, 0, 0, _Depth()
    for match in pattern.finditer(text) if pattern and (":" in text or "：" in text) else ():
        at = text.index(match[1], match.start())
        depth.read(text[looked:at])
        looked = at
        if not depth.quoted:
            yield name, text[begin:at].rstrip("*_")
            name, begin = match[1], match.end()
    yield name, text[begin:]


class _Depth:
    """Whether what was read so far leaves a quotation or a bracket open."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()

    def read(self, text: str) -> None:
        """Go on with the next part of a line."""
        for sign in _SIGNS.findall(text):
            if sign == '"':
                self.open[sign] ^= 1
            elif opened := _CLOSED.get(sign):
                key = "„" if opened == "“" and not self.open[opened] else opened
                self.open[key] = max(0, self.open[key] - 1)
            else:
                # a German quotation is opened by „ and closed by “
                closes = sign == "“" and self.open["„"]
                self.open["„" if closes else sign] += -1 if closes else 1

    @property
    def quoted(self) -> bool:
        """Whether something is open."""
        return any(self.open.values())


def labels_within(text: str) -> list[str]:
    """Names before a colon, at the start of a line and behind each sentence, as they stand."""
    return [name for match in _CANDIDATE.finditer(text) if looks_like_name(name := match[1].strip("*_ "))]
