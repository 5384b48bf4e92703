"""The fitted net: from what the encoder shows of a transcript's quotes to each quote's tags, its neighbours and question in view.

Small enough for plain arrays: a layer a quote, two convolutions along the transcript, a softmax a field; a few such nets are averaged.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # no types

from app.adapters.offline.cues import channel_cues
from app.errors import AssetError
from app.ports import WindowQuote

Array = NDArray[np.float32]
FIELDS = ("stage", "channel", "emotion", "experience", "kind", "intensity")
WEIGHTS_PATH = Path(__file__).with_name("weights.npz")
WIDTH = 5
"""Quotes a convolution sees; the second one skips every other quote, so that six on each side count."""
CUE_SCALE = 3.0
LONG_WORDS, WORD_SCALE = 60, 30.0
NO_PLACE = 0.4
"""Where in its interview a quote is taken to stand that came alone."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A linear layer: `weights` (in, out) and bias."""

    weights: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Net:
    """One fitted net: the layer a quote, the convolutions (WIDTH · in, out), a head a field."""

    inner: Layer
    near: Layer
    far: Layer
    heads: Mapping[str, Layer]

    def states(self, own: Array) -> Array:
        """What the heads see of each quote, (n, states), given what the inner layer made of the window's quotes in order."""
        near = _relu(_around(own, 1) @ self.near.weights + self.near.bias)
        far = near + _relu(_around(near, 2) @ self.far.weights + self.far.bias)
        return np.hstack([own, far])


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities of every field, (n, classes), and the states behind them, (n, states)."""

    chances: dict[str, Array]
    states: Array


@dataclass(frozen=True)
class Nets:
    """All nets with what their features are standardised by, their classes, a temperature a field, and the hash of their file."""

    nets: tuple[Net, ...]
    mean: Array
    scale: Array
    classes: Mapping[str, tuple[str, ...]]
    temperatures: Mapping[str, float]
    sha256: str

    def judge(self, features: Array) -> Judged:
        """Judge the quotes of a window from raw features (see `features_of`)."""
        columns = standardised(features, self.mean, self.scale)
        with _threads().limit(limits=1):  # matrices this small lose more to waiting threads than they gain
            return self._judge(_relu(columns @ self._inner.weights + self._inner.bias))

    @cached_property
    def _inner(self) -> Layer:
        """The inner layers of all nets side by side: one product in place of several."""
        layers = [net.inner for net in self.nets]
        return Layer(np.hstack([layer.weights for layer in layers]), np.hstack([layer.bias for layer in layers]))

    def _judge(self, own: Array) -> Judged:
        states = [net.states(part) for net, part in zip(self.nets, np.hsplit(own, len(self.nets)), strict=True)]
        chances = {}
        for field in FIELDS:
            each = [softmax(s @ net.heads[field].weights + net.heads[field].bias) for net, s in zip(self.nets, states, strict=True)]
            chances[field] = softmax(np.log(np.mean(each, axis=0) + 1e-9) / self.temperatures[field])
        return Judged(chances, np.hstack(states))


def features_of(quotes: Sequence[WindowQuote], hidden: NDArray[np.float16], asked: Array) -> Array:
    """Raw features of a window's quotes, in order: hidden units, the question's words, channel cues, place, turn, length.

    `hidden` (n, 1152) is the encoder's, `asked` (n, 384) the mean of the question's word pieces, zero where nothing was asked.
    """
    cues = CUE_SCALE * np.array([channel_cues(quote.text) for quote in quotes], np.float32).reshape(len(quotes), -1)
    places = np.linspace(0.0, 1.0, len(quotes), dtype=np.float32) if len(quotes) > 1 else np.full(1, NO_PLACE, np.float32)
    before = [None, *(quote.question for quote in quotes[:-1])]
    new = [float(i == 0 or quote.question != last) for i, (quote, last) in enumerate(zip(quotes, before, strict=True))]
    long = [min(len(quote.text.split()), LONG_WORDS) / WORD_SCALE - 1.0 for quote in quotes]
    silent = [float(not quote.question) for quote in quotes]
    told = np.column_stack([places, places**2, (1.0 - places) ** 2, new, long, silent]).astype(np.float32)
    return np.hstack([hidden.astype(np.float32), asked, cues, told])


def standardised(features: Array, mean: Array, scale: Array) -> Array:
    """Hidden units and question words centred and scaled, a missing question left at zero; the columns after them as they are."""
    columns = features.copy()
    known = len(mean)
    asked = slice(known - 384, known)
    silent = ~features[:, asked].any(axis=1)
    columns[:, :known] = (features[:, :known] - mean) / scale
    columns[silent, asked] = 0.0
    return columns


def softmax(logits: Array) -> Array:
    """Row-wise softmax."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Array = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


@cache
def _threads() -> Any:
    return ThreadpoolController()


def _relu(values: Array) -> Array:
    result: Array = np.maximum(values, 0.0)
    return result


def _around(states: Array, step: int) -> Array:
    """Each row beside its neighbours `step` apart, WIDTH rows in all, zero beyond the ends; (n, WIDTH · k)."""
    reach = WIDTH // 2 * step
    padded = np.pad(states, ((reach, reach), (0, 0)))
    return np.hstack([padded[i * step : i * step + len(states)] for i in range(WIDTH)])


def load_nets(path: Path = WEIGHTS_PATH) -> Nets:
    """Read the fitted nets; raises `AssetError` when the file is missing or damaged."""
    try:
        data = path.read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        return _nets(arrays, hashlib.sha256(data).hexdigest())
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise AssetError(f"{path} is missing or damaged; run `make install` again, or `make train` to fit it anew") from error


def _nets(arrays: dict[str, Any], sha256: str) -> Nets:
    def layer(name: str) -> Layer:
        return Layer(arrays[f"{name}.weights"].astype(np.float32), arrays[f"{name}.bias"].astype(np.float32))

    return Nets(
        nets=tuple(
            Net(layer(f"{n}.inner"), layer(f"{n}.near"), layer(f"{n}.far"), {field: layer(f"{n}.{field}") for field in FIELDS})
            for n in range(int(arrays["nets"]))
        ),
        mean=arrays["mean"],
        scale=arrays["scale"],
        classes={field: tuple(map(str, arrays[f"{field}.classes"])) for field in FIELDS},
        temperatures={field: float(arrays[f"{field}.temperature"]) for field in FIELDS},
        sha256=sha256,
    )
