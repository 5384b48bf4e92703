"""What a piece of work asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def noted_queries() -> Iterator[list[str]]:
    """The statements that any database was sent within the block, in their order."""
    noted: list[str] = []

    def note(*event):
        noted.append(event[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


BOUNDS = {
    "/": 15,
    "/studies/{study}": 33,
    "/studies/{study}/map": 36,
    "/studies/{study}/map?view=grid": 36,
    "/studies/{study}/map?persona={persona}": 45,
    "/studies/{study}/map?statement={statement}": 48,
    "/studies/{study}/map/compare?left_participant={person}&right_participant={other}": 40,
    "/studies/{study}/evidence?statement={statement}": 35,
    "/studies/{study}/evidence?stage={stage}": 35,
    "/studies/{study}/quotes": 38,
    "/studies/{study}/quotes?state=used&stage=use&theme={theme}": 39,
    "/studies/{study}/quotes?review=open&order=confidence": 38,
    "/quotes/{quote}": 45,
    "/transcripts/{transcript}?quote={quote}": 44,
    "/studies/{study}/coverage": 27,
    "/studies/{study}/themes": 52,
    "/studies/{study}/themes/unplaced": 43,
    "/studies/{study}/themes/plane": 34,
    "/themes/{theme}": 56,
    "/studies/{study}/codebook": 46,
    "/studies/{study}/people": 35,
    "/participants/{person}": 53,
    "/studies/{study}/opportunities": 38,
    "/studies/{study}/search": 42,
    "/studies/{study}/search?q=phone": 52,
    "/studies/{study}/stages": 26,
    "/studies/{study}/privacy": 24,
    "/runs/{run}": 15,
    "/api/v1/studies": 13,
    "/api/v1/studies/{study}": 13,
    "/api/v1/studies/{study}/transcripts": 13,
    "/api/v1/studies/{study}/participants": 10,
    "/api/v1/studies/{study}/quotes": 26,
    "/api/v1/quotes/{quote}": 24,
    "/api/v1/studies/{study}/map": 32,
    "/api/v1/maps/{map}?persona={persona}": 33,
    "/api/v1/maps/{map}/statements/{statement}": 23,
    "/api/v1/maps/{map}/curve/{stage}": 23,
    "/api/v1/statements/{statement}": 25,
    "/api/v1/maps/{map}/compare?left_participant={person}&right_participant={other}": 16,
    "/api/v1/studies/{study}/themes": 13,
    "/api/v1/themes/{theme}": 25,
    "/api/v1/studies/{study}/opportunities": 26,
    "/api/v1/runs/{run}": 15,
}
"""How many queries each page and route may issue at most, whatever a study holds: two more than it does."""
