"""Who the people are: roles, participants, personas, and the same person in several files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from app.db.repositories import Repositories
from app.domain.names import bare_name, is_label, may_be_same
from app.domain.people import Participant, Persona, PersonaRule, Role, Speaker
from app.domain.review import Decision
from app.domain.study import Transcript
from app.domain.transcript import normalise
from app.errors import Conflict, InvalidInput, Outdated
from app.services.membership import decide_members, follow_rules, put_rule_in_force
from app.services.store import Store, random_id

NAME_LENGTH = 200
PERSONA_LENGTH = 100
OWNER = "owner"
ANY_TAG = "*"
MOST_VALUES = 12
"""An attribute of more values than this names people one by one rather than kinds of them."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_FACTS = _words("""
    title date time created modified recorded started ended duration length language lang kind format version source file filename url
    link id type layout tags summary keywords attendees participants participant interviewer interviewers moderator host facilitator
    researcher observer observers interviewee respondent transcriber transcript author licence license copyright description recording
    meeting topic study project persona personas
""")
"""What the head of a file says of the talk, and not of the person."""
FACT_LENGTH, KEY_LENGTH, MAX_FACTS = 80, 40, 12


@dataclass(frozen=True, slots=True)
class WhoIsWho:
    """By participant: the speakers (id, name, file name) they stand for, and others with a lower number who may be the same person."""

    voices: Mapping[str, Sequence[tuple[str, str, str]]]
    alike: Mapping[str, Sequence[Participant]]


class People:
    """Edits who is who."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def participants(self, study_id: str) -> tuple[list[Participant], dict[str, list[tuple[str, str]]]]:
        """Participants who speak, and their files (id, name) by participant."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.people.participants(study_id), repo.people.files_of(study_id)

    def participant(self, participant_id: str) -> tuple[Participant, dict[str, list[tuple[str, str]]]]:
        """One participant, and the files (id, name) of the study's participants; raises `NotFound`."""
        with self._store.read() as repo:
            found = repo.people.participant(participant_id)
            return found, repo.people.files_of(found.study_id)

    def personas(self, study_id: str) -> list[Persona]:
        """A study's personas."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            return repo.people.personas(study_id)

    def update_participant(
        self,
        participant_id: str,
        *,
        name: str | None,
        attributes: dict[str, str] | None,
        persona_ids: Sequence[str] | None,
        actor: str = OWNER,
    ) -> Participant:
        """Restate a participant; what is None stays. Personas follow the attributes where they have a rule, and people before it."""
        with self._store.write() as repo:
            old = repo.people.participant(participant_id)
            facts = old.attributes if attributes is None else attributes
            wanted = old.persona_ids if persona_ids is None else persona_ids
            if persona_ids is not None:
                decide_members(repo, old, persona_ids, actor=actor, at=self._store.now())
            repo.people.update_participant(
                participant_id,
                name=old.name if name is None else name.strip(),
                attributes=facts,
                persona_ids=follow_rules(repo, old, facts, wanted),
            )
        with self._store.read() as repo:
            return repo.people.participant(participant_id)

    def add_persona(
        self, study_id: str, name: str, description: str = "", rule: PersonaRule | None = None, members: Sequence[str] = ()
    ) -> Persona:
        """A new persona with these participants and those its rule is about, or the one that has this name; raises `InvalidInput`."""
        if not name.strip():
            raise InvalidInput("a persona needs a name")
        with self._store.write() as repo:
            repo.studies.get(study_id)
            persona_id = repo.people.ensure_persona(study_id, name.strip())
            if description:
                repo.people.update_persona(persona_id, name=name.strip(), description=description)
            if rule:
                put_rule_in_force(repo, repo.people.persona(persona_id), checked_rule(rule))
            repo.people.change_members(persona_id, add=members)
            return repo.people.persona(persona_id)

    def update_persona(
        self,
        persona_id: str,
        *,
        name: str | None,
        description: str | None,
        rule: PersonaRule | Literal[False] | None = False,
        expected: Collection[str] | None = None,
    ) -> Persona:
        """Rename or describe a persona, or give it another rule (False: the one it has); raises `Conflict` where the name is taken.

        With `expected`, tags of the persona as it was read, raises `Outdated` where somebody was quicker.
        """
        with self._store.write() as repo:
            old = _unchanged(repo.people.persona(persona_id), expected)
            new_name = (name or old.name).strip()
            if any(p.name == new_name and p.id != persona_id for p in repo.people.personas(old.study_id)):
                raise Conflict(f"this study has a persona “{new_name}” already")
            repo.people.update_persona(persona_id, name=new_name, description=old.description if description is None else description)
            if rule is not False and rule != old.rule:
                put_rule_in_force(repo, old, checked_rule(rule) if rule else None)
        with self._store.read() as repo:
            return repo.people.persona(persona_id)

    def personas_of(self, study_id: str, attribute: str) -> list[Persona]:
        """A persona for each value of an attribute, with the rule that says so; those that there are already stay as they are.

        Raises `InvalidInput` where nobody has the attribute, or so many values occur that they are no kinds.
        """
        with self._store.write() as repo:
            repo.studies.get(study_id)
            people = repo.people.participants(study_id)
            values = attribute_values(people).get(attribute, {})
            if not 1 <= len(values) <= MOST_VALUES:
                told = f"has {len(values)} values, and {MOST_VALUES} is the most" if values else "is no participant’s; add it to some first"
                raise InvalidInput(f"“{attribute.strip()}” {told}")
            for value in values:
                known = repo.people.personas(study_id)
                rule = PersonaRule(attribute, value)
                if any(p.rule and p.rule.attribute == attribute and p.rule.value == value for p in known):
                    continue
                taken = {p.name for p in known}
                name = value if value not in taken else f"{attribute}: {value}"
                if name not in taken:
                    made = repo.people.ensure_persona(study_id, name[:PERSONA_LENGTH])
                    put_rule_in_force(repo, repo.people.persona(made), rule)
            return [p for p in repo.people.personas(study_id) if p.rule and p.rule.attribute == attribute]

    def delete_persona(self, persona_id: str, expected: Collection[str] | None = None) -> str:
        """Remove a persona with what was decided about it; the id of its study. Raises `Outdated` as `update_persona` does."""
        with self._store.write() as repo:
            study_id = _unchanged(repo.people.persona(persona_id), expected).study_id
            repo.people.delete_persona(persona_id)
            repo.reviews.forget([persona_id])
        return study_id

    def who_is_who(self, study_id: str) -> WhoIsWho:
        """The voices behind each participant, and who may be the same person to go by their names; nobody is joined by this."""
        with self._store.read() as repo:
            people = repo.people.participants(study_id)
            files = repo.people.files_of(study_id)
            voices = repo.people.voices_of(study_id)
        return WhoIsWho(voices, suggest_same(people, {p.id: {file_id for file_id, _ in files.get(p.id, ())} for p in people}))

    def join(self, participant_id: str, into: str) -> Participant:
        """Make two participants one person, `into`; the other's number is retired. Raises `Conflict` where that cannot be."""
        with self._store.write() as repo:
            one, other = repo.people.participant(participant_id), repo.people.participant(into)
            if one.id == other.id or one.study_id != other.study_id:
                raise Conflict("only two participants of one study can be joined")
            for person in (one, other):
                if repo.people.joined_to(person.id):
                    raise Conflict(f"{person.pseudonym} is joined to somebody already; separate them first")
            repo.people.join(one.id, other.id)
        with self._store.read() as repo:
            return repo.people.participant(into)

    def separate(self, participant_id: str) -> Participant:
        """Undo a join: the participant has their number and their words again. Raises `Conflict` for who was not joined."""
        with self._store.write() as repo:
            person = repo.people.participant(participant_id)
            if not repo.people.joined_to(participant_id):
                raise Conflict(f"{person.pseudonym} was not joined to anybody")
            repo.people.part(participant_id)
        with self._store.read() as repo:
            return repo.people.participant(participant_id)

    def separate_speaker(self, speaker_id: str) -> Participant:
        """Make a speaker a person of their own, with the next number: another one of the same name, say. Raises `Conflict`."""
        with self._store.write() as repo:
            speaker = repo.transcripts.speaker(speaker_id)
            study_id = repo.transcripts.get(speaker.transcript_id).study_id
            if speaker.role is not Role.PARTICIPANT or not speaker.participant_id:
                raise Conflict(f"{speaker.name} is not a participant")
            if len(repo.people.voices_of(study_id).get(speaker.participant_id, ())) < 2:  # noqa: PLR2004  # one voice is one person
                raise Conflict(f"{speaker.name} is a person of their own already")
            alone = repo.people.add_participant(study_id, speaker.name)
            repo.transcripts.set_participant(speaker.id, alone)
        with self._store.read() as repo:
            return repo.people.participant(alone)

    def set_role(self, speaker_id: str, role: Role, *, actor: str) -> Speaker:
        """Decide what a speaker is; somebody new among the participants gets the next number."""
        with self._store.write() as repo:
            speaker = repo.transcripts.speaker(speaker_id)
            study_id = repo.transcripts.get(speaker.transcript_id).study_id
            decide_role(repo, study_id, speaker, role, actor=actor, at=self._store.now())
            return repo.transcripts.speaker(speaker_id)


