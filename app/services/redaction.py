"""People look at what was found: what is personal, what is not, what else is, and how a text reads for others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.personal_data import SearchTotals
from app.domain.render import Audience, Finding
from app.domain.review import Decision, fold
from app.domain.study import Transcript
from app.domain.terms import MAX_TERM, PERSONAL_KINDS, Mention, folded, mentions, term_id
from app.domain.transcript import Span, Turn
from app.errors import InvalidInput, NotFound
from app.services.privacy import TERM, TREATMENT, Hidden, Privacy, decided_terms
from app.services.store import Store, random_id

STUDY = "study"
SWITCH = "redact"
MAX_TERMS = 2000
"""Terms that people may decide about in one study."""
CONTEXT = 60
"""Code points of context on each side of an example."""
PREVIEW_TURNS = 6
TERMS_PAGE = 200
MAX_TERMS_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Example:
    """A place where a term stands, with the words around it within the same turn; as spoken, so only for the owner."""

    transcript_id: str
    file_name: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class TermFound:
    """A term of a study: how it is treated (`hidden`, as what `kind`), whether people decided that, and where it stands."""

    id: str
    words: str
    kind: str
    hidden: bool
    decided: bool
    count: int
    transcripts: int
    shown_as: str
    example: Example | None


@dataclass(frozen=True, slots=True)
class Switched:
    """Who moved the switch last, and when."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonalDataOverview:
    """What is personal in a study, what finding it took, and whether models and files for others are spared it."""

    redact: bool
    switched: Switched | None
    detector: str
    totals: SearchTotals
    transcripts: int
    waiting: int
    """Transcripts that were not searched yet, or not by this detector, or not for the names known by now."""
    terms: tuple[TermFound, ...]


