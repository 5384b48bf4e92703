"""A study's stages: the form that changes them, what a change would move, templates, and what the business does in each stage."""

from typing import Annotated, Any
from urllib.parse import quote as escaped

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app.domain.blueprint import MAX_TEXT, Line
from app.domain.stages import Stage
from app.domain.staging import mark_of
from app.errors import InvalidInput, Outdated
from app.exports.catalogue import N_, Rows, _
from app.services.desk import Desk
from app.services.shapes import map_view_shape, stage_shape, study_shape, template_shape
from app.services.stage_shapes import business_action_shape, preview_of_stages
from app.services.templates import MAX_TITLE
from app.web.answers import actor_of, desk_of, page, see
from app.web.stage_rows import USUAL_STAGES, StageForm, StageRow, as_rows, read_rows
from app.web.views_stage_proposals import proposal_in_short, remember_accepted

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
LINES = Rows(
    (Line.FRONT.value, N_("Front stage"), N_("what customers see us do")),
    (Line.BACK.value, N_("Back stage"), N_("what we do out of their sight")),
    (Line.SUPPORT.value, N_("Support processes"), N_("systems and partners behind it")),
)


async def sent_rows(request: Request) -> StageForm:
    """The form's rows; they have numbers in their names, since how many there are is not known beforehand."""
    return read_rows(await request.form(max_fields=1000))


Sent = Annotated[StageForm, Depends(sent_rows)]


@router.get("/studies/{study_id}/stages")
def stages_page(
    request: Request,
    study_id: str,
    saved: Annotated[str | None, Query()] = None,
    map_id: Annotated[str | None, Query(alias="map")] = None,
) -> Response:
    """The stages as they are, ready to be changed."""
    desk = desk_of(request)
    stages = desk.use.studies.stages(study_id)
    return _form_page(desk, study_id, stages, StageForm(as_rows(stages), mark_of(stages)), saved=bool(saved), map_id=map_id)


@router.post("/studies/{study_id}/stages/form")
def change_form(request: Request, study_id: str, sent: Sent, do: Text = "") -> Response:
    """The form with a row moved (`up:2`), added (`add`) or taken out of another (`out:` and its id); nothing is stored."""
    desk = desk_of(request)
    stages = desk.use.studies.stages(study_id)
    what, _colon, which = do.partition(":")
    if what in {"up", "down"} and which.isdecimal():
        sent = sent.moved(int(which), -1 if what == "up" else 1)
    elif what == "add":
        sent = sent.added(StageRow("", ""))
    elif what == "out":
        owner = next((s.id for s in stages if which in s.absorbed), None)
        for row in as_rows(s for s in desk.use.studies.absorbed_stages(study_id) if s.id == which):
            sent = sent.added(row, after=owner)
    return _form_page(desk, study_id, stages, sent, changed=True)


