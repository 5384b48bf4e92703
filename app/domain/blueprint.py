"""What the business does in a stage: written by people, without evidence."""

from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 300
"""Characters of what is done; it is a line on a map."""


class Line(StrEnum):
    """Where it is done: in front of the customer, behind the line of visibility, or by what supports those who do it."""

    FRONT = "front"
    BACK = "back"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class BusinessAction:
    """One thing the business does in a stage of a map; `position` orders those of one map."""

    id: str
    map_id: str
    stage_id: str
    line: Line
    text: str
    position: int
