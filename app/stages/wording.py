"""Wording: have a model write a stage's statements, and keep of its replies only what cites quotes it was shown and says no more.

Numbers are given and resolved here and nowhere else; a reply can choose among the quotes it saw, never add one. A sentence with a fault
(`stages.claims`) may be written anew once, in a further request of the same form that holds it and the fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.ports import LanguageModel, ModelRequest, Usage
from app.stages.claims import REASONS, Fault, faults_of
from app.stages.tag import as_number, clip, items_of

WRITE_STAGE = "write_stage"
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
class Rejected:
    """A sentence that was not kept, and why."""

    text: str
    faults: tuple[Fault, ...]

    @property
    def why(self) -> str:
        """The faults in words, for whoever wrote it."""
        return "; ".join(REASONS[fault] for fault in self.faults)


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """What one statement is asked for: `key` such as `pains-3`, unique in the stage; `label` is its theme or touchpoint.

    `rejected` is what was written for it before and is to be written anew.
    """

    key: str
    lane: str
    label: str
    quotes: tuple[ShownQuote, ...]
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Worded:
    """Statements by group key as (text, cited quote ids), and how many cited numbers, groups and sentences resolved to nothing.

    `rejected` are sentences for groups that got no other one.
    """

    statements: Mapping[str, tuple[str, tuple[str, ...]]]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)
    rejected: Mapping[str, Rejected] = field(default_factory=dict)


def write_stage(
    model: LanguageModel,
    prompts: Prompts,
    stage: tuple[str, str],
    groups: Sequence[StatementGroup],
    setting: Setting,
    transcript_ids: tuple[str, ...] = (),
) -> Worded:
    """Ask for the statements of one stage, given as (title, definition); without groups nothing is asked.

    Raises `ModelError` when there is no valid reply. Groups that the reply leaves out are absent from the answer.
    """
    if not groups:
        return Worded({})
    reply = model.ask(stage_request(prompts, stage, groups, setting, transcript_ids))
    return replace(parse_statements(reply.value, groups, setting.language), usage=reply.usage)


def stage_request(
    prompts: Prompts, stage: tuple[str, str], groups: Sequence[StatementGroup], setting: Setting, transcript_ids: tuple[str, ...] = ()
) -> ModelRequest:
    """What is sent to have a stage's statements worded."""
    tokens = STATEMENT_TOKENS * (len(groups) + 1)
    return prompts.request(WRITE_STAGE, stage_context(stage, groups, setting), tokens, transcript_ids)


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
        {"key": group.key, "lane": group.lane, "label": group.label, "quotes": _numbered(group.quotes, first), "rejected": group.rejected}
        for group, first in zip(groups, _first_numbers(groups), strict=True)
    ]
    return {**_setting(setting), "stage": {"title": stage[0], "definition": stage[1]}, "groups": shown}


def _setting(setting: Setting) -> dict[str, Any]:
    return {"study": setting.study, "question": setting.question, "language": setting.language, "product": setting.product}


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


def parse_statements(value: Any, groups: Sequence[StatementGroup], language: str = "und") -> Worded:
    """Read a stage's statements; `language` is that of the quotes.

    Kept is the first sentence for a known group that cites at least one quote of that very group and has no fault; one that has some is
    rejected, to be written anew. Numbers of other groups, unknown groups, second sentences and those without a quote are counted.
    """
    numbers = _numbers_of(groups)
    words = {group.key: {quote.quote_id: quote.text for quote in group.quotes} for group in groups}
    statements: dict[str, tuple[str, tuple[str, ...]]] = {}
    rejected: dict[str, Rejected] = {}
    ungrounded = 0
    for item in items_of(value):
        key = item.get("group") if isinstance(item, dict) else None
        if not isinstance(key, str) or key not in numbers or key in statements:
            ungrounded += 1
            continue
        cited, unknown = _resolve(item.get("n"), numbers[key])
        text = clip(_unquoted(item.get("text")), MAX_SUMMARY)
        ungrounded += unknown
        if text is None or not cited:
            ungrounded += 1
        faults = faults_of(text, [words[key][q] for q in cited], language) if text else (Fault.EMPTY,)
        if text and not faults:
            statements[key] = (text, cited)
        else:
            rejected.setdefault(key, Rejected(text or "", faults))
    return Worded(statements, ungrounded, rejected={key: wrong for key, wrong in rejected.items() if key not in statements})


def faulty(groups: Sequence[StatementGroup], rejected: Mapping[str, Rejected]) -> tuple[StatementGroup, ...]:
    """The groups whose sentences were rejected, to be asked for once more."""
    return tuple(replace(group, rejected=rejected[group.key]) for group in groups if group.key in rejected)


def _resolve(numbers: Any, known: Mapping[int, str]) -> tuple[tuple[str, ...], int]:
    """Quote ids of cited numbers, each once, and how many numbers are unknown."""
    listed: Iterable[Any] = numbers if isinstance(numbers, list) else [] if numbers is None else [numbers]
    read = [as_number(n) for n in listed]
    cited = dict.fromkeys(known[n] for n in read if n in known and n is not None)
    return tuple(cited), sum(n not in known for n in read)


def _unquoted(value: Any) -> str | None:
    return value.translate(QUOTATION_MARKS) if isinstance(value, str) else None
