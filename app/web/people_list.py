"""The list of a study's people in pages: which of them a page shows, and where in the list somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import NotFound
from app.exports.catalogue import ngettext
from app.services.desk import Desk

LISTED = 24
"""People on a page."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page `number`, from 1, of a list of `total`; the first page of an empty list has nobody."""

    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // LISTED))

    @property
    def first(self) -> int:
        """The place of the first on this page, from 1."""
        return (self.number - 1) * LISTED + 1

    @property
    def last(self) -> int:
        """The place of the last on this page, from 1; 0 in an empty list."""
        return min(self.number * LISTED, self.total)

    @property
    def part(self) -> slice:
        """What of the list is on this page."""
        return slice(self.first - 1, self.last)


def list_page(number: int, total: int) -> ListPage:
    """The page of this number, from 1; raises `NotFound` beyond the last one."""
    found = ListPage(number, total)
    if number > found.pages:
        past = ngettext(
            "the people of this study are on one page, so there is no page {number}; go back to the first",
            "the people of this study are on {n} pages, so there is no page {number}; go back to the first",
            found.pages,
        )
        raise NotFound(past.format(n=found.pages, number=number))
    return found


def place_in_list(listed: Sequence[str], participant_id: str) -> int:
    """The number of the page on which somebody is, by the ids of all in their order; the first page for who is not listed."""
    return listed.index(participant_id) // LISTED + 1 if participant_id in listed else 1


def list_address(study_id: str, number: int = 1) -> str:
    """Where a page of the list is."""
    return f"/studies/{study_id}/people" + (f"?page={number}" if number > 1 else "")


def person_address(desk: Desk, participant_id: str) -> str:
    """Where the list of people shows somebody; raises `NotFound`."""
    people = desk.use.people
    study_id = people.participant(participant_id)[0].study_id
    listed = [p.id for p in people.participants(study_id)[0]]
    return f"{list_address(study_id, place_in_list(listed, participant_id))}#person-{participant_id}"
