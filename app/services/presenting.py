"""Quotes as they are shown: every word through `render`, for one audience."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from app.db.repositories import Repositories
from app.db.repositories.transcripts import StoredQuote
from app.domain.people import Participant, Speaker
from app.domain.quote import CONTEXT_CHARS, Skip, State
from app.domain.recording import listen_at
from app.domain.render import Audience
from app.domain.review import Decision
from app.domain.runs import Run
from app.domain.stages import Stage
from app.domain.study import Transcript
from app.domain.tags import Tags
from app.domain.themes import CodeBook
from app.services.book import load_book, load_placements
from app.services.material import Judged, load_judged
from app.services.privacy import Privacy, View

_LISTED_SUFFIXES = ".vtt .srt .sbv .ttml .dfxp .xml .txt .md .markdown .text .docx .odt .rtf .pdf .html .htm .json .jsonl .csv .tsv .xlsx"
PLAIN_SUFFIXES = frozenset(_LISTED_SUFFIXES.split())
"""Ends of file names that say what a file is and nothing of who is in it."""


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote ready to be shown. `start` and `end` are offsets into the text this audience has."""

    id: str
    transcript_id: str
    transcript: str
    speaker: str
    participant: str
    participant_id: str
    text: str
    prefix: str
    suffix: str
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    tags: Tags | None
    source: str | None
    theme_id: str | None
    state: str
    skip_reason: str | None = None
    proposed: Tags | None = None
    """What the run's model proposed, as this audience may read it."""
    decided: Mapping[str, Decision] = field(default_factory=dict)
    """People's standing decisions by field."""
    corrected: bool = False
    listen: str | None = None
    """Where the recording can be heard from this quote on, for those who may know it."""

    @property
    def review(self) -> str | None:
        """How far people are with it: open, confirmed or corrected; None for what is no quote."""
        if self.skip_reason:
            return None
        return ("corrected" if self.corrected else "confirmed") if self.decided else "open"

    def fields(self) -> dict[str, Any]:
        """The quote as DESIGN §8 writes it; tags are null where the quote is a gap."""
        t = self.tags
        return {
            "transcript_id": self.transcript_id,
            "participant": self.participant,
            "text": self.text,
            "prefix": self.prefix,
            "suffix": self.suffix,
            "start": self.start,
            "end": self.end,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "stage": t.stage if t else None,
            "channel": t.channel.value if t else None,
            "touchpoint": t.touchpoint if t else None,
            "kind": t.kind.value if t else None,
            "emotion": t.emotion.value if t else None,
            "intensity": t.intensity if t else None,
            "valence": t.valence if t else None,
            "experience": t.experience.value if t else None,
            "gist": t.gist if t else None,
            "confidence": round(t.confidence, 4) if t else None,
            "source": self.source,
            "theme_id": self.theme_id,
        }


