"""Searching a study: a page that finds quotes by words and meaning, or more like one, within the filters of the quotes page."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.domain.quote import State
from app.errors import InvalidInput, NotFound
from app.exports.catalogue import N_, Wording, _
from app.exports.vocabulary import worded
from app.services.desk import Desk
from app.services.search import MODES, SEARCH_FILTERS, SEARCH_PAGE
from app.services.shapes import Shape, stage_shape, study_shape
from app.web.answers import desk_of, page
from app.web.views_themes import last_done, told_apart

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]
NOISE = "noise"
FILTER_WORDS = Wording(
    {
        "stage": N_("Stage"),
        "theme": N_("Theme"),
        "participant": N_("Participant"),
        "persona": N_("Persona"),
        "transcript": N_("Transcript"),
        "experience": N_("Experience"),
        "emotion": N_("Emotion"),
        "channel": N_("Channel"),
        "touchpoint": N_("Touchpoint"),
        "kind": N_("Kind"),
        "state": N_("What became of it"),
        "review": N_("Looked at"),
        "max_confidence": N_("Tags"),
        "min_confidence": N_("Tags at least so sure"),
    }
)
"""What the page calls each filter."""


@router.get("/studies/{study_id}/search")
def search_page(request: Request, study_id: str, q: str = "", mode: str = MODES[0], like: Asked = None, cursor: Asked = None) -> Response:
    """What was looked for, or what is like one quote; without either only the form."""
    desk = desk_of(request)
    filters = {name: request.query_params[name] for name in SEARCH_FILTERS if request.query_params.get(name)}
    chosen = {"mode": mode} if mode != MODES[0] else {}
    study = study_shape(desk.use.studies.overview(study_id))
    origin = _origin(desk, study_id, like) if like else None
    found, trouble = None, None
    try:
        if origin:
            found = desk.similar(origin["id"], filters, cursor=cursor, limit=SEARCH_PAGE)
        elif q.strip():
            found = desk.search(study_id, q, filters, mode=mode, cursor=cursor, limit=SEARCH_PAGE)
    except InvalidInput as error:
        trouble = error.message
    stages = [stage_shape(s) for s in desk.use.studies.stages(study_id)]
    participants, _notes = desk.use.people.participants(study_id)
    asked = {"like": like} if origin and like else {"q": q} if q else {}
    return page(
        "search.html",
        _("More like this") if origin else _("Search"),
        study=study,
        q=q,
        mode=mode,
        origin=origin,
        found=found,
        trouble=trouble,
        filters=filters,
        query={**asked, **chosen, **filters},
        asked={**asked, **chosen},
        address=told_apart(request),
        without=_without(found, {**asked, **chosen, **filters}),
        themes=desk.use.codebooks.listed(study_id),
        stages=stages,
        stage_options=[*((s["key"], s["title"], s["id"]) for s in stages), ("none", _("No stage"))],
        states=[(state.value, worded(state.value)) for state in State],
        participant_options=[(p.id, p.pseudonym, p.pseudonym) for p in participants],
        persona_options=[(p.id, p.name, p.name) for p in desk.use.people.personas(study_id)],
        theme_options=_theme_options(desk, study_id),
        **last_done(request, desk, study_id),
    )


def _theme_options(desk: Desk, study_id: str) -> list[tuple[str, str]]:
    """Themes to filter by: those on the map first, most shared first, then those that are on none, as noise is."""
    on_map = [t["id"] for t in desk.use.maps.themes(study_id)]
    entries = {e["id"]: e for e in desk.use.codebooks.listed(study_id)}
    listed = [*(t for t in on_map if t in entries), *(t for t in entries if t not in on_map)]
    noise = _("{theme} (noise)")
    return [(t, noise.format(theme=entries[t]["label"]) if entries[t]["mark"] == NOISE else entries[t]["label"]) for t in listed]


def _without(found: Shape | None, query: Mapping[str, str]) -> list[Shape]:
    """Of a search that found nothing, each filter that stands in the way: its name, how much there is without it, and what to ask."""
    return [
        {"words": FILTER_WORDS[w["filter"]], "total": w["total"], "query": {k: v for k, v in query.items() if k != w["filter"]}}
        for w in (found["without"] if found else ())
    ]


def _origin(desk: Desk, study_id: str, quote_id: str) -> Shape:
    quote = desk.show_quote(quote_id)
    if desk.use.studies.transcript(quote["transcript_id"]).study_id != study_id:
        raise NotFound(_("there is no quote “{id}” in this study").format(id=quote_id))
    return quote
