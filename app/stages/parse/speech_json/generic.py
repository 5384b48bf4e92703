"""JSON of any other make: a list of objects with a text and, where known, a speaker and times; also one object a line."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from app.errors import NotSpeech, TooLarge
from app.stages.parse.source import MAX_CHARACTERS, NO_JSON, Reader, Reading, Source
from app.stages.parse.wording import count_of, places, were

from .lines import is_json_lines, records
from .scale import Scale, scale_of
from .speech import SURE, Speech, first_text
from .times import ms_of
from .values import dig, facts, first_of, is_text, label_of, listed, words_in
from .words import Word, without_own_blanks

_TEXT = ("text", "transcript", "utterance", "content", "statement", "sentence", "body", "message", "words", "word", "value", "sentences")
_SPEAKER = (
    *("speaker", "speaker_name", "speakerName", "speaker_label", "speakerLabel", "name", "role", "participant", "who", "from", "author"),
    *("user", "speaker_id", "speakerId", "channel"),
)
_LISTS = (
    *("segments", "utterances", "turns", "transcript", "transcription", "entries", "monologues", "sentences", "paragraphs", "messages"),
    *("conversation", "speaker_blocks", "results", "items", "data", "lines", "cues", "captions", "tokens", "words"),
)
_VAGUE = frozenset({"value", "name", "content", "body", "message", "words"})
_LOG = frozenset({"level", "severity", "logger", "loglevel", "levelname"})
_CHAT = frozenset({"ts", "date_unixtime", "client_msg_id"})
_MAX_NODES, _MAX_DEPTH = 5_000, 8
_LOOKED_AT = 60
_SOME, _HALF, _MOSTLY = 0.2, 0.5, 0.8
_FEWEST_WORDS = 3
_ONE_BY_ONE = 6
_WANTED = (
    "this is JSON in which no list of speech was found; Throughline reads objects with a text (text, transcript, content, utterance …) "
    "and, where known, a speaker and times (speaker, start, end), under segments, utterances, turns, messages or at the top. "
    "Export the transcript as such a list, as WebVTT, or as text with speaker names"
)


def _pieces(value: Any) -> list[Any]:
    """The list of what was said: the first under a name that says so, else the first that has speakers or times."""
    found = sorted(_candidates(value), key=lambda pair: pair[0])
    return found[0][1] if found else []


def _candidates(value: Any) -> Iterator[tuple[int, list[Any]]]:
    queue: deque[tuple[Any, str, int]] = deque([(value, "", 0)])
    seen = 0
    while queue and seen < _MAX_NODES:
        node, name, depth = queue.popleft()
        seen += 1
        if isinstance(node, list):
            if _is_speech(node, named=name in _LISTS, top=not depth):
                yield (_LISTS.index(name) if name in _LISTS else len(_LISTS)), node
            elif len(node) == 1 and depth < _MAX_DEPTH:
                queue.append((node[0], "", depth + 1))
        elif isinstance(node, dict) and depth < _MAX_DEPTH:
            queue.extend((child, key, depth + 1) for key, child in node.items() if isinstance(child, dict | list))


def _is_speech(items: list[Any], *, named: bool, top: bool) -> bool:
    """Whether the objects of a list hold words: some of them where its name says speech, else most, with a speaker or a time."""
    head = [item for item in items[:_LOOKED_AT] if isinstance(item, dict)]
    texts = [text for item in head if (text := words_in(first_text(item, _TEXT))) and any(map(str.isalpha, text))]
    if not texts or len(texts) < (_SOME if named else _HALF) * len(head):
        return False
    timed = scale_of(head, 1).start_key is not None
    spoken = any(first_of(item, _SPEAKER) is not None for item in head)
    telling = timed or any(is_text(item.get(key)) for item in head for key in _TEXT if key not in _VAGUE)
    telling = telling or any(listed(item, "words") for item in head) or sum(len(t.split()) for t in texts) >= _FEWEST_WORDS * len(texts)
    return timed or spoken or telling if named else (timed or spoken or top) and telling


def _refuse(items: Sequence[Any]) -> None:
    """Chat and logs have the same keys as speech and are none."""
    head = [item for item in items[:_LOOKED_AT] if isinstance(item, dict)]
    half = _HALF * len(head)
    if head and sum(1 for item in head if item.get("type") == "message" and _CHAT & item.keys()) >= half:
        raise NotSpeech("this looks like a chat export, not speech; upload the transcript of the meeting instead")
    if head and sum(1 for item in head if _LOG & {str(key).lower() for key in item}) >= half:
        raise NotSpeech("this looks like a log file, not speech; upload the transcript of the conversation instead")


def _detect(source: Source) -> float:
    return SURE if source.value is not NO_JSON or is_json_lines(source) else 0.0


def _read(source: Source) -> Reading:
    value, damaged = records(source)
    pieces = _pieces(value)
    if not pieces:
        raise NotSpeech(_WANTED)
    _refuse(pieces)
    speech = Speech()
    if damaged:
        speech.warnings.append(f"{count_of(len(damaged), 'line')} of damaged JSON {were(len(damaged))} left out ({places(damaged)})")
    text_keys, speaker_keys = (_likely(pieces, keys) for keys in (_TEXT, _SPEAKER))
    texts = [words_in(first_text(piece, text_keys)) if isinstance(piece, dict) else None for piece in pieces]
    if sum(len(text) for text in texts if text) > MAX_CHARACTERS:
        raise TooLarge(f"the file holds more than {MAX_CHARACTERS:,} characters of speech; split it into one file an interview")
    scale = scale_of(pieces, sum(len(text.split()) for text in texts if text))
    if scale.warning:
        speech.warnings.append(scale.warning)
    if scale.start_key and _word_by_word(texts):
        speech.add_words(_words(pieces, texts, speaker_keys, scale))
    else:
        _add(speech, pieces, (text_keys, speaker_keys), scale)
    return speech.reading(_about(value))


def _likely(pieces: Sequence[Any], keys: Sequence[str]) -> tuple[str, ...]:
    """Keys in their order, those that the first objects have before the others: a long list is not asked for each in vain."""
    there = {key for piece in pieces[:_LOOKED_AT] if isinstance(piece, dict) for key in piece}
    return tuple(sorted(keys, key=lambda key: key not in there))


def _add(speech: Speech, pieces: Sequence[Any], keys: tuple[Sequence[str], Sequence[str]], scale: Scale) -> None:
    text_keys, speaker_keys = keys
    for at, piece in enumerate(pieces, 1):
        if isinstance(piece, dict):
            start, end = scale.times(piece)
            speech.add(at, label_of(first_of(piece, speaker_keys)), first_text(piece, text_keys), start, end, 1)
        else:
            speech.add(at, None, piece if isinstance(piece, str) or piece is None else {})


def _word_by_word(texts: Sequence[str | None]) -> bool:
    single = sum(1 for text in texts if text is not None and len(text.split()) <= 1)
    return len(texts) >= _ONE_BY_ONE and single >= _MOSTLY * len(texts)


def _words(pieces: Sequence[Any], texts: Sequence[str | None], speaker_keys: Sequence[str], scale: Scale) -> list[Word]:
    found = []
    for piece, text in zip(pieces, texts, strict=True):
        if text:
            start, end = scale.times(piece)
            found.append(Word(text, label_of(first_of(piece, speaker_keys)), ms_of(start, 1), ms_of(end, 1)))
    return without_own_blanks(found)


def _about(value: Any) -> dict[str, str]:
    heads = [value, *(dig(value, key) for key in ("metadata", "meta", "meeting", "info", "recording", "call"))]

    def told(*keys: str) -> Any:
        return next((found for head in heads if is_text(found := first_of(head, keys))), None)

    return facts(
        title=told("title", "meeting_title", "topic", "subject"),
        date=told("date", "created_at", "createdAt", "recorded_at", "start_date"),
        language=told("language", "language_code", "languageCode", "lang", "locale"),
    )


GENERIC = Reader(
    "generic-json",
    "generic-json/1",
    _detect,
    _read,
    title="Other JSON, JSON Lines",
    reads="a list of objects with a text and, where known, a speaker and times, under their many names; units told by key or by magnitude",
    loses="all other fields; times within nested words",
)
