"""Personas as their interviews show them: what is theirs more than others', and groups of participants that may be one."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from app.db.repositories import Repositories
from app.domain.actions import ACCEPTED, REJECTED, VERDICT
from app.domain.identity import derive_id
from app.domain.people import Participant, Persona
from app.domain.render import Audience
from app.domain.review import Decision, fold
from app.domain.stages import Stage
from app.domain.themes import jaccard
from app.errors import Conflict, InvalidInput, NotFound
from app.exports.catalogue import _, ngettext
from app.services.people_material import PeopleMaterial, StatementHead, load_people, ready_map
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.store import Store, random_id
from app.stages.path import feelings, strongest
from app.stages.personas import FEWEST_PEOPLE, THEME, TOUCHPOINT, Contrast, Group, Shared, contrast, profile_of, propose_groups
from app.stages.weighing import Feeling

PROPOSED_PERSONA = "persona_proposal"
"""What verdicts on groups are about."""
NAME_LENGTH = 100
VOICES = 6
"""How many quotes speak for a persona."""
QUOTES_BEHIND = 3
STUDIES_KEPT = 16
SAME_GROUP = 0.5
"""A group with so many of its people in common with one that was answered is the same group; Jaccard."""


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """A theme or statement that a persona has more of than the others, with the words for it."""

    contrast: Contrast
    text: str
    statement: StatementHead | None = None


@dataclass(frozen=True)
class PersonaSeen:
    """A persona with its people, and what sets them apart from the `others` participants; `shown` are the quotes that speak for them."""

    study_id: str
    persona: Persona
    members: tuple[Participant, ...]
    others: int
    everyone: tuple[Participant, ...]
    shared: Mapping[str, tuple[str, int]]
    """By attribute the value that most members share, and how many of them do."""
    stages: tuple[Stage, ...]
    theirs: Mapping[str, Feeling]
    elsewhere: Mapping[str, Feeling]
    themes: tuple[OwnTheme, ...]
    statements: tuple[OwnTheme, ...]
    shown: tuple[ShownQuote, ...]
    drawn: bool


@dataclass(frozen=True, slots=True)
class SharedSeen:
    """Something a group shares: its kind, its words, what is felt about it, its counts and a few quotes."""

    kind: str
    key: str
    text: str
    felt: str
    contrast: Contrast
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class PersonaProposal:
    """A group of participants that may be a persona, with a name to start from and what they share."""

    id: str
    study_id: str
    name: str
    members: tuple[Participant, ...]
    shared: tuple[SharedSeen, ...]


@dataclass(frozen=True, slots=True)
class ProposalsSeen:
    """Groups that stand out and were not answered; `participants` were compared, and `note` says what to make of it."""

    participants: int
    proposals: tuple[PersonaProposal, ...]
    rejected: int
    note: str


class Personas:
    """Reads personas, and proposes some from what participants said."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy
        self._groups: OrderedDict[tuple[Any, ...], tuple[Group, ...]] = OrderedDict()
        self._lock = Lock()

    def seen(self, persona_id: str) -> PersonaSeen:
        """A persona and what is theirs; raises `NotFound`."""
        with self._store.read() as repo:
            study_id = repo.people.persona(persona_id).study_id
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            people = load_people(repo, study_id)
            persona = repo.people.persona(persona_id)
            run = repo.runs.bare(people.version.run_id) if people.version else None
            show = Presenter(repo, study_id, run, self._privacy, Audience.OWNER)
            return _seen(people, persona, show)

    def proposals(self, study_id: str) -> ProposalsSeen:
        """Groups that stand out from what chance would bring and that nobody has answered; raises `NotFound`."""
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            people = load_people(repo, study_id)
            waiting, rejected = self._open(repo, people)
            run = repo.runs.bare(people.version.run_id) if people.version else None
            proposals = _shown(people, waiting, Presenter(repo, study_id, run, self._privacy, Audience.OWNER)) if waiting else ()
        return ProposalsSeen(len(people.quoted), proposals, rejected, _note(people, bool(waiting), bool(rejected)))

    def accept(self, study_id: str, proposal_id: str, name: str | None = None, *, actor: str) -> Persona:
        """Make a persona of a group; raises `NotFound`, or `Conflict` where it was answered, or the name belongs to another persona."""
        found = next((p for p in self.proposals(study_id).proposals if p.id == proposal_id), None)
        with self._store.write() as repo:
            if found is None:
                raise _not_open(repo, study_id, proposal_id)
            chosen = (name or found.name).strip()[:NAME_LENGTH]
            if not chosen:
                raise InvalidInput("a persona needs a name")
            if any(p.name == chosen for p in repo.people.personas(study_id)):
                raise Conflict(f"this study has a persona “{chosen}” already; choose another name")
            persona_id = repo.people.ensure_persona(study_id, chosen)
            repo.people.update_persona(persona_id, name=chosen, description=_description(found))
            repo.people.change_members(persona_id, add=[p.id for p in found.members])
            self._answer(repo, study_id, found.id, ACCEPTED, [p.id for p in found.members], actor)
            return repo.people.persona(persona_id)

    def reject(self, study_id: str, proposal_id: str, *, actor: str) -> None:
        """Remember that a group is no persona; raises `NotFound`, or `Conflict` where it was answered."""
        found = next((p for p in self.proposals(study_id).proposals if p.id == proposal_id), None)
        with self._store.write() as repo:
            if found is None:
                raise _not_open(repo, study_id, proposal_id)
            self._answer(repo, study_id, found.id, REJECTED, [p.id for p in found.members], actor)

    def reconsider(self, study_id: str) -> int:
        """Take back every rejection in a study, so that those groups are proposed again; how many there were."""
        with self._store.write() as repo:
            repo.studies.get(study_id)
            rejected = [
                d for made in repo.reviews.decisions(study_id, PROPOSED_PERSONA).values() for d in made if _verdict([d]) == REJECTED
            ]
            repo.reviews.take_back([d.id for d in rejected], self._store.now())
        return len(rejected)

    def _answer(self, repo: Repositories, study_id: str, proposal_id: str, verdict: str, members: Sequence[str], actor: str) -> None:
        said = {"verdict": verdict, "participants": sorted(members)}
        repo.reviews.decide(study_id, Decision(random_id(), PROPOSED_PERSONA, proposal_id, VERDICT, said, actor, self._store.now()))

    def _open(self, repo: Repositories, people: PeopleMaterial) -> tuple[list[tuple[str, Group]], int]:
        """Groups that nobody answered, with their ids, and how many were rejected."""
        answered = repo.reviews.decisions(people.study_id, PROPOSED_PERSONA)
        verdicts = [fold({}, made)[VERDICT] for made in answered.values()]
        stands_for = {one.id: p.id for p in people.participants for one in p.joined}  # who was joined to somebody since
        known = [frozenset(stands_for.get(p, p) for p in v["participants"]) for v in verdicts]
        known += [frozenset(p.id for p in people.participants if persona.id in p.persona_ids) for persona in people.personas]
        waiting = []
        for group in self._proposed(people):
            same = frozenset(group.participant_ids)
            if all(jaccard(same, other) < SAME_GROUP for other in known[: len(verdicts)]) and same not in known:
                waiting.append((derive_id("persona-proposal", people.study_id, *sorted(same)), group))
        return waiting, sum(v["verdict"] == REJECTED for v in verdicts)

    def _proposed(self, people: PeopleMaterial) -> tuple[Group, ...]:
        """Groups of a version of the map, worked out once: it takes a second or two where there are a hundred participants."""
        if people.version is None:
            return ()
        key = (people.version.id, people.version.created_at, tuple(p.id for p in people.participants))
        with self._lock:
            known = self._groups.get(key)
        if known is None:
            known = propose_groups(profile_of(p.id, people.told[p.id]) for p in people.participants)
            with self._lock:
                self._groups[key] = known
                while len(self._groups) > STUDIES_KEPT:
                    self._groups.popitem(last=False)
        return known


