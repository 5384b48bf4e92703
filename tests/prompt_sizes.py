"""How many tokens tagging a fixture study takes, by any tokenizer: requests as they are sent, replies as the labels have them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ask import collect

from app.adapters.gold_folder import read_gold

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
STUDIES = ("first-hearing-aids", "invoicing-app", "sleeper-train")
CARRIED_ON, ARGUABLE = 12, 5
"""One quote in so many is listed as carrying on the one before, or as arguable."""
GIST_WORDS = 5
"""As many as the prompt asks for at most; the labels have some more."""
HOUR_MS = 3_600_000

Count = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True)
class Sizes:
    """`fixed` is the part that is the same in every request; the rest is a quote's share, or an hour's."""

    fixed: int
    read_a_quote: float
    written_a_quote: float
    written_an_hour: float


def sizes_of(study: str, count: Count, version: str | None = None) -> Sizes:
    """Measure one study."""
    asked = collect(read_gold(FIXTURES / "gold" / "train" / study), version)
    labels = _labels(study)
    first = asked.requests[0]
    texts = [first.system, json.dumps(first.schema, separators=(",", ":"), ensure_ascii=False)]
    users = [request.user for request in asked.requests]
    replies = [reply_of([labels[quote.text] for quote in window.quotes]) for window in asked.windows]
    counted = count([*texts, *users, *replies])
    quotes = sum(len(window.quotes) for window in asked.windows)
    read, written = sum(counted[2 : 2 + len(users)]), sum(counted[2 + len(users) :])
    return Sizes(sum(counted[:2]), read / quotes, written / quotes, written / quotes * _quotes_an_hour(study))


def reply_of(rows: Sequence[dict[str, Any]]) -> str:
    """A reply that says what was labelled, in the form the prompt asks for."""
    items, background = [], []
    for number, row in enumerate(rows, start=1):
        if (row["stage"], row["channel"], row["kind"], row["emotion"]) == ("none", "none", "other", "neutral"):
            background.append(number)
        else:
            tags = {"s": row["stage"], "c": row["channel"], "t": row["touchpoint"], "k": row["kind"], "e": _feeling(row)}
            gist = " ".join(row["gist"].split()[:GIST_WORDS]) if row["gist"] else None
            items.append({"n": number, "g": gist, **tags})
    spread = range(1, len(rows) + 1)
    lists = {"b": background, "u": list(spread[::ARGUABLE]), "w": [], "j": list(spread[CARRIED_ON::CARRIED_ON])}
    return json.dumps({"q": items, **lists}, separators=(",", ":"), ensure_ascii=False)


def _feeling(row: dict[str, Any]) -> str:
    if row["emotion"] == "neutral":
        return "neutral"
    side = {"delight": "good_", "pain": "bad_"}.get(row["experience"], "") if row["emotion"] == "surprise" else ""
    return f"{side}{row['emotion']}{row['intensity']}"


def _labels(study: str) -> dict[str, dict[str, Any]]:
    lines = (FIXTURES / "gold" / "train" / study / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["text"]: row for row in map(json.loads, lines)}


def _quotes_an_hour(study: str) -> float:
    """By the time marks of the study's recordings."""
    files = json.loads((FIXTURES / "transcripts" / study / "expected.json").read_text(encoding="utf-8"))["files"]
    timed = {name: about["last_ms"] - (about["first_ms"] or 0) for name, about in files.items() if about.get("last_ms")}
    lines = (FIXTURES / "gold" / "train" / study / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    quotes = sum(json.loads(line)["file"] in timed for line in lines)
    return quotes * HOUR_MS / sum(timed.values())
