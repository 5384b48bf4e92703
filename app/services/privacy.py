"""Which personal data stands in a study's texts: found once and kept, and the view of each text that leaves the study."""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

from app.db.repositories import Repositories
from app.db.repositories.personal_data import Search, SearchTotals
from app.domain.identity import sha256
from app.domain.people import Participant, Role
from app.domain.render import Audience, Finding, render
from app.domain.review import fold
from app.domain.stages import TEMPLATES, Stage
from app.domain.study import Transcript
from app.domain.terms import People, Person, Vocabulary, folded, lay, occurs
from app.domain.transcript import Span
from app.ports import Redactor
from app.services.material import known_names
from app.services.store import Store

REMEMBERED_TEXTS = 4096
"""Statements, labels and the like, which are not kept in the database."""
TERM = "term"
TREATMENT = "treatment"
_WORD = re.compile(r"\w+")
_DEFAULT_LANGUAGE = "en"
_OF_TEMPLATES = {(key, title, told) for template in TEMPLATES.values() for key, title, told, _ in template.stages}
Find = Callable[[str, tuple[str, ...], str], tuple[Finding, ...]]


@dataclass(frozen=True)
class View:
    """A canonical text as one audience may read it; `findings` are in order and without overlap, none for the owner."""

    text: str
    audience: Audience
    findings: tuple[Finding, ...]

    def cut(self, span: Span) -> str:
        """The words of a span for this audience."""
        return render(self.text, span, self.audience, self.findings)

    @cached_property
    def shown(self) -> str:
        """The whole text for this audience."""
        return self.cut(Span(0, len(self.text))) if self.text else ""

    @cached_property
    def _growth(self) -> tuple[int, ...]:
        """By how many code points the shown text has grown before each finding."""
        return (0, *accumulate(len(f.placeholder) - (f.end - f.start) for f in self.findings))

    def place(self, span: Span) -> tuple[int, int]:
        """Where the words of a span stand in `shown`: the span itself for the owner, moved by what was replaced for others."""
        if not self.findings:
            return span.start, span.end
        before = bisect_right(self.findings, span.start, key=lambda f: f.end)
        start = span.start + self._growth[before]
        if before < len(self.findings) and self.findings[before].start < span.start:  # the span begins inside a placeholder
            start = self.findings[before].start + self._growth[before]
        return start, start + len(self.cut(span))


class Hidden:
    """What one study hides from one audience; from the owner nothing."""

    def __init__(self, study: _Study, redactor: Redactor, find: Find, audience: Audience, *, raw: bool) -> None:
        self._study = study
        self._redactor = redactor
        self._find = find
        self.audience = audience
        self.raw = raw
        """Whether this audience reads everything as it was said."""
        self._said: dict[str, str] = {}

    @property
    def mark(self) -> tuple[object, ...]:
        """To be compared only: equal for two that hide the same words from the same audience."""
        found = {t: (s.detector, s.sought, s.found_at) for t, s in self._study.searches.items()}
        return self.audience, self.raw, self._study.names, dict(self._study.decided), found

    def view(self, transcript_id: str, text: str) -> View:
        """A transcript's text; one that was not searched yet is searched now, so that nothing leaves unseen."""
        if self.raw:
            return View(text, self.audience, ())
        search = self._study.searches.get(transcript_id)
        language = self._study.language(transcript_id)
        names = relevant_names(self._study.names, text)
        if search and search.detector == self._redactor.name and search.sought == sought(names, language):
            found = search.findings
        else:
            found = self._redactor.find(text, names, language)
        return View(text, self.audience, self._labelled(text, lay(text, found, self._study.decided), transcript_id))

    def free(self, text: str) -> str:
        """A text that is no part of a transcript, such as a statement: searched by itself, and for all that its study's texts hide."""
        if self.raw or not text:
            return text
        if text not in self._said:
            self._said[text] = self._freed(text)
        return self._said[text]

    def _freed(self, text: str) -> str:
        found = [*self._find(text, self._study.names, self._study.main_language), *self._vocabulary.occurrences(text)]
        return render(text, Span(0, len(text)), self.audience, self._labelled(text, lay(text, found, self._study.decided), None))

    def stage(self, stage: Stage) -> Stage:
        """A stage whose title, definition and key tell nothing; one of a template as it is, since everybody has it."""
        if self.raw or (stage.key, stage.title, stage.definition) in _OF_TEMPLATES:
            return stage
        title, definition = self.free(stage.title), self.free(stage.definition)
        tells = title != stage.title or self.free(stage.key.replace("-", " ")) != stage.key.replace("-", " ")
        return replace(stage, title=title, definition=definition, key=f"stage-{stage.id[:6]}" if tells else stage.key)

    def placeholder(self, words: str, kind: str, transcript_id: str) -> str:
        """What stands in the place of these words in a transcript."""
        return next(iter(self._labelled(words, [Finding(0, len(words), kind)], transcript_id))).placeholder

    def _labelled(self, text: str, findings: Iterable[Finding], transcript_id: str | None) -> tuple[Finding, ...]:
        """Names of participants become their pseudonyms."""
        labelled = []
        for f in findings:
            words = text[f.start : f.end]
            known = self._labels.get(words) if transcript_id is None else None
            label = (known or self._study.people.pseudonym(words, transcript_id)) if f.kind == "name" else None
            labelled.append(Finding(f.start, f.end, f.kind, label))
        return tuple(labelled)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary({words: f.kind for s in self._study.searches.values() for f, words in zip(s.findings, s.words, strict=True)})

    @cached_property
    def _labels(self) -> dict[str, str | None]:
        """Pseudonyms by the words found, where they mean the same person wherever they stand."""
        meant: dict[str, set[str | None]] = {}
        for search in self._study.searches.values():
            for words in search.words:
                meant.setdefault(words, set()).add(self._study.people.pseudonym(words, search.transcript_id))
        return {words: next(iter(people)) for words, people in meant.items() if len(people) == 1}


