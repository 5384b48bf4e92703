"""What a run works on, loaded at once: quotes of participants, who said them, how they are tagged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Participant, Role, Speaker
from app.domain.review import Decision, Suggestion, fold
from app.domain.runs import Run
from app.domain.stages import Stage, read_as_one, stage_names
from app.domain.study import Study, Transcript
from app.domain.tags import Channel, Emotion, Experience, Kind, Tags

TAG_FIELDS = tuple(f.name for f in fields(Tags))
QUOTE, STAGE, HUMAN = "quote", "stage", "human"
_MEMBERS = {
    name: {m: m for m in kind} for name, kind in (("channel", Channel), ("kind", Kind), ("emotion", Emotion), ("experience", Experience))
}
"""Looked up thousands of times, at a tenth of what calling an enumeration takes."""
UNJUDGED: dict[str, Any] = {"touchpoint": None, "gist": None}
"""What a quote has before anybody judged it."""


@dataclass(frozen=True)
class Material:
    """A run's quotes (participants only, in transcript order) with everything a stage needs beside them."""

    study: Study
    stages: tuple[Stage, ...]
    transcripts: dict[str, Transcript]
    texts: dict[str, str]
    quotes: tuple[StoredQuote, ...]
    speakers: dict[str, Speaker]
    participants: dict[str, Participant]
    tags: dict[str, Tags]
    sources: dict[str, str]
    names: tuple[str, ...]

    @cached_property
    def by_id(self) -> dict[str, StoredQuote]:
        """Quotes by id."""
        return {q.quote.id: q for q in self.quotes}

    @cached_property
    def stage_ids(self) -> frozenset[str]:
        """Ids of the study's stages."""
        return frozenset(stage.id for stage in self.stages)

    def text(self, quote_id: str) -> str:
        """A quote's words, cut from the canonical text."""
        quote = self.by_id[quote_id].quote
        return quote.span.cut(self.texts[quote.transcript_id])

    def participant_id(self, quote_id: str) -> str:
        """Whose words they are."""
        return self.speakers[self.by_id[quote_id].speaker_id].participant_id or ""

    def who(self, stored: StoredQuote) -> str:
        """The pseudonym behind a quote."""
        participant = self.participants.get(self.speakers[stored.speaker_id].participant_id or "")
        return participant.pseudonym if participant else ""

    def personas(self, stored: StoredQuote) -> tuple[str, ...]:
        """Ids of the personas that whoever said a quote belongs to."""
        participant = self.participants.get(self.speakers[stored.speaker_id].participant_id or "")
        return participant.persona_ids if participant else ()

    def interviewers(self, transcript_id: str) -> frozenset[str]:
        """Names of those who are not quoted in a transcript."""
        return frozenset(s.name for s in self.transcripts[transcript_id].speakers if s.role is not Role.PARTICIPANT)


def load_material(repo: Repositories, run: Run, transcript_ids: Sequence[str] | None = None, *, texts: bool = True) -> Material:
    """Load a run's material, or that of some of its transcripts, with or without their texts."""
    of_study = {t.id: t for t in repo.transcripts.of_study(run.study_id) if t.id in run.inputs.transcript_ids}
    chosen = [t for t in of_study if transcript_ids is None or t in transcript_ids]
    speakers = {s.id: s for t in of_study.values() for s in t.speakers}
    quotes = tuple(q for q in repo.transcripts.quotes(chosen) if run.inputs.roles.get(q.speaker_id) == Role.PARTICIPANT)
    stages = read_as_one(repo.studies.stages(run.study_id), repo.studies.absorbed(run.study_id))
    tags, sources = load_tags(repo, run, [q.quote.id for q in quotes], stages)
    participants = {p.id: p for p in repo.people.participants(run.study_id, speaking=False)}
    return Material(
        study=repo.studies.get(run.study_id),
        stages=stages,
        transcripts=of_study,
        texts=repo.transcripts.texts(chosen) if texts else {},
        quotes=quotes,
        speakers=speakers,
        participants=participants,
        tags=tags,
        sources=sources,
        names=known_names(of_study.values(), participants.values()),
    )


