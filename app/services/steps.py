"""The steps of the pipeline: load, call a pure stage or an adapter, save. Ids go in and out; every step may run twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import numpy as np

from app.db.repositories import Repositories
from app.domain.journey import Origin
from app.domain.review import Suggestion
from app.domain.runs import Gap, Prices, Run, RunStatus, TaggerKind
from app.domain.themes import Theme, match_groups, theme_id
from app.errors import BudgetSpent, ModelError, UsageError
from app.ports import Clusterer, Embedder, Foreseen, Tagger, Usage, Window, WindowTags
from app.services.budget import Budget
from app.services.division import Division
from app.services.drawing import Drawing, load_drawing, store_versions, themes_of
from app.services.material import TAG_FIELDS, Material, load_material, load_tags
from app.services.privacy import Hidden, Privacy
from app.services.store import Store, random_id
from app.services.windowing import Windowing, asks_a_model, judged, parts_of
from app.services.words import Words
from app.stages.cluster import cluster_features, label_theme
from app.stages.segment import segment
from app.stages.wording import Named, ThemeGroup, Worded

LLM = "llm"
TAG_QUOTES, NAME_THEME, WRITE_STAGE = "tag_quotes", "name_theme", "write_stage"
"""Tasks that a model is asked to do; each has its prompts."""
EMBED_BATCH = 512
"""Quotes worth a job of their own; padding to the encoder's fixed shapes costs less in larger batches."""

REDACT_WORDS = 20_000
"""Words of transcripts worth a job of their own: some seconds of searching."""


Answer = TypeVar("Answer")
LEFT_OUT = "the model left them out"
UNUSABLE_NAME = "the model's name cites none of the theme's quotes or is no label, so it was not used"


class _Worded(NamedTuple):
    """What a model words: the target of the suggestion, the step, the task."""

    target: str
    step: str
    task: str


