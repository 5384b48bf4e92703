"""Coding with a model: gists are drafted into a code book, every quote is placed in one of its entries or left unplaced.

Each step may run twice: what was answered is kept as suggestions, and nothing is asked for that has an answer. What people decided is
never asked about.
"""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.db.repositories import Repositories
from app.domain.review import Suggestion
from app.domain.runs import Gap, Run
from app.domain.themes import DRAFT, PLACED, PLACEMENT, Theme, drafted_id
from app.ports import Foreseen, ModelRequest
from app.services.calls import LEFT_OUT, LLM, Calls
from app.services.coded import (
    MERGE,
    VERSION,
    Coded,
    Drafting,
    gist_lines,
    load_coded,
    new_themes,
    placed_quotes,
    shown_entries,
    transcripts_of,
)
from app.services.material import Material, load_material
from app.services.privacy import Hidden
from app.services.windowing import Windowing
from app.services.words import setting_of
from app.stages.codebook import (
    ASSIGN_THEMES,
    DRAFT_CODEBOOK,
    FEWEST,
    LARGE_BOOK,
    Assigned,
    Draft,
    Drafted,
    GistLine,
    PlacedQuote,
    assign_request,
    batch_size,
    draft_parts,
    draft_request,
    entry_order,
    merge_request,
    parse_assignments,
    parse_draft,
    parse_merged,
)

DRAFT_STEP, ASSIGN_STEP = "draft", "assign"
UNUSABLE = "nothing in the model's reply names any quote that it was shown, so its code book was not used"
MEMBERS = 20
"""Quotes whose mean vector stands for an entry when a large code book is put in order."""
CHARS_A_TOKEN = 4.0


