"""How a map is looked at: which of a study's maps, narrowed to what, in which view. Read from an address, written into every link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.layout import OWN
from app.domain.narrowing import Narrowing
from app.errors import InvalidInput
from app.exports.vocabulary import LANES

FACETS: Mapping[str, str] = {
    "persona": "personas",
    "participant": "participants",
    "channel": "channels",
    "experience": "experiences",
    "theme": "themes",
}
"""Name in an address of each part of a narrowing that takes several values."""
OVERVIEW, GRID = "overview", "grid"
VIEWS = (OVERVIEW, GRID)
PERSONAS_APART = "personas"
Pairs = tuple[tuple[str, str], ...]
"""Names and values as an address has them, in order; names may repeat."""


class Asked(Protocol):
    """The query of an address."""

    def get(self, key: str, /) -> str | None: ...  # noqa: D102  # as the query of a request has it
    def getlist(self, key: str, /) -> list[str]: ...  # noqa: D102  # same


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader has chosen; `map_id` is None for the study's default map, `view` None where nothing was asked for."""

    map_id: str | None = None
    narrowing: Narrowing = field(default_factory=Narrowing)
    view: str | None = None
    hidden: tuple[str, ...] = ()
    personas_apart: bool = False

    def pairs(self) -> Pairs:
        """The choice as an address says it; what is not chosen is left out."""
        chosen = [("map", self.map_id)] if self.map_id else []
        chosen += [("view", self.view)] if self.view == GRID else []
        chosen += narrowing_pairs(self.narrowing)
        chosen += [("hide", lane) for lane in self.hidden]
        chosen += [("curves", PERSONAS_APART)] if self.personas_apart else []
        return tuple(chosen)


def narrowing_pairs(narrowing: Narrowing) -> Pairs:
    """A narrowing as an address says it."""
    pairs = [(name, value) for name, part in FACETS.items() for value in getattr(narrowing, part)]
    return (*pairs, ("confidence", f"{narrowing.confidence:g}")) if narrowing.confidence else tuple(pairs)


def read_look(asked: Asked) -> Look:
    """The choice that an address makes; raises `InvalidInput` for a channel, an experience or a confidence that cannot be."""
    lanes = {key for key, _, _ in LANES}
    parts = {part: _distinct(asked.getlist(name)) for name, part in FACETS.items()}
    view = asked.get("view")
    return Look(
        map_id=asked.get("map") or None,
        narrowing=Narrowing(**parts, confidence=_confidence(asked.get("confidence"))),
        view=view if view in VIEWS else None,
        hidden=tuple(lane for lane in _distinct(asked.getlist("hide")) if lane in lanes or lane.startswith(OWN)),
        personas_apart=asked.get("curves") == PERSONAS_APART,
    )


def without(pairs: Sequence[tuple[str, str]], names: Iterable[str], value: str | None = None) -> Pairs:
    """These pairs but those of these names, or only the one of this value."""
    dropped = set(names)
    return tuple(pair for pair in pairs if pair[0] not in dropped or (value is not None and pair[1] != value))


def with_view(pairs: Sequence[tuple[str, str]], view: str) -> Pairs:
    """The same pairs asking for this view, which goes unsaid where it is the usual one."""
    rest = without(pairs, ["view"])
    return (*rest, ("view", view)) if view == GRID else rest


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _confidence(given: str | None) -> float:
    try:
        return float(given or 0)
    except ValueError:
        raise InvalidInput("confidence goes from 0 to 1, as in confidence=0.7") from None
