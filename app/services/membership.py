"""Who belongs to a persona: by its rule, and by what people decided, which no rule overrules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from app.db.repositories import Repositories
from app.domain.people import Participant, Persona, PersonaRule
from app.domain.review import Decision, fold
from app.services.store import random_id

PERSONA = "persona"
"""What decisions about belonging are about; their field is the participant's id, their value whether they belong."""


def by_rule(personas: Iterable[Persona], attributes: Mapping[str, str]) -> set[str]:
    """Ids of the personas whose rule holds for these attributes."""
    return {p.id for p in personas if p.rule and p.rule.holds_for(attributes)}


def decided_members(repo: Repositories, study_id: str) -> dict[str, dict[str, bool]]:
    """By persona, and within it by participant, whether people said that they belong or do not."""
    return {persona: fold({}, decisions) for persona, decisions in repo.reviews.decisions(study_id, PERSONA).items()}


def follow_rules(repo: Repositories, before: Participant, attributes: Mapping[str, str], persona_ids: Sequence[str]) -> list[str]:
    """Ids of a participant's personas once their attributes are these: rules that begin to hold add, those that cease to hold remove.

    A rule that held all along changes nothing, and what people decided stays.
    """
    personas = repo.people.personas(before.study_id)
    was, now = by_rule(personas, before.attributes), by_rule(personas, attributes)
    if was == now:
        return list(persona_ids)
    decided = decided_members(repo, before.study_id)
    gained = {p for p in now - was if decided.get(p, {}).get(before.id) is not False}
    lost = {p for p in was - now if decided.get(p, {}).get(before.id) is not True}
    return sorted({*persona_ids, *gained} - lost)


def decide_members(repo: Repositories, person: Participant, persona_ids: Collection[str], *, actor: str, at: datetime) -> None:
    """Record by whose word a participant joins or leaves personas that have a rule; doing as the rule says takes a decision back."""
    ruled = {p.id: p for p in repo.people.personas(person.study_id) if p.rule}
    follows = by_rule(ruled.values(), person.attributes)
    for persona_id in sorted(ruled.keys() & set(persona_ids).symmetric_difference(person.persona_ids)):
        belongs = persona_id in persona_ids
        repo.reviews.undo(person.study_id, PERSONA, persona_id, at, [person.id])
        if belongs != (persona_id in follows):
            repo.reviews.decide(person.study_id, Decision(random_id(), PERSONA, persona_id, person.id, belongs, actor, at))


def put_rule_in_force(repo: Repositories, before: Persona, rule: PersonaRule | None) -> None:
    """Give a persona another rule: who fits it joins, who only fitted the old one leaves; without a rule who belongs now stays."""
    repo.people.set_rule(before.id, rule)
    if rule is None:
        return
    decided = decided_members(repo, before.study_id).get(before.id, {})
    people = repo.people.participants(before.study_id, speaking=False)
    fits = {p.id for p in people if rule.holds_for(p.attributes)}
    fitted = {p.id for p in people if before.rule and before.rule.holds_for(p.attributes)}
    add = {p for p in fits if decided.get(p) is not False}
    repo.people.change_members(before.id, add=add, remove={p for p in fitted - fits if decided.get(p) is not True})