@router.post("/studies/{study_id}/stages/preview")
def preview_page(request: Request, study_id: str, sent: Sent) -> Response:
    """What would move, disappear or stay; nothing is stored."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    try:
        preview = preview_of_stages(desk.use.studies.preview_stages(study_id, sent.drafts()))
    except InvalidInput as problem:
        answer = _form_page(desk, study_id, desk.use.studies.stages(study_id), sent, changed=True, problem=problem.message)
        answer.status_code = problem.status
        return answer
    return page("stages_preview.html", _("What moves"), study=study, preview=preview, form=sent)


@router.post("/studies/{study_id}/stages")
def save_stages(request: Request, study_id: str, sent: Sent) -> Response:
    """Store the stages; whoever was quicker is not overwritten."""
    if not sent.rows:
        raise InvalidInput(_("the form came incomplete; open the stages again and repeat the change"))
    desk = desk_of(request)
    try:
        desk.set_stages(study_id, sent.drafts(), {sent.seen} if sent.seen else None)
    except Outdated as problem:
        now = desk.use.studies.stages(study_id)
        told = _("Somebody else changed the stages meanwhile, so nothing was saved yet. Look through this, then see what moves again.")
        answer = _form_page(desk, study_id, now, sent.meeting(StageForm(as_rows(now), mark_of(now))), changed=True, problem=told)
        answer.status_code = problem.status
        return answer
    if sent.proposal:
        remember_accepted(desk, sent.proposal, actor_of(request))
    return see(f"/studies/{study_id}/stages?saved=1")


@router.post("/studies/{study_id}/templates")
def save_template(request: Request, study_id: str, title: Text = "") -> Response:
    """Keep the stages as a template."""
    desk_of(request).use.templates.save(study_id, title)
    return see(f"/studies/{study_id}/stages#templates")


@router.post("/studies/{study_id}/templates/{template_key}/delete")
def delete_template(request: Request, study_id: str, template_key: str) -> Response:
    """Forget a saved template."""
    desk_of(request).use.templates.delete(template_key)
    return see(f"/studies/{study_id}/stages#templates")


@router.post("/studies/{study_id}/business-actions")
def add_action(
    request: Request,
    study_id: str,
    map_id: Annotated[str, Form(alias="map")] = "",
    stage: Text = "",
    line: Text = Line.FRONT.value,
    text: Text = "",
) -> Response:
    """Write down what is done in a stage."""
    desk = desk_of(request)
    view = _map_of(desk, study_id, map_id or None)
    if view is None:
        raise InvalidInput(_("there is no map yet to write on; start a run first"))
    made = desk.use.blueprint.add(view["id"], stage, line, text)
    return see(_back(study_id, view, made.stage_id))


@router.post("/studies/{study_id}/business-actions/{action_id}")
def restate_action(
    request: Request, study_id: str, action_id: str, line: Text = Line.FRONT.value, text: Text = "", stage: Text = ""
) -> Response:
    """Restate what is done."""
    desk = desk_of(request)
    told = desk.use.blueprint.restate(action_id, {"line": line, "text": text} | ({"stage": stage} if stage else {}))
    return see(_back(study_id, _map_of(desk, study_id, told.map_id), told.stage_id))


@router.post("/studies/{study_id}/business-actions/{action_id}/delete")
def delete_action(
    request: Request, study_id: str, action_id: str, map_id: Annotated[str, Form(alias="map")] = "", stage: Text = ""
) -> Response:
    """Take it off the map."""
    desk = desk_of(request)
    desk.use.blueprint.delete(action_id)
    return see(_back(study_id, _map_of(desk, study_id, map_id or None), stage))


def _form_page(
    desk: Desk,
    study_id: str,
    stages: tuple[Stage, ...],
    form: StageForm,
    *,
    saved: bool = False,
    changed: bool = False,
    problem: str | None = None,
    map_id: str | None = None,
) -> Response:
    parts = {part.id: part.title for part in desk.use.studies.absorbed_stages(study_id)}
    views = [map_view_shape(view) for view in desk.use.maps.of_study(study_id)]
    view = _chosen(views, map_id)
    actions = [business_action_shape(action) for action in desk.use.blueprint.of_map(view["id"])] if view else []
    return page(
        "stages.html",
        _("Stages"),
        study=study_shape(desk.use.studies.overview(study_id)),
        stages=[stage_shape(stage) for stage in stages],
        form=form,
        parts={stage.id: [(part, parts[part]) for part in stage.absorbed if part in parts] for stage in stages},
        usual=USUAL_STAGES,
        saved=saved,
        changed=changed,
        problem=problem,
        proposed=proposal_in_short(desk, study_id),
        templates=[template_shape(template) for template in desk.use.templates.saved()],
        maps=views,
        map=view,
        actions={stage.id: [a for a in actions if a["stage_id"] == stage.id] for stage in stages},
        lines=LINES,
        most={"action": MAX_TEXT, "title": MAX_TITLE},
    )


def _map_of(desk: Desk, study_id: str, map_id: str | None) -> dict[str, Any] | None:
    return _chosen([map_view_shape(view) for view in desk.use.maps.of_study(study_id)], map_id)


def _chosen(views: list[dict[str, Any]], map_id: str | None) -> dict[str, Any] | None:
    """The map of this id, else the default one."""
    return next((view for view in views if view["id"] == map_id), next((view for view in views if view["is_default"]), None))


def _back(study_id: str, view: dict[str, Any] | None, stage_id: str) -> str:
    asked = f"?map={escaped(view['id'], safe='')}" if view and not view["is_default"] else ""
    return f"/studies/{study_id}/stages{asked}#do-{escaped(stage_id, safe='')}"
