"""A worker or its parent dies in the middle of a run, for real: `kill -9`, real processes, a real wire."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_server import ScriptedServer, sensible

from app.domain.runs import RunStatus, TaggerKind
from app.services.ingest import Upload
from app.settings import Settings
from app.wiring import build
from workers.runner import EmbeddedQueue, Supervisor, child_environment
from workers.runtime import sole_owner

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(400)]

STUDY = Path(__file__).parents[2] / "fixtures" / "transcripts" / "sleeper-train"
INTERVIEWS = ("01-ines.vtt", "02-declan.txt")
LATENCY_S = 0.3
AT_ONCE = 4
PARENT = """
import time
from app.settings import load_settings
from workers.runner import Supervisor
Supervisor(load_settings()).start()
time.sleep(600)
"""


class Scene:
    """A study with a queued run, and the server that its model calls reach."""

    def __init__(self, folder: Path, server: ScriptedServer) -> None:
        self.server = server
        self.settings = Settings(
            data_dir=folder, llm_base_url=server.url, llm_model="scripted", llm_context_tokens=4096, llm_at_once=AT_ONCE
        )
        self.application = build(self.settings)
        study = self.application.studies.create("Sleeper train")
        uploads = [Upload(name, (STUDY / name).read_bytes()) for name in INTERVIEWS]
        self.application.ingest.upload(study.id, uploads, actor="test")
        self.run_id = self.application.runs.create(study.id, TaggerKind.LLM).id
        self.queue = EmbeddedQueue(self.settings.queue_url)
        self.queue.start(self.run_id, 1)

    @property
    def asked(self) -> Counter[str]:
        """How often each window was asked for, by its rendered request."""
        messages = [call["messages"] for call in list(self.server.calls)]
        return Counter(json.dumps(m) for m in messages if m[0]["content"].startswith("Task: tag_quotes"))

    @property
    def tagged(self) -> tuple[int, int | None]:
        """Windows done and in all."""
        tag = next(p for p in self.application.runs.get(self.run_id).progress if p.name == "tag")
        return tag.done, tag.total

    def wait_for_some_tags(self) -> None:
        wait_for(lambda: self.tagged[0] >= 2 * AT_ONCE)

    def finished(self):
        wait_for(lambda: self.application.runs.get(self.run_id).status.ended)
        return self.application.runs.get(self.run_id)

    def close(self) -> None:
        self.queue.close()
        self.application.db.dispose()


@pytest.fixture
def scene(tmp_path):
    with ScriptedServer(lambda request, count: replace(sensible(request, count), delay_s=LATENCY_S)) as server:
        made = Scene(tmp_path, server)
        yield made
        made.close()


def wait_for(what, patience_s=150):
    end = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_a_run_survives_the_death_of_its_worker_and_asks_again_only_what_was_in_flight(scene):
    with Supervisor(scene.settings) as supervisor:
        scene.wait_for_some_tags()
        killed = supervisor.pid
        os.kill(killed, signal.SIGKILL)
        time.sleep(LATENCY_S)  # what the dead worker had sent arrives
        asked, (done, total) = scene.asked, scene.tagged
        in_flight = len(asked) - done
        run = scene.finished()
        assert supervisor.pid != killed
    assert done < total
    assert 0 <= in_flight <= AT_ONCE
    repeated = {window: times for window, times in scene.asked.items() if times > 1}
    assert len(repeated) <= in_flight
    assert set(repeated.values()) <= {2}
    assert len(scene.asked) == total
    assert run.status is RunStatus.SUCCEEDED
    assert run.attempt == 1


def test_when_the_web_process_is_killed_its_worker_finishes_what_it_asked_and_leaves(scene):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=child_environment(scene.settings))
    try:
        scene.wait_for_some_tags()
    finally:
        parent.kill()
        parent.wait()
    with sole_owner(scene.settings.queue_url, threading.Event()):  # the worker held this until it ended
        asked, (done, total) = scene.asked, scene.tagged
    assert done == len(asked) < total
    assert scene.application.runs.get(scene.run_id).status is RunStatus.RUNNING
    with Supervisor(scene.settings):
        run = scene.finished()
    assert set(scene.asked.values()) == {1}
    assert run.status is RunStatus.SUCCEEDED
