"""What goes out of people and personas, as plain dicts: the JSON API and the pages show the same."""

from collections.abc import Mapping, Sequence

from app.domain.people import Participant
from app.domain.stages import Stage
from app.services.journeys import InterviewOf, ParticipantJourney, PeopleSeen, PersonInShort, Stand
from app.services.people import WhoIsWho
from app.services.personas import OwnTheme, PersonaProposal, PersonaSeen, ProposalsSeen, SharedSeen
from app.services.shapes import Shape, participant_shape, persona_shape, quote_shape, stage_keys
from app.stages.path import Step, spoken
from app.stages.personas import Contrast
from app.stages.weighing import Feeling


def journey_shape(journey: ParticipantJourney) -> Shape:
    """What one participant went through; quotes are told once, by id."""
    keys = stage_keys(journey.stages)
    person, coverage = journey.participant, journey.coverage
    return {
        "study_id": journey.study_id,
        "run_id": journey.run_id,
        "participant": _person_shape(person)
        | {"attributes": dict(person.attributes), "personas": [{"id": p.id, "name": p.name} for p in journey.personas]},
        "before": _person_shape(journey.before) if journey.before else None,
        "after": _person_shape(journey.after) if journey.after else None,
        "interviews": [_interview_shape(i) for i in journey.interviews],
        "quotes_total": journey.quotes,
        "felt": {name: journey.felt.get(name, 0) for name in ("pain", "delight", "neutral")},
        "path": [_step_shape(step, stage, journey.study.get(stage.id)) for step, stage in zip(journey.steps, journey.stages, strict=True)],
        "told_order": [step.stage_id for step in spoken(journey.steps)],
        "pains": list(journey.pains),
        "delights": list(journey.delights),
        "themes": [{"id": t.theme_id, "label": t.label, "quotes": t.quotes, "others": t.others, "mostly": t.felt} for t in journey.themes],
        "touchpoints": [
            {"touchpoint": t.text, "channel": t.channel, "quotes": t.quotes, "pains": t.pains, "delights": t.delights}
            for t in journey.touchpoints
        ],
        "statements": [_stand_shape(stand) for stand in journey.stands],
        "coverage": {name: getattr(coverage, name) for name in ("sentences", "used", "unplaced", "gap", "skipped")},
        "quote_ids": list(journey.page),
        "next_offset": journey.offset + len(journey.page) if journey.offset + len(journey.page) < journey.quotes else None,
        "said": [
            {"stage_id": s.stage_id, "quotes": s.quotes, "pains": s.pains, "delights": s.delights, "quote_ids": list(s.shown)}
            for s in journey.said
        ],
        "quotes": {quote_id: quote_shape(quote, keys) for quote_id, quote in journey.shown.items()},
    }


def people_shape(seen: PeopleSeen, files: Mapping[str, Sequence[tuple[str, str]]], who: WhoIsWho) -> list[Shape]:
    """Every participant of a study in short, with whoever they may be as well."""
    names = {p.id: p.name for p in seen.personas}
    return [_short_shape(short, files, who, names) for short in seen.people]


def persona_seen_shape(seen: PersonaSeen) -> Shape:
    """A persona, its people and what is theirs."""
    keys = stage_keys(seen.stages)
    return {
        **persona_shape(seen.persona, seen.everyone),
        "study_id": seen.study_id,
        "members": [_person_shape(p) | {"attributes": dict(p.attributes)} for p in seen.members],
        "others": seen.others,
        "shared": [{"attribute": key, "value": value, "members": n} for key, (value, n) in seen.shared.items()],
        "path": [
            _stage_head(stage)
            | {"theirs": _feeling_shape(seen.theirs.get(stage.id)), "others": _feeling_shape(seen.elsewhere.get(stage.id))}
            for stage in seen.stages
        ],
        "themes": [_own_shape(theme) for theme in seen.themes],
        "statements": [_own_shape(s) for s in seen.statements],
        "quotes": [quote_shape(quote, keys) for quote in seen.shown],
        "drawn": seen.drawn,
    }


