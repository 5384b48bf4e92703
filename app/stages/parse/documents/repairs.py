"""What programs do to transcripts on their way into a document, undone: sentences cut at a column, cues in place of headers."""

import re
from collections.abc import Iterable

from app.stages.parse.clock import TIME
from app.stages.parse.wording import count_of, were

from .blocks import Block, Paragraph

_CUE = re.compile(rf"({TIME})\s{{0,2}}-->\s{{0,2}}{TIME}\s*\n([^\n:]{{1,80}})\n")
_RECORDING_NOTE = re.compile(r"(?:\*\*[^*\n]{1,80}\*\* |[^\n.!?]{1,80} )(?:started|stopped) transcription\W{0,3}")
_NARROWEST = 60
_CUT_AT_LEAST = 3
_ENDS = (".", "?", "!", ":")
_WORD = re.compile(r"\w+")


def repaired(blocks: Iterable[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The same blocks with Teams' notes on the recording left out, its cues as headers, and cut sentences in one piece; what was done."""
    kept, notes = [], 0
    for block in blocks:
        if isinstance(block, Paragraph) and not block.level:
            if _RECORDING_NOTE.fullmatch(block.text):
                notes += 1
                continue
            block.text = _CUE.sub(r"\2  \1\n", block.text, count=1) if _CUE.match(block.text) else block.text
        kept.append(block)
    cut, joined = _rejoined(kept)
    said = []
    if notes:
        said.append(f"{count_of(notes, 'line')} on when the transcription started or stopped {were(notes)} left out")
    if joined:
        said.append(f"{count_of(joined, 'sentence')} cut over two paragraphs at a fixed width {were(joined)} joined again")
    return cut, tuple(said)


def _rejoined(blocks: list[Block]) -> tuple[list[Block], int]:
    """Paragraphs that an export cut at a fixed number of characters, in one piece; how many joins that took.

    Only where no paragraph is longer than that number, and several are exactly as long, or one shorter where a blank stood at the cut.
    """
    texts = [block.text if isinstance(block, Paragraph) and not block.level else "" for block in blocks]
    width = max(map(len, texts), default=0)
    cuts = {i for i, text in enumerate(texts[:-1]) if len(text) >= width - 1 and text[-1:] not in _ENDS and _goes_on(texts[i + 1])}
    exact = sum(1 for text in texts if len(text) == width)
    if width < _NARROWEST or len(cuts) < _CUT_AT_LEAST or exact < _CUT_AT_LEAST:
        return blocks, 0
    known = _whole_words(text for i, text in enumerate(texts) if i not in cuts and i - 1 not in cuts)
    found: list[Block] = []
    for i, block in enumerate(blocks):
        before = found[-1] if found else None
        if i - 1 in cuts and isinstance(before, Paragraph) and isinstance(block, Paragraph):
            within_word = len(texts[i - 1]) == width and _is_one_word(texts[i - 1], block.text, known)
            before.text += ("" if within_word else " ") + block.text
        else:
            found.append(block)
    return found, len(cuts)


def _whole_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _is_one_word(left: str, right: str, known: frozenset[str]) -> bool:
    """Whether a cut goes through a word, by the words that the rest of the document uses: “sale|s” is one, “how|to” are two."""
    ends, begins = _WORD.findall(left[-_NARROWEST:]), _WORD.match(right[:_NARROWEST])
    if not ends or not begins or not left.endswith(ends[-1]):
        return True
    end, begin = ends[-1].casefold(), begins[0].casefold()
    return end + begin in known or end not in known or (begin not in known and len(end) > 1)


def _goes_on(text: str) -> bool:
    """Whether a paragraph could be the rest of a sentence: it begins in the middle of a word or with a small one."""
    return text[:1].islower() or text[:1] in {",", ".", ";", "’", "'", ")"}
