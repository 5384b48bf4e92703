"""How statements are arranged for reading: the rest of a full cell in groups, and each stage at a glance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exports.catalogue import N_, _
from app.exports.vocabulary import LANES

Shown = Mapping[str, Any]
GROUPED_FROM = 9
"""A rest of this many statements or more is grouped."""
ROOM = 200
"""Statements that one page carries whole; of more, each cell shows its first and leads to the rest."""
STEPS = "steps"
STEPS_SHOWN = 6
"""Steps of a stage that are shown at once: those that most people share."""
_RANKS = {
    "worst": (N_("worst moment"), N_("2nd worst moment"), N_("3rd worst moment")),
    "best": (N_("best moment"), N_("2nd best moment"), N_("3rd best moment")),
}


@dataclass(frozen=True, slots=True)
class Glance:
    """A stage at a glance: its telling pains and delights, strongest first, and how many there are of each."""

    stage: Shown
    pains: tuple[Shown, ...]
    delights: tuple[Shown, ...]
    pain_count: int
    delight_count: int


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of a map as it is shown: of one of the team's own also its `cells`, words by the id of each stage."""

    key: str
    title: str
    gloss: str
    own: bool
    cells: Mapping[str, str]


def rows_of(document: Shown, hidden: Collection[str] = ()) -> list[MapRow]:
    """The rows that a map shows, top to bottom, as its layout says; without steps where no stage is divided."""
    words = {key: (title, gloss) for key, title, gloss in LANES}
    layout = document.get("layout") or {"rows": [{"key": key, "shown": True} for key in words]}
    left_out = {*hidden, *(() if any(stage.get(STEPS) for stage in document["stages"]) else (STEPS,))}
    rows = []
    for row in layout["rows"]:
        if row["shown"] and row["key"] not in left_out:
            title, gloss = words.get(row["key"]) or (row["title"], _("written by the team"))
            rows.append(MapRow(row["key"], title, gloss, row["key"] not in words, row.get("cells") or {}))
    return rows


def parted(steps: Sequence[Shown]) -> tuple[list[Shown], list[Shown]]:
    """Steps in their order: the six that most people share, and the rest."""
    shared = sorted(steps, key=lambda step: (-step["participants"], -step["evidence_total"]))[:STEPS_SHOWN]
    chosen = {step["id"] for step in shared}
    return [s for s in steps if s["id"] in chosen], [s for s in steps if s["id"] not in chosen]


def grouped(statements: Sequence[Shown], labels: Mapping[str, str]) -> list[tuple[str, list[Shown]]]:
    """Statements in groups of one theme, each with the theme's label, in the order given; loners follow without a label.

    `labels` are the themes' by id. Few statements are one group without a label.
    """
    if len(statements) < GROUPED_FROM:
        return [("", list(statements))]
    groups: dict[str, list[Shown]] = {}
    for statement in statements:
        groups.setdefault(labels.get(statement.get("theme_id") or "", ""), []).append(statement)
    alone = [s for s in statements if len(groups[label := labels.get(s.get("theme_id") or "", "")]) == 1 or not label]
    told = [(label, members) for label, members in groups.items() if label and len(members) > 1]
    return [*told, ("", alone)] if alone else told


def theme_labels(document: Shown) -> dict[str, str]:
    """Labels of a map's themes by id."""
    return {theme["id"]: theme["label"] for theme in document["themes"]}


def glances(document: Shown) -> list[Glance]:
    """Every stage of a map at a glance: its worst pain and best delight, and whichever of the map's own moments are in it."""
    worst, best = document["summary"]["worst"], document["summary"]["best"]
    return [
        Glance(
            stage=stage,
            pains=_telling(stage["lanes"]["pains"], worst),
            delights=_telling(stage["lanes"]["delights"], best),
            pain_count=len(stage["lanes"]["pains"]),
            delight_count=len(stage["lanes"]["delights"]),
        )
        for stage in document["stages"]
    ]


def at_a_glance(document: Shown) -> set[str]:
    """Ids of the statements that an overview shows."""
    return {s["id"] for glance in glances(document) for s in (*glance.pains, *glance.delights)}


def moment_rank(document: Shown, statement_id: str) -> str:
    """Where a statement stands among the moments that matter: `worst moment`, `2nd best moment`; empty for the others."""
    for word, ranks in _RANKS.items():
        ranked = document["summary"][word][: len(ranks)]
        if statement_id in ranked:
            return _(ranks[ranked.index(statement_id)])
    return ""


def statements_on(document: Shown) -> int:
    """How many statements with evidence a map shows."""
    return sum(bool(s.get("evidence_total")) for stage in document["stages"] for lane in stage["lanes"].values() for s in lane)


def _telling(statements: Sequence[Shown], moments: Sequence[str]) -> tuple[Shown, ...]:
    ranked = [s for key in moments for s in statements if s["id"] == key]
    if ranked or not statements:
        return tuple(ranked)
    return (max(statements, key=lambda s: (s["participants"] * abs(s.get("mean_valence", 0)), s["participants"], s["evidence_total"])),)