def _seen(people: PeopleMaterial, persona: Persona, show: Presenter) -> PersonaSeen:
    members = tuple(p for p in people.participants if persona.id in p.persona_ids)
    ids = {p.id for p in members}
    rest = [p.id for p in people.participants if p.id not in ids]
    themes = contrast(people.holders_of_themes(), ids, people.quoted)
    statements = contrast(people.holders_of_statements(), ids, people.quoted)
    quotes = _voices(people, [c.key for c in themes], ids)
    return PersonaSeen(
        study_id=people.study_id,
        persona=persona,
        members=members,
        others=len(people.quoted - ids),
        everyone=people.participants,
        shared=_shared_attributes(members),
        stages=show.stages,
        theirs=feelings(people.stage_ids, people.of(sorted(ids))),
        elsewhere=feelings(people.stage_ids, people.of(rest)),
        themes=tuple(OwnTheme(c, people.labels[c.key]) for c in themes if c.key in people.labels),
        statements=tuple(OwnTheme(c, people.statements[c.key].text, people.statements[c.key]) for c in statements),
        shown=tuple(show.show(quotes, people.states(quotes)).values()),
        drawn=people.version is not None,
    )


def _voices(people: PeopleMaterial, theme_ids: Sequence[str], members: set[str]) -> list[str]:
    """Quotes that speak for a persona: of each of its own themes the strongest of each member, the members taking turns."""
    within = people.told_of_themes(members)
    found: dict[str, str] = {}
    spent: dict[str, int] = dict.fromkeys(sorted(members), 0)
    for theme in theme_ids:
        told = sorted(within.get(theme, ()), key=lambda s: spent[s.participant_id])
        fewest = [s for s in told if s.quote_id not in found and spent[s.participant_id] == spent[told[0].participant_id]]
        for quote_id in strongest(fewest)[:1]:
            found[quote_id] = theme
            spent[next(s.participant_id for s in fewest if s.quote_id == quote_id)] += 1
    for quote_id in strongest(people.of(sorted(members))):  # few themes of their own: what they felt most
        found.setdefault(quote_id, "")
        if len(found) >= VOICES:
            break
    return list(found)[:VOICES]


