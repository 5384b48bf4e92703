"""What a run would ask of its model and at what price, said before the first call."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

import numpy as np

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Role
from app.domain.runs import Prices, Run, RunStatus, TaggerKind
from app.domain.transcript import CanonicalTranscript
from app.ports import Encoding, Foreseen, Tagger
from app.services.budget import Budget
from app.services.calls import Calls
from app.services.coded import load_coded, shown_entries
from app.services.coding import Coding
from app.services.division import answered
from app.services.drawing import Drawing, load_drawing
from app.services.material import Material, load_material
from app.services.privacy import Hidden
from app.services.runs import Runs
from app.services.statements import Statements
from app.services.store import Store
from app.services.windowing import Windowing, asks_a_model, judged
from app.services.words import CHARS_PER_TOKEN, Words, setting_of
from app.stages.checking import CHECK_STATEMENTS, CHECK_TOKENS, check_request
from app.stages.codebook import (
    ASSIGN_THEMES,
    DRAFT_CODEBOOK,
    ENTRY_TOKENS,
    FEWEST,
    MARGIN,
    PLACED_TOKENS,
    Draft,
    assign_request,
    draft_request,
)
from app.stages.forecast import GISTED, HOMELESS, Frame, grown_statements, usual_checks, usual_draft, usual_placing, usual_statements
from app.stages.sample import share
from app.stages.segment import segment
from app.stages.tokens import estimate_tokens, foreseen_of
from app.stages.wording import STATEMENT_TOKENS, WRITE_STAGE, StatementGroup

SAMPLE_CHARS = 50_000
"""Of the transcripts, to see how many tokens a character of their language is."""
MARKED_UP = 1.14
"""Quotes between marks and numbers are so much denser in tokens than speech."""
UNENCODED = Encoding(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float16))
DREW = frozenset({RunStatus.SUCCEEDED, RunStatus.PARTIAL})
TAG, DRAFT, ASSIGN, WRITE, CHECK = "tag", "draft", "assign", "write", "check"
QUOTE_MARKUP, GROUP_MARKUP = 17, 75
"""Characters around a quote and around a group in a request."""
TASKS = {TAG: "tag_quotes", DRAFT: DRAFT_CODEBOOK, ASSIGN: ASSIGN_THEMES, WRITE: WRITE_STAGE, CHECK: CHECK_STATEMENTS}


class Basis(StrEnum):
    """What a code book and statements are foretold by: the very requests, the study's last run, or what is usual."""

    REQUESTS = "requests"
    LAST_RUN = "last run"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class EstimatedPart:
    """A step of the pipeline; tokens out are an upper bound."""

    name: str
    calls: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take; without parts where no model is asked. `quotes` are those it would tag, `price` None without prices."""

    tagger: str
    model: str
    quotes: int
    parts: tuple[EstimatedPart, ...]
    basis: Basis
    price: float | None

    @property
    def calls(self) -> int:
        """Calls in all."""
        return sum(part.calls for part in self.parts)

    @property
    def tokens_in(self) -> int:
        """Tokens read in all."""
        return sum(part.tokens_in for part in self.parts)

    @property
    def tokens_out(self) -> int:
        """Tokens written in all, at most."""
        return sum(part.tokens_out for part in self.parts)


@dataclass(frozen=True)
class _Plan:
    """A run that was not begun, its quotes (those not cut yet cut in memory), and those that it would judge."""

    run: Run
    material: Material
    canonicals: Mapping[str, CanonicalTranscript]
    missing: Collection[str]
    hidden: Hidden
    rates: Mapping[str, float]

    tokens_per_char: float
    """Of quotes in their requests, estimated."""

    @property
    def chars(self) -> int:
        """Length of all quotes."""
        return _length(self.material.quotes)

    @property
    def new(self) -> float:
        """By length, the share of quotes that are to be judged."""
        waiting = [q for q in self.material.quotes if q.quote.id in self.missing]
        return _length(waiting) / max(1, self.chars)


class Estimates:
    """Foretells runs; no model is loaded for it, and nothing is stored."""

    def __init__(
        self, *, store: Store, runs: Runs, taggers: Mapping[str, Tagger], windowing: Windowing, words: Words | None, prices: Prices
    ) -> None:
        self._store = store
        self._runs = runs
        self._taggers = taggers
        self._windowing = windowing
        self._words = words
        self._prices = prices

    def of(
        self,
        study_id: str,
        tagger: TaggerKind = TaggerKind.AUTO,
        *,
        retag: bool = False,
        recode: bool = False,
        check: bool | None = None,
    ) -> Estimate:
        """What a run would take now; raises what starting it would.

        Tagging is cut into the windows that the run would ask for, without those whose replies are remembered. Code book and statements
        are known only where nothing is left to be tagged, and else foretold. Personal data that was not looked for yet stands for itself.
        """
        with self._store.read() as repo:
            run = self._runs.draft(repo, study_id, tagger, retag=retag, recode=recode, check=check)
            if not asks_a_model(run):
                return Estimate(run.tagger, run.model, 0, (), Basis.REQUESTS, None)
            plan = self._plan(repo, run)
            tagging, quotes = self._tagging(repo, plan)
            parts = {TAG: tagging}
            basis = Basis.REQUESTS
            if self._words is not None:
                parts[DRAFT], parts[ASSIGN] = self._coding(repo, plan, self._words)
                parts[WRITE], basis = self._wording(repo, plan, self._words)
                if run.inputs.check:
                    parts[CHECK] = self._checking(repo, plan, self._words, parts[WRITE], basis)
        told = tuple(EstimatedPart(name, f.calls, f.tokens_in, f.tokens_out) for name, f in parts.items())
        price = self._prices.of(sum(p.tokens_in for p in told), sum(p.tokens_out for p in told))
        return Estimate(run.tagger, run.model, quotes, told, basis, price)

    def _plan(self, repo: Repositories, run: Run) -> _Plan:
        material = load_material(repo, run, texts=False)
        uncut = [t for t in material.transcripts.values() if t.segmenter is None]
        canonicals = {t.id: repo.transcripts.canonical(t.id) for t in uncut}
        cut = [q for t in uncut for q in _cut(material, run, t.id, canonicals[t.id], t.language)]
        known = judged(repo, run, material.tags, material.sources)
        material = replace(material, quotes=(*material.quotes, *cut))
        missing = {q.quote.id for q in material.quotes} - set(known)
        hidden = self._windowing.hidden(repo, run, search=False)
        said = "\n".join(list(repo.transcripts.texts(material.transcripts).values()))[:SAMPLE_CHARS]
        dense = MARKED_UP * estimate_tokens(said) / max(1, len(said))
        return _Plan(run, material, canonicals, missing, hidden, repo.runs.tokens_per_character(run.model), dense)

    def _tagging(self, repo: Repositories, plan: _Plan) -> tuple[Foreseen, int]:
        """Cost of the windows that are to be tagged, and how many quotes they hold; of a hybrid run the part that its model is to tag."""
        tagger = self._taggers[plan.run.tagger]
        total, quotes = Foreseen(), 0
        for transcript_id, of_it in groupby(plan.material.quotes, key=lambda q: q.quote.transcript_id):
            if all(q.quote.id not in plan.missing for q in of_it):
                continue
            canonical = plan.canonicals.get(transcript_id)
            reading = self._windowing.read(repo, plan.run, plan.material, transcript_id, hidden=plan.hidden, canonical=canonical)
            for part in reading.parts:
                waiting = [q for q in part if q in plan.missing]
                if waiting:
                    total += tagger.foresee(reading.window(waiting, UNENCODED))
                    quotes += len(waiting)
        if plan.run.tagger == TaggerKind.HYBRID and quotes:
            room = share(len(plan.material.quotes)) - len(answered(repo, plan.run, plan.material))
            asked = min(quotes, max(room, 0))
            total, quotes = _part(total, asked / quotes), asked
        return _measured(total, plan.rates.get(TASKS[TAG])), quotes

    def _coding(self, repo: Repositories, plan: _Plan, words: Words) -> tuple[Foreseen, Foreseen]:
        """Drafting what is missing of the code book, and placing quotes in it; with nothing left to be tagged from the very requests."""
        coding = Coding(self._calls(words), self._windowing)
        coded = load_coded(repo, plan.run, plan.material if plan.missing else load_material(repo, plan.run))
        setting = setting_of(plan.material, plan.hidden)
        entries = shown_entries(coded.entries, plan.hidden)
        placing = self._frame(plan, words, ASSIGN, foreseen_of(assign_request(words.prompts, setting, entries, ())))
        waiting = coded.waiting
        if not plan.missing:
            drafting = coding.drafting(repo, plan.run, coded)
            if entries:
                asked = sum(map(words.model.foresee, coding.requests(repo, coded, plan.hidden)), Foreseen())
            else:
                drafted = [drafting.parts[n] for n in drafting.undrafted]
                chars = _length(plan.material.by_id[line.quote_id] for part in drafted for line in part)
                asked = usual_placing(sum(map(len, drafted)), chars, None, placing)
            return _measured(coding.foresee_drafts(drafting), plan.rates.get(TASKS[DRAFT])), asked
        new = [q for q in plan.material.quotes if q.quote.id in plan.missing]
        gists = GISTED * len(new) + len(waiting)
        length = GISTED * _length(new) + _length(plan.material.by_id[q] for q in waiting)
        empty = foreseen_of(draft_request(words.prompts, Draft(setting, _stages(plan), entries), ()))
        drafting_frame = self._frame(plan, words, DRAFT, empty)
        fresh = HOMELESS * gists if entries else gists
        drafted_gists = (fresh + len(coded.homeless) if entries else gists) if fresh >= FEWEST else 0
        return usual_draft(drafted_gists, drafting_frame), usual_placing(gists, length, len(entries) or None, placing)

    def _wording(self, repo: Repositories, plan: _Plan, words: Words) -> tuple[Foreseen, Basis]:
        """Statements, and what they were foretold by."""
        last = next((r for r in repo.runs.of_study(plan.run.study_id) if r.status in DREW), None)
        stage = plan.material.stages[0]
        frame = self._frame(plan, words, WRITE, words.empty_stage(plan.material, plan.hidden, stage))
        if last is None:
            return usual_statements(len(plan.material.quotes), plan.chars, len(plan.material.stages), frame), Basis.USUAL
        drawing = load_drawing(repo, last)
        stages_parts = [words.parts(drawing.material, plan.hidden, drawing.worded_slots(s.id)) for s in drawing.material.stages]
        if not plan.missing and not plan.run.inputs.recode and _same(plan.run, last):
            return self._asked_again(plan, words, drawing, stages_parts), Basis.REQUESTS
        shown = [[sum(_shown(group) for group in p) for p in parts] for parts in stages_parts]
        groups = sum(len(p) for parts in stages_parts for p in parts)
        growth = plan.chars / max(1, _length(drawing.material.quotes))
        return grown_statements(shown, groups, growth, frame), Basis.LAST_RUN

    def _checking(self, repo: Repositories, plan: _Plan, words: Words, written: Foreseen, basis: Basis) -> Foreseen:
        """A second look at the statements: at those there are, or where they are foretold, at as many as that."""
        if basis is Basis.REQUESTS:
            last = next(r for r in repo.runs.of_study(plan.run.study_id) if r.status in DREW)
            requests = Statements(self._calls(words), self._windowing).requests(repo, last, load_drawing(repo, last), plan.hidden)
            return _measured(sum(map(words.model.foresee, requests), Foreseen()), plan.rates.get(TASKS[CHECK]))
        write = self._frame(plan, words, WRITE, words.empty_stage(plan.material, plan.hidden, plan.material.stages[0]))
        empty = foreseen_of(check_request(words.prompts, setting_of(plan.material, plan.hidden), ()))
        return usual_checks(written, write, self._frame(plan, words, CHECK, empty))

    def _calls(self, words: Words) -> Calls:
        return Calls(self._store, self._taggers, words, Budget(self._store, None), self._prices)

    def _asked_again(self, plan: _Plan, words: Words, drawing: Drawing, stages: Sequence[Sequence[Sequence[StatementGroup]]]) -> Foreseen:
        """Wording a map once more as it was drawn last; remembered replies cost nothing."""
        asked = (
            words.foresee_stage(drawing.material, plan.hidden, stage, part)
            for stage, parts in zip(drawing.material.stages, stages, strict=True)
            for part in parts
        )
        return _measured(sum(asked, Foreseen()), plan.rates.get(TASKS[WRITE]))

    def _frame(self, plan: _Plan, words: Words, task: str, empty: Foreseen) -> Frame:
        """What requests of a task are like in this study and language, by this model's measure where there is one."""
        rate = plan.rates.get(TASKS[task])
        room = (words.context_tokens - empty.tokens_in) * CHARS_PER_TOKEN / MARGIN
        return Frame(
            empty=_measured(empty, rate),
            tokens_per_char=rate or plan.tokens_per_char,
            group_tokens={DRAFT: ENTRY_TOKENS, ASSIGN: PLACED_TOKENS, WRITE: STATEMENT_TOKENS, CHECK: CHECK_TOKENS}[task],
            room_chars=words.room_chars if task in {WRITE, CHECK} else max(1, round(room)),
        )


