"""What portraits of themes are drawn from: a study's quotes that count, with their tags, their vectors and the code book as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Participant, Persona
from app.domain.render import Audience
from app.domain.runs import Run
from app.domain.tags import Tags
from app.services.material import QUOTE, judge, valid_stages
from app.services.presenting import Presenter
from app.services.privacy import Privacy
from app.services.standing import Standing, load_standing
from app.stages.portrait import Member, Vectors

FEW = 2_000
"""Up to so many quotes are asked for by their ids."""


@dataclass(frozen=True, slots=True)
class PersonaCount:
    """A persona with how many of the study's participants are of it; without an id those of none."""

    id: str | None
    name: str
    participants: int


@dataclass(frozen=True, slots=True)
class InterviewHead:
    """An interview by transcript: its file as this audience may know it, and the pseudonyms of who is quoted."""

    transcript_id: str
    file_name: str
    participants: tuple[str, ...]


@dataclass(frozen=True)
class ThemeMaterial:
    """A study's quotes that count, by id, in the order of interviews, with the code book as it stands."""

    held: Standing
    run: Run
    quotes: Mapping[str, StoredQuote]
    participants: Mapping[str, Participant]
    show: Presenter

    def interviews(self) -> tuple[InterviewHead, ...]:
        """Those of the run, in the study's order."""
        speaking: dict[str, set[str]] = {}
        for quote_id, stored in self.quotes.items():
            if participant := self.participants.get(self.held.said_by[quote_id]):
                speaking.setdefault(stored.quote.transcript_id, set()).add(participant.pseudonym)
        names = {t: tuple(sorted(people, key=lambda p: (len(p), p))) for t, people in speaking.items()}
        return tuple(
            InterviewHead(t, self.show.files[t], names.get(t, ())) for t in self.show.transcripts if t in self.run.inputs.transcript_ids
        )

    @cached_property
    def of_participants(self) -> int:
        """How many participants are quoted."""
        return len({self.held.said_by[q] for q in self.quotes})

    def ordered(self) -> list[str]:
        """Open entries, each followed by those inside it; the most shared first."""
        return [t for root in self.held.outermost for t in (root, *self.held.inside(root))]

    def personas_of(self, quote_id: str) -> tuple[str, ...]:
        """Ids of the personas that whoever said a quote is of."""
        participant = self.participants.get(self.held.said_by[quote_id])
        return participant.persona_ids if participant else ()

    def persona_counts(self, personas: Sequence[Persona]) -> tuple[PersonaCount, ...]:
        """Each persona, then those of none if there are any; nothing where a study has no personas."""
        quoted = {self.held.said_by[q] for q in self.quotes}
        classed = [self.participants[p].persona_ids if p in self.participants else () for p in sorted(quoted)]
        counts = [PersonaCount(p.id, self.show.free(p.name), sum(p.id in ids for ids in classed)) for p in personas]
        none = sum(not ids for ids in classed)
        return (*counts, *([PersonaCount(None, "No persona", none)] if none else [])) if personas else ()

    def within(self, theme_ids: Sequence[str]) -> dict[str, list[str]]:
        """Quotes of each of these themes and of those inside it, by theme."""
        return {theme: [q for q in self.held.within(theme) if q in self.quotes] for theme in theme_ids}

    def members(self, repo: Repositories, theme_ids: Sequence[str], tags: Mapping[str, Tags]) -> dict[str, list[Member]]:
        """The same with what a portrait is drawn from; `tags` are those of the quotes."""
        within = self.within(theme_ids)
        texts = repo.transcripts.texts(sorted({self.quotes[q].quote.transcript_id for ids in within.values() for q in ids}))
        found = {}
        for theme, ids in within.items():
            found[theme] = [
                Member(
                    id=quote_id,
                    participant_id=self.held.said_by[quote_id],
                    text=self.quotes[quote_id].quote.span.cut(texts[self.quotes[quote_id].quote.transcript_id]),
                    tags=tags.get(quote_id),
                    strength=self.held.placements[quote_id].strength,
                    persona_ids=self.personas_of(quote_id),
                    own=self.held.placements[quote_id].theme_id == theme,
                )
                for quote_id in ids
            ]
        return found

    def tags(self, repo: Repositories, quote_ids: Sequence[str] | None = None) -> dict[str, Tags]:
        """Tags as shown, by quote: of these, or of all."""
        ids = self.quotes if quote_ids is None or len(quote_ids) > FEW else quote_ids
        if ids is self.quotes:
            proposed = repo.search.suggestions(self.run.study_id, QUOTE, self.run.tagger_key)
        else:
            proposed = repo.reviews.suggestions(self.run.study_id, QUOTE, self.run.tagger_key, list(ids))
        decided = repo.reviews.decisions(self.run.study_id, QUOTE)
        valid = valid_stages(self.show.stages)
        judged = {q: judge(proposed.get(q), decided.get(q, ()), valid) for q in ids if q in proposed or q in decided}
        return {q: found.tags for q, found in judged.items() if found.tags is not None}

    def vectors(self, repo: Repositories, model: str) -> Vectors:
        """Cached vectors by quote; none is measured here."""
        return {q: np.frombuffer(row, np.float32) for q, row in repo.search.vectors(self.run.study_id, model) if q in self.quotes}


def load_theme_material(repo: Repositories, study_id: str, privacy: Privacy, audience: Audience) -> ThemeMaterial | None:
    """What the newest run left of a study; None before the first one. Raises `NotFound`."""
    held = load_standing(repo, study_id)
    if held.run is None:
        return None
    inside = frozenset(held.run.inputs.transcript_ids)
    stored = repo.search.quotes(study_id)
    quotes = {s.quote.id: s for s in stored if s.quote.id in held.said_by and s.quote.transcript_id in inside}
    show = Presenter(repo, study_id, held.run, privacy, audience)
    return ThemeMaterial(held, held.run, quotes, show.participants, show)
