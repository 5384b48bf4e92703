"""The desk at which everything from outside arrives: the use cases, the queue that runs are handed to, and who may come in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.runs import Run, TaggerKind
from app.domain.stage_proposals import Mode, StageProposal
from app.domain.stages import Stage
from app.domain.staging import StageDraft
from app.domain.study import Transcript
from app.errors import InvalidInput
from app.services.blueprint import Blueprint
from app.services.codebook import CodeBooks
from app.services.estimate import Estimates
from app.services.evaluation import Evaluation
from app.services.ingest import Ingest
from app.services.intake import Upload
from app.services.journeys import Journeys
from app.services.map_settings import MapDesk
from app.services.maps import CitedQuotes, Maps
from app.services.opportunities import OPPORTUNITIES_PAGE, Opportunities, OpportunitySeen
from app.services.opportunity_shapes import opportunities_shape, opportunity_shape
from app.services.people import People
from app.services.personas import Personas
from app.services.plane import Planes
from app.services.portraits import Portraits
from app.services.quote_pages import QuotePages
from app.services.quotes import ORDERS, PAGE, Quotes, read_cursor
from app.services.redaction import MAX_TERMS_PAGE, TERMS_PAGE, Redaction
from app.services.review import DECISIONS_PAGE, Review
from app.services.runs import Queue, Runs
from app.services.search import MODES, SEARCH_PAGE, Found, Search
from app.services.shapes import (
    Shape,
    cited_shape,
    decision_shape,
    estimate_shape,
    foreseen_shape,
    found_shape,
    outcome_shape,
    participant_shape,
    personal_data_shape,
    quote_shape,
    run_shape,
    stage_keys,
    transcript_shape,
)
from app.services.sign_in import Actor, SignIn
from app.services.stage_proposals import StageChoice, StageProposals
from app.services.stage_proposing import StageProposing
from app.services.store import Store
from app.services.studies import Studies
from app.services.templates import Templates
from app.services.theme_shapes import theme_detail_shape
from app.services.transcript_pages import TranscriptPages
from app.settings import Settings


class UseCases(Protocol):
    """What pages and API need of a wired application."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102  # the wired application says what each is
    @property
    def store(self) -> Store: ...  # noqa: D102  # same
    @property
    def studies(self) -> Studies: ...  # noqa: D102  # same
    @property
    def templates(self) -> Templates: ...  # noqa: D102  # same
    @property
    def stage_proposing(self) -> StageProposing: ...  # noqa: D102  # same
    @property
    def stage_proposals(self) -> StageProposals: ...  # noqa: D102  # same
    @property
    def blueprint(self) -> Blueprint: ...  # noqa: D102  # same
    @property
    def ingest(self) -> Ingest: ...  # noqa: D102  # same
    @property
    def people(self) -> People: ...  # noqa: D102  # same
    @property
    def journeys(self) -> Journeys: ...  # noqa: D102  # same
    @property
    def personas(self) -> Personas: ...  # noqa: D102  # same
    @property
    def maps(self) -> Maps: ...  # noqa: D102  # same
    @property
    def map_desk(self) -> MapDesk: ...  # noqa: D102  # same
    @property
    def opportunities(self) -> Opportunities: ...  # noqa: D102  # same
    @property
    def quotes(self) -> Quotes: ...  # noqa: D102  # same
    @property
    def quote_pages(self) -> QuotePages: ...  # noqa: D102  # same
    @property
    def transcript_pages(self) -> TranscriptPages: ...  # noqa: D102  # same
    @property
    def search(self) -> Search: ...  # noqa: D102  # same
    @property
    def redaction(self) -> Redaction: ...  # noqa: D102  # same
    @property
    def evaluation(self) -> Evaluation: ...  # noqa: D102  # same
    @property
    def review(self) -> Review: ...  # noqa: D102  # same
    @property
    def estimates(self) -> Estimates: ...  # noqa: D102  # same
    @property
    def codebooks(self) -> CodeBooks: ...  # noqa: D102  # same
    @property
    def portraits(self) -> Portraits: ...  # noqa: D102  # same
    @property
    def planes(self) -> Planes: ...  # noqa: D102  # same
    @property
    def runs(self) -> Runs: ...  # noqa: D102  # same


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Desk:
    """One server's collaborators; `worker_ready` says whether somebody takes runs from the queue."""

    use: UseCases
    queue: Queue
    sign_in: SignIn
    worker_ready: Callable[[], bool] = field(default=_always)

    # What people do

    def start_run(self, study_id: str, tagger: TaggerKind, *, retag: bool = False, recode: bool = False, check: bool | None = None) -> Run:
        """Make a run and hand it over; the row comes first, so that a crash in between leaves it queued."""
        run = self.use.runs.create(study_id, tagger, retag=retag, recode=recode, check=check)
        self.queue.start(run.id, run.attempt)
        return run

    def estimate(self, study_id: str, tagger: TaggerKind, *, retag: bool = False, recode: bool = False, check: bool | None = None) -> Shape:
        """What a run would take, before it is started."""
        return estimate_shape(self.use.estimates.of(study_id, tagger, retag=retag, recode=recode, check=check))

    def cancel_run(self, run_id: str) -> Run:
        """Stop a run; what is done stays."""
        run = self.use.runs.cancel(run_id)
        self.queue.cancel(run.id, run.attempt)
        return run

    def resume_run(self, run_id: str) -> Run:
        """Have a run's gaps closed."""
        run = self.use.runs.resume(run_id)
        self.queue.start(run.id, run.attempt)
        return run

    def upload(self, study_id: str, files: Sequence[Upload], actor: Actor) -> list[Shape]:
        """Take files in; what became of each. Raises `InvalidInput` where there are none."""
        if not files:
            raise InvalidInput("no file came with this upload; choose one or more transcripts")
        outcomes = self.use.ingest.upload(study_id, files, actor=actor.person)
        if any(o.status == "applied" for o in outcomes):  # personas and roles may have changed
            self.use.maps.redraw(study_id)
        pseudonyms = self._pseudonyms(study_id)
        decided = self.use.review.on_quotes(study_id)
        return [outcome_shape(outcome, pseudonyms, decided) for outcome in outcomes]

    def preview(self, study_id: str, files: Sequence[Upload]) -> list[Shape]:
        """What taking these files in would do; nothing is stored. Raises `InvalidInput` where there are none."""
        if not files:
            raise InvalidInput("no file came with this; choose one or more transcripts")
        return [foreseen_shape(foreseen) for foreseen in self.use.ingest.preview(study_id, files)]

    def join(self, participant_id: str, into: str) -> Shape:
        """Make two participants one person and count them so on the maps; the one who stays."""
        study_id = self.use.people.join(participant_id, into).study_id
        self.use.maps.redraw(study_id)
        return self.show_participant(into)

    def separate(self, participant_id: str | None = None, *, speaker_id: str | None = None) -> Shape:
        """Undo a join, or make one speaker a person of their own; who stands for themselves now."""
        people = self.use.people
        person = people.separate_speaker(speaker_id) if speaker_id else people.separate(participant_id or "")
        self.use.maps.redraw(person.study_id)
        return self.show_participant(person.id)

    def members_changed(self, study_id: str) -> None:
        """Draw a study's maps again where one shows some personas only, as other people may belong to them now."""
        if any(view.filter.get("personas") for view in self.use.maps.of_study(study_id)):
            self.use.maps.redraw(study_id)

    def set_stages(self, study_id: str, drafts: Sequence[StageDraft], expected: Collection[str] | None = None) -> tuple[Stage, ...]:
        """Change a study's stages and draw its maps with them."""
        stages = self.use.studies.set_stages(study_id, drafts, expected)
        self.use.maps.redraw(study_id)
        return stages

    def propose_stages(self, study_id: str) -> StageProposal:
        """Have a model propose stages; the row comes first, so that a crash in between leaves it queued."""
        proposal = self.use.stage_proposing.ask(study_id)
        self.queue.propose_stages(proposal.id)
        return proposal

    def take_stages(
        self, proposal_id: str, chosen: Sequence[StageChoice] | None, mode: Mode, actor: Actor, expected: Collection[str] | None = None
    ) -> tuple[Stage, ...]:
        """Change a study's stages to what was chosen of proposed ones, and remember that they were accepted."""
        study_id, drafts = self.use.stage_proposals.drafts(proposal_id, chosen, mode)
        stages = self.set_stages(study_id, drafts, expected)
        self.use.stage_proposals.accept(proposal_id, actor=actor.person)
        return stages

    def correct_tags(self, quote_id: str, given: Mapping[str, Any], actor: Actor) -> Shape:
        """Decide tags of a quote; the quote as it is now shown. Its maps are drawn again when they are next read."""
        self.use.review.correct(quote_id, given, actor=actor.person)
        return self.show_quote(quote_id)

    def confirm_tags(self, quote_id: str, actor: Actor) -> Shape:
        """Decide that a quote's tags are right; the quote as it is now shown."""
        self.use.review.confirm(quote_id, actor=actor.person)
        return self.show_quote(quote_id)

    def undo_tags(self, quote_id: str) -> Shape:
        """Take back what people decided about a quote; the quote as it is now shown."""
        self.use.review.undo(quote_id)
        return self.show_quote(quote_id)

    def take_back_placement(self, quote_id: str) -> Shape:
        """Take back where people placed a quote; the quote as it is now shown."""
        self.use.codebooks.take_back_placement(quote_id)
        return self.show_quote(quote_id)

    def delete_transcript(self, transcript_id: str) -> str:
        """Erase a transcript and draw the maps from what is left; the id of its study."""
        study_id = self.use.studies.delete_transcript(transcript_id)
        self.use.search.forget(study_id)
        self.use.maps.redraw(study_id)
        return study_id

    def delete_study(self, study_id: str) -> None:
        """Erase a study, job records included; runs that are under way are stopped first."""
        runs = self.use.runs.of_study(study_id)
        proposals = self.use.stage_proposals.ids(study_id)
        for run in runs:
            if not run.status.ended:
                self.cancel_run(run.id)
        self.use.studies.delete(study_id)
        self.use.search.forget(study_id)
        for job_id in (*(run.id for run in runs), *proposals):
            self.queue.forget(job_id)

    # What they are shown

    @property
    def max_file_bytes(self) -> int:
        """Size of the largest file that is taken in."""
        return self.use.settings.max_upload_mb * 1_000_000

    def show_run(self, run: Run) -> Shape:
        """A run, with its study's map once it has drawn it; one that asks a model says what of personal data was found."""
        map_id = self.use.studies.overview(run.study_id).map_id if run.status.ended else None
        return run_shape(run, map_id, None if run.tagger == TaggerKind.OFFLINE else self.use.redaction.totals(run.study_id))

    def runs_of(self, study_id: str) -> list[Shape]:
        """A study's runs, newest first."""
        map_id = self.use.studies.overview(study_id).map_id
        return [run_shape(run, map_id) for run in self.use.runs.of_study(study_id)]

    def show_transcript(self, transcript: Transcript) -> Shape:
        """A transcript with its speakers' pseudonyms."""
        decided = self.use.review.on_quotes(transcript.study_id)
        return transcript_shape(transcript, self._pseudonyms(transcript.study_id), decided.get(transcript.id, 0))

    def transcripts_of(self, study_id: str) -> list[Shape]:
        """A study's transcripts by file name."""
        pseudonyms = self._pseudonyms(study_id)
        decided = self.use.review.on_quotes(study_id)
        return [transcript_shape(t, pseudonyms, decided.get(t.id, 0)) for t in self.use.studies.transcripts(study_id)]

    def participants_of(self, study_id: str) -> list[Shape]:
        """A study's participants by number."""
        participants, files = self.use.people.participants(study_id)
        who = self.use.people.who_is_who(study_id)
        return [participant_shape(p, files, who) for p in participants]

    def show_participant(self, participant_id: str) -> Shape:
        """A participant with the voices behind them."""
        participant, files = self.use.people.participant(participant_id)
        return participant_shape(participant, files, self.use.people.who_is_who(participant.study_id))

    def quotes_of(
        self,
        study_id: str,
        filters: dict[str, str],
        *,
        cursor: str | None = None,
        limit: int = PAGE,
        order: str = ORDERS[0],
        left_out: bool = False,
    ) -> Shape:
        """A page of a study's quotes; see `Quotes.page`."""
        page = self.use.quotes.page(study_id, filters, cursor=cursor, limit=limit, order=order, left_out=left_out)
        keys = stage_keys(self.use.studies.stages(study_id))
        return {
            "items": [quote_shape(q, keys) for q in page.quotes],
            "total": page.total,
            "next_cursor": page.next_cursor,
            "reviewed": page.reviewed,
            "of": page.of,
        }

    def search(
        self,
        study_id: str,
        asked: str,
        filters: Mapping[str, str],
        *,
        mode: str = MODES[0],
        cursor: str | None = None,
        limit: int = SEARCH_PAGE,
    ) -> Shape:
        """A page of the quotes that were looked for; see `Search.find`."""
        return self._found(self.use.search.find(study_id, asked, mode=mode, filters=filters, cursor=cursor, limit=limit))

    def similar(self, quote_id: str, filters: Mapping[str, str], *, cursor: str | None = None, limit: int = SEARCH_PAGE) -> Shape:
        """A page of quotes that mean something alike; see `Search.similar`."""
        return self._found(self.use.search.similar(quote_id, filters=filters, cursor=cursor, limit=limit))

    def _found(self, found: Found) -> Shape:
        return found_shape(found, stage_keys(self.use.studies.stages(found.study_id)))

    def show_quote(self, quote_id: str) -> Shape:
        """A quote with what was proposed and decided of it."""
        study_id, quote = self.use.quotes.shown(quote_id)
        return quote_shape(quote, stage_keys(self.use.studies.stages(study_id)))

    def decisions_of(
        self, study_id: str, target_type: str | None = None, *, cursor: str | None = None, limit: int = DECISIONS_PAGE
    ) -> Shape:
        """A page of what people decided in a study, newest first."""
        page = self.use.review.decisions(study_id, target_type, cursor=cursor, limit=limit)
        return {"items": [decision_shape(d) for d in page.decisions], "total": page.total, "next_cursor": page.next_cursor}

    def opportunities_of(
        self, study_id: str, filters: Mapping[str, str] | None = None, *, cursor: str | None = None, limit: int = OPPORTUNITIES_PAGE
    ) -> Shape:
        """A page of a study's opportunities, the most important first; see `Opportunities.page`."""
        page = self.use.opportunities.page(study_id, filters, cursor=cursor, limit=limit)
        return opportunities_shape(page, stage_keys(self.use.studies.stages(study_id)))

    def show_opportunity(self, seen: OpportunitySeen) -> Shape:
        """An opportunity with its quotes."""
        return opportunity_shape(seen, stage_keys(self.use.studies.stages(seen.study_id)))

    def personal_data_of(self, study_id: str, *, cursor: str | None = None, limit: int = TERMS_PAGE) -> Shape:
        """A study's personal data with a page of its terms."""
        if not 1 <= limit <= MAX_TERMS_PAGE:
            raise InvalidInput(f"a page holds 1 to {MAX_TERMS_PAGE} terms, not {limit}")
        start = read_cursor(cursor)
        overview = self.use.redaction.overview(study_id)
        after = start + limit
        return personal_data_shape(overview, overview.terms[start:after], str(after) if after < len(overview.terms) else None)

    def show_theme(self, theme_id: str, offset: int) -> Shape:
        """A theme with a page of its quotes."""
        theme, members = self.use.codebooks.theme(theme_id, offset=offset)
        return theme_detail_shape(theme, members, stage_keys(self.use.studies.stages(theme["study_id"])), offset)

    def show_cited(self, cited: CitedQuotes) -> Shape:
        """What a statement or a curve point rests on."""
        return cited_shape(cited, stage_keys(self.use.studies.stages(cited.study_id)))

    def _pseudonyms(self, study_id: str) -> dict[str, str]:
        participants, _ = self.use.people.participants(study_id)
        return {p.id: p.pseudonym for p in participants}
