"""Where an interview can be heard: an address that people gave. It is linked to and never fetched."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.errors import InvalidInput

TOLD_AS = ("recording", "media", "recording url")
"""What files and tables call it."""
_LONGEST = 2000
_TIME = "t="
_SECOND_MS = 1000


def recording_address(given: str) -> str:
    """The address of a recording as it is kept; raises `InvalidInput` for whatever is no plain web address."""
    address = given.strip()
    try:
        parts = urlsplit(address)
        named = parts.hostname
    except ValueError:
        raise InvalidInput("the address of the recording cannot be read; copy it again from your browser") from None
    if parts.scheme not in {"http", "https"} or not named:
        raise InvalidInput("the address of a recording begins with https:// or http://, such as https://media.example/interview-3.mp4")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("the address of the recording holds a name or a password; leave them out, whoever reads this study sees them")
    if len(address) > _LONGEST or any(c.isspace() or not c.isprintable() for c in address):
        raise InvalidInput(f"the address of a recording has no blanks and at most {_LONGEST} characters")
    return address


def told_recording(facts: Mapping[str, str]) -> str | None:
    """The address among facts about a talk (keys in lower case); None where there is none, or what stands there is no address."""
    for key in TOLD_AS:
        try:
            return recording_address(facts.get(key, ""))
        except InvalidInput:
            continue
    return None


def listen_at(address: str, ms: int) -> str:
    """The address with the second at which to begin (`#t=312`); whatever else stood behind its `#` stays."""
    page, _, place = address.partition("#")
    others = [part for part in place.split("&") if part and not part.startswith(_TIME)]
    return f"{page}#{'&'.join([*others, f'{_TIME}{ms // _SECOND_MS}'])}"
