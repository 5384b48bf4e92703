"""What goes out of opportunities, as plain dicts; see `app.services.shapes`."""

from collections.abc import Mapping
from typing import Any

from app.domain.review import Decision
from app.exports.catalogue import spoken
from app.services.opportunities import OpportunityPage, OpportunitySeen, Orphan
from app.services.shapes import Shape, quote_shape


def opportunity_shape(seen: OpportunitySeen, keys: Mapping[str, str]) -> Shape:
    """An opportunity with what people say of it, how its priority comes about, and some of its quotes."""
    found = seen.found
    return {
        "id": found.id,
        "study_id": seen.study_id,
        "etag": seen.etag,
        "text": seen.text,
        "beside": seen.beside,
        "origin": "human" if "text" in seen.decided else found.lead.origin,
        "theme_id": found.theme_id,
        "theme": seen.theme,
        "stages": [
            {
                "id": s.id,
                "key": s.key,
                "title": s.title,
                "statement_id": s.statement_id,
                "participants": s.participants,
                "quotes": s.quotes,
            }
            for s in seen.stages
        ],
        "participants": found.priority.reach,
        "of_participants": found.priority.of,
        "intensity": found.priority.intensity,
        "works_for": found.priority.works,
        "mixed": found.mixed,
        "quotes": len(found.said),
        "working_quotes": len(found.working),
        "priority": seen.priority,
        "computed_priority": found.priority.value,
        "why": found.priority.told(spoken().words),
        "owner": seen.owner,
        "status": seen.status.value,
        "note": seen.note,
        "decided": decided_shape(seen.decided),
        "said": [quote_shape(q, keys) for q in seen.said],
        "working": [quote_shape(q, keys) for q in seen.working],
    }


def opportunities_shape(page: OpportunityPage, keys: Mapping[str, str]) -> Shape:
    """A page of opportunities."""
    return {
        "items": [opportunity_shape(seen, keys) for seen in page.opportunities],
        "total": page.total,
        "of": page.of,
        "of_participants": page.of_participants,
        "owners": list(page.owners),
        "orphans": [orphan_shape(orphan) for orphan in page.orphans],
        "next_cursor": page.next_cursor,
    }


def orphan_shape(orphan: Orphan) -> Shape:
    """What people decided about an opportunity that is no longer on the map."""
    values: dict[str, Any] = {field: d.value for field, d in orphan.decided.items()}
    return {"id": orphan.id, "values": values, "decided": decided_shape(orphan.decided)}


def decided_shape(decided: Mapping[str, Decision]) -> Shape:
    """Who decided which field, and when."""
    return {field: {"decision_id": d.id, "actor": d.actor, "at": d.at.isoformat()} for field, d in decided.items()}
