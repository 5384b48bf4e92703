"""Words in their place: a quote at its own address, a transcript in parts, what a statement rests on, what the map rests on."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from app.errors import InvalidInput, NotFound
from app.exports.catalogue import N_, Wording, _
from app.services.desk import Desk
from app.services.evidence_shapes import coverage_page_shape, quote_place_shape, transcript_part_shape
from app.services.maps import EVIDENCE_PAGE
from app.services.shapes import Shape, stage_shape, study_shape
from app.web.answers import desk_of, fragment, page, see, wants_fragment
from app.web.map_look import read_look
from app.web.pages import PageLinks, quote_address
from app.web.views_map import chosen_map, maps_of

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]
Number = Annotated[int | None, Query(ge=0)]
UNPROCESSABLE = 422
TAGGERS = Wording(
    {
        "llm": N_("The language model"),
        "offline": N_("The offline tagger"),
        "hybrid": N_("The offline tagger and language model"),
        "hybrid-heads": N_("The offline tagger, fitted on the language model’s answers"),
    }
)
"""Who tagged, as the subject of a sentence."""
TURNS_BESIDE = 12
"""Turns before and after a quote that are shown beside the map."""


def _study(desk: Desk, study_id: str) -> Shape:
    return study_shape(desk.use.studies.overview(study_id))


@router.get("/quotes/{quote_id}")
def quote_page(request: Request, quote_id: str) -> Response:
    """A quote in its place, at the address that stays its own."""
    desk = desk_of(request)
    place = desk.use.quote_pages.read(quote_id)
    people, _notes = desk.use.people.participants(place.study_id)
    study = _study(desk, place.study_id)
    run, who = study["latest_run"], place.quote.participant
    return page(
        "quote.html",
        _("A quote of {who}").format(who=who) if who else _("A quote of an unknown speaker"),
        study=study,
        place=quote_place_shape(place, {p.id: p.pseudonym for p in people}),
        stages=[stage_shape(s) for s in place.stages],
        tagger=TAGGERS.get(run["tagger"]) if run else None,
        address=f"{str(request.base_url).rstrip('/')}{quote_address(quote_id)}",
    )


@router.get("/transcripts/{transcript_id}")
def transcript_page(request: Request, transcript_id: str, quote: Asked = None, part: Number = None, turn: Number = None) -> Response:
    """A transcript with its quotes marked, one of them in focus; of a long one the part with it. For a script only the turns around it."""
    desk = desk_of(request)
    if quote and wants_fragment(request):
        return _beside(desk, transcript_id, quote)
    return _transcript(desk, transcript_id, quote=quote, part=part, turn=turn)


@router.post("/transcripts/{transcript_id}/recording")
def save_recording(request: Request, transcript_id: str, recording: Annotated[str, Form()] = "") -> Response:
    """Say where the recording can be heard."""
    desk = desk_of(request)
    try:
        desk.use.transcript_pages.set_recording(transcript_id, recording)
    except InvalidInput as problem:
        answer = _transcript(desk, transcript_id, wrong=problem.message, given=recording)
        answer.status_code = UNPROCESSABLE
        return answer
    return see(f"/transcripts/{transcript_id}")


def _transcript(
    desk: Desk, transcript_id: str, *, quote: str | None = None, part: int | None = None, turn: int | None = None, **more: str
) -> Response:
    read = desk.use.transcript_pages.read(transcript_id, part=part, place=quote, turn=turn)
    return page(
        "transcript.html",
        read.transcript.file_name,
        study=_study(desk, read.transcript.study_id),
        transcript=desk.show_transcript(read.transcript),
        focus=quote,
        **transcript_part_shape(read),
        **more,
    )


def _beside(desk: Desk, transcript_id: str, quote: str) -> Response:
    """The turns around a quote, to be read beside the map."""
    read = desk.use.transcript_pages.read(transcript_id, place=quote)
    turns = transcript_part_shape(read)["turns"]
    at = next((i for i, turn in enumerate(turns) if any(quote in {p["quote_id"], p["skip_id"]} for p in turn["pieces"])), 0)
    return fragment(
        "_beside.html",
        transcript=desk.show_transcript(read.transcript),
        turns=turns[max(0, at - TURNS_BESIDE) : at + TURNS_BESIDE + 1],
        focus=quote,
    )


@router.get("/studies/{study_id}/evidence")
def evidence_page(request: Request, study_id: str, statement: Asked = None, stage: Asked = None, offset: Number = 0) -> Response:
    """A page of what a statement or a curve point rests on, on the map as it was asked for; for a script only the panel."""
    desk, look, at = desk_of(request), read_look(request.query_params), offset or 0
    map_id = chosen_map(desk, study_id, maps_of(desk, study_id), look.map_id)
    if map_id is None or not (statement or stage):
        raise NotFound(_("there is nothing here; open a statement of the map to read what it rests on"))
    narrowing = look.narrowing or None
    if statement:
        cited = desk.use.maps.evidence(map_id, statement, offset=at, narrowing=narrowing)
    else:
        cited = desk.use.maps.curve(map_id, stage or "", offset=at, narrowing=narrowing)
    opened = desk.show_cited(cited)
    if at and not (opened["supporting"] or opened["contrary"]):
        past = _("this rests on {n} quotes, so none is the {place}th; go back to the map")
        raise NotFound(past.format(n=opened["total"], place=at + 1))
    shown = {
        "open": opened,
        "study": _study(desk, study_id),
        "stages": [stage_shape(s) for s in desk.use.studies.stages(study_id)],
        "links": PageLinks(study_id, look=look.pairs()),
    }
    if wants_fragment(request):
        return fragment("_evidence.html", **shown, of_participants=opened["of_participants"])
    return page("evidence.html", _("What it rests on"), **shown, offset=at, size=EVIDENCE_PAGE)


@router.get("/studies/{study_id}/coverage")
def coverage_page(request: Request, study_id: str, cursor: Asked = None) -> Response:
    """Which parts of every interview the map rests on."""
    desk = desk_of(request)
    told = desk.use.transcript_pages.coverages(study_id, cursor=cursor)
    return page("coverage.html", _("What the map rests on"), study=_study(desk, study_id), **coverage_page_shape(told))
