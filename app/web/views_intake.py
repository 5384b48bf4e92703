"""What happens around taking files in: looking at them first, and saying who is the same person."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from app.errors import InvalidInput
from app.exports.catalogue import _
from app.services.desk import Desk
from app.services.intake import Upload
from app.services.shapes import study_shape
from app.services.uploads import read_multipart
from app.web.answers import desk_of, fragment, page, see, wants_fragment
from app.web.people_list import person_address

router = APIRouter(include_in_schema=False)


@router.post("/studies/{study_id}/transcripts/preview")
async def preview_files(request: Request, study_id: str) -> Response:
    """Show what is understood of files before anything is stored: a part of the study's page, or a page without script."""
    desk = desk_of(request)
    overview = await run_in_threadpool(desk.use.studies.overview, study_id)
    previews = await run_in_threadpool(desk.preview, study_id, await files_of(request, desk))
    if wants_fragment(request):
        return fragment("_preview.html", previews=previews)
    study = study_shape(overview)
    return page(
        "preview.html", _("Before you add them"), study=study, previews=previews, limits={"max_mb": desk.use.settings.max_upload_mb}
    )


@router.post("/participants/{participant_id}/join")
def join_participant(request: Request, participant_id: str, into: Annotated[str, Form()] = "") -> Response:
    """Make two participants one person."""
    if not into:
        raise InvalidInput(_("choose whom this is the same person as"))
    desk = desk_of(request)
    desk.join(participant_id, into)
    return see(person_address(desk, into))


@router.post("/participants/{participant_id}/separate")
def separate_participant(request: Request, participant_id: str) -> Response:
    """Undo a join."""
    desk = desk_of(request)
    desk.separate(participant_id)
    return see(person_address(desk, participant_id))


@router.post("/speakers/{speaker_id}/separate")
def separate_speaker(request: Request, speaker_id: str) -> Response:
    """Make a speaker a person of their own."""
    desk = desk_of(request)
    person = desk.separate(speaker_id=speaker_id)
    return see(person_address(desk, person["id"]))


async def files_of(request: Request, desk: Desk) -> list[Upload]:
    """The files of a form."""
    kind = request.headers.get("content-type", "")
    limit = desk.use.settings.max_upload_files
    return await read_multipart(kind, request.stream(), max_files=limit, max_bytes=desk.max_file_bytes)
