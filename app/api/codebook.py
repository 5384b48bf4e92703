"""The code book as a whole: its entries, where quotes are placed by hand, what runs propose, what people did and taking it back."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import Page
from app.api.schemas_map import QuoteOut
from app.api.schemas_themes import (
    ChangedOut,
    CodeBookOut,
    HistoryAskedIn,
    HistoryOut,
    PlacementsIn,
    ProposalOut,
    UndoIn,
    UnplacedIn,
    UnplacedOut,
)
from app.services.shapes import stage_keys
from app.services.theme_shapes import changed_shape, history_shape, proposal_shape, unplaced_shape

router = APIRouter(tags=["codebook"])


@router.get("/studies/{study_id}/codebook", response_model=CodeBookOut)
def get_codebook(study_id: str, desk: DeskIn, response: Response) -> dict[str, Any]:
    """A study's code book: the entries in force with their counts in the newest run, and who decided what of them."""
    told = desk.use.codebooks.read(study_id)
    response.headers["ETag"] = f'"{told["etag"]}"'
    return told


@router.get("/studies/{study_id}/codebook/history", response_model=HistoryOut)
def list_actions(study_id: str, asked: Annotated[HistoryAskedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """What people did to a code book, in plain words, newest first, also what they took back."""
    return history_shape(desk.use.codebooks.history(study_id, cursor=asked.cursor, limit=asked.limit))


@router.post("/studies/{study_id}/codebook/undo", response_model=ChangedOut)
def undo_action(study_id: str, desk: DeskIn, given: UndoIn | None = None) -> dict[str, Any]:
    """Take back all that was decided in one action; without an id in the newest that stands."""
    return changed_shape(desk.use.codebooks.undo(study_id, given.action_id if given else None))


@router.get("/studies/{study_id}/unplaced", response_model=UnplacedOut)
def list_unplaced(study_id: str, asked: Annotated[UnplacedIn, Query()], desk: DeskIn) -> dict[str, Any]:
    """Quotes without a theme, each with the themes that come nearest to it; those that nearly belong to one come first."""
    found = desk.use.codebooks.unplaced(study_id, near=asked.near, cursor=asked.cursor, limit=asked.limit)
    return unplaced_shape(found, stage_keys(desk.use.studies.stages(study_id)))


@router.post("/studies/{study_id}/placements", response_model=ChangedOut)
def place_quotes(study_id: str, given: PlacementsIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Move quotes to a theme, or out of all; where people place a quote, it stays."""
    return changed_shape(desk.use.codebooks.place(study_id, given.quote_ids, given.theme_id, actor=actor.person))


@router.delete("/quotes/{quote_id}/placement", response_model=QuoteOut)
def undo_placement(quote_id: str, desk: DeskIn) -> dict[str, Any]:
    """Take back where people placed a quote, so that it belongs where the newest run put it."""
    return desk.take_back_placement(quote_id)


@router.get("/studies/{study_id}/proposals", response_model=Page[ProposalOut])
def list_proposals(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """Splits and merges that runs propose, that nobody has answered and that still apply."""
    keys = stage_keys(desk.use.studies.stages(study_id))
    return {"items": [proposal_shape(p, keys) for p in desk.use.codebooks.proposals(study_id)], "next_cursor": None}


@router.post("/proposals/{proposal_id}/accept", response_model=ChangedOut)
def accept_proposal(proposal_id: str, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Do what a run proposed: the split, or the merge into the theme that people decided something about, else the largest."""
    return changed_shape(desk.use.codebooks.accept(proposal_id, actor=actor.person))


@router.post("/proposals/{proposal_id}/reject", response_model=ChangedOut)
def reject_proposal(proposal_id: str, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Answer that a proposal is not wanted; no run makes it again."""
    return changed_shape(desk.use.codebooks.reject(proposal_id, actor=actor.person))
