"""The packaged MiniLM for one short text at a time, in plain arithmetic: its vectors lie where the `Embedder`'s do, without torch.

The process that serves pages answers searches with it: ready in a quarter of a second, some milliseconds a query.
"""

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from app.adapters.sentence_transformers import DIMENSIONS, WEIGHTS, MiniLmEmbedder, model_directory
from app.errors import AssetError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = NDArray[np.float32]
LAYERS, HEADS = 6, 12
MAX_PIECES = 256
"""Word pieces after which a text is cut, as the embedder cuts it."""
BLOCK = 64 * DIMENSIONS
"""Numbers in a block of a matrix; see `_laid_out`."""
EPSILON = np.float32(1e-12)
TOKENIZER = "tokenizer.json"


class _Loaded(NamedTuple):
    tokenizer: "Tokenizer"
    weights: Mapping[str, Array]


class MiniLmQueryEncoder:
    """all-MiniLM-L6-v2 in float32; constructing is free, the weights (90 MB) are loaded at the first text.

    Raises `AssetError` where the model is missing.
    """

    name = MiniLmEmbedder.name

    def __init__(self) -> None:
        self._lock = Lock()
        self._loaded: _Loaded | None = None

    def encode_query(self, text: str) -> Array:
        """The vector of a text, (384,), of unit length."""
        tokenizer, weights = self._model()
        pieces = tokenizer.encode(text).ids
        mean = _forward(np.array(pieces, np.intp), weights).mean(axis=0)
        vector: Array = mean / np.linalg.norm(mean)
        return vector

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load()
            return self._loaded


def _load() -> _Loaded:
    from safetensors import safe_open  # noqa: PLC0415 - only who searches by meaning needs it
    from tokenizers import Tokenizer  # noqa: PLC0415 - same

    # products this small gain nothing from a second thread, and lose much where a worker has that core
    threadpool_limits(1, user_api="blas")
    directory = model_directory()
    for name in (WEIGHTS, TOKENIZER):
        if not (directory / name).is_file():
            raise AssetError(f"{directory / name} is missing; run `make install` again")
    tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    with safe_open(directory / WEIGHTS, framework="numpy") as file:
        weights = {name: _laid_out(name, file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    return _Loaded(tokenizer, weights)


def _laid_out(name: str, weight: Array) -> Array:
    """A layer's matrix (out, in) as blocks (k, in, out / k), small enough that a product with few pieces copies none of it first.

    Such a copy takes longer than the product: this halves the time of a short query.
    """
    if not name.startswith("encoder.") or weight.ndim == 1:
        return weight
    columns = BLOCK // weight.shape[1]
    return np.ascontiguousarray(weight.reshape(-1, columns, weight.shape[1]).swapaxes(1, 2))


def _forward(pieces: NDArray[np.intp], w: Mapping[str, Array]) -> Array:
    """The last hidden states (pieces, 384) of a BERT encoder (Devlin et al. 2018)."""
    named = "embeddings.{}_embeddings.weight".format
    states = w[named("word")][pieces] + w[named("position")][: len(pieces)] + w[named("token_type")][0]
    states = _normed(states, "embeddings.LayerNorm", w)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attended = _dense(_attended(states, f"{layer}.attention.self", w), f"{layer}.attention.output.dense", w)
        states = _normed(states + attended, f"{layer}.attention.output.LayerNorm", w)
        inner = _dense(states, f"{layer}.intermediate.dense", w)
        inner *= np.float32(0.5) * (1 + _erf(inner * np.float32(2**-0.5)))  # GELU
        states = _normed(states + _dense(inner, f"{layer}.output.dense", w), f"{layer}.output.LayerNorm", w)
    return states


def _attended(states: Array, name: str, w: Mapping[str, Array]) -> Array:
    """Every piece as a mixture of all, weighed by each head for itself."""
    width = DIMENSIONS // HEADS
    query, key, value = (
        _dense(states, f"{name}.{part}", w).reshape(len(states), HEADS, width).swapaxes(0, 1) for part in ("query", "key", "value")
    )
    closeness = query @ key.swapaxes(1, 2) * np.float32(width**-0.5)
    share = np.exp(closeness - closeness.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    mixed: Array = (share @ value).swapaxes(0, 1).reshape(len(states), DIMENSIONS)
    return mixed


def _erf(x: Array) -> Array:
    """The error function to within 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26); scipy's would cost half a second to import."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    series = np.zeros_like(x)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= t
    result: Array = np.copysign(1 - series * np.exp(-x * x), x)
    return result


def _dense(states: Array, name: str, w: Mapping[str, Array]) -> Array:
    result: Array = (states @ w[f"{name}.weight"]).swapaxes(0, 1).reshape(len(states), -1) + w[f"{name}.bias"]
    return result


def _normed(states: Array, name: str, w: Mapping[str, Array]) -> Array:
    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    result: Array = centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]
    return result
