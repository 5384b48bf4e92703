"""Having a model propose stages: what it is shown, what that will take, and what is kept of its reply.

A piece of work that is queued as a run is, and may be done twice: the reply is cached, and what came of it is stored once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Role
from app.domain.quote import Quote
from app.domain.render import Audience
from app.domain.runs import Prices
from app.domain.stage_proposals import ProposalCost, ProposalStatus, Reading, StageProposal
from app.domain.study import Transcript
from app.errors import BudgetSpent, Conflict, InvalidInput, ModelError
from app.ports import Foreseen, ModelRequest, Usage
from app.services.budget import TRIES
from app.services.material import QUOTE
from app.services.privacy import Hidden, Privacy, View
from app.services.quotes import shown_run
from app.services.store import Store, random_id
from app.services.windowing import asks_a_model
from app.services.words import Words
from app.stages.propose_stages import (
    FEWEST_QUOTES,
    FEWEST_STAGES,
    PROPOSE_STAGES,
    Proposed,
    Talk,
    TalkLine,
    fair_sample,
    parse_stages,
    propose_request,
    said_of,
    talk_room,
)
from app.stages.segment import segment
from app.stages.wording import Setting

NEEDS_MODEL = (
    "proposing stages needs a language model, and none is configured: set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL; "
    "without one, begin with a template or write the stages yourself"
)
TOO_FEW = f"there are fewer than {FEWEST_QUOTES} quotes of participants, too few to tell a journey from; add interviews"
UNUSABLE = f"the model named fewer than {FEWEST_STAGES} stages that quotes it was shown bear out; ask again, or choose another model"
KEPT = 10
"""Proposals of a study that are remembered, the newest."""


@dataclass(frozen=True, slots=True)
class ProposalEstimate:
    """What asking for stages would take; `price` is None where nobody named one. `budget` is what one asking may spend in tokens."""

    model: str
    read: Reading
    foreseen: Foreseen
    price: float | None
    budget: int | None

    @property
    def affordable(self) -> bool:
        """Whether it stays within the budget even if the model must be asked twice."""
        return self.budget is None or TRIES * (self.foreseen.tokens_in + self.foreseen.tokens_out) <= self.budget


@dataclass(frozen=True, slots=True)
class _Sample:
    """What one request shows."""

    request: ModelRequest
    talks: tuple[Talk, ...]
    read: Reading


@dataclass(frozen=True, slots=True)
class _Said:
    """A participant's quote as it was spoken; it leaves only rendered."""

    quote: Quote
    who: str
    words: str
    gist: str | None


