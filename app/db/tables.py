"""Rows. Everything that belongs to people carries its workspace; rows are built in repositories only."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.db.engine import UtcDateTime

ID = 64


def _id() -> Any:
    return Field(sa_type=sa.String(ID), primary_key=True)


def _workspace() -> Any:
    return Field(sa_type=sa.String(ID), foreign_key="workspace.id", index=True)


def _ref(target: str, *, primary_key: bool = False, nullable: bool = False) -> Any:
    return Field(
        default=None if nullable else ...,
        sa_type=sa.String(ID),
        foreign_key=target,
        ondelete="SET NULL" if nullable else "CASCADE",
        index=True,
        primary_key=primary_key,
        nullable=nullable,
    )


def _json() -> Any:
    return Field(sa_type=sa.JSON)


def _text(default: Any = ...) -> Any:
    return Field(default=default, sa_type=sa.Text)


def _time(*, nullable: bool = False) -> Any:
    return Field(default=None if nullable else ..., sa_type=UtcDateTime, nullable=nullable)


class WorkspaceRow(SQLModel, table=True):
    """The tenant."""

    __tablename__ = "workspace"
    id: str = _id()
    name: str
    created_at: datetime = _time()


class StudyRow(SQLModel, table=True):
    """One research question."""

    __tablename__ = "study"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "key"),)
    id: str = _id()
    workspace_id: str = _workspace()
    key: str
    name: str
    question: str | None = _text(None)
    product: str | None = _text(None)
    template: str
    codebook_version: int = 0
    participants_numbered: int = 0
    redact: bool = True
    created_at: datetime = _time()


class StageRow(SQLModel, table=True):
    """A column of the study's maps."""

    __tablename__ = "stage"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    key: str
    title: str
    definition: str = _text()
    base: list[str] = _json()
    absorbed: list[str] = _json()
    """Ids of stages that were merged into this one: tags and decisions that name them mean it."""
    position: int


class TranscriptRow(SQLModel, table=True):
    """What is known of a file; its bytes and text stand in TranscriptBodyRow."""

    __tablename__ = "transcript"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    file_name: str
    shape: str
    reader: str
    revision: int = 1
    language: str
    named: bool
    words: int
    turns: int
    duration_ms: int | None = None
    warnings: list[str] = _json()
    original_sha256: str
    text_sha256: str
    segmenter: str | None = None
    sketch: dict[str, Any] = _json()
    about: dict[str, str] = _json()
    recording: str | None = _text(None)
    """Where the recording can be heard."""
    created_at: datetime = _time()


class TranscriptBodyRow(SQLModel, table=True):
    """Original bytes, canonical text, and the turns (speaker, start, end) and marks (offset, ms) beside it."""

    __tablename__ = "transcript_body"
    transcript_id: str = _ref("transcript.id", primary_key=True)
    workspace_id: str = _workspace()
    original: bytes = Field(sa_type=sa.LargeBinary)
    text: str = _text()
    turns: list[Any] = _json()
    marks: list[Any] = _json()


class PersonalDataRow(SQLModel, table=True):
    """What one detector found in a transcript: (start, end, kind, words) each. `sought` is a hash of the names it was told to look for."""

    __tablename__ = "personal_data"
    transcript_id: str = _ref("transcript.id", primary_key=True)
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    detector: str
    sought: str
    findings: list[Any] = _json()
    count: int
    took_ms: int
    found_at: datetime = _time()


class ParticipantRow(SQLModel, table=True):
    """A person in a study. Who turned out to be somebody else is `joined_to` them, with the speakers that went along."""

    __tablename__ = "participant"
    __table_args__ = (sa.UniqueConstraint("study_id", "number"),)
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    number: int
    name: str
    attributes: dict[str, str] = _json()
    joined_to: str | None = Field(default=None, sa_type=sa.String(ID))
    joined_speakers: list[str] = _json()

    @property
    def pseudonym(self) -> str:
        """The name others see, such as P1."""
        return f"P{self.number}"


class PersonaRow(SQLModel, table=True):
    """A kind of customer."""

    __tablename__ = "persona"
    __table_args__ = (sa.UniqueConstraint("study_id", "name"),)
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    name: str
    description: str = _text("")
    rule: dict[str, str] | None = Field(default=None, sa_type=sa.JSON)
    """The attribute and its value that make somebody one of them; None where people are named one by one."""


class ParticipantPersonaRow(SQLModel, table=True):
    """Participant belongs to persona."""

    __tablename__ = "participant_persona"
    participant_id: str = _ref("participant.id", primary_key=True)
    persona_id: str = _ref("persona.id", primary_key=True)
    workspace_id: str = _workspace()


