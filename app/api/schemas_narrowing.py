"""What the wire looks like of the part of a map that is asked for; see `app.api.schemas`."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.api.schemas import In
from app.domain.narrowing import Narrowing
from app.domain.tags import Channel, Experience

Personas = Annotated[list[str], Field(default_factory=list, description="Ids of personas, or their names.")]
Participants = Annotated[list[str], Field(default_factory=list, description="Ids of participants, or their pseudonyms.")]
Channels = Annotated[list[Channel], Field(default_factory=list)]
Experiences = Annotated[list[Experience], Field(default_factory=list)]
Themes = Annotated[list[str], Field(default_factory=list, description="Ids of themes; quotes of the themes within one count.")]
Confidence = Annotated[float, Field(ge=0, le=1, description="Tags at least so sure.")]


class NarrowingIn(In):
    """Which part of a map is wanted: of each parameter any of the values that are given counts, all parameters together must hold."""

    persona: Personas
    participant: Participants
    channel: Channels
    experience: Experiences
    theme: Themes
    confidence: Confidence = 0.0

    def narrowing(self) -> Narrowing:
        """The same as the house knows it."""
        return Narrowing(
            personas=tuple(self.persona),
            participants=tuple(self.participant),
            channels=tuple(channel.value for channel in self.channel),
            experiences=tuple(experience.value for experience in self.experience),
            themes=tuple(self.theme),
            confidence=self.confidence,
        )


class MapAskedIn(NarrowingIn):
    """Which map is wanted, and how much of it."""

    quotes: bool = Field(True, description="Whether the quotes that are cited come along; without their words a large map comes quickly.")


class CitedAskedIn(NarrowingIn):
    """Which evidence is wanted."""

    offset: int = Field(0, ge=0, description="`next_offset` of the page before.")


class ComparisonAskedIn(In):
    """Which two parts of a map are compared; a side of which nothing is said is the whole map."""

    left_persona: Personas
    left_participant: Participants
    left_channel: Channels
    left_experience: Experiences
    left_theme: Themes
    left_confidence: Confidence = 0.0
    right_persona: Personas
    right_participant: Participants
    right_channel: Channels
    right_experience: Experiences
    right_theme: Themes
    right_confidence: Confidence = 0.0

    def left(self) -> Narrowing:
        """The part on the left."""
        return self._side("left")

    def right(self) -> Narrowing:
        """The part on the right."""
        return self._side("right")

    def _side(self, side: str) -> Narrowing:
        return NarrowingIn(**{name: getattr(self, f"{side}_{name}") for name in NarrowingIn.model_fields}).narrowing()


class NarrowingOut(BaseModel):
    """What a map is narrowed to, empty is everything; `of_participants` is how many there are on the whole map."""

    personas: list[str]
    participants: list[str]
    channels: list[Channel]
    experiences: list[Experience]
    themes: list[str]
    confidence: float
    of_participants: int


class NarrowedOut(BaseModel):
    """How many quotes support a statement on the whole map; its sentence may have been written with all of them in view."""

    of: int