@dataclass(frozen=True)
class _Study:
    """What is known of a study's personal data."""

    searches: Mapping[str, Search]
    decided: Mapping[str, str | None]
    names: tuple[str, ...]
    people: People
    languages: Mapping[str, str]

    @property
    def main_language(self) -> str:
        """The language of all transcripts, English where they differ."""
        spoken = {self.language(t) for t in self.languages}
        return spoken.pop() if len(spoken) == 1 else _DEFAULT_LANGUAGE

    def language(self, transcript_id: str) -> str:
        """A transcript's language as a detector takes it."""
        found = self.languages.get(transcript_id, _DEFAULT_LANGUAGE)
        return _DEFAULT_LANGUAGE if found == "und" else found


class Privacy:
    """Finds personal data once a transcript, detector and set of names, and keeps what was found."""

    def __init__(self, store: Store, redactor: Redactor) -> None:
        self._store = store
        self._redactor = redactor
        self._find: Find = lru_cache(maxsize=REMEMBERED_TEXTS)(redactor.find)

    @property
    def detector(self) -> str:
        """Name and version of the detector."""
        return self._redactor.name

    def of(self, repo: Repositories, study_id: str, audience: Audience, *, search: bool = True) -> Hidden:
        """What a study hides from an audience: from the owner nothing, from models unless its switch is off, from all others always.

        Without `search` only what was found before is hidden, which is quick, but good only for what stays here.
        """
        raw = audience is Audience.OWNER or (audience is Audience.MODEL and not repo.studies.get(study_id).redact)
        redactor: Redactor = self._redactor if search else _Idle(self._redactor.name)
        return Hidden(_EMPTY if raw else _load(repo, study_id), redactor, self._find if search else redactor.find, audience, raw=raw)

    def unsearched(self, repo: Repositories, study_id: str) -> list[str]:
        """Ids of the transcripts that this detector has not searched for the names that are known by now."""
        study = _load(repo, study_id)
        stale = []
        for transcript_id, text in repo.transcripts.texts(study.languages).items():
            search = study.searches.get(transcript_id)
            key = sought(relevant_names(study.names, text), study.language(transcript_id))
            if search is None or (search.detector, search.sought) != (self._redactor.name, key):
                stale.append(transcript_id)
        order = list(study.languages)
        return sorted(stale, key=order.index)

    def find(self, study_id: str) -> SearchTotals:
        """Search whatever was not searched yet; what was found in the whole study, and what that cost."""
        with self._store.read() as repo:
            repo.studies.get(study_id)
            waiting = self.unsearched(repo, study_id)
        for transcript_id in waiting:
            self.search(transcript_id)
        return self.totals(study_id)

    def search(self, transcript_id: str) -> None:
        """Search one transcript and keep what was found; one that was erased meanwhile is passed by."""
        with self._store.read() as repo:
            transcript = repo.transcripts.find(transcript_id)
            if transcript is None:
                return
            text = repo.transcripts.texts([transcript_id])[transcript_id]
            study = _load(repo, transcript.study_id)
        names = relevant_names(study.names, text)
        language = study.language(transcript_id)
        began = time.perf_counter()
        found = self._redactor.find(text, names, language)
        took_ms = round((time.perf_counter() - began) * 1000)
        words = tuple(text[f.start : f.end] for f in found)
        key = sought(names, language)
        with self._store.write() as repo:
            if repo.transcripts.find(transcript_id) is not None:
                kept = Search(transcript_id, self._redactor.name, key, tuple(found), words, took_ms, self._store.now())
                repo.personal_data.keep(transcript.study_id, kept)

    def totals(self, study_id: str) -> SearchTotals:
        """What was found in a study so far, and what that cost."""
        with self._store.read() as repo:
            return repo.personal_data.totals(study_id)


