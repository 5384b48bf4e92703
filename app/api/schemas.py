"""What the wire looks like: `…In` refuses fields it does not know, `…Out` is what `app.services.shapes` and the map document give."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.people import Role
from app.domain.runs import RunStatus, TaggerKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Item = TypeVar("Item")


class In(BaseModel):
    """What comes in: a field that is misspelt is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[Item]):
    """A list, or a page of one: `next_cursor` asks for the next page and is null on the last."""

    items: list[Item]
    next_cursor: str | None = None


class FieldProblemOut(BaseModel):
    """One field that cannot be used."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457: what went wrong, and in `detail` the way out."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblemOut] | None = None


# Runs


class RunIn(In):
    """Which tagger to use, and whether it judges again what it has judged before."""

    tagger: TaggerKind = TaggerKind.AUTO
    retag: bool = Field(default=False, description="Tag every quote again, learning from what people decided; their decisions stay on top.")
    recode: bool = Field(default=False, description="Have the model place every quote again, in the code book as it is now.")
    check_statements: bool | None = Field(
        default=None, description="Have the model look again whether quotes bear the statements out that cite them; null is as configured."
    )


class EstimatedPartOut(BaseModel):
    """A step: `tag` the quotes, `draft` the code book, `assign` quotes to its themes, `write` the statements, `check` them."""

    name: Literal["tag", "draft", "assign", "write", "check"]
    calls: int
    tokens_in: int
    tokens_out_at_most: int


class EstimateOut(BaseModel):
    """What a run would take of its model, without parts where none is asked; `price_at_most` is null where no prices are set.

    Tagging is counted exactly. Code book and statements depend on the tags: `words_known_by` says whether they go by the very `requests`,
    by the study's `last run`, or by what is `usual`.
    """

    tagger: str
    model: str
    quotes: int
    calls: int
    tokens_in: int
    tokens_out_at_most: int
    price_at_most: float | None
    parts: list[EstimatedPartOut]
    words_known_by: Literal["requests", "last run", "usual"]


class ProgressOut(BaseModel):
    """How far one step of the pipeline is; `total` is null until it is known."""

    name: str
    done: int
    total: int | None


class GapOut(BaseModel):
    """What a run could not do, how many quotes it left untagged, why."""

    item: str
    what: str
    reason: str
    quotes: int


class SpentOut(BaseModel):
    """What calls for one task by one prompt version cost; `cost` is null where no price is set."""

    task: str
    prompt: str
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    cost: float | None


class UsageOut(BaseModel):
    """Model calls and tokens; `cached` replies cost nothing, `cost` is null where no price is set."""

    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    by_prompt: list[SpentOut]


class PersonalDataCostOut(BaseModel):
    """How much personal data was found, in how many transcripts, and the seconds that took."""

    findings: int
    transcripts: int
    took_s: float


class FieldAgreementOut(BaseModel):
    """Share of the same answers, and Cohen's kappa, null where it is not defined."""

    accuracy: float
    kappa: float | None


class RunAgreementOut(BaseModel):
    """How far heads fitted on a model's answers agree with it on `quotes` that were held back, by field.

    The model tagged `asked` quotes of the `of` there were; the heads learned from `learned_from` of these and tagged the others.
    """

    quotes: int
    learned_from: int
    asked: int
    of: int
    fields: dict[str, FieldAgreementOut]


class RunOut(BaseModel):
    """A run; `personal_data` says what was found before a model read anything, `agreement` how well a hybrid run's heads learned."""

    id: str
    study_id: str
    status: RunStatus
    tagger: str
    model: str
    retag: bool
    recode: bool
    check_statements: bool
    created_at: str
    started_at: str | None
    ended_at: str | None
    progress: list[ProgressOut]
    gaps: list[GapOut]
    usage: UsageOut
    personal_data: PersonalDataCostOut | None
    agreement: RunAgreementOut | None
    error: str | None
    map_id: str | None


# Studies


class StudyIn(In):
    """A new study."""

    name: Name
    question: ShortText | None = None
    product: ShortText | None = None
    template: str = "customer-experience"


class StudyPatchIn(In):
    """What to restate; what is left out stays."""

    name: Name | None = None
    question: ShortText | None = None
    product: ShortText | None = None
    redact: bool | None = Field(
        default=None, description="False lets a language model and files for others read everything as it was spoken."
    )


class StudyOut(BaseModel):
    """A study with its counts."""

    id: str
    name: str
    question: str | None
    product: str | None
    created_at: str
    template: str
    redact: bool
    transcripts: int
    participants: int
    quotes: int
    latest_run: RunOut | None
    map_id: str | None


class TemplateStageOut(BaseModel):
    """A stage of a template."""

    key: str
    title: str
    definition: str
    base: list[str]


class TemplateOut(BaseModel):
    """A template of stages."""

    key: str
    title: str
    saved: bool = Field(description="Whether it was saved in this workspace; the others ship with Throughline.")
    stages: list[TemplateStageOut]


class StageOut(TemplateStageOut):
    """A stage of a study."""

    id: str
    absorbed: list[str] = Field(description="Ids of the stages that were merged into it: whatever names them means it.")