class SpeakerRow(SQLModel, table=True):
    """A name in a file; `role` is the guess with people's decision laid over it."""

    __tablename__ = "speaker"
    id: str = _id()
    workspace_id: str = _workspace()
    transcript_id: str = _ref("transcript.id")
    participant_id: str | None = _ref("participant.id", nullable=True)
    name: str
    position: int
    role: str
    role_guess: str
    words: int
    turns: int


class QuoteRow(SQLModel, table=True):
    """A span of one turn; its text is cut from the canonical text whenever it is shown."""

    __tablename__ = "quote"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    transcript_id: str = _ref("transcript.id")
    speaker_id: str = _ref("speaker.id")
    derived_from: str | None = Field(default=None, sa_type=sa.String(ID))
    position: int
    turn: int
    start: int
    end: int
    start_ms: int | None = None
    end_ms: int | None = None
    sentences: int
    sha256: str


class SkippedRow(SQLModel, table=True):
    """A sentence that is not quoted, and why."""

    __tablename__ = "skipped_sentence"
    transcript_id: str = _ref("transcript.id", primary_key=True)
    start: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    end: int
    workspace_id: str = _workspace()
    speaker_id: str = _ref("speaker.id")
    turn: int
    reason: str


class VectorRow(SQLModel, table=True):
    """A cached forward pass, by the hash of the words and the model."""

    __tablename__ = "vector"
    workspace_id: str = Field(sa_type=sa.String(ID), foreign_key="workspace.id", primary_key=True)
    text_sha256: str = Field(sa_type=sa.String(ID), primary_key=True)
    model: str = Field(sa_type=sa.String(ID), primary_key=True)
    vector: bytes = Field(sa_type=sa.LargeBinary)
    hidden: bytes = Field(sa_type=sa.LargeBinary)


class RunRow(SQLModel, table=True):
    """One synthesis job; `inputs` is frozen when it is made."""

    __tablename__ = "run"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    status: str
    tagger: str
    model: str
    prompt: str
    tagger_key: str
    inputs: dict[str, Any] = _json()
    attempt: int = 1
    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    ungrounded: int = 0
    error: str | None = _text(None)
    created_at: datetime = _time()
    started_at: datetime | None = _time(nullable=True)
    ended_at: datetime | None = _time(nullable=True)
    notes: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)


class SpendRow(SQLModel, table=True):
    """What one item of a run cost at a model; append-only, summed by task and prompt."""

    __tablename__ = "model_spend"
    id: str = _id()
    workspace_id: str = _workspace()
    run_id: str = _ref("run.id")
    task: str
    prompt: str
    model: str
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    characters: int
    cost: float | None = None


class GapRow(SQLModel, table=True):
    """Something a run could not do, until a resume closes it."""

    __tablename__ = "gap"
    run_id: str = _ref("run.id", primary_key=True)
    item: str = Field(sa_type=sa.String(200), primary_key=True)
    workspace_id: str = _workspace()
    what: str
    reason: str = _text()
    quotes: int = 0


class StepRow(SQLModel, table=True):
    """How many items a stage of a run has, and how many are done: what the progress bar shows."""

    __tablename__ = "run_step"
    run_id: str = _ref("run.id", primary_key=True)
    name: str = Field(sa_type=sa.String(40), primary_key=True)
    workspace_id: str = _workspace()
    total: int


class StepItemRow(SQLModel, table=True):
    """An item of a stage that is done; a row, not a counter, so that doing it twice counts once."""

    __tablename__ = "run_step_item"
    run_id: str = _ref("run.id", primary_key=True)
    name: str = Field(sa_type=sa.String(40), primary_key=True)
    item: str = Field(sa_type=sa.String(200), primary_key=True)
    workspace_id: str = _workspace()


class SuggestionRow(SQLModel, table=True):
    """What a model proposed of a quote, theme or statement; append-only, once a run."""

    __tablename__ = "suggestion"
    __table_args__ = (sa.Index("ix_suggestion_target", "target_type", "target_id"),)
    run_id: str = _ref("run.id", primary_key=True)
    target_type: str = Field(sa_type=sa.String(20), primary_key=True)
    target_id: str = Field(sa_type=sa.String(ID), primary_key=True)
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    transcript_id: str | None = _ref("transcript.id", nullable=True)
    tagger_key: str = Field(sa_type=sa.String(ID), index=True)
    source: str
    model: str
    prompt: str
    confidence: float
    payload: dict[str, Any] = _json()
    created_at: datetime = _time()


