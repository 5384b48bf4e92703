"""What goes out, as plain dicts: the JSON API and the pages show the same shapes, and both take them from here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.db.repositories.maps import MapView
from app.db.repositories.personal_data import SearchTotals
from app.domain.people import Joined, Participant, Persona, Speaker
from app.domain.render import Audience, render
from app.domain.review import Decision
from app.domain.runs import Run, RunStatus
from app.domain.stages import TEMPLATES, Stage, Template
from app.domain.study import Transcript
from app.domain.tags import NO_STAGE, REVIEWED_FIELDS
from app.domain.transcript import CanonicalTranscript, Span
from app.services.estimate import Estimate
from app.services.ingest import Foreseen, Outcome
from app.services.maps import EVIDENCE_PAGE, CitedQuotes
from app.services.people import WhoIsWho
from app.services.presenting import ShownQuote
from app.services.redaction import PersonalDataOverview, Preview, TermFound
from app.services.search import Found
from app.services.studies import StudyOverview
from app.services.transcript_pages import Piece, TurnView

Shape = dict[str, Any]
FIRST_TURNS, FIRST_CHARS = 5, 160
"""How much a preview shows of a file."""


def study_shape(overview: StudyOverview) -> Shape:
    """A study with its counts, its newest run and its map."""
    study, counts = overview.study, overview.counts
    return {
        "id": study.id,
        "name": study.name,
        "question": study.question,
        "product": study.product,
        "created_at": study.created_at.isoformat(),
        "template": study.template,
        "redact": study.redact,
        "transcripts": counts.transcripts,
        "participants": counts.participants,
        "quotes": counts.quotes,
        "latest_run": run_shape(overview.latest_run, overview.map_id) if overview.latest_run else None,
        "map_id": overview.map_id,
    }


def run_shape(run: Run, map_id: str | None, personal: SearchTotals | None = None) -> Shape:
    """A run; `map_id` is its study's map, which it names once it has drawn it, `personal` what was found of personal data."""
    drew = run.status in {RunStatus.SUCCEEDED, RunStatus.PARTIAL}
    return {
        "id": run.id,
        "study_id": run.study_id,
        "status": run.status.value,
        "tagger": run.tagger,
        "model": run.model,
        "retag": run.inputs.retag,
        "recode": run.inputs.recode,
        "check_statements": run.inputs.check,
        "created_at": run.created_at.isoformat(),
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "progress": [{"name": p.name, "done": p.done, "total": p.total} for p in run.progress],
        "gaps": [{"item": g.item.partition("/")[2], "what": g.what, "reason": g.reason, "quotes": g.quotes} for g in run.gaps],
        "usage": {
            "calls": run.calls,
            "cached": run.cached,
            "tokens_in": run.tokens_in,
            "tokens_out": run.tokens_out,
            "cost": run.cost,
            "by_prompt": [asdict(s) for s in run.spent],
        },
        "personal_data": cost_shape(personal) if personal and personal.transcripts else None,
        "agreement": run.agreement,
        "error": run.error,
        "map_id": map_id if drew else None,
    }


def estimate_shape(estimate: Estimate) -> Shape:
    """What a run would take."""
    return {
        "tagger": estimate.tagger,
        "model": estimate.model,
        "quotes": estimate.quotes,
        "calls": estimate.calls,
        "tokens_in": estimate.tokens_in,
        "tokens_out_at_most": estimate.tokens_out,
        "price_at_most": estimate.price,
        "parts": [{"name": p.name, "calls": p.calls, "tokens_in": p.tokens_in, "tokens_out_at_most": p.tokens_out} for p in estimate.parts],
        "words_known_by": estimate.basis.value,
    }


def cost_shape(totals: SearchTotals) -> Shape:
    """How much personal data was found, and the seconds that took."""
    return {"findings": totals.findings, "transcripts": totals.transcripts, "took_s": round(totals.took_ms / 1000, 1)}


def term_shape(term: TermFound) -> Shape:
    """A term of a study with an example of it as spoken."""
    return asdict(term)


def preview_shape(preview: Preview) -> Shape:
    """Turns as the owner and as others see them."""
    told = asdict(preview)
    return {**told, "files": [{"id": i, "file_name": name, "findings": found} for i, name, found in preview.files]}


