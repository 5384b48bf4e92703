"""DBOS in this process: open its database, launch, stop, and keep rows and jobs in agreement."""

import contextlib
import fcntl
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, SetWorkflowID

from app.errors import Conflict, NotFound, UsageError
from app.services.runs import Runs
from app.services.stage_proposing import StageProposing
from app.services.synthesis import jobs_under_way
from workers.workflows import (
    ACTIVE,
    CANCELLED,
    PROCESS,
    PROPOSE_STAGES,
    SYNTHESIZE,
    VERSION,
    Pipeline,
    job_id,
    propose_stages,
    proposing_id,
    run_of,
    synthesize_durably,
)

APPLICATION = "throughline"
EXECUTOR = "embedded"
"""The one executor of an embedded installation: DBOS hands unfinished work back to the executor of the same name."""
RUNS_AT_ONCE = 10
POLL_S = 0.1
CALM_POLL_S = 0.5
"""For queues whose items take seconds: an idle worker should cost an idle machine little."""
POSTGRES_CONNECTIONS = 8
LOST = "the worker gave this run up without saying why; resume it"
LOST_PROPOSAL = "the worker gave this up without saying why; ask again"

log = logging.getLogger(__name__)


def queue_file(url: str) -> Path | None:
    """File of a SQLite queue, None for a server; raises `UsageError` for one in memory, which would lose jobs."""
    if not url.startswith("sqlite"):
        return None
    file = sa.make_url(url).database
    if not file or file == ":memory:":
        raise UsageError("jobs need a database that outlives the process: let THROUGHLINE_JOBS_URL name a file")
    return Path(file)


def prepare(url: str) -> None:
    """Make the queue's tables; doing it again changes nothing."""
    if file := queue_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(file, timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # stays in the file; DBOS leaves the slower rollback journal on
    DBOS.migrate(url)


@contextlib.contextmanager
def sole_owner(url: str, gone: threading.Event) -> Iterator[bool]:
    """Hold the queue's lock, waiting for a predecessor; gives False when `gone` was set before that.

    Two processes launched on one file would each run the other's jobs. The kernel frees the lock on any death.
    """
    file = queue_file(url)
    if file is None:
        yield True
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{file}.lock").open("a", encoding="utf-8") as lock:
        waits = False
        while not _locked(lock.fileno()):
            if not waits:
                log.info("waiting for the worker that holds %s.lock", file)
                waits = True
            if gone.wait(POLL_S):
                yield False
                return
        yield True


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def start(pipeline: Pipeline, url: str, executor_id: str, *, llm_at_once: int, llm_per_minute: int | None = None) -> None:
    """Launch: from here on jobs run in this process, those of a dead predecessor of the same `executor_id` first.

    Over all workers at most `llm_per_minute` jobs that ask a model begin a minute.
    """
    prepare(url)
    PROCESS.serve(pipeline)
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": url,
        "executor_id": executor_id,
        "application_version": VERSION,
        "log_level": "WARNING",
    }
    if queue_file(url) is None:
        config["sys_db_pool_size"] = POSTGRES_CONNECTIONS
    DBOS(config=config)
    logging.getLogger("dbos").addFilter(_worth_logging)
    DBOS.launch()
    DBOS.register_queue("runs", worker_concurrency=RUNS_AT_ONCE, polling_interval_sec=CALM_POLL_S, on_conflict="always_update")
    DBOS.register_queue("embed", worker_concurrency=1, polling_interval_sec=CALM_POLL_S, on_conflict="always_update")
    DBOS.register_queue(
        "llm",
        global_concurrency=jobs_under_way(llm_at_once),
        limiter={"limit": llm_per_minute, "period": 60} if llm_per_minute else None,
        polling_interval_sec=POLL_S,
        on_conflict="always_update",
    )


def stop(drain_s: int = 0) -> None:
    """Begin nothing new, give what runs `drain_s` seconds to end, and leave the rest to the next launch."""
    PROCESS.stopping.set()
    DBOS.destroy(workflow_completion_timeout_sec=drain_s)


def restart_stale(runs: Runs) -> None:
    """Give runs that an older or newer pipeline began a new attempt, which skips what they have done."""
    for workflow in DBOS.list_workflows(name=SYNTHESIZE, status=ACTIVE, load_input=False, load_output=False):
        if workflow.app_version != VERSION:
            run_id, attempt = run_of(workflow.workflow_id)
            log.info("run %s was begun by another version and starts anew", run_id)
            runs.restart(run_id, attempt)
            DBOS.cancel_workflow(workflow.workflow_id, cancel_children=True)


def reconcile(runs: Runs) -> None:
    """Make the queue do what the rows say, whoever died between writing one and the other.

    A run nobody queued is queued; a job whose run was cancelled, erased or superseded is cancelled; a run whose job ended
    without saying so ends too.
    """
    # jobs first: a job is queued after its row was written, so a job seen here without its row has lost it
    active = DBOS.list_workflows(name=SYNTHESIZE, status=ACTIVE, load_input=False, load_output=False)
    unfinished = dict(runs.unfinished())
    for workflow in active:
        run_id, attempt = run_of(workflow.workflow_id)
        if unfinished.get(run_id) != attempt:
            DBOS.cancel_workflow(workflow.workflow_id, cancel_children=True)
    for run_id, attempt in unfinished.items():
        _settle(runs, run_id, attempt)


def _settle(runs: Runs, run_id: str, attempt: int) -> None:
    found = DBOS.list_workflows(workflow_ids=[job_id(run_id, attempt)], load_input=False, load_output=False)
    if not found:
        with SetWorkflowID(job_id(run_id, attempt)):
            DBOS.enqueue_workflow("runs", synthesize_durably, run_id)
    elif found[0].status == CANCELLED:
        with contextlib.suppress(Conflict):  # it has ended since
            runs.cancel(run_id)
    elif found[0].status not in ACTIVE:
        runs.fail(run_id, LOST)


def reconcile_proposals(proposing: StageProposing) -> None:
    """The same for stages that a model is to propose: one nobody queued is queued, one whose job ended without saying so ends too."""
    for workflow in DBOS.list_workflows(name=PROPOSE_STAGES, status=ACTIVE, load_input=False, load_output=False):
        if workflow.app_version != VERSION:
            DBOS.cancel_workflow(workflow.workflow_id)
    for proposal_id in proposing.unfinished():
        found = DBOS.list_workflows(workflow_ids=[proposing_id(proposal_id)], load_input=False, load_output=False)
        if not found:
            with SetWorkflowID(proposing_id(proposal_id)):
                DBOS.enqueue_workflow("runs", propose_stages, proposal_id)
        elif found[0].status not in ACTIVE:
            with contextlib.suppress(NotFound):  # erased since
                proposing.fail(proposal_id, LOST_PROPOSAL)


def _worth_logging(record: logging.LogRecord) -> bool:
    # every failed or cancelled job would print a traceback; ours are logged in a line where they happen
    return "Exception encountered in background workflow" not in record.getMessage()
