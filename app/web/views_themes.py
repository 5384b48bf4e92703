"""Themes: the list, one theme with everything that speaks for and against it, the code book, the map of quotes."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.errors import Conflict, NotFound
from app.exports.catalogue import _
from app.services.codebook import CodeBooks
from app.services.desk import Desk
from app.services.rewording import REWORDED
from app.services.shapes import Shape, persona_shape, quote_shape, stage_keys, stage_shape, study_shape
from app.services.theme_shapes import (
    action_shape,
    part_shape,
    prevalence_shape,
    proposal_shape,
    saturation_shape,
    theme_seen_shape,
    unplaced_shape,
)
from app.web.answers import desk_of, page
from app.web.pages import PageLinks
from app.web.theme_charts import plane_drawing, saturation_chart

router = APIRouter(include_in_schema=False)
Asked = Annotated[str | None, Query()]
Offset = Annotated[int, Query(ge=0)]
FILTERS = ("stage", "persona", "leaning", "mark")
GONE = 410
TOLD = ("saved", "undone", "empty")
"""What an address says of what was just done."""


@router.get("/studies/{study_id}/themes")
def themes_page(request: Request, study_id: str) -> Response:
    """All themes of a study, what the last run changed and proposes, saturation and prevalence."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    stages = desk.use.studies.stages(study_id)
    keys = stage_keys(stages)
    every, saturation, prevalence = desk.use.portraits.all(study_id)
    found = [theme_seen_shape(seen, keys) for seen in every]
    filters = {name: request.query_params[name] for name in FILTERS if request.query_params.get(name)}
    labels = {t["id"]: t["label"] for t in found}
    participants, _notes = desk.use.people.participants(study_id)
    saturated = saturation_shape(saturation) if saturation else None
    return page(
        "themes.html",
        _("Themes"),
        study=study,
        themes=nested(found, filters),
        total=sum(t["parent_id"] is None for t in found),
        share=sum(t["share"] for t in found if t["parent_id"] is None),
        labels=labels,
        filters=filters,
        stages=[stage_shape(s) for s in stages],
        personas=[persona_shape(p, participants) for p in desk.use.people.personas(study_id)],
        proposals=[proposal_shape(p, keys) for p in desk.use.codebooks.proposals(study_id)],
        changed=_changed(desk, found, labels),
        saturated=saturated,
        chart=saturation_chart(saturated) if saturated else None,
        prevalence=prevalence_shape(prevalence) if prevalence else None,
        **last_done(request, desk, study_id),
    )


@router.get("/studies/{study_id}/themes/unplaced")
def unplaced_page(request: Request, study_id: str, near: str = "", cursor: Asked = None) -> Response:
    """The quotes without a theme, each with the themes that come nearest, to be placed one by one or several at once."""
    desk = desk_of(request)
    stages = desk.use.studies.stages(study_id)
    found = unplaced_shape(desk.use.codebooks.unplaced(study_id, near=near or None, cursor=cursor), stage_keys(stages))
    return page(
        "unplaced.html",
        _("Quotes without a theme"),
        study=study_shape(desk.use.studies.overview(study_id)),
        found=found,
        near=near,
        cursor=cursor,
        address=told_apart(request),
        themes=desk.use.codebooks.listed(study_id),
        stages=[stage_shape(s) for s in stages],
        **last_done(request, desk, study_id),
    )


@router.get("/themes/{theme_id}")
def theme_page(request: Request, theme_id: str, offset: Offset = 0, split: Asked = None) -> Response:
    """One theme: its entry in the code book, its exemplars and all its quotes, and what can be done with it.

    Of one that was merged away, split up or taken out it says what became of it, and leads to those that took over.
    """
    desk = desk_of(request)
    try:
        shown = desk.show_theme(theme_id, offset)
    except NotFound:
        return _gone(request, desk, theme_id)
    study_id = shown["study_id"]
    stages = desk.use.studies.stages(study_id)
    keys = stage_keys(stages)
    others = _listed(desk.use.codebooks.read(study_id))
    seen = _seen_theme(desk, theme_id, keys)
    inside = [t for t in _seen_themes(desk, study_id, keys) if t["parent_id"] == theme_id] if shown["children"] else []
    return page(
        "theme.html",
        shown["label"],
        study=study_shape(desk.use.studies.overview(study_id)),
        entry=shown,
        seen=seen,
        parent=next((t for t in others if t["id"] == shown["parent_id"]), None),
        children=inside,
        members=shown["members"],
        offset=offset,
        next_offset=shown["next_offset"],
        others=others,
        labels={t["id"]: t["label"] for t in others},
        links=PageLinks(study_id, within={theme_id, *shown["children"]}),
        split=_split(desk, theme_id, keys) if split else None,
        stages=[stage_shape(s) for s in stages],
        **last_done(request, desk, study_id),
    )