class StageIn(In):
    """A stage; with the id of an existing one it is kept, without it is new."""

    id: str | None = Field(default=None, description="Also that of a stage that was merged, which is then taken out again.")
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    definition: ShortText = ""
    base: list[str] = []
    merge_into: str | None = Field(
        default=None, description="Id or key of a stage that stays: this one becomes part of it, with all tags and decisions that name it."
    )


class StagesIn(In):
    """All stages in their order, with those that are merged; those left out are removed."""

    stages: list[StageIn]


# Transcripts and people


class SpeakerOut(BaseModel):
    """A name in a file: `role` is in force, `role_guess` is what the code thought."""

    id: str
    name: str
    role: Role
    role_guess: Role
    words: int
    share: float
    turns: int
    participant_id: str | None
    pseudonym: str | None


class SpeakerIn(In):
    """What a speaker is."""

    role: Role


class TranscriptOut(BaseModel):
    """A transcript and what was understood of it."""

    id: str
    study_id: str
    file_name: str
    shape: str
    language: str
    turns: int
    words: int
    duration_ms: int | None
    named: bool
    warnings: list[str]
    recording: str | None
    created_at: str
    decisions: int | None = Field(
        description="Decisions of people on its quotes, which are lost with it; null where they were not counted."
    )
    speakers: list[SpeakerOut]


class FileIn(In):
    """One transcript as text."""

    file_name: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    text: str


class FilesIn(In):
    """Transcripts as text."""

    files: Annotated[list[FileIn], Field(min_length=1)]


class UploadOut(BaseModel):
    """What became of one file."""

    file_name: str
    status: Literal["stored", "known", "paired", "applied", "refused"]
    transcript: TranscriptOut | None
    error: str | None
    note: str | None
    archive: str | None


class UploadsOut(BaseModel):
    """What became of each file, in order of file name."""

    files: list[UploadOut]


class PreviewSpeakerOut(BaseModel):
    """A name in a file: guessed role, and share of the words from 0 to 1."""

    name: str
    role: Role
    share: float
    words: int
    turns: int


class FirstLineOut(BaseModel):
    """The beginning of a turn."""

    speaker: str
    text: str


class PreviewOut(BaseModel):
    """What was understood of a file that is not stored; `status` is what uploading it would come to."""

    file_name: str
    archive: str | None
    status: Literal["new", "known", "paired", "table", "refused"]
    shape: str | None
    language: str | None
    named: bool
    speakers: list[PreviewSpeakerOut]
    turns: int
    words: int
    duration_ms: int | None
    first_lines: list[FirstLineOut]
    warnings: list[str]
    about: dict[str, str]
    same_as: str | None
    note: str | None
    error: str | None


class PreviewsOut(BaseModel):
    """What was understood of each file, in order of file name."""

    files: list[PreviewOut]


class FileRefOut(BaseModel):
    """A transcript by name."""

    id: str
    file_name: str


class PersonRefOut(BaseModel):
    """A participant by name."""

    id: str
    pseudonym: str
    name: str


class VoiceOut(BaseModel):
    """A speaker of a file."""

    speaker_id: str
    name: str
    file_name: str


class JoinIn(In):
    """The participant who stays."""

    into: str


class ParticipantOut(BaseModel):
    """A person in a study: the voices they stand for, who was joined to them, and who may be the same person to go by the name."""

    id: str
    pseudonym: str
    name: str
    attributes: dict[str, str]
    persona_ids: list[str]
    transcripts: list[FileRefOut]
    voices: list[VoiceOut]
    joined: list[PersonRefOut]
    maybe_same: list[PersonRefOut]


class ParticipantPatchIn(In):
    """What to restate; what is left out stays."""

    name: Name | None = None
    attributes: dict[Annotated[str, Field(max_length=100)], ShortText] | None = None
    persona_ids: list[str] | None = None


class PersonaRuleIn(In):
    """Everybody whose attribute has this value belongs, also those who come later; case plays no part."""

    attribute: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class PersonaIn(In):
    """A new persona; with a rule it has its participants at once."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    description: ShortText = ""
    rule: PersonaRuleIn | None = None


class PersonaPatchIn(In):
    """What to restate; what is left out stays."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
    description: ShortText | None = None
    rule: PersonaRuleIn | None = Field(None, description="Null takes the rule away; who belongs then stays.")


class PersonaRuleOut(BaseModel):
    """What makes somebody one of a persona; people added or taken out by hand stay as they were decided."""

    attribute: str
    value: str


class PersonaOut(BaseModel):
    """A kind of customer; `rule` is null where people are named one by one. `etag` changes with name, description and rule."""

    id: str
    name: str
    description: str
    rule: PersonaRuleOut | None
    participants: int
    participant_ids: list[str]
    etag: str


class HealthOut(BaseModel):
    """Whether the server is up."""

    status: Literal["ok"]


class ReadyOut(BaseModel):
    """Whether the server can work, and which part cannot."""

    status: Literal["ready", "not ready"]
    checks: dict[str, bool]


def problem_content() -> dict[str, Any]:
    """OpenAPI's description of an answer that is a problem."""
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
