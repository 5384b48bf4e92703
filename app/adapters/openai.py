"""A language model behind any OpenAI-compatible endpoint, and the tagger that uses it."""

import json
from dataclasses import dataclass
from typing import Any, Self

from app.adapters.llm_endpoint import Endpoint
from app.adapters.llm_replies import first_json, fit_schema, schema_fault
from app.adapters.prompts import Prompt, load_prompt
from app.domain.identity import sha256
from app.errors import ModelError
from app.ports import Foreseen, ModelReply, ModelRequest, ReplyCache, Usage, Window, WindowTags
from app.stages.tag import MAX_EXAMPLES, TagReply, choose_examples, describe_missing, read_reply, tag_context
from app.stages.tokens import foreseen_of

MAX_WINDOW = 36
INPUT_TOKENS = 160
OUTPUT_TOKENS = 60
"""Room for one quote's tags; the average is under 45."""
REPLY_FRAME_TOKENS = 100
EXAMPLES_TOKENS, EXAMPLES_FROM_TOKENS = 900, 8192
"""Room for what people decided, and the smallest context that has this room."""
STUDY_TOKENS = 600
"""Room for a study's stages, its question and the frame of the messages."""
CHARS_PER_TOKEN = 3.2
"""Of a prompt, by tokenizers of small models; larger ones need fewer tokens."""
MAX_QUOTED_REPLY = 2000
NOT_JSON = "it holds no JSON"
CUT_OFF = "it breaks off at the length limit"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply off the wire: `value` is the JSON found in `text`, or None."""

    value: Any
    text: str
    truncated: bool
    usage: Usage


class OpenAIModel:
    """Asks one model at one endpoint (`ports.LanguageModel`); safe to use from many threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context_tokens: int = 16384,
        cache: ReplyCache | None = None,
    ) -> None:
        self.model = endpoint.model
        self.context_tokens = context_tokens
        self._endpoint = endpoint
        self._cache = cache

    def close(self) -> None:
        """Close the endpoint's connections, which models made by `for_run` share."""
        self._endpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: ModelRequest) -> ModelReply:
        """Ask for a reply that satisfies the request's schema, with one second try; raises `ModelError` and its kinds."""
        known = self.recall(request)
        if known is not None and schema_fault(known, request.schema) is None:
            return ModelReply(known, Usage(cached=1))
        answer = self.first(request)
        usage = answer.usage
        value, fault = _checked(answer, request)
        if fault is None and answer.truncated:  # what is whole of it may be less than was asked for
            fault = CUT_OFF
        if fault:
            answer = self.again(request, answer, f"Your reply cannot be used: {fault}. Send the whole reply again, as JSON only.")
            usage += answer.usage
            value, fault = _checked(answer, request)
        if fault:
            raise ModelError(f"{self.model} gave no usable reply to {request.task} in two tries: {fault}", usage)
        self.remember(request, value, usage)
        return ModelReply(value, usage)

    def foresee(self, request: ModelRequest) -> Foreseen:
        """What asking will cost: one call, unless the reply is remembered."""
        known = self.recall(request)
        return foreseen_of(request) if known is None or schema_fault(known, request.schema) else Foreseen()

    def first(self, request: ModelRequest) -> Answer:
        """Ask once, without the cache and without judging the reply."""
        return self._send(request, [])

    def again(self, request: ModelRequest, before: Answer, complaint: str) -> Answer:
        """Ask a second time, with the first reply (its beginning) and what is wrong with it."""
        said = before.text.strip()[:MAX_QUOTED_REPLY] or "(nothing)"
        return self._send(request, [{"role": "assistant", "content": said}, {"role": "user", "content": complaint}])

    def recall(self, request: ModelRequest) -> Any | None:
        """What was remembered for this very request, model and parameters."""
        return self._cache.get(self._key(request)) if self._cache else None

    def remember(self, request: ModelRequest, value: Any, usage: Usage) -> None:
        """Store a reply that was good, so that asking the same again costs nothing."""
        if self._cache:
            self._cache.put(self._key(request), request, value, usage, self.model)

    def _key(self, request: ModelRequest) -> str:
        asked = [request.system, request.user, request.schema, request.max_tokens, self.model]
        return sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False))

    def _send(self, request: ModelRequest, more: list[dict[str, str]]) -> Answer:
        messages = [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}, *more]
        done = self._endpoint.chat(messages, request.task, request.schema, request.max_tokens)
        return Answer(first_json(done.text, truncated=done.truncated), done.text, done.truncated, done.usage)


