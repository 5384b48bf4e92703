"""`python -m workers`: the process that does the jobs, until its input ends or it is told to stop.

`serve` starts it and holds the other end of its input: when the web process is gone, however it went, the input ends.
"""

import logging
import os
import signal
import sys
import threading

from app.errors import ThroughlineError
from app.services.synthesis import describe
from app.settings import Settings, load_settings
from app.wiring import build
from workers.runtime import EXECUTOR, reconcile, reconcile_proposals, restart_stale, sole_owner, start, stop

RECONCILE_S = 10.0
DRAIN_S = 5
BAD_CONFIGURATION = 2

log = logging.getLogger("workers")


def main() -> int:
    """Work until told to stop; gives the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s worker: %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    log.setLevel(logging.INFO)
    gone = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: gone.set())
    threading.Thread(target=_wait_for_end_of_input, args=(gone,), daemon=True).start()
    try:
        settings = load_settings()
        with sole_owner(settings.queue_url, gone) as mine:
            if mine:
                work(settings, gone)
    except ThroughlineError as error:
        log.error("%s", error.message)  # noqa: TRY400  # a message to act on, not a traceback
        return BAD_CONFIGURATION
    return 0


def work(settings: Settings, gone: threading.Event) -> None:
    """Do jobs until `gone` is set; jobs that outlast the drain are done again by the next worker."""
    application = build(settings)
    runs = application.runs
    start(application, settings.queue_url, EXECUTOR, llm_at_once=settings.llm_at_once, llm_per_minute=settings.llm_per_minute)
    try:
        restart_stale(runs)
        log.info("ready")
        while not gone.is_set():
            try:
                reconcile(runs)
                reconcile_proposals(application.stage_proposing)
            except Exception as error:  # noqa: BLE001  # a database that is busy now is asked again
                log.warning("cannot compare runs and jobs now: %s", describe(error))
            gone.wait(RECONCILE_S)
    finally:
        stop(DRAIN_S)
    log.info("stopped")


def _wait_for_end_of_input(gone: threading.Event) -> None:
    sys.stdin.buffer.read()
    gone.set()


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # a thread that waits for a model's answer must not hold the exit
