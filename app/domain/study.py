"""A study and the files in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.people import Speaker


@dataclass(frozen=True, slots=True)
class Study:
    """One research question. `key` is its name for `synthesize` and its id on the server; ids derive from it."""

    id: str
    key: str
    name: str
    question: str | None
    product: str | None
    template: str
    codebook_version: int
    created_at: datetime
    redact: bool = True
    """Whether personal data is replaced before a language model reads, and in files for others."""


@dataclass(frozen=True, slots=True)
class StudyCounts:
    """How much a study holds."""

    transcripts: int = 0
    participants: int = 0
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is known of one uploaded file, beside its text."""

    id: str
    study_id: str
    file_name: str
    shape: str
    reader: str
    language: str
    named: bool
    words: int
    turns: int
    duration_ms: int | None
    warnings: tuple[str, ...]
    original_sha256: str
    text_sha256: str
    segmenter: str | None
    created_at: datetime
    speakers: tuple[Speaker, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    """What the file says of the talk: title, date, participant, persona …; keys in lower case."""
    recording: str | None = None
    """Where the recording can be heard."""
