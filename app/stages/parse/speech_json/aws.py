"""AWS Transcribe, and Call Analytics (also Contact Lens)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.transcript import Utterance
from app.errors import NotSpeech
from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader, merged_by_time
from .times import MILLISECONDS, ms_of
from .values import dig, facts, first_of, is_text, label_of, listed, objects, words_in
from .words import Word, spoken

_SEGMENT = Keys(text=("transcript",), speaker=("speaker_label", "channel_label"), start=("start_time",), end=("end_time",))
_CALL = Keys(
    text=("Content",),
    speaker=("ParticipantRole", "ParticipantId"),
    start=("BeginOffsetMillis",),
    end=("EndOffsetMillis",),
    unit_ms=MILLISECONDS,
)
_LOOKED_AT = 3
_AWS_ITEMS = ("pronunciation", "punctuation")


def _holds(value: Any) -> bool:
    results = dig(value, "results")
    items = [dig(item, "type") for item in listed(results, "items")[:_LOOKED_AT]]
    return any(kind in _AWS_ITEMS for kind in items) or any("transcript" in t for t in objects(results, "transcripts")[:_LOOKED_AT])


def _read(value: Any) -> Reading:
    results = dig(value, "results")
    speech = Speech()
    channels = objects(results, "channel_labels", "channels")
    items = listed(results, "items")
    if len(channels) > 1:
        speech.utterances = merged_by_time(_of_channel(channel) for channel in channels)
    elif items:
        speech.add_words(_words(items, _speakers(results)))
    if not speech.utterances:
        speech.add_segments(listed(results, "audio_segments"), _SEGMENT)
    if not speech.utterances:
        speech.add_segments(listed(results, "transcripts"), _SEGMENT)
    return speech.reading(facts(title=dig(value, "jobName"), language=dig(results, "language_code")))


def _speakers(results: Any) -> dict[Any, str]:
    """Speaker by the start of an item, as older files tell it beside the items."""
    found = {}
    for segment in objects(results, "speaker_labels", "segments"):
        for item in objects(segment, "items"):
            label = label_of(first_of(item, ("speaker_label",))) or label_of(segment.get("speaker_label"))
            start_ms = ms_of(item.get("start_time"))
            if label and start_ms is not None:
                found[start_ms] = label
    return found


def _words(items: list[Any], speakers: Mapping[Any, str]) -> Iterator[Word]:
    for item in items:
        text = words_in(first_of(dig(item, "alternatives", 0), ("content",)))
        if text:
            start_ms = ms_of(dig(item, "start_time"))
            signs = dig(item, "type") == "punctuation"
            own = None if signs else label_of(first_of(item, ("speaker_label",)))
            yield Word(text, own or (None if signs else speakers.get(start_ms)), start_ms, ms_of(dig(item, "end_time")), glued=signs)


def _of_channel(channel: dict[str, Any]) -> Iterator[Utterance]:
    for utterance in spoken(_words(listed(channel, "items"), {})):
        yield replace(utterance, speaker=label_of(channel.get("channel_label")))


def _holds_call(value: Any) -> bool:
    turns = objects(value, "Transcript")[:_LOOKED_AT]
    return any("Content" in turn and ("ParticipantRole" in turn or "ParticipantId" in turn) for turn in turns)


def _read_call(value: Any) -> Reading:
    if dig(value, "Channel") == "CHAT":
        raise NotSpeech("this is a chat of a contact centre, not speech; upload the transcript of a conversation instead")
    speech = Speech(noun="turn")
    roles = {
        str(person["ParticipantId"]): str(person["ParticipantRole"])
        for person in objects(value, "Participants")
        if is_text(person.get("ParticipantId")) and is_text(person.get("ParticipantRole"))
    }
    speech.add_segments(listed(value, "Transcript"), _CALL, names=roles)
    return speech.reading(facts(title=dig(value, "JobName"), language=first_of(value, ("LanguageCode",))))


AWS_TRANSCRIBE = json_reader(
    "aws-transcribe-json",
    _holds,
    _read,
    title="AWS Transcribe (JSON)",
    reads="items with their speakers (older and newer form) or channels; audio segments where there are no items",
    loses="alternatives after the first, confidences",
)
AWS_CALL = json_reader(
    "aws-call-analytics-json",
    _holds_call,
    _read_call,
    title="AWS Call Analytics, Contact Lens (JSON)",
    reads="`Transcript`: turns by role (AGENT, CUSTOMER)",
    loses="sentiment, loudness, categories, issues",
)
