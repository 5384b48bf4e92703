"""Compare two parts of one map: the same stages and statements side by side, what differs most first."""

from collections.abc import Mapping
from typing import Any

from app.domain.journey import Lane

Document = dict[str, Any]


def compare(left: Document, right: Document, facts: Mapping[str, Any]) -> list[Document]:
    """Two narrowings of one map, stage by stage: {id, key, title, left, right, lanes}.

    `left` and `right` of a stage are {emotion}, without its evidence. A lane holds {id, text, theme_id, left, right, difference}; a side
    is {participants, of_participants, evidence_total}, or None where the statement has no evidence there; `difference` is the share of
    people on the left less that on the right, −1 to 1. The text is that of the side which holds the statement's stronger quote; where it
    is None, `tell` words it, for which that quote stands in `evidence`.
    """
    return [_stage(a, b, facts) for a, b in zip(left["stages"], right["stages"], strict=True)]


def _stage(left: Document, right: Document, facts: Mapping[str, Any]) -> Document:
    return {
        **{key: left[key] for key in ("id", "key", "title")},
        "left": {"emotion": _head(left["emotion"])},
        "right": {"emotion": _head(right["emotion"])},
        "lanes": {lane.value: _lane(left["lanes"][lane], right["lanes"][lane], facts) for lane in Lane},
    }


def _lane(left: list[Document], right: list[Document], facts: Mapping[str, Any]) -> list[Document]:
    mine, other = {s["id"]: s for s in left}, {s["id"]: s for s in right}
    pairs = [_pair(mine.get(key), other.get(key), facts) for key in {**mine, **other}]
    return sorted(pairs, key=lambda pair: (-abs(pair["difference"]), -_people(pair), pair["id"]))


def _pair(left: Document | None, right: Document | None, facts: Mapping[str, Any]) -> Document:
    told = _telling(left, right, facts)
    return {
        "id": told["id"],
        "text": told["text"],
        "theme_id": told["theme_id"],
        "left": _side(left),
        "right": _side(right),
        "difference": round(_share(left) - _share(right), 3),
        "evidence": told["evidence"][:1],
    }


def _telling(left: Document | None, right: Document | None, facts: Mapping[str, Any]) -> Document:
    """The side whose words are shown: so nobody reads words of somebody who is on neither side."""
    if left is None or right is None:
        return left or right or {}
    first, quotes = right["evidence"][0]["quote_id"], facts["quotes"]
    strongest = left["evidence"][0]["quote_id"]
    supports = (quotes[n] for n in facts["statements"][left["id"]]["supports"])
    return right if next(q for q in supports if q in {strongest, first}) == first else left


def _head(point: Document | None) -> Document | None:
    return {key: value for key, value in point.items() if key != "evidence"} if point else None


def _side(statement: Document | None) -> Document | None:
    return {key: statement[key] for key in ("participants", "of_participants", "evidence_total")} if statement else None


def _share(statement: Document | None) -> float:
    return statement["participants"] / statement["of_participants"] if statement else 0.0


def _people(pair: Document) -> int:
    return sum(side["participants"] for side in (pair["left"], pair["right"]) if side)
