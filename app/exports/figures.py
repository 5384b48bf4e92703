"""Numbers, lengths and dates as people read them, in the language of the page that is being drawn."""

from datetime import datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from app.exports.catalogue import ENGLISH, _, ngettext, spoken

_MINUTE_S = 60
_HOUR_MIN = 60
_LEFT_TO_RIGHT = "\u200e"


def number(n: int) -> str:
    """A whole number: `1,204`."""
    return f"{n:,}" if spoken() is ENGLISH else format_decimal(n, locale=spoken().locale)


def decimal(value: float, digits: int = 1) -> str:
    """A number with so many digits behind the point: `0.4`, `−0.25`."""
    written = f"{value:.{digits}f}"
    if spoken() is not ENGLISH:
        written = format_decimal(Decimal(written), format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=spoken().locale)
    return _with_sign(written.replace("-", "−"))


def _with_sign(written: str) -> str:
    """A number whose sign stays before it, also among words that run from right to left."""
    return f"{_LEFT_TO_RIGHT}{written}" if spoken().direction == "rtl" and not written[0].isdecimal() else written


def signed(value: float) -> str:
    """A score with its sign and one decimal: `+1.2`, `−0.8`, `0.0`."""
    rounded = round(value, 1)
    if not rounded:
        return decimal(0.0)
    return _with_sign(f"{'+' if rounded > 0 else '−'}{decimal(abs(rounded))}")


def percent(share: float) -> str:
    """A share of 1 as a whole percentage; what is above nothing never reads as nothing."""
    whole = round(share * 100)
    if share > 0 and not whole:
        return _("under {share}").format(share=_percentage(1))
    return _percentage(whole)


def _percentage(whole: int) -> str:
    return f"{whole}%" if spoken() is ENGLISH else format_percent(Decimal(whole) / 100, locale=spoken().locale)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 quote`, `1,204 quotes`; noun and plural are English, and the catalogue has them with their number."""
    return ngettext(*counting(noun, plural), n).format(n=number(n))


def counting(noun: str, plural: str | None = None) -> tuple[str, str]:
    """The words for one and for many of something, as the catalogue has them: `{n} quote` and `{n} quotes`."""
    return f"{{n}} {noun}", f"{{n}} {plural or noun + 's'}"


def of_participants(n: int, of: int) -> str:
    """People, not quotes, are counted: `3 of 5 participants`."""
    return ngettext("{n} of {of} participant", "{n} of {of} participants", of).format(n=number(n), of=number(of))


def time_code(ms: int | None) -> str:
    """A place in a recording, `m:ss` or `h:mm:ss`; milliseconds in, empty where the file has no times."""
    if ms is None:
        return ""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def duration(ms: int | None) -> str:
    """A duration as a length: `40 s`, `26 min`, `1 h 12 min`; milliseconds in."""
    if ms is None:
        return _("no times")
    seconds = round(ms / 1000)
    if seconds < _MINUTE_S:
        return _("{n} s").format(n=seconds)
    minutes = round(seconds / 60)
    if minutes < _HOUR_MIN:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes) if minutes else _("{n} h").format(n=hours)


def took(start: str | datetime, end: str | datetime) -> str:
    """How long something took, from two ISO times: `12 s`, `4 min`."""
    return duration(round((_parsed(end) - _parsed(start)).total_seconds() * 1000))


def _parsed(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def day(value: str | datetime | None) -> str:
    """An ISO date or time as `4 June 2025`."""
    return "" if value is None else format_date(_parsed(value), "long", locale=spoken().locale)


def moment(value: str | datetime | None) -> str:
    """An ISO time as `4 June 2025, 14:02`."""
    if value is None:
        return ""
    return _("{day}, {time}").format(day=day(value), time=format_time(_parsed(value), "short", locale=spoken().locale))
