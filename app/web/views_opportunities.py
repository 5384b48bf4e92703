"""Opportunities: the ranked list, and the forms by which people take them on."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.domain.opportunities import OPPORTUNITY, Status
from app.errors import InvalidInput, Outdated
from app.exports.catalogue import _
from app.services.opportunities import OpportunitySeen
from app.services.quotes import read_cursor
from app.services.shapes import decision_shape, stage_shape, study_shape
from app.web.answers import actor_of, desk_of, error_page, page, see
from app.web.opportunity_chart import opportunity_chart
from app.web.sign_in import local_path

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]
Text = Annotated[str, Form()]
LISTED = 20
"""Opportunities on a page."""
RECENT = 20
"""Decisions that are listed below them."""
FILTERS = ("stage", "status", "owner")


class OpportunityForm(BaseModel):
    """What people say of an opportunity, as its form sends it; an empty field goes back to what the map says."""

    owner: str = ""
    status: str = Status.PROPOSED.value
    note: str = ""
    text: str = ""
    priority: str = ""
    etag: str = ""
    back: str = ""

    def changes(self, seen: OpportunitySeen) -> dict[str, Any]:
        """The fields that differ from what was shown; raises `InvalidInput` for a priority that is no number."""
        if self.priority.strip() and not self.priority.strip().isdecimal():
            raise InvalidInput(_("priority is a whole number from 0 to 100; leave it empty for the computed one"))
        priority = int(self.priority) if self.priority.strip() else None
        given = {
            "owner": self.owner.strip() or None,
            "status": self.status,
            "note": self.note.strip() or None,
            "text": self.text.strip() or None,
            "priority": priority,
        }
        shown = {"owner": seen.owner, "status": seen.status.value, "note": seen.note or None, "text": seen.text, "priority": seen.priority}
        return {field: value for field, value in given.items() if value != shown[field] and (value is not None or field in seen.decided)}


@router.get("/studies/{study_id}/opportunities")
def opportunities_page(request: Request, study_id: str, cursor: Asked = None) -> Response:
    """What the study's map suggests helping with, the most important first."""
    desk = desk_of(request)
    filters = {name: request.query_params[name] for name in FILTERS if request.query_params.get(name)}
    found = desk.opportunities_of(study_id, filters, cursor=cursor, limit=LISTED)
    recent = desk.use.review.decisions(study_id, OPPORTUNITY, limit=RECENT)
    return page(
        "opportunities.html",
        _("Opportunities"),
        study=study_shape(desk.use.studies.overview(study_id)),
        found=found,
        first=read_cursor(cursor) + 1,
        chart=opportunity_chart(found["items"], found["of_participants"]) if found["items"] else None,
        filters=filters,
        stages=[stage_shape(s) for s in desk.use.studies.stages(study_id)],
        statuses=[status.value for status in Status],
        recent=[decision_shape(d) for d in recent.decisions],
        saved=request.query_params.get("saved"),
        undone="undone" in request.query_params,
    )


@router.post("/opportunities/{opportunity_id}")
def decide_opportunity(request: Request, opportunity_id: str, form: Annotated[OpportunityForm, Form()]) -> Response:
    """Save what was changed of an opportunity."""
    opportunities = desk_of(request).use.opportunities
    given = form.changes(opportunities.get(opportunity_id))
    if given:
        expected = {form.etag} if form.etag else None
        try:
            opportunities.change(opportunity_id, given, actor=actor_of(request).person, expected=expected)
        except Outdated as problem:
            typed = ((_("Owner"), form.owner), (_("Note"), form.note), (_("Wording"), form.text))
            kept = tuple(one for one in typed if one[1].strip())
            back = f"/studies/{opportunities.get(opportunity_id).study_id}"
            return error_page(problem.status, "Outdated", problem.message, signed_in=True, back=back, kept=kept)
    return see(local_path(form.back))


@router.post("/opportunities/decisions/{decision_id}/undo")
def undo_decision(request: Request, decision_id: str, back: Text = "") -> Response:
    """Take one decision about an opportunity back, also of one that is no longer on the map."""
    desk_of(request).use.review.undo_decision(decision_id)
    return see(local_path(back))