class DecisionRow(SQLModel, table=True):
    """What a person decided; never deleted, only undone."""

    __tablename__ = "decision"
    __table_args__ = (sa.Index("ix_decision_target", "target_type", "target_id"),)
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    target_type: str
    target_id: str
    field: str
    value: Any = _json()
    actor: str
    at: datetime = _time()
    undone_at: datetime | None = _time(nullable=True)


class ThemeRow(SQLModel, table=True):
    """An entry of the study's code book."""

    __tablename__ = "theme"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    parent_id: str | None = Field(default=None, sa_type=sa.String(ID))
    label: str
    definition: str = _text("")
    use_when: str = _text("")
    not_when: str = _text("")
    summary: str = _text("")
    keyphrases: list[str] = _json()
    origin: str
    since_version: int
    created_at: datetime = _time()


class ThemeMemberRow(SQLModel, table=True):
    """In this run the quote belonged to the theme, which `source` said; `near` are the next nearest themes, (id, closeness) each."""

    __tablename__ = "theme_member"
    run_id: str = _ref("run.id", primary_key=True)
    quote_id: str = _ref("quote.id", primary_key=True)
    theme_id: str = _ref("theme.id")
    workspace_id: str = _workspace()
    strength: float
    source: str
    near: list[Any] = _json()


class MapRow(SQLModel, table=True):
    """A lasting view of a study."""

    __tablename__ = "journey_map"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    name: str
    scenario: str | None = _text(None)
    filter: dict[str, list[str]] = _json()
    layout: dict[str, Any] = _json()
    is_default: bool
    created_at: datetime = _time()


class MapVersionRow(SQLModel, table=True):
    """One assembly of a map from one run; quotes' words are not in it.

    `document` holds ids, numbers and statements, `page` the same with ten evidence items each, `facts` what filters go by.
    """

    __tablename__ = "map_version"
    __table_args__ = (sa.UniqueConstraint("map_id", "version"),)
    id: str = _id()
    workspace_id: str = _workspace()
    map_id: str = _ref("journey_map.id")
    study_id: str = _ref("study.id")
    run_id: str = _ref("run.id")
    version: int
    status: str
    document: dict[str, Any] = _json()
    page: dict[str, Any] = _json()
    facts: dict[str, Any] = _json()
    created_at: datetime = _time()


class BusinessActionRow(SQLModel, table=True):
    """What the business does in a stage of a map: written by people, without evidence."""

    __tablename__ = "business_action"
    id: str = _id()
    workspace_id: str = _workspace()
    map_id: str = _ref("journey_map.id")
    stage_id: str = Field(sa_type=sa.String(ID))
    line: str = Field(sa_type=sa.String(20))
    text: str = _text()
    position: int
    created_at: datetime = _time()


class JourneyTemplateRow(SQLModel, table=True):
    """A list of stages that somebody saved for further studies."""

    __tablename__ = "journey_template"
    id: str = _id()
    workspace_id: str = _workspace()
    title: str
    stages: list[Any] = _json()
    created_at: datetime = _time()


class StageProposalRow(SQLModel, table=True):
    """One asking a model for stages: how far it is, what came of it and what it took; what people say of it is a decision.

    `transcript_ids` are those whose words it was shown, so that it can be erased with them.
    """

    __tablename__ = "stage_proposal"
    id: str = _id()
    workspace_id: str = _workspace()
    study_id: str = _ref("study.id")
    status: str
    model: str
    prompt: str
    stages: list[Any] = _json()
    transcript_ids: list[str] = _json()
    quotes: int = 0
    of_quotes: int = 0
    of_interviews: int = 0
    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    ungrounded: int = 0
    error: str | None = _text(None)
    created_at: datetime = _time()
    ended_at: datetime | None = _time(nullable=True)


class ReplyRow(SQLModel, table=True):
    """A model's reply, by the hash of what was asked."""

    __tablename__ = "llm_reply"
    key: str = Field(sa_type=sa.String(ID), primary_key=True)
    workspace_id: str = Field(sa_type=sa.String(ID), foreign_key="workspace.id", primary_key=True)
    task: str
    prompt: str
    model: str
    reply: Any = _json()
    tokens_in: int
    tokens_out: int
    created_at: datetime = _time()


class ReplyTranscriptRow(SQLModel, table=True):
    """Whose words a cached reply was about, so that it can be erased with them."""

    __tablename__ = "llm_reply_transcript"
    __table_args__ = (sa.ForeignKeyConstraint(["key", "workspace_id"], ["llm_reply.key", "llm_reply.workspace_id"], ondelete="CASCADE"),)
    key: str = Field(sa_type=sa.String(ID), primary_key=True)
    workspace_id: str = Field(sa_type=sa.String(ID), primary_key=True)
    transcript_id: str = _ref("transcript.id", primary_key=True)
