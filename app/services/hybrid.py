"""Hybrid tagging: a language model tags a sample of a large study, heads fitted on its answers tag the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.gold import SURE_OF
from app.domain.tags import Tags
from app.errors import ModelError
from app.ports import Agreement, Fit, Foreseen, Tagger, Window, WindowTags
from app.stages.imitate import Imitation, Sheet, imitate, value_of

HEADS = "hybrid-heads"
"""Source of tags by fitted heads; what the model tagged itself keeps its own source."""
LEAST_LEARNED = 40
"""Answers that something can be learned from."""
LEAST_ANSWERED = 0.5
"""Part of what the model was asked for that it must have answered before anything is learned from it."""
UNTRIED = 0.5
"""What part of their confidence heads keep that could be tried on nothing."""
DIGITS = 4


class HybridTagger:
    """The two taggers of hybrid tagging with what fits one to the other; as a `ports.Tagger` it is the language model."""

    source = "hybrid"

    def __init__(self, llm: Tagger, offline: Tagger, fit: Fit, agreement: Agreement) -> None:
        self.llm = llm
        self.offline = offline
        self.fit = fit
        self.agreement = agreement
        self.model = llm.model
        self.prompt = f"{llm.prompt}+{offline.prompt}"  # where either changes, it is another tagger
        self.window_size = llm.window_size
        self.heads = f"{offline.model}+{llm.model}"

    def tag(self, window: Window) -> WindowTags:
        """Have the language model tag a window."""
        return self.llm.tag(window)

    def foresee(self, window: Window) -> Foreseen:
        """What the language model will cost."""
        return self.llm.foresee(window)


@dataclass(frozen=True)
class Taught:
    """Fitted heads, how much of their confidence is borne out, and the agreement as a run keeps it (JSON)."""

    imitation: Imitation
    worth: float
    agreement: Mapping[str, Any]

    def judge(self, sheet: Sheet) -> dict[str, Tags]:
        """Tags by quote id."""
        told = zip(sheet.quote_ids, self.imitation.judge(sheet), strict=True) if sheet.quote_ids else ()
        return {q: replace(tags, confidence=round(tags.confidence * self.worth, DIGITS)) for q, tags in told}


@dataclass(frozen=True, slots=True)
class Sample:
    """A model's answers by quote id, which of them nothing is learned from, how many were asked for, and how many quotes there are."""

    answers: Mapping[str, Tags]
    held: Collection[str]
    asked: int
    quotes: int


def teach(sheet: Sheet, sample: Sample, values: Mapping[str, tuple[str, ...]], hybrid: HybridTagger) -> Taught:
    """Fit heads on a model's answers and try them on those held back; `sheet` has a row of every answered quote, as they were said.

    Raises `ModelError` where the model has answered too little to be learned from.
    """
    learned = [q for q in sheet.quote_ids if q in sample.answers and q not in sample.held]
    if len(learned) < LEAST_LEARNED or len(sample.answers) < LEAST_ANSWERED * sample.asked:
        told = f"the language model has tagged {len(sample.answers)} of the {sample.asked} quotes from which the tags of others are learned"
        raise ModelError(f"{told}; resume to ask for the rest of them")
    own = sheet.only(learned)
    imitation = imitate(own, [sample.answers[q] for q in own.quote_ids], values, hybrid.fit)
    tried = sheet.only([q for q in sheet.quote_ids if q in sample.held])
    judged = imitation.judge(tried) if tried.quote_ids else []
    theirs = [sample.answers[q] for q in tried.quote_ids]
    return Taught(
        imitation,
        _worth(judged, theirs),
        {
            "quotes": len(judged),
            "learned_from": len(learned),
            "asked": len(sample.answers),
            "of": sample.quotes,
            "fields": _by_field(judged, theirs, values, hybrid.agreement),
        },
    )


def _worth(judged: Sequence[Tags], theirs: Sequence[Tags]) -> float:
    """What the heads' confidence is multiplied by: how much of it is borne out, times how sure the model was of what they imitate."""
    if not judged:
        return UNTRIED
    agreed = sum(value_of(a, f) == value_of(b, f) for a, b in zip(judged, theirs, strict=True) for f in SURE_OF) / len(SURE_OF)
    claimed = sum(tags.confidence for tags in judged)
    sure = sum(tags.confidence for tags in theirs) / len(theirs)
    return min(1.0, agreed / claimed if claimed else 0.0) * sure


def _by_field(
    judged: Sequence[Tags], theirs: Sequence[Tags], fields: Collection[str], agreement: Agreement
) -> dict[str, dict[str, float | None]]:
    told: dict[str, dict[str, float | None]] = {}
    for field in fields if judged else ():
        pairs = [(value_of(b, field), value_of(a, field)) for a, b in zip(judged, theirs, strict=True)]
        right = sum(label == answer for label, answer in pairs) / len(pairs)
        told[field] = {"accuracy": round(right, DIGITS), "kappa": agreement.kappa(pairs)}
    return told
