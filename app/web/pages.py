"""Draws pages for people: a template's name and plain dicts in, HTML out. Nothing here knows about requests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.staticfiles import StaticFiles

from app.domain.tags import Channel, Emotion, Experience, Kind
from app.exports.catalogue import N_, Rows, Wording, _, languages
from app.exports.present import environment, in_language
from app.exports.vocabulary import worded
from app.stages.parse.catalogue import shape_title
from app.web.map_look import FACETS, GRID, Pairs, with_view, without
from app.web.script_words import script_words
from app.web.theme_charts import MARK_SHAPES

HERE = Path(__file__).parent
RUN_STEPS = Rows(
    ("segment", N_("Cut the talk into quotes")),
    ("embed", N_("Measure what each quote means")),
    ("redact", N_("Find personal data")),
    ("tag", N_("Tag each quote")),
    ("cluster", N_("Group quotes into themes")),
    ("draft", N_("Draft the code book")),
    ("assign", N_("Place quotes in it")),
    ("write", N_("Write the statements")),
    ("check", N_("Look at them again")),
    ("assemble", N_("Assemble the map")),
)
"""Stages of a run in their order, with the words shown for them."""
INTENSITY_WORDS = Wording({1: N_("slight"), 2: N_("clear"), 3: N_("strong")})
_NUMBERED_INTENSITY = Wording({1: N_("1, slight"), 2: N_("2, clear"), 3: N_("3, strong")})


class _TagChoices:
    """Value and words of each tag that a person may choose; stages are the study's own."""

    def stage(self, stages: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
        """Of where a quote belongs."""
        return [*((s["key"], s["title"]) for s in stages), ("none", _("No stage"))]

    @property
    def intensity(self) -> list[tuple[int, str]]:
        """Of how strong a feeling is."""
        return list(_NUMBERED_INTENSITY.items())

    @property
    def experience(self) -> list[tuple[str, str]]:
        """Of whether a moment was good or bad."""
        return _choices(Experience)

    @property
    def emotion(self) -> list[tuple[str, str]]:
        """Of what was felt."""
        return _choices(Emotion)

    @property
    def channel(self) -> list[tuple[str, str]]:
        """Of where it took place."""
        return _choices(Channel)

    @property
    def kind(self) -> list[tuple[str, str]]:
        """Of what sort of remark it is."""
        return _choices(Kind)


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, worded(member.value)) for member in kind]


_NARROWING = (*FACETS, "confidence")