class StageProposing:
    """Asks a model for stages."""

    def __init__(self, *, store: Store, privacy: Privacy, words: Words | None, prices: Prices, token_budget: int | None) -> None:
        self._store = store
        self._privacy = privacy
        self._words = words
        self._prices = prices
        self._token_budget = token_budget

    @property
    def model(self) -> str | None:
        """The model that would be asked; None where none is configured."""
        return self._words.model.model if self._words else None

    def estimate(self, study_id: str) -> ProposalEstimate:
        """What asking now would take; nothing is stored. Personal data that was not looked for yet stands for itself.

        Raises `Conflict` without a model, and `InvalidInput` where there is too little to read.
        """
        words = self._required()
        with self._store.read() as repo:
            hidden = self._privacy.of(repo, study_id, Audience.MODEL, search=False)
            sample = _sample(repo, study_id, hidden, words)
        return self._estimated(words, sample)

    def ask(self, study_id: str) -> StageProposal:
        """A new proposal, queued; raises `Conflict` without a model, or where one is under way already."""
        words = self._required()
        made = StageProposal(
            id=random_id(),
            study_id=study_id,
            status=ProposalStatus.QUEUED,
            model=words.model.model,
            prompt=words.prompts.id(PROPOSE_STAGES),
            created_at=self._store.now(),
        )
        with self._store.write() as repo:
            study = repo.studies.get(study_id)
            known = repo.stage_proposals.of_study(study_id)
            if any(not p.status.ended for p in known):
                raise Conflict("a model is reading these interviews already; wait for what it proposes")
            if not any(s.role is Role.PARTICIPANT for t in repo.transcripts.of_study(study_id) for s in t.speakers):
                raise InvalidInput(f"the study “{study.name}” has no participants yet; upload transcripts, then ask for stages")
            repo.stage_proposals.erase([p.id for p in known[KEPT - 1 :]])
            repo.stage_proposals.add(made)
        return made

    def unfinished(self) -> list[str]:
        """Ids of proposals that are queued or being read."""
        with self._store.read() as repo:
            return repo.stage_proposals.unfinished()

    def fail(self, proposal_id: str, reason: str) -> None:
        """Record that nothing came of it, unless something did."""
        with self._store.read() as repo:
            proposal = repo.stage_proposals.get(proposal_id)
        self._fail(proposal, reason)

    def work(self, proposal_id: str) -> None:
        """Cut what is not cut, find personal data, ask, and keep what came of it; raises `NotFound` for one that was erased."""
        with self._store.read() as repo:
            proposal = repo.stage_proposals.get(proposal_id)
        if proposal.status.ended:
            return
        with self._store.write() as repo:
            repo.stage_proposals.begin(proposal_id)
            redacts = repo.studies.get(proposal.study_id).redact
        try:
            words = self._required()
            self._cut(proposal.study_id)
            if redacts:
                self._privacy.find(proposal.study_id)
            with self._store.read() as repo:
                sample = _sample(repo, proposal.study_id, self._privacy.of(repo, proposal.study_id, Audience.MODEL), words)
            told = self._asked(words, sample)
        except ModelError as error:
            self._fail(proposal, error.message, error.spent)
        except (Conflict, InvalidInput) as error:
            self._fail(proposal, error.message)
        else:
            self._keep(proposal, words, sample, told)

    def _asked(self, words: Words, sample: _Sample) -> Proposed:
        """The model's stages; raises `ModelError`, also where they cannot be used."""
        if not self._estimated(words, sample).affordable:
            raise BudgetSpent("asking may take more tokens than THROUGHLINE_LLM_TOKEN_BUDGET allows; raise it, then ask again")
        reply = words.model.ask(sample.request)
        told = replace(parse_stages(reply.value, sample.talks), usage=reply.usage)
        if len(told.stages) < FEWEST_STAGES:
            raise ModelError(UNUSABLE, told.usage)
        return told

    def _keep(self, proposal: StageProposal, words: Words, sample: _Sample, told: Proposed) -> None:
        done = replace(
            proposal,
            status=ProposalStatus.READY,
            model=words.model.model,
            prompt=sample.request.prompt,
            stages=told.stages,
            read=sample.read,
            transcript_ids=sample.request.transcript_ids,
            ungrounded=told.ungrounded,
            cost=self._cost(told.usage),
            ended_at=self._store.now(),
        )
        with self._store.write() as repo:
            if all(map(repo.transcripts.there, sample.request.transcript_ids)):
                repo.stage_proposals.end(done)
                return
        self._fail(proposal, "a transcript that the model was shown was erased meanwhile; ask again", told.usage)

    def _fail(self, proposal: StageProposal, reason: str, spent: object = None) -> None:
        cost = self._cost(spent) if isinstance(spent, Usage) else ProposalCost()
        failed = replace(proposal, status=ProposalStatus.FAILED, error=reason, cost=cost, ended_at=self._store.now())
        with self._store.write() as repo:
            if not repo.stage_proposals.get(proposal.id).status.ended:
                repo.stage_proposals.end(failed)

    def _cost(self, usage: Usage) -> ProposalCost:
        price = self._prices.of(usage.tokens_in, usage.tokens_out)
        return ProposalCost(usage.calls, usage.cached, usage.tokens_in, usage.tokens_out, price)

    def _estimated(self, words: Words, sample: _Sample) -> ProposalEstimate:
        foreseen = words.model.foresee(sample.request)
        price = self._prices.of(foreseen.tokens_in, foreseen.tokens_out)
        return ProposalEstimate(words.model.model, sample.read, foreseen, price, self._token_budget)

    def _cut(self, study_id: str) -> None:
        """Cut transcripts that no run has cut yet into quotes, once and for all."""
        with self._store.read() as repo:
            uncut = [t for t in repo.transcripts.of_study(study_id) if t.segmenter is None]
        for transcript in uncut:
            with self._store.read() as repo:
                if not repo.transcripts.there(transcript.id):
                    continue
                canonical = repo.transcripts.canonical(transcript.id)
            cut = segment(transcript.id, canonical, transcript.language)
            with self._store.write() as repo:
                now = repo.transcripts.find(transcript.id)
                if now is not None and now.segmenter is None:
                    repo.transcripts.store_segmentation(transcript.id, canonical, cut)

    def _required(self) -> Words:
        if self._words is None:
            raise Conflict(NEEDS_MODEL)
        return self._words


