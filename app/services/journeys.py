"""Journeys of people: what one participant went through, and what each of a study's participants did in short."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.db.repositories import Repositories
from app.db.repositories.people import SpokenQuote
from app.domain.journey import Coverage
from app.domain.people import Participant, Persona, Role
from app.domain.quote import State
from app.domain.render import Audience
from app.domain.runs import Run
from app.domain.stages import Stage
from app.domain.study import Transcript
from app.domain.tags import NO_STAGE, Experience, Kind, Tags
from app.services.material import load_judged
from app.services.people_material import PeopleMaterial, StatementHead, load_people, ready_map
from app.services.presenting import Presenter, ShownQuote
from app.services.privacy import Privacy
from app.services.store import Store
from app.stages.path import SaidOf, Step, Told, delightful, feelings, painful, said_by_stage, strongest, walk
from app.stages.weighing import Feeling

QUOTES_PAGE = 12
MOMENTS = 4
"""How many of somebody's pains, and of their delights, are shown."""
SAID_SHOWN = 8
"""Quotes of one stage that are shown in full on somebody's page."""
NO_MORE = 12
"""How many touchpoints, and how many themes of either kind."""


@dataclass(frozen=True, slots=True)
class InterviewOf:
    """An interview in which somebody took part: its length (ms, None without time codes), their words and those of everybody."""

    transcript_id: str
    file_name: str
    duration_ms: int | None
    words: int
    of_words: int
    turns: int
    quotes: int


@dataclass(frozen=True, slots=True)
class ThemeOf:
    """A theme that somebody speaks of: their quotes, how many others speak of it, what they mostly felt."""

    theme_id: str
    label: str
    quotes: int
    others: int
    felt: str


@dataclass(frozen=True, slots=True)
class TouchpointOf:
    """Where somebody met the product, how often they say so, and how it was."""

    text: str
    channel: str
    quotes: int
    pains: int
    delights: int


@dataclass(frozen=True, slots=True)
class Stand:
    """A statement of the map, and how many of somebody's quotes speak for and against it."""

    statement: StatementHead
    supports: int
    contradicts: int
    participants: int
    of_participants: int


