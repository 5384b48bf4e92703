"""Azure Speech: batch transcription (`recognizedPhrases`, times in ticks) and fast transcription (`phrases`, milliseconds)."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Speech, json_reader
from .times import MILLISECONDS, TICKS, ms_of
from .values import dig, facts, first_of, label_of, listed, number, objects

_TEXTS = ("display", "itn", "lexical")
_LOOKED_AT = 3


def _holds(value: Any) -> bool:
    if any("nBest" in phrase for phrase in objects(value, "recognizedPhrases")[:_LOOKED_AT]):
        return True
    phrases = objects(value, "phrases")[:_LOOKED_AT]
    return (
        "combinedPhrases" in value
        if phrases
        else isinstance(value, dict) and {"combinedRecognizedPhrases", "combinedPhrases"} & value.keys() != set()
    )


def _read(value: Any) -> Reading:
    phrases = listed(value, "recognizedPhrases") or listed(value, "phrases")
    by_channel = len({str(channel) for phrase in phrases if (channel := dig(phrase, "channel")) is not None}) > 1
    speech = Speech(noun="phrase")
    for at, phrase in _in_time(phrases) if by_channel else enumerate(phrases, 1):
        start_ms, length_ms = _time(phrase, "offset"), _time(phrase, "duration")
        end_ms = start_ms + length_ms if start_ms is not None and length_ms is not None else None
        text = phrase if isinstance(phrase, str) else first_of(dig(phrase, "nBest", 0), _TEXTS) or dig(phrase, "text")
        speech.add(at, _speaker(phrase, by_channel=by_channel), text, start_ms, end_ms, MILLISECONDS)
    if not phrases:
        for at, phrase in enumerate(objects(value, "combinedRecognizedPhrases") or objects(value, "combinedPhrases"), 1):
            speech.add(at, None, first_of(phrase, (*_TEXTS, "text")))
    return speech.reading(facts(date=dig(value, "timestamp"), language=next((dig(p, "locale") for p in phrases), None)))


def _in_time(phrases: list[Any]) -> list[tuple[int, Any]]:
    """Phrases of several channels, numbered as in the file, in the order in which they were said; one without a time stays behind."""
    timed, latest = [], 0
    for at, phrase in enumerate(phrases, 1):
        start_ms = _time(phrase, "offset")
        latest = latest if start_ms is None else start_ms
        timed.append((latest, at, phrase))
    return [(at, phrase) for _, at, phrase in sorted(timed, key=lambda item: item[:2])]


def _speaker(phrase: Any, *, by_channel: bool) -> str | None:
    who, channel = label_of(dig(phrase, "speaker")), number(dig(phrase, "channel"))
    if not by_channel or channel is None:
        return who
    return f"Channel {channel:.0f} {who}" if who else f"Channel {channel:.0f}"


def _time(phrase: Any, what: str) -> int | None:
    """Milliseconds of an offset or a duration, by the key that says its unit, else as `PT1.2S` or in milliseconds."""
    ticks, milliseconds = dig(phrase, f"{what}InTicks"), dig(phrase, f"{what}Milliseconds")
    if ticks is not None:
        return ms_of(ticks, TICKS)
    return ms_of(dig(phrase, what) if milliseconds is None else milliseconds, MILLISECONDS)


AZURE = json_reader(
    "azure-json",
    _holds,
    _read,
    title="Azure Speech (JSON)",
    reads="batch (`recognizedPhrases`) and fast transcription (`phrases`): the first display text, speakers, channels",
    loses="alternatives after the first, confidences",
)
