"""Wording: have a model name themes and write a stage's statements, and keep of its replies only what cites quotes it was shown.

Numbers are given and resolved here and nowhere else; a reply can choose among the quotes it saw, never add one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from app.ports import LanguageModel, ModelRequest, Usage
from app.stages.tag import as_number, clip, items_of

MAX_LABEL_WORDS = 8
MAX_STATEMENT_WORDS = 22
SLACK = 1.4
"""How far a wording may pass its length and still be kept: cutting a sentence short would change what it says."""
MAX_SUMMARY = 300
STATEMENT_TOKENS = 70
THEME_TOKENS = 160
FRAME_TOKENS = 100
QUOTATION_MARKS = str.maketrans("", "", '"“”„«»')


Group = TypeVar("Group", "StatementGroup", "ThemeGroup")


class Prompts(Protocol):
    """Renders the request of a task."""

    def id(self, task: str) -> str:
        """Version and hash of a task's prompt, for the record."""

    def request(self, task: str, context: Mapping[str, Any], max_tokens: int, transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
        """Render one request."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a request says of the study: its name, research question and the language to write in (`und` where unknown)."""

    study: str = ""
    question: str | None = None
    language: str = "en"


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
class ThemeGroup:
    """A theme that wants a name: `key` such as `t3`, unique in its request; keyphrases were counted by code."""

    key: str
    keyphrases: tuple[str, ...]
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class ThemeWording:
    """A model's name for a theme and the quotes it cites, strongest first."""

    label: str
    definition: str
    use_when: str
    not_when: str
    quote_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Names of themes by group key, and how many cited numbers, groups and labels resolved to nothing."""

    themes: Mapping[str, ThemeWording]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Worded:
    """Statements by group key as (text, cited quote ids), and how many cited numbers, groups and sentences resolved to nothing."""

    statements: Mapping[str, tuple[str, tuple[str, ...]]]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


def name_themes(
    model: LanguageModel, prompts: Prompts, groups: Sequence[ThemeGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> Named:
    """Ask for the names of themes; raises `ModelError` when there is no valid reply. Themes that got no grounded name are absent."""
    reply = model.ask(theme_request(prompts, groups, setting, transcript_ids))
    named = parse_themes(reply.value, groups)
    return Named(named.themes, named.ungrounded, reply.usage)


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


def theme_request(prompts: Prompts, groups: Sequence[ThemeGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
    """What is sent to have themes named."""
    return prompts.request("name_theme", theme_context(groups, setting), THEME_TOKENS * len(groups) + FRAME_TOKENS, transcript_ids)


def stage_request(
    prompts: Prompts, stage: tuple[str, str], groups: Sequence[StatementGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have a stage's statements worded."""
    tokens = STATEMENT_TOKENS * (len(groups) + 1)
    return prompts.request("write_stage", stage_context(stage, groups, setting), tokens, transcript_ids)


def batches(groups: Sequence[Group], max_chars: int, most: int | None = None) -> tuple[tuple[Group, ...], ...]:
    """Split groups, in order, so that the quotes of a batch stay under `max_chars` code points; a group is never split.

    A batch holds `most` groups at most.
    """
    split: list[list[Group]] = []
    room = 0
    for group in groups:
        length = sum(len(quote.text) for quote in group.quotes)
        if not split or length > room or len(split[-1]) == most:
            split.append([])
            room = max_chars
        split[-1].append(group)
        room -= length
    return tuple(map(tuple, split))


def theme_context(groups: Sequence[ThemeGroup], setting: Setting) -> dict[str, Any]:
    """What the prompt `name_theme` is rendered from; numbers run on through the groups, so each belongs to one group only."""
    shown = [
        {"key": group.key, "keyphrases": list(group.keyphrases), "quotes": _numbered(group.quotes, first)}
        for group, first in zip(groups, _first_numbers(groups), strict=True)
    ]
    return {**_setting(setting), "groups": shown}


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


def _first_numbers(groups: Sequence[StatementGroup | ThemeGroup]) -> list[int]:
    firsts = [1]
    for group in groups:
        firsts.append(firsts[-1] + len(group.quotes))
    return firsts[:-1]


def parse_themes(value: Any, groups: Sequence[ThemeGroup]) -> Named:
    """Read the names of themes.

    Kept is the first name for a known group that is a label of about eight words and cites at least one quote of that very group;
    everything else is dropped and counted.
    """
    numbers = _numbers_of(groups)
    themes: dict[str, ThemeWording] = {}
    ungrounded = 0
    for item in items_of(value):
        key = item.get("group") if isinstance(item, dict) else None
        if not isinstance(key, str) or key not in numbers or key in themes:
            ungrounded += 1
            continue
        cited, unknown = _resolve(item.get("n"), numbers[key])
        label = _sentence(item.get("label"), MAX_LABEL_WORDS)
        ungrounded += unknown
        if label is None or not cited:
            ungrounded += 1
            continue
        texts = [clip(_unquoted(item.get(name)), MAX_SUMMARY) or "" for name in ("summary", "use_when", "not_when")]
        themes[key] = ThemeWording(label.rstrip("."), texts[0], texts[1], texts[2], cited)
    return Named(themes, ungrounded)


def _numbers_of(groups: Sequence[StatementGroup | ThemeGroup]) -> dict[str, dict[int, str]]:
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
