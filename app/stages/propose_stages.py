"""Propose stages: show a model a fair sample of the talk, and keep of its reply only stages that quotes it was shown bear out.

Numbers are given and resolved here and nowhere else; a reply can choose among the quotes it saw, never add one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.stage_proposals import ProposedStage
from app.domain.stages import CUSTOMER_EXPERIENCE
from app.domain.staging import key_of
from app.domain.tags import DEFAULT_STAGE_KEYS
from app.errors import InvalidInput
from app.ports import ModelRequest, Usage
from app.stages.codebook import MARGIN, cut_words
from app.stages.tag import as_number, clip, items_of
from app.stages.tokens import estimate_tokens
from app.stages.wording import QUOTATION_MARKS, SLACK, Prompts, Setting

PROPOSE_STAGES = "propose_stages"
FEWEST_STAGES, MOST_STAGES = 3, 9
FEWEST_QUOTES = 8
"""Quotes from which stages can be proposed; of fewer nobody could say what the journey is."""
MAX_TITLE_WORDS, MAX_TITLE = 5, 60
MAX_DEFINITION, MAX_WHY = 300, 240
MOST_SHOWN = 6
"""Quotes that show one stage."""
SAID_WORDS = 28
"""Words of a quote that a model is shown: what part of the journey it is of has been said by then."""
MOST_TOKENS = 20_000
"""Tokens of talk in one request, however much the model could read."""
STAGE_TOKENS, FRAME_TOKENS, LINE_TOKENS = 150, 60, 12
"""What a stage takes in a reply, and what stands around the reply and around a line of talk."""
FEWEST_LINES = 6
"""Lines from one interview; where not all interviews can have so many, fewer interviews are read."""


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A quote as the model is shown it: what was said, shortened, or its gist; rendered for the model. `who` is a pseudonym."""

    quote_id: str
    who: str
    text: str

    @property
    def tokens(self) -> float:
        """About what it takes in a request."""
        return MARGIN * (LINE_TOKENS + estimate_tokens(self.text))


