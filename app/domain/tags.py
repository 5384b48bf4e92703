"""Tags: what was judged of a quote, from closed sets (DESIGN §7)."""

from dataclasses import dataclass
from enum import StrEnum

NO_STAGE = "none"
REVIEWED_FIELDS = ("stage", "channel", "touchpoint", "kind", "emotion", "intensity", "experience")
"""Tags that people decide about; a gist is a model's own note, a confidence says how sure it was."""
DEFAULT_STAGE_KEYS = ("awareness", "consideration", "purchase", "onboarding", "use", "support", "loyalty")


class Channel(StrEnum):
    """Where the interaction took place."""

    WEBSITE = "website"
    APP = "app"
    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"
    SOCIAL = "social"
    SEARCH = "search"
    AD = "ad"
    REVIEW = "review"
    WORD_OF_MOUTH = "word_of_mouth"
    IN_PERSON = "in_person"
    DOCS = "docs"
    BILLING = "billing"
    NONE = "none"


class Kind(StrEnum):
    """What sort of remark it is; it feeds the lanes."""

    ACTION = "action"
    THOUGHT = "thought"
    NEED = "need"
    OTHER = "other"


class Emotion(StrEnum):
    """What the participant felt."""

    DELIGHT = "delight"
    SATISFACTION = "satisfaction"
    RELIEF = "relief"
    TRUST = "trust"
    EXCITEMENT = "excitement"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"
    CONFUSION = "confusion"
    ANXIETY = "anxiety"
    FRUSTRATION = "frustration"
    DISAPPOINTMENT = "disappointment"
    ANGER = "anger"


class Experience(StrEnum):
    """Whether the moment was bad, good or neither."""

    PAIN = "pain"
    DELIGHT = "delight"
    NEUTRAL = "neutral"


BASE_VALENCE = {
    Emotion.DELIGHT: 2,
    Emotion.EXCITEMENT: 2,
    Emotion.SATISFACTION: 1,
    Emotion.RELIEF: 1,
    Emotion.TRUST: 1,
    Emotion.SURPRISE: 0,
    Emotion.NEUTRAL: 0,
    Emotion.CONFUSION: -1,
    Emotion.ANXIETY: -1,
    Emotion.DISAPPOINTMENT: -1,
    Emotion.FRUSTRATION: -1,
    Emotion.ANGER: -2,
}
MAX_VALENCE = 2
STRONG = 3


def valence(emotion: Emotion, intensity: int) -> int:
    """Computed, not guessed: −2…+2 from emotion; intensity 3 moves it one further out, 0 stays 0."""
    base = BASE_VALENCE[emotion]
    if intensity >= STRONG and base:
        base += 1 if base > 0 else -1
    return max(-MAX_VALENCE, min(MAX_VALENCE, base))


@dataclass(frozen=True, slots=True)
class Tags:
    """One judgement of one quote. `stage` is a stage id of the study, or "none"; `touchpoint` is a noun phrase or None."""

    stage: str
    channel: Channel
    touchpoint: str | None
    kind: Kind
    emotion: Emotion
    intensity: int
    experience: Experience
    gist: str | None
    confidence: float

    def __post_init__(self) -> None:
        if not 1 <= self.intensity <= STRONG:
            raise ValueError(f"intensity must be 1 to 3, not {self.intensity}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must be 0 to 1, not {self.confidence}")

    @property
    def valence(self) -> int:
        """−2…+2."""
        return valence(self.emotion, self.intensity)
