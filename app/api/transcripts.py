"""Transcripts: taken in, read, erased."""

from typing import Any

from fastapi import APIRouter, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from app.api.deps import ActorIn, DeskIn
from app.api.schemas import FilesIn, Page, PreviewsOut, SpeakerOut, TranscriptOut, UploadsOut
from app.api.schemas_evidence import CoverageTalkOut, TranscriptPatchIn
from app.errors import TooLarge
from app.services.evidence_shapes import coverage_shape
from app.services.intake import Upload
from app.services.uploads import read_multipart

router = APIRouter(tags=["transcripts"])

MULTIPART = {
    "schema": {
        "type": "object",
        "required": ["files"],
        "properties": {"files": {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}},
    }
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": MULTIPART, "application/json": {"schema": {"$ref": "#/components/schemas/FilesIn"}}},
    }
}
MIXED: dict[int | str, dict[str, Any]] = {207: {"model": UploadsOut, "description": "Some files were refused; each says why."}}


@router.post("/studies/{study_id}/transcripts", response_model=UploadsOut, responses=MIXED, openapi_extra=BODY)
async def upload_transcripts(study_id: str, request: Request, response: Response, desk: DeskIn, actor: ActorIn) -> dict[str, Any]:
    """Take files in, and `participants.csv` if it is among them; each has its own outcome, and one bad file costs no other."""
    await run_in_threadpool(desk.use.studies.overview, study_id)  # an unknown study is told before anything is read
    files = await _files(request, desk.use.settings.max_upload_files, desk.max_file_bytes)
    outcomes = await run_in_threadpool(desk.upload, study_id, files, actor)
    if any(o["status"] == "refused" for o in outcomes):
        response.status_code = status.HTTP_207_MULTI_STATUS
    return {"files": outcomes}


@router.post("/studies/{study_id}/transcripts/preview", response_model=PreviewsOut, openapi_extra=BODY)
async def preview_transcripts(study_id: str, request: Request, desk: DeskIn) -> dict[str, Any]:
    """Say what is understood of each file, and what uploading it would come to; nothing is stored, and a refused file is an answer too."""
    await run_in_threadpool(desk.use.studies.overview, study_id)
    files = await _files(request, desk.use.settings.max_upload_files, desk.max_file_bytes)
    return {"files": await run_in_threadpool(desk.preview, study_id, files)}


async def _files(request: Request, max_files: int, max_bytes: int) -> list[Upload]:
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "application/json":
        return await read_multipart(kind, request.stream(), max_files=max_files, max_bytes=max_bytes)
    try:
        given = FilesIn.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from None
    if len(given.files) > max_files:
        raise TooLarge(f"one upload holds at most {max_files} files; send them in several")
    return [Upload(f.file_name, f.text.encode()) for f in given.files]


@router.get("/studies/{study_id}/transcripts", response_model=Page[TranscriptOut])
def list_transcripts(study_id: str, desk: DeskIn) -> dict[str, Any]:
    """A study's transcripts by file name."""
    return {"items": desk.transcripts_of(study_id), "next_cursor": None}


@router.get("/transcripts/{transcript_id}", response_model=TranscriptOut)
def get_transcript(transcript_id: str, desk: DeskIn) -> dict[str, Any]:
    """One transcript and what was understood of it."""
    return desk.show_transcript(desk.use.studies.transcript(transcript_id))


@router.get("/transcripts/{transcript_id}/text", response_class=PlainTextResponse)
def get_transcript_text(transcript_id: str, desk: DeskIn) -> str:
    """The canonical text, into which every offset points."""
    return desk.use.quotes.text(transcript_id)


@router.get("/transcripts/{transcript_id}/speakers", response_model=Page[SpeakerOut])
def list_speakers(transcript_id: str, desk: DeskIn) -> dict[str, Any]:
    """Who speaks in a transcript."""
    return {"items": desk.show_transcript(desk.use.studies.transcript(transcript_id))["speakers"], "next_cursor": None}


@router.patch("/transcripts/{transcript_id}", response_model=TranscriptOut)
def patch_transcript(transcript_id: str, given: TranscriptPatchIn, desk: DeskIn) -> dict[str, Any]:
    """Say where the recording can be heard; quotes that have a time then link to it."""
    return desk.show_transcript(desk.use.transcript_pages.set_recording(transcript_id, given.recording))


@router.get("/transcripts/{transcript_id}/coverage", response_model=CoverageTalkOut)
def get_transcript_coverage(transcript_id: str, desk: DeskIn) -> dict[str, Any]:
    """Which parts of a talk the map rests on, and what became of the rest."""
    return coverage_shape(desk.use.transcript_pages.coverage(transcript_id))


@router.delete("/transcripts/{transcript_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def delete_transcript(transcript_id: str, desk: DeskIn) -> None:
    """Erase a transcript everywhere, with what people decided about its quotes (`decisions` of the transcript says how much that is).

    The maps are drawn again from what is left.
    """
    desk.delete_transcript(transcript_id)
