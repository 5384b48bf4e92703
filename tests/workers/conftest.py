"""A pipeline without models for the durable engine: real rows, steps that only note that they ran."""

import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.db.engine import Database
from app.domain.runs import Gap, Run, RunInputs, RunStatus
from app.services.runs import Runs
from app.services.store import Store
from app.services.studies import Studies
from workers import runtime
from workers.runner import EmbeddedQueue
from workers.runtime import reconcile, start, stop

PATIENCE_S = 30


class FixedClock:
    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC)


class FakeSteps:
    """The steps of a run over `items` things a stage. `before` is called as each begins, with its name and item: `tag_window run1/0`."""

    def __init__(self, store: Store, items: int = 3) -> None:
        self.store = store
        self.items = items
        self.calls: list[tuple[str, str]] = []
        self.before: Callable[[str], None] = lambda _call: None
        self._lock = threading.Lock()

    def ran(self, step: str) -> list[str]:
        return [item for name, item in self.calls if name == step]

    def _note(self, step: str, item: str) -> None:
        with self._lock:
            self.calls.append((step, item))
        self.before(f"{step} {item}")

    def _list(self, step: str, run_id: str) -> list[str]:
        self._note(step, run_id)
        return [f"{run_id}/{n}" for n in range(self.items)]

    def start_run(self, run_id):
        self._note("start_run", run_id)
        with self.store.write() as repo:
            repo.runs.set_status(run_id, RunStatus.RUNNING, self.store.now())

    def list_transcripts(self, run_id):
        return self._list("list_transcripts", run_id)

    def segment_transcript(self, item):
        self._note("segment_transcript", item)

    def list_unembedded(self, run_id):
        return self._list("list_unembedded", run_id)

    def embed_batch(self, item):
        self._note("embed_batch", item)

    def list_unredacted(self, run_id):
        return self._list("list_unredacted", run_id)[:3]  # batches are few, and their queue takes one at a time

    def redact_batch(self, item):
        self._note("redact_batch", item)

    def list_untagged_windows(self, run_id):
        return self._list("list_untagged_windows", run_id)

    def tag_window(self, item):
        self._note("tag_window", item)

    def list_unsure_windows(self, run_id):
        self._note("list_unsure_windows", run_id)
        return []

    def list_rest(self, run_id):
        return self._list("list_rest", run_id)

    def tag_rest(self, item):
        self._note("tag_rest", item)

    def cluster_study(self, run_id):
        self._note("cluster_study", run_id)

    def list_unassigned(self, run_id):
        return self._list("list_unassigned", run_id)

    def assign_quotes(self, item):
        self._note("assign_quotes", item)

    def list_undrafted(self, run_id):
        return self._list("list_undrafted", run_id)

    def draft_codebook(self, item):
        self._note("draft_codebook", item)

    def list_unmerged(self, run_id):
        self._note("list_unmerged", run_id)
        return [f"{run_id}/merge"]

    def merge_drafts(self, item):
        self._note("merge_drafts", item)

    def open_codebook(self, run_id):
        self._note("open_codebook", run_id)

    def settle_themes(self, run_id):
        self._note("settle_themes", run_id)

    def list_stages(self, run_id):
        return self._list("list_stages", run_id)

    def write_stage(self, item):
        self._note("write_stage", item)

    def list_unchecked(self, run_id):
        return self._list("list_unchecked", run_id)

    def check_statements(self, item):
        self._note("check_statements", item)

    def note_gaps(self, run_id, gaps):
        self._note("note_gaps", run_id)
        with self.store.write() as repo:
            for item, reason in gaps:
                repo.runs.add_gap(run_id, Gap(item, "a part of the run", reason))

    def assemble_map(self, run_id):
        self._note("assemble_map", run_id)
        return f"map of {run_id}"

    def finish_run(self, run_id):
        self._note("finish_run", run_id)
        with self.store.write() as repo:
            gaps = repo.runs.get(run_id).gaps
            repo.runs.set_status(run_id, RunStatus.PARTIAL if gaps else RunStatus.SUCCEEDED, self.store.now())


class Bench:
    """A database with one study, a queue and, between `launch` and `stop`, a worker in this process."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'jobs.db'}"
        self.db = Database(f"sqlite:///{folder / 'data.db'}")
        self.db.migrate()
        self.store = Store(self.db, FixedClock())
        with self.store.write() as repo:
            repo.studies.ensure_workspace(self.store.now())
        self.study_id = Studies(self.store).create("Trains", key="trains").id
        self.runs = Runs(self.store, {})
        self.steps = FakeSteps(self.store)
        self.queue = EmbeddedQueue(self.url)
        self.launched = False

    def launch(self, llm_per_minute: int | None = None) -> None:
        with pytest.MonkeyPatch.context() as patch:  # items here take no time, so what tests would wait for is the polling
            patch.setattr(runtime, "CALM_POLL_S", runtime.POLL_S)
            start(self, self.url, "embedded", llm_at_once=2, llm_per_minute=llm_per_minute)
        self.launched = True

    def reconcile(self) -> None:
        reconcile(self.runs)

    def stop(self) -> None:
        if self.launched:
            stop()
            self.launched = False

    def add_run(self, run_id: str = "run1") -> Run:
        inputs = RunInputs((), (), {}, 1, 10, "test")
        run = Run(
            run_id, self.study_id, RunStatus.QUEUED, "offline", "m", "p", "k", inputs, 1, 0, 0, 0, 0, 0, None, self.store.now(), None, None
        )
        with self.store.write() as repo:
            repo.runs.add(run)
        return run

    def wait_for(self, what: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end, f"waited in vain; the run is {[self.runs.get(r.id).status for r in self.all_runs()]}"
            time.sleep(0.1)

    def all_runs(self) -> list[Run]:
        return self.runs.of_study(self.study_id)

    def finished(self, run_id: str = "run1") -> Run:
        self.wait_for(lambda: self.runs.get(run_id).status.ended)
        return self.runs.get(run_id)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A folder with both databases made and empty, to be copied: making them takes longer than a run."""
    folder = tmp_path_factory.mktemp("migrated")
    made = Bench(folder)
    made.queue.close()
    made.db.dispose()
    return folder


@pytest.fixture
def bench(tmp_path, migrated):
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    made = Bench(tmp_path)
    yield made
    made.stop()
    made.queue.close()
    made.db.dispose()
