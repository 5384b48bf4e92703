"""The web process's side of the queue: hand runs over, and keep the worker process running."""

import logging
import os
import subprocess
import sys
import threading
import time
from typing import Self

import sqlalchemy as sa
from dbos import DBOSClient
from dbos import error as dbos_error
from pydantic import SecretStr

from app.settings import Settings
from workers.runtime import APPLICATION, prepare
from workers.workflows import PROPOSE_STAGES, SYNTHESIZE, VERSION, job_id, proposing_id

ENV_PREFIX = "THROUGHLINE_"
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
PATIENCE_S = 10.0

log = logging.getLogger(__name__)


class EmbeddedQueue:
    """Hands runs to the worker through the queue's database (`services.runs.Queue`); safe to use from many threads.

    The run's row is the truth and is written first: when the queue's database cannot be reached here, the worker finds the
    run by itself within seconds, so neither method raises for that.
    """

    def __init__(self, url: str) -> None:
        prepare(url)
        self._client = DBOSClient(system_database_url=url, application_name=APPLICATION, lazy=True, retry_connection_errors=False)

    def start(self, run_id: str, attempt: int) -> None:
        """Queue this attempt; queueing it again changes nothing."""
        try:
            self._client.enqueue(
                {
                    "workflow_name": SYNTHESIZE,
                    "queue_name": "runs",
                    "workflow_id": job_id(run_id, attempt),
                    "app_version": VERSION,  # else only workers of the version registered last would take it
                },
                run_id,
            )
        except (sa.exc.SQLAlchemyError, dbos_error.DBOSException) as error:
            log.warning("run %s is not queued yet, the worker will find it: %s", run_id, type(error).__name__)

    def cancel(self, run_id: str, attempt: int) -> None:
        """Stop this attempt: no further job of it begins, calls in flight finish."""
        try:
            self._client.cancel_workflow(job_id(run_id, attempt), cancel_children=True)
        except (sa.exc.SQLAlchemyError, dbos_error.DBOSException) as error:
            log.warning("run %s is not cancelled yet, the worker will see it: %s", run_id, type(error).__name__)

    def propose_stages(self, proposal_id: str) -> None:
        """Queue this asking; queueing it again changes nothing."""
        try:
            self._client.enqueue(
                {
                    "workflow_name": PROPOSE_STAGES,
                    "queue_name": "runs",  # not behind the windows of a run: somebody waits for it, and the endpoint counts its calls
                    "workflow_id": proposing_id(proposal_id),
                    "app_version": VERSION,
                },
                proposal_id,
            )
        except (sa.exc.SQLAlchemyError, dbos_error.DBOSException) as error:
            log.warning("proposing stages %s is not queued yet, the worker will find it: %s", proposal_id, type(error).__name__)

    def forget(self, owner_id: str) -> None:
        """Erase every record of the jobs of a run or a proposal, as when its study is erased."""
        jobs = self._client.list_workflows(workflow_id_prefix=f"{owner_id}.", load_input=False, load_output=False)
        if jobs:
            self._client.delete_workflows([job.workflow_id for job in jobs])

    def close(self) -> None:
        """Close connections."""
        self._client.destroy()


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment in which a child process reads these very settings, wherever they came from; secrets travel in it only."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    for name, value in settings:
        if value is not None:
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            environment[ENV_PREFIX + name.upper()] = str(plain)
    # the child finds the modules that this process found, and none that happen to lie in the current folder
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return environment


class Supervisor:
    """Keeps one `python -m workers` running, until `stop`.

    The child reads the pipe whose other end is here: it drains and leaves when this process dies, whatever the way. It has
    its own session, so that Ctrl-C in the terminal reaches the web process only.
    """

    def __init__(self, settings: Settings) -> None:
        self._environment = child_environment(settings)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="worker supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None while there is none."""
        child = self._child
        return child.pid if child and child.poll() is None else None

    def start(self) -> None:
        """Start the worker; comes back at once."""
        self._thread.start()

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """Have the worker finish what it can and leave; one that has not left after `patience_s` seconds is killed."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is None:
            return
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            log.warning("the worker did not stop in %g s and was killed; its jobs are done again at the next start", patience_s)
            child.kill()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _keep_running(self) -> None:
        pause_s = FIRST_PAUSE_S
        while child := self._spawn():
            began = time.monotonic()
            code = child.wait()
            if self._stopping.is_set():
                return
            pause_s = FIRST_PAUSE_S if time.monotonic() - began > STEADY_S else min(pause_s * 2, LONGEST_PAUSE_S)
            log.warning("the worker stopped (exit %s); starting it again in %g s", code, pause_s)
            if child.stdin:
                child.stdin.close()
            self._stopping.wait(pause_s)

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            command = [sys.executable, "-P", "-m", "workers"]
            self._child = subprocess.Popen(  # noqa: S603  # our own module, by the interpreter that runs us
                command, stdin=subprocess.PIPE, start_new_session=True, env=self._environment
            )
            return self._child
