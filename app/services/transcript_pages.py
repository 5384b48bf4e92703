"""Transcripts as they are read: in parts that fit a page, with their quotes marked, and with what the map rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote, StoredSkip
from app.domain.people import Participant, Role, Speaker
from app.domain.quote import Skip, State, quote_id
from app.domain.recording import recording_address
from app.domain.render import Audience
from app.domain.study import Transcript
from app.domain.transcript import CanonicalTranscript, Span, Turn, times_of
from app.errors import NotFound
from app.services.freshness import bring_up_to_date
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.quotes import newest_drawn, read_cursor
from app.services.store import Store
from app.stages.coverage import INTERVIEWER, Stretch, TalkCoverage, cover_talk

PART_BYTES = 170_000
"""About how much of a page one part of a transcript takes, its marks included."""
TURN_BYTES, MARK_BYTES = 340, 230
COVERAGES_PAGE = 20
COVERAGE_SEGMENTS = 80
"""How finely a talk is drawn among others."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a turn: a quote, a skipped sentence with its reason and an id to find it by, or what stands between."""

    text: str
    quote: ShownQuote | None = None
    skip: Skip | None = None
    skip_id: str | None = None


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn as the transcript page shows it; one that began in the part before is `continued`."""

    index: int
    speaker: Speaker
    participant: Participant | None
    start_ms: int | None
    pieces: tuple[Piece, ...]
    listen: str | None = None
    continued: bool = False


@dataclass(frozen=True, slots=True)
class PartHead:
    """A part of a long transcript: its first and last turn, and the times at which it begins and ends."""

    number: int
    first_turn: int
    last_turn: int
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class TranscriptPart:
    """What a page shows of a transcript; `parts` are all of them."""

    transcript: Transcript
    turns: tuple[TurnView, ...]
    part: PartHead
    parts: tuple[PartHead, ...]
    coverage: TalkCoverage | None
    """None before a map was drawn from it."""
    titles: dict[str, str]
    """Titles of the study's stages by id."""


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A page of a study's transcripts, by file name, each with its coverage; None for one that no map was drawn from yet."""

    study_id: str
    transcripts: tuple[tuple[Transcript, TalkCoverage | None], ...]
    pseudonyms: dict[str, str]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a quote or a skipped sentence stands."""

    start: int
    end: int
    turn: int
    place: str
    quote: StoredQuote | None = None
    skip: Skip | None = None


_Cut = tuple[int, int, _Mark | None]
_Strip = list[tuple[Turn, list[_Cut], bool]]
"""Turns with what they are cut into, and whether they began before."""


class TranscriptPages:
    """Use cases around reading transcripts."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def read(self, transcript_id: str, *, part: int | None = None, place: str | None = None, turn: int | None = None) -> TranscriptPart:
        """One part of a transcript: the one of this number, else the one with this quote, skipped sentence or turn, else the first.

        Raises `NotFound` where there is no such transcript, or no part of this number.
        """
        with self._store.read() as repo:
            study_id = repo.transcripts.get(transcript_id).study_id
        bring_up_to_date(self._store, study_id)
        with self._store.read() as repo:
            transcript = repo.transcripts.get(transcript_id)
            canonical = repo.transcripts.canonical(transcript_id)
            run, states = newest_drawn(repo, study_id)
            drawn = bool(repo.maps.latest_ids([study_id]))
            show = Presenter(repo, study_id, run, self._privacy, Audience.OWNER)
            marks = _marks(repo.transcripts.quotes([transcript_id]), repo.transcripts.skipped([transcript_id]), show.speakers)
            strips = _in_parts(canonical, marks, len(transcript.recording or ""))
            number = _chosen(strips, part, place, turn)
            wanted = [c[2].quote for _, cuts, _ in strips[number] for c in cuts if c[2] and c[2].quote]
            quotes = show.show_stored(wanted, states)
        heads = tuple(_head(n, strip, canonical) for n, strip in enumerate(strips, start=1))
        speakers = {s.name: s for s in transcript.speakers}
        turns = tuple(
            _turn_view(transcript, canonical, speakers[t.speaker], show, quotes, (t, cuts, began)) for t, cuts, began in strips[number]
        )
        coverage = _covered(transcript, canonical.turns, marks, states) if transcript.segmenter and drawn else None
        return TranscriptPart(transcript, turns, heads[number], heads, coverage, {s.id: s.title for s in show.stages})

    def coverage(self, transcript_id: str) -> TalkCoverage:
        """Which parts of a talk the map rests on; raises `NotFound` before a run that it was part of has drawn one."""
        with self._store.read() as repo:
            transcript = repo.transcripts.get(transcript_id)
        bring_up_to_date(self._store, transcript.study_id)
        with self._store.read() as repo:
            covered = _coverages(repo, [transcript])
        if not covered:
            raise NotFound("no map rests on this transcript yet; start a run to draw one")
        return covered[transcript_id]

    def coverages(self, study_id: str, *, cursor: str | None = None) -> CoveragePage:
        """A page of a study's transcripts with their coverage; the number of queries is the same for any number of quotes."""
        start = read_cursor(cursor)
        bring_up_to_date(self._store, study_id)
        with self._store.read() as repo:
            repo.studies.get(study_id)
            every = repo.transcripts.of_study(study_id)
            here = every[start : start + COVERAGES_PAGE]
            after = start + COVERAGES_PAGE
            covered = _coverages(repo, here, most=COVERAGE_SEGMENTS)
            return CoveragePage(
                study_id=study_id,
                transcripts=tuple((t, covered.get(t.id)) for t in here),
                pseudonyms={p.id: p.pseudonym for p in repo.people.participants(study_id, speaking=False)},
                total=len(every),
                next_cursor=str(after) if after < len(every) else None,
            )

    def set_recording(self, transcript_id: str, address: str | None) -> Transcript:
        """Say where a recording can be heard, or with None or blanks that nobody knows; raises `InvalidInput` for what is no address."""
        told = recording_address(address) if address and address.strip() else None
        with self._store.write() as repo:
            repo.transcripts.set_recording(transcript_id, told)
        with self._store.read() as repo:
            return repo.transcripts.get(transcript_id)


