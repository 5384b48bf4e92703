"""How near a run with a language model comes to the best that its endpoint allows: a stub that answers every call after the same time.

`python benchmarks/latency.py [--windows N] [--latency S] [--at-once N] [--most RATIO]`; a minute. Measured is the tagging stage, from the
list of its windows to the last one stored, once as the command line runs it and once as the worker of `serve` does. Ideal is
`ceil(windows / at once) × latency`. Words are made up; neither embedding nor the search for personal data is what is measured, so both are
stand-ins that cost nothing.
"""

import argparse
import json
import math
import multiprocessing
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from app.commands import run_study
from app.domain.render import Finding
from app.domain.runs import RunStatus, TaggerKind
from app.ports import Encoding
from app.services.intake import Upload
from app.services.steps import Steps
from app.settings import Settings
from app.wiring import Application
from workers.runner import EmbeddedQueue
from workers.runtime import start, stop

WORDS = ("queue", "ticket", "price", "letter", "phone", "counter", "parcel", "garden", "winter", "doctor", "train", "early", "slow")
QUOTES_A_WINDOW = 36
WINDOWS_A_TRANSCRIPT = 8
TAGS = {"c": "phone", "t": "support line", "k": "action", "e": "frustration2", "x": "pain", "g": "waiting on the phone", "p": 90}
PATIENCE_S = 600.0


class HashEmbedder:
    """Vectors that cost nothing (`ports.Embedder`)."""

    name = "hash/1"

    def encode(self, texts: Sequence[str]) -> Encoding:
        """Encode texts in the given order."""
        rows = [np.frombuffer(sha256(text.encode()).digest(), np.uint8).astype(np.float32) - 127.5 for text in texts]
        vectors = np.array([row / np.linalg.norm(row) for row in rows], np.float32).reshape(len(texts), 32)
        return Encoding(vectors, vectors.astype(np.float16))


class WordRedactor:
    """Takes one word for personal data, at no cost (`ports.Redactor`)."""

    name = "word/1"

    def find(self, text: str, names: Sequence[str], language: str = "en") -> tuple[Finding, ...]:
        """Find it wherever it stands."""
        del names, language
        return tuple(Finding(m.start(), m.end(), "name") for m in re.finditer("doctor", text))


class TimedSteps(Steps):
    """The pipeline's steps, noting when tagging began and ended."""

    began = ended = 0.0

    def list_untagged_windows(self, run_id: str) -> list[str]:
        """List them, and start the watch."""
        items = super().list_untagged_windows(run_id)
        self.windows = len(items)
        self.began = time.perf_counter()
        return items

    def cluster_study(self, run_id: str) -> None:
        """Stop the watch; the rest is not measured."""
        self.ended = time.perf_counter()
        super().cluster_study(run_id)


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine's time for the tagging of so many windows."""

    engine: str
    windows: int
    wall_s: float
    ideal_s: float

    @property
    def ratio(self) -> float:
        """Wall time by the ideal."""
        return self.wall_s / self.ideal_s