class Presenter:
    """Shows quotes of one study to one audience within one transaction."""

    def __init__(self, repo: Repositories, study_id: str, run: Run | None, privacy: Privacy, audience: Audience) -> None:
        self._repo = repo
        self._study_id = study_id
        self._run = run
        self._hidden = privacy.of(repo, study_id, audience)
        self._audience = audience
        self.transcripts: dict[str, Transcript] = {t.id: t for t in repo.transcripts.of_study(study_id)}
        self.participants: dict[str, Participant] = {p.id: p for p in repo.people.participants(study_id, speaking=False)}
        self.speakers: dict[str, Speaker] = {s.id: s for t in self.transcripts.values() for s in t.speakers}
        self.stages = tuple(map(self._hidden.stage, repo.studies.stages(study_id)))
        self.files: dict[str, str] = {t.id: self._file_name(n, t) for n, t in enumerate(self.transcripts.values(), start=1)}
        """Names of files by transcript id; for others than the owner without the names of people that files so often carry."""
        self._views: dict[str, View] = {}
        self._keys = {stage.id: stage.key for stage in self.stages}
        self._book: CodeBook | None = None

    def show(self, quote_ids: Sequence[str], states: Mapping[str, str] | None = None) -> dict[str, ShownQuote]:
        """Quotes by id in the order given; ids that are gone are left out."""
        stored = self._repo.transcripts.quotes_by_id(quote_ids)
        return self.show_stored([stored[q] for q in quote_ids if q in stored], states)

    def show_stored(self, stored: Sequence[StoredQuote], states: Mapping[str, str] | None = None) -> dict[str, ShownQuote]:
        """The same for quotes that are already loaded."""
        ids = [q.quote.id for q in stored]
        judged = load_judged(self._repo, self._study_id, self._run.tagger_key if self._run else None, ids, self.stages)
        themes = self._themes(self._run, ids) if self._run else {}
        self.load({q.quote.transcript_id for q in stored})
        return {q.quote.id: self.show_judged(q, judged.get(q.quote.id, Judged()), themes.get(q.quote.id), states or {}) for q in stored}

    def _themes(self, run: Run, quote_ids: Sequence[str]) -> dict[str, str]:
        """The theme of each of these quotes that has one."""
        self._book = self._book or load_book(self._repo, self._study_id, run.tagger_key)
        return {q: placed.theme_id for q, placed in load_placements(self._repo, run, self._book, quote_ids, near=False).items()}

    def show_skipped(self, stored: StoredQuote, reason: Skip) -> ShownQuote:
        """A sentence that is no quote, shown as one, with the reason why it was left out; its text must be loaded."""
        shown = self.show_judged(stored, Judged(), None, {stored.quote.id: State.SKIPPED.value})
        return replace(shown, skip_reason=reason.value)

    def load(self, transcript_ids: Iterable[str]) -> None:
        """Fetch the texts that are needed, all in one query."""
        missing = sorted(set(transcript_ids) - self._views.keys())
        for transcript_id, text in (self._repo.transcripts.texts(missing) if missing else {}).items():
            self._views[transcript_id] = self._hidden.view(transcript_id, text)

    def view(self, transcript_id: str) -> View:
        """A transcript's text as this audience may read it."""
        self.load([transcript_id])
        return self._views[transcript_id]

    def free(self, text: str) -> str:
        """A text that is no part of a transcript, for this audience."""
        if self._audience is not Audience.OWNER:
            for transcript in sorted(self.transcripts.values(), key=lambda t: -len(t.file_name)):
                text = text.replace(transcript.file_name, self.files[transcript.id])
        return self._hidden.free(text)

    def name_of(self, speaker: Speaker) -> str:
        """The speaker's name, or for others than the owner the pseudonym or role."""
        if self._audience is Audience.OWNER:
            return speaker.name
        person = self.participants.get(speaker.participant_id or "")
        return person.pseudonym if person else speaker.role.value

    def _file_name(self, number: int, transcript: Transcript) -> str:
        if self._audience is Audience.OWNER:
            return transcript.file_name
        suffix = PurePath(transcript.file_name).suffix.lower()
        return f"interview-{number:02}{suffix if suffix in PLAIN_SUFFIXES else ''}"

    def show_judged(self, q: StoredQuote, judged: Judged, theme_id: str | None, states: Mapping[str, str]) -> ShownQuote:
        """A quote of which everything is known already; its text must be loaded."""
        quote, view = q.quote, self._views[q.quote.transcript_id]
        speaker = self.speakers[q.speaker_id]
        person = self.participants.get(speaker.participant_id or "")
        start, end = view.place(quote.span)
        return ShownQuote(
            id=quote.id,
            transcript_id=quote.transcript_id,
            transcript=self.files[quote.transcript_id],
            speaker=self.name_of(speaker),
            participant=person.pseudonym if person else "",
            participant_id=person.id if person else "",
            text=view.cut(quote.span),
            prefix=view.shown[max(0, start - CONTEXT_CHARS) : start],
            suffix=view.shown[end : end + CONTEXT_CHARS],
            start=start,
            end=end,
            start_ms=q.start_ms,
            end_ms=q.end_ms,
            tags=self._shown_tags(judged.tags),
            source=judged.source,
            theme_id=theme_id,
            state=state_now(states.get(quote.id), tagged=judged.tags is not None),
            proposed=self._shown_tags(judged.proposed),
            decided=judged.decided,
            corrected=judged.corrected,
            listen=self.heard_at(quote.transcript_id, q.start_ms),
        )

    def heard_at(self, transcript_id: str, ms: int | None) -> str | None:
        """The recording's address with a time; for the owner only, as it may tell who speaks."""
        address = self.transcripts[transcript_id].recording if self._audience is Audience.OWNER else None
        return listen_at(address, ms) if address and ms is not None else None

    def _shown_tags(self, tags: Tags | None) -> Tags | None:
        """Tags as this audience may read them: touchpoint and gist are words."""
        if tags is None or self._hidden.raw or not (tags.touchpoint or tags.gist):
            return tags
        return replace(tags, touchpoint=self.free(tags.touchpoint or "") or None, gist=self.free(tags.gist or "") or None)

    def stage_told(self, stage: Mapping[str, Any]) -> dict[str, str]:
        """Key, title and definition of a stage as a map holds it, for this audience."""
        shown = self._hidden.stage(Stage(stage["id"], stage["key"], stage["title"], stage["definition"], ()))
        return {"key": shown.key, "title": shown.title, "definition": shown.definition}

    def stage_key(self, stage_id: str) -> str:
        """The key of a stage, or `none`."""
        return self._keys.get(stage_id, "none")


def state_now(drawn: str | None, *, tagged: bool) -> str:
    """What became of a quote when the map was drawn, unless it got its first tags, or lost its last, since."""
    if drawn == State.SKIPPED:
        return drawn
    if not tagged:
        return State.GAP.value
    return State.UNPLACED.value if drawn is None or drawn == State.GAP else drawn
