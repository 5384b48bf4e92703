"""What goes out of code books, as plain dicts; see `app.services.shapes`."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.services.actions import Told
from app.services.codebook import Changed, HistoryPage
from app.services.maps import EVIDENCE_PAGE
from app.services.portraits import PrevalenceSeen, SaturationSeen, ThemeSeen
from app.services.presenting import ShownQuote
from app.services.proposals import Part, Proposal
from app.services.shapes import Shape, quote_shape
from app.services.theme_material import InterviewHead, PersonaCount
from app.services.unplaced import UnplacedPage
from app.stages.prevalence import SaturationRatio, Spread


def theme_detail_shape(theme: Mapping[str, Any], members: Sequence[ShownQuote], keys: Mapping[str, str], offset: int) -> Shape:
    """An entry with a page of its quotes."""
    after = offset + EVIDENCE_PAGE
    return {
        **theme,
        "members": [quote_shape(q, keys) for q in members],
        "next_offset": after if after < theme["quotes"] else None,
    }


def action_shape(told: Told) -> Shape:
    """What somebody did, in plain words; `undone_at` is null while any of it stands."""
    action = told.action
    return {
        "action_id": action.id,
        "kind": action.kind,
        "text": told.text,
        "actor": action.head.actor,
        "at": action.head.at.isoformat(),
        "undone_at": action.undone_at.isoformat() if action.undone_at else None,
        "theme_ids": list(action.theme_ids),
    }


def changed_shape(changed: Changed) -> Shape:
    """What an action came to; without an id where everything was decided so already."""
    told = changed.told
    return {
        "action_id": told.action.id if told else None,
        "text": told.text if told else "",
        "themes": list(changed.themes),
    }


def history_shape(page: HistoryPage) -> Shape:
    """A page of actions."""
    return {"items": [action_shape(told) for told in page.actions], "total": page.total, "next_cursor": page.next_cursor}


def part_shape(part: Part, keys: Mapping[str, str]) -> Shape:
    """Quotes that would be a theme of their own, two of them as they are shown; keys of stages by id."""
    return {
        "label": part.label,
        "keyphrases": list(part.keyphrases),
        "quotes": len(part.quote_ids),
        "participants": part.participants,
        "quote_ids": list(part.quote_ids),
        "examples": [quote_shape(q, keys) for q in part.examples],
    }


def proposal_shape(proposal: Proposal, keys: Mapping[str, str]) -> Shape:
    """A split or merge that a run proposed."""
    return {
        "id": proposal.id,
        "kind": proposal.kind,
        "theme_ids": list(proposal.theme_ids),
        "why": proposal.why,
        "effect": proposal.effect,
        "shared": list(proposal.shared),
        "likeness": proposal.near,
        "usual_likeness": proposal.usual,
        "run_id": proposal.run_id,
        "parts": [part_shape(part, keys) for part in proposal.parts],
    }


def unplaced_shape(page: UnplacedPage, keys: Mapping[str, str]) -> Shape:
    """A page of the quotes without a theme."""
    return {
        "items": [
            {
                **quote_shape(loose.quote, keys),
                "near": [{"theme_id": t, "label": page.labels[t], "likeness": close} for t, close in loose.near],
                "left_out": loose.left_out,
            }
            for loose in page.items
        ],
        "total": page.total,
        "next_cursor": page.next_cursor,
        "nearest": [{"theme_id": t, "label": page.labels[t], "quotes": count} for t, count in page.near.items()],
        "unmeasured": page.unmeasured,
    }


def theme_seen_shape(seen: ThemeSeen, keys: Mapping[str, str]) -> Shape:
    """A theme's entry, its portrait and the quotes that show it; `summary_extracted` where nobody wrote the summary."""
    portrait = seen.portrait
    return {
        **seen.entry,
        "study_id": seen.study_id,
        "run_id": seen.run_id,
        "summary": seen.summary,
        "summary_extracted": seen.extracted,
        "children": list(seen.children),
        "quotes": portrait.quotes,
        "own_quotes": portrait.own_quotes,
        "share": round(portrait.share, 4),
        "participants": portrait.participants,
        "of_participants": portrait.of_participants,
        "single_participant": portrait.single_participant,
        "mean_valence": portrait.mean_valence,
        "leaning": portrait.leaning,
        "stages": [
            {"id": t.key, "key": s.key, "title": s.title, "quotes": t.quotes, "participants": t.participants}
            for t in portrait.stages
            if (s := seen.stages.get(t.key))
        ],
        "personas": [
            {**_persona_count_shape(p), "quotes": t.quotes, "participants": t.participants, "of_participants": p.participants}
            for t in portrait.personas
            if (p := seen.personas.get(t.key))
        ],
        "channels": [{"channel": t.key, "quotes": t.quotes, "participants": t.participants} for t in portrait.channels],
        "central": [quote_shape(q, keys) for q in seen.central],
        "diverse": [quote_shape(q, keys) for q in seen.diverse],
        "contrary": [quote_shape(q, keys) for q in seen.contrary],
        "contrary_total": len(portrait.contrary),
    }


