"""The pipeline on one page, and the plain engine that runs it in this process."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Protocol

from app.errors import ThroughlineError
from app.services.steps import Steps


class Do(Protocol):
    """An engine: runs a step, and a step for each of many ids."""

    def __call__(self, step: Callable[..., Any], *ids: Any) -> Any:
        """Run a step and give back what it returns: ids, never texts or arrays."""

    def each(self, queue: str, step: Callable[[str], None], ids: Sequence[str]) -> list[list[str]]:
        """Run a step for every id; gives [id, reason] for each that failed, and never raises for one."""


def synthesize(run_id: str, do: Do, steps: Steps) -> str:
    """From transcripts to a map; every step may run twice. Gives the id of the default map's new version."""
    do(steps.start_run, run_id)
    for item in do(steps.list_transcripts, run_id):
        do(steps.segment_transcript, item)
    gaps = do.each("embed", steps.embed_batch, do(steps.list_unembedded, run_id))
    gaps += do.each("embed", steps.redact_batch, do(steps.list_unredacted, run_id))
    gaps += do.each("llm", steps.tag_window, do(steps.list_untagged_windows, run_id))
    gaps += do.each("llm", steps.tag_window, do(steps.list_unsure_windows, run_id))
    gaps += do.each("embed", steps.tag_rest, do(steps.list_rest, run_id))
    do(steps.cluster_study, run_id)
    gaps += do.each("llm", steps.assign_quotes, do(steps.list_unassigned, run_id))
    gaps += do.each("llm", steps.draft_codebook, do(steps.list_undrafted, run_id))
    gaps += do.each("llm", steps.merge_drafts, do(steps.list_unmerged, run_id))
    do(steps.open_codebook, run_id)
    gaps += do.each("llm", steps.assign_quotes, do(steps.list_unassigned, run_id))
    do(steps.settle_themes, run_id)
    gaps += do.each("llm", steps.write_stage, do(steps.list_stages, run_id))
    gaps += do.each("llm", steps.check_statements, do(steps.list_unchecked, run_id))
    do(steps.note_gaps, run_id, gaps)
    version_id: str = do(steps.assemble_map, run_id)
    do(steps.finish_run, run_id)
    return version_id


def jobs_under_way(calls_at_once: int) -> int:
    """How many jobs keep so many calls in flight: the next are made ready while the endpoint thinks; the endpoint counts the calls."""
    return calls_at_once + calls_at_once // 2


class Inline:
    """The engine for the command line and for tests: here and now, with so many model calls at once."""

    def __init__(self, on_step: Callable[[], None] = lambda: None, *, llm_at_once: int = 1) -> None:
        self._on_step = on_step
        self._llm_at_once = llm_at_once

    def __call__(self, step: Callable[..., Any], *ids: Any) -> Any:
        """Run a step."""
        result = step(*ids)
        self._on_step()
        return result

    def each(self, queue: str, step: Callable[[str], None], ids: Sequence[str]) -> list[list[str]]:
        """Run a step for every id: model calls in threads, since they wait; anything else one after the other."""
        at_once = jobs_under_way(self._llm_at_once) if queue == "llm" else 1
        reasons: dict[str, str] = {}
        pool = ThreadPoolExecutor(at_once)
        try:
            running = {pool.submit(step, item): item for item in ids}
            for done in as_completed(running):
                error = done.exception()
                if error is not None and not isinstance(error, Exception):
                    raise error
                if error is not None:  # one bad item does not fail the run; it becomes a named gap
                    reasons[running[done]] = describe(error)
                self._on_step()
        finally:
            pool.shutdown(cancel_futures=True)
        return [[item, reasons[item]] for item in ids if item in reasons]


def describe(error: BaseException) -> str:
    """What went wrong, without a word of any transcript: our own messages as they are, other errors by their type."""
    return error.message if isinstance(error, ThroughlineError) else f"unexpected {type(error).__name__}"
