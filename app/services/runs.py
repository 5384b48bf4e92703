"""Runs: start, follow, cancel, resume."""

from collections.abc import Mapping
from typing import Protocol

from app.db.repositories import Repositories
from app.domain.identity import derive_id
from app.domain.people import Role
from app.domain.runs import Run, RunInputs, RunStatus, TaggerKind
from app.errors import Conflict, InvalidInput, UsageError
from app.ports import Tagger
from app.services.store import Store, random_id
from app.stages.segment import SEGMENTER


class Queue(Protocol):
    """Where a run is handed over to whoever works."""

    def start(self, run_id: str, attempt: int) -> None:
        """Have this attempt of the run done; handing it over twice is as once."""

    def cancel(self, run_id: str, attempt: int) -> None:
        """Stop this attempt; calls in flight finish."""

    def propose_stages(self, proposal_id: str) -> None:
        """Have a model propose stages; handing it over twice is as once."""

    def forget(self, owner_id: str) -> None:
        """Erase every record of the jobs of a run or a proposal, as when its study is erased."""


class Runs:
    """Use cases around a run."""

    def __init__(self, store: Store, taggers: Mapping[str, Tagger], *, check: bool = False) -> None:
        """With `check` a run's model looks again at each statement where nothing else is asked for."""
        self._store = store
        self._taggers = taggers
        self._check = check

    def create(
        self,
        study_id: str,
        tagger: TaggerKind = TaggerKind.AUTO,
        *,
        retag: bool = False,
        recode: bool = False,
        check: bool | None = None,
    ) -> Run:
        """A new run with its inputs frozen; with `retag` it judges every quote again, with `recode` its model places every quote again.

        With `check` its model looks again at each statement; None is as the settings say. Raises `InvalidInput` without transcripts.
        """
        with self._store.write() as repo:
            run = self.draft(repo, study_id, tagger, retag=retag, recode=recode, check=check)
            repo.runs.add(run)
        return run

    def draft(
        self,
        repo: Repositories,
        study_id: str,
        tagger: TaggerKind,
        *,
        retag: bool = False,
        recode: bool = False,
        check: bool | None = None,
    ) -> Run:
        """The run that would be made now, not stored; raises as `create`."""
        chosen = self.choose(tagger)
        study = repo.studies.get(study_id)
        transcripts = repo.transcripts.of_study(study_id)
        if not transcripts:
            raise InvalidInput(f"the study “{study.name}” has no transcripts yet; upload some, then start the run")
        roles = {s.id: s.role.value for t in transcripts for s in t.speakers}
        if Role.PARTICIPANT not in roles.values():
            raise InvalidInput("nobody in this study is marked as a participant; change a role, then start the run")
        return Run(
            id=random_id(),
            study_id=study_id,
            status=RunStatus.QUEUED,
            tagger=chosen.source,
            model=chosen.model,
            prompt=chosen.prompt,
            tagger_key=derive_id("tagger", chosen.source, chosen.model, chosen.prompt),
            inputs=RunInputs(
                tuple(t.id for t in transcripts),
                tuple(s.id for s in repo.studies.stages(study_id)),
                roles,
                study.codebook_version,
                chosen.window_size,
                SEGMENTER,
                retag,
                recode,
                self._checks(chosen, asked=check),
            ),
            attempt=1,
            calls=0,
            cached=0,
            tokens_in=0,
            tokens_out=0,
            ungrounded=0,
            error=None,
            created_at=self._store.now(),
            started_at=None,
            ended_at=None,
        )

    def create_or_resume(self, study_id: str, tagger: TaggerKind, *, retag: bool = False, recode: bool = False) -> Run:
        """The newest run if it is of this kind, did not end well and the study's files are the same, to go on with; else a new one."""
        chosen = self.choose(tagger)
        with self._store.read() as repo:
            newest = next(iter(repo.runs.of_study(study_id)), None)
            transcripts = {t.id for t in repo.transcripts.of_study(study_id)}
        asked = (chosen.source, chosen.model, chosen.prompt, retag, recode, self._checks(chosen))
        kind = newest and (newest.tagger, newest.model, newest.prompt, newest.inputs.retag, newest.inputs.recode, newest.inputs.check)
        same = kind == asked
        if newest is None or not same or newest.status is RunStatus.SUCCEEDED or set(newest.inputs.transcript_ids) != transcripts:
            return self.create(study_id, tagger, retag=retag, recode=recode)
        if newest.status.ended:
            return self.resume(newest.id)
        return newest

    def get(self, run_id: str) -> Run:
        """One run with progress and gaps."""
        with self._store.read() as repo:
            return repo.runs.get(run_id)

    def of_study(self, study_id: str) -> list[Run]:
        """A study's runs, newest first."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.runs.of_study(study_id)

    def cancel(self, run_id: str) -> Run:
        """Mark a run as cancelled; raises `Conflict` when it has ended."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            if run.status.ended:
                raise Conflict(f"this run has already ended ({run.status.value})")
            repo.runs.set_status(run_id, RunStatus.CANCELLED, self._store.now())
        return self.get(run_id)

    def resume(self, run_id: str) -> Run:
        """Queue a new attempt, which does only what is missing; raises `Conflict` for a run that is under way or complete."""
        with self._store.write() as repo:
            run = repo.runs.get(run_id)
            if not run.status.ended:
                raise Conflict(f"this run is still under way ({run.status.value})")
            if run.status is RunStatus.SUCCEEDED:
                raise Conflict("this run left nothing to do; start a new one")
            repo.runs.next_attempt(run_id)
        return self.get(run_id)

    def restart(self, run_id: str, attempt: int) -> None:
        """Queue a new attempt in place of this one, unless it has ended, was superseded or erased."""
        with self._store.write() as repo:
            if (run_id, attempt) in repo.runs.in_status([RunStatus.QUEUED, RunStatus.RUNNING]):
                repo.runs.next_attempt(run_id)

    def fail(self, run_id: str, reason: str) -> None:
        """Record that a run could not go on."""
        with self._store.write() as repo:
            if not repo.runs.get(run_id).status.ended:
                repo.runs.set_status(run_id, RunStatus.FAILED, self._store.now(), reason)

    def unfinished(self) -> list[tuple[str, int]]:
        """Ids and attempts of runs that are queued or under way."""
        with self._store.read() as repo:
            return repo.runs.in_status([RunStatus.QUEUED, RunStatus.RUNNING])

    def _checks(self, chosen: Tagger, *, asked: bool | None = None) -> bool:
        """Whether a run by this tagger looks again at its statements; without a model nobody can."""
        return chosen.source != TaggerKind.OFFLINE and (self._check if asked is None else asked)

    def choose(self, tagger: TaggerKind) -> Tagger:
        """The tagger that this kind stands for here; raises `UsageError` where there is none."""
        return choose_tagger(self._taggers, tagger)


def choose_tagger(taggers: Mapping[str, Tagger], tagger: TaggerKind) -> Tagger:
    """Of these taggers the one that this kind stands for; raises `UsageError` where there is none."""
    source = ("llm" if "llm" in taggers else "offline") if tagger is TaggerKind.AUTO else tagger.value
    if source == TaggerKind.HYBRID and source not in taggers:
        raise UsageError(
            "hybrid tagging has a language model tag a part, and none is configured: set THROUGHLINE_LLM_BASE_URL and "
            "THROUGHLINE_LLM_MODEL, or use offline"
        )
    if source not in taggers:
        raise UsageError("no language model is configured: set THROUGHLINE_LLM_BASE_URL and THROUGHLINE_LLM_MODEL, or use offline")
    return taggers[source]