def personal_data_shape(overview: PersonalDataOverview, terms: Sequence[TermFound], next_cursor: str | None) -> Shape:
    """A study's personal data with a page of its terms."""
    switched = overview.switched
    return {
        "redact": overview.redact,
        "switched_by": switched.actor if switched else None,
        "switched_at": switched.at.isoformat() if switched else None,
        "detector": overview.detector,
        "cost": cost_shape(overview.totals),
        "transcripts": overview.transcripts,
        "waiting": overview.waiting,
        "items": [term_shape(t) for t in terms],
        "total": len(overview.terms),
        "next_cursor": next_cursor,
    }


def transcript_shape(transcript: Transcript, pseudonyms: Mapping[str, str], decisions: int | None = None) -> Shape:
    """A transcript and what was understood of it; pseudonyms by participant id, `decisions` of people on its quotes where counted."""
    words = sum(s.words for s in transcript.speakers)
    return {
        "id": transcript.id,
        "study_id": transcript.study_id,
        "file_name": transcript.file_name,
        "shape": transcript.shape,
        "language": transcript.language,
        "turns": transcript.turns,
        "words": transcript.words,
        "duration_ms": transcript.duration_ms,
        "named": transcript.named,
        "warnings": list(transcript.warnings),
        "recording": transcript.recording,
        "created_at": transcript.created_at.isoformat(),
        "decisions": decisions,
        "speakers": [speaker_shape(s, words, pseudonyms) for s in transcript.speakers],
    }


def speaker_shape(speaker: Speaker, words: int, pseudonyms: Mapping[str, str]) -> Shape:
    """A speaker; `words` is what the whole transcript has."""
    participates = speaker.role == "participant"
    return {
        "id": speaker.id,
        "name": speaker.name,
        "role": speaker.role.value,
        "role_guess": speaker.role_guess.value,
        "words": speaker.words,
        "share": _share(speaker.words, words),
        "turns": speaker.turns,
        "participant_id": speaker.participant_id if participates else None,
        "pseudonym": pseudonyms.get(speaker.participant_id or "") if participates else None,
    }


def outcome_shape(outcome: Outcome, pseudonyms: Mapping[str, str], decided: Mapping[str, int]) -> Shape:
    """What became of an uploaded file; decisions of people on its quotes by transcript id."""
    stored = outcome.transcript
    return {
        "file_name": outcome.file_name,
        "status": outcome.status,
        "transcript": transcript_shape(stored, pseudonyms, decided.get(stored.id, 0)) if stored else None,
        "error": outcome.error.message if outcome.error else None,
        "note": outcome.note,
        "archive": outcome.archive,
    }


def foreseen_shape(foreseen: Foreseen) -> Shape:
    """What was understood of a file that is not stored, and what uploading it would do."""
    file, like = foreseen.understood, foreseen.likeness
    text = file.parsed.canonical if file.parsed else None
    words = sum(s.words for s in file.speakers)
    return {
        "file_name": file.file_name,
        "archive": file.upload.archive,
        "status": foreseen.status,
        "shape": file.parsed.shape if file.parsed else None,
        "language": file.language if text else None,
        "named": text.named if text else False,
        "speakers": [
            {"name": s.name, "role": s.role.value, "share": _share(s.words, words), "words": s.words, "turns": s.turns}
            for s in file.speakers
        ],
        "turns": len(text.turns) if text else 0,
        "words": words,
        "duration_ms": text.duration_ms if text else None,
        "first_lines": _first_lines(text) if text else [],
        "warnings": list(file.parsed.warnings) if file.parsed else [],
        "about": dict(file.parsed.about) if file.parsed else {},
        "same_as": like.file_name if like else None,
        "note": like.note if like else None,
        "error": file.error.message if file.error else None,
    }


