"""Text and Markdown files: from lines, some of which carry a speaker's label, to utterances."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.transcript import QUOTED_SPEAKER, Utterance

from .clock import TIME, milliseconds
from .front_matter import facts_above
from .labels import Label, leading_time, lone_time
from .markup import plain_words, without_markdown
from .prepared import prepare
from .source import Reading, Source
from .within import pattern_of, split_at_names
from .wording import count_of, places, were

_MARKDOWN = re.compile(r"(?m)^\s{0,3}#{1,6}\s|\*\*\S|^\s{0,3}>\s|\\[\[\]_*]|\]\(https?://")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|\w|$)")
_RULE = re.compile(r"\s*(?:[-*_=~–—•·#]\s?){3,}\s*")
_TABLE = re.compile(r"\s*\|.*\|\s*")
_PICTURE_ONLY = re.compile(r"\s*!\[[^\[\]]*\]\([^()]*\)\s*")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_QUOTED = re.compile(r"\s{0,3}>(?!>)\s?")
_CLOSING_SECTION = re.compile(
    r"(?:foot)?notes?|references|summary|links?|about|credits?|licen[cs]e|resources|further reading|appendix|action items|key takeaways|"
    r"acknowledge?ments?|attachments|shownotes|show notes",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\W{0,6}(?:"
    r"meeting ended (?:after|at) .{1,20}|transcri(?:bed|ption (?:is )?(?:provided|done)) by\b.{0,80}|"
    r"(?:the )?end of (?:the )?(?:transcript|transcription|interview|recording|audio|file)|"
    r"(?:begin|start) (?:of )?(?:the )?(?:transcript|interview|recording)|"
    r"(?:transcript|transcription|recording|interview) (?:ends|ended|starts|started|begins|stopped)(?: here)?"
    r"(?: (?:at|after) [\d:. apm]{1,12})?|"
    r"this (?:editable )?transcript was .{0,160}|page \d{1,4}(?: of \d{1,4})?|©.{0,120}|copyright (?:©|\(c\)|\d{4}).{0,120}|"
    r"all rights reserved|audio ends|audio starts"
    r")\W{0,6}",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 220
_MID_TIME = re.compile(rf"\[({TIME})\]")
_END_TIME = re.compile(rf"(?:^|\s)#({TIME})#\s{{0,4}}$")
_LONGEST_TIME = 30
_MOSTLY = 0.5


@dataclass(slots=True)
class _LeftOut:
    """Numbers, counted from 1, of lines that are no speech."""

    before: list[int] = field(default_factory=list)
    between: list[int] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)

    def warnings(self, *, named: bool) -> tuple[str, ...]:
        found = []
        if n := len(self.before):
            found.append(f"{count_of(n, 'line')} before the first speaker {were(n)} left out")
        if n := len(self.between):
            place = " between or after the speech" if named else ""
            found.append(f"{count_of(n, 'line')}{place} (headings, tables, footers) {were(n)} left out: {places(self.between)}")
        if n := len(self.quoted):
            found.append(f"quoted passages (“>”) are kept as “{QUOTED_SPEAKER}”, not as the speaker's words: {places(self.quoted)}")
        return tuple(found)


def assemble(whole: Source, labels: Mapping[int, Label], first: int = 0, names: Iterable[str] = ()) -> Reading:
    """Utterances of a text file, one a line; a line without a label continues the speaker before.

    `labels` maps line indexes of the prepared file to accepted labels; what stands before line `first` is a preamble: no speech.
    `names` are further ones, of speakers who begin in the midst of a line.
    """
    prepared = whole.once(prepare)
    source = prepared.source
    before = [i for i in source.filled if i < first]
    above = lone_time(source.lines[before[-1]]) if before else None  # the time of the first words may stand above the name
    left_out = _LeftOut(before=[i + 1 for i in (before if above is None else before[:-1])])
    utterances = tuple(_Assembly(source, labels, left_out, above, names).run(first))
    backwards = _backwards(labels)
    repaired = (
        (f"times run backwards on {places(backwards)}: these are ignored where they contradict the ones before",) if backwards else ()
    )
    about = {**facts_above(line for line in whole.lines[:first] if line.strip()), **prepared.facts}
    return Reading(utterances, (*prepared.warnings, *left_out.warnings(named=bool(labels)), *repaired), about)


def _backwards(labels: Mapping[int, Label]) -> list[int]:
    """Numbers of the lines whose time lies before one that was already written."""
    lines, latest = [], 0
    for at, label in labels.items():
        if label.start_ms is not None and label.start_ms < latest:
            lines.append(at + 1)
        latest = max(latest, label.start_ms or 0)
    return lines


class _Assembly:
    """One pass over the lines from the first label on; remembers who speaks and a time that waits for its words."""

    def __init__(
        self, source: Source, labels: Mapping[int, Label], left_out: _LeftOut, waiting_ms: int | None, names: Iterable[str]
    ) -> None:
        self.source, self.labels, self.left_out = source, labels, left_out
        self.markdown = bool(_MARKDOWN.search(source.text))
        quoted = sum(1 for i in source.filled if _QUOTED.match(source.lines[i]))
        self.all_quoted = quoted > _MOSTLY * len(source.filled)  # a mail's habit: the mark says nothing then
        self.speaker: str | None = None
        self.waiting_ms = waiting_ms
        self.names = pattern_of([*names, *(label.name for label in labels.values())])
        self.in_fence = self.in_closing = False

    def run(self, first: int) -> Iterator[Utterance]:
        for at in self.source.filled:
            if at < first:
                continue
            line, label = self.source.lines[at], self.labels.get(at)
            if label:
                self.speaker, self.in_closing, self.in_fence = label.name, False, False
                self.waiting_ms = label.start_ms if label.start_ms is not None else self.waiting_ms
                yield from self._say_by_turns(line[label.words_at :])
            elif (time := lone_time(line)) is not None:
                self.waiting_ms = time
            elif self._is_no_speech(line):
                if not _RULE.fullmatch(line):
                    self.left_out.between.append(at + 1)
            else:
                yield from self._unlabelled(at, line)

    def _unlabelled(self, at: int, line: str) -> Iterator[Utterance]:
        quote = _QUOTED.match(line) if self.markdown else None
        if quote and not self.all_quoted:
            self.left_out.quoted.append(at + 1)
            yield from self._say(line[quote.end() :], QUOTED_SPEAKER)
            return
        text = (line[quote.end() :] if quote else line).strip()
        timed = leading_time(text)
        if timed:
            self.waiting_ms, text = timed
        yield from self._say_by_turns(text)

    def _say_by_turns(self, text: str) -> Iterator[Utterance]:
        """Words of a line, in whose midst a speaker of the file may begin, as in `Who helped? Rosa: I did`."""
        for name, words in split_at_names(text, self.names):
            self.speaker = name or self.speaker
            yield from self._say(words, self.speaker)

    def _is_no_speech(self, line: str) -> bool:
        if self.markdown and _FENCE.match(line):
            self.in_fence = not self.in_fence
            return True
        if self.in_fence:
            return True
        if self.markdown and _HEADING.match(line):
            self.in_closing = bool(_CLOSING_SECTION.fullmatch(line.strip("# \t:*_")))
            return True
        if self.in_closing or _RULE.fullmatch(line) or (self.markdown and (_TABLE.fullmatch(line) or _PICTURE_ONLY.fullmatch(line))):
            return True
        return len(line) <= _LONGEST_FOOTER and bool(_FOOTER.fullmatch(line.strip()))

    def _say(self, text: str, speaker: str | None) -> Iterator[Utterance]:
        """Words of a line; a bracketed time within them stands beside the text, not in it."""
        end = _END_TIME.search(text, max(0, len(text) - _LONGEST_TIME)) if text.rstrip()[-1:] == "#" else None
        end_ms = milliseconds(end[1]) if end else None
        text = text[: end.start()] if end and end_ms is not None else text
        if end_ms is not None and not text.strip():
            self.waiting_ms = end_ms
            return
        pieces = _MID_TIME.split(text) if "[" in text else [text]
        for i in range(0, len(pieces), 2):
            if i:
                time = milliseconds(pieces[i - 1])
                self.waiting_ms = time if time is not None else self.waiting_ms
            words = plain_words(pieces[i])
            words = without_markdown(words) if self.markdown else words
            if words.strip():
                yield Utterance(speaker, words, self.waiting_ms, end_ms if i == len(pieces) - 1 else None)
                self.waiting_ms = None


def starts_paragraph(source: Source) -> tuple[int, ...]:
    """Indexes of the lines where a paragraph begins; every line where the file has no blank ones."""
    filled = source.filled
    starts = tuple(i for n, i in enumerate(filled) if n == 0 or filled[n - 1] != i - 1)
    return starts if len(starts) > 1 else filled
