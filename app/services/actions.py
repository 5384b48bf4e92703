"""Actions on a code book as they are kept: several decisions under one id, told in plain words, taken back together."""

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from app.db.repositories import Repositories
from app.domain.action_words import tell
from app.domain.actions import Action, Called, Change, actions_of, decisions_of, resting_on
from app.domain.review import Decision
from app.domain.themes import PLACEMENT, PROPOSAL, THEME, CodeBook
from app.domain.wording import ENGLISH
from app.errors import Conflict, NotFound
from app.exports.catalogue import N_, _, spoken
from app.services.book import load_book
from app.services.quotes import shown_run
from app.services.store import Store, random_id

TARGETS = (THEME, PLACEMENT, PROPOSAL)
"""What actions are about."""
GONE = N_("a theme that is gone")


@dataclass(frozen=True, slots=True)
class Told:
    """An action and what it was, in plain words."""

    action: Action
    text: str


def record(repo: Repositories, store: Store, study_id: str, changes: Sequence[Change], actor: str) -> Action:
    """Keep decisions as one action; it is a new version of the code book."""
    made = decisions_of(random_id(), changes, actor, store.now())
    repo.reviews.decide_together(study_id, made)
    repo.studies.bump_codebook(study_id)
    return actions_of(made)[0]


def load_actions(repo: Repositories, study_id: str) -> list[Action]:
    """What people did to a study's code book, newest first, also what they took back."""
    made = [repo.reviews.decisions(study_id, target, standing=False) for target in TARGETS]
    return actions_of(d for by_target in made for decisions in by_target.values() for d in decisions)


def take_back(
    repo: Repositories, store: Store, study_id: str, action: Action, undone: Sequence[Decision], among: Sequence[Action]
) -> Action:
    """Take decisions of an action back; the action as it is now.

    Raises `Conflict` where another one rests on them, and where two entries in force would have the same name.
    """
    if not undone:
        raise Conflict("this was taken back already")
    if (later := resting_on(action, undone, among)) is not None:
        raise Conflict(f"something else rests on this; take that back first: “{tell_all(repo, study_id, [later], ENGLISH)[0].text}”")
    before = _book(repo, study_id)
    repo.reviews.take_back([d.id for d in undone], store.now())
    after = _book(repo, study_id)
    if new := after.doubled - before.doubled:
        label = next(theme.label for theme in after.open() if theme.label.casefold() == min(new))
        raise Conflict(f"taking this back would leave two themes called “{label}”; rename the one that is there, then take this back")
    repo.studies.bump_codebook(study_id)
    return next(a for a in load_actions(repo, study_id) if a.id == action.id)


def take_back_decision(repo: Repositories, store: Store, study_id: str, decision: Decision) -> None:
    """Take one decision back, with those that would be half an action without it; raises `Conflict`."""
    actions = load_actions(repo, study_id)
    action = next(a for a in actions if any(d.id == decision.id for d in a.decisions))
    take_back(repo, store, study_id, action, action.with_(decision), actions)


def find_action(actions: Sequence[Action], action_id: str | None) -> Action:
    """An action by its id, or the newest one that stands; raises `NotFound`, or `Conflict` where there is none to take back."""
    if action_id is None:
        newest = next((a for a in actions if a.standing), None)
        if newest is None:
            raise Conflict("nothing was done to this code book that could be taken back")
        return newest
    found = next((a for a in actions if a.id == action_id), None)
    if found is None:
        raise NotFound(f"nothing with the id “{action_id}” was done to this code book")
    return found


def tell_all(repo: Repositories, study_id: str, actions: Sequence[Action], words: NullTranslations | None = None) -> list[Told]:
    """Actions in plain words: those of this catalogue, or of the page that is being drawn."""
    words = words or spoken().words
    called = _names(repo, study_id)
    asked = [a.head.target_id for a in actions if a.head.target_type == PROPOSAL]
    proposals = {key: made[-1][1].payload for key, made in repo.reviews.proposed(study_id, PROPOSAL, asked).items()}
    known = {key: (payload["kind"], payload["theme_ids"]) for key, payload in proposals.items()}
    return [Told(action, tell(action, called, known, words)) for action in actions]


def _book(repo: Repositories, study_id: str) -> CodeBook:
    run = shown_run(repo, study_id)
    return load_book(repo, study_id, run.tagger_key if run else None)


def _names(repo: Repositories, study_id: str) -> Called:
    """What themes were called at a time: as people had named them by then, else as a run did last."""
    themes = {theme.id: theme for theme in repo.themes.of_study(study_id)}
    by_run = {key: made[-1][1].payload for key, made in repo.reviews.proposed(study_id, THEME, list(themes)).items()}
    decided = repo.reviews.decisions(study_id, THEME, standing=False)
    named = {theme: [d for d in made if d.field == "label"] for theme, made in decided.items()}

    def called(theme_id: str, at: Any, before: bool) -> str:  # noqa: FBT001 - `Called` says what it means
        if theme_id not in themes:
            return _(GONE)
        by_people = [
            d for d in named.get(theme_id, ()) if (d.at < at if before else d.at <= at) and (d.undone_at is None or d.undone_at > at)
        ]
        told: str = by_people[-1].value if by_people else by_run.get(theme_id, {}).get("label") or themes[theme_id].label
        return told

    return called