@dataclass(frozen=True, slots=True)
class PreviewPiece:
    """A stretch of a turn; `shown` is what others read in its place, None where they read the same."""

    text: str
    shown: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class PreviewTurn:
    """A turn as the owner and as others see it."""

    speaker: str
    shown_speaker: str
    pieces: tuple[PreviewPiece, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Turns of one transcript in which something is hidden; `next_at` is where the next page begins, None on the last."""

    transcript_id: str
    files: tuple[tuple[str, str, int], ...]
    """Id, name and number of findings of each searched transcript."""
    turns: tuple[PreviewTurn, ...]
    at: int
    next_at: int | None


@dataclass(slots=True)
class _Tally:
    kind: str
    hidden: bool
    decided: bool
    spellings: Counter[str] = field(default_factory=Counter)
    transcripts: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    example: Example | None = None


class Redaction:
    """Use cases around a study's personal data."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    def find(self, study_id: str) -> SearchTotals:
        """Search whatever was not searched yet."""
        return self._privacy.find(study_id)

    def totals(self, study_id: str) -> SearchTotals:
        """What was found so far, and what that cost."""
        return self._privacy.totals(study_id)

    def overview(self, study_id: str) -> PersonalDataOverview:
        """What was found so far with what people decided laid over it; nothing is searched for this."""
        with self._store.read() as repo:
            study = repo.studies.get(study_id)
            switches = repo.reviews.decisions(study_id, STUDY).get(study_id, [])
            last = next((d for d in reversed(switches) if d.field == SWITCH), None)
            return PersonalDataOverview(
                redact=study.redact,
                switched=Switched(last.actor, last.at) if last else None,
                detector=self._privacy.detector,
                totals=repo.personal_data.totals(study_id),
                transcripts=len(repo.transcripts.of_study(study_id)),
                waiting=len(self._privacy.unsearched(repo, study_id)),
                terms=self._terms(repo, study_id),
            )

    def term(self, study_id: str, words: str) -> TermFound:
        """One term, whether it was found or not; raises `NotFound`."""
        wanted = term_id(study_id, words)
        found = next((t for t in self.overview(study_id).terms if t.id == wanted), None)
        if found is None:
            raise NotFound("there is no such term in this study")
        return found

    def decide(self, study_id: str, words: str, kind: str | None, *, actor: str) -> TermFound:
        """Say that a term is personal, of a kind of `PERSONAL_KINDS`, or with None that it is not; the latest word counts."""
        words = " ".join(words.split())
        if not any(c.isalnum() for c in words):
            raise InvalidInput("a term needs at least one letter or digit")
        if len(words) > MAX_TERM:
            raise InvalidInput(f"a term has at most {MAX_TERM} characters; hide the telling part of it")
        if len(folded(words)) == 1 and words.isascii():
            raise InvalidInput(f"“{words}” alone would be hidden in far too many places; write more of it")
        if kind is not None and kind not in PERSONAL_KINDS:
            raise InvalidInput(f"there is no kind “{kind}”; use {', '.join(PERSONAL_KINDS)}, or none for what is not personal")
        with self._store.write() as repo:
            repo.studies.get(study_id)
            target = term_id(study_id, words)
            given = repo.reviews.decisions(study_id, TERM)
            if target not in given and len(given) >= MAX_TERMS:
                raise InvalidInput(f"a study holds decisions about {MAX_TERMS} terms at most; take some back first")
            value = {"words": words, "kind": kind}
            repo.reviews.decide(study_id, Decision(random_id(), TERM, target, TREATMENT, value, actor, self._store.now()))
        return self.term(study_id, words)

    def undo(self, study_id: str, term: str) -> None:
        """Take back what people decided about a term, by its id; the detector's word counts again. Raises `NotFound`."""
        with self._store.write() as repo:
            repo.studies.get(study_id)
            if not repo.reviews.undo(study_id, TERM, term, self._store.now()):
                raise NotFound("nobody decided anything about this term, so there is nothing to take back")

    def switch(self, study_id: str, *, on: bool, actor: str) -> None:
        """Have personal data replaced before a model reads, or let it read as spoken; who said so is kept."""
        with self._store.write() as repo:
            if repo.studies.get(study_id).redact != on:
                repo.studies.set_redact(study_id, on)
                repo.reviews.decide(study_id, Decision(random_id(), STUDY, study_id, SWITCH, on, actor, self._store.now()))

    def preview(self, study_id: str, transcript_id: str | None = None, at: int = 0) -> Preview | None:
        """A transcript as others would read it, by default the one with most findings; None before anything was searched."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            searches = repo.personal_data.of_study(study_id)
            searched = {t.id: t for t in repo.transcripts.of_study(study_id) if t.id in searches}
            if not searched:
                return None
            if transcript_id is not None and transcript_id not in searched:
                raise NotFound("this transcript is not in the study, or was not searched yet")
            chosen = transcript_id or max(searched, key=lambda t: len(searches[t].findings))
            hidden = self._privacy.of(repo, study_id, Audience.SHARE)
            canonical = repo.transcripts.canonical(chosen)
            pseudonyms = {p.id: p.pseudonym for p in repo.people.participants(study_id)}
        view = hidden.view(chosen, canonical.text)
        telling = [turn for turn in canonical.turns if any(f.start < turn.end and turn.start < f.end for f in view.findings)]
        names = {s.name: pseudonyms.get(s.participant_id or "", s.role.value) for s in searched[chosen].speakers}
        turns = tuple(
            PreviewTurn(turn.speaker, names[turn.speaker], _pieces(canonical.text, turn, view.findings))
            for turn in telling[at : at + PREVIEW_TURNS]
        )
        files = tuple((t.id, t.file_name, len(searches[t.id].findings)) for t in searched.values())
        after = at + PREVIEW_TURNS
        return Preview(chosen, files, turns, at, after if after < len(telling) else None)

    def _terms(self, repo: Repositories, study_id: str) -> tuple[TermFound, ...]:
        decided = decided_terms(repo, study_id)
        hidden = self._privacy.of(repo, study_id, Audience.SHARE)
        searches = repo.personal_data.of_study(study_id)
        tallies: dict[str, _Tally] = {}
        transcripts = repo.transcripts.of_study(study_id)
        texts = repo.transcripts.texts([t.id for t in transcripts]) if searches or decided else {}
        for transcript in transcripts:
            found = searches[transcript.id].findings if transcript.id in searches else ()
            text = texts.get(transcript.id, "")
            for mention in mentions(text, found, decided):
                _count(tallies, mention, transcript, text, hidden)
        given = repo.reviews.decisions(study_id, TERM)
        typed = {folded(v["words"]): v for v in (fold({}, ds)[TREATMENT] for ds in given.values())}
        for term, value in typed.items():
            if term not in tallies:  # hidden wherever it may come to stand, or shown though nobody found it
                kind = value["kind"]
                tallies[term] = _Tally(kind or "other", kind is not None, decided=True)
        told = [_told(study_id, term, tally, typed.get(term)) for term, tally in tallies.items()]
        return tuple(sorted(told, key=lambda t: (_rank(t.kind), -t.count, folded(t.words))))


def _count(tallies: dict[str, _Tally], mention: Mention, transcript: Transcript, text: str, hidden: Hidden) -> None:
    f = mention.finding
    words = text[f.start : f.end]
    tally = tallies.setdefault(mention.term, _Tally(f.kind, mention.hidden, mention.decided))
    tally.spellings[words] += 1
    tally.transcripts.add(transcript.id)
    tally.labels.add(hidden.placeholder(words, f.kind, transcript.id))
    if tally.example is None:
        before, after = _around(text, f)
        tally.example = Example(transcript.id, transcript.file_name, before, words, after)


def _told(study_id: str, term: str, tally: _Tally, typed: Mapping[str, Any] | None) -> TermFound:
    spelling = min(tally.spellings, key=lambda s: (-tally.spellings[s], s)) if tally.spellings else str(typed["words"] if typed else term)
    return TermFound(
        id=term_id(study_id, term),
        words=spelling,
        kind=tally.kind,
        hidden=tally.hidden,
        decided=tally.decided,
        count=tally.spellings.total(),
        transcripts=len(tally.transcripts),
        shown_as=", ".join(sorted(tally.labels)) or f"[{tally.kind}]",
        example=tally.example,
    )


def _rank(kind: str) -> tuple[int, str]:
    return (PERSONAL_KINDS.index(kind) if kind in PERSONAL_KINDS else len(PERSONAL_KINDS), kind)


def _around(text: str, finding: Finding) -> tuple[str, str]:
    """Whole words before and after, no further than the turn."""
    before = text[max(0, finding.start - CONTEXT) : finding.start].rpartition("\n")[2]
    after = text[finding.end : finding.end + CONTEXT].partition("\n")[0]
    if len(before) == CONTEXT:
        before = "…" + before.partition(" ")[2]
    if len(after) == CONTEXT:
        after = after.rpartition(" ")[0] + "…"
    return before, after


def _pieces(text: str, turn: Turn, findings: Sequence[Finding]) -> tuple[PreviewPiece, ...]:
    pieces = []
    at = turn.start
    for f in findings:
        if f.end <= turn.start or f.start >= turn.end:
            continue
        if f.start > at:
            pieces.append(PreviewPiece(Span(at, f.start).cut(text)))
        pieces.append(PreviewPiece(Span(f.start, f.end).cut(text), f.placeholder, f.kind))
        at = f.end
    if at < turn.end:
        pieces.append(PreviewPiece(Span(at, turn.end).cut(text)))
    return tuple(pieces)
