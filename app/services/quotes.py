"""Reading quotes: lists by tag, one by its id, and the texts they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.quote_lists import Listing
from app.domain.people import Role
from app.domain.quote import State
from app.domain.render import Audience
from app.domain.runs import Run
from app.errors import InvalidInput, NotFound
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.quote_lists import Judgements, in_place, least_sure, matching, show_listed, show_sentences
from app.services.store import Store

PAGE = 50
MAX_PAGE = 200
MAX_CURSOR = 18
"""Digits of a place in a list; longer ones are somebody's invention."""
FILTERS = ("stage", "channel", "kind", "emotion", "experience", "state", "participant", "transcript", "theme", "review")
ORDERS = ("place", "confidence")
"""By file and place in it, or the quotes whose tags are least sure first."""


@dataclass(frozen=True, slots=True)
class QuotePage:
    """One page of quotes; `next_cursor` is None on the last. `reviewed` counts the quotes of the study that people looked at, of `of`."""

    quotes: tuple[ShownQuote, ...]
    total: int
    next_cursor: str | None
    reviewed: int
    of: int


class Quotes:
    """Use cases around reading quotes."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def page(
        self,
        study_id: str,
        filters: dict[str, str],
        *,
        cursor: str | None = None,
        limit: int = PAGE,
        order: str = ORDERS[0],
        left_out: bool = False,
    ) -> QuotePage:
        """A page of a study's quotes that match every filter (see `FILTERS`; stages by key or id, participants by pseudonym or id).

        With `left_out`, or when the state `skipped` is asked for, also the sentences that are no quotes, each with its reason; they are
        never part of the review's queue (an order by confidence, or the filter `review`). A cursor is a place in a transcript, or in the
        order among all quotes, whether they match or not, so that quotes which are reviewed between two pages shift nothing.
        """
        if unknown := set(filters) - set(FILTERS):
            raise InvalidInput(f"quotes cannot be filtered by “{min(unknown)}”; use {', '.join(FILTERS)}")
        if order not in ORDERS:
            raise InvalidInput(f"quotes cannot be ordered by “{order}”; use {' or '.join(ORDERS)}")
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_PAGE} quotes, not {limit}")
        wanted = {field: value for field, value in filters.items() if value}
        by_place = order == ORDERS[0] or wanted.get("state") == State.SKIPPED
        start = 0 if by_place else read_cursor(cursor)
        with self._store.read() as repo:
            repo.studies.get(study_id)
            run, states = newest_drawn(repo, study_id)
            show = Presenter(repo, study_id, run, self._privacy, Audience.OWNER)
            known = Judgements(repo, show, study_id, run.tagger_key if run else None, states)
            found = matching(known, run, wanted)
            if wanted.get("state") != State.SKIPPED and not (left_out and by_place):
                found = replace(found, sentences=False)
            listed = in_place(repo, show, found, cursor, limit) if by_place else least_sure(repo, known, found, start, limit)
            reviewed = sum(repo.quote_lists.counts(Listing(study_id, only=known.reviewed)).values()) if known.reviewed else 0
            of = repo.studies.counts([study_id])[study_id].quotes
            quotes = show_listed(repo, show, listed.rows, states)
        return QuotePage(quotes, listed.total, listed.next_cursor, reviewed, of)

    def every(self, study_id: str, audience: Audience = Audience.OWNER) -> list[dict[str, Any]]:
        """Every participant quote of a study as quotes.jsonl has them, in order of file and place."""
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        with self._store.read() as repo:
            repo.studies.get(study_id)
            run, states = newest_drawn(repo, study_id)
            show = Presenter(repo, study_id, run, self._privacy, audience)
            order = {t: i for i, t in enumerate(show.transcripts)}
            stored = [q for q in repo.transcripts.quotes(list(order)) if show.speakers[q.speaker_id].role is Role.PARTICIPANT]
            stored.sort(key=lambda q: (order[q.quote.transcript_id], q.position))
            return [as_line(show, q) for q in show.show_stored(stored, states).values()]

    def get(self, quote_id: str) -> tuple[str, dict[str, Any]]:
        """The study of a quote, and the quote as quotes.jsonl has it; raises `NotFound`."""
        study_id, show, quote = self._one(quote_id)
        return study_id, as_line(show, quote)

    def shown(self, quote_id: str) -> tuple[str, ShownQuote]:
        """The study of a quote, and the quote with what was proposed and decided of it; raises `NotFound`."""
        study_id, _, quote = self._one(quote_id)
        return study_id, quote

    def several(self, study_id: str, quote_ids: Sequence[str]) -> list[ShownQuote]:
        """These quotes of a study as its newest map has them, in this order; those that are gone are left out."""
        with self._store.read() as repo:
            run, states = newest_drawn(repo, study_id)
            return list(Presenter(repo, study_id, run, self._privacy, Audience.OWNER).show(quote_ids, states).values())

    def _one(self, quote_id: str) -> tuple[str, Presenter, ShownQuote]:
        with self._store.read() as repo:
            study_id = study_of_quote(repo, quote_id)
            run, states = newest_drawn(repo, study_id)
            show = Presenter(repo, study_id, run, self._privacy, Audience.OWNER)
            return study_id, show, show.show([quote_id], states)[quote_id]

    def text(self, transcript_id: str, audience: Audience = Audience.OWNER) -> str:
        """The canonical text."""
        with self._store.read() as repo:
            study_id = repo.transcripts.get(transcript_id).study_id
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        with self._store.read() as repo:
            return Presenter(repo, study_id, None, self._privacy, audience).view(transcript_id).shown

    def texts(self, study_id: str, audience: Audience = Audience.OWNER) -> dict[str, str]:
        """The canonical texts of a study by transcript id."""
        if audience is not Audience.OWNER:
            self._privacy.find(study_id)
        with self._store.read() as repo:
            show = Presenter(repo, study_id, None, self._privacy, audience)
            show.load(show.transcripts)
            return {transcript_id: show.view(transcript_id).shown for transcript_id in show.transcripts}


def as_line(show: Presenter, quote: ShownQuote) -> dict[str, Any]:
    """A quote as quotes.jsonl and the API have it."""
    return {
        "id": quote.id,
        "transcript": quote.transcript,
        "speaker": quote.speaker,
        "state": quote.state,
        **quote.fields(),
        "stage": show.stage_key(quote.tags.stage) if quote.tags else None,
    }


def study_of_quote(repo: Repositories, quote_id: str) -> str:
    """The id of a quote's study; raises `NotFound`."""
    stored = repo.transcripts.quotes_by_id([quote_id])
    if not stored:
        raise NotFound(f"there is no quote “{quote_id}” here")
    return repo.transcripts.get(stored[quote_id].quote.transcript_id).study_id


