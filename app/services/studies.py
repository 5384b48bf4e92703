"""Studies: make, list, restate, erase; their stages."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.db.repositories import Repositories
from app.domain.identity import derive_id
from app.domain.runs import Run
from app.domain.stages import TEMPLATES, Stage, stage_id, stages_from
from app.domain.study import Study, StudyCounts, Transcript
from app.domain.tags import DEFAULT_STAGE_KEYS, NO_STAGE
from app.errors import InvalidInput
from app.services.ingest import remove_transcript
from app.services.store import Store, random_id

MAX_STAGES = 40


@dataclass(frozen=True, slots=True)
class StudyOverview:
    """A study as lists show it."""

    study: Study
    counts: StudyCounts
    latest_run: Run | None
    map_id: str | None


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage as a person edits it; `id` is None for a new one."""

    id: str | None
    title: str
    definition: str = ""
    base: tuple[str, ...] = ()


class Studies:
    """Use cases around a study."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(
        self,
        name: str,
        *,
        question: str | None = None,
        product: str | None = None,
        template: str = "customer-experience",
        key: str | None = None,
    ) -> Study:
        """A new study with the stages of a template; with a `key` its id follows from it, and an existing one is returned."""
        name = name.strip()
        if not name:
            raise InvalidInput("a study needs a name")
        if template not in TEMPLATES:
            raise InvalidInput(f"there is no template “{template}”; choose one of {', '.join(TEMPLATES)}")
        study_id = key_id(key) if key else random_id()
        with self._store.write() as repo:
            repo.studies.ensure_workspace(self._store.now())
            known = repo.studies.find(study_id)
            if known:
                return known
            study = Study(study_id, key or study_id, name, question or None, product or None, template, 0, self._store.now())
            repo.studies.add(study)
            repo.studies.set_stages(study_id, stages_from(TEMPLATES[template], study_id))
        return study

    def overview(self, study_id: str) -> StudyOverview:
        """One study; raises `NotFound`."""
        with self._store.read() as repo:
            study = repo.studies.get(study_id)
            return self._overviews(repo, [study])[0]

    def all(self) -> list[StudyOverview]:
        """All studies of the workspace, newest first."""
        with self._store.read() as repo:
            return self._overviews(repo, repo.studies.all())

    def restate(self, study_id: str, *, name: str, question: str | None, product: str | None) -> None:
        """Rename a study or restate its question."""
        if not name.strip():
            raise InvalidInput("a study needs a name")
        with self._store.write() as repo:
            repo.studies.update(study_id, name=name.strip(), question=question or None, product=product or None)

    def delete(self, study_id: str) -> None:
        """Erase a study with everything in it, caches included."""
        with self._store.write() as repo:
            repo.studies.get(study_id)
            repo.cache.drop_replies_about([t.id for t in repo.transcripts.of_study(study_id)])
            repo.studies.delete(study_id)
            repo.cache.drop_unused_vectors()

    def transcripts(self, study_id: str) -> list[Transcript]:
        """A study's transcripts by file name."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.transcripts.of_study(study_id)

    def transcript(self, transcript_id: str) -> Transcript:
        """One transcript with its speakers; raises `NotFound`."""
        with self._store.read() as repo:
            return repo.transcripts.get(transcript_id)

    def delete_transcript(self, transcript_id: str) -> str:
        """Erase a transcript everywhere; the id of its study, whose maps must be drawn again."""
        with self._store.write() as repo:
            study_id = repo.transcripts.get(transcript_id).study_id
            remove_transcript(repo, study_id, transcript_id)
        return study_id

    def stages(self, study_id: str) -> tuple[Stage, ...]:
        """A study's stages in order."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.studies.stages(study_id)

    def set_stages(self, study_id: str, drafts: Sequence[StageDraft]) -> tuple[Stage, ...]:
        """Retitle, reorder, add and remove stages; a stage keeps its id, so retitling and reordering re-tag nothing."""
        if not 0 < len(drafts) <= MAX_STAGES:
            raise InvalidInput(f"a study has 1 to {MAX_STAGES} stages, not {len(drafts)}")
        with self._store.write() as repo:
            repo.studies.get(study_id)
            old = {stage.id: stage for stage in repo.studies.stages(study_id)}
            stages = tuple(_stage(study_id, draft, old) for draft in drafts)
            if len({s.id for s in stages}) != len(stages):
                raise InvalidInput("two stages have the same name; give each its own")
            repo.studies.set_stages(study_id, stages)
        return stages

    @staticmethod
    def _overviews(repo: Repositories, studies: Sequence[Study]) -> list[StudyOverview]:
        ids = [s.id for s in studies]
        counts, runs, maps = repo.studies.counts(ids), repo.runs.latest(ids), repo.maps.latest_ids(ids)
        return [StudyOverview(s, counts[s.id], runs.get(s.id), maps.get(s.id)) for s in studies]


def key_id(key: str) -> str:
    """The id of a study that is known by its key, so that `synthesize` finds it again."""
    return derive_id("study", key)


def _stage(study_id: str, draft: StageDraft, old: dict[str, Stage]) -> Stage:
    title = draft.title.strip()
    if not title:
        raise InvalidInput("a stage needs a title")
    unknown = [b for b in draft.base if b not in DEFAULT_STAGE_KEYS]
    if unknown:
        raise InvalidInput(f"base stage “{unknown[0]}” is none of {', '.join(DEFAULT_STAGE_KEYS)}")
    if draft.id:
        if draft.id not in old:
            raise InvalidInput(f"there is no stage “{draft.id}” in this study")
        before = old[draft.id]
        return Stage(before.id, before.key, title, draft.definition.strip() or before.definition, draft.base or before.base)
    key = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
    if not key or key == NO_STAGE:
        raise InvalidInput(f"“{title}” cannot name a stage")
    taken = {s.key for s in old.values()}
    while key in taken:
        key += "-2"
    return Stage(stage_id(study_id, key), key, title, draft.definition.strip(), draft.base)
