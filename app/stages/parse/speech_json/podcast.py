"""Podcasts: Podcasting 2.0 (`segments` with a `body`, often a word each) and Podlove (`transcripts` with voices)."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader, words_of
from .times import ms_of
from .values import dig, facts, first_of, label_of, listed, names_by_id, objects, words_in
from .words import without_own_blanks

_SEGMENT = Keys(text=("body",), start=("startTime",), end=("endTime",))
_LOOKED_AT = 3
_FEW_WORDS = 2
_MOSTLY = 0.8


def _holds(value: Any) -> bool:
    segments = objects(value, "segments")[:_LOOKED_AT]
    return any("body" in segment for segment in segments) or (not segments and _is_empty(value))


def _is_empty(value: Any) -> bool:
    return isinstance(dig(value, "segments"), list) and isinstance(dig(value, "version"), str)


def _read(value: Any) -> Reading:
    speech = Speech()
    segments = listed(value, "segments")
    if _word_by_word(segments):
        speech.add_words(without_own_blanks(words_of(segments, _SEGMENT)))
    else:
        speech.add_segments(segments, _SEGMENT)
    return speech.reading(facts(title=dig(value, "title"), language=dig(value, "language")))


def _word_by_word(segments: list[Any]) -> bool:
    bodies = [words_in(dig(segment, "body")) for segment in segments]
    short = sum(1 for body in bodies if body is not None and len(body.split()) <= _FEW_WORDS)
    return short >= _MOSTLY * len(segments) and None not in bodies


def _voices(value: Any) -> list[Any]:
    return value if isinstance(value, list) else listed(value, "transcripts")


def _holds_voices(value: Any) -> bool:
    return any(
        "text" in piece and ("voice" in piece or "start_ms" in piece)
        for piece in objects({"pieces": _voices(value)}, "pieces")[:_LOOKED_AT]
    )


def _read_voices(value: Any) -> Reading:
    speech = Speech()
    names = names_by_id(dig(value, "contributors"), ("id",), ("name",))
    for at, piece in enumerate(_voices(value), 1):
        text = piece if isinstance(piece, str) else dig(piece, "text")
        who = label_of(dig(piece, "voice")) or label_of(dig(piece, "speaker"), names)
        times = (_time(piece, edge) for edge in ("start", "end"))
        speech.add(at, who, text if isinstance(piece, dict | str) or piece is None else piece, *times)
    title = dig(value, "show", "title") if dig(value, "title") is None else dig(value, "title")
    return speech.reading(facts(title=title, date=first_of(value, ("publicationDate",))))


def _time(piece: Any, edge: str) -> Any:
    in_ms = dig(piece, f"{edge}_ms")
    ms = ms_of(in_ms, 1.0)
    return dig(piece, edge) if ms is None else ms / 1000


PODCASTING = json_reader(
    "podcasting-json",
    _holds,
    _read,
    title="Podcasting 2.0 (JSON)",
    reads="`segments` with speaker and `body`, also a word each",
    loses="nothing that is said",
)
PODLOVE = json_reader(
    "podlove-json",
    _holds_voices,
    _read_voices,
    title="Podlove (JSON)",
    reads="`transcripts` with the names of their voices",
    loses="chapters, contributors' details",
)
