"""Checking: have a model say of statements whether the quotes that they cite bear them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.journey import Doubt, Verdict
from app.ports import ModelRequest, Usage
from app.stages.tag import as_number, clip, items_of
from app.stages.wording import QUOTATION_MARKS, Prompts, Setting

CHECK_STATEMENTS = "check_statements"
CHECK_TOKENS, FRAME_TOKENS = 45, 40
"""Room for one verdict with its reason, and around all."""
MAX_CLAIMS = 30
"""Statements that one request asks about: with more of them, later ones are judged with less care."""
MAX_REASON = 140


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement as it is shown to be checked: `key` names it here, `quotes` are rendered for the model."""

    key: str
    lane: str
    text: str
    quotes: tuple[str, ...]

    @property
    def length(self) -> int:
        """Code points that a request shows of it."""
        return len(self.text) + sum(map(len, self.quotes))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a reply says of each claim, by its key; those that it leaves out are absent. `ungrounded` counts what named no claim."""

    verdicts: Mapping[str, Doubt]
    ungrounded: int = 0
    usage: Usage = field(default_factory=Usage)


def claim_batches(claims: Sequence[Claim], max_chars: int) -> tuple[tuple[Claim, ...], ...]:
    """Split claims, in order, into requests of at most `MAX_CLAIMS` and of `max_chars` code points, at least one claim each."""
    split: list[list[Claim]] = []
    room = 0
    for claim in claims:
        if not split or claim.length > room or len(split[-1]) == MAX_CLAIMS:
            split.append([])
            room = max_chars
        split[-1].append(claim)
        room -= claim.length
    return tuple(map(tuple, split))


def check_request(prompts: Prompts, setting: Setting, claims: Sequence[Claim], transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
    """What is sent to have statements checked."""
    shown = [{"number": n, "lane": c.lane, "text": c.text, "quotes": c.quotes} for n, c in enumerate(claims, start=1)]
    context = {"study": setting.study, "product": setting.product, "language": setting.language, "claims": shown}
    return prompts.request(CHECK_STATEMENTS, context, CHECK_TOKENS * len(claims) + FRAME_TOKENS, transcript_ids)


def parse_checks(value: Any, claims: Sequence[Claim]) -> Checked:
    """Read the verdicts: the first on each claim counts; numbers of none, second verdicts and unknown ones are counted and dropped."""
    verdicts: dict[str, Doubt] = {}
    ungrounded = 0
    for item in items_of(value):
        said = item if isinstance(item, dict) else {}
        number, verdict = as_number(said.get("n")), str(said.get("v"))
        claim = claims[number - 1] if number is not None and 1 <= number <= len(claims) else None
        if claim is None or claim.key in verdicts or verdict not in set(Verdict):
            ungrounded += 1
            continue
        reason = said.get("r")
        told = clip(reason.translate(QUOTATION_MARKS), MAX_REASON) if isinstance(reason, str) else None
        verdicts[claim.key] = Doubt(Verdict(verdict), told or "")
    return Checked(verdicts, ungrounded)
