"""Logs of an AI interviewer: `messages` with `role` and `content`; the assistant asks, the user answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.stages.parse.source import Reader, Reading, Source
from app.stages.parse.wording import count_of, places, were

from .lines import first_records, records
from .scale import scale_of
from .speech import SURE, Speech, first_text
from .values import dig, facts, first_of, label_of, listed, words_in

INTERVIEWER = "AI interviewer"
ASSISTANTS = frozenset({"assistant", "ai", "bot", "gpt", "model", "chatbot", "llm", "ai interviewer", "ai assistant", "ai moderator"})
PEOPLE = frozenset({"user", "human", "participant", "respondent", "interviewee", "customer", "client", "person", "me"})
SILENT = frozenset({"system", "tool", "developer", "function", "tool_call", "tool_call_result", "tool_calls"})
_ROLE = ("role", "from", "sender", "author", "speaker", "type")
_TEXT = ("content", "message", "text", "value", "parts", "transcript")
_LISTS = ("messages", "conversation", "conversations", "transcript", "turns", "history", "dialogue", "dialog", "chat", "transcript_object")
_IDS = ("participant", "participant_id", "participantId", "respondent", "user_id", "userId", "session_id", "id", "name")
_LOOKED_AT = 20
_FEW_CONVERSATIONS = 3


def role_of(label: Any) -> str | None:
    """`assistant`, `person` or `silent` (nothing that was said in the talk) where a label says so."""
    if isinstance(label, dict):
        label = first_of(label, ("role", "type", "name"))
    key = label.strip().casefold() if isinstance(label, str) else ""
    if key in ASSISTANTS:
        return "assistant"
    return "person" if key in PEOPLE else "silent" if key in SILENT else None


def _role(message: Any) -> str | None:
    return next((role for key in _ROLE if (role := role_of(dig(message, key)))), None)


def _is_talk(messages: Any) -> bool:
    """Whether both a model and a person speak, and nobody else."""
    if not isinstance(messages, list):
        return False
    roles = [_role(message) for message in messages[:_LOOKED_AT] if isinstance(message, dict)]
    texts = any(words_in(first_text(m, _TEXT)) for m in messages[:_LOOKED_AT] if isinstance(m, dict))
    return texts and {"assistant", "person"} <= set(roles) and None not in roles


def _talks(value: Any) -> list[tuple[str | None, list[Any]]]:
    """Conversations with the id or name that each has."""
    if _is_talk(value):
        return [(None, value)]
    if isinstance(value, dict):
        return [(_id(value), listed(value, key)) for key in _LISTS if _is_talk(value.get(key))][:1]
    if isinstance(value, list) and any(_talks(item) for item in value[:_FEW_CONVERSATIONS] if isinstance(item, dict)):
        return [talk for item in value if isinstance(item, dict) for talk in _talks(item)]
    return []


def _id(value: dict[str, Any]) -> str | None:
    return label_of(first_of(value, _IDS))


def _detect(source: Source) -> float:
    return SURE if _talks(first_records(source)) else 0.0


def _read(source: Source) -> Reading:
    value, damaged = records(source)
    talks = _talks(value)
    speech = Speech(noun="message")
    if damaged:
        speech.warnings.append(f"{count_of(len(damaged), 'line')} of damaged JSON {were(len(damaged))} left out ({places(damaged)})")
    several = len(talks) > 1
    for number, (name, messages) in enumerate(talks, 1):
        begun = len(speech.utterances)
        _add_talk(speech, messages, (name or f"Interview {number}") if several else None)
        if several:
            cut_turns(speech, [begun])
    if several:
        unread = len(value) - len(talks)
        speech.warnings.append(
            f"the file holds {len(talks):,} interviews: each participant is a speaker of their own; one file each is better"
        )
        if unread:
            speech.warnings.append(f"{count_of(unread, 'record')} without a conversation {were(unread)} left out")
    head = value if isinstance(value, dict) else None
    return speech.reading(facts(title=dig(head, "title"), date=first_of(head, ("date", "created_at", "createdAt"))))


def cut_turns(speech: Speech, at: Iterable[int]) -> None:
    """Let turns begin at utterances by their index: the words of one talk never run on into the next."""
    for index in at:
        if index < len(speech.utterances):
            speech.utterances[index] = replace(speech.utterances[index], opens_turn=True)


def _add_talk(speech: Speech, messages: Sequence[Any], participant: str | None) -> None:
    silent = []
    # times of several conversations do not follow on from each other
    scale = scale_of(messages, sum(len((words_in(first_text(m, _TEXT)) or "").split()) for m in messages if isinstance(m, dict)))
    for at, message in enumerate(messages, 1):
        if not isinstance(message, dict):
            speech.add(at, None, message)
            continue
        role = _role(message)
        text = first_text(message, _TEXT)
        if role == "silent":
            silent += [at] if words_in(text) else []
            continue
        start, end = (None, None) if participant else scale.times(message)
        speech.add(at, _speaker(message, role, participant), text, start, end, 1)
    if scale.warning and not participant:
        speech.warnings.append(scale.warning)
    if silent:
        which = f"no. {', '.join(map(str, silent[:3]))}{f' and {len(silent) - 3:,} more' if len(silent) > 3 else ''}"  # noqa: PLR2004 - as shown
        speech.warnings.append(f"{count_of(len(silent), 'message')} of the system or of tools {were(len(silent))} left out ({which})")


def _speaker(message: dict[str, Any], role: str | None, participant: str | None) -> str | None:
    label = label_of(next((message[key] for key in _ROLE if message.get(key) is not None), None))
    if role == "assistant":
        return INTERVIEWER
    if role == "person":
        return participant or (label or "").capitalize()
    return f"{participant} {label}" if participant and label else label


AI_INTERVIEW = Reader(
    "ai-interview-json",
    "ai-interview-json/2",
    _detect,
    _read,
    title="AI interviewer's log (JSON, JSON Lines)",
    reads="`messages` with `role` and `content`: the assistant becomes “AI interviewer”; several conversations, a participant each",
    loses="system and tool messages",
)
