"""The quotes without a theme, and the themes that come nearest to each: what is left to be placed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.db.repositories import Repositories
from app.domain.themes import PLACED, PLACEMENT
from app.services.presenting import Presenter, ShownQuote
from app.services.quotes import states_of
from app.services.standing import Standing

LOOSE = "loose"
"""What a run measured of a quote that it could not place: its nearest themes, as suggestions of code."""
NEAR = "near"
UNPLACED_PAGE = 50
MOST_NEAR = 3
"""Themes that a quote is offered."""


@dataclass(frozen=True, slots=True)
class LooseQuote:
    """A quote without a theme, with the ids of the nearest themes in force and how near they are (cosine), nearest first.

    `left_out` says that people took it out of all themes.
    """

    quote: ShownQuote
    near: tuple[tuple[str, float], ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class UnplacedPage:
    """A page of them; `near` counts by theme the quotes that come nearest to it, and `unmeasured` those of which no theme is known.

    `labels` are what the themes are called; `next_cursor` is None on the last page.
    """

    items: tuple[LooseQuote, ...]
    total: int
    next_cursor: str | None
    near: Mapping[str, int]
    labels: Mapping[str, str]
    unmeasured: int


def unplaced_page(repo: Repositories, held: Standing, show: Presenter, wanted: str | None, part: tuple[int, int]) -> UnplacedPage:
    """The quotes of a place (first, how many) in the list: nearest to a theme first, then what people left out, then the unmeasured."""
    left = sorted(q for q in held.said_by if q not in held.placements)
    near = _nearest(repo, held, left)
    decided = repo.reviews.decisions(held.study_id, PLACEMENT)
    by_hand = {q for q in left if any(d.field == PLACED for d in decided.get(q, ()))}
    counts: dict[str, int] = {}
    for themes in near.values():
        if themes:
            counts[themes[0][0]] = counts.get(themes[0][0], 0) + 1
    listed = [q for q in left if wanted is None or wanted in {theme for theme, _ in near[q]}]
    listed.sort(key=lambda q: (not near[q], q in by_hand, -near[q][0][1] if near[q] else 0.0, q))
    start, limit = part
    shown = show.show(listed[start : start + limit], states_of(repo, held.study_id))
    return UnplacedPage(
        items=tuple(LooseQuote(quote, near[q], q in by_hand) for q, quote in shown.items()),
        total=len(listed),
        next_cursor=str(start + limit) if start + limit < len(listed) else None,
        near=dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        labels={theme.id: theme.label for theme in held.book.open()},
        unmeasured=sum(not near[q] for q in left),
    )


def _nearest(repo: Repositories, held: Standing, quote_ids: list[str]) -> dict[str, tuple[tuple[str, float], ...]]:
    """The nearest themes in force of each quote: as its run measured, else the theme it would be in without people's decisions."""
    measured = repo.search.suggestions(held.study_id, LOOSE, held.run.tagger_key) if held.run else {}
    found = {}
    for quote_id in quote_ids:
        told = [(theme, close) for theme, close in measured[quote_id].payload[NEAR]] if quote_id in measured else []
        before = held.found.get(quote_id)
        known = [*told, *([(before.theme_id, before.strength)] if before else [])]
        nearest: dict[str, float] = {}
        for theme, close in known:
            now = held.book.standing(theme)
            if now and not held.book.is_noise(now):
                nearest.setdefault(now, close)
        found[quote_id] = tuple(nearest.items())[:MOST_NEAR]
    return found