def known_names(transcripts: Any, participants: Any) -> tuple[str, ...]:
    """Names of people that speaker labels and participants give away."""
    labels = {s.name for t in transcripts for s in t.speakers} | {p.name for p in participants}
    return tuple(sorted(labels))


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one quote: tags as shown, who they are by, what a model proposed, people's standing decisions by field."""

    tags: Tags | None = None
    source: str | None = None
    proposed: Tags | None = None
    decided: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def corrected(self) -> bool:
        """Whether people decided otherwise than a model proposed."""
        return any(self.proposed is None or d.value != getattr(self.proposed, name) for name, d in self.decided.items())


def load_tags(repo: Repositories, run: Run, quote_ids: Sequence[str], stages: Sequence[Stage]) -> tuple[dict[str, Tags], dict[str, str]]:
    """Shown tags and their sources by quote: the run's tagger's suggestions with people's decisions laid over them."""
    judged = load_judged(repo, run.study_id, run.tagger_key, quote_ids, stages)
    tags = {quote_id: j.tags for quote_id, j in judged.items() if j.tags is not None}
    return tags, {quote_id: judged[quote_id].source or "" for quote_id in tags}


def load_judged(
    repo: Repositories, study_id: str, tagger_key: str | None, quote_ids: Sequence[str], stages: Sequence[Stage]
) -> dict[str, Judged]:
    """What became of each of these quotes that a tagger or a person has judged; without a tagger, what people alone decided."""
    suggested = repo.reviews.suggestions(study_id, QUOTE, tagger_key, quote_ids) if tagger_key else {}
    decided = repo.reviews.decisions(study_id, QUOTE)
    valid = valid_stages(stages)
    touched = (q for q in quote_ids if q in suggested or q in decided)
    return {q: judge(suggested.get(q), decided.get(q, ()), valid) for q in touched}


def valid_stages(stages: Iterable[Stage]) -> Mapping[str, str]:
    """What a quote's stage may be, the study's own or none, with what it means: one that was merged means the stage it is part of."""
    return stage_names(stages)


def judge(suggestion: Suggestion | None, decisions: Iterable[Decision], valid: Mapping[str, str]) -> Judged:
    """Fold a suggestion and people's decisions about a quote; the one place where what either says of a stage is understood.

    A stage that was merged into another means that one, a stage that the study no longer has does not count; a quote of which no model
    said anything has tags once people decided all of them that cannot be empty.
    """
    standing = {d.field: _meant(d, valid) for d in decisions if d.undone_at is None and not (d.field == STAGE and d.value not in valid)}
    proposed = _understood(suggestion.payload, valid) if suggestion else None
    said = read_tags(proposed) if proposed else None
    if said and suggestion and not standing:  # which is so of nearly all of thousands of quotes
        return Judged(said, suggestion.source, said) if said.stage in valid else Judged(proposed=said)
    payload = proposed or {**UNJUDGED, "confidence": 1.0 if standing else 0.0}
    shown = fold(payload, standing.values())
    whole = shown.keys() >= set(TAG_FIELDS) and shown[STAGE] in valid
    return Judged(
        tags=read_tags(shown) if whole else None,
        source=(HUMAN if standing else suggestion.source if suggestion else None) if whole else None,
        proposed=said,
        decided=standing,
    )


def _meant(decision: Decision, valid: Mapping[str, str]) -> Decision:
    """The decision with the stage that is meant."""
    renamed = decision.field == STAGE and valid[decision.value] != decision.value
    return replace(decision, value=valid[decision.value]) if renamed else decision


def _understood(payload: Mapping[str, Any], valid: Mapping[str, str]) -> dict[str, Any]:
    """What a model said with the stage that is meant; one that is gone stays as it was said."""
    return {**payload, STAGE: valid.get(payload[STAGE], payload[STAGE])}


def read_tags(payload: Mapping[str, Any]) -> Tags:
    """Tags from a stored payload."""
    values = {name: payload[name] for name in TAG_FIELDS}
    for name, members in _MEMBERS.items():
        values[name] = members[values[name]]
    return Tags(**values)
