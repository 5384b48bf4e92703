"""Previews of stages, proposed stages, and what the business does, as pages and the API show them."""

from collections.abc import Mapping
from dataclasses import asdict

from app.domain.blueprint import BusinessAction
from app.domain.stages import Stage
from app.services.shapes import Shape, quote_shape, stage_keys
from app.services.stage_proposals import ProposalSeen, ProposedSeen
from app.services.stage_proposing import ProposalEstimate
from app.services.staging import Held, StageEffect, StagePreview


def preview_of_stages(preview: StagePreview) -> Shape:
    """What a change of stages would do: what happens to each stage, and what each will hold."""
    return {
        "changed": preview.changed,
        "effects": [_effect_shape(effect) for effect in preview.effects],
        "stages": [
            {**_named(count.stage), "before": _held_shape(count.before), "after": _held_shape(count.after)} for count in preview.counts
        ],
        "unplaced": {"before": preview.unplaced_before, "after": preview.unplaced_after},
        "retag_advised": preview.retag_advised,
    }


def _effect_shape(effect: StageEffect) -> Shape:
    return {
        **_named(effect.stage),
        "title_before": effect.title_before,
        "changes": [change.value for change in effect.changes],
        "fate": effect.fate.value,
        "other": _named(effect.other) if effect.other else None,
        **asdict(effect.held),
    }


def _named(stage: Stage) -> Shape:
    return {"id": stage.id, "key": stage.key, "title": stage.title}


def _held_shape(held: Held) -> Shape:
    return {"quotes": held.quotes, "participants": held.participants}


def stage_proposal_shape(seen: ProposalSeen) -> Shape:
    """What a model proposed, with its evidence and what it took."""
    proposal, keys = seen.proposal, stage_keys(seen.present)
    return {
        "id": proposal.id,
        "study_id": proposal.study_id,
        "status": proposal.status.value,
        "verdict": seen.verdict,
        "model": proposal.model,
        "prompt": proposal.prompt,
        "created_at": proposal.created_at.isoformat(),
        "ended_at": proposal.ended_at.isoformat() if proposal.ended_at else None,
        "error": proposal.error,
        "read": asdict(proposal.read),
        "usage": asdict(proposal.cost),
        "ungrounded": proposal.ungrounded,
        "stages": [_proposed_shape(stage, keys) for stage in seen.stages],
    }


def _proposed_shape(seen: ProposedSeen, keys: Mapping[str, str]) -> Shape:
    stage = seen.stage
    return {
        "key": stage.key,
        "title": stage.title,
        "definition": stage.definition,
        "base": list(stage.base),
        "why": stage.why,
        "carries_on": [_named(s) for s in seen.carries_on],
        "quotes": [quote_shape(quote, keys) for quote in seen.quotes],
    }


def proposal_estimate_shape(estimate: ProposalEstimate) -> Shape:
    """What asking for stages would take."""
    return {
        "model": estimate.model,
        "read": asdict(estimate.read),
        "calls": estimate.foreseen.calls,
        "tokens_in": estimate.foreseen.tokens_in,
        "tokens_out_at_most": estimate.foreseen.tokens_out,
        "price_at_most": estimate.price,
        "affordable": estimate.affordable,
    }


def business_action_shape(action: BusinessAction) -> Shape:
    """One thing the business does."""
    return {"id": action.id, "map_id": action.map_id, "stage_id": action.stage_id, "line": action.line.value, "text": action.text}
