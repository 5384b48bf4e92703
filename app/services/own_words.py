"""Own words: what people call an opportunity stands on the map instead of the map's own sentence, from the moment they say it."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.db.repositories import Repositories
from app.domain.journey import Lane, Origin
from app.domain.opportunities import OPPORTUNITY, TEXT
from app.domain.review import Decision


def own_words(repo: Repositories, study_id: str, stages: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """People's words by the ids of the statements that they stand for, on a map with these stages.

    An opportunity is the same in every stage where the map has it, so what is said of one of its statements is said of all of the same
    theme; of one without a theme only where it was said. The last word counts.
    """
    decided = [d for made in repo.reviews.decisions(study_id, OPPORTUNITY).values() for d in made if d.field == TEXT and d.value]
    if not decided:
        return {}
    statements = [s for stage in stages for s in stage["lanes"][Lane.OPPORTUNITIES]]
    about = {s["id"]: s["theme_id"] or s["id"] for s in statements}
    last: dict[str, Decision] = {}
    for decision in sorted(decided, key=lambda d: (d.at, d.id)):
        if decision.target_id in about:
            last[about[decision.target_id]] = decision
    return {s["id"]: last[about[s["id"]]].value for s in statements if about[s["id"]] in last}


def laid_over(statement: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """A statement with people's words, if they have any for it: then they wrote it, and nobody doubts it."""
    if statement["id"] not in words:
        return statement
    told = {key: value for key, value in (("origin", Origin.HUMAN.value), ("doubt", None)) if key in statement}
    return {**statement, "text": words[statement["id"]], **told}