def _marks(quotes: Sequence[StoredQuote], skipped: Sequence[tuple[str, StoredSkip]], speakers: dict[str, Speaker]) -> list[_Mark]:
    """What participants' words were cut into, in order."""
    marks = [
        _Mark(q.quote.start, q.quote.end, q.quote.turn, q.quote.id, quote=q)
        for q in quotes
        if speakers[q.speaker_id].role is Role.PARTICIPANT
    ]
    for transcript_id, stored in skipped:
        if speakers[stored.speaker_id].role is Role.PARTICIPANT:
            s = stored.sentence
            marks.append(_Mark(s.start, s.end, s.turn, quote_id(transcript_id, s.start, s.end), skip=s.reason))
    return sorted(marks, key=lambda m: m.start)


def _in_parts(canonical: CanonicalTranscript, marks: Sequence[_Mark], recording: int) -> list[_Strip]:
    """Cut a transcript between two pieces wherever a page is full; `recording` is how long the address is that every turn repeats."""
    by_turn: dict[int, list[_Mark]] = {}
    for mark in marks:
        by_turn.setdefault(mark.turn, []).append(mark)
    weighed = [
        (turn, cut, TURN_BYTES + recording, len(canonical.text[cut[0] : cut[1]].encode()) + (MARK_BYTES if cut[2] else 0))
        for turn in canonical.turns
        for cut in _cuts(turn, by_turn.get(turn.index, ()))
    ]
    whole = sum(weight for *_, weight in weighed) + len(canonical.turns) * (TURN_BYTES + recording)
    room = whole / max(1, -(-whole // PART_BYTES))
    strips: list[_Strip] = [[]]
    filled = 0.0
    last: Turn | None = None
    for turn, cut, turn_weight, weight in weighed:
        opens = turn is not last
        if strips[-1] and filled + weight / 2 > room:
            strips.append([(turn, [cut], not opens)])
            filled = turn_weight + weight
        elif opens:
            strips[-1].append((turn, [cut], False))
            filled += turn_weight + weight
        else:
            strips[-1][-1][1].append(cut)
            filled += weight
        last = turn
    return strips


def _cuts(turn: Turn, marks: Sequence[_Mark]) -> Iterator[_Cut]:
    at = turn.start
    for mark in marks:
        if mark.start > at:
            yield at, mark.start, None
        yield mark.start, mark.end, mark
        at = mark.end
    if at < turn.end:
        yield at, turn.end, None


def _chosen(strips: Sequence[_Strip], part: int | None, place: str | None, turn: int | None) -> int:
    if part is not None:
        if not 1 <= part <= len(strips):
            raise NotFound(f"this transcript has {len(strips)} parts, and no part {part}")
        return part - 1
    for number, strip in enumerate(strips):
        for said, cuts, _ in strip:
            if (turn is not None and said.index == turn) or (place and any(c[2] and c[2].place == place for c in cuts)):
                return number
    return 0


def _head(number: int, strip: _Strip, canonical: CanonicalTranscript) -> PartHead:
    first, last = strip[0], strip[-1]
    start_ms, end_ms = times_of(Span(first[1][0][0], last[1][-1][1]), canonical.marks)
    return PartHead(number, first[0].index, last[0].index, start_ms, end_ms)


def _turn_view(
    transcript: Transcript,
    canonical: CanonicalTranscript,
    speaker: Speaker,
    show: Presenter,
    quotes: dict[str, ShownQuote],
    cut: tuple[Turn, list[_Cut], bool],
) -> TurnView:
    turn, cuts, continued = cut
    start_ms = times_of(Span(cuts[0][0], turn.end), canonical.marks)[0]
    pieces = []
    for start, end, mark in cuts:
        piece = Piece(canonical.text[start:end])
        if mark and mark.quote:
            piece = replace(piece, quote=quotes[mark.place])
        elif mark:
            piece = replace(piece, skip=mark.skip, skip_id=mark.place)
        pieces.append(piece)
    person = show.participants.get(speaker.participant_id or "")
    return TurnView(turn.index, speaker, person, start_ms, tuple(pieces), show.heard_at(transcript.id, start_ms), continued)


def _coverages(repo: Repositories, transcripts: Sequence[Transcript], **drawn: int) -> dict[str, TalkCoverage]:
    """Coverage of several transcripts of one study, by id; those that no map was drawn from are left out."""
    transcripts = [t for t in transcripts if t.segmenter]
    if not transcripts or not repo.maps.latest_ids([transcripts[0].study_id]):
        return {}
    ids = [t.id for t in transcripts]
    _, states = newest_drawn(repo, transcripts[0].study_id)
    speakers = {s.id: s for t in transcripts for s in t.speakers}
    turns = repo.transcripts.turns(ids)
    quotes: dict[str, list[StoredQuote]] = {}
    for q in repo.transcripts.quotes(ids):
        quotes.setdefault(q.quote.transcript_id, []).append(q)
    skipped: dict[str, list[tuple[str, StoredSkip]]] = {}
    for told in repo.transcripts.skipped(ids):
        skipped.setdefault(told[0], []).append(told)
    return {
        t.id: _covered(t, turns[t.id], _marks(quotes.get(t.id, []), skipped.get(t.id, []), speakers), states, **drawn) for t in transcripts
    }


def _covered(transcript: Transcript, turns: Sequence[Turn], marks: Sequence[_Mark], states: dict[str, str], **drawn: int) -> TalkCoverage:
    participants = {s.name for s in transcript.speakers if s.role is Role.PARTICIPANT}
    stretches = [
        Stretch(m.start, m.end, m.turn, states.get(m.place, State.GAP.value), m.quote.quote.sentences, place=m.place)
        if m.quote
        else Stretch(m.start, m.end, m.turn, State.SKIPPED.value, 1, reason=m.skip.value if m.skip else None, place=m.place)
        for m in marks
    ]
    stretches += [Stretch(t.start, t.end, t.index, INTERVIEWER) for t in turns if t.speaker not in participants]
    return cover_talk(stretches, turns[-1].end, **drawn)
