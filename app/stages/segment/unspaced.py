"""Long speech in a script without blanks, cut where a clause ends."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from app.domain.transcript import Span
from app.stages.segment.lexicon import Lexicon

_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_STOP, _BLANK, _PAUSE, _CLAUSE, _LINK, _PHRASE = 90, 70, 60, 60, 30, 10
"""How good it is to cut behind: the end of a sentence within quotation marks, a blank, a pause, a clause, a link, a phrase."""
_SCORES = (
    (re.compile(r"[。？！][」』）”]*"), _STOP),
    (re.compile(r"\s+"), _BLANK),
    (re.compile(r"[、，；：,;:]"), _PAUSE),
    (re.compile(r"(?:けれども|けれど|けど|ので|から|たら|のに|って|いて|して)(?=[\u30a1-\u30ff\u3400-\u9fff])"), _LINK),
    (re.compile(r"[\u3041-\u309f](?=[\u30a1-\u30ff\u3400-\u9fff])"), _PHRASE),
)


def is_unspaced(piece: str) -> bool:
    """Whether most of a text is in a script without blanks (Japanese, Chinese)."""
    return 2 * len(_LETTER.findall(piece)) > len(piece)


def cut_unspaced(text: str, sentence: Span, lexicon: Lexicon, limit: int, target: int) -> Iterator[Span]:
    """The sentence in pieces near `target` characters where it has more than `limit`; whole where nothing says where to cut."""
    places = _places(text, sentence, lexicon)
    offsets = sorted(places)
    start = sentence.start
    while sentence.end - start > limit:
        low = bisect_left(offsets, start + target // 2)
        high = bisect_right(offsets, min(start + target + target // 2, sentence.end - target // 3))
        if low >= high:
            break
        cut = max(offsets[low:high], key=lambda at: (places[at] - abs(at - start - target) // 2, -at))
        end = start + len(text[start:cut].rstrip())
        yield Span(start, end)
        start = cut
    yield Span(start, sentence.end)


def _places(text: str, sentence: Span, lexicon: Lexicon) -> dict[int, int]:
    """Offsets at which the next piece may start, with what each is worth."""
    places: dict[int, int] = {}
    for pattern, score in ((lexicon.clause_end, _CLAUSE), *_SCORES):
        for found in pattern.finditer(text, sentence.start, sentence.end):
            at = found.end()
            while at < sentence.end and text[at].isspace():
                at += 1
            if at < sentence.end and text[at] not in "、。，．？！」』）”":
                places[at] = max(score, places.get(at, 0))
    return places
