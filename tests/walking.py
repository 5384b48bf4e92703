"""Which pages there are to visit: one of each kind that a link leads to."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlsplit

MOST_ASKED = 2
"""Parameters of an address; what asks for more is a combination of pages that are visited anyway."""
ID = re.compile(r"(?<=/)[0-9a-f]{16,64}(?=/|$)")


def state_of(address: str) -> str:
    """What kind of page an address leads to: ids and values play no part, which parameters are given does."""
    parts = urlsplit(address)
    return " ".join([ID.sub("*", parts.path), *sorted({name for name, _ in parse_qsl(parts.query)})])


def walk(start: Iterable[str], visit: Callable[[str], Iterable[str]]) -> set[str]:
    """Visit these addresses and, of what the pages link to, each kind once; the kinds that were seen.

    `visit` is given an address without its fragment and says where that page leads, with what is not of this house left out.
    """
    waiting, seen = [*start], set[str]()
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        if state_of(address) in seen or len(parse_qsl(urlsplit(address).query)) > MOST_ASKED:
            continue
        seen.add(state_of(address))
        waiting += visit(address)
    return seen