def _shared_attributes(members: Sequence[Participant]) -> dict[str, tuple[str, int]]:
    """By attribute the value of more than half of the members, and of two at least unless there is one only."""
    counts: dict[str, dict[str, int]] = {}
    for person in members:
        for key, value in person.attributes.items():
            of_value = counts.setdefault(key, {})
            of_value[value] = of_value.get(value, 0) + 1
    shared = {}
    for key, of_value in counts.items():
        value = min(of_value, key=lambda v: (-of_value[v], v))
        if of_value[value] * 2 > len(members) and of_value[value] >= min(2, len(members)):
            shared[key] = (value, of_value[value])
    return shared


def _shown(people: PeopleMaterial, waiting: Sequence[tuple[str, Group]], show: Presenter) -> tuple[PersonaProposal, ...]:
    wanted = dict.fromkeys(q for _, group in waiting for s in group.shared for q in s.quote_ids[:QUOTES_BEHIND])
    quotes = show.show(list(wanted), people.states(list(wanted)))
    by_id = {p.id: p for p in people.participants}
    told = []
    for key, group in waiting:
        shared = tuple(_shared(people, s, quotes) for s in group.shared)
        told.append(PersonaProposal(key, people.study_id, _name(shared), tuple(by_id[p] for p in group.participant_ids), shared))
    return tuple(told)


def _shared(people: PeopleMaterial, s: Shared, quotes: Mapping[str, ShownQuote]) -> SharedSeen:
    kind, key = s.trait.kind, s.trait.key
    titles = {stage.id: stage.title for stage in people.stages}
    text = people.labels.get(key, key) if kind == THEME else key if kind == TOUCHPOINT else titles.get(key, key)
    behind = tuple(quotes[q] for q in s.quote_ids[:QUOTES_BEHIND] if q in quotes)
    return SharedSeen(kind, key, text, s.trait.felt, s.contrast, behind)


def _name(shared: Sequence[SharedSeen]) -> str:
    """A name to start from: the two themes that set the group apart most."""
    labels = [s.text.strip('“”" ') for s in shared if s.kind == THEME][:2]
    name = " and ".join([labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])]) if labels else ""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rpartition(' ')[0]}…"


def _description(found: PersonaProposal) -> str:
    """What set a group apart when it was made a persona."""
    parts = [f"{s.text} ({s.contrast.inside} of {s.contrast.of_inside})" for s in found.shared if s.kind == THEME]
    return f"Proposed from the interviews. They share: {'; '.join(parts)}."[:500]


def _note(people: PeopleMaterial, waiting: bool, rejected: bool) -> str:  # noqa: FBT001  # whether there are any is all that counts
    n = len(people.quoted)
    if people.version is None:
        return _("Groups are looked for once a run has drawn the map.")
    if n < FEWEST_PEOPLE:
        said = ngettext(
            "Groups are looked for among {least} participants or more; {n} is quoted so far.",
            "Groups are looked for among {least} participants or more; {n} are quoted so far.",
            n,
        )
        return said.format(least=FEWEST_PEOPLE, n=n)
    if waiting:
        return _("With so few people, take a group as a question to ask in the next interviews, and not as a finding.")
    if rejected:
        return _("No further group stands out.")
    told = _("No groups stand out: what these {n} participants have in common is no more than chance would bring about.")
    return told.format(n=n)


def _verdict(decisions: Sequence[Decision]) -> str:
    return str(decisions[-1].value["verdict"])


def _not_open(repo: Repositories, study_id: str, proposal_id: str) -> Conflict | NotFound:
    if repo.reviews.decisions(study_id, PROPOSED_PERSONA, target_id=proposal_id):
        return Conflict("this proposal was answered already")
    return NotFound(f"there is no proposal “{proposal_id}” in this study; what participants share may have changed since")
