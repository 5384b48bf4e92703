"""Speechmatics: v2 (`results` of words and punctuation) and v1 (`speakers` beside `words`)."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from app.stages.parse.source import Reading

from .speech import NOBODY, Speech, json_reader
from .times import ms_of
from .values import dig, facts, label_of, objects, words_in
from .words import Word

_UNKNOWN = "UU"
_LOOKED_AT = 3
_SPOKEN = ("word", "punctuation", "entity")


def _holds(value: Any) -> bool:
    if objects(value, "speakers") and any({"name", "time", "duration"} <= word.keys() for word in objects(value, "words")[:_LOOKED_AT]):
        return True
    items = [item for item in objects(value, "results")[:_LOOKED_AT] if "alternatives" in item]
    if any(item.get("type") in _SPOKEN for item in items):
        return True
    return isinstance(dig(value, "results"), list) and dig(value, "metadata", "type") == "transcription"


def _read(value: Any) -> Reading:
    speech = Speech(noun="word")
    if objects(value, "results"):
        speech.add_words(_words(value))
        language, date = dig(value, "metadata", "transcription_config", "language"), dig(value, "metadata", "created_at")
        return speech.reading(facts(title=dig(value, "job", "data_name"), date=date, language=language))
    speech.add_words(_first_version(value))
    job = dig(value, "job")
    return speech.reading(facts(title=dig(job, "name"), date=dig(job, "created_at"), language=dig(job, "lang")))


def _words(value: Any) -> Iterator[Word]:
    joined = dig(value, "metadata", "language_pack_info", "word_delimiter") == ""
    for item in objects(value, "results"):
        best = dig(item, "alternatives", 0)
        text = words_in(dig(best, "content"))
        if not text or item.get("type") not in (*_SPOKEN, None):
            continue
        who = label_of(dig(best, "speaker")) or label_of(item.get("channel"))
        attaches = item.get("attaches_to")
        signs = item.get("type") == "punctuation"
        yield Word(
            text,
            NOBODY if who == _UNKNOWN and not signs else None if signs else who,
            ms_of(item.get("start_time")),
            ms_of(item.get("end_time")),
            glued=joined or attaches in ("previous", "both") or (signs and attaches is None),
            opens=attaches in ("next", "both"),
        )


def _first_version(value: Any) -> Iterator[Word]:
    """Words said by whoever began to speak last."""
    turns = [
        (start_ms, label_of(turn.get("name"))) for turn in objects(value, "speakers") if (start_ms := ms_of(turn.get("time"))) is not None
    ]
    turns.sort(key=lambda turn: turn[0])
    starts = [start_ms for start_ms, _ in turns]
    for item in objects(value, "words"):
        text = words_in(item.get("name"))
        if not text:
            continue
        start_ms, length_ms = ms_of(item.get("time")), ms_of(item.get("duration"))
        at = -1 if start_ms is None else bisect_right(starts, start_ms) - 1
        who = turns[max(at, 0)][1] if turns and start_ms is not None else None
        yield Word(
            text, NOBODY if who == _UNKNOWN else who, start_ms, None if start_ms is None or length_ms is None else start_ms + length_ms
        )


SPEECHMATICS = json_reader(
    "speechmatics-json",
    _holds,
    _read,
    title="Speechmatics (JSON)",
    reads="v2: words and punctuation with speakers; v1: `speakers` beside `words`",
    loses="alternatives after the first, confidences, audio events",
)