def shown_run(repo: Repositories, study_id: str) -> Run | None:
    """The run whose tags are shown, without progress, gaps and costs: the one behind the newest map, before the first map the newest."""
    shown = repo.maps.shown(study_id)
    return repo.runs.bare(shown[1]) if shown else repo.runs.newest(study_id)


def newest_drawn(repo: Repositories, study_id: str) -> tuple[Run | None, dict[str, str]]:
    """The same run, and each quote's state on the newest map; none before the first one."""
    shown = repo.maps.shown(study_id)
    return (repo.runs.bare(shown[1]), repo.maps.states(shown[0])) if shown else (repo.runs.newest(study_id), {})


def states_of(repo: Repositories, study_id: str) -> dict[str, str]:
    """Each quote's state on the newest map; none before the first one."""
    return newest_drawn(repo, study_id)[1]


def show_left_out(repo: Repositories, show: Presenter) -> list[ShownQuote]:
    """Participants' skipped sentences, shown as quotes are, in transcript order."""
    skipped = repo.transcripts.skipped(list(show.transcripts))
    return show_sentences(repo, show, [told for told in skipped if show.speakers[told[1].speaker_id].role is Role.PARTICIPANT])


def read_cursor(cursor: str | None) -> int:
    """The place in a list that a cursor means; raises `InvalidInput`."""
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > MAX_CURSOR:
        raise InvalidInput("this cursor is not one of ours; leave it out to start at the beginning")
    return int(cursor)
