"""Sentences of a turn: boundaries from sentencex, mended for speech, with a fallback where nothing is punctuated."""

import re
from collections.abc import Iterator

import sentencex

from app.domain.transcript import Span
from app.stages.segment.languages import lexicon_for, primary
from app.stages.segment.lexicon import STAGE_DIRECTION, WORD, Lexicon, plain
from app.stages.segment.unspaced import cut_unspaced, is_unspaced

LONG_WORDS = 80
"""A punctuated sentence longer than this is cut at clause boundaries, into pieces near half of it."""
RUN_WORDS = 40
"""Speech without punctuation that runs longer than this is cut at cue words, into pieces near 30 words."""
TAIL = 12
"""Characters that tell whether a sentence has ended."""
AT_ONCE = 50_000
"""Characters of a turn that are split at once."""
SPARSE = 25
"""Fewer than one mark of punctuation in so many words: nobody punctuated this."""

_NO_END = re.compile(
    r"(?:\.\.+|…)[\"”’')\]]*\s*$"  # a pause, not an end
    r"|(?:^|[\s(\"“])[^\W\d_]\.\s*$"  # an initial
    r"|\b(?:approx|ca|vs|resp|incl|excl|mme|mlle|mr|mrs|ms|dr|prof|sr|sra|dra|jr|st|ltd|inc|corp|bzw|usw|z\.b|d\.h|u\.a"
    r"|bspw|evtl|ggf|inkl|srta|uds?|sig|sig\.ra|dott|dott\.ssa|dhr|mevr|mw|bijv|d\.w\.z|o\.a|i\.v\.m|m\.b\.t)\.\s*$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:etc|a\.m|p\.m|e\.g|i\.e|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun|no|ecc|enz|nr)\.\s*$",
    re.IGNORECASE,
)
"""Ends a sentence only where the next one starts with a capital letter."""
_LONE_I = re.compile(r"\bI\.\s*$")
_QUOTED_BEFORE = re.compile(r"[」』]\s*$")
_QUOTING = "とっがをにはもでの、"
"""Japanese letters that go on with a sentence behind a quotation: 「…。」と言われた."""
_MARKS = re.compile(r"[,.;:?!…—–、。，；：？！،؛؟]")
_INNER_END = re.compile(r"[.!?؟。！？]+[\"”’')\]]*$")
_PAUSE = re.compile(r"(?:[;:…—–]|--|\.\.)[\"”’')\]]*$")


def split_sentences(text: str, language: str) -> list[Span]:
    """Sentences of `text` in order: spans without blanks at their ends that together hold every character that is not blank."""
    lexicon = lexicon_for(language)
    cuts: list[int] = []
    for start, end in _mended(text, language):
        cuts += _direction_cuts(text, start, end)
        cuts += [cut.end() for cut in lexicon.sentence_end.finditer(text, max([start, *cuts[-1:]]), end) if cut.end() < end]
        cuts.append(end)
    return [
        piece
        for start, end in zip([0, *cuts], cuts, strict=False)
        if (whole := _stripped(text, start, end)) is not None
        for piece in _shortened(text, whole, lexicon)
    ]


def _mended(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The splitter's sentences, joined again where a pause or an abbreviation was taken for an end."""
    start = 0
    for end in sorted({*_ends(text, language), len(text)}):
        if end <= start or (end < len(text) and _goes_on(text[max(start, end - TAIL) : end], text[end])):
            continue
        yield start, end
        start = end


def _ends(text: str, language: str) -> Iterator[int]:
    """Where the splitter ends sentences, a long turn in parts: for some languages its time grows with the square of the length."""
    start = 0
    while start < len(text):
        stop = min(start + AT_ONCE, len(text))
        ends = [start + boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(primary(language), text[start:stop])]
        if stop < len(text):
            ends = ends[:-1]  # the part ended here, not the sentence
        yield from ends
        start = ends[-1] if ends and stop < len(text) else stop


def _goes_on(tail: str, following: str) -> bool:
    if following in _QUOTING and _QUOTED_BEFORE.search(tail):
        return True
    if _NO_END.search(tail) and not _LONE_I.search(tail):
        return True
    return bool(_OPEN_END.search(tail)) and not following.isupper()


def _direction_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where stage directions that open a sentence end: they stand alone, so `[laughs] Badly.` is two."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        lead = STAGE_DIRECTION.match(text, start, end)
        if lead is None or lead.end() == end:
            return
        start = lead.end()
        yield start


def _stripped(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return Span(left, right) if left < right else None


def _shortened(text: str, sentence: Span, lexicon: Lexicon) -> Iterator[Span]:
    """The sentence, or its pieces where it is too long for one idea; cut at blanks only."""
    if sentence.end - sentence.start < 2 * RUN_WORDS:  # a word and its blank are two characters at least
        yield sentence
        return
    words = list(WORD.finditer(text, sentence.start, sentence.end))
    sparse = len(words) > SPARSE * len(_MARKS.findall(text, sentence.start, sentence.end))
    limit, target = (RUN_WORDS, 30) if sparse else (LONG_WORDS, LONG_WORDS // 2)
    if is_unspaced(sentence.cut(text)):  # two characters are a word
        yield from cut_unspaced(text, sentence, lexicon, 2 * limit, 2 * target)
        return
    start, first = sentence.start, 0
    while len(words) - first > limit:
        cut = _best_cut(text, words, first, target, lexicon)
        if cut is None:
            break
        piece = _stripped(text, start, words[cut].start())
        if piece is not None:
            yield piece
        start, first = words[cut].start(), cut
    rest = _stripped(text, start, sentence.end)
    if rest is not None:
        yield rest


def _best_cut(text: str, words: list[re.Match[str]], first: int, target: int, lexicon: Lexicon) -> int | None:
    """Index of the word to cut before: the strongest clause boundary near `target` words; None where no blank is in reach."""
    best, best_score = None, 0
    last = min(first + target + target // 2, len(words) - target // 3)
    for i in range(first + target // 2, last):
        score = _boundary(text, words, i, lexicon)
        if score:
            score -= abs(i - first - target)
            if best is None or score > best_score:
                best, best_score = i, score
    return best


def _boundary(text: str, words: list[re.Match[str]], i: int, lexicon: Lexicon) -> int:
    """How good it is to cut before word `i`; 0 where the gap holds no blank and a word or name would break."""
    gap = text[words[i - 1].end() : words[i].start()]
    if not any(c.isspace() or c in "，、。" for c in gap):
        return 0
    lead = gap.rstrip("\"“‘'([ ¿¡")
    score = 100
    if _INNER_END.search(lead):
        score += 60
    elif _PAUSE.search(lead):
        score += 24
    elif lead.endswith((",", "，", "、")):
        score += 12
    return score + _clause(words, i, lexicon, pauses=bool(lead))


def _clause(words: list[re.Match[str]], i: int, lexicon: Lexicon, *, pauses: bool) -> int:
    """Whether word `i` starts a clause, by itself and by the words around it."""
    before, word, after = (_lower(words, j) for j in (i - 1, i, i + 1))
    if word in lexicon.clause_strong and before not in lexicon.clause_strong and before not in lexicon.clause_weak:
        return 30
    if word in lexicon.clause_weak and before not in lexicon.stop:
        return 30 if after in lexicon.clause_strong else 22 if after in lexicon.subjects else 2
    if before in lexicon.stop:
        return 0 if pauses else -8  # "the | shop" reads worse than "shop | the"
    return 12 if word in lexicon.nominative else 0


def _lower(words: list[re.Match[str]], i: int) -> str:
    return plain(words[i].group()) if i < len(words) else ""
