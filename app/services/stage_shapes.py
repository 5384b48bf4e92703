"""Previews of stages, and what the business does, as pages and the API show them."""

from dataclasses import asdict

from app.domain.blueprint import BusinessAction
from app.domain.stages import Stage
from app.services.shapes import Shape
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


def business_action_shape(action: BusinessAction) -> Shape:
    """One thing the business does."""
    return {"id": action.id, "map_id": action.map_id, "stage_id": action.stage_id, "line": action.line.value, "text": action.text}
