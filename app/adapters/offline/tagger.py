"""The offline tagger: tags from the embedding's own forward pass, without a language model."""

from collections.abc import Callable, Sequence

import numpy as np

from app.adapters.offline import cues
from app.adapters.offline.heads import (
    STAGE_STATES,
    Array,
    Heads,
    best_pairs,
    coherence,
    heed_words,
    load_heads,
    smooth,
    softmax,
    stage_transitions,
)
from app.domain.stages import Stage
from app.domain.tags import NO_STAGE, Channel, Emotion, Experience, Tags
from app.ports import Embedder, Foreseen, Window, WindowTags

FOREIGN_CONFIDENCE = 0.3
"""Cap for languages other than English: heads and cues have seen nothing else."""
PROTOTYPE_CONFIDENCE = 0.35
"""Cap where the stage was matched by its definition alone (measured elsewhere: kappa about 0.25)."""
PROTOTYPE_SHARPNESS = 20.0
"""Cosine differences of 0.1 between definitions make the nearer one about seven times as likely."""


class OfflineTagger:
    """Judges quotes with small fitted heads and word cues; knows English, the default stages, and custom stages by `base` or definition.

    A tag set's confidence is the mean of the calibrated probabilities of its stage, channel, emotion and experience: the share of these
    four that may be expected to be right. Touchpoint, kind and intensity rest on word cues, carry no probability, and are guesses.
    """

    source = "offline"
    model = "offline/1"
    window_size = 400

    def __init__(self, embedder: Embedder, heads: Heads | None = None) -> None:
        self._embedder = embedder
        self._heads = heads or load_heads()
        self._prototypes: dict[tuple[str, ...], Array] = {}
        self.prompt = f"weights-1@{self._heads.sha256[:8]}"
        emotion, experience = self._heads.by_field["emotion"], self._heads.by_field["experience"]
        self._allowed = coherence(emotion.classes, experience.classes)
        stage = self._heads.by_field["stage"]
        self._stage_order = [stage.classes.index(key) for key in STAGE_STATES]
        self._transitions = stage_transitions()

    def tag(self, window: Window) -> WindowTags:
        """Tag every quote of the window; `window.encoding.hidden` must hold a row per quote."""
        if not window.quotes:
            return WindowTags({})
        texts = [quote.text for quote in window.quotes]
        chances = self._heads.probabilities(window.encoding.hidden, texts)
        order = self._stage_order
        states = smooth(chances["stage"][:, order], self._heads.by_field["stage"].prior[order], self._transitions)
        stages = place_stages(states, window.stages, window.encoding.vectors, self._prototypes_of)
        channel, emotion, experience = (self._heads.by_field[field].classes for field in ("channel", "emotion", "experience"))
        said = [cues.feelings(text) for text in texts]
        heed_words(chances["emotion"], chances["experience"], said, emotion, self._allowed)
        channels = chances["channel"].argmax(axis=1)
        emotions, experiences = best_pairs(chances["emotion"], chances["experience"], self._allowed)
        named = [*(stage.id for stage in window.stages), NO_STAGE]
        by_definition = {stage.id for stage in window.stages if not stage.base}
        tags: dict[int, Tags] = {}
        for row, quote in enumerate(window.quotes):
            place, where, felt, lived = int(stages[row].argmax()), channels[row], emotions[row], experiences[row]
            sure = float(
                stages[row, place] + chances["channel"][row, where] + chances["emotion"][row, felt] + chances["experience"][row, lived]
            )
            cap = FOREIGN_CONFIDENCE if not is_english(window.language) else PROTOTYPE_CONFIDENCE if named[place] in by_definition else 1.0
            tags[quote.number] = Tags(
                stage=named[place],
                channel=Channel(channel[where]),
                touchpoint=cues.touchpoint(quote.text, Channel(channel[where])),
                kind=cues.kind(quote.text),
                emotion=Emotion(emotion[felt]),
                intensity=cues.intensity(quote.text),
                experience=Experience(experience[lived]),
                gist=None,
                confidence=round(min(sure / 4, cap), 4),
            )
        return WindowTags(tags)

    def foresee(self, window: Window) -> Foreseen:
        """Nothing: no model is asked."""
        del window
        return Foreseen()

    def _prototypes_of(self, stages: Sequence[Stage]) -> Array:
        key = tuple(f"{stage.title}: {stage.definition}" for stage in stages)
        if key not in self._prototypes:
            self._prototypes[key] = self._embedder.encode(key).vectors
        return self._prototypes[key]


def is_english(language: str) -> bool:
    """Whether a language tag such as `en` or `en-GB` names English; an unknown language (empty) is taken for it."""
    return not language or language.lower().replace("_", "-").split("-")[0] in {"en", "eng", "english"}


def place_stages(states: Array, stages: Sequence[Stage], vectors: Array, prototypes_of: Callable[[Sequence[Stage]], Array]) -> Array:
    """From probabilities of the default stages (n, 8) to those of a study's stages and `none`, (n, stages + 1).

    A default stage's share goes to the study stage that names it as its base. Where several do, each quote's likeness to their
    definitions divides it. Stages without a base draw on likeness alone, and also get what no stage claims; without such stages
    that goes to `none`.
    """
    keys = STAGE_STATES[:-1]
    claims = np.array([[key in stage.base for key in keys] for stage in stages], np.float32).reshape(len(stages), len(keys))
    baseless = ~claims.any(axis=1)
    likeness = np.ones((len(states), len(stages)), np.float32)
    if stages and (baseless.any() or (claims.sum(axis=0) > 1).any()):
        likeness = softmax(PROTOTYPE_SHARPNESS * (vectors @ prototypes_of(stages).T))
    placed = np.zeros((len(states), len(stages) + 1), np.float32)
    placed[:, -1] = states[:, -1]
    somewhere = 1.0 - states[:, -1]
    by_likeness = likeness * baseless if baseless.any() else np.zeros_like(likeness)
    rest = states[:, :-1] * (1.0 - by_likeness.sum(axis=1, keepdims=True))
    placed[:, :-1] += by_likeness * somewhere[:, None]
    for column in range(len(keys)):
        takers = claims[:, column] if claims[:, column].any() else baseless.astype(np.float32)
        if not takers.any():
            placed[:, -1] += rest[:, column]
            continue
        shares = likeness * takers
        placed[:, :-1] += rest[:, column, None] * shares / np.maximum(shares.sum(axis=1, keepdims=True), np.float32(1e-12))
    return placed