class Coding:
    """The pipeline's steps that draft a code book and place quotes in it."""

    def __init__(self, calls: Calls, windowing: Windowing) -> None:
        self._calls = calls
        self._store = calls.store
        self._windowing = windowing

    def list_unassigned(self, run_id: str) -> list[str]:
        """Items `run/assign/first+last` of the batches with quotes that are to be placed in entries that stand: ids of quotes."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            repo.runs.close_gaps(run_id, f"{run_id}/{ASSIGN_STEP}/")  # what is still missing is listed again
        if not self._calls.writes(run):
            return self._calls.listed(run, ASSIGN_STEP, [])
        with self._store.read() as repo:
            coded = load_coded(repo, run, load_material(repo, run, texts=False))
            hidden = self._windowing.hidden(repo, run)
        batches = self.batches(coded, hidden) if coded.waiting else []
        return self._calls.listed(run, ASSIGN_STEP, [f"{run_id}/{ASSIGN_STEP}/{batch[0]}+{batch[-1]}" for batch in batches])

    def batches(self, coded: Coded, hidden: Hidden) -> list[list[str]]:
        """Quotes that wait, cut into requests that fit the model."""
        words, waiting = self._calls.required_words(), coded.waiting
        quotes = (coded.material.by_id[q].quote for q in waiting)
        usual = sum(q.end - q.start for q in quotes) / len(waiting) / CHARS_A_TOKEN
        entries = shown_entries(coded.entries, hidden)
        size = batch_size(words.prompts, setting_of(coded.material, hidden), entries, words.context_tokens, usual)
        return [waiting[i : i + size] for i in range(0, len(waiting), size)]

    def assign_quotes(self, item: str) -> None:
        """Have the model place the quotes of one batch that have no answer yet; what it leaves out becomes a named gap."""
        run_id, _, places = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.bare(run_id)
            material = _material_between(repo, run, *places.split("+"))
            if material is None:
                return
            coded = load_coded(repo, run, material)
            waiting = _between(coded.waiting, material, *places.split("+"))
            if not waiting:
                return
            hidden = self._windowing.hidden(repo, run)
            entries = self._in_order(repo, coded, waiting, hidden)
        words = self._calls.required_words()
        quotes = placed_quotes(material, waiting, hidden)
        request = self._request(coded, entries, quotes, hidden)

        def ask() -> Assigned:
            reply = words.model.ask(request)
            read = parse_assignments(reply.value, quotes, entries)
            return Assigned(read.themes, read.ungrounded, reply.usage)

        self._calls.ask(
            run,
            Gap(item, f"themes of {len(waiting)} quotes", LEFT_OUT),
            ASSIGN_THEMES,
            foresee=lambda: words.model.foresee(request),
            ask=ask,
            keep=lambda answer: self._keep_placements(run, item, coded, waiting, answer),
        )

    def requests(self, repo: Repositories, coded: Coded, hidden: Hidden) -> list[ModelRequest]:
        """What would be sent to place the quotes that wait."""
        return [
            self._request(coded, self._in_order(repo, coded, batch, hidden), placed_quotes(coded.material, batch, hidden), hidden)
            for batch in (self.batches(coded, hidden) if coded.waiting else [])
        ]

    def _request(self, coded: Coded, entries: Sequence[Theme], quotes: Sequence[PlacedQuote], hidden: Hidden) -> ModelRequest:
        material = coded.material
        transcripts = transcripts_of(material, [quote.quote_id for quote in quotes])
        return assign_request(self._calls.required_words().prompts, setting_of(material, hidden), entries, quotes, transcripts)

    def _keep_placements(self, run: Run, item: str, coded: Coded, waiting: Sequence[str], answer: Assigned) -> None:
        prompt = self._calls.required_words().prompts.id(ASSIGN_THEMES)
        version = coded.book.version
        said = [
            Suggestion(PLACEMENT, q, run.id, LLM, run.model, prompt, 1.0, {PLACED: answer.themes[q], VERSION: version})
            for q in waiting
            if q in answer.themes
        ]
        by_id = coded.material.by_id
        with self._store.write() as repo:
            for transcript_id, of_it in groupby(said, key=lambda s: by_id[s.target_id].quote.transcript_id):
                if repo.transcripts.there(transcript_id):
                    repo.reviews.suggest(run.study_id, run.tagger_key, list(of_it), self._store.now(), transcript_id, anew=True)
            self._calls.spend(repo, run, ASSIGN_THEMES, answer.usage, answer.ungrounded)
            if left := len(waiting) - len(said):
                repo.runs.add_gap(run.id, Gap(item, f"themes of {left} quotes", LEFT_OUT))
            else:
                repo.runs.close_gap(run.id, item)
                repo.runs.done(run.id, ASSIGN_STEP, item)

    def list_undrafted(self, run_id: str) -> list[str]:
        """Items `run/draft/n` of the parts of the gists that no entry holds; none where all of them were shown to a draft before."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            repo.runs.close_gaps(run_id, f"{run_id}/{DRAFT_STEP}/")  # what is still missing is listed again
        if not self._calls.writes(run):
            return self._calls.listed(run, DRAFT_STEP, [])
        with self._store.read() as repo:
            drafting = self.drafting(repo, run, load_coded(repo, run, load_material(repo, run)))
        return self._calls.listed(run, DRAFT_STEP, [f"{run_id}/{DRAFT_STEP}/{n}" for n in drafting.undrafted])

    def drafting(self, repo: Repositories, run: Run, coded: Coded) -> Drafting:
        """What a draft is made from, now."""
        words = self._calls.required_words()
        hidden = self._windowing.hidden(repo, run)
        placed = repo.themes.placements(run.id)
        lines = gist_lines(coded.material, coded.homeless, hidden, {q: placed[q].theme_id for q in placed})
        stages = tuple((stage.key, stage.title) for stage in map(hidden.stage, coded.material.stages))
        draft = Draft(setting_of(coded.material, hidden), stages, shown_entries(coded.entries, hidden))
        parts = draft_parts(words.prompts, draft, lines, words.context_tokens) if len(lines) >= FEWEST else ()
        return Drafting(run, coded, draft, parts, repo.reviews.suggestions(run.study_id, DRAFT, run.tagger_key))

    def draft_codebook(self, item: str) -> None:
        """Have the model draft entries from one part of the gists."""
        run_id, _, n = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drafting = self.drafting(repo, run, load_coded(repo, run, load_material(repo, run)))
        if int(n) >= len(drafting.parts) or not drafting.fresh[int(n)]:
            return
        part = drafting.parts[int(n)]
        quote_ids = [line.quote_id for line in part]
        request = self._draft_request(drafting, part)
        what = "the code book" if len(drafting.parts) == 1 else f"the code book, part {int(n) + 1} of {len(drafting.parts)}"
        self._ask_draft(run, Gap(item, what, UNUSABLE), request, drafting.id_of(part), quote_ids, lambda value: parse_draft(value, part))

    def _draft_request(self, drafting: Drafting, part: Sequence[GistLine]) -> ModelRequest:
        transcripts = transcripts_of(drafting.material, [line.quote_id for line in part])
        return draft_request(self._calls.required_words().prompts, drafting.draft, part, transcripts)

    def foresee_drafts(self, drafting: Drafting) -> Foreseen:
        """What drafting will cost; of several parts, without making them into one."""
        model = self._calls.required_words().model
        return sum((model.foresee(self._draft_request(drafting, drafting.parts[n])) for n in drafting.undrafted), Foreseen())

    def list_unmerged(self, run_id: str) -> list[str]:
        """The item `run/draft/merge` where a code book was drafted in parts that are not made into one yet."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            if not self._calls.writes(run):
                return []
            drafting = self.drafting(repo, run, load_coded(repo, run, load_material(repo, run)))
        open_parts = [f"{run_id}/{DRAFT_STEP}/{n}" for n in range(len(drafting.parts))]
        merge = [f"{run_id}/{DRAFT_STEP}/{MERGE}"] if drafting.unmerged else []
        if merge:
            self._calls.listed(run, DRAFT_STEP, [*open_parts, *merge])
        return merge

    def merge_drafts(self, item: str) -> None:
        """Have the model make one code book of those that were drafted from parts."""
        run_id = item.split("/", maxsplit=1)[0]
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drafting = self.drafting(repo, run, load_coded(repo, run, load_material(repo, run)))
        if not drafting.unmerged:
            return
        words, drafts = self._calls.required_words(), drafting.drafts
        shown = [line.quote_id for part in drafting.parts for line in part]
        transcripts = transcripts_of(drafting.material, shown)
        request = merge_request(words.prompts, drafting.draft, drafts, len(shown), words.context_tokens, transcripts)

        def read(value: Any) -> Drafted:
            merged = parse_merged(value, drafts)
            taken = {q for entry in merged.entries for q in entry.quote_ids}
            left = [entry for entries in drafts for entry in entries if taken.isdisjoint(entry.quote_ids)]
            return Drafted((*merged.entries, *left) if merged.entries else (), merged.ungrounded)

        self._ask_draft(run, Gap(item, "the code book, its parts made into one", UNUSABLE), request, drafting.merge_id, [], read)

    def _ask_draft(self, run: Run, gap: Gap, request: ModelRequest, draft_id: str, quote_ids: Sequence[str], read: Any) -> None:
        words = self._calls.required_words()

        def ask() -> Drafted:
            reply = words.model.ask(request)
            drafted: Drafted = read(reply.value)
            return Drafted(drafted.entries, drafted.ungrounded, reply.usage)

        def keep(answer: Drafted) -> None:
            payload = {"quotes": list(quote_ids), "entries": [asdict(entry) for entry in answer.entries]}
            said = Suggestion(DRAFT, draft_id, run.id, LLM, run.model, words.prompts.id(DRAFT_CODEBOOK), 1.0, payload)
            with self._store.write() as repo:
                self._calls.spend(repo, run, DRAFT_CODEBOOK, answer.usage, answer.ungrounded)
                if not answer.entries and (answer.ungrounded or not quote_ids):  # of parts that hold entries something must come
                    repo.runs.add_gap(run.id, gap)
                    return
                if all(map(repo.transcripts.there, request.transcript_ids)):  # else erased while the model was thinking
                    repo.reviews.suggest(run.study_id, run.tagger_key, [said], self._store.now())
                repo.runs.close_gap(run.id, gap.item)
                repo.runs.done(run.id, DRAFT_STEP, gap.item)

        self._calls.ask(run, gap, DRAFT_CODEBOOK, foresee=lambda: words.model.foresee(request), ask=ask, keep=keep)

    def open_codebook(self, run_id: str) -> None:
        """Put what was drafted into the study's code book, as a new version of it."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            if not self._calls.writes(run):
                return
            coded = load_coded(repo, run, load_material(repo, run))
            drafting = self.drafting(repo, run, coded)
        themes = new_themes(coded, drafting.result)
        if not themes:
            return
        with self._store.write() as repo:
            repo.themes.add(run.study_id, themes, repo.studies.bump_codebook(run.study_id), self._store.now())

    def _in_order(self, repo: Repositories, coded: Coded, waiting: Sequence[str], hidden: Hidden) -> tuple[Theme, ...]:
        """Entries as a request shows them to place these quotes."""
        shown = shown_entries(coded.entries, hidden)
        if len(shown) <= LARGE_BOOK:
            return entry_order(shown, {}, None)
        by_id = coded.material.by_id
        batch = self._windowing.encoding(repo, [by_id[q] for q in waiting]).vectors.mean(axis=0)
        return entry_order(shown, self._vectors(repo, coded), batch)

    def _vectors(self, repo: Repositories, coded: Coded) -> dict[str, NDArray[np.float32]]:
        """A vector of each entry: the mean of quotes that it was drafted from or that were placed in it."""
        run = coded.run
        members: dict[str, list[str]] = {}
        for draft in repo.reviews.suggestions(run.study_id, DRAFT, run.tagger_key).values():
            for entry in draft.payload["entries"]:
                members.setdefault(drafted_id(run.study_id, tuple(entry["quote_ids"])), []).extend(entry["quote_ids"])
        for quote_id, said in sorted(repo.reviews.suggestions(run.study_id, PLACEMENT, run.tagger_key).items()):
            if (theme := said.payload[PLACED]) and len(members.setdefault(theme, [])) < MEMBERS:
                members[theme].append(quote_id)
        quotes = repo.transcripts.quotes_by_id([q for ids in members.values() for q in ids])
        return {
            theme: self._windowing.encoding(repo, there).vectors.mean(axis=0)
            for theme, ids in members.items()
            if (there := [quotes[q] for q in ids if q in quotes])
        }


def _material_between(repo: Repositories, run: Run, first: str, last: str) -> Material | None:
    """What stands in the transcripts from one quote's to another's; None where either was erased meanwhile."""
    ends = repo.transcripts.quotes_by_id([first, last])
    if first not in ends or last not in ends:
        return None
    low, high = ends[first].quote.transcript_id, ends[last].quote.transcript_id
    return load_material(repo, run, [t for t in run.inputs.transcript_ids if low <= t <= high])


def _between(quote_ids: Sequence[str], material: Material, first: str, last: str) -> list[str]:
    """Of quotes those from one to another, in transcript order."""
    place = {q.quote.id: n for n, q in enumerate(material.quotes)}
    return [q for q in quote_ids if place[first] <= place[q] <= place[last]]
