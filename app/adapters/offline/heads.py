"""The fitted linear heads: from pooled hidden layers to calibrated probabilities, and how neighbouring quotes inform each other."""

import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapters.offline.cues import channel_cues
from app.domain.tags import BASE_VALENCE, DEFAULT_STAGE_KEYS, NO_STAGE, Emotion, Experience
from app.errors import AssetError

Array = NDArray[np.float32]
FIELDS = ("stage", "channel", "emotion", "experience")
STAGE_STATES = (*DEFAULT_STAGE_KEYS, NO_STAGE)
CUE_FIELDS = frozenset({"stage", "channel"})
"""Fields whose head also sees which channel words occur; emotion and experience gained nothing from it (measured)."""
CUE_SCALE = 10.0
"""Size of a cue beside standardised hidden units, so that the penalty does not shrink away 13 columns among 1,165."""
WEIGHTS_PATH = Path(__file__).with_name("weights.npz")


@dataclass(frozen=True, slots=True)
class Head:
    """One field's softmax layer: `weights` (features, classes), standardisation and temperature folded in.

    `prior` is each class's share in training.
    """

    classes: tuple[str, ...]
    weights: Array
    bias: Array
    prior: Array

    def probabilities(self, features: Array) -> Array:
        """Calibrated probabilities, (n, classes)."""
        return softmax(features @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class Heads:
    """All four heads, and the hash of the file they came from."""

    by_field: dict[str, Head]
    sha256: str

    def probabilities(self, hidden: NDArray[np.float16], texts: list[str]) -> dict[str, Array]:
        """Probabilities of every field for pooled hidden layers (n, 1152) and the texts they came from."""
        features = {cued: features_of(hidden, texts, cued=cued) for cued in (False, True)}
        return {field: head.probabilities(features[field in CUE_FIELDS]) for field, head in self.by_field.items()}


def softmax(logits: Array) -> Array:
    """Row-wise softmax."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Array = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def features_of(hidden: NDArray[np.float16], texts: list[str], *, cued: bool) -> Array:
    """What a head sees: hidden units, and beside them the channel cues where the field uses them."""
    columns = hidden.astype(np.float32)
    if not cued:
        return columns
    cues = np.array([channel_cues(text) for text in texts], np.float32).reshape(len(texts), -1)
    return np.hstack([columns, CUE_SCALE * cues])


def load_heads(path: Path = WEIGHTS_PATH) -> Heads:
    """Read the fitted heads; raises `AssetError` when the file is missing or damaged."""
    try:
        data = path.read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            by_field = {field: _head(file, field) for field in FIELDS}
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise AssetError(f"{path} is missing or damaged; run `make install` again, or `make train` to fit it anew") from error
    return Heads(by_field, hashlib.sha256(data).hexdigest())


def save_heads(by_field: dict[str, Head], path: Path) -> None:
    """Write heads as plain arrays; the same heads give the same bytes."""
    arrays: dict[str, Any] = {}
    for field, head in by_field.items():
        arrays |= {f"{field}_classes": np.array(head.classes), f"{field}_weights": head.weights}
        arrays |= {f"{field}_bias": head.bias, f"{field}_prior": head.prior}
    np.savez(path, **arrays)


def _head(file: Any, field: str) -> Head:
    classes = tuple(str(name) for name in file[f"{field}_classes"])
    return Head(classes, file[f"{field}_weights"], file[f"{field}_bias"], file[f"{field}_prior"])


STAY, FORWARD, BACK = 3.0, 2.0, 1.0


def stage_transitions() -> Array:
    """How likely one stage follows another from quote to quote, (8, 8), rows sum to 1.

    A mild prior, not fitted (the labelled quotes stand alone): people stay, go forward rather than back, and rarely jump far.
    A stronger wish to stay costs more in an interview that wanders than it gains in an orderly one.
    """
    n = len(STAGE_STATES)
    table = np.ones((n, n), np.float32)
    for i in range(n - 1):
        for j in range(n - 1):
            distance = abs(i - j)
            table[i, j] = STAY if i == j else (FORWARD if j > i else BACK) / distance
    table[-1, -1] = STAY
    result: Array = table / table.sum(axis=1, keepdims=True)
    return result


def smooth(probabilities: Array, prior: Array, transitions: Array) -> Array:
    """Probabilities of each quote's class given all quotes of the window, by forward and backward passes; shapes (n, k), (k,), (k, k).

    Posteriors rather than one Viterbi path: each quote's likeliest class comes with a probability that can serve as its confidence.
    """
    n = len(probabilities)
    if n < 2:  # noqa: PLR2004 - one quote has no neighbours
        return probabilities
    evidence = probabilities / prior
    ahead, behind = np.empty_like(probabilities), np.empty_like(probabilities)
    ahead[0] = probabilities[0]
    for i in range(1, n):
        step = (ahead[i - 1] @ transitions) * evidence[i]
        ahead[i] = step / step.sum()
    behind[-1] = 1.0
    for i in range(n - 2, -1, -1):
        step = transitions @ (behind[i + 1] * evidence[i + 1])
        behind[i] = step / step.sum()
    joint = ahead * behind
    result: Array = joint / joint.sum(axis=1, keepdims=True)
    return result


def coherent(emotion: str, experience: str) -> bool:
    """Whether a feeling can colour such a moment: no pain with a pleasant feeling, no delight with an unpleasant one."""
    base = BASE_VALENCE[Emotion(emotion)]
    if emotion == Emotion.SURPRISE:
        return True
    return base == {Experience.PAIN: min(base, -1), Experience.DELIGHT: max(base, 1), Experience.NEUTRAL: 0}[Experience(experience)]


def coherence(emotions: tuple[str, ...], experiences: tuple[str, ...]) -> Array:
    """1 where emotion (column) and experience (row) go together, else 0."""
    return np.array([[coherent(emotion, experience) for emotion in emotions] for experience in experiences], np.float32)


SAID_EMOTION, SAID_EXPERIENCE = 10.0, 20.0
"""How many times likelier a feeling that is said in so many words makes itself, and the experience that goes with it.

Set by hand: in the labelled quotes people tell feelings as stories, and such words say nothing, so no fit could learn them; but people
do say "I was furious" as well.
"""


def heed_words(emotion: Array, experience: Array, said: Sequence[Collection[str]], emotions: Sequence[str], allowed: Array) -> None:
    """Shift both probabilities, in place, towards what each quote says in so many words; words of both signs cancel out."""
    for row, words in enumerate(said):
        columns = [emotions.index(word) for word in words]
        signs = allowed[:, columns].max(axis=1) if columns else np.zeros(len(allowed), np.float32)
        if signs.sum() != 1:
            continue
        emotion[row, columns] *= SAID_EMOTION
        experience[row] *= np.where(signs > 0, SAID_EXPERIENCE, 1)
        emotion[row] /= emotion[row].sum()
        experience[row] /= experience[row].sum()


def best_pairs(emotion: Array, experience: Array, allowed: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each quote an (emotion, experience) that go together, as class indices.

    It is the likeliest experience, and the likeliest feeling that goes with it. The experience leads because it is the surer head;
    letting the emotion head vote on it made both worse or no better.
    """
    chosen = experience.argmax(axis=1)
    return (emotion * allowed[chosen]).argmax(axis=1), chosen
