"""Clock times in transcripts: `0:03`, `00:01:23`, `1:08:57.250`."""

import re

TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?"
_PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?")
_SIXTY = 60


def written(ms: int) -> str:
    """Milliseconds as `h:mm:ss.mmm`, which `milliseconds` reads."""
    minutes, rest = divmod(ms, _SIXTY * 1000)
    hours, minutes = divmod(minutes, _SIXTY)
    return f"{hours}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def milliseconds(text: str) -> int | None:
    """Milliseconds of `[h:]m:s[.fraction]`, the fraction read as a decimal one; None where it is no time of day or length."""
    match = _PARTS.fullmatch(text)
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups()
    m, s = int(minutes), int(seconds)
    if s >= _SIXTY or (hours and m >= _SIXTY):
        return None
    whole = ((int(hours) * _SIXTY if hours else 0) + m) * _SIXTY + s
    return whole * 1000 + (int(f"{fraction:0<3}"[:3]) if fraction else 0)