@dataclass(frozen=True, slots=True)
class Talk:
    """An interview's lines in the order of telling."""

    transcript_id: str
    lines: tuple[TalkLine, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Stages in the order of the journey, and how many numbers and stages of the reply resolved to nothing."""

    stages: tuple[ProposedStage, ...]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


def fair_sample(talks: Sequence[Talk], room_tokens: float) -> tuple[Talk, ...]:
    """Of every interview about as much, spread evenly from its first line to its last; all of it where it fits.

    Where interviews are too many to show some lines of each, evenly chosen ones are read. Deterministic.
    """
    told = [talk for talk in talks if talk.lines]
    costs = [sum(line.tokens for line in talk.lines) for talk in told]
    if not told or sum(costs) <= room_tokens:
        return tuple(told)
    a_line = sum(costs) / sum(len(talk.lines) for talk in told)
    most = max(1, int(room_tokens / (FEWEST_LINES * a_line)))
    chosen = _evenly(len(told), most)
    shares = _shares([costs[n] for n in chosen], room_tokens)
    return tuple(replace(told[n], lines=_spread(told[n].lines, share)) for n, share in zip(chosen, shares, strict=True))


def _evenly(of: int, wanted: int) -> list[int]:
    """So many places from the first to the last, at even distances."""
    if wanted >= of:
        return list(range(of))
    return [(2 * n + 1) * of // (2 * wanted) for n in range(wanted)]


def _shares(costs: Sequence[float], room: float) -> list[float]:
    """What each may take: the same for all, and what short ones leave goes to the others."""
    shares = [0.0] * len(costs)
    left = room
    for done, n in enumerate(sorted(range(len(costs)), key=lambda n: (costs[n], n))):
        shares[n] = min(costs[n], left / (len(costs) - done))
        left -= shares[n]
    return shares


def _spread(lines: Sequence[TalkLine], share: float) -> tuple[TalkLine, ...]:
    """As many lines as fit, at even distances over the whole talk; at least one."""
    whole = sum(line.tokens for line in lines)
    for wanted in range(min(len(lines), max(1, int(len(lines) * share / whole) + 1)), 0, -1):
        chosen = [lines[n] for n in _evenly(len(lines), wanted)]
        if wanted == 1 or sum(line.tokens for line in chosen) <= share:
            return tuple(chosen)
    return ()


def said_of(text: str, gist: str | None) -> str:
    """A quote in a line: its gist where a model has written one, else its first words."""
    return gist or cut_words(text, SAID_WORDS)


def talk_room(prompts: Prompts, setting: Setting, context_tokens: int) -> float:
    """Tokens of talk that fit beside the prompt and its reply."""
    empty = propose_request(prompts, setting, ())
    fixed = MARGIN * (estimate_tokens(empty.system) + estimate_tokens(empty.user)) + empty.max_tokens
    return min(MOST_TOKENS, max(context_tokens - fixed, context_tokens / 8))


def propose_request(prompts: Prompts, setting: Setting, talks: Sequence[Talk]) -> ModelRequest:
    """What is sent to have stages proposed; numbers run on through the interviews."""
    number = 0
    shown = []
    for place, talk in enumerate(talks, start=1):
        lines = [{"number": number + n, "who": line.who, "text": line.text} for n, line in enumerate(talk.lines, start=1)]
        number += len(lines)
        shown.append({"place": place, "lines": lines})
    context = {
        "study": setting.study,
        "question": setting.question,
        "product": setting.product,
        "language": setting.language,
        "defaults": [{"key": key, "definition": definition} for key, _, definition, _ in CUSTOMER_EXPERIENCE.stages],
        "talks": shown,
    }
    tokens = STAGE_TOKENS * MOST_STAGES + FRAME_TOKENS
    return prompts.request(PROPOSE_STAGES, context, tokens, tuple(sorted(talk.transcript_id for talk in talks)))


def parse_stages(value: Any, talks: Sequence[Talk]) -> Proposed:
    """Read a reply: kept are stages with a name and a definition of their own and at least one quote that was shown.

    A quote shows the first stage that names it. What cannot be used is counted; of more than nine stages the first nine count.
    """
    quote_ids = [line.quote_id for talk in talks for line in talk.lines]
    stages: list[ProposedStage] = []
    taken: set[str] = set()
    ungrounded = 0
    for item in items_of(value):
        told = item if isinstance(item, Mapping) else {}
        shown, unknown = _numbers(told.get("n"), quote_ids, taken)
        ungrounded += unknown
        stage = _stage(told, shown, stages) if len(stages) < MOST_STAGES else None
        if stage is None:
            ungrounded += 1
            continue
        taken.update(stage.quote_ids)
        stages.append(stage)
    return Proposed(tuple(stages), ungrounded)


def _stage(told: Mapping[str, Any], quote_ids: Sequence[str], before: Sequence[ProposedStage]) -> ProposedStage | None:
    title = (_words(told.get("title"), MAX_TITLE) or "").rstrip(".")
    definition = _words(told.get("definition"), MAX_DEFINITION)
    if not quote_ids or not definition or not title or len(title.split()) > MAX_TITLE_WORDS * SLACK:
        return None
    try:
        key = key_of(title)
    except InvalidInput:
        return None
    if any(stage.key == key for stage in before):
        return None
    given = told.get("base")
    base = tuple(name for name in DEFAULT_STAGE_KEYS if name in given) if isinstance(given, list) else ()
    return ProposedStage(key, title, definition, base, _words(told.get("why"), MAX_WHY) or "", tuple(quote_ids[:MOST_SHOWN]))


def _numbers(given: Any, quote_ids: Sequence[str], taken: Collection[str]) -> tuple[list[str], int]:
    """Quotes that listed numbers stand for and no stage has yet, and how many numbers stand for nothing."""
    read = [as_number(n) for n in (given if isinstance(given, list) else [])]
    known = [quote_ids[n - 1] for n in read if n is not None and 1 <= n <= len(quote_ids)]
    return [q for q in dict.fromkeys(known) if q not in taken], len(read) - len(known)


def _words(value: Any, length: int) -> str | None:
    """One line of a reply without quotation marks, since nothing here is anybody's speech."""
    return clip(value.translate(QUOTATION_MARKS), length) if isinstance(value, str) else None