def _stages(plan: _Plan) -> tuple[tuple[str, str], ...]:
    return tuple((stage.key, stage.title) for stage in map(plan.hidden.stage, plan.material.stages))


def _cut(material: Material, run: Run, transcript_id: str, canonical: CanonicalTranscript, language: str) -> list[StoredQuote]:
    """The participants' quotes of a transcript that is not cut yet."""
    speakers = {s.name: s.id for s in material.transcripts[transcript_id].speakers}
    cut = segment(transcript_id, canonical, language).quotes
    stored = (StoredQuote(quote, n, speakers[quote.speaker], None, None) for n, quote in enumerate(cut))
    return [q for q in stored if run.inputs.roles.get(q.speaker_id) == Role.PARTICIPANT]


def _same(run: Run, last: Run) -> bool:
    """Whether a run would draw from what the last one drew from, by the same tagger."""
    return (run.tagger_key, set(run.inputs.transcript_ids), run.inputs.stage_ids, run.inputs.roles) == (
        last.tagger_key,
        set(last.inputs.transcript_ids),
        last.inputs.stage_ids,
        last.inputs.roles,
    )


def _measured(foreseen: Foreseen, rate: float | None) -> Foreseen:
    """Tokens in by what a character of this task has cost with this model before, where that is known."""
    return foreseen if rate is None else replace(foreseen, tokens_in=round(foreseen.characters * rate))


def _part(foreseen: Foreseen, share: float) -> Foreseen:
    return Foreseen(
        math.ceil(foreseen.calls * share),
        round(foreseen.tokens_in * share),
        math.ceil(foreseen.tokens_out * share),
        round(foreseen.characters * share),
    )


def _length(quotes: Iterable[StoredQuote]) -> int:
    return sum(q.quote.end - q.quote.start for q in quotes)


def _shown(group: StatementGroup) -> int:
    """Characters of a group as a request shows it, markup included."""
    return sum(len(quote.text) + QUOTE_MARKUP for quote in group.quotes) + GROUP_MARKUP
