"""Segment: every sentence of every turn becomes part of a quote of one idea, or is skipped with its reason."""

from collections.abc import Iterator, Sequence

from app.domain.quote import Quote, Segmentation, Skip, SkippedSentence, cut_quote
from app.domain.transcript import CanonicalTranscript, Span, Turn
from app.stages.segment.ideas import group_ideas
from app.stages.segment.judge import EDGE_TURNS, Sentence, judge
from app.stages.segment.languages import lexicon_for
from app.stages.segment.lexicon import Lexicon
from app.stages.segment.sentences import split_sentences

SEGMENTER = "segment/2"
"""Stored with the quotes it cut. Any change that moves a boundary needs a new number."""

_WITHIN: frozenset[Skip | None] = frozenset({None, Skip.FILLER})
_WITHIN_UNNAMED: frozenset[Skip | None] = frozenset({None})
"""Where nobody is named, "Yeah." may be the other one speaking."""


def segment(transcript_id: str, canonical: CanonicalTranscript, language: str = "en") -> Segmentation:
    """Cut all turns, of all speakers, into quotes and skipped sentences; both in the order of the text.

    Code alone decides (boundaries, length, cues, shared words), so ids are the same on every machine. `language` is a
    tag such as `en` or `de-AT`; sentence ends are known for most languages, fillers and cues for those of `LANGUAGES`.
    """
    lexicon = lexicon_for(language)
    quotes: list[Quote] = []
    skipped: list[SkippedSentence] = []
    last = len(canonical.turns) - 1
    for position, turn in enumerate(canonical.turns):
        at_edge = min(position, last - position) < EDGE_TURNS
        sentences = _judged(canonical, turn, lexicon, language, at_edge=at_edge)
        quoted: set[int] = set()
        for group in _groups(sentences, _WITHIN if canonical.named else _WITHIN_UNNAMED):
            quoted.update(group)
            span = Span(sentences[group.start].span.start, sentences[group.stop - 1].span.end)
            quotes.append(cut_quote(transcript_id, canonical.text, turn.index, turn.speaker, span, len(group)))
        skipped += [
            SkippedSentence(turn.index, sentence.span.start, sentence.span.end, sentence.skip or Skip.TOO_SHORT)
            for i, sentence in enumerate(sentences)
            if i not in quoted
        ]
    return Segmentation(SEGMENTER, tuple(quotes), tuple(skipped))


def _judged(canonical: CanonicalTranscript, turn: Turn, lexicon: Lexicon, language: str, *, at_edge: bool) -> list[Sentence]:
    """The turn's sentences with offsets into the whole text."""
    return [
        judge(canonical.text, Span(turn.start + span.start, turn.start + span.end), lexicon, at_edge=at_edge, unnamed=not canonical.named)
        for span in split_sentences(canonical.text[turn.start : turn.end], language)
    ]


def _groups(sentences: Sequence[Sentence], within: frozenset[Skip | None]) -> Iterator[range]:
    """Quotes as ranges of sentences: runs of what may stand within a quote are grouped, anything else parts them."""
    start = 0
    for i, sentence in enumerate(sentences):
        if sentence.skip not in within:
            yield from _shifted(sentences, start, i)
            start = i + 1
    yield from _shifted(sentences, start, len(sentences))


def _shifted(sentences: Sequence[Sentence], start: int, end: int) -> Iterator[range]:
    for group in group_ideas(sentences[start:end]):
        yield range(start + group.start, start + group.stop)
