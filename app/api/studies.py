"""Studies and the templates they begin with."""

from typing import Any

from fastapi import APIRouter, Response, status

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import Page, StudyIn, StudyOut, StudyPatchIn, TemplateOut
from app.api.schemas_stages import TemplateIn
from app.services.shapes import study_shape, template_shape

router = APIRouter(tags=["studies"])


@router.post("/studies", status_code=status.HTTP_201_CREATED, response_model=StudyOut)
def create_study(given: StudyIn, desk: DeskIn, response: Response) -> dict[str, Any]:
    """Make a study with the stages of a template."""
    study = desk.use.studies.create(given.name, question=given.question, product=given.product, template=given.template)
    response.headers["Location"] = f"/api/v1/studies/{study.id}"
    return study_shape(desk.use.studies.overview(study.id))


@router.get("/studies", response_model=Page[StudyOut])
def list_studies(desk: DeskIn) -> dict[str, Any]:
    """All studies, newest first."""
    return {"items": [study_shape(overview) for overview in desk.use.studies.all()], "next_cursor": None}


@router.get("/studies/{study_id}", response_model=StudyOut)
def get_study(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """One study."""
    return study_shape(desk.use.studies.overview(study_id))


@router.patch("/studies/{study_id}", response_model=StudyOut)
def update_study(study_id: str, given: StudyPatchIn, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Rename a study, restate its question, or say whether personal data is replaced before a model reads."""
    old = desk.use.studies.overview(study_id).study
    said = given.model_dump(exclude_unset=True)
    desk.use.studies.restate(
        study_id,
        name=said.get("name") or old.name,
        question=said.get("question", old.question),
        product=said.get("product", old.product),
    )
    if given.redact is not None:
        desk.use.redaction.switch(study_id, on=given.redact, actor=actor.person)
    return study_shape(desk.use.studies.overview(study_id))


@router.delete("/studies/{study_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_study(study_id: str, desk: DeskIn) -> None:
    """Erase a study with everything in it."""
    desk.delete_study(study_id)


@router.get("/templates", response_model=Page[TemplateOut])
def list_templates(desk: DeskIn) -> dict[str, Any]:
    """The templates a study can begin with: those that ship, then the saved ones."""
    return {"items": [template_shape(template) for template in desk.use.templates.all()], "next_cursor": None}


@router.post("/templates", status_code=status.HTTP_201_CREATED, response_model=TemplateOut)
def create_template(given: TemplateIn, desk: DeskIn) -> dict[str, Any]:
    """Save a study's stages as a template for further studies."""
    return template_shape(desk.use.templates.save(given.study_id, given.title))


@router.delete("/templates/{template_key}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_template(template_key: str, desk: DeskIn) -> None:
    """Forget a saved template; studies that began with it keep their stages."""
    desk.use.templates.delete(template_key)
