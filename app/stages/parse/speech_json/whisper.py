"""Whisper and its kin: openai-whisper, OpenAI's verbose_json, faster-whisper's dumps; nobody is named."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader, words_of
from .times import whole
from .values import dig, facts, first_of, listed, number

_SEGMENT = Keys(text=("text",))
_WORD = Keys(text=("word", "text"))
_TEXT_ALONE = {"text", "usage", "language", "duration", "task", "words", "segments", "logprobs", "language_probability", "x_groq"}
_TUPLE = 5
"""Fields up to the text in faster-whisper's segments where they were dumped as tuples: id, seek, start, end, text."""


def _holds(value: Any) -> bool:
    if isinstance(value, list):
        return _is_segment(dig(value, 0)) and "seek" in value[0] if not _is_tuple(dig(value, 0)) else True
    segments = listed(value, "segments")
    if segments:
        return any(map(_is_segment, segments[:3])) and not any(first_of(s, ("speaker", "type")) for s in segments[:200])
    named = any(first_of(word, ("speaker", "speaker_id")) is not None for word in listed(value, "words"))
    return isinstance(dig(value, "text"), str) and value.keys() <= _TEXT_ALONE and not named


def _is_segment(item: Any) -> bool:
    return isinstance(item, dict) and "text" in item and "start" in item and "end" in item


def _is_tuple(item: Any) -> bool:
    return isinstance(item, list) and len(item) >= _TUPLE and isinstance(item[4], str) and all(number(n) is not None for n in item[:4])


def _read(value: Any) -> Reading:
    speech = Speech()
    segments = value if isinstance(value, list) else listed(value, "segments")
    if _is_tuple(dig(segments, 0)):
        segments = [{"start": dig(s, 2), "end": dig(s, 3), "text": dig(s, 4)} if isinstance(s, list) else s for s in segments]
    speech.add_segments(segments, _SEGMENT, _WORD)
    if not speech.utterances:
        speech.add_words(words_of(dig(value, "words"), _WORD))
    if not speech.utterances:
        duration = number(dig(value, "duration"))
        speech.add(1, None, dig(value, "text"), 0, None if duration is None or whole(duration * 1000) is None else duration)
    return speech.reading(facts(language=dig(value, "language")))


WHISPER = json_reader(
    "whisper-json",
    _holds,
    _read,
    title="Whisper, faster-whisper (JSON)",
    reads="segments with times, or the text alone; one unnamed speaker",
    loses="who said what (Whisper does not know), tokens, probabilities",
)
