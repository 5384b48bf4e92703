"""Clock times in transcripts: `0:03`, `00:01:23`, `1:08:57.250`."""

import re

TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?"
_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?")
_SIXTY = 60


def milliseconds(text: str) -> int | None:
    """Milliseconds of `[h:]m:s[.fraction]`, the fraction read as a decimal one; None where it is no time of day or length."""
    match = _PARTS.fullmatch(text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    if seconds >= _SIXTY or (match[1] and minutes >= _SIXTY):
        return None
    return ((hours * _SIXTY + minutes) * _SIXTY + seconds) * 1000 + int(f"{match[4] or 0:0<3}"[:3])
