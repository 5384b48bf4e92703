"""A quote at its own address: what was said around it, its neighbours in the interview, and what the map says because of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.repositories import Repositories
from app.domain.people import Role
from app.domain.render import Audience
from app.domain.stages import Stage
from app.domain.study import Transcript
from app.domain.transcript import CanonicalTranscript, Span, times_of
from app.errors import NotFound
from app.services.book import load_book
from app.services.freshness import bring_up_to_date
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy, View
from app.services.quotes import newest_drawn, study_of_quote
from app.services.store import Store

AROUND_CHARS = 500
"""How much is shown of what was said before and after."""


@dataclass(frozen=True, slots=True)
class Around:
    """A neighbouring turn, cut where it is long; `participant` is a pseudonym, empty for those who are none."""

    speaker: str
    participant: str
    role: str
    start_ms: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A statement, or with `statement_id` None a curve point, of the default map that a quote bears on."""

    statement_id: str | None
    text: str | None
    lane: str | None
    stage_id: str
    stage: str
    relation: str


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """A quote in its place; `number` of `of` counts the participants' quotes of its interview."""

    study_id: str
    quote: ShownQuote
    stages: tuple[Stage, ...]
    transcript: Transcript
    turn_before: Around | None
    before: str
    """What the same speaker said in this turn before the quote, cut where it is long."""
    after: str
    turn_after: Around | None
    previous_id: str | None
    following_id: str | None
    number: int
    of: int
    theme: tuple[str, str] | None
    """Id and label."""
    cited: tuple[Cited, ...]


class QuotePages:
    """Use cases around one quote."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def read(self, quote_id: str, audience: Audience = Audience.OWNER) -> QuotePlace:
        """A quote in its place, every word as `audience` may read it; raises `NotFound`. The queries are as many for any study."""
        with self._store.read() as repo:
            study_id = study_of_quote(repo, quote_id)
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        bring_up_to_date(self._store, study_id)
        with self._store.read() as repo:
            run, states = newest_drawn(repo, study_id)
            show = Presenter(repo, study_id, run, self._privacy, audience)
            stored = repo.transcripts.quotes_by_id([quote_id])[quote_id]
            if show.speakers[stored.speaker_id].role is not Role.PARTICIPANT:
                raise NotFound("these words are no participant’s any more; the person who says them was given another role")
            quote = show.show_stored([stored], states)[quote_id]
            transcript = show.transcripts[quote.transcript_id]
            talk = _Talk(transcript, repo.transcripts.canonical(transcript.id), show.view(transcript.id), show)
            ids = [q.quote.id for q in repo.transcripts.quotes([transcript.id]) if show.speakers[q.speaker_id].role is Role.PARTICIPANT]
            at = ids.index(quote_id)
            book = load_book(repo, study_id, run.tagger_key) if run else None
            theme = book.entries.get(quote.theme_id) if book and quote.theme_id else None
            turn = talk.canonical.turns[stored.quote.turn]
            return QuotePlace(
                study_id=study_id,
                quote=quote,
                stages=show.stages,
                transcript=transcript,
                turn_before=talk.turn(stored.quote.turn - 1, ending=True),
                before=talk.ending(turn.start, stored.quote.start),
                after=talk.beginning(stored.quote.end, turn.end),
                turn_after=talk.turn(stored.quote.turn + 1, ending=False),
                previous_id=ids[at - 1] if at else None,
                following_id=ids[at + 1] if at + 1 < len(ids) else None,
                number=at + 1,
                of=len(ids),
                theme=(theme.id, show.free(theme.label)) if theme else None,
                cited=tuple(_cited(repo, show, study_id, quote_id)),
            )


@dataclass(frozen=True, slots=True)
class _Talk:
    """A transcript's words for one audience, cut between words."""

    transcript: Transcript
    canonical: CanonicalTranscript
    view: View
    show: Presenter

    def turn(self, index: int, *, ending: bool) -> Around | None:
        if not 0 <= index < len(self.canonical.turns):
            return None
        turn = self.canonical.turns[index]
        speaker = next(s for s in self.transcript.speakers if s.name == turn.speaker)
        person = self.show.participants.get(speaker.participant_id or "") if speaker.role is Role.PARTICIPANT else None
        return Around(
            speaker=self.show.name_of(speaker),
            participant=person.pseudonym if person else "",
            role=speaker.role.value,
            start_ms=times_of(Span(turn.start, turn.end), self.canonical.marks)[0],
            text=self.ending(turn.start, turn.end) if ending else self.beginning(turn.start, turn.end),
        )

    def ending(self, start: int, end: int) -> str:
        """The last words of a range, with `…` where more stand before them."""
        cut = max(start, end - AROUND_CHARS)
        if cut > start and (blank := self.canonical.text.find(" ", cut, end)) >= 0:
            cut = blank + 1
        return ("…" if cut > start else "") + self._words(cut, end).strip()

    def beginning(self, start: int, end: int) -> str:
        """The first words of a range, with `…` where more follow."""
        cut = min(end, start + AROUND_CHARS)
        if cut < end and (blank := self.canonical.text.rfind(" ", start, cut)) > start:
            cut = blank
        return self._words(start, cut).strip() + ("…" if cut < end else "")

    def _words(self, start: int, end: int) -> str:
        return self.view.cut(Span(start, end)) if start < end else ""


def _cited(repo: Repositories, show: Presenter, study_id: str, quote_id: str) -> Iterator[Cited]:
    """What the newest version of the default map says because of a quote, or although of it, in the order of the map."""
    map_id = repo.maps.latest_ids([study_id]).get(study_id)
    if map_id is None:
        return
    for stage in repo.maps.version(map_id, full=True).document["stages"]:
        title = show.stage_told(stage)["title"]
        for lane, statements in stage["lanes"].items():
            for statement in statements:
                relation = _relation(statement.get("evidence", ()), quote_id)
                if relation:
                    yield Cited(statement["id"], show.free(statement["text"]), lane, stage["id"], title, relation)
        relation = _relation((stage["emotion"] or {}).get("evidence", ()), quote_id)
        if relation:
            yield Cited(None, None, None, stage["id"], title, relation)


def _relation(evidence: Sequence[Mapping[str, Any]], quote_id: str) -> str | None:
    return next((e["relation"] for e in evidence if e["quote_id"] == quote_id), None)