_NAMES = _Worded("theme", "name", NAME_THEME)
_STATEMENTS = _Worded("statement", "write", WRITE_STAGE)


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
        self._clusterer = clusterer
        self._taggers = taggers
        self._privacy = privacy
        self._windowing = Windowing(privacy, embedder)
        self._division = Division(store, self._windowing, taggers)
        self._words = words
        self._prices = prices
        self._budget = Budget(store, token_budget)

    def start_run(self, run_id: str) -> None:
        """Say that the run is under way."""
        with self._store.write() as repo:
            repo.runs.set_status(run_id, RunStatus.RUNNING, self._store.now())

    def list_transcripts(self, run_id: str) -> list[str]:
        """Items `run/transcript` of the transcripts that are not cut into quotes yet."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            uncut = [t.id for t in repo.transcripts.of_study(run.study_id) if t.id in run.inputs.transcript_ids and not t.segmenter]
        return self._listed(run, "segment", [f"{run_id}/{transcript_id}" for transcript_id in uncut])

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
        return self._listed(run, "embed", items)

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
        return self._listed(run, "redact", [f"{run_id}/{first}-{last}" for first, last in batches])

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
            return self._listed(run, "tag", self._division.first(run_id))
        with self._store.read() as repo:
            material = load_material(repo, run, texts=False)
            known = judged(repo, run, material.tags, material.sources)
        items = []
        for transcript_id, quotes in groupby(material.quotes, key=lambda q: q.quote.transcript_id):
            for n, part in enumerate(parts_of(run, list(quotes))):
                if any(quote_id not in known for quote_id in part):
                    items.append(f"{run_id}/{transcript_id}/{n}")
        return self._listed(run, "tag", items)

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
        tagger = self._tagger(run)
        where = f"{reading.material.transcripts[transcript_id].file_name}, quotes {int(n) * run.inputs.window_size + 1} onwards"
        self._ask(
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
            self._spend(repo, run, TAG_QUOTES, answer.usage, answer.ungrounded)
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
            self._keep_gap(run, Gap(item, f"{transcript.file_name}, the quotes that no model was asked for", error.message, len(left)))
            return
        with self._store.write() as repo:
            repo.reviews.suggest(run.study_id, run.tagger_key, suggestions, self._store.now(), transcript_id)
            repo.runs.close_gap(run_id, item)
            repo.runs.done(run_id, "tag", item)

    def cluster_study(self, run_id: str) -> None:
        """Group quotes into themes; a group that continues an existing theme keeps its id and name."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            material = load_material(repo, run)
            placed = [q for q in material.quotes if q.quote.id in material.tags and material.tags[q.quote.id].stage in material.stage_ids]
            vectors = self._windowing.encoding(repo, placed).vectors
            existing = {t: ids & material.by_id.keys() for t, ids in repo.themes.latest_members(run.study_id).items()}
        self._listed(run, "cluster", [run_id])
        ids = [q.quote.id for q in placed]
        features = cluster_features(vectors, [material.tags[q].stage for q in ids])
        groups = self._clusterer.cluster(ids, features).groups
        matched = match_groups(existing, [frozenset(group) for group in groups])
        row = {quote_id: i for i, quote_id in enumerate(ids)}
        members: dict[str, dict[str, float]] = {}
        born: list[tuple[Theme, Sequence[str]]] = []
        for group, key in zip(groups, matched, strict=True):
            rows = [row[q] for q in group]
            if key is None:
                key = theme_id(run.study_id, group)  # noqa: PLW2901  # the group's id from here on
                inside = set(group)
                others = [material.text(q) for q in ids if q not in inside]
                name = label_theme([material.text(q) for q in group], others, exclude=material.names)
                born.append((Theme(key, name.label, origin=Origin.OFFLINE), name.keyphrases))
            members[key] = dict(zip(group, _closeness(vectors[rows]), strict=True))
        with self._store.write() as repo:
            version = repo.studies.bump_codebook(run.study_id) if born else run.inputs.codebook_version
            for theme, keyphrases in born:
                repo.themes.save(run.study_id, theme, keyphrases, version, self._store.now())
            repo.themes.set_members(run_id, members)
            repo.runs.done(run_id, "cluster", run_id)

    def list_unnamed_themes(self, run_id: str) -> list[str]:
        """Items `run/name/theme+theme…`: the themes that this run's model has not named, as many as one request names; none without one."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            repo.runs.close_gaps(run_id, f"{run_id}/name/")  # those of an earlier attempt, whose themes may be gone
        if not self._writes(run):
            return self._listed(run, "name", [])
        with self._store.read() as repo:
            present = {theme for theme, _ in repo.themes.members(run_id).values()}
            named = repo.reviews.suggestions(run.study_id, "theme", run.tagger_key).keys()
            parts = self._theme_parts(repo, run, sorted(present - named))[1]
        return self._listed(run, "name", [f"{run_id}/name/{'+'.join(group.key for group in part)}" for part in parts])

    def name_theme(self, item: str) -> None:
        """Have the model name some themes from their most central quotes; without an answer the offline label stays."""
        run_id, _, keys = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawn_from, parts = self._theme_parts(repo, run, keys.split("+"))
            labels = {key: repo.themes.get(key)[1].theme.label for key in keys.split("+")}
        themes = [group for part in parts for group in part]
        what = f"names of the themes {', '.join(f'“{label}”' for label in labels.values())}"
        words = self._required_words()
        self._ask(
            run,
            Gap(item, what, UNUSABLE_NAME),
            NAME_THEME,
            foresee=lambda: words.foresee_names(*drawn_from, themes),
            ask=lambda: words.name_themes(*drawn_from, themes),
            keep=lambda named: self._keep_names(run, item, labels, named),
        )

    def _keep_names(self, run: Run, item: str, labels: Mapping[str, str], named: Named) -> None:
        """Store themes' names; those of `labels` (by theme) that got none become a gap."""
        payloads = {
            key: {"label": name.label, "definition": name.definition, "use_when": name.use_when, "not_when": name.not_when}
            for key, name in named.themes.items()
        }
        self._keep_words(run, item, _NAMES, payloads, (named.usage, named.ungrounded))
        if unnamed := [f"“{label}”" for key, label in labels.items() if key not in payloads]:
            with self._store.write() as repo:
                repo.runs.add_gap(run.id, Gap(item, f"names of the themes {', '.join(unnamed)}", UNUSABLE_NAME))

    def list_stages(self, run_id: str) -> list[str]:
        """Items `run/stage/part` of the stages that have statements to be worded; none without a model."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawing = load_drawing(repo, run)
            hidden = self._windowing.hidden(repo, run)
        items = []
        if self._writes(run):
            for stage in drawing.material.stages:
                parts = self._required_words().parts(drawing.material, hidden, drawing.worded_slots(stage.id))
                items += [f"{run_id}/{stage.id}/{n}" for n in range(len(parts))]
        return self._listed(run, "write", items)

    def write_stage(self, item: str) -> None:
        """Have the model word a part of a stage's statements; what it does not word is worded from the quotes."""
        run_id, stage_id, n = item.split("/")
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
            drawing: Drawing = load_drawing(repo, run)
            hidden = self._windowing.hidden(repo, run)
        words = self._required_words()
        stage = next(s for s in drawing.material.stages if s.id == stage_id)
        parts = words.parts(drawing.material, hidden, drawing.worded_slots(stage_id))
        if int(n) >= len(parts):
            return
        part = parts[int(n)]
        self._ask(
            run,
            Gap(item, f"wording of the stage “{stage.title}”", LEFT_OUT),
            WRITE_STAGE,
            foresee=lambda: words.foresee_stage(drawing.material, hidden, stage, part),
            ask=lambda: words.write_stage(drawing.material, hidden, stage, part),
            keep=lambda worded: self._keep_statements(run, item, worded),
        )

    def _keep_statements(self, run: Run, item: str, worded: Worded) -> None:
        payloads = {slot: {"text": text, "quote_ids": list(ids)} for slot, (text, ids) in worded.statements.items()}
        self._keep_words(run, item, _STATEMENTS, payloads, (worded.usage, worded.ungrounded))

    def _ask(
        self, run: Run, gap: Gap, task: str, *, foresee: Callable[[], Foreseen], ask: Callable[[], Answer], keep: Callable[[Answer], None]
    ) -> None:
        """Ask within the budget and keep the answer, or the gap with the reason; a call counts as under way until its cost is stored."""
        try:
            with self._budget.admit(run, foresee):
                try:
                    answer = ask()
                except ModelError as error:
                    self._keep_gap(run, replace(gap, reason=error.message), task, error.spent)
                else:
                    keep(answer)
        except BudgetSpent as error:
            self._keep_gap(run, replace(gap, reason=error.message), task)

    def note_gaps(self, run_id: str, gaps: list[list[str]]) -> None:
        """Record what failed in a way no step foresaw."""
        with self._store.write() as repo:
            for item, reason in gaps:
                repo.runs.add_gap(run_id, Gap(item, "a part of the run", reason))

    def assemble_map(self, run_id: str) -> str:
        """Draw every map of the study anew; the id of the default map's new version."""
        with self._store.read() as repo:
            run = repo.runs.get(run_id)
        self._listed(run, "assemble", [run_id])
        with self._store.write() as repo:
            version_id = store_versions(repo, run, self._store.now())
            repo.runs.done(run_id, "assemble", run_id)
        return version_id

    def finish_run(self, run_id: str) -> None:
        """Say how the run ended."""
        with self._store.write() as repo:
            gaps = repo.runs.get(run_id).gaps
            repo.runs.set_status(run_id, RunStatus.PARTIAL if gaps else RunStatus.SUCCEEDED, self._store.now())
        self._division.forget(run_id)

    def _listed(self, run: Run, step: str, items: list[str]) -> list[str]:
        """Set a stage's total: what is still to do and what was done before."""
        with self._store.write() as repo:
            repo.runs.set_total(run.id, step, items)
        return items

    def _further(self, run: Run, items: list[str]) -> list[str]:
        """Count further items of tagging, beside the windows that were listed before them."""
        with self._store.read() as repo:
            before = self._division.chosen(repo.runs.bare(run.id))
        self._listed(run, "tag", [*before, *items])
        return items

    def _keep_gap(self, run: Run, gap: Gap, task: str = "", spent: object = None) -> None:
        """Record what could not be done, and what the answers that could not be used have cost."""
        with self._store.write() as repo:
            repo.runs.add_gap(run.id, gap)
            if isinstance(spent, Usage):
                self._spend(repo, run, task, spent)

    def _spend(self, repo: Repositories, run: Run, task: str, usage: Usage, ungrounded: int = 0) -> None:
        prompt = self._tagger(run).prompt if task == TAG_QUOTES else self._required_words().prompts.id(task)
        cost = self._prices.of(usage.tokens_in, usage.tokens_out)
        repo.runs.spend(run.id, random_id(), task, prompt, usage, cost=cost, ungrounded=ungrounded)

    def _keep_words(self, run: Run, item: str, kind: "_Worded", payloads: Mapping[str, Mapping[str, Any]], cost: tuple[Usage, int]) -> None:
        suggestions = [Suggestion(kind.target, t, run.id, LLM, run.model, run.prompt, 1.0, payload) for t, payload in payloads.items()]
        with self._store.write() as repo:
            repo.reviews.suggest(run.study_id, run.tagger_key, suggestions, self._store.now())
            self._spend(repo, run, kind.task, *cost)
            repo.runs.close_gap(run.id, item)
            repo.runs.done(run.id, kind.step, item)

    def _theme_parts(
        self, repo: Repositories, run: Run, keys: Sequence[str]
    ) -> tuple[tuple[Material, Hidden], list[tuple[ThemeGroup, ...]]]:
        """What these themes of a run are named from, and the requests that name them."""
        material = load_material(repo, run)
        hidden = self._windowing.hidden(repo, run)
        return (material, hidden), self._required_words().theme_parts(material, hidden, themes_of(repo, run, keys))

    def _tagger(self, run: Run) -> Tagger:
        """What judges a run's windows; of a hybrid run the language model."""
        tagger = self._taggers.get(LLM if run.tagger == TaggerKind.HYBRID else run.tagger)
        if tagger is None:
            raise UsageError("this run needs a language model: set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, then resume it")
        return tagger

    def _writes(self, run: Run) -> bool:
        return asks_a_model(run) and self._words is not None

    def _required_words(self) -> Words:
        if self._words is None:
            raise ModelError("no language model is configured; set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, then resume")
        return self._words


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


def _closeness(vectors: np.ndarray) -> list[float]:
    """Cosine of each row to the rows' centre."""
    centre = vectors.mean(axis=0)
    centre /= np.linalg.norm(centre) or 1.0
    return [round(float(v), 4) for v in vectors @ centre]