def _unchanged(persona: Persona, expected: Collection[str] | None) -> Persona:
    """The persona, if it is still one of those that were read; raises `Outdated`."""
    if expected is not None and not {ANY_TAG, persona.etag} & set(expected):
        raise Outdated("somebody changed this persona since you read it; read it again, then decide")
    return persona


def decide_role(repo: Repositories, study_id: str, speaker: Speaker, role: Role, *, actor: str, at: datetime) -> None:
    """Record the decision and put it into force."""
    if speaker.role is role:
        return
    repo.reviews.decide(study_id, Decision(random_id(), "speaker", speaker.id, "role", role.value, actor, at))
    repo.transcripts.set_role(speaker.id, role)
    link_participants(repo, study_id, [repo.transcripts.speaker(speaker.id)])


def link_participants(repo: Repositories, study_id: str, speakers: Sequence[Speaker], about: Mapping[str, str] | None = None) -> None:
    """Give every participating speaker a person: the one of the same name in this study, else a new one.

    Labels such as “Speaker 2” name nobody, so they are never joined across files; where `about` names the only participant, that is
    the person's name.
    """
    known = repo.people.by_name(study_id)
    taking_part = [s for s in speakers if s.role is Role.PARTICIPANT]
    told = normalise((about or {}).get("participant", ""))
    for speaker in taking_part:
        if speaker.participant_id:
            continue
        name = told if told and len(taking_part) == 1 and is_label(speaker.name) else speaker.name
        participant_id = None if is_label(name) else known.get(name)
        if participant_id is None:
            participant_id = repo.people.add_participant(study_id, name[:NAME_LENGTH])
            known[name] = participant_id
        repo.transcripts.set_participant(speaker.id, participant_id)


