"""The pipeline as durable workflows: `synthesize` is the run, every item of a fan-out is a job. Services never import this."""

import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from dbos import DBOS

from app.errors import NotFound, ThroughlineError
from app.services.runs import Runs
from app.services.stage_proposing import StageProposing
from app.services.steps import Steps
from app.services.synthesis import describe, synthesize

VERSION = "6"
"""Bump when names or order of the steps in `synthesize` change; runs of another version start a new attempt, which skips what is done."""
SYNTHESIZE, PROPOSE_STAGES = "synthesize", "propose_stages"
ACTIVE = ["ENQUEUED", "PENDING", "DELAYED"]
CANCELLED = "CANCELLED"
BAD = ["ERROR", CANCELLED, "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
WAIT_S = 0.1
RUN_ATTEMPTS = 20
JOB_ATTEMPTS = 3
"""How often an item may take the process down with it before it is given up."""

log = logging.getLogger(__name__)


class Parked(BaseException):
    """The process is stopping: the run stays as it is for its next owner (DBOS records only `Exception`)."""


class StepFailed(ThroughlineError):
    """A part of the run failed."""


class Pipeline(Protocol):
    """What jobs need of the application."""

    @property
    def steps(self) -> Steps:
        """The pipeline's steps."""

    @property
    def runs(self) -> Runs:
        """Use cases around runs."""

    @property
    def stage_proposing(self) -> StageProposing:
        """Having a model propose stages."""


@dataclass
class Process:
    """What the workflows of this process work with: they are module-level functions, and only ids reach them."""

    pipeline: Pipeline | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    def serve(self, pipeline: Pipeline) -> Pipeline:
        """Let jobs work with this pipeline from now on."""
        self.pipeline = pipeline
        self.stopping.clear()
        return pipeline

    def required(self) -> Pipeline:
        """The pipeline; raises `RuntimeError` before `serve`."""
        if self.pipeline is None:
            raise RuntimeError("no pipeline was given to this process before its jobs began")
        return self.pipeline


PROCESS = Process()


def run_or_say(step: Callable[..., Any], *ids: str) -> Any:
    """Run a step; what goes wrong leaves as `StepFailed` in our own words, because DBOS stores errors and they must hold no transcript."""
    try:
        return step(*ids)
    except Exception as error:  # noqa: BLE001  # one bad item does not fail the run; it becomes a named gap
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.warning("%s %s: %s (%s:%s)", step.__name__, " ".join(ids), describe(error), Path(place.filename).name, place.lineno)
        raise StepFailed(describe(error)) from None


@DBOS.workflow(name="embed_batch", max_recovery_attempts=JOB_ATTEMPTS)
def embed_batch(item: str) -> None:
    """Job: encode a transcript's quotes."""
    run_or_say(PROCESS.required().steps.embed_batch, item)


@DBOS.workflow(name="redact_batch", max_recovery_attempts=JOB_ATTEMPTS)
def redact_batch(item: str) -> None:
    """Job: find personal data in a batch of transcripts."""
    run_or_say(PROCESS.required().steps.redact_batch, item)


@DBOS.workflow(name="tag_window", max_recovery_attempts=JOB_ATTEMPTS)
def tag_window(item: str) -> None:
    """Job: tag the quotes of a window."""
    run_or_say(PROCESS.required().steps.tag_window, item)


@DBOS.workflow(name="tag_rest", max_recovery_attempts=JOB_ATTEMPTS)
def tag_rest(item: str) -> None:
    """Job: tag what a transcript's windows leave to the fitted heads."""
    run_or_say(PROCESS.required().steps.tag_rest, item)


@DBOS.workflow(name="assign_quotes", max_recovery_attempts=JOB_ATTEMPTS)
def assign_quotes(item: str) -> None:
    """Job: have a batch of quotes placed in the code book."""
    run_or_say(PROCESS.required().steps.assign_quotes, item)


@DBOS.workflow(name="draft_codebook", max_recovery_attempts=JOB_ATTEMPTS)
def draft_codebook(item: str) -> None:
    """Job: have a part of the code book drafted."""
    run_or_say(PROCESS.required().steps.draft_codebook, item)


@DBOS.workflow(name="merge_drafts", max_recovery_attempts=JOB_ATTEMPTS)
def merge_drafts(item: str) -> None:
    """Job: have the parts of a code book made into one."""
    run_or_say(PROCESS.required().steps.merge_drafts, item)


@DBOS.workflow(name="write_stage", max_recovery_attempts=JOB_ATTEMPTS)
def write_stage(item: str) -> None:
    """Job: have a part of a stage's statements worded."""
    run_or_say(PROCESS.required().steps.write_stage, item)


@DBOS.workflow(name="check_statements", max_recovery_attempts=JOB_ATTEMPTS)
def check_statements(item: str) -> None:
    """Job: have a batch of statements looked at again."""
    run_or_say(PROCESS.required().steps.check_statements, item)


JOBS: dict[str, Callable[[str], None]] = {
    "embed_batch": embed_batch,
    "redact_batch": redact_batch,
    "tag_window": tag_window,
    "tag_rest": tag_rest,
    "assign_quotes": assign_quotes,
    "draft_codebook": draft_codebook,
    "merge_drafts": merge_drafts,
    "write_stage": write_stage,
    "check_statements": check_statements,
}


def wait_for_jobs(name: str, items: Sequence[str]) -> list[list[str]]:
    """Wait until this run's jobs of that name have ended; gives [item, reason] for each that failed. Raises `Parked` on stopping."""
    run = DBOS.workflow_id
    while DBOS.list_workflows(parent_workflow_id=run, name=name, status=ACTIVE, limit=1, load_input=False, load_output=False):
        if PROCESS.stopping.wait(WAIT_S):
            raise Parked
    ended = DBOS.list_workflows(parent_workflow_id=run, name=name, status=BAD, load_output=True)
    asked = set(items)
    gaps = []
    for job in ended:
        item = job.input["args"][0] if job.input else ""
        if item in asked:
            gaps.append([item, _reason(job.status, job.error)])
    return gaps


def _reason(status: str, error: Exception | None) -> str:
    if isinstance(error, BaseException):
        return describe(error)
    return "it was cancelled" if status == CANCELLED else f"it stopped the worker {JOB_ATTEMPTS} times and was given up"


class Durable:
    """The engine on the queue (`services.synthesis.Do`): what a step gave back is kept, so a restarted run goes on where it was."""

    def __call__(self, step: Callable[..., Any], *ids: Any) -> Any:
        """Run a step, once and for all."""
        if PROCESS.stopping.is_set():
            raise Parked
        return DBOS.run_step({"name": step.__name__}, run_or_say, step, *ids)

    def each(self, queue: str, step: Callable[[str], None], ids: Sequence[str]) -> list[list[str]]:
        """Queue a job for every id and wait for all; a replay finds the jobs it queued before."""
        for item in ids:
            if PROCESS.stopping.is_set():
                raise Parked
            DBOS.enqueue_workflow(queue, JOBS[step.__name__], item)
        return DBOS.run_step({"name": f"wait_{step.__name__}"}, wait_for_jobs, step.__name__, ids)


@DBOS.workflow(name=SYNTHESIZE, max_recovery_attempts=RUN_ATTEMPTS)
def synthesize_durably(run_id: str) -> str:
    """The run; one that fails unexpectedly says so in its row. A cancelled one passes by: DBOS's signals are no `Exception`."""
    pipeline = PROCESS.required()
    try:
        return synthesize(run_id, Durable(), pipeline.steps)
    except Exception as error:  # noqa: BLE001  # whatever it was, the run's row must say that it ended
        if PROCESS.stopping.is_set():  # the queue's database went away below us, the run did not fail
            raise Parked from None
        reason = describe(error)
        log.warning("run %s failed: %s", run_id, reason)
        with suppress(NotFound):  # its study was erased meanwhile
            pipeline.runs.fail(run_id, reason)
        raise StepFailed(reason) from None


@DBOS.workflow(name=PROPOSE_STAGES, max_recovery_attempts=JOB_ATTEMPTS)
def propose_stages(proposal_id: str) -> None:
    """Job: have a model propose stages; one that fails unexpectedly says so in its row."""
    proposing = PROCESS.required().stage_proposing
    try:
        proposing.work(proposal_id)
    except NotFound:  # its study was erased meanwhile
        return
    except Exception as error:  # noqa: BLE001  # whatever it was, the row must say that it ended
        if PROCESS.stopping.is_set():
            raise Parked from None
        reason = describe(error)
        log.warning("proposing stages %s failed: %s", proposal_id, reason)
        with suppress(NotFound):
            proposing.fail(proposal_id, reason)
        raise StepFailed(reason) from None


def proposing_id(proposal_id: str) -> str:
    """Id of the workflow that has stages proposed; another version of the workers begins anew under another id."""
    return f"{proposal_id}.{VERSION}"


def job_id(run_id: str, attempt: int) -> str:
    """Id of the workflow that does one attempt of a run; queueing the same id twice is as once."""
    return f"{run_id}.{attempt}"


def run_of(workflow_id: str) -> tuple[str, int]:
    """Run and attempt that a workflow's id names."""
    run_id, _, attempt = workflow_id.rpartition(".")
    return run_id, int(attempt)
