"""Wording: have a model write a stage's statements, and keep of its replies only what cites quotes it was shown.

Numbers are given and resolved here and nowhere else; a reply can choose among the quotes it saw, never add one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.ports import LanguageModel, ModelRequest, Usage
from app.stages.tag import as_number, clip, items_of

MAX_STATEMENT_WORDS = 22
SLACK = 1.4
"""How far a wording may pass its length and still be kept: cutting a sentence short would change what it says."""
MAX_SUMMARY = 300
STATEMENT_TOKENS = 70
QUOTATION_MARKS = str.maketrans("", "", '"“”„«»')


class Prompts(Protocol):
    """Renders the request of a task."""

    def id(self, task: str) -> str:
        """Version and hash of a task's prompt, for the record."""

    def request(self, task: str, context: Mapping[str, Any], max_tokens: int, transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
        """Render one request."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a request says of the study: its name, research question, the language to write in (`und` where unknown), and its product."""

    study: str = ""
    question: str | None = None
    language: str = "en"
    product: str | None = None


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as a request shows it: `text` is rendered for the model, `who` is a pseudonym."""

    quote_id: str
    text: str
    who: str | None = None


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """What one statement is asked for: `key` such as `pains-3`, unique in the stage; `label` is its theme or touchpoint."""

    key: str
    lane: str
    label: str
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """Statements by group key as (text, cited quote ids), and how many cited numbers, groups and sentences resolved to nothing."""

    statements: Mapping[str, tuple[str, tuple[str, ...]]]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


def write_stage(
    model: LanguageModel,
    prompts: Prompts,
    stage: tuple[str, str],
    groups: Sequence[StatementGroup],
    setting: Setting,
    transcript_ids: tuple[str, ...] = (),
) -> Worded:
    """Ask for the statements of one stage, given as (title, definition); without groups nothing is asked.

    Raises `ModelError` when there is no valid reply. Groups that got no grounded statement are absent from the answer.
    """
    if not groups:
        return Worded({})
    reply = model.ask(stage_request(prompts, stage, groups, setting, transcript_ids))
    worded = parse_statements(reply.value, groups)
    return Worded(worded.statements, worded.ungrounded, reply.usage)


def stage_request(
    prompts: Prompts, stage: tuple[str, str], groups: Sequence[StatementGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have a stage's statements worded."""
    tokens = STATEMENT_TOKENS * (len(groups) + 1)
    return prompts.request("write_stage", stage_context(stage, groups, setting), tokens, transcript_ids)


def batches(groups: Sequence[StatementGroup], max_chars: int) -> tuple[tuple[StatementGroup, ...], ...]:
    """Split groups, in order, so that the quotes of a batch stay under `max_chars` code points; a group is never split."""
    split: list[list[StatementGroup]] = []
    room = 0
    for group in groups:
        length = sum(len(quote.text) for quote in group.quotes)
        if not split or length > room:
            split.append([])
            room = max_chars
        split[-1].append(group)
        room -= length
    return tuple(map(tuple, split))


def stage_context(stage: tuple[str, str], groups: Sequence[StatementGroup], setting: Setting) -> dict[str, Any]:
    """What the prompt `write_stage` is rendered from; numbers run on through the groups, so each belongs to one group only."""
    shown = [
        {"key": group.key, "lane": group.lane, "label": group.label, "quotes": _numbered(group.quotes, first)}
        for group, first in zip(groups, _first_numbers(groups), strict=True)
    ]
    return {**_setting(setting), "stage": {"title": stage[0], "definition": stage[1]}, "groups": shown}


def _setting(setting: Setting) -> dict[str, Any]:
    return {"study": setting.study, "question": setting.question, "language": setting.language}


def _numbered(quotes: Sequence[ShownQuote], first: int) -> list[dict[str, Any]]:
    return [{"number": n, "text": quote.text, "who": quote.who} for n, quote in enumerate(quotes, first)]


def _first_numbers(groups: Sequence[StatementGroup]) -> list[int]:
    firsts = [1]
    for group in groups:
        firsts.append(firsts[-1] + len(group.quotes))
    return firsts[:-1]


def _numbers_of(groups: Sequence[StatementGroup]) -> dict[str, dict[int, str]]:
    """By group key the quote ids that its numbers stand for."""
    return {
        group.key: {n: quote.quote_id for n, quote in enumerate(group.quotes, first)}
        for group, first in zip(groups, _first_numbers(groups), strict=True)
    }


def parse_statements(value: Any, groups: Sequence[StatementGroup]) -> Worded:
    """Read a stage's statements.

    Kept is the first sentence for a known group that cites at least one quote of that very group. Everything else (numbers of other
    groups, unknown groups, second sentences, sentences without a quote or far too long) is dropped and counted.
    """
    numbers = _numbers_of(groups)
    statements: dict[str, tuple[str, tuple[str, ...]]] = {}
    ungrounded = 0
    for item in items_of(value):
        key = item.get("group") if isinstance(item, dict) else None
        if not isinstance(key, str) or key not in numbers or key in statements:
            ungrounded += 1
            continue
        cited, unknown = _resolve(item.get("n"), numbers[key])
        text = _sentence(item.get("text"), MAX_STATEMENT_WORDS)
        ungrounded += unknown
        if text is None or not cited:
            ungrounded += 1
            continue
        statements[key] = (text, cited)
    return Worded(statements, ungrounded)


def _resolve(numbers: Any, known: Mapping[int, str]) -> tuple[tuple[str, ...], int]:
    """Quote ids of cited numbers, each once, and how many numbers are unknown."""
    listed: Iterable[Any] = numbers if isinstance(numbers, list) else [] if numbers is None else [numbers]
    read = [as_number(n) for n in listed]
    cited = dict.fromkeys(known[n] for n in read if n in known and n is not None)
    return tuple(cited), sum(n not in known for n in read)


def _sentence(value: Any, words: int) -> str | None:
    """One line without quotation marks, since nothing here is anybody's speech; None when empty or far longer than asked for."""
    text = clip(_unquoted(value), MAX_SUMMARY)
    return text if text and len(text.split()) <= words * SLACK else None


def _unquoted(value: Any) -> str | None:
    return value.translate(QUOTATION_MARKS) if isinstance(value, str) else None