_EMPTY = _Study({}, {}, (), People(()), {})


@dataclass(slots=True)
class _Idle:
    """Stands for a detector, and finds nothing."""

    name: str

    def find(self, text: str, names: Sequence[str], language: str = "en") -> tuple[Finding, ...]:
        """Nothing."""
        del text, names, language
        return ()


def _load(repo: Repositories, study_id: str) -> _Study:
    transcripts = repo.transcripts.of_study(study_id)
    participants = repo.people.participants(study_id, speaking=False)
    return _Study(
        searches=repo.personal_data.of_study(study_id),
        decided=decided_terms(repo, study_id),
        names=known_names(transcripts, participants),
        people=People(_people(transcripts, participants)),
        languages={t.id: t.language for t in transcripts},
    )


def decided_terms(repo: Repositories, study_id: str) -> dict[str, str | None]:
    """What people decided about a study's terms: kind by folded term, None for what is not personal."""
    treatments = (fold({}, given)[TREATMENT] for given in repo.reviews.decisions(study_id, TERM).values())
    return {folded(t["words"]): t["kind"] for t in treatments}


def forget_terms(repo: Repositories, study_id: str, transcript_id: str) -> None:
    """Erase decisions about terms that only this transcript holds, as when it is erased: they repeat its words."""
    texts = repo.transcripts.texts([t.id for t in repo.transcripts.of_study(study_id)])
    gone = texts.pop(transcript_id, "")
    given = repo.reviews.decisions(study_id, TERM, standing=False)
    words = {target: folded(decisions[-1].value["words"]) for target, decisions in given.items()}
    alone = [target for target, term in words.items() if occurs(term, gone) and not any(occurs(term, text) for text in texts.values())]
    repo.reviews.forget(alone)


def relevant_names(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of which some part occurs in the text: a new name in one file has only those files searched again that may hold it."""
    flat = text.casefold()
    words = set(_WORD.findall(flat))
    return tuple(n for n in names if any(part in words or (not part.isascii() and part in flat) for part in _WORD.findall(n.casefold())))


def sought(names: Iterable[str], language: str) -> str:
    """A hash of what a detector was told, so that the same search is not made twice."""
    return sha256("\x1f".join([language, *names]))


def _people(transcripts: Iterable[Transcript], participants: Iterable[Participant]) -> list[Person]:
    """Everybody who speaks, each once; a participant under the name of the person and under the labels in the files."""
    by_id = {p.id: p for p in participants}
    where: dict[tuple[str, str | None], set[str]] = {}
    for transcript in transcripts:
        for speaker in transcript.speakers:
            person = by_id.get(speaker.participant_id or "") if speaker.role is Role.PARTICIPANT else None
            for name in {speaker.name, person.name if person else speaker.name}:
                where.setdefault((name, person.pseudonym if person else None), set()).add(transcript.id)
    return [Person(name, pseudonym, frozenset(ids)) for (name, pseudonym), ids in where.items()]
