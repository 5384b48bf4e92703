"""Deepgram: words, paragraphs or utterances under `results`; several channels are several speakers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.domain.transcript import Utterance
from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader, merged_by_time, words_of
from .values import dig, facts, is_text, label_of, listed

_WORD = Keys(text=("punctuated_word", "word"))
_UTTERANCE = Keys(text=("transcript",))
_LOOKED_AT = 3


def _holds(value: Any) -> bool:
    alternatives = [dig(channel, "alternatives") for channel in listed(value, "results", "channels")[:_LOOKED_AT]]
    utterances = listed(value, "results", "utterances")[:_LOOKED_AT]
    return any(isinstance(found, list) for found in alternatives) or any(is_text(dig(u, "transcript")) for u in utterances)


def _read(value: Any) -> Reading:
    channels = listed(value, "results", "channels")
    utterances = listed(value, "results", "utterances")
    in_channels = sum(len(listed(channel, "alternatives", 0, "words")) for channel in channels)
    in_utterances = sum(len(listed(utterance, "words")) for utterance in utterances)
    speech = Speech(noun="utterance")
    if utterances and (in_utterances > in_channels or not any(_has_words(channel) for channel in channels)):
        speech.add_segments(utterances, _UTTERANCE, _WORD)
    elif len(channels) == 1:
        _add_channel(speech, channels[0])
    else:
        speech.utterances = merged_by_time(_of_channel(speech, n, channel) for n, channel in enumerate(channels))
    language = dig(channels, 0, "detected_language") or dig(channels, 0, "alternatives", 0, "languages", 0)
    return speech.reading(facts(date=dig(value, "metadata", "created"), language=language))


def _has_words(channel: Any) -> bool:
    best = dig(channel, "alternatives", 0)
    return bool(listed(best, "words") or listed(best, "paragraphs", "paragraphs") or is_text(dig(best, "transcript")))


def _add_channel(speech: Speech, channel: Any) -> None:
    best = dig(channel, "alternatives", 0)
    before = len(speech.utterances)
    speech.add_words(words_of(dig(best, "words"), _WORD))
    if len(speech.utterances) == before:
        for at, paragraph in enumerate(listed(best, "paragraphs", "paragraphs"), 1):
            for sentence in listed(paragraph, "sentences"):
                speech.add(at, label_of(dig(paragraph, "speaker")), dig(sentence, "text"), dig(sentence, "start"), dig(sentence, "end"))
    if len(speech.utterances) == before:
        speech.add(1, None, dig(best, "transcript"))


def _of_channel(speech: Speech, number: int, channel: Any) -> Iterator[Utterance]:
    """A channel's utterances, their speaker the channel, and who speaks in it where there are several."""
    alone = Speech()
    _add_channel(alone, channel)
    speech.warnings += alone.warnings
    several = len({u.speaker for u in alone.utterances} - {None}) > 1
    for utterance in alone.utterances:
        who = f"Channel {number} {utterance.speaker}" if several and utterance.speaker else f"Channel {number}"
        yield replace(utterance, speaker=who)


DEEPGRAM = json_reader(
    "deepgram-json",
    _holds,
    _read,
    title="Deepgram (JSON)",
    reads="words with speakers, else paragraphs or utterances; several channels are several speakers, merged by time",
    loses="alternatives after the first, confidences, topics",
)