def _first_lines(text: CanonicalTranscript) -> list[Shape]:
    """The beginning of the first turns, for the owner to look at."""
    lines = []
    for turn in text.turns[:FIRST_TURNS]:
        cut = min(turn.end, turn.start + FIRST_CHARS)
        more = cut < turn.end
        if more and (blank := text.text.rfind(" ", turn.start + FIRST_CHARS // 2, cut)) > 0:  # between words where there are any
            cut = blank
        lines.append({"speaker": turn.speaker, "text": render(text.text, Span(turn.start, cut), Audience.OWNER) + ("…" if more else "")})
    return lines


def _share(words: int, of_words: int) -> float:
    return round(words / of_words, 4) if of_words else 0.0


def participant_shape(participant: Participant, files: Mapping[str, Sequence[tuple[str, str]]], who: WhoIsWho | None = None) -> Shape:
    """A participant; files (id, name) by participant id, and with `who` the voices behind each and whom they may be as well."""
    return {
        "id": participant.id,
        "pseudonym": participant.pseudonym,
        "name": participant.name,
        "attributes": dict(participant.attributes),
        "persona_ids": list(participant.persona_ids),
        "transcripts": [{"id": file_id, "file_name": name} for file_id, name in dict(files.get(participant.id, ())).items()],
        "voices": [
            {"speaker_id": s, "name": name, "file_name": file} for s, name, file in (who.voices if who else {}).get(participant.id, ())
        ],
        "joined": [_person_shape(j) for j in participant.joined],
        "maybe_same": [_person_shape(p) for p in (who.alike if who else {}).get(participant.id, ())],
    }


def _person_shape(person: Participant | Joined) -> Shape:
    return {"id": person.id, "pseudonym": person.pseudonym, "name": person.name}


def persona_shape(persona: Persona, participants: Sequence[Participant]) -> Shape:
    """A persona, its rule, and which of these participants it stands for."""
    members = [p.id for p in participants if persona.id in p.persona_ids]
    return {
        "id": persona.id,
        "name": persona.name,
        "description": persona.description,
        "rule": {"attribute": persona.rule.attribute, "value": persona.rule.value} if persona.rule else None,
        "participants": len(members),
        "participant_ids": members,
        "etag": persona.etag,
    }


def stage_shape(stage: Stage) -> Shape:
    """A stage of a study."""
    return {
        "id": stage.id,
        "key": stage.key,
        "title": stage.title,
        "definition": stage.definition,
        "base": list(stage.base),
        "absorbed": list(stage.absorbed),
    }


def template_shape(template: Template) -> Shape:
    """A template and its stages."""
    stages = [{"key": k, "title": title, "definition": told, "base": list(base)} for k, title, told, base in template.stages]
    return {"key": template.key, "title": template.title, "saved": template.key not in TEMPLATES, "stages": stages}


def stage_keys(stages: Sequence[Stage]) -> dict[str, str]:
    """Keys of stages by id: quotes outside know their stage by its key."""
    return {stage.id: stage.key for stage in stages}


def quote_shape(quote: ShownQuote, keys: Mapping[str, str]) -> Shape:
    """A quote or a skipped sentence; its stage by key, `none`, or null for what has no tags."""
    return {
        "id": quote.id,
        "transcript": quote.transcript,
        "speaker": quote.speaker,
        "state": quote.state,
        "skip_reason": quote.skip_reason,
        **quote.fields(),
        "stage": keys.get(quote.tags.stage, "none") if quote.tags else None,
        "review": _review_shape(quote, keys) if quote.review else None,
        "listen": quote.listen,
        "map": None,
    }


def found_shape(found: Found, keys: Mapping[str, str]) -> Shape:
    """A page of what was looked for: quotes as lists have them, each with how it was found."""
    return {
        "items": [
            {
                **quote_shape(hit.quote, keys),
                "match": {
                    "by": list(hit.by),
                    "similarity": None if hit.similarity is None else round(hit.similarity, 4),
                    "places": [list(place) for place in hit.places],
                },
            }
            for hit in found.hits
        ],
        "total": found.total,
        "next_cursor": found.next_cursor,
        "meaning": found.meaning,
        "notes": list(found.notes),
        "without": [{"filter": name, "total": total} for name, total in found.without],
        "unfiltered": found.unfiltered,
    }


def _review_shape(quote: ShownQuote, keys: Mapping[str, str]) -> Shape:
    """How far people are with a quote: what the model proposed, and by field who decided otherwise or the same."""
    by_model = {field: getattr(quote.proposed, field) for field in REVIEWED_FIELDS} if quote.proposed else None
    if by_model:
        by_model["stage"] = NO_STAGE if by_model["stage"] == NO_STAGE else keys.get(by_model["stage"])
    return {
        "status": quote.review,
        "proposed": by_model,
        "decided": {
            field: {"decision_id": d.id, "actor": d.actor, "at": d.at.isoformat()}
            for field, d in sorted(quote.decided.items(), key=lambda item: REVIEWED_FIELDS.index(item[0]))
            if field in REVIEWED_FIELDS
        },
    }


def decision_shape(decision: Decision) -> Shape:
    """What a person decided; `undone_at` is null while it stands."""
    d = decision
    return {
        "id": d.id,
        "target_type": d.target_type,
        "target_id": d.target_id,
        "field": d.field,
        "value": d.value,
        "actor": d.actor,
        "at": d.at.isoformat(),
        "undone_at": d.undone_at.isoformat() if d.undone_at else None,
    }


def cited_shape(cited: CitedQuotes, keys: Mapping[str, str]) -> Shape:
    """A statement, or with `statement` null a stage's curve point, with a page of its quotes."""
    shown = len(cited.supporting) + len(cited.contrary)
    after = cited.offset + EVIDENCE_PAGE
    point = cited.lane is None
    stage = {key: cited.stage[key] for key in ("id", "key", "title", "definition")}
    return {
        "map_id": cited.map_id,
        "statement": None if point else cited.cited,
        "lane": cited.lane,
        "stage": {**stage, "emotion": cited.cited if point else None},
        "supporting": [quote_shape(q, keys) for q in cited.supporting],
        "contrary": [quote_shape(q, keys) for q in cited.contrary],
        "total": cited.total,
        "more": max(0, cited.total - cited.offset - shown),
        "of_participants": cited.of_participants,
        "next_offset": after if after < cited.total else None,
    }


def turn_shape(turn: TurnView, titles: Mapping[str, str]) -> Shape:
    """A turn of a transcript in pieces; titles of stages by id."""
    return {
        "index": turn.index,
        "speaker": turn.speaker.name,
        "role": turn.speaker.role.value,
        "pseudonym": turn.participant.pseudonym if turn.participant and turn.speaker.role == "participant" else None,
        "start_ms": turn.start_ms,
        "listen": turn.listen,
        "continued": turn.continued,
        "pieces": [_piece_shape(piece, titles) for piece in turn.pieces],
    }


def _piece_shape(piece: Piece, titles: Mapping[str, str]) -> Shape:
    quote = piece.quote
    tags = quote.tags if quote else None
    return {
        "text": piece.text,
        "quote_id": quote.id if quote else None,
        "state": quote.state if quote else None,
        "skip_reason": piece.skip.value if piece.skip else None,
        "skip_id": piece.skip_id,
        "stage_title": titles.get(tags.stage) if tags else None,
        "emotion": tags.emotion.value if tags else None,
        "experience": tags.experience.value if tags else None,
    }


def map_view_shape(view: MapView) -> Shape:
    """A map as lists show it."""
    return {
        "id": view.id,
        "study_id": view.study_id,
        "name": view.name,
        "scenario": view.scenario,
        "filter": {"personas": view.filter.get("personas", []), "channels": view.filter.get("channels", [])},
        "is_default": view.is_default,
    }


def listed_map_shape(view: MapView, drawn: tuple[int, datetime] | None) -> Shape:
    """A map in a list, with its newest version's number and when that was drawn."""
    version, at = drawn or (None, None)
    return {**map_view_shape(view), "version": version, "drawn_at": at.isoformat() if at else None}


def version_shape(version: tuple[str, int, str, str, Any]) -> Shape:
    """A version of a map as lists show it."""
    version_id, number, status, run_id, created_at = version
    return {"id": version_id, "version": number, "status": status, "run_id": run_id, "created_at": created_at.isoformat()}


def theme_shape(theme: Mapping[str, Any]) -> Shape:
    """A theme with its counts and its entry in the code book."""
    return {
        "id": theme["id"],
        "label": theme["label"],
        "summary": theme.get("definition") or theme.get("summary") or "",
        "parent_id": theme.get("parent_id"),
        "quotes": theme["quotes"],
        "participants": theme["participants"],
    }
