"""What a map can be narrowed to: its people, channels and themes by name, and what it is narrowed to now, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.tags import Channel, Experience
from app.exports.present import percent, worded
from app.services.desk import Desk
from app.services.shapes import Shape
from app.web.map_look import FACETS, Look, narrowing_pairs

Option = tuple[str, str]
"""Value and words."""
CONFIDENCES: tuple[Option, ...] = tuple((str(share), f"At least {percent(share)} sure") for share in (0.5, 0.7, 0.9))
GONE = "No longer here"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that a map is narrowed to: its name and value in an address, and its words."""

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that can be chosen on a map, and `chips`, what is chosen."""

    personas: tuple[Option, ...]
    participants: tuple[Option, ...]
    channels: tuple[Option, ...]
    experiences: tuple[Option, ...]
    themes: tuple[Option, ...]
    chips: tuple[Chip, ...]
    confidences: tuple[Option, ...] = CONFIDENCES

    def facets(self) -> tuple[tuple[str, str, tuple[Option, ...]], ...]:
        """Name in an address, title and options of each list that has any."""
        lists = (
            ("persona", "Persona", self.personas),
            ("participant", "Participant", self.participants),
            ("experience", "Experience", self.experiences),
            ("channel", "Channel", self.channels),
            ("theme", "Theme", self.themes),
        )
        return tuple(facet for facet in lists if facet[2])


def load_choices(desk: Desk, study_id: str, whole: Shape, look: Look) -> Choices:
    """What the map `whole`, not narrowed, can be narrowed to; personas without anybody on it are left out."""
    people = {p["id"]: p["pseudonym"] for p in whole["participants"]}
    participants, _ = desk.use.people.participants(study_id)
    taken = {persona for p in participants if p.id in people for persona in p.persona_ids}
    lists: dict[str, tuple[Option, ...]] = {
        "personas": tuple((p.id, p.name) for p in desk.use.people.personas(study_id) if p.id in taken),
        "participants": tuple(people.items()),
        "channels": tuple((c.value, worded(c.value)) for c in Channel if c is not Channel.NONE),
        "experiences": tuple((e.value, worded(e.value)) for e in Experience),
        "themes": tuple((t["id"], t["label"]) for t in whole["themes"]),
    }
    return Choices(**lists, chips=chips_of(look, lists))


def chips_of(look: Look, lists: Mapping[str, Sequence[Option]]) -> tuple[Chip, ...]:
    """What a look narrows a map to, in words; what was chosen and is gone since says so, and can still be removed."""
    words = {name: dict(lists[part]) for name, part in FACETS.items()}
    return tuple(
        Chip(name, value, _confident(value) if name == "confidence" else words[name].get(value, GONE))
        for name, value in narrowing_pairs(look.narrowing)
    )


def _confident(share: str) -> str:
    return f"At least {percent(float(share))} sure"