@router.get("/studies/{study_id}/codebook")
def codebook_page(request: Request, study_id: str, cursor: Asked = None) -> Response:
    """The code book as one table to read, print and edit, and what people did to it."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    keys = stage_keys(desk.use.studies.stages(study_id))
    history = desk.use.codebooks.history(study_id, cursor=cursor)
    settings = desk.use.settings
    return page(
        "codebook.html",
        _("Code book"),
        study=study,
        book=desk.use.codebooks.read(study_id),
        examples={t: [quote_shape(q, keys) for q in central] for t, central in desk.use.portraits.examples(study_id).items()},
        history=[action_shape(told) for told in history.actions],
        cursor=cursor,
        next_cursor=history.next_cursor,
        llm={"configured": settings.llm_configured, "model": settings.llm_model},
        saved="saved" in request.query_params,
    )


@router.get("/studies/{study_id}/themes/plane")
def plane_page(request: Request, study_id: str) -> Response:
    """A study's quotes on a plane, by theme."""
    desk = desk_of(request)
    study = study_shape(desk.use.studies.overview(study_id))
    return page("plane.html", _("Map of quotes"), study=study, plane=plane_drawing(desk.use.planes.of_study(study_id)))


def nested(found: Sequence[Shape], filters: Mapping[str, str]) -> list[Shape]:
    """Outermost themes that fit the filters, or that have something `inside` which does; in the order given."""
    inner: dict[str, list[Shape]] = {}
    for theme in found:
        if theme["parent_id"]:
            inner.setdefault(theme["parent_id"], []).append(theme)
    listed = []
    for theme in found:
        if theme["parent_id"] is None:
            inside = [child for child in inner.get(theme["id"], ()) if fits(child, filters)]
            if inside or fits(theme, filters):
                listed.append({**theme, "inside": inside})
    return listed


def fits(theme: Mapping[str, Any], filters: Mapping[str, str]) -> bool:
    """Whether a theme has what every filter asks for."""
    marks = {theme["mark"] or "none", "pinned" if theme["pinned"] else "", "single" if theme["single_participant"] else ""}
    has = {
        "stage": {s["key"] for s in theme["stages"]},
        "persona": {p["id"] for p in theme["personas"]},
        "leaning": {theme["leaning"]},
        "mark": marks,
    }
    return all(wanted in has[name] for name, wanted in filters.items())


def _seen_themes(desk: Desk, study_id: str, keys: Mapping[str, str]) -> list[Shape]:
    return [theme_seen_shape(seen, keys) for seen in desk.use.portraits.themes(study_id)]


def _seen_theme(desk: Desk, theme_id: str, keys: Mapping[str, str]) -> Shape | None:
    """What the newest run shows of a theme; None where no run has drawn a map yet."""
    try:
        return theme_seen_shape(desk.use.portraits.theme(theme_id), keys)
    except NotFound:
        return None


def _listed(book: Mapping[str, Any]) -> list[Shape]:
    """Entries in one list, each followed by those inside it."""
    return [entry for theme in book["themes"] for entry in (theme, *theme["children"])]


def _changed(desk: Desk, found: Sequence[Shape], labels: Mapping[str, str]) -> Shape | None:
    """What the newest run changed, by theme, and which were renamed because an interview was erased; None where nothing was."""
    notes = desk.use.runs.get(found[0]["run_id"]).notes if found else {}
    noted = notes.get("themes") or {}
    since = notes.get(REWORDED, ())
    renamed = dict.fromkeys([*noted.get("renamed", ()), *since])
    if not renamed and not any(noted.get(what) for what in ("grown", "shrunk", "unchanged", "gone")):
        return None
    first = not any(noted.get(what) for what in ("grown", "shrunk", "unchanged", "gone"))
    told = {what: () if first else noted.get(what, ()) for what in ("new", "grown", "shrunk")} | {"renamed": renamed}
    by_name = {what: [{"id": t, "label": labels[t]} for t in ids if t in labels] for what, ids in told.items()}
    return {**by_name, "unchanged": len(noted.get("unchanged", ())), "gone": len(noted.get("gone", ()))}


def _split(desk: Desk, theme_id: str, keys: Mapping[str, str]) -> Shape:
    """Parts that a theme falls into, each with a few of its quotes; or the reason why it does not."""
    try:
        return {"parts": [part_shape(part, keys) for part in desk.use.codebooks.split_proposal(theme_id)], "reason": ""}
    except Conflict as none:
        return {"parts": [], "reason": none.message}


def _gone(request: Request, desk: Desk, theme_id: str) -> Response:
    """What became of a theme that is not in force, with the way to what took over; raises `NotFound` for one that never was."""
    books: CodeBooks = desk.use.codebooks
    study_id = books.study_of(theme_id)
    words, after = books.successors(theme_id)
    answer = page(
        "theme_gone.html",
        _("A theme that is gone"),
        study=study_shape(desk.use.studies.overview(study_id)),
        words=words,
        after=after,
        **last_done(request, desk, study_id),
    )
    answer.status_code = GONE
    return answer


def told_apart(request: Request) -> str:
    """This page's address without what only says that something was just done."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in TOLD]
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path


def last_done(request: Request, desk: Desk, study_id: str) -> Shape:
    """The last thing that people did to the code book and that stands, whether that was just now, and which themes an undo left empty."""
    done = next((told for told in desk.use.codebooks.history(study_id).actions if told.action.standing), None)
    empty = request.query_params.getlist("empty")
    return {
        "undo": action_shape(done) if done else None,
        "saved": "saved" in request.query_params,
        "undone": "undone" in request.query_params,
        "emptied": [e for e in desk.use.codebooks.listed(study_id) if e["id"] in empty] if empty else [],
    }
