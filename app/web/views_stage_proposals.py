"""Stages proposed from the interviews: what asking takes, what came of it with its quotes, and choosing among it before anything moves."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.domain.stage_proposals import Mode
from app.domain.staging import mark_of
from app.errors import Conflict, InvalidInput, NotFound
from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.shapes import Shape, study_shape
from app.services.sign_in import Actor
from app.services.stage_shapes import preview_of_stages, proposal_estimate_shape, stage_proposal_shape
from app.web.answers import actor_of, desk_of, page, see
from app.web.stage_rows import USUAL_STAGES, ProposalChoices, as_form, read_choices

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


async def sent_choices(request: Request) -> ProposalChoices:
    """What was chosen; how many stages were proposed is not known beforehand."""
    return read_choices(await request.form(max_fields=200))


Chosen = Annotated[ProposalChoices, Depends(sent_choices)]


@router.get("/studies/{study_id}/stages/proposal")
def proposal_page(request: Request, study_id: str) -> Response:
    """Ask for stages, wait for them, or choose among them."""
    return _page(desk_of(request), study_id)


@router.post("/studies/{study_id}/stages/proposal")
def ask_for_stages(request: Request, study_id: str) -> Response:
    """Have the model read the interviews."""
    desk_of(request).propose_stages(study_id)
    return see(f"/studies/{study_id}/stages/proposal")


@router.post("/studies/{study_id}/stages/proposal/preview")
def preview_chosen(request: Request, study_id: str, chosen: Chosen) -> Response:
    """What the chosen stages would move; nothing is stored, and everything can still be changed."""
    desk = desk_of(request)
    present = desk.use.studies.stages(study_id)
    try:
        _own, drafts = desk.use.stage_proposals.drafts(chosen.proposal, chosen.kept, chosen.mode)
        form = as_form(drafts, present, mark_of(present), chosen.proposal)
        preview = preview_of_stages(desk.use.studies.preview_stages(study_id, form.drafts()))
    except InvalidInput as problem:
        answer = _page(desk, study_id, chosen, problem.message)
        answer.status_code = problem.status
        return answer
    study = study_shape(desk.use.studies.overview(study_id))
    return page("stages_preview.html", _("What moves"), study=study, preview=preview, form=form)


@router.post("/studies/{study_id}/stages/proposal/dismiss")
def dismiss_proposal(request: Request, study_id: str, proposal: Text = "") -> Response:
    """Remember that none of it is wanted."""
    desk_of(request).use.stage_proposals.dismiss(proposal, actor=actor_of(request).person)
    return see(f"/studies/{study_id}/stages#propose")


def remember_accepted(desk: Desk, proposal_id: str, actor: Actor) -> None:
    """Remember that stages came from a proposal; one that was answered or erased meanwhile changes nothing about the stages."""
    with suppress(Conflict, NotFound):
        desk.use.stage_proposals.accept(proposal_id, actor=actor.person)


def proposal_in_short(desk: Desk, study_id: str) -> Shape:
    """Whether stages can be proposed, and how the newest proposal stands, for the page of the stages."""
    newest = desk.use.stage_proposals.newest(study_id)
    told: dict[str, Any] = {"model": desk.use.stage_proposing.model, "status": None, "verdict": None, "stages": 0, "at": None}
    if newest:
        proposal, verdict = newest
        told |= {
            "status": proposal.status.value,
            "verdict": verdict,
            "stages": len(proposal.stages),
            "at": (proposal.ended_at or proposal.created_at).isoformat(),
        }
    return told


def _page(desk: Desk, study_id: str, chosen: ProposalChoices | None = None, problem: str | None = None) -> Response:
    study = study_shape(desk.use.studies.overview(study_id))
    seen = next(iter(desk.use.stage_proposals.of_study(study_id, 1)), None)
    waits = seen is not None and (seen.open or not seen.proposal.status.ended)
    model = desk.use.stage_proposing.model
    estimate, trouble = (None, None) if waits or not model else _estimate(desk, study_id)
    return page(
        "stages_proposal.html",
        _("Stages from the interviews"),
        study=study,
        proposal=stage_proposal_shape(seen) if seen else None,
        model=model,
        host=desk.use.settings.llm_host,
        estimate=estimate,
        trouble=trouble,
        usual=USUAL_STAGES,
        typed={choice.key: choice for choice in chosen.kept} if chosen else None,
        mode=(chosen.mode if chosen else Mode.REPLACE).value,
        problem=problem,
        people={p.pseudonym: p.id for p in desk.use.people.participants(study_id)[0]},
    )


def _estimate(desk: Desk, study_id: str) -> tuple[Shape | None, str | None]:
    """What asking would take, or why there is nothing to ask about."""
    try:
        return proposal_estimate_shape(desk.use.stage_proposing.estimate(study_id)), None
    except InvalidInput as trouble:
        return None, trouble.message