def main() -> None:
    """Measure both engines and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--windows", type=int, default=200, help="model calls in the tagging stage, at least")
    arguments.add_argument("--latency", type=float, default=1.0, help="seconds that the stub takes to answer")
    arguments.add_argument("--at-once", type=int, default=16, help="calls in flight at most")
    arguments.add_argument("--most", type=float, default=math.inf, help="exit with status 1 where a ratio is beyond this")
    asked = arguments.parse_args()
    done = [measure(engine, asked.windows, asked.latency, asked.at_once) for engine in ENGINES]
    for m in done:
        print(f"{m.engine:<14} {m.windows} windows: {m.wall_s:6.2f} s, ideal {m.ideal_s:6.2f} s, ratio {m.ratio:.3f}")
    sys.exit(any(m.ratio > asked.most for m in done))


def measure(engine: str, windows: int, latency_s: float, at_once: int) -> Measured:
    """Tag a made-up study of at least so many windows with this engine."""
    with tempfile.TemporaryDirectory() as folder, stub(latency_s) as url:
        settings = Settings(data_dir=Path(folder), llm_base_url=url, llm_model="stub", llm_at_once=at_once, llm_timeout_s=60)
        app = Application(settings)
        steps = timed(app)
        study = app.studies.create("Latency")
        app.ingest.upload(study.id, interviews(windows), actor="bench")
        ENGINES[engine](app, study.id)
        app.db.dispose()
    return Measured(engine, steps.windows, steps.ended - steps.began, math.ceil(steps.windows / at_once) * latency_s)


def timed(app: Application) -> TimedSteps:
    """Give an application stand-ins and steps that are timed; nothing is worded."""
    app.__dict__.update({"embedder": HashEmbedder(), "redactor": WordRedactor()})
    steps = TimedSteps(
        store=app.store,
        embedder=app.embedder,
        clusterer=app.clusterer,
        taggers=app.taggers,
        privacy=app.privacy,
        words=None,
        prices=app.prices,
    )
    app.__dict__["steps"] = steps
    return steps


def in_the_command(app: Application, study_id: str) -> None:
    """As `throughline synthesize` runs a study."""
    run_study(app, study_id, TaggerKind.LLM)


def in_the_worker(app: Application, study_id: str) -> None:
    """As the worker of `throughline serve` does it."""
    queue = EmbeddedQueue(app.settings.queue_url)
    start(app, app.settings.queue_url, "embedded", llm_at_once=app.settings.llm_at_once)
    try:
        run = app.runs.create(study_id, TaggerKind.LLM)
        queue.start(run.id, run.attempt)
        end = time.monotonic() + PATIENCE_S
        while not app.runs.get(run.id).status.ended and time.monotonic() < end:
            time.sleep(0.5)
        if app.runs.get(run.id).status is not RunStatus.SUCCEEDED:
            sys.exit(f"the run did not end well: {app.runs.get(run.id).error or app.runs.get(run.id).gaps[:1]}")
    finally:
        stop()
        queue.close()


ENGINES: dict[str, Callable[[Application, str], None]] = {"command line": in_the_command, "worker": in_the_worker}


def interviews(windows: int) -> list[Upload]:
    """Made-up interviews that are cut into at least so many windows."""
    rng = random.Random(5)  # noqa: S311 - the same words on every run
    files = math.ceil(windows / WINDOWS_A_TRANSCRIPT)
    return [Upload(f"{n:03}.txt", interview(rng, WINDOWS_A_TRANSCRIPT * QUOTES_A_WINDOW).encode()) for n in range(files)]


def interview(rng: random.Random, quotes: int) -> str:
    """Questions, and answers of two sentences each."""
    turns = []
    for n in range(quotes):
        said = " ".join(f"{' '.join(rng.choices(WORDS, k=11)).capitalize()}." for _ in range(2))
        turns.append(f"Ann Interviewer: And what happened then, after the {rng.choice(WORDS)} of day {n}?\n\nBea Larsson: {said}")
    return "\n\n".join(turns)


@contextmanager
def stub(latency_s: float) -> Iterator[str]:
    """An endpoint in a process of its own that tags every quote alike after `latency_s` seconds; gives its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(latency_s, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def _serve(latency_s: float, told: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            end = time.monotonic() + latency_s
            body = json.dumps(_answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))).encode()
            time.sleep(max(0.0, end - time.monotonic()))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    server = Server(("127.0.0.1", 0), Handler)
    told.send(server.server_port)
    server.serve_forever()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    told = request["messages"][1]["content"]
    stages = re.findall(r"^- ([\w-]+): ", told.partition("<data>")[0], re.MULTILINE)
    numbers = map(int, re.findall(r"^<q n=(\d+)", told.partition("<data>")[2], re.MULTILINE))
    content = json.dumps({"q": [{"n": n, "s": stages[n % len(stages)], **TAGS} for n in numbers]})
    return {
        "id": "stub",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": len(told) // 4, "completion_tokens": len(content) // 4, "total_tokens": (len(told) + len(content)) // 4},
    }


if __name__ == "__main__":
    main()