def _sample(repo: Repositories, study_id: str, hidden: Hidden, words: Words) -> _Sample:
    """A fair sample of a study's talk as the model may read it; raises `InvalidInput` where there is too little."""
    study = repo.studies.get(study_id)
    transcripts = repo.transcripts.of_study(study_id)
    languages = {t.language for t in transcripts}
    setting = Setting(
        study=hidden.free(study.name),
        question=hidden.free(study.question) if study.question else None,
        language=languages.pop() if len(languages) == 1 else "und",
        product=hidden.free(study.product) if study.product else None,
    )
    texts = repo.transcripts.texts([t.id for t in transcripts])
    said = _said(repo, study_id, transcripts, texts)
    talks = [Talk(t, tuple(TalkLine(one.quote.id, one.who, said_of(one.words, one.gist)) for one in told)) for t, told in said.items()]
    whole = sum(len(talk.lines) for talk in talks)
    if whole < FEWEST_QUOTES:
        raise InvalidInput(TOO_FEW)
    chosen = fair_sample(talks, talk_room(words.prompts, setting, words.context_tokens))
    views = {talk.transcript_id: hidden.view(talk.transcript_id, texts[talk.transcript_id]) for talk in chosen}
    shown = tuple(_rendered(talk, said[talk.transcript_id], views[talk.transcript_id], hidden) for talk in chosen)
    read = Reading(sum(len(talk.lines) for talk in chosen), whole, len(chosen), sum(bool(talk.lines) for talk in talks))
    return _Sample(propose_request(words.prompts, setting, shown), shown, read)


def _said(repo: Repositories, study_id: str, transcripts: Sequence[Transcript], texts: Mapping[str, str]) -> dict[str, list[_Said]]:
    """What participants said, by transcript in the order of telling, with what a model has written of it; nothing of it is rendered yet."""
    people = {p.id: p.pseudonym for p in repo.people.participants(study_id, speaking=False)}
    who = {s.id: people.get(s.participant_id or "", "") for t in transcripts for s in t.speakers if s.role is Role.PARTICIPANT}
    run = shown_run(repo, study_id)
    tagged = repo.reviews.suggestions(study_id, QUOTE, run.tagger_key) if run and asks_a_model(run) else {}  # only a model writes gists
    gists = {quote_id: s.payload.get("gist") for quote_id, s in tagged.items()}
    stored: dict[str, list[StoredQuote]] = {t.id: [] if t.segmenter else _cut_now(repo, t) for t in transcripts}
    for quote in repo.transcripts.quotes([t.id for t in transcripts]):
        stored[quote.quote.transcript_id].append(quote)
    return {
        t: [_Said(q.quote, who[q.speaker_id], q.quote.span.cut(texts[t]), gists.get(q.quote.id)) for q in quotes if q.speaker_id in who]
        for t, quotes in stored.items()
    }


def _rendered(talk: Talk, said: Sequence[_Said], view: View, hidden: Hidden) -> Talk:
    """The chosen lines of a talk as the model may read them."""
    chosen = {line.quote_id for line in talk.lines}
    shown = (
        TalkLine(one.quote.id, one.who, said_of(view.cut(one.quote.span), hidden.free(one.gist) if one.gist else None))
        for one in said
        if one.quote.id in chosen
    )
    return Talk(talk.transcript_id, tuple(shown))


def _cut_now(repo: Repositories, transcript: Transcript) -> list[StoredQuote]:
    """The quotes of a transcript that is not cut yet; they are not stored."""
    speakers = {s.name: s.id for s in transcript.speakers}
    cut = segment(transcript.id, repo.transcripts.canonical(transcript.id), transcript.language).quotes
    return [StoredQuote(quote, n, speakers[quote.speaker], None, None) for n, quote in enumerate(cut)]
