"""The list of studies, a study's page, and the forms on them."""

from typing import Annotated, cast

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from app.domain.people import Role
from app.domain.runs import TaggerKind
from app.errors import InvalidInput
from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.shapes import Shape, persona_shape, stage_shape, study_shape, template_shape
from app.web.answers import Notices, actor_of, desk_of, fragment, page, see, wants_fragment
from app.web.views_intake import files_of

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


def _notices(request: Request) -> Notices:
    return cast("Notices", request.app.state.notices)


@router.get("/")
def studies_page(request: Request) -> Response:
    """All studies."""
    desk = desk_of(request)
    templates = [template_shape(t) for t in desk.use.templates.all()]
    return page(
        "studies.html",
        _("Studies"),
        studies=[study_shape(overview) for overview in desk.use.studies.all()],
        templates=[t | {"stages": [stage["title"] for stage in t["stages"]]} for t in templates],
    )


@router.post("/studies")
def make_study(
    request: Request, name: Text = "", question: Text = "", product: Text = "", template: Text = "customer-experience"
) -> Response:
    """Make a study and go to it."""
    study = desk_of(request).use.studies.create(name, question=question.strip(), product=product.strip(), template=template)
    return see(f"/studies/{study.id}")


@router.get("/studies/{study_id}")
def study_page(request: Request, study_id: str, upload: Annotated[str | None, Query()] = None) -> Response:
    """A study: its transcripts, people, stages and runs."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    participants, _ = desk.use.people.participants(study_id)
    return page(
        "study.html",
        study["name"],
        study=study,
        transcripts=desk.transcripts_of(study_id),
        outcomes=_notices(request).find(upload),
        participants=desk.participants_of(study_id),
        personas=[persona_shape(p, participants) for p in desk.use.people.personas(study_id)],
        stages=[stage_shape(s) for s in desk.use.studies.stages(study_id)],
        runs=desk.runs_of(study_id),
        corrections=desk.use.review.reviewed(study_id),
        limits={"max_mb": desk.use.settings.max_upload_mb},
        llm=_language_model(desk),
    )


@router.post("/studies/{study_id}/transcripts")
async def take_files(request: Request, study_id: str) -> Response:
    """Take files in and say what became of each."""
    desk = desk_of(request)
    await run_in_threadpool(desk.use.studies.overview, study_id)
    outcomes = await run_in_threadpool(desk.upload, study_id, await files_of(request, desk), actor_of(request))
    return see(f"/studies/{study_id}?upload={_notices(request).keep(outcomes)}#transcripts")


@router.get("/studies/{study_id}/estimate")
def estimate_run(request: Request, study_id: str, tagger: str = "auto", retag: str = "", recode: str = "", check: str = "") -> Response:
    """Say what a run would take: a part of the study's page, or a page without script."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    told = desk.estimate(study_id, _kind(tagger), retag=bool(retag), recode=bool(recode), check=_ticked(check))
    if wants_fragment(request):
        return fragment("_estimate.html", told=told)
    asked = {"tagger": tagger, "retag": retag, "recode": recode, "check": check}
    return page("estimate.html", _("What a run will take"), study=study, told=told, asked=asked)


@router.post("/studies/{study_id}/runs")
def begin_run(request: Request, study_id: str, tagger: Text = "auto", retag: Text = "", recode: Text = "", check: Text = "") -> Response:
    """Start a run and follow it; a ticked `retag` has every quote tagged again, `recode` has each placed again in the code book.

    With `check` 1 the statements are looked at again, with 0 they are not; without it that is as the settings say.
    """
    run = desk_of(request).start_run(study_id, _kind(tagger), retag=bool(retag), recode=bool(recode), check=_ticked(check))
    return see(f"/runs/{run.id}")


@router.post("/studies/{study_id}/delete")
def erase_study(request: Request, study_id: str) -> Response:
    """Erase a study."""
    desk_of(request).delete_study(study_id)
    return see("/")


@router.post("/speakers/{speaker_id}")
def decide_speaker(request: Request, speaker_id: str, role: Text = "") -> Response:
    """Decide what a speaker is."""
    if role not in set(Role):
        raise InvalidInput(_("there is no role “{role}”; use {roles}").format(role=role, roles=", ".join(Role)))
    desk = desk_of(request)
    speaker = desk.use.people.set_role(speaker_id, Role(role), actor=actor_of(request).person)
    return see(f"/studies/{desk.use.studies.transcript(speaker.transcript_id).study_id}#transcripts")


@router.post("/transcripts/{transcript_id}/delete")
def erase_transcript(request: Request, transcript_id: str) -> Response:
    """Erase a transcript."""
    return see(f"/studies/{desk_of(request).delete_transcript(transcript_id)}#transcripts")


def _language_model(desk: Desk) -> Shape:
    settings = desk.use.settings
    return {
        "configured": settings.llm_configured,
        "model": settings.llm_model,
        "host": settings.llm_host,
        "checks": settings.check_statements,
    }


def _ticked(value: str) -> bool | None:
    """What a box says beside which a hidden field says 0; None from a form that does not ask."""
    return value == "1" if value else None


def _kind(tagger: str) -> TaggerKind:
    if tagger not in set(TaggerKind):
        raise InvalidInput(_("there is no tagger “{tagger}”; use {taggers}").format(tagger=tagger, taggers=", ".join(TaggerKind)))
    return TaggerKind(tagger)
