"""The steps of the pipeline: load, call a pure stage or an adapter, save. Ids go in and out; every step may run twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from app.domain.review import Suggestion
from app.domain.runs import Gap, Prices, Run, RunStatus, TaggerKind
from app.errors import ModelError
from app.ports import Clusterer, Embedder, Tagger, Window, WindowTags
from app.services.budget import Budget
from app.services.calls import LEFT_OUT, TAG_QUOTES, Calls
from app.services.coding import Coding
from app.services.division import Division
from app.services.drawing import store_versions
from app.services.grouping import Grouping
from app.services.material import TAG_FIELDS, Material, load_material, load_tags
from app.services.privacy import Privacy
from app.services.statements import Statements
from app.services.store import Store
from app.services.theming import Theming
from app.services.windowing import Windowing, asks_a_model, judged, parts_of
from app.services.words import Words
from app.stages.segment import segment

EMBED_BATCH = 512
"""Quotes worth a job of their own; padding to the encoder's fixed shapes costs less in larger batches."""

REDACT_WORDS = 20_000
"""Words of transcripts worth a job of their own: some seconds of searching."""


class Steps:
    """The pipeline's steps with what they work on."""

    def __init__(  # the collaborators of a whole pipeline
        self,
        *,
        store: Store,
        embedder: Embedder,
        clusterer: Clusterer,
        taggers: Mapping[str, Tagger],
        privacy: Privacy,
        words: Words | None,
        token_budget: int | None = None,
        prices: Prices = Prices(),  # noqa: B008 - frozen
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._privacy = privacy
        self._windowing = Windowing(privacy, embedder)
        self._theming = Theming(store, clusterer, Grouping(store, embedder))
        self._division = Division(store, self._windowing, taggers)
        self._calls = Calls(store, taggers, words, Budget(store, token_budget), prices)
        self._coding = Coding(self._calls, self._windowing)
        self._statements = Statements(self._calls, self._windowing)

    def start_run(self, run_id: str) -> None:
        """Say that the run is under way."""
        with self._store.write() as repo:
            repo.runs.set_status(run_id, RunStatus.RUNNING, self._store.now())

    def list_transcripts(self, run_id: str) -> list[str]:
        """Items `run/transcript` of the transcripts that are not cut into quotes yet."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            uncut = [t.id for t in repo.transcripts.of_study(run.study_id) if t.id in run.inputs.transcript_ids and not t.segmenter]
        return self._calls.listed(run, "segment", [f"{run_id}/{transcript_id}" for transcript_id in uncut])

    def segment_transcript(self, item: str) -> None:
        """Cut one transcript into quotes, once and for all; one that was erased meanwhile is passed by."""
        run_id, transcript_id = item.split("/")
        with self._store.read() as repo:
            if repo.transcripts.find(transcript_id) is None:
                return
            language = repo.transcripts.get(transcript_id).language
            canonical = repo.transcripts.canonical(transcript_id)
        cut = segment(transcript_id, canonical, language)
        with self._store.write() as repo:
            if repo.transcripts.find(transcript_id) is not None:
                repo.transcripts.store_segmentation(transcript_id, canonical, cut)
            repo.runs.done(run_id, "segment", item)

    def list_unembedded(self, run_id: str) -> list[str]:
        """Items `run/first-last` of the batches with quotes that have no vector: places among the run's transcripts, so none can shift."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            batches = _embed_batches(run, load_material(repo, run, texts=False))
            known = repo.cache.known_vectors([h for batch in batches.values() for h in batch], self._embedder.name)
        items = [f"{run_id}/{first}-{last}" for (first, last), batch in batches.items() if not known.issuperset(batch)]
        return self._calls.listed(run, "embed", items)

    def embed_batch(self, item: str) -> None:
        """Encode the quotes of one batch that have no vector."""
        run_id, _, places = item.partition("/")
        first, last = map(int, places.split("-"))
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            material = load_material(repo, run, run.inputs.transcript_ids[first : last + 1])
            batch = {q.quote.sha256: q.quote.id for q in material.quotes}
            missing = sorted(batch.keys() - repo.cache.known_vectors(list(batch), self._embedder.name))
            quotes = {h: material.text(batch[h]) for h in missing}
        encoding = self._embedder.encode([quotes[h] for h in missing]) if missing else None
        with self._store.write() as repo:
            if encoding is not None:
                repo.cache.store_vectors(missing, self._embedder.name, encoding)
            repo.runs.done(run_id, "embed", item)

    def list_unredacted(self, run_id: str) -> list[str]:
        """Items `run/first-last` of the batches with transcripts that were not searched for personal data, by their places in the run.

        None where no model will read them, or where their owner lets it read them as spoken.
        """
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            waits = asks_a_model(run) and repo.studies.get(run.study_id).redact
            unsearched = set(self._privacy.unsearched(repo, run.study_id)) if waits else set()
            words = {t.id: t.words for t in repo.transcripts.of_study(run.study_id)}
        batches = _redact_batches([words.get(t, 0) if t in unsearched else None for t in run.inputs.transcript_ids])
        return self._calls.listed(run, "redact", [f"{run_id}/{first}-{last}" for first, last in batches])

    def redact_batch(self, item: str) -> None:
        """Find personal data in the transcripts of one batch and keep where it stands; the texts stay as they are."""
        run_id, _, places = item.partition("/")
        first, last = map(int, places.split("-"))
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            unsearched = set(self._privacy.unsearched(repo, run.study_id))
        for transcript_id in run.inputs.transcript_ids[first : last + 1]:
            if transcript_id in unsearched:
                self._privacy.search(transcript_id)
        with self._store.write() as repo:
            repo.runs.close_gap(run_id, item)
            repo.runs.done(run_id, "redact", item)

    def list_untagged_windows(self, run_id: str) -> list[str]:
        """Items `run/transcript/n` of the windows in which this run's tagger has not judged every quote.

        With `retag` only what this very run judged counts; what people decided stays on top of it either way. A hybrid run lists those
        only that its language model is to tag first.
        """
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
        if run.tagger == TaggerKind.HYBRID:
            return self._calls.listed(run, "tag", self._division.first(run_id))
        with self._store.read() as repo:
            material = load_material(repo, run, texts=False)
            known = judged(repo, run, material.tags, material.sources)
        items = []
        for transcript_id, quotes in groupby(material.quotes, key=lambda q: q.quote.transcript_id):
            for n, part in enumerate(parts_of(run, list(quotes))):
                if any(quote_id not in known for quote_id in part):
                    items.append(f"{run_id}/{transcript_id}/{n}")
        return self._calls.listed(run, "tag", items)

    def tag_window(self, item: str) -> None:
        """Tag the quotes of one window that are not tagged yet; what is left without tags becomes a named gap."""
        run_id, transcript_id, n = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.bare(run_id)
            reading = self._windowing.of(repo, run, transcript_id)
            if reading is None:  # erased meanwhile
                return
            part = reading.parts[int(n)]
            known = judged(repo, run, *load_tags(repo, run, part, reading.material.stages))
            missing = [q for q in part if q not in known]
            if not missing:
                return
            window = reading.window(missing, self._windowing.encoding(repo, [reading.material.by_id[q] for q in missing]))
        tagger = self._calls.tagger(run)
        where = f"{reading.material.transcripts[transcript_id].file_name}, quotes {int(n) * run.inputs.window_size + 1} onwards"
        self._calls.ask(
            run,
            Gap(item, where, LEFT_OUT, len(missing)),
            TAG_QUOTES,
            foresee=lambda: tagger.foresee(window),
            ask=lambda: tagger.tag(window),
            keep=lambda answer: self._keep_tags(run, Gap(item, where, LEFT_OUT), tagger, window, answer),
        )

    def _keep_tags(self, run: Run, gap: Gap, tagger: Tagger, window: Window, answer: WindowTags) -> None:
        """Store a window's tags; what is left without them becomes the gap."""
        missing = [q.quote_id for q in window.quotes]
        answered = {missing[number - 1]: tags for number, tags in answer.tags.items()}
        suggestions = [
            Suggestion(
                "quote",
                q,
                run.id,
                tagger.source,
                tagger.model,
                tagger.prompt,
                tags.confidence,
                {name: getattr(tags, name) for name in TAG_FIELDS},
            )
            for q, tags in answered.items()
        ]
        with self._store.write() as repo:
            repo.reviews.suggest(run.study_id, run.tagger_key, suggestions, self._store.now(), window.transcript_id)
            self._calls.spend(repo, run, TAG_QUOTES, answer.usage, answer.ungrounded)
            if left := len(missing) - len(answered):
                repo.runs.add_gap(run.id, replace(gap, reason=answer.reason or gap.reason, quotes=left))
            else:
                repo.runs.close_gap(run.id, gap.item)
                repo.runs.done(run.id, "tag", gap.item)

    def list_unsure_windows(self, run_id: str) -> list[str]:
        """Items `run/transcript/n` of further windows for a hybrid run's model: those of which the heads it taught are least sure."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
        return self._further(run, self._division.second(run_id)) if run.tagger == TaggerKind.HYBRID else []

    def list_rest(self, run_id: str) -> list[str]:
        """Items `run/transcript` of the transcripts in which a hybrid run leaves quotes to the heads that its model taught."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            for transcript_id in run.inputs.transcript_ids:
                repo.runs.close_gap(run_id, f"{run_id}/{transcript_id}")  # of an earlier attempt; what is still so is said again
        return self._further(run, self._division.rest(run_id)) if run.tagger == TaggerKind.HYBRID else []

    def tag_rest(self, item: str) -> None:
        """Have the heads tag what is left to them in one transcript; where they could learn nothing it is a named gap."""
        run_id, transcript_id = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.bare(run_id)
            transcript = repo.transcripts.get(transcript_id) if repo.transcripts.there(transcript_id) else None
        left = self._division.left(run, transcript_id)
        if transcript is None or not left:
            return
        try:
            suggestions = self._division.judge(run, transcript_id, left)
        except ModelError as error:
            self._calls.keep_gap(
                run, Gap(item, f"{transcript.file_name}, the quotes that no model was asked for", error.message, len(left))
            )
            return
        with self._store.write() as repo:
            repo.reviews.suggest(run.study_id, run.tagger_key, suggestions, self._store.now(), transcript_id)
            repo.runs.close_gap(run_id, item)
            repo.runs.done(run_id, "tag", item)

    def cluster_study(self, run_id: str) -> None:
        """Place quotes in themes as far as that goes without a model."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
        self._calls.listed(run, "cluster", [run_id])
        self._theming.cluster(run_id)

    def settle_themes(self, run_id: str) -> None:
        """Place quotes for good, now that the model, if there is one, has had its say."""
        self._theming.settle(run_id)

    def list_unassigned(self, run_id: str) -> list[str]:
        """Items `run/assign/first+last` of the batches of quotes that the model is to place in the code book; none without one."""
        return self._coding.list_unassigned(run_id)

    def assign_quotes(self, item: str) -> None:
        """Have the model place a batch of quotes; without an answer they stay where code puts them."""
        self._coding.assign_quotes(item)

    def list_undrafted(self, run_id: str) -> list[str]:
        """Items `run/draft/n` of the parts of the gists that no entry of the code book holds; none without a model."""
        return self._coding.list_undrafted(run_id)

    def draft_codebook(self, item: str) -> None:
        """Have the model draft entries from a part of the gists; without an answer the offline labels stay."""
        self._coding.draft_codebook(item)

    def list_unmerged(self, run_id: str) -> list[str]:
        """The item `run/draft/merge` where a code book was drafted in parts."""
        return self._coding.list_unmerged(run_id)

    def merge_drafts(self, item: str) -> None:
        """Have the model make one code book of its parts."""
        self._coding.merge_drafts(item)

    def open_codebook(self, run_id: str) -> None:
        """Put what was drafted into the study's code book."""
        self._coding.open_codebook(run_id)

    def list_stages(self, run_id: str) -> list[str]:
        """Items `run/stage/part` of the stages that have statements to be worded; none without a model."""
        return self._statements.list_stages(run_id)

    def write_stage(self, item: str) -> None:
        """Have the model word a part of a stage's statements; what it does not word as it should is worded from the quotes."""
        self._statements.write_stage(item)

    def list_unchecked(self, run_id: str) -> list[str]:
        """Items `run/check/first+last` of the batches of statements that the model is to look at again; none where that is not wanted."""
        return self._statements.list_unchecked(run_id)

    def check_statements(self, item: str) -> None:
        """Have the model say of a batch of statements whether the quotes that they cite bear them out."""
        self._statements.check_statements(item)

    def note_gaps(self, run_id: str, gaps: list[list[str]]) -> None:
        """Record what failed in a way no step foresaw."""
        with self._store.write() as repo:
            for item, reason in gaps:
                repo.runs.add_gap(run_id, Gap(item, "a part of the run", reason))

    def assemble_map(self, run_id: str) -> str:
        """Draw every map of the study anew; the id of the default map's new version."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
        self._calls.listed(run, "assemble", [run_id])
        with self._store.write() as repo:
            version_id = store_versions(repo, run, self._store.now())
            repo.runs.done(run_id, "assemble", run_id)
        return version_id

    def finish_run(self, run_id: str) -> None:
        """Say how the run ended."""
        with self._store.write() as repo:
            gaps = repo.runs.get(run_id).gaps
            repo.runs.set_status(run_id, RunStatus.PARTIAL if gaps else RunStatus.SUCCEEDED, self._store.now())
        self._store.db.take_stock()
        self._division.forget(run_id)

    def _further(self, run: Run, items: list[str]) -> list[str]:
        """Count further items of tagging, beside the windows that were listed before them."""
        with self._store.read() as repo:
            before = self._division.chosen(repo.runs.bare(run.id))
        self._calls.listed(run, "tag", [*before, *items])
        return items


def _embed_batches(run: Run, material: Material) -> dict[tuple[int, int], dict[str, str]]:
    """Whole transcripts together until there are enough quotes for a batch: a quote id by hash of its words, by first and last place."""
    by_transcript = {t: list(quotes) for t, quotes in groupby(material.quotes, key=lambda q: q.quote.transcript_id)}
    batches: dict[tuple[int, int], dict[str, str]] = {}
    first = 0
    batch: dict[str, str] = {}
    for place, transcript_id in enumerate(run.inputs.transcript_ids):
        batch |= {q.quote.sha256: q.quote.id for q in by_transcript.get(transcript_id, ())}
        if len(batch) >= EMBED_BATCH or (batch and place == len(run.inputs.transcript_ids) - 1):
            batches[first, place] = batch
            first, batch = place + 1, {}
    return batches


def _redact_batches(words: Sequence[int | None]) -> list[tuple[int, int]]:
    """First and last place of each batch of transcripts, given the words of those that wait; None for those that do not."""
    batches: list[tuple[int, int]] = []
    room = 0
    for place, count in enumerate(words):
        if count is None:
            continue
        if room > 0:
            batches[-1] = (batches[-1][0], place)
        else:
            batches.append((place, place))
            room = REDACT_WORDS
        room -= max(count, 1)
    return batches
