"""What people say of an opportunity: who sees to it and how far it is."""

from enum import StrEnum

OPPORTUNITY = "opportunity"
"""What decisions about opportunities are about: the id of a statement of the map's opportunities lane."""


class Status(StrEnum):
    """How far an opportunity is; what nobody has decided about is proposed."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REJECTED = "rejected"


TEXT = "text"
DECIDED_FIELDS = (TEXT, "owner", "status", "note", "priority")
"""What people may decide; text and priority stand in for what the map says."""
