"""What the application asks of the outside: Protocols that adapters fulfil and tests fake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.gold import Figures, ReliabilityBin
from app.domain.render import Finding
from app.domain.stages import Stage
from app.domain.tags import Tags
from app.domain.themes import ClusterProposal
from app.domain.transcript import ParsedTranscript
from app.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one forward pass gives: `vectors` (n, d) float32, unit length; `hidden` (n, h) float16, pooled hidden layers."""

    vectors: NDArray[np.float32]
    hidden: NDArray[np.float16]


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Model and version; part of the key under which vectors are cached."""

    def encode(self, texts: Sequence[str]) -> Encoding:
        """Encode texts in the given order; an empty list gives arrays of zero rows."""

    def glance(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What can be told of the texts without a forward pass, (n, k); a row of zeros for an empty text."""


class QueryEncoder(Protocol):
    """Turns what somebody looks for into a vector, quickly and one at a time."""

    name: str
    """The embedder whose vectors these can be compared with."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector (d,) of a text, of unit length."""


@dataclass(frozen=True, slots=True)
class WindowQuote:
    """A quote in a tagging window.

    `number` counts from 1; `text` is rendered for the model; `question` is what the interviewer asked before it, or None.
    """

    number: int
    quote_id: str
    text: str
    question: str | None
    speaker: str


@dataclass(frozen=True, slots=True)
class Example:
    """A quote of the same study whose tags people decided: its text and question as the model may read them.

    `tags` are the ones in force, `proposed` what a model had said before anybody looked, or None.
    """

    quote_id: str
    text: str
    question: str | None
    tags: Tags
    proposed: Tags | None
    transcript_id: str = ""
    """Whose words these are, as in `Window`."""


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive quotes of one transcript with what a tagger needs to judge them; `encoding` has a row per quote."""

    id: str
    language: str
    study: str
    question: str | None
    stages: tuple[Stage, ...]
    quotes: tuple[WindowQuote, ...]
    encoding: Encoding
    transcript_id: str = ""
    """Whose words these are; cached replies carry it, so that they can be erased with the transcript."""
    examples: tuple[Example, ...] = ()
    """What people decided about other quotes of the study before this run, newest first."""
    examples_encoding: Encoding | None = None
    """A row an example."""
    product: str | None = None
    personas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By speaker the kinds of customer that somebody is, where that is known."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls and tokens spent; `cached` counts replies that cost nothing, `characters` is the length of what was sent."""

    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    characters: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Sum."""
        return Usage(
            self.calls + other.calls,
            self.cached + other.cached,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.characters + other.characters,
        )


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a piece of work will cost: calls, tokens read, tokens written at most, and the length in characters of what is sent."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    characters: int = 0

    def __add__(self, other: "Foreseen") -> "Foreseen":
        """Sum."""
        return Foreseen(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.characters + other.characters,
        )


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a tagger's answers rest on, a row a quote of the window in its order.

    By field `chances` are the probabilities (n, values) of its `values`; `states` (n, s) is what they were read from.
    """

    values: Mapping[str, tuple[str, ...]]
    chances: Mapping[str, NDArray[np.float32]]
    states: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WindowTags:
    """A tagger's answer by quote number; numbers that are missing are gaps, for the `reason` given.

    `ungrounded` counts answers that resolved to no quote, `usage` is what it cost. `continues` are numbers of quotes that carry on the
    point of the quote before them.
    """

    tags: Mapping[int, Tags]
    ungrounded: int = 0
    usage: Usage = Usage()
    reason: str | None = None
    continues: tuple[int, ...] = ()
    grounds: Grounds | None = None
    """What other heads can be fitted on; None from a tagger that gives no probabilities."""


class Tagger(Protocol):
    """Judges the quotes of a window."""

    source: str
    """`llm` or `offline`."""
    model: str
    prompt: str
    """Prompt id and hash, such as `v1@9f2c`; for the offline tagger the version of its weights."""
    window_size: int
    """Quotes a window should hold at most."""

    def tag(self, window: Window) -> WindowTags:
        """Tag a window; raises `ModelError` when nothing at all came back."""

    def foresee(self, window: Window) -> Foreseen:
        """What tagging it will cost; nothing where the answer is remembered or no model is asked."""


class Correction(Protocol):
    """How somebody's answers depart from a tagger's."""

    def apply(self, features: NDArray[np.float32], base: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (n, classes) from states (n, s) and the tagger's own probabilities (n, classes)."""


class Fit(Protocol):
    """Learns a correction."""

    def __call__(self, features: NDArray[np.float32], base: NDArray[np.float32], labels: NDArray[np.intp]) -> Correction:
        """Fit on states (n, s), the tagger's probabilities (n, classes) and labels (n), which are columns of `base`; deterministic."""


class Clusterer(Protocol):
    """Groups quotes."""

    def cluster(self, quote_ids: Sequence[str], features: NDArray[np.float32]) -> ClusterProposal:
        """Group rows of `features` (n, d); any n from 0; the same rows give the same groups in any order."""


class LanguageModel(Protocol):
    """One structured question to a language model."""

    model: str

    def ask(self, request: "ModelRequest") -> "ModelReply":
        """Ask; raises `ModelError` when no valid reply could be had."""

    def foresee(self, request: "ModelRequest") -> Foreseen:
        """What asking will cost; nothing where the answer is remembered."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Rendered messages and the JSON schema of the reply; `task` and `prompt` name the prompt for the record."""

    task: str
    prompt: str
    system: str
    user: str
    schema: Mapping[str, Any]
    max_tokens: int
    transcript_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A parsed reply that satisfies the schema."""

    value: Any
    usage: Usage = field(default_factory=Usage)


class ReplyCache(Protocol):
    """Remembers replies by the hash of what was asked."""

    def get(self, key: str) -> Any | None:
        """The stored reply, or None."""

    def put(self, key: str, request: ModelRequest, reply: Any, usage: Usage, model: str) -> None:
        """Store a reply; storing the same key again changes nothing."""


class Redactor(Protocol):
    """Finds personal data."""

    name: str
    """Detector and version, such as `patterns/1`; what another version found is searched again."""

    def find(self, text: str, names: Sequence[str], language: str = "en") -> tuple[Finding, ...]:
        """Non-overlapping findings in order; `names` are people known from speaker labels, `language` is an ISO 639-1 code."""


class Parser(Protocol):
    """Reads files of any shape."""

    def parse(self, data: bytes, file_name: str) -> ParsedTranscript:
        """Read one file; raises `UnreadableFile`, `TooLarge` or `NotSpeech` with a message that names it."""

    def parse_each(self, files: Sequence[tuple[bytes, str]]) -> list[ParsedTranscript | UnreadableFile]:
        """Read (bytes, name) of many files; in their order what each gives, or why it does not."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Aware UTC time."""


class Agreement(Protocol):
    """Says how far answers agree with labels; a pair is (label, answer), and an answer of None is a missing one."""

    def figures(
        self, pairs: Sequence[tuple[str, str | None]], values: Sequence[str], groups: Sequence[str] = (), *, ordinal: bool = False
    ) -> Figures:
        """Compare at least one pair; `values` is the closed set, `groups` names each pair's interview, `ordinal` says that order counts."""

    def kappa(self, pairs: Sequence[tuple[str, str | None]]) -> float | None:
        """Cohen's kappa; None where it is not defined."""

    def reliability(self, sure: Sequence[float], right: Sequence[float], bins: int) -> tuple[ReliabilityBin, ...]:
        """Equally filled bins by confidence, 0 to 1, least sure first."""
