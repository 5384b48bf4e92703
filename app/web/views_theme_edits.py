"""Forms that change themes; each leads back to a page that says what was done and offers to undo it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.errors import InvalidInput, NotFound
from app.exports.catalogue import _
from app.services.codebook import Changed
from app.services.proposals import Part
from app.web.answers import actor_of, desk_of, see
from app.web.sign_in import local_path

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]
THEME = "/themes/"


class EntryForm(BaseModel):
    """An entry of the code book as its form sends it; what a form leaves out is left alone."""

    label: str | None = None
    summary: str | None = None
    definition: str | None = None
    use_when: str | None = None
    not_when: str | None = None
    parent: str = ""
    back: str = ""
    was: list[str] = []
    """The texts as the form began, each as `field:text`: what was left as it was must not undo what somebody else wrote meanwhile."""

    def texts(self) -> dict[str, str]:
        """What it says of the entry itself, by field."""
        return self.model_dump(exclude={"parent", "back", "was"}, exclude_none=True)

    def changes(self, before: Mapping[str, str]) -> dict[str, str]:
        """The texts that are new to the entry `before` and that the form did not begin with."""
        begun = {field: text for field, _colon, text in (one.partition(":") for one in self.was)}
        return {
            field: text
            for field, text in self.texts().items()
            if " ".join(text.split()) not in {" ".join(of[field].split()) for of in (before, begun) if field in of}
        }


class QuotesForm(BaseModel):
    """Ticked quotes, and what the button that was pressed means to `do` with them: `move`, `split`, or place in `none`."""

    quote: list[str] = []
    do: str = ""
    to: str = ""
    label: str = ""
    back: str = ""


class FoundForm(BaseModel):
    """Quotes of a list and where they belong: `near` is a quote and a theme, with a blank between; else `do` is `move` or `new`."""

    quote: list[str] = []
    near: str = ""
    do: str = ""
    to: str = ""
    label: str = ""
    back: str = ""


@router.post("/studies/{study_id}/themes")
def add_theme(request: Request, study_id: str, form: Annotated[EntryForm, Form()]) -> Response:
    """Add an entry and go to it."""
    given = form.texts() | ({"parent_id": form.parent} if form.parent else {})
    changed = desk_of(request).use.codebooks.add(study_id, given, actor=actor_of(request).person)
    return _to_theme(changed.themes[0]["id"], changed)


@router.post("/themes/{theme_id}")
def define_theme(request: Request, theme_id: str, form: Annotated[EntryForm, Form()]) -> Response:
    """Save those texts of an entry that were changed."""
    books = desk_of(request).use.codebooks
    before, _ = books.theme(theme_id)
    given = form.changes(before)
    return _change(request, theme_id, given, form.back) if given else _back(None, form.back)


@router.post("/themes/{theme_id}/mark")
def mark_theme(request: Request, theme_id: str, mark: Text = "", back: Text = "") -> Response:
    """Mark an entry as key or noise, or as neither."""
    return _change(request, theme_id, {"mark": mark or None}, back)


@router.post("/themes/{theme_id}/pin")
def pin_theme(request: Request, theme_id: str, pinned: Text = "", back: Text = "") -> Response:
    """Pin or unpin an entry."""
    return _change(request, theme_id, {"pinned": bool(pinned)}, back)


@router.post("/themes/{theme_id}/nest")
def nest_theme(request: Request, theme_id: str, parent: Text = "", back: Text = "") -> Response:
    """Put an entry inside another, or beside the outermost ones."""
    return _change(request, theme_id, {"parent_id": parent or None}, back)


@router.post("/themes/{theme_id}/merge")
def merge_theme(request: Request, theme_id: str, into: Text = "") -> Response:
    """Have another entry take this one's quotes over, and go there."""
    if not into:
        raise InvalidInput(_("choose the theme that takes these quotes over"))
    return _to_theme(into, desk_of(request).use.codebooks.merge(theme_id, into, actor=actor_of(request).person))


@router.post("/themes/{theme_id}/remove")
def remove_theme(request: Request, theme_id: str, back: Text = "") -> Response:
    """Take an entry out of the code book."""
    desk_of(request).use.codebooks.remove(theme_id, actor=actor_of(request).person)
    return see(local_path(back))