def apply_about(repo: Repositories, study_id: str, transcript: Transcript) -> None:
    """Take over what a file says of its only participant: personas, segment, role and other short facts.

    Where several take part it says nothing of any of them, unless it names the one it speaks of.
    """
    speakers = [s for s in repo.transcripts.speakers([transcript.id]) if s.role is Role.PARTICIPANT and s.participant_id]
    about = transcript.about
    named = bare_name(about.get("participant", ""))
    meant = speakers if len(speakers) == 1 else [s for s in speakers if named and bare_name(s.name) == named]
    facts = {
        key: value
        for key, value in about.items()
        if value and key not in _NO_FACTS and len(value) <= FACT_LENGTH and len(key) <= KEY_LENGTH
    }
    personas = about.get("personas") or about.get("persona", "")
    if len(meant) == 1 and meant[0].participant_id:
        tell_of(repo, study_id, meant[0].participant_id, dict(islice(facts.items(), MAX_FACTS)), personas)


def tell_of(repo: Repositories, study_id: str, participant_id: str, attributes: Mapping[str, str], personas: str) -> None:
    """Add attributes and personas (names, separated by semicolons) to a participant; both may be empty."""
    names = [name.strip() for name in personas.split(";") if name.strip()]
    persona_ids = [repo.people.ensure_persona(study_id, name[:PERSONA_LENGTH]) for name in names]
    if persona_ids or attributes:
        person = repo.people.participant(participant_id)
        facts = {**person.attributes, **attributes}
        belongs = follow_rules(repo, person, facts, [*person.persona_ids, *persona_ids])
        repo.people.update_participant(participant_id, name=person.name, attributes=facts, persona_ids=belongs)


def attribute_values(people: Sequence[Participant]) -> dict[str, dict[str, int]]:
    """By attribute how many of these participants have each value; values that differ in case only count as the first of them."""
    found: dict[str, dict[str, int]] = {}
    for person in people:
        for attribute, value in person.attributes.items():
            counts = found.setdefault(attribute, {})
            same = next((known for known in counts if PersonaRule(attribute, known).holds_for({attribute: value})), value.strip())
            if same:
                counts[same] = counts.get(same, 0) + 1
    return found


def checked_rule(rule: PersonaRule) -> PersonaRule:
    """A rule without outer blanks; raises `InvalidInput` where it says half of what it needs."""
    told = PersonaRule(rule.attribute.strip(), rule.value.strip())
    if not told.attribute or not told.value:
        raise InvalidInput("a rule needs an attribute and its value, such as “plan” and “Pro”")
    return told


def suggest_same(people: Sequence[Participant], files: Mapping[str, Collection[str]]) -> dict[str, list[Participant]]:
    """By participant, others with a lower number whose names may be theirs (“Anna K.”, “Anna Kowalski”) and who share no file with them.

    Labels name nobody; of a first name that could be several people's, nothing is suggested.
    """
    found: dict[str, list[Participant]] = {}
    for i, person in enumerate(people):
        if is_label(person.name):
            continue
        alike = [
            other
            for other in people[:i]
            if not is_label(other.name)
            and may_be_same(bare_name(person.name), bare_name(other.name))
            and not set(files.get(person.id, ())) & set(files.get(other.id, ()))
        ]
        if alike and (len(alike) == 1 or len(bare_name(person.name).split()) > 1):
            found[person.id] = alike
    return found
