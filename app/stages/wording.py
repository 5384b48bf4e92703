"""Wording: have a model name themes and write a stage's statements, and keep of its replies only what cites quotes it was shown.

Numbers are given and resolved here and nowhere else; a reply can choose among the quotes it saw, never add one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.errors import ModelError
from app.ports import LanguageModel, ModelRequest, Usage
from app.stages.tag import as_number, clip, items_of

MAX_LABEL_WORDS = 8
MAX_STATEMENT_WORDS = 22
SLACK = 1.4
"""How far a wording may pass its length and still be kept: cutting a sentence short would change what it says."""
MAX_SUMMARY = 300
STATEMENT_TOKENS = 70
THEME_TOKENS = 260
QUOTATION_MARKS = str.maketrans("", "", '"“”„«»')


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
class ThemeWording:
    """A model's name for a theme and the quotes it cites, strongest first."""

    label: str
    definition: str
    use_when: str
    not_when: str
    quote_ids: tuple[str, ...]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Worded:
    """Statements by group key as (text, cited quote ids), and how many cited numbers, groups and sentences resolved to nothing."""

    statements: Mapping[str, tuple[str, tuple[str, ...]]]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


def name_theme(
    model: LanguageModel,
    prompts: Prompts,
    quotes: Sequence[ShownQuote],
    keyphrases: Sequence[str],
    setting: Setting,
    transcript_ids: tuple[str, ...] = (),
) -> ThemeWording:
    """Ask for a theme's name; raises `ModelError` when there is no reply, or none that cites a quote of the theme."""
    reply = model.ask(theme_request(prompts, quotes, keyphrases, setting, transcript_ids))
    named = parse_theme(reply.value, quotes)
    if named is None:
        raise ModelError("the model's name for a theme cites none of the theme's quotes or is no label, so it was not used", reply.usage)
    return ThemeWording(named.label, named.definition, named.use_when, named.not_when, named.quote_ids, named.ungrounded, reply.usage)


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


def theme_request(
    prompts: Prompts, quotes: Sequence[ShownQuote], keyphrases: Sequence[str], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have a theme named."""
    return prompts.request("name_theme", theme_context(quotes, keyphrases, setting), THEME_TOKENS, transcript_ids)


def stage_request(
    prompts: Prompts, stage: tuple[str, str], groups: Sequence[StatementGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have a stage's statements worded."""
    tokens = STATEMENT_TOKENS * (len(groups) + 1)
    return prompts.request("write_stage", stage_context(stage, groups, setting), tokens, transcript_ids)


def batches(groups: Sequence[StatementGroup], max_chars: int) -> tuple[tuple[StatementGroup, ...], ...]:
    """Split a stage's groups, in order, so that the quotes of a batch stay under `max_chars` code points; a group is never split."""
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


def theme_context(quotes: Sequence[ShownQuote], keyphrases: Sequence[str], setting: Setting) -> dict[str, Any]:
    """What the prompt `name_theme` is rendered from; quotes are numbered from 1."""
    return {**_setting(setting), "keyphrases": list(keyphrases), "quotes": _numbered(quotes, 1)}


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


def parse_theme(value: Any, quotes: Sequence[ShownQuote]) -> ThemeWording | None:
    """Read a theme's name; None when it is no label of about eight words or cites no quote it was shown."""
    if not isinstance(value, dict):
        return None
    label = _sentence(value.get("label"), MAX_LABEL_WORDS)
    cited, ungrounded = _resolve(value.get("n"), {n: quote.quote_id for n, quote in enumerate(quotes, 1)})
    if label is None or not cited:
        return None
    texts = [clip(_unquoted(value.get(key)), MAX_SUMMARY) or "" for key in ("summary", "use_when", "not_when")]
    return ThemeWording(label.rstrip("."), texts[0], texts[1], texts[2], cited, ungrounded)


def parse_statements(value: Any, groups: Sequence[StatementGroup]) -> Worded:
    """Read a stage's statements.

    Kept is the first sentence for a known group that cites at least one quote of that very group. Everything else (numbers of other
    groups, unknown groups, second sentences, sentences without a quote or far too long) is dropped and counted.
    """
    numbers = {
        group.key: {n: quote.quote_id for n, quote in enumerate(group.quotes, first)}
        for group, first in zip(groups, _first_numbers(groups), strict=True)
    }
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