@router.post("/themes/{theme_id}/split")
def split_theme(
    request: Request,
    theme_id: str,
    label: Texts = [],  # noqa: B006  # FastAPI copies a default
    quotes: Texts = [],  # noqa: B006  # same
    use: Texts = [],  # noqa: B006  # same
    back: Text = "",
) -> Response:
    """Make those parts entries of their own that are ticked (`use`, by number); `quotes` are ids of each part, between spaces."""
    if len(label) != len(quotes):
        raise InvalidInput(_("the form came incomplete; ask for the split again"))
    parts = [Part(tuple(q.split()), name.strip() or None) for n, (name, q) in enumerate(zip(label, quotes, strict=True)) if str(n) in use]
    if not parts:
        raise InvalidInput(_("tick at least one part that is to be a theme of its own"))
    desk_of(request).use.codebooks.split(theme_id, parts, actor=actor_of(request).person)
    return see(local_path(back))


@router.post("/themes/{theme_id}/quotes")
def place_quotes(request: Request, theme_id: str, form: Annotated[QuotesForm, Form()]) -> Response:
    """Move ticked quotes to another theme, make them one of their own, or take them out of all."""
    if not form.quote:
        raise InvalidInput(_("tick the quotes first, then say where they belong"))
    if form.do == "move" and not form.to:
        raise InvalidInput(_("choose the theme that these quotes belong to"))
    books, actor = desk_of(request).use.codebooks, actor_of(request).person
    if form.do == "split":
        changed = books.split(theme_id, [Part(tuple(form.quote), form.label.strip() or None)], actor=actor)
    elif form.do in {"move", "none"}:
        study_id = books.theme(theme_id)[0]["study_id"]
        changed = books.place(study_id, form.quote, form.to if form.do == "move" else None, actor=actor)
    else:
        raise InvalidInput(_("use one of the buttons below the quotes"))
    return _back(changed, form.back)


@router.post("/studies/{study_id}/placements")
def place_found(request: Request, study_id: str, form: Annotated[FoundForm, Form()]) -> Response:
    """Place quotes of a list: one in the theme whose button was pressed, or the ticked ones in a chosen theme or in a new one."""
    books, actor = desk_of(request).use.codebooks, actor_of(request).person
    one, _blank, near = form.near.partition(" ")
    if near:
        changed = books.place(study_id, [one], near, actor=actor)
    elif not form.quote:
        raise InvalidInput(_("tick the quotes first, then say where they belong"))
    elif form.do == "new":
        changed = books.add(study_id, {"label": form.label}, form.quote, actor=actor)
    elif form.do == "move":
        if not form.to:
            raise InvalidInput(_("choose the theme that these quotes belong to"))
        changed = books.place(study_id, form.quote, form.to, actor=actor)
    else:
        raise InvalidInput(_("use one of the buttons beside or below the quotes"))
    return see(_saying(local_path(form.back), saved="1") if changed.told else local_path(form.back))


@router.post("/proposals/{proposal_id}/accept")
def accept_proposal(request: Request, proposal_id: str, back: Text = "") -> Response:
    """Do what a run proposed."""
    return _back(desk_of(request).use.codebooks.accept(proposal_id, actor=actor_of(request).person), back)


@router.post("/proposals/{proposal_id}/reject")
def reject_proposal(request: Request, proposal_id: str, back: Text = "") -> Response:
    """Say that what a run proposed is not wanted."""
    return _back(desk_of(request).use.codebooks.reject(proposal_id, actor=actor_of(request).person), back)


@router.post("/studies/{study_id}/codebook/undo")
def undo_action(request: Request, study_id: str, action_id: Text = "", back: Text = "") -> Response:
    """Take back what somebody did."""
    books = desk_of(request).use.codebooks
    changed = books.undo(study_id, action_id or None)
    path = local_path(back)
    if path.startswith(THEME):
        try:
            books.theme(urlsplit(path).path.removeprefix(THEME))
        except NotFound:  # it went with what was taken back
            path = f"/studies/{study_id}/themes?undone=1"
    empty = [theme["id"] for theme in changed.themes if not theme["quotes"]]
    return see(_saying(path, empty=empty) if empty and "undone=1" in path else path)


def _saying(path: str, **told: Any) -> str:
    """A path of ours that also says this in its query, before its fragment."""
    parts = urlsplit(path)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(told, doseq=True)]))))


def _change(request: Request, theme_id: str, given: dict[str, Any], back: str) -> Response:
    return _back(desk_of(request).use.codebooks.change(theme_id, given, actor=actor_of(request).person), back)


def _to_theme(theme_id: str, changed: Changed) -> Response:
    return _back(changed, f"/themes/{theme_id}?saved=1")


def _back(changed: Changed | None, back: str) -> Response:
    """The page that a form came from; it says what was done only if something was."""
    path = local_path(back)
    return see(path if changed and changed.told else path.replace("?saved=1", "", 1))
