"""The offline tagger: tags from the embedding's own forward pass, without a language model."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.adapters.offline import cues
from app.adapters.offline.net import Array, Judged, Nets, features_of, load_nets, softmax
from app.adapters.offline.refit import refit
from app.domain.stages import Stage
from app.domain.tags import BASE_VALENCE, DEFAULT_STAGE_KEYS, NO_STAGE, Channel, Emotion, Experience, Kind, Tags
from app.ports import Embedder, Encoding, Foreseen, Grounds, Window, WindowQuote, WindowTags

STAGE_STATES = (*DEFAULT_STAGE_KEYS, NO_STAGE)
FOREIGN_CONFIDENCE = 0.3
"""Cap for languages other than English: the nets and cues have seen nothing else."""
PROTOTYPE_CONFIDENCE = 0.35
"""Cap where the stage was matched by its definition alone (measured elsewhere: kappa about 0.25)."""
LEARNED = ("stage", "channel", "emotion", "experience", "kind")
"""Fields that a study's reviewers can shift."""
SAID_EMOTION, SAID_EXPERIENCE = 10.0, 20.0
"""How many times likelier a feeling that is said in so many words makes itself, and the experience that goes with it.

Set by hand: people mostly tell feelings as stories, so the labelled quotes hold too few such words to learn it from.
"""
PROTOTYPE_SHARPNESS = 20.0
"""Cosine differences of 0.1 between definitions make the nearer one about seven times as likely."""


class OfflineTagger:
    """Judges quotes with small fitted nets; knows English, the default stages, and custom stages by `base` or definition.

    A quote is judged with its question and the quotes around it in view. A tag set's confidence is the mean of the calibrated
    probabilities of its stage, channel, emotion and experience: the share of these four that may be expected to be right. Kind and
    intensity come from the same nets; the touchpoint rests on word cues and is a guess.
    """

    source = "offline"
    model = "offline/2"
    window_size = 400

    def __init__(self, embedder: Embedder, nets: Nets | None = None) -> None:
        self._embedder = embedder
        self._nets = nets or load_nets()
        self._prototypes: dict[tuple[str, ...], Array] = {}
        self.prompt = f"weights-2@{self._nets.sha256[:8]}"
        self._allowed = coherence(self._nets.classes["emotion"], self._nets.classes["experience"])
        self._stage_order = [self._nets.classes["stage"].index(key) for key in STAGE_STATES]

    def judge(self, window: Window) -> Judged:
        """Probabilities of every field for the window's quotes, in the order of the nets' classes, and the states behind them."""
        asked = self._embedder.glance([quote.question or "" for quote in window.quotes])
        return self._nets.judge(features_of(window.quotes, window.encoding.hidden, asked))

    def tag(self, window: Window) -> WindowTags:
        """Tag every quote of the window; `window.encoding.hidden` must hold a row per quote."""
        if not window.quotes:
            return WindowTags({})
        judged = self._judged(window)
        chances = judged.chances
        felt = [cues.feelings(quote.text) for quote in window.quotes]
        heed_words(chances["emotion"], chances["experience"], felt, self._nets.classes["emotion"], self._allowed)
        emotions, experiences = best_pairs(chances["emotion"], chances["experience"], self._allowed)
        picks = {field: shares.argmax(axis=1) for field, shares in chances.items()}
        picks |= {"emotion": emotions, "experience": experiences}
        sure = _mean_chance(chances, picks)
        named = [*(stage.id for stage in window.stages), NO_STAGE]
        by_definition = {stage.id for stage in window.stages if not stage.base}
        tags: dict[int, Tags] = {}
        for row, quote in enumerate(window.quotes):
            said = {field: names[picks[field][row]] for field, names in self._nets.classes.items() if field != "stage"}
            stage = named[picks["stage"][row]]
            cap = FOREIGN_CONFIDENCE if not is_english(window.language) else PROTOTYPE_CONFIDENCE if stage in by_definition else 1.0
            tags[quote.number] = Tags(
                stage=stage,
                channel=Channel(said["channel"]),
                touchpoint=cues.touchpoint(quote.text, Channel(said["channel"])),
                kind=Kind(said["kind"]),
                emotion=Emotion(said["emotion"]),
                intensity=1 if said["emotion"] == Emotion.NEUTRAL else int(said["intensity"]),
                experience=Experience(said["experience"]),
                gist=None,
                confidence=round(min(float(sure[row]), cap), 4),
            )
        return WindowTags(tags, grounds=Grounds({**self._nets.classes, "stage": tuple(named)}, chances, judged.states))

    def _judged(self, window: Window) -> Judged:
        """Probabilities of every field, of stages those of the study and `none`; what its reviewers decided has shifted them."""
        judged = self.judge(window)
        chances = judged.chances | {"stage": self._placed(judged, window)}
        if not window.examples or window.examples_encoding is None:
            return Judged(chances, judged.states)
        alone = [self._alone(window, row) for row in range(len(window.examples))]
        seen = [self.judge(example) for example in alone]
        base = {field: np.vstack([one.chances[field] for one in seen]) for field in LEARNED}
        base["stage"] = np.vstack([self._placed(one, example) for one, example in zip(seen, alone, strict=True)])
        said = {field: [str(getattr(example.tags, field)) for example in window.examples] for field in LEARNED}
        values = {**self._nets.classes, "stage": (*(stage.id for stage in window.stages), NO_STAGE)}
        for field, correction in refit(np.vstack([one.states for one in seen]), base, values, said).items():
            chances[field] = correction.apply(judged.states, chances[field])
        return Judged(chances, judged.states)

    def _placed(self, judged: Judged, window: Window) -> Array:
        """Probabilities of the study's stages, (n, stages + 1)."""
        return place_stages(judged.chances["stage"][:, self._stage_order], window.stages, window.encoding.vectors, self._prototypes_of)

    def _alone(self, window: Window, row: int) -> Window:
        """One example as a window of its own: what was said around it is not known here."""
        example, known = window.examples[row], window.examples_encoding
        assert known is not None  # noqa: S101  # asked before
        quote = WindowQuote(1, example.quote_id, example.text, example.question, "")
        encoding = Encoding(known.vectors[row : row + 1], known.hidden[row : row + 1])
        return replace(window, quotes=(quote,), encoding=encoding, examples=(), examples_encoding=None)

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


def coherent(emotion: str, experience: str) -> bool:
    """Whether a feeling can colour such a moment: no pain with a pleasant feeling, no delight with an unpleasant one."""
    base = BASE_VALENCE[Emotion(emotion)]
    if emotion == Emotion.SURPRISE:
        return True
    return base == {Experience.PAIN: min(base, -1), Experience.DELIGHT: max(base, 1), Experience.NEUTRAL: 0}[Experience(experience)]


def coherence(emotions: tuple[str, ...], experiences: tuple[str, ...]) -> Array:
    """1 where emotion (column) and experience (row) go together, else 0."""
    return np.array([[coherent(emotion, experience) for emotion in emotions] for experience in experiences], np.float32)


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

    It is the likeliest experience, and the likeliest feeling that goes with it: the experience is the surer of the two.
    """
    chosen = experience.argmax(axis=1)
    return (emotion * allowed[chosen]).argmax(axis=1), chosen


def _mean_chance(chances: dict[str, Array], picks: dict[str, NDArray[np.intp]]) -> Array:
    """Mean probability of the stage, channel, emotion and experience that were chosen, (n,)."""
    rows = np.arange(len(chances["stage"]))
    result: Array = np.mean([chances[f][rows, picks[f]] for f in ("stage", "channel", "emotion", "experience")], axis=0)
    return result
