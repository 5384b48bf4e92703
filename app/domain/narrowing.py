"""What part of a map is looked at: some of its people, channels, themes, and how sure the tags must be."""

from dataclasses import dataclass

from app.domain.tags import Channel, Experience
from app.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A way to look at a map without making another: within each field any of the values counts, all fields together must hold.

    `personas`, `participants` and `themes` are ids; `confidence` (0 to 1) is how sure the tags must be at least. Raises `InvalidInput`.
    """

    personas: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    experiences: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    confidence: float = 0.0

    def __post_init__(self) -> None:
        for values, known, what in ((self.channels, Channel, "channel"), (self.experiences, Experience, "experience")):
            if unknown := set(values) - {member.value for member in known}:
                raise InvalidInput(f"there is no {what} “{min(unknown)}”; choose among {', '.join(member.value for member in known)}")
        if not 0 <= self.confidence <= 1:
            raise InvalidInput("confidence goes from 0 to 1")

    def __bool__(self) -> bool:
        return self != Narrowing()
