"""What a map can be narrowed to: its people, channels and themes by name, and what it is narrowed to now, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.tags import Channel, Experience
from app.exports.catalogue import _, ngettext
from app.exports.figures import number, percent
from app.exports.vocabulary import worded
from app.services.desk import Desk
from app.services.shapes import Shape
from app.web.map_look import FACETS, Look, narrowing_pairs

Option = tuple[str, str]
"""Value and words."""
CONFIDENCES = (0.5, 0.7, 0.9)


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

    @property
    def confidences(self) -> tuple[Option, ...]:
        """How sure tags may be asked to be."""
        return tuple((str(share), _confident(str(share))) for share in CONFIDENCES)

    def facets(self) -> tuple[tuple[str, str, tuple[Option, ...]], ...]:
        """Name in an address, title and options of each list that has any."""
        lists = (
            ("persona", _("Persona"), self.personas),
            ("participant", _("Participant"), self.participants),
            ("experience", _("Experience"), self.experiences),
            ("channel", _("Channel"), self.channels),
            ("theme", _("Theme"), self.themes),
        )
        return tuple(facet for facet in lists if facet[2])


def load_choices(desk: Desk, study_id: str, whole: Shape, look: Look, renamed: Mapping[str, str] | None = None) -> Choices:
    """What the map `whole`, not narrowed, can be narrowed to; personas without anybody on it are left out.

    `renamed` are names by id of themes that are called otherwise on the part that is shown.
    """
    names = renamed or {}
    people = {p["id"]: p["pseudonym"] for p in whole["participants"]}
    participants, _ = desk.use.people.participants(study_id)
    taken = {persona for p in participants if p.id in people for persona in p.persona_ids}
    lists: dict[str, tuple[Option, ...]] = {
        "personas": tuple((p.id, p.name) for p in desk.use.people.personas(study_id) if p.id in taken),
        "participants": tuple(people.items()),
        "channels": tuple((c.value, worded(c.value)) for c in Channel if c is not Channel.NONE),
        "experiences": tuple((e.value, worded(e.value)) for e in Experience),
        "themes": tuple((t["id"], names.get(t["id"], t["label"])) for t in whole["themes"]),
    }
    return Choices(**lists, chips=chips_of(look, lists))


def chips_of(look: Look, lists: Mapping[str, Sequence[Option]]) -> tuple[Chip, ...]:
    """What a look narrows a map to, in words; what was chosen and is gone since says so, and can still be removed."""
    words = {name: dict(lists[part]) for name, part in FACETS.items()}
    return tuple(
        Chip(name, value, _confident(value) if name == "confidence" else words[name].get(value, _("Not on this map")))
        for name, value in narrowing_pairs(look.narrowing)
    )


def gone_words(gone: Mapping[str, int]) -> tuple[str, ...]:
    """What of a filter the study no longer has, in sentences; `gone` says how many personas, participants and themes."""
    told = []
    if n := gone.get("persona"):
        told.append(
            ngettext("A persona of this filter is no longer in the study.", "{n} personas of this filter are no longer in the study.", n)
        )
    if n := gone.get("participant"):
        told.append(
            ngettext(
                "A participant of this filter is no longer in the study.", "{n} participants of this filter are no longer in the study.", n
            )
        )
    if n := gone.get("theme"):
        told.append(
            ngettext(
                "A theme of this filter is no longer in the code book.", "{n} themes of this filter are no longer in the code book.", n
            )
        )
    return tuple(words.format(n=number(n)) for words, n in zip(told, gone.values(), strict=True))


def _confident(share: str) -> str:
    return _("At least {share} sure").format(share=percent(float(share)))