def proposals_shape(seen: ProposalsSeen, keys: Mapping[str, str]) -> Shape:
    """Groups that stand out, or the reason why none is proposed; keys of stages by id."""
    return {
        "items": [proposal_shape(p, keys) for p in seen.proposals],
        "participants": seen.participants,
        "rejected": seen.rejected,
        "note": seen.note,
    }


def proposal_shape(proposal: PersonaProposal, keys: Mapping[str, str]) -> Shape:
    """A group of participants that may be a persona."""
    return {
        "id": proposal.id,
        "name": proposal.name,
        "participants": [_person_shape(p) for p in proposal.members],
        "shared": [_shared_shape(s, keys) for s in proposal.shared],
    }


def _person_shape(person: Participant) -> Shape:
    return {"id": person.id, "pseudonym": person.pseudonym, "name": person.name}


def _short_shape(short: PersonInShort, files: Mapping[str, Sequence[tuple[str, str]]], who: WhoIsWho, personas: Mapping[str, str]) -> Shape:
    return {
        **participant_shape(short.participant, files, who),
        "personas": [{"id": p, "name": personas[p]} for p in short.participant.persona_ids if p in personas],
        "words": short.words,
        "quotes": short.quotes,
        "pains": short.pains,
        "delights": short.delights,
        "interviews": [_interview_shape(i) for i in short.interviews],
        "scores": dict(short.scores),
    }


def _interview_shape(i: InterviewOf) -> Shape:
    return {
        "transcript_id": i.transcript_id,
        "file_name": i.file_name,
        "duration_ms": i.duration_ms,
        "words": i.words,
        "share": round(i.words / i.of_words, 4) if i.of_words else 0.0,
        "turns": i.turns,
        "quotes": i.quotes,
    }


def _stage_head(stage: Stage) -> Shape:
    return {"stage_id": stage.id, "key": stage.key, "title": stage.title}


def _step_shape(step: Step, stage: Stage, study: Feeling | None) -> Shape:
    return {
        **_stage_head(stage),
        "told": step.place,
        "first_quote_id": step.first,
        "quotes": step.quotes,
        "pains": step.pains,
        "delights": step.delights,
        "score": step.score,
        "did_quote_id": step.did,
        "felt_quote_id": step.felt,
        "study": _feeling_shape(study),
    }


def _feeling_shape(feeling: Feeling | None) -> Shape | None:
    if feeling is None:
        return None
    return {"score": round(feeling.score, 3), "spread": round(feeling.spread, 3), "participants": feeling.participants}


def _stand_shape(stand: Stand) -> Shape:
    s = stand.statement
    return {
        "id": s.id,
        "text": s.text,
        "lane": s.lane,
        "stage_id": s.stage_id,
        "theme_id": s.theme_id,
        "supports": stand.supports,
        "contradicts": stand.contradicts,
        "participants": stand.participants,
        "of_participants": stand.of_participants,
    }


def _contrast_shape(c: Contrast) -> Shape:
    return {"inside": c.inside, "of_inside": c.of_inside, "elsewhere": c.elsewhere, "of_elsewhere": c.of_elsewhere}


def _own_shape(own: OwnTheme) -> Shape:
    where = {"lane": own.statement.lane, "stage_id": own.statement.stage_id} if own.statement else {"lane": None, "stage_id": None}
    return {"id": own.contrast.key, "text": own.text, **where, **_contrast_shape(own.contrast)}


def _shared_shape(s: SharedSeen, keys: Mapping[str, str]) -> Shape:
    quotes = [quote_shape(q, keys) for q in s.quotes]
    return {"kind": s.kind, "key": s.key, "text": s.text, "mostly": s.felt, **_contrast_shape(s.contrast), "quotes": quotes}
