"""Which quotes of a study match filters: found by what is stored of all of them, so that only those on a page are judged and shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.db.repositories import Repositories
from app.db.repositories.quote_lists import Listing, Stretch
from app.db.repositories.transcripts import StoredQuote, StoredSkip
from app.domain.quote import Quote, State, quote_id
from app.domain.review import Decision
from app.domain.runs import Run
from app.domain.stages import stage_called
from app.domain.transcript import Span, times_of
from app.errors import InvalidInput
from app.services.book import decided_placements, load_book
from app.services.material import QUOTE, STAGE, Judged, judge, valid_stages
from app.services.presenting import Presenter, ShownQuote, state_now

TAGGED = (STAGE, "channel", "kind", "emotion", "experience")
CONFIDENCE = "confidence"
CURSOR_AT = "."
MAX_OFFSET = 12
"""Digits of a place in a text; longer ones are somebody's invention."""
Place = tuple[str, int]
"""A transcript's id, and an offset into its text."""
Row = StoredQuote | tuple[str, StoredSkip]
"""A quote, or a sentence that is none with the id of its transcript."""
_Row = tuple[int, int, Row]


@dataclass(frozen=True, slots=True)
class Matching:
    """What matches: a listing of quotes, and whether the sentences that are none match too."""

    listing: Listing
    sentences: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, of how many in all; `next_cursor` is None on the last."""

    rows: tuple[Row, ...]
    total: int
    next_cursor: str | None


@dataclass(frozen=True)
class Judgements:
    """What is known of the tags of all quotes of a study: said by the run's tagger, and decided by people."""

    repo: Repositories
    show: Presenter
    study_id: str
    tagger_key: str | None
    states: Mapping[str, str]

    @cached_property
    def decided(self) -> dict[str, list[Decision]]:
        """People's standing decisions by quote."""
        return self.repo.reviews.decisions(self.study_id, QUOTE)

    @cached_property
    def by_people(self) -> dict[str, Judged]:
        """What became of the quotes about which people decided something."""
        ids = list(self.decided)
        suggested = self.repo.reviews.suggestions(self.study_id, QUOTE, self.tagger_key, ids) if self.tagger_key else {}
        return {q: judge(suggested.get(q), made, self._valid) for q, made in self.decided.items()}

    @cached_property
    def reviewed(self) -> set[str]:
        """Quotes that people looked at: about which a decision stands that can be understood."""
        return {q for q, made in self.decided.items() if any(d.field != STAGE or d.value in self._valid for d in made)}

    def tagged(self, wanted: Mapping[str, str]) -> set[str]:
        """Quotes with tags, all of which say what is wanted of them."""
        named = self._stages_called(wanted.get(STAGE))
        fields = [f for f in TAGGED if f != STAGE and f in wanted]
        values = tuple(wanted[f] for f in fields)
        said = self._said(*fields)
        found = {q for q, (stage, *told) in said.items() if stage in named and tuple(told) == values and q not in self.decided}
        for q, judged in self.by_people.items():
            if (tags := judged.tags) and tags.stage in named and tuple(getattr(tags, f) for f in fields) == values:
                found.add(q)
        return found

    def confidences(self) -> dict[str, float]:
        """How sure the tags of each quote are that has any."""
        found = {q: float(sure or 0) for q, (stage, sure) in self._said(CONFIDENCE).items() if stage in self._valid}
        return found | {q: judged.tags.confidence if judged.tags else 0.0 for q, judged in self.by_people.items()}

    def in_theme(self, theme_id: str, run: Run | None) -> set[str]:
        """Quotes in a theme, or in one inside it."""
        if run is None:
            return set()
        book = load_book(self.repo, self.study_id, run.tagger_key)
        meant = {t for t in book.entries if (now := book.standing(t)) and theme_id in book.around(now)}
        placed = {q: p.theme_id for q, p in self.repo.themes.placements(run.id, near=False).items()}
        return {q for q, theme in (placed | decided_placements(self.repo, self.study_id)).items() if theme in meant}

    @cached_property
    def _valid(self) -> Mapping[str, str]:
        return valid_stages(self.show.stages)

    def _stages_called(self, name: str | None) -> set[str]:
        """What the stage of a tagged quote may be called in its tags; of all where no name is given."""
        if name is None:
            return set(self._valid)
        meant = stage_called(self.study_id, self.show.stages, name) or name
        return {said for said, stage in self._valid.items() if meant in {stage, self.show.stage_key(stage)}}

    def _said(self, *fields: str) -> dict[str, tuple[str | None, ...]]:
        """The stage, then these fields, as this study's tagger said them."""
        return self.repo.reviews.said(self.study_id, QUOTE, self.tagger_key, (STAGE, *fields)) if self.tagger_key else {}