@dataclass(frozen=True)
class ParticipantJourney:
    """What one participant went through. `shown` holds every quote that is named, by id; `study` is how all felt, by stage.

    `page` are ids of the quotes of one page, in the order of telling. Before the first run there are no quotes.
    """

    study_id: str
    run_id: str | None
    participant: Participant
    personas: tuple[Persona, ...]
    before: Participant | None
    after: Participant | None
    interviews: tuple[InterviewOf, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    study: Mapping[str, Feeling]
    pains: tuple[str, ...]
    delights: tuple[str, ...]
    felt: Mapping[str, int]
    """How many of their quotes are pains, delights and neutral."""
    themes: tuple[ThemeOf, ...]
    touchpoints: tuple[TouchpointOf, ...]
    stands: tuple[Stand, ...]
    coverage: Coverage
    quotes: int
    page: tuple[str, ...]
    offset: int
    shown: Mapping[str, ShownQuote]
    said: tuple[SaidOf, ...] = ()
    """By stage, in the order of the journey; only where it was asked for."""


@dataclass(frozen=True, slots=True)
class PersonInShort:
    """A participant as the list of people shows them; `scores` is their mean valence by stage, where they spoke of it."""

    participant: Participant
    words: int
    quotes: int
    interviews: tuple[InterviewOf, ...]
    scores: Mapping[str, float]
    pains: int
    delights: int


@dataclass(frozen=True, slots=True)
class PeopleSeen:
    """A study's people, by number, with its stages and personas; `drawn` says whether there is a map yet."""

    study_id: str
    stages: tuple[Stage, ...]
    people: tuple[PersonInShort, ...]
    personas: tuple[Persona, ...]
    drawn: bool


class Journeys:
    """Reads what people went through."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def stands_for(self, participant_id: str) -> str:
        """The id under which somebody is counted now: another one where they were joined to somebody; raises `NotFound`."""
        with self._store.read() as repo:
            while into := repo.people.joined_to(participant_id):
                participant_id = into
        return participant_id

    def of_participant(self, participant_id: str, *, offset: int = 0, limit: int = QUOTES_PAGE, of_stage: int = 0) -> ParticipantJourney:
        """What one participant went through, with a page of their quotes, and so many of each stage; raises `NotFound`.

        Only what is shown is read as text.
        """
        with self._store.read() as repo:
            study_id = repo.people.participant(participant_id).study_id
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            return self._journey(repo, load_people(repo, study_id), participant_id, (offset, limit), of_stage)

    def people(self, study_id: str) -> PeopleSeen:
        """Every participant of a study in short; no words are read. Raises `NotFound`."""
        ready_map(self._store, study_id)
        with self._store.read() as repo:
            people = load_people(repo, study_id)
            said = repo.transcripts.said_by(study_id)
            interviews = _interviews(repo.transcripts.of_study(study_id), {})
        counted = Counter(said.values())
        listed = []
        for person in people.participants:
            told = people.told[person.id]
            own = interviews.get(person.id, ())
            scores = {step.stage_id: step.score for step in walk(people.stage_ids, told) if step.score is not None}
            pains, delights = sum(map(painful, told)), sum(map(delightful, told))
            listed.append(PersonInShort(person, sum(i.words for i in own), counted[person.id], own, scores, pains, delights))
        return PeopleSeen(study_id, people.stages, tuple(listed), people.personas, people.version is not None)

    def _journey(
        self, repo: Repositories, people: PeopleMaterial, participant_id: str, paged: tuple[int, int], of_stage: int
    ) -> ParticipantJourney:
        offset, limit = paged
        run = repo.runs.bare(people.version.run_id) if people.version else None
        show = Presenter(repo, people.study_id, run, self._privacy, Audience.OWNER)
        person = show.participants[participant_id]
        spoken = repo.people.quotes_of(person.id)
        tags = _tags(repo, people, run, [q.id for q in spoken])
        told = [_told(person.id, q.id, tags.get(q.id), people) for q in spoken]
        states = people.states([q.id for q in spoken])
        steps = walk(people.stage_ids, told)
        pains, delights = strongest(told, painful)[:MOMENTS], strongest(told, delightful)[:MOMENTS]
        page = tuple(q.id for q in spoken[offset : offset + limit])
        in_steps = (q for step in steps for q in (step.did, step.felt) if q)
        said = said_by_stage(people.stage_ids, told, of_stage) if of_stage else ()
        named = dict.fromkeys((*in_steps, *pains, *delights, *page, *(q for part in said for q in part.shown)))
        near = _neighbours(people.participants, person)
        return ParticipantJourney(
            study_id=people.study_id,
            run_id=run.id if run else None,
            participant=person,
            personas=tuple(p for p in people.personas if p.id in person.persona_ids),
            before=near[0],
            after=near[1],
            interviews=_interviews(show.transcripts.values(), Counter(q.transcript_id for q in spoken)).get(person.id, ()),
            stages=show.stages,
            steps=steps,
            study=feelings(people.stage_ids, people.of([p.id for p in people.participants])),
            pains=pains,
            delights=delights,
            felt=Counter(t.experience.value for t in told if t.experience),
            themes=_themes(people, person.id, told),
            touchpoints=_touchpoints(tags),
            stands=_stands(people, {q.id for q in spoken}),
            coverage=_coverage(spoken, states, repo.people.skipped_of(person.id)),
            quotes=len(spoken),
            page=page,
            offset=offset,
            shown=show.show(list(named), states) if run else {},
            said=said,
        )


def _tags(repo: Repositories, people: PeopleMaterial, run: Run | None, quote_ids: Sequence[str]) -> dict[str, Tags]:
    judged = load_judged(repo, people.study_id, run.tagger_key if run else None, quote_ids, people.stages)
    return {q: found.tags for q, found in judged.items() if found.tags}


def _told(participant_id: str, quote_id: str, tags: Tags | None, people: PeopleMaterial) -> Told:
    """One quote with its tags as they are now, and its theme as the map has it."""
    if tags is None:
        return Told(quote_id, participant_id)
    return Told(
        quote_id=quote_id,
        participant_id=participant_id,
        stage=tags.stage if tags.stage != NO_STAGE else None,
        experience=tags.experience,
        valence=tags.valence,
        confidence=tags.confidence,
        theme_id=people.theme_of(quote_id),
        touchpoint=tags.touchpoint,
        action=tags.kind is Kind.ACTION,
    )


def _neighbours(people: Sequence[Participant], person: Participant) -> tuple[Participant | None, Participant | None]:
    """Who comes before and after somebody by number, among those who speak."""
    number = int(person.pseudonym[1:])
    before = [p for p in people if int(p.pseudonym[1:]) < number]
    after = [p for p in people if int(p.pseudonym[1:]) > number]
    return (before[-1] if before else None), (after[0] if after else None)


def _interviews(transcripts: Iterable[Transcript], quotes: Mapping[str, int]) -> dict[str, tuple[InterviewOf, ...]]:
    """Interviews of each participant, by file name; `quotes` are counts of one person's by transcript."""
    found: dict[str, tuple[InterviewOf, ...]] = {}
    for t in transcripts:
        of_words = sum(s.words for s in t.speakers)
        voices = [s for s in t.speakers if s.role is Role.PARTICIPANT and s.participant_id]
        for person in dict.fromkeys(s.participant_id for s in voices):
            own = [s for s in voices if s.participant_id == person]
            words, turns = sum(s.words for s in own), sum(s.turns for s in own)
            interview = InterviewOf(t.id, t.file_name, t.duration_ms, words, of_words, turns, quotes.get(t.id, 0))
            found[person or ""] = (*found.get(person or "", ()), interview)
    return found


def _themes(people: PeopleMaterial, participant_id: str, told: Sequence[Told]) -> tuple[ThemeOf, ...]:
    """Outermost themes somebody speaks of, those they say most about first."""
    about: dict[str, list[Told]] = {}
    for saying in told:
        if saying.theme_id:
            about.setdefault(saying.theme_id, []).append(saying)
    holders = people.holders_of_themes()
    found = []
    for theme, sayings in about.items():
        pains, delights = sum(map(painful, sayings)), sum(map(delightful, sayings))
        felt = Experience.NEUTRAL if pains == delights else Experience.PAIN if pains > delights else Experience.DELIGHT
        others = len(holders.get(theme, set()) - {participant_id})
        found.append(ThemeOf(theme, people.labels.get(theme, ""), len(sayings), others, felt.value))
    return tuple(sorted(found, key=lambda t: (-t.quotes, -t.others, t.theme_id)))


def _touchpoints(tags: Mapping[str, Tags]) -> tuple[TouchpointOf, ...]:
    about: dict[str, list[Tags]] = {}
    for _, judged in sorted(tags.items()):
        if judged.touchpoint:
            about.setdefault(judged.touchpoint.casefold(), []).append(judged)
    found = []
    for same in about.values():
        channel = Counter(t.channel.value for t in same).most_common(1)[0][0]
        felt = Counter(t.experience for t in same)
        found.append(TouchpointOf(same[0].touchpoint or "", channel, len(same), felt[Experience.PAIN], felt[Experience.DELIGHT]))
    return tuple(sorted(found, key=lambda t: (-t.quotes, t.text))[:NO_MORE])


def _stands(people: PeopleMaterial, mine: set[str]) -> tuple[Stand, ...]:
    """Statements that these quotes bear on, in the order of the map; those they speak against are among them."""
    f = people.facts
    places = {n for quote_id in mine if (n := people.place.get(quote_id)) is not None}
    of = people.version.document["of_participants"] if people.version else 0
    found = []
    for head in people.statements.values():
        told = f["statements"].get(head.id, {"supports": (), "contradicts": ()})
        supports, against = (len(places.intersection(told[relation])) for relation in ("supports", "contradicts"))
        if supports or against:
            found.append(Stand(head, supports, against, len({f["participant"][n] for n in told["supports"]}), of))
    return tuple(found)


def _coverage(spoken: Sequence[SpokenQuote], states: Mapping[str, str], skipped: int) -> Coverage:
    count: Counter[str] = Counter()
    for quote in spoken:
        count[states[quote.id]] += quote.sentences
    used, unplaced, gap = (count[state.value] for state in (State.USED, State.UNPLACED, State.GAP))
    return Coverage(used + unplaced + gap + skipped, used, unplaced, gap, skipped, 0)