class PageLinks:
    """Addresses on the pages of one study; `within` are the themes that a page is about, `look` what its map was asked for."""

    def __init__(self, study_id: str, within: Collection[str] = (), look: Pairs = ()) -> None:
        self._study = f"/studies/{escaped(study_id, safe='')}"
        self._within = within
        self._look = look

    def _map(self, *more: tuple[str, str | int], look: Pairs | None = None) -> str:
        asked = urlencode([*(self._look if look is None else look), *more])
        return f"{self._study}/map?{asked}" if asked else f"{self._study}/map"

    def statement(self, statement_id: str) -> str:
        """Open a statement's quotes beside the map; the fragment scrolls the map to it."""
        return f"{self._map(('statement', statement_id))}#s-{escaped(statement_id, safe='')}"

    def point(self, stage_id: str) -> str:
        """Open the quotes of a curve point."""
        return self._map(("stage", stage_id), ("curve", 1))

    def closed(self, opened: Mapping[str, Any]) -> str:
        """Show the map without its panel, where the reader was."""
        statement = opened["statement"]
        return f"{self._map()}#s-{escaped(statement['id'], safe='')}" if statement else self._map()

    def again(self, opened: Mapping[str, Any]) -> str:
        """Open the same quotes again after one of them was corrected, which may have moved it elsewhere."""
        if opened["statement"]:
            return self._map(("statement", opened["statement"]["id"]), ("saved", 1))
        return self._map(("stage", opened["stage"]["id"]), ("curve", 1), ("saved", 1))

    def viewed(self, view: str) -> str:
        """Show the same map, narrowed the same, in another view."""
        return self._map(look=with_view(self._look, view))

    def cell(self, stage_id: str, lane: str) -> str:
        """Show everything of a lane in a stage: its place in the full map."""
        return f"{self.viewed(GRID)}#c-{escaped(stage_id, safe='')}-{lane}"

    def whole_cell(self, stage_id: str, lane: str) -> str:
        """Show a lane in a stage to its end, on a map that is too much for one page."""
        asked = self._map(("all", f"{stage_id}.{lane}"), look=with_view(self._look, GRID))
        return f"{asked}#c-{escaped(stage_id, safe='')}-{lane}"

    def less(self, name: str, value: str) -> str:
        """Show the map without this one part of what it is narrowed to."""
        return self._map(look=without(self._look, [name], value))

    def everything(self) -> str:
        """Show the same map in the same view, not narrowed."""
        return self._map(look=without(self._look, _NARROWING))

    def statement_within(self, statement_id: str, only: Pairs) -> str:
        """Open a statement's quotes on the map narrowed to this alone."""
        asked = self._map(*only, ("statement", statement_id), look=without(self._look, _NARROWING))
        return f"{asked}#s-{escaped(statement_id, safe='')}"

    def point_within(self, *sides: Pairs) -> Callable[[int, str], str]:
        """Of a side's number and a stage: open the quotes of its curve point on the map narrowed to that side."""

        def point(side: int, stage_id: str) -> str:
            return self._map(*sides[side], ("stage", stage_id), ("curve", 1), look=without(self._look, _NARROWING))

        return point

    def map_of(self, map_id: str | None) -> str:
        """Show another of the study's maps; without an id, the default one."""
        return self._map(*([("map", map_id)] if map_id else []), look=())

    def rows(self, *, saved: bool = False) -> str:
        """Lay out the rows of the map."""
        asked = urlencode([*(pair for pair in self._look if pair[0] == "map"), *([("saved", 1)] if saved else [])])
        return f"{self._study}/map/rows?{asked}" if asked else f"{self._study}/map/rows"

    def participant(self, participant_id: str) -> str:
        """Show what one participant told."""
        return f"/participants/{escaped(participant_id, safe='')}"

    def compare(self) -> str:
        """Lay two parts of the map side by side."""
        asked = urlencode([pair for pair in self._look if pair[0] == "map"])
        return f"{self._study}/map/compare?{asked}" if asked else f"{self._study}/map/compare"

    def quote(self, quote: Mapping[str, Any]) -> str:
        """Show a quote in its transcript, highlighted and scrolled to."""
        quote_id = escaped(quote["id"], safe="")
        return f"/transcripts/{escaped(quote['transcript_id'], safe='')}?quote={quote_id}#q-{quote_id}"

    def similar(self, quote: Mapping[str, Any]) -> str:
        """Look for quotes that mean something like this one."""
        return f"{self._study}/search?{urlencode({'like': quote['id']})}"

    def theme(self, quote: Mapping[str, Any]) -> str | None:
        """Show the theme that a quote is in; None where it is in none, or in the one that the page is about."""
        theme_id = quote.get("theme_id")
        return f"/themes/{escaped(theme_id, safe='')}" if theme_id and theme_id not in self._within else None

    def quotes(self, state: str) -> str:
        """List the quotes of which this became."""
        return f"{self._study}/quotes?{urlencode({'state': state})}"

    def quotes_in(self, transcript_id: str, state: str) -> str:
        """List the quotes of one transcript of which this became."""
        return f"{self._study}/quotes?{urlencode({'transcript': transcript_id, 'state': state})}"

    def permanent(self, quote: Mapping[str, Any]) -> str | None:
        """Show a quote alone, at the address that stays its own; None for words that were left out, which are no quote."""
        return None if quote.get("state") == "skipped" else quote_address(quote["id"])

    def part(self, transcript_id: str, number: int) -> str:
        """Show one part of a long transcript."""
        return f"/transcripts/{escaped(transcript_id, safe='')}?{urlencode({'part': number})}"

    def coverage(self) -> str:
        """Show which parts of every talk the map rests on."""
        return f"{self._study}/coverage"

    def evidence(self, opened: Mapping[str, Any], offset: int) -> str:
        """List what an open statement or curve point rests on, from this quote on."""
        key, held = ("statement", opened["statement"]) if opened["statement"] else ("stage", opened["stage"])
        return f"{self._study}/evidence?{urlencode([*self._look, (key, held['id']), ('offset', offset)])}"

    def rest(self, opened: Mapping[str, Any]) -> str | None:
        """Go on with the quotes of an open statement or curve point where its panel ends; None where it shows them all."""
        following = opened.get("next_offset") or len(opened["supporting"]) + len(opened["contrary"])
        return self.evidence(opened, following) if opened["more"] else None


def quote_address(quote_id: str) -> str:
    """The path that stays a quote's own."""
    return f"/quotes/{escaped(quote_id, safe='')}"


@cache
def _pages() -> Environment:
    env = environment(HERE / "templates")
    env.globals |= {"RUN_STEPS": RUN_STEPS, "TAG_CHOICES": _TagChoices(), "INTENSITY_WORDS": INTENSITY_WORDS, "MARK_SHAPES": MARK_SHAPES}
    env.globals |= {"languages": languages, "script_words": script_words}
    env.filters["shape_title"] = in_language(shape_words)
    return env


def shape_words(shape: str) -> str:
    """The name of a file's shape: `vtt` is “WebVTT”, `docx-header` is “Word (.docx, .docm): header lines”."""
    container, _colon, form = shape_title(shape).partition(": ")
    return _("{kind}: {form}").format(kind=_(container), form=_(form)) if form else _(container)


def render_page(name: str, **context: Any) -> str:
    """Render the template `name` with this context; `page` may be left out or hold any of title, signed_in and nav."""
    page = {"title": None, "signed_in": True, "nav": name.removesuffix(".html")} | context.pop("page", {})
    study = context.get("study")
    if study is not None:
        context.setdefault("links", PageLinks(study["id"]))
    return _pages().get_template(name).render(page=page, **context)


def static_files() -> StaticFiles:
    """What `/static` serves: the scripts of the pages, and the style sheet and fonts that `map.html` shares."""
    return StaticFiles(directory=HERE / "static", packages=[("app.exports", "static")])
