"""Who spoke: speakers of a file, the participants behind them, the personas they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.identity import derive_id


class Role(StrEnum):
    """What somebody is in the interview."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name in a file. `role` is the one in force; `role_guess` is what the code thought."""

    id: str
    transcript_id: str
    name: str
    role: Role
    role_guess: Role
    words: int
    turns: int
    participant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in a study: pseudonym (P1 …) for others, free attributes, the personas they belong to."""

    id: str
    study_id: str
    pseudonym: str
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    persona_ids: tuple[str, ...] = ()
    joined: tuple["Joined", ...] = ()
    """Who turned out to be this person too."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A participant that was joined to another; the pseudonym is retired as long as that lasts."""

    id: str
    pseudonym: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonaRule:
    """What makes somebody one of a persona by itself: an attribute with a value; case and outer blanks play no part."""

    attribute: str
    value: str

    def holds_for(self, attributes: Mapping[str, str]) -> bool:
        """Whether these attributes say so."""
        wanted, value = _plain(self.attribute), _plain(self.value)
        return any(_plain(key) == wanted and _plain(said) == value for key, said in attributes.items())


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of customer, many-to-many with participants; `rule` is None where people are named one by one."""

    id: str
    study_id: str
    name: str
    description: str = ""
    rule: PersonaRule | None = None

    @property
    def etag(self) -> str:
        """What tells whether it is still what somebody read: its name, its description and its rule."""
        rule = (self.rule.attribute, self.rule.value) if self.rule else ()
        return derive_id("persona-read", self.id, self.name, self.description, *rule)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