def saturation_shape(seen: SaturationSeen) -> Shape:
    """New themes by interview, the same over all orders, and what to make of it."""
    told = seen.saturation
    return {
        "study_id": seen.study_id,
        "run_id": seen.run_id,
        "themes": told.themes,
        "interviews": [
            {
                **_interview_shape(head),
                "themes": added.themes,
                "new": len(added.new),
                "seen": added.seen,
                "new_themes": [{"id": t, "label": seen.labels[t]} for t in added.new],
            }
            for head, added in zip(seen.interviews, told.interviews, strict=True)
        ],
        "band": [{"interviews": e.interviews, "mean": e.mean, "low": e.low, "high": e.high} for e in told.band],
        "permutations": told.orders,
        "run_without_new": told.run_without_new,
        "last": told.last,
        "new_in_last": told.new_in_last,
        "quiet_in_last": told.quiet_in_last,
        "ratio": _ratio_shape(told.ratio) if told.ratio else None,
        "reading": told.reading,
    }


def prevalence_shape(seen: PrevalenceSeen) -> Shape:
    """How themes spread over personas, stages and interviews; the lists within a theme are in the order of those beside it."""
    return {
        "study_id": seen.study_id,
        "run_id": seen.run_id,
        "of_participants": seen.of_participants,
        "personas": [{**_persona_count_shape(p), "participants": p.participants} for p in seen.personas],
        "stages": [{"id": s.id, "key": s.key, "title": s.title} for s in seen.stages],
        "interviews": [_interview_shape(head) for head in seen.interviews],
        "themes": [_spread_shape(seen, spread) for spread in seen.spreads],
    }


def _spread_shape(seen: PrevalenceSeen, spread: Spread) -> Shape:
    entry = seen.entries[spread.theme_id]
    return {
        "id": spread.theme_id,
        "label": entry["label"],
        "parent_id": entry["parent_id"],
        "mark": entry["mark"],
        "quotes": spread.quotes,
        "participants": spread.participants,
        "share_of_participants": _part(spread.participants, seen.of_participants),
        "by_persona": [
            {"persona_id": p.id, "quotes": q, "participants": n, "of_participants": p.participants, "share": _part(n, p.participants)}
            for p, (q, n) in zip(seen.personas, spread.by_persona, strict=True)
        ],
        "by_stage": [{"stage_id": s.id, "quotes": q, "participants": n} for s, (q, n) in zip(seen.stages, spread.by_stage, strict=True)],
        "by_interview": [
            {
                "transcript_id": head.transcript_id,
                "quotes": quotes,
                "share": _part(quotes, seen.interview_quotes[head.transcript_id]),
                "participants_so_far": so_far,
            }
            for head, (quotes, so_far) in zip(seen.interviews, spread.by_interview, strict=True)
        ],
    }


def _ratio_shape(ratio: SaturationRatio) -> Shape:
    return {
        "base_size": ratio.base_size,
        "run_length": ratio.run_length,
        "threshold": ratio.threshold,
        "base_themes": ratio.base_themes,
        "runs": [{"first": r.first, "last": r.last, "new": r.new, "ratio": round(r.ratio, 4)} for r in ratio.runs],
        "reached_after": ratio.reached_after,
    }


def _persona_count_shape(persona: PersonaCount) -> Shape:
    return {"id": persona.id, "name": persona.name}


def _interview_shape(head: InterviewHead) -> Shape:
    return {"transcript_id": head.transcript_id, "file_name": head.file_name, "participants": list(head.participants)}


def _part(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None
