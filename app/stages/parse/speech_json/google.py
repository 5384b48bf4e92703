"""Google Speech-to-Text, v1 and v2: results with words; the last one may repeat all words, with speakers."""

from collections.abc import Iterator
from typing import Any

from app.stages.parse.source import Reading

from .speech import Keys, Speech, json_reader, words_of
from .values import dig, facts, first_of, is_text, label_of, listed, objects
from .words import Word

_WORD = Keys(
    text=("word",),
    speaker=("speakerLabel", "speaker_label", "speakerTag", "speaker_tag"),
    start=("startTime", "start_time", "startOffset", "start_offset"),
    end=("endTime", "end_time", "endOffset", "end_offset"),
)
_END = ("resultEndTime", "result_end_time", "resultEndOffset", "result_end_offset")
_CHANNEL = ("channelTag", "channel_tag")
_LANGUAGE = ("languageCode", "language_code")
_PLACES: tuple[tuple[str, ...], ...] = ((), ("response",), ("transcript",), ("response", "transcript"))
_LOOKED_AT = 5
_REPEATED = 0.9
_UNSET = "Speaker 0"


def _results(value: Any) -> list[Any]:
    """The list of results: at the top, in a finished operation, or of the first file of a batch."""
    for place in _PLACES:
        if found := listed(value, *place, "results"):
            return found
    batch = dig(value, "response", "results") or dig(value, "results")
    first = next(iter(batch.values()), None) if isinstance(batch, dict) else None
    return listed(first, "transcript", "results") or listed(first, "inlineResult", "transcript", "results")


def _holds(value: Any) -> bool:
    best = [dig(result, "alternatives", 0) for result in _results(value)[:_LOOKED_AT]]
    return any(is_text(dig(b, "transcript")) or any("word" in word for word in objects(b, "words")[:1]) for b in best)


def _read(value: Any) -> Reading:
    results = _results(value)
    said = [_words(result) for result in results]
    speech = Speech(noun="result")
    repeated = _repeated(said)
    by_channel = _several_channels(results)
    for at, (result, words) in enumerate(zip(results, said, strict=True)):
        if at in repeated:
            continue
        channel = label_of(first_of(result, _CHANNEL)) if by_channel else None
        who = channel.replace("Speaker", "Channel") if channel else None
        if words:
            speech.add_words(word._replace(speaker=word.speaker or who) for word in words)
        else:
            speech.add(at + 1, who, dig(result, "alternatives", 0, "transcript"), None, first_of(result, _END))
    language = next((found for result in results if is_text(found := first_of(result, _LANGUAGE))), None)
    return speech.reading(facts(language=language))


def _words(result: Any) -> list[Word]:
    found = words_of(dig(result, "alternatives", 0, "words"), _WORD)
    # a tag of 0 says that nobody was told apart
    return [word._replace(speaker=None) if word.speaker == _UNSET else word for word in found]


def _several_channels(results: list[Any]) -> bool:
    return len({str(tag) for result in results if (tag := first_of(result, _CHANNEL)) is not None}) > 1


def _repeated(said: list[list[Word]]) -> set[int]:
    """Numbers of the results of which the last one says all words once more, with their speakers."""
    last = said[-1] if said else []
    if len(said) <= 1 or not any(word.speaker for word in last):
        return set()
    once_more = set(_moments(last))
    heard = {at: list(_moments(words)) for at, words in enumerate(said[:-1])}
    return {at for at, moments in heard.items() if moments and sum(m in once_more for m in moments) >= _REPEATED * len(moments)}


def _moments(words: list[Word]) -> Iterator[tuple[int | None, str]]:
    for word in words:
        yield word.start_ms, "".join(filter(str.isalnum, word.text.casefold()))


GOOGLE = json_reader(
    "google-json",
    _holds,
    _read,
    title="Google Speech-to-Text (JSON)",
    reads="v1 and v2: words with speakers (what the last result repeats is read once), channels, else the text of each result",
    loses="alternatives after the first, confidences",
)
