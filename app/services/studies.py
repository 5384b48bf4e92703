"""Studies: make, list, restate, erase; their stages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.db.repositories import Repositories
from app.domain.identity import derive_id
from app.domain.runs import Run
from app.domain.stages import Stage, stages_from
from app.domain.staging import StageDraft, mark_of, plan_stages
from app.domain.study import Study, StudyCounts, Transcript
from app.errors import InvalidInput, Outdated
from app.services.ingest import remove_transcript
from app.services.staging import StagePreview, preview_stages
from app.services.store import Store, random_id
from app.services.templates import DEFAULT_TEMPLATE, choose_template


@dataclass(frozen=True, slots=True)
class StudyOverview:
    """A study as lists show it."""

    study: Study
    counts: StudyCounts
    latest_run: Run | None
    map_id: str | None


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
        template: str = DEFAULT_TEMPLATE,
        key: str | None = None,
    ) -> Study:
        """A new study with the stages of a template; with a `key` its id follows from it, and an existing one is returned.

        A template is known by its key, one that was saved here also by its title.
        """
        name = name.strip()
        if not name:
            raise InvalidInput("a study needs a name")
        study_id = key_id(key) if key else random_id()
        with self._store.write() as repo:
            repo.studies.ensure_workspace(self._store.now())
            chosen = choose_template(repo, template)
            known = repo.studies.find(study_id)
            if known:
                return known
            study = Study(study_id, key or study_id, name, question or None, product or None, chosen.key, 0, self._store.now())
            repo.studies.add(study)
            repo.studies.set_stages(study_id, stages_from(chosen, study_id))
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

    def absorbed_stages(self, study_id: str) -> tuple[Stage, ...]:
        """Stages that were merged into others; they can be taken out again."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.studies.absorbed(study_id)

    def preview_stages(self, study_id: str, drafts: Sequence[StageDraft]) -> StagePreview:
        """What of quotes, people and statements would move, disappear or stay with these stages; nothing is stored."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return preview_stages(repo, study_id, drafts)

    def set_stages(self, study_id: str, drafts: Sequence[StageDraft], expected: Collection[str] | None = None) -> tuple[Stage, ...]:
        """Retitle, reorder, add, merge and remove stages; no tag is judged again, and what names a merged stage means the other one.

        With `expected`, marks of the stages as they were read (`mark_of`), raises `Outdated` where somebody was quicker.
        """
        with self._store.write() as repo:
            repo.studies.get(study_id)
            before = repo.studies.stages(study_id)
            if expected is not None and "*" not in expected and mark_of(before) not in expected:
                raise Outdated("somebody changed the stages since you read them; read them again, then repeat the change")
            plan = plan_stages(study_id, before, repo.studies.absorbed(study_id), drafts)
            repo.studies.set_stages(study_id, plan.stages, plan.absorbed)
        return plan.stages

    @staticmethod
    def _overviews(repo: Repositories, studies: Sequence[Study]) -> list[StudyOverview]:
        ids = [s.id for s in studies]
        counts, runs, maps = repo.studies.counts(ids), repo.runs.latest(ids), repo.maps.latest_ids(ids)
        return [StudyOverview(s, counts[s.id], runs.get(s.id), maps.get(s.id)) for s in studies]


def key_id(key: str) -> str:
    """The id of a study that is known by its key, so that `synthesize` finds it again."""
    return derive_id("study", key)