def _checked(answer: Answer, request: ModelRequest) -> tuple[Any, str | None]:
    if answer.value is None:
        return None, CUT_OFF if answer.truncated else NOT_JSON
    value = fit_schema(answer.value, request.schema)
    return value, schema_fault(value, request.schema)


class OpenAITagger:
    """Tags windows with a language model (`ports.Tagger`).

    One request a window and at most one more for what is missing from the reply. Quotes that are then still missing are named in the
    answer's reason; a window is remembered only when it is complete, so resuming asks again for one that is not.
    """

    source = "llm"

    def __init__(self, model: OpenAIModel, prompt: Prompt | None = None) -> None:
        self._model = model
        self._prompt = prompt or load_prompt("tag_quotes")
        self.model = model.model
        self.prompt = self._prompt.id
        self.window_size = window_size(model.context_tokens, self._prompt)
        self._examples = MAX_EXAMPLES if model.context_tokens >= EXAMPLES_FROM_TOKENS else 0

    def tag(self, window: Window) -> WindowTags:
        """Tag a window; raises `ModelError` when the endpoint gave no reply at all."""
        if not window.quotes:
            return WindowTags({})
        request = self.request(window)
        remembered = self._model.recall(request)
        if isinstance(remembered, list) and remembered:
            reply = _read_all(remembered, window)
            if not reply.missing(window):
                return WindowTags(reply.tags, reply.ungrounded, Usage(cached=1), continues=reply.continues)
        return self._ask(request, window)

    def foresee(self, window: Window) -> Foreseen:
        """What tagging it will cost: one call, unless the reply is remembered; output is what the reply may take at most."""
        if not window.quotes:
            return Foreseen()
        request = self.request(window)
        return Foreseen() if self._model.recall(request) else foreseen_of(request)

    def request(self, window: Window) -> ModelRequest:
        """What is sent for a window, for estimates and records."""
        max_tokens = OUTPUT_TOKENS * len(window.quotes) + REPLY_FRAME_TOKENS
        learned = choose_examples(window, self._examples)
        transcripts = {window.transcript_id, *(example.transcript_id for example in learned)} - {""}
        return self._prompt.request(tag_context(window, self._examples), max_tokens, tuple(sorted(transcripts)))

    def _ask(self, request: ModelRequest, window: Window) -> WindowTags:
        answer = self._model.first(request)
        values, usage = [answer.value], answer.usage
        reply = _read_all(values, window)
        trouble = None
        if reply.missing(window):
            try:
                second = self._model.again(request, answer, _complaint(answer, reply, window))
            except ModelError as error:
                trouble = error.message
            else:
                values, usage = [*values, second.value], usage + second.usage
                reply = _read_all(values, window)
                trouble = _fault_of(second)
        missing = describe_missing(reply, window)
        if missing is None:
            self._model.remember(request, values, usage)
        reason = f"{trouble}; {missing}" if missing and trouble else missing
        return WindowTags(reply.tags, reply.ungrounded, usage, reason, reply.continues)


def window_size(context_tokens: int, prompt: Prompt) -> int:
    """How many quotes fit a model's context beside the prompt, 1 to 36."""
    fixed = prompt.fixed_chars / CHARS_PER_TOKEN + STUDY_TOKENS + REPLY_FRAME_TOKENS
    fixed += EXAMPLES_TOKENS if context_tokens >= EXAMPLES_FROM_TOKENS else 0
    return max(1, min(MAX_WINDOW, int((context_tokens - fixed) / (INPUT_TOKENS + OUTPUT_TOKENS))))


def _read_all(values: list[Any], window: Window) -> TagReply:
    """Replies to one window, the first one's tags standing."""
    replies = [read_reply(value, window) for value in values]
    whole = replies[0]
    for later in replies[1:]:
        whole = whole.completed_by(later)
    return whole


def _fault_of(answer: Answer) -> str | None:
    if answer.truncated:
        return f"of the last reply, {CUT_OFF}"
    return f"of the last reply, {NOT_JSON}" if answer.value is None else None


def _complaint(answer: Answer, reply: TagReply, window: Window) -> str:
    missing = reply.missing(window)
    if len(missing) == len(window.quotes):
        why = NOT_JSON if answer.value is None else describe_missing(reply, window)
        return f"Your reply cannot be used: {why}. Send the whole list again, as JSON only, in the form described."
    numbers = ", ".join(map(str, missing))
    return (
        f"Of your reply these cannot be used ({describe_missing(reply, window)}). Send the same JSON again with the numbers {numbers} only."
    )
