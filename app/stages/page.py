"""The page of a map: what a screen needs of it at once."""

from typing import Any

EVIDENCE_ON_PAGE = 10


def page_of(document: dict[str, Any]) -> dict[str, Any]:
    """The same with ten evidence items a statement and a count instead of each theme's members: what a page needs."""
    page = {key: value for key, value in document.items() if key != "states"}
    page["stages"] = [
        {
            **stage,
            "emotion": _capped(stage["emotion"]) if stage["emotion"] else None,
            "lanes": {lane: [_capped(s) for s in statements] for lane, statements in stage["lanes"].items()},
            **({"steps": [_capped(step) for step in stage["steps"]]} if "steps" in stage else {}),
        }
        for stage in document["stages"]
    ]
    page["themes"] = [{**{k: v for k, v in t.items() if k != "quote_ids"}, "quotes": len(t["quote_ids"])} for t in document["themes"]]
    return page


def _capped(cited: dict[str, Any]) -> dict[str, Any]:
    """The strongest ten evidence items, with a place kept for contrary ones."""
    evidence = cited.get("evidence", [])
    against = [e for e in evidence if e["relation"] == "contradicts"]
    supporting = [e for e in evidence if e["relation"] == "supports"]
    kept = supporting[: EVIDENCE_ON_PAGE - min(len(against), EVIDENCE_ON_PAGE // 3)]
    return {**cited, "evidence": [*kept, *against[: EVIDENCE_ON_PAGE - len(kept)]]}
