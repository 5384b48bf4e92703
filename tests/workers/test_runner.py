"""The web process's side: settings for the child, the supervisor, the lock."""

import fcntl
import os
import signal
import sys
import threading
import time

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from app.errors import UsageError
from app.settings import Settings, load_settings
from workers import runner, runtime
from workers.runner import Supervisor, child_environment


def wait_for(what):
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_child_reads_the_very_settings_of_its_parent(tmp_path, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_LLM_MODEL", "from the environment")
    monkeypatch.setenv("THROUGHLINE_DATABASE_URL", "sqlite:////elsewhere.db")
    monkeypatch.setenv("THROUGHLINE_ACCESS_KEY", "a key that was overridden")
    settings = Settings(
        data_dir=tmp_path / "a folder",
        database_url="",
        access_key=None,
        llm_base_url="http://h/v1",
        llm_model="m",
        llm_api_key=SecretStr("s3cret"),
    )
    environment = child_environment(settings)
    for name in [n for n in os.environ if n.startswith("THROUGHLINE_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        if name.startswith("THROUGHLINE_"):
            monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_a_dead_worker_is_started_again(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "import sys; sys.stdin.read()")
    supervisor = Supervisor(Settings(data_dir=tmp_path))
    with supervisor:
        wait_for(lambda: supervisor.pid)
        first = supervisor.pid
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: supervisor.pid not in {None, first})
    assert supervisor.pid is None


def test_a_stopped_supervisor_ends_its_workers_input_and_starts_no_other(tmp_path, monkeypatch):
    left = tmp_path / "left"
    stand_in(tmp_path, monkeypatch, f"import sys; open({str(tmp_path / 'there')!r}, 'w'); sys.stdin.read(); open({str(left)!r}, 'w')")
    with Supervisor(Settings(data_dir=tmp_path)) as supervisor:
        wait_for((tmp_path / "there").exists)
    assert left.exists()
    assert supervisor.pid is None


def test_a_worker_that_does_not_leave_is_killed(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, f"import time; open({str(tmp_path / 'there')!r}, 'w'); time.sleep(60)")
    supervisor = Supervisor(Settings(data_dir=tmp_path))
    supervisor.start()
    wait_for((tmp_path / "there").exists)
    began = time.monotonic()
    supervisor.stop(patience_s=0.2)
    assert supervisor.pid is None
    assert time.monotonic() - began < 20


def test_a_supervisor_that_never_started_can_be_stopped(tmp_path):
    Supervisor(Settings(data_dir=tmp_path)).stop()


def test_the_pause_before_a_worker_starts_again_grows(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(runner, "FIRST_PAUSE_S", 0.01)
    stand_in(tmp_path, monkeypatch, "raise SystemExit(3)")
    with Supervisor(Settings(data_dir=tmp_path)):
        wait_for(lambda: len(caplog.records) >= 3)
    assert ["exit 3" in record.getMessage() for record in caplog.records[:3]] == [True] * 3
    pauses = [record.args[1] for record in caplog.records[:3]]
    assert pauses == sorted(set(pauses))


def test_a_run_is_accepted_though_the_queue_cannot_be_reached(tmp_path, caplog):
    queue = runner.EmbeddedQueue(f"sqlite:///{tmp_path / 'jobs.db'}")
    with sa.create_engine(f"sqlite:///{tmp_path / 'jobs.db'}").begin() as connection:
        connection.execute(sa.text("alter table workflow_status rename to away"))
    queue.start("run1", 1)
    queue.cancel("run1", 1)
    queue.close()
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "run run1 is not queued yet",
        "run run1 is not cancelled yet",
    ]


def test_a_second_worker_waits_until_the_first_is_gone(tmp_path):
    url = f"sqlite:///{tmp_path / 'jobs.db'}"
    gone, leave, first_in, order = threading.Event(), threading.Event(), threading.Event(), []

    def first():
        with runtime.sole_owner(url, gone):
            first_in.set()
            leave.wait(30)
            order.append("first leaves")

    thread = threading.Thread(target=first)
    thread.start()
    assert first_in.wait(30)
    threading.Timer(0.3, leave.set).start()
    with runtime.sole_owner(url, gone) as mine:
        order.append("second comes")
    thread.join()
    assert mine
    assert order == ["first leaves", "second comes"]


def test_a_waiting_worker_leaves_when_its_parent_does(tmp_path):
    url = f"sqlite:///{tmp_path / 'jobs.db'}"
    gone = threading.Event()
    with (tmp_path / "jobs.db.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        gone.set()
        with runtime.sole_owner(url, gone) as mine:
            assert not mine


def test_a_queue_in_memory_is_refused():
    with pytest.raises(UsageError, match="THROUGHLINE_JOBS_URL"):
        runtime.prepare("sqlite://")


def stand_in(folder, monkeypatch, code):
    """Put a `workers` package that runs this code in front of ours, for children only."""
    (folder / "workers").mkdir()
    (folder / "workers" / "__main__.py").write_text(code, encoding="utf-8")
    (folder / "workers" / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
