"""Voices of themes: whose words a theme is named with, so that a part of a map without that person calls it by its topic."""

from collections.abc import Mapping
from typing import Any

from app.stages.facts import NONE
from app.stages.narrow import Document, Part
from app.stages.segment.lexicon import plain

UNNAMED = "…"
"""Stands for a theme of which nothing is known but the words of somebody who is left out."""


def voices_of(themes: Mapping[str, tuple[str, str]], facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Of these themes (label and topic by id) those whose label is said word for word in one of their quotes, with who said it.

    `texts` are the quotes' by id. Back come `by`, the places of those people, and `topic`, what the theme is called without them. A label
    that is said in no quote is nobody's words.
    """
    said = {t: plain(label) for t, (label, _) in themes.items() if label}
    by: dict[str, set[int]] = {}
    for n, quote_id in enumerate(facts["quotes"]):
        chain = facts["theme"][n]
        around = [t for t in facts["chains"][chain] if t in said] if chain != NONE else []
        text = plain(texts.get(quote_id, "")) if around else ""
        for theme in around:
            if said[theme] in text:
                by.setdefault(theme, set()).add(facts["participant"][n])
    return {theme: {"by": sorted(people), "topic": themes[theme][1] or UNNAMED} for theme, people in sorted(by.items())}


def topics_of(part: Part) -> dict[str, str]:
    """What every theme is called that is named with words of people who are all left out of this part of a map, by id."""
    facts, within = part.facts, set(part.people)
    people = {n for n, person in enumerate(facts["participants"]) if person in within}
    return {theme: told["topic"] for theme, told in facts.get("voiced", {}).items() if not people & set(told["by"])}


def renamed(document: Document, topics: Mapping[str, str]) -> Document:
    """A map with these themes under another name."""
    return {**document, "themes": [{**theme, "label": topics.get(theme["id"], theme["label"])} for theme in document["themes"]]}
