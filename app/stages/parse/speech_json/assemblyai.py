"""AssemblyAI: `utterances`, or `words` with speakers; times in milliseconds."""

from typing import Any

from app.stages.parse.source import Reading

from .speech import Speech, json_reader
from .times import MILLISECONDS, ms_of
from .values import dig, facts, first_of, is_text, lettered, listed, objects, words_in
from .words import Word

_MARKS = ("audio_url", "acoustic_model", "language_model", "audio_duration", "speech_model", "speaker_labels", "language_code")
_LOOKED_AT = 3


def _holds(value: Any) -> bool:
    pieces = [*objects(value, "utterances")[:_LOOKED_AT], *objects(value, "words")[:_LOOKED_AT]]
    if any({"text", "start", "end", "confidence"} <= piece.keys() for piece in pieces):
        return True
    return not pieces and isinstance(value, dict) and "text" in value and sum(mark in value for mark in _MARKS) > 1


def _read(value: Any) -> Reading:
    speech = Speech(noun="utterance")
    words = _words(dig(value, "words"))
    utterances = listed(value, "utterances")
    if utterances:
        for at, utterance in enumerate(utterances, 1):
            _add_utterance(speech, at, utterance)
    elif words:
        speech.add_words(words)
    else:
        speech.add(1, None, dig(value, "text"))
    return speech.reading(facts(language=dig(value, "language_code"), date=dig(value, "created")))


def _add_utterance(speech: Speech, at: int, utterance: Any) -> None:
    text = utterance if isinstance(utterance, str) else dig(utterance, "text")
    words = _words(dig(utterance, "words"))
    if len({word.speaker for word in words} - {None}) > 1 or not is_text(text):
        speech.add_words(words)
        return
    who = lettered(first_of(utterance, ("speaker", "channel")))
    speech.add(at, who, text, dig(utterance, "start"), dig(utterance, "end"), MILLISECONDS)


def _words(items: Any) -> list[Word]:
    return [
        Word(
            text,
            lettered(first_of(item, ("speaker", "channel"))),
            ms_of(dig(item, "start"), MILLISECONDS),
            ms_of(dig(item, "end"), MILLISECONDS),
        )
        for item in (items if isinstance(items, list) else [])
        if (text := words_in(dig(item, "text")))
    ]


ASSEMBLYAI = json_reader(
    "assemblyai-json",
    _holds,
    _read,
    title="AssemblyAI (JSON)",
    reads="utterances with speakers (A becomes “Speaker A”), or words; several channels",
    loses="confidences, chapters, sentiment, entities",
)
