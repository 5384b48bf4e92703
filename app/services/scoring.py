"""Scoring: labels and answers side by side, and the one JSON document that says how good a tagger is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.gold import CLOSED_FIELDS, NO_TOUCHPOINT, SURE_OF, Figures, Gold, GoldQuote, GoldStudy, Labels
from app.domain.stages import Stage
from app.domain.tags import NO_STAGE, Channel, Emotion, Experience, Kind, Tags
from app.ports import Agreement, Tagger, Usage

SCHEMA_VERSION = 1
BINS = 10
DIGITS = 4
INTENSITIES = ("1", "2", "3")
COMPACT = ("n", "accuracy", "macro_f1", "kappa", "ac1", "alpha", "untagged")
"""Figures of a part of the quotes, where tables would be too thin."""
WORD = re.compile(r"\w+")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One quote's labels beside an answer: a tagger's, or another labeller's; None where there is none."""

    interview: str
    labels: Labels
    answer: Labels | None
    confidence: float | None = None
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tagger made of a gold standard: tags by quote id, what it cost, and why quotes were left without tags, by reason."""

    tags: Mapping[str, Tags]
    usage: Usage
    reasons: Mapping[str, int]

    def joined(self, other: "Outcome") -> "Outcome":
        """Both together."""
        reasons = {why: self.reasons.get(why, 0) + other.reasons.get(why, 0) for why in {*self.reasons, *other.reasons}}
        return Outcome({**self.tags, **other.tags}, self.usage + other.usage, reasons)


def score(gold: Gold, outcome: Outcome, tagger: Tagger, agreement: Agreement) -> Document:
    """Everything that was measured, without date and without a word of any quote, so that the same answers give the same document."""
    by_study = {study.name: list(_pairs(study, outcome)) for study in gold.studies}
    pairs = [pair for of_study in by_study.values() for pair in of_study]
    values = _values(gold)
    hard = [pair for pair in pairs if pair.hard]
    return {
        "schema_version": SCHEMA_VERSION,
        "gold": _about(gold),
        "tagger": {"source": tagger.source, "model": tagger.model, "prompt": tagger.prompt},
        "all": _slice(pairs, values, agreement),
        "hard": _slice(hard, values, agreement, compact=True) if hard else None,
        "studies": [
            {"name": study.name, "field": study.field, **_slice(by_study[study.name], values, agreement, compact=True)}
            for study in gold.studies
        ],
        "labellers": _labellers(gold, outcome, values, agreement),
        "calibration": _calibration(pairs, agreement),
        "cost": _cost(outcome.usage, len(pairs)),
        "gaps": {"quotes": sum(pair.answer is None for pair in pairs), "reasons": dict(sorted(outcome.reasons.items()))},
    }


def labels_of(tags: Tags, stages: Sequence[Stage]) -> dict[str, str]:
    """A tagger's answer in the words of labels: stages by key."""
    keys = {stage.id: stage.key for stage in stages} | {NO_STAGE: NO_STAGE}
    return {
        "stage": keys[tags.stage],
        "channel": tags.channel,
        "kind": tags.kind,
        "emotion": tags.emotion,
        "intensity": str(tags.intensity),
        "experience": tags.experience,
        "touchpoint": (tags.touchpoint or NO_TOUCHPOINT).lower(),
    }


def _pairs(study: GoldStudy, outcome: Outcome) -> Iterable[Pair]:
    for interview in study.interviews:
        for quote in interview.quotes:
            tags = outcome.tags.get(quote.quote.id)
            answer = labels_of(tags, study.stages) if tags else None
            yield Pair(_place(study, interview.name), quote.labels, answer, tags.confidence if tags else None, bool(quote.hard))


def _place(study: GoldStudy, interview: str) -> str:
    return f"{study.name}/{interview}"


def _values(gold: Gold) -> dict[str, tuple[str, ...]]:
    """The closed set of each field; stages are those of all studies, in their order."""
    keys = dict.fromkeys(stage.key for study in gold.studies for stage in study.stages)
    return {
        "stage": (*keys, NO_STAGE),
        "channel": tuple(Channel),
        "emotion": tuple(Emotion),
        "experience": tuple(Experience),
        "kind": tuple(Kind),
    }


def _about(gold: Gold) -> Document:
    quotes = gold.quotes
    return {
        "name": gold.name,
        "sha256": gold.sha256,
        "studies": len(gold.studies),
        "interviews": sum(len(study.interviews) for study in gold.studies),
        "quotes": len(quotes),
        "hard": sum(bool(quote.hard) for quote in quotes),
        "labelled_twice": sum(quote.second is not None for quote in quotes),
        "fields": sorted({study.field for study in gold.studies}),
    }