def matching(known: Judgements, run: Run | None, wanted: Mapping[str, str]) -> Matching:
    """What of a study matches every one of these filters."""
    only: list[Collection[str]] = []
    without: set[str] = set()
    if any(field in wanted for field in TAGGED):
        only.append(known.tagged(wanted))
    if "theme" in wanted:
        only.append(known.in_theme(wanted["theme"], run))
    match wanted.get("state"):
        case None:
            pass
        case State.GAP:
            without |= known.tagged({})
        case state:  # no quote is skipped, so of those that are only sentences match
            only.append([q for q in known.tagged({}) if state_now(known.states.get(q), tagged=True) == state])
    match wanted.get("review"):
        case None:
            pass
        case "open":
            without |= known.reviewed
        case "reviewed":
            only.append(known.reviewed)
        case review:
            only.append([q for q in known.reviewed if review == ("corrected" if known.by_people[q].corrected else "confirmed")])
    person = wanted.get("participant")
    people = {name: p.id for p in known.show.participants.values() for name in (p.pseudonym, p.id)}
    listing = Listing(
        known.study_id,
        transcript_id=wanted.get("transcript"),
        participant_id=people.get(person, person) if person else None,
        only=set.intersection(*map(set, only)) if only else None,
        without=without,
    )
    untagged = wanted.get("state", State.SKIPPED) == State.SKIPPED and not {"theme", "review", *TAGGED} & wanted.keys()
    return Matching(listing, sentences=untagged)


def in_place(repo: Repositories, show: Presenter, found: Matching, cursor: str | None, limit: int) -> Listed:
    """A page by file and place in it; with sentences that are no quotes among the others, if they match."""
    order = {transcript_id: n for n, transcript_id in enumerate(show.transcripts)}
    place = _read_place(cursor, order) if cursor else ("", 0)
    counts = repo.quote_lists.counts(found.listing)
    if found.sentences:
        for transcript_id, n in repo.quote_lists.skipped_counts(found.listing).items():
            counts[transcript_id] = counts.get(transcript_id, 0) + n
    stretch = _stretch([t for t in order if t in counts and order[t] >= order.get(place[0], 0)], counts, place, limit + 1)
    rows: list[_Row] = []
    if stretch.transcripts:
        rows += [(order[q.quote.transcript_id], q.quote.start, q) for q in repo.quote_lists.page(found.listing, stretch)]
        if found.sentences:
            rows += [(order[t], skip.sentence.start, (t, skip)) for t, skip in repo.quote_lists.skipped_page(found.listing, stretch)]
    rows.sort(key=lambda row: row[:2])
    following = f"{[*order][rows[limit][0]]}{CURSOR_AT}{rows[limit][1]}" if len(rows) > limit else None
    return Listed(tuple(row for _, _, row in rows[:limit]), sum(counts.values()), following)


def least_sure(repo: Repositories, known: Judgements, found: Matching, start: int, limit: int) -> Listed:
    """A page of quotes, those first whose tags are least sure; `start` is a place among all of the study, whether they match or not."""
    order = {transcript_id: n for n, transcript_id in enumerate(known.show.transcripts)}
    sure, wanted, whole = known.confidences(), found.listing, Listing(known.study_id)
    places = repo.quote_lists.places(whole)
    part = replace(wanted, only=None, without=())
    fits = {quote_id for _, quote_id in (places if part == whole else repo.quote_lists.places(part))}.difference(wanted.without)
    if wanted.only is not None:
        fits &= set(wanted.only)
    every = sorted(places, key=lambda at: (sure.get(at[1], 0.0), order[at[0]]))
    ahead = [i for i in range(start, len(every)) if every[i][1] in fits]
    stored = repo.transcripts.quotes_by_id([every[i][1] for i in ahead[:limit]])
    following = str(ahead[limit - 1] + 1) if len(ahead) > limit else None
    return Listed(tuple(stored[every[i][1]] for i in ahead[:limit]), len(fits), following)


def show_listed(repo: Repositories, show: Presenter, rows: Sequence[Row], states: Mapping[str, str]) -> tuple[ShownQuote, ...]:
    """Rows of a page as they are shown, in their order."""
    shown = show.show_stored([row for row in rows if isinstance(row, StoredQuote)], states)
    said = iter(show_sentences(repo, show, [row for row in rows if not isinstance(row, StoredQuote)]))
    return tuple(shown[row.quote.id] if isinstance(row, StoredQuote) else next(said) for row in rows)


def show_sentences(repo: Repositories, show: Presenter, skipped: Sequence[tuple[str, StoredSkip]]) -> list[ShownQuote]:
    """Skipped sentences, shown as quotes are, in the order given; each with the id of its transcript."""
    marks = repo.transcripts.marks({transcript_id for transcript_id, _ in skipped})
    show.load(marks)
    shown = []
    for transcript_id, skip in skipped:
        said, speaker = skip.sentence, show.speakers[skip.speaker_id]
        place = quote_id(transcript_id, said.start, said.end)
        quote = Quote(place, transcript_id, said.turn, speaker.name, said.start, said.end, 1, "")
        stored = StoredQuote(quote, 0, speaker.id, *times_of(Span(said.start, said.end), marks[transcript_id]))
        shown.append(show.show_skipped(stored, said.reason))
    return shown


def _stretch(transcripts: Sequence[str], counts: Mapping[str, int], place: Place, limit: int) -> Stretch:
    """The first of these transcripts that fill a page: how much is left of the one that the page begins in is not known."""
    room, taken = limit, 0
    for transcript_id in transcripts:
        if room <= 0:
            break
        taken += 1
        room -= counts[transcript_id] if transcript_id != place[0] else 0
    begins = place[1] if taken and transcripts[0] == place[0] else 0
    return Stretch(transcripts[:taken], begins, limit)


def _read_place(cursor: str, known: Collection[str]) -> Place:
    transcript_id, _, start = cursor.rpartition(CURSOR_AT)
    if transcript_id not in known or not start.isdecimal() or len(start) > MAX_OFFSET:
        raise InvalidInput("this cursor is not one of ours, or its transcript was deleted; leave it out to start at the beginning")
    return transcript_id, int(start)