def _slice(pairs: Sequence[Pair], values: Mapping[str, tuple[str, ...]], agreement: Agreement, *, compact: bool = False) -> Document:
    """Figures by field over some quotes; a field that nobody labelled there is left out."""
    fields: Document = {}
    for field in CLOSED_FIELDS:
        labelled = [pair for pair in pairs if field in pair.labels]
        if labelled:
            fields[field] = _figures(labelled, field, values[field], agreement, compact=compact)
    strong = [pair for pair in pairs if _both_feel(pair) and "intensity" in pair.labels]
    if strong:
        fields["intensity"] = _figures(strong, "intensity", INTENSITIES, agreement, compact=compact)
    touched = [pair for pair in pairs if "touchpoint" in pair.labels]
    return {"quotes": len(pairs), "fields": fields, "touchpoint": _touchpoint(touched) if touched else None}


def _figures(pairs: Sequence[Pair], field: str, values: Sequence[str], agreement: Agreement, *, compact: bool) -> Document:
    compared = [(pair.labels[field], pair.answer.get(field) if pair.answer else None) for pair in pairs]
    groups = () if compact else [pair.interview for pair in pairs]
    figures: Figures = agreement.figures(compared, values, groups, ordinal=field == "intensity")
    shown = asdict(figures)
    if compact:
        return {name: shown[name] for name in COMPACT}
    return shown | {"values": list(figures.values), "confusion": [list(row) for row in figures.confusion]}  # as JSON would have it


def _both_feel(pair: Pair) -> bool:
    """Whether both name a feeling, so that there is a strength to compare."""
    felt = (pair.labels.get("emotion"), pair.answer.get("emotion") if pair.answer else None)
    return None not in felt and Emotion.NEUTRAL not in felt


def _touchpoint(pairs: Sequence[Pair]) -> Document:
    """Whether there is one was agreed on how often, and how many words are shared where both name one (Jaccard, 0 to 1)."""
    told = [(pair.labels["touchpoint"], pair.answer.get("touchpoint", NO_TOUCHPOINT) if pair.answer else None) for pair in pairs]
    shared = [_overlap(label, answer) for label, answer in told if label and answer]
    return {
        "n": len(told),
        "prevalence": _share(sum(bool(label) for label, _ in told), len(told)),
        "presence_agreed": _share(sum(answer is not None and bool(label) == bool(answer) for label, answer in told), len(told)),
        "both": len(shared),
        "overlap": _share(sum(shared), len(shared)),
        "untagged": _share(sum(answer is None for _, answer in told), len(told)),
    }


def _overlap(one: str, other: str) -> float:
    a, b = set(WORD.findall(one.lower())), set(WORD.findall(other.lower()))
    return len(a & b) / len(a | b) if a | b else 0.0


def _labellers(gold: Gold, outcome: Outcome, values: Mapping[str, tuple[str, ...]], agreement: Agreement) -> Document | None:
    """On the quotes that were labelled twice: the two labellers with each other, and the tagger with each of them."""
    twice: list[tuple[GoldQuote, Pair]] = []
    for study in gold.studies:
        quotes = {quote.quote.id: quote for quote in study.quotes}
        twice += [(quotes[quote_id], pair) for quote_id, pair in zip(quotes, _pairs(study, outcome), strict=True)]
    twice = [(quote, pair) for quote, pair in twice if quote.second is not None]
    if not twice:
        return None
    between = [Pair(pair.interview, quote.labels, quote.second) for quote, pair in twice]
    with_second = [Pair(pair.interview, quote.second or {}, pair.answer) for quote, pair in twice]
    return {
        "quotes": len(twice),
        "first_second": _slice(between, values, agreement),
        "tagger_first": _slice([pair for _, pair in twice], values, agreement, compact=True),
        "tagger_second": _slice(with_second, values, agreement, compact=True),
    }


def _calibration(pairs: Sequence[Pair], agreement: Agreement) -> Document | None:
    """Confidence against the share of the four tags it speaks of that is right; quotes without tags have no confidence."""
    sure: list[float] = []
    right: list[float] = []
    for pair in pairs:
        labelled = [field for field in SURE_OF if field in pair.labels]
        if pair.answer is not None and pair.confidence is not None and labelled:
            sure.append(pair.confidence)
            right.append(sum(pair.labels[field] == pair.answer.get(field) for field in labelled) / len(labelled))
    if not sure:
        return None
    bins = agreement.reliability(sure, right, BINS)
    error = sum(b.n * abs(b.confidence - b.right) for b in bins) / len(sure)
    return {
        "n": len(sure),
        "confidence": _share(sum(sure), len(sure)),
        "right": _share(sum(right), len(right)),
        "ece": round(error, DIGITS),
        "bins": [asdict(b) for b in bins],
    }


def _cost(usage: Usage, quotes: int) -> Document:
    spent = {"calls": usage.calls, "cached": usage.cached, "tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out}
    each = {name: _share(spent[name], quotes) for name in ("calls", "tokens_in", "tokens_out")}
    return {**spent, "per_quote": each}


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
