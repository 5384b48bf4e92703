"""The wire to an OpenAI-compatible endpoint: what it accepts is found out once, its limits are respected, its failures named.

Only the arguments configure it. The `openai` client would take keys, addresses and headers from the environment; each is shut out here.
A query in the address goes with every request; one with an `api-version` is Azure's, which takes the key in a header of its own.
"""

import logging
import math
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import openai
import tenacity
from openai.types.chat import ChatCompletion

from app.errors import ModelError, ModelUnreachable, UsageError
from app.ports import Usage

CONNECT_TIMEOUT_S = 10.0
MAX_ATTEMPTS = 6
MAX_CONNECTION_ATTEMPTS = 2
MAX_TIMEOUT_ATTEMPTS = 2
THINKING_TOKENS = 8192
"""Room for a reasoning model's thinking, which counts as output; only such models ask for `max_completion_tokens`."""
CHARS_PER_TOKEN = 4
NO_KEY = "none"
RETRIED_STATUS = frozenset({408, 409, 425, 429})
SERVER_ERROR = 500
REJECTIONS = frozenset({400, 404, 415, 422, 500, 501})
LOCATION = re.compile(r"'loc': \(([^)]*)\)")


class Structure(StrEnum):
    """How an endpoint is asked for JSON, from strict to free."""

    SCHEMA = "json_schema"
    OBJECT_SCHEMA = "json_object with schema"
    """What llama.cpp's Python server and some hosts have in place of `json_schema`."""
    OBJECT = "json_object"
    TEXT = "text"


LADDER = tuple(Structure)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint has been found to accept."""

    structure: Structure = Structure.SCHEMA
    temperature: bool = True
    limit: str = "max_tokens"

    def plainer(self) -> "Dialect | None":
        """Ask for JSON one step less strictly; None when it is already plain text."""
        step = LADDER.index(self.structure) + 1
        return replace(self, structure=LADDER[step]) if step < len(LADDER) else None


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer: its text, whether it broke off at the length limit, what it cost."""

    text: str
    truncated: bool
    usage: Usage


class Pace:
    """When this process may send its next request: at most so many a minute, evenly, and not before the endpoint's own Retry-After."""

    def __init__(self, per_minute: int | None, sleep: Callable[[float], None], now: Callable[[], float]) -> None:
        self._gap_s = 60.0 / per_minute if per_minute else 0.0
        self._sleep = sleep
        self._now = now
        self._lock = threading.Lock()
        self._free_at = 0.0

    def take(self) -> None:
        """Wait for a place of one's own."""
        with self._lock:
            now = self._now()
            mine = max(now, self._free_at)
            if mine > now or self._gap_s:
                self._free_at = mine + self._gap_s
        if mine > now:
            self._sleep(mine - now)

    def hold(self, seconds: float) -> None:
        """Send nothing for so long, whichever thread was told."""
        with self._lock:
            self._free_at = max(self._free_at, self._now() + seconds)


class Endpoint:
    """Sends chat requests; safe to use from many threads.

    `patience_s` bounds how long one request is waited for and retried in all; `sleep` is the wait between tries; `per_minute` bounds the
    requests of this process a minute, `at_once` those in flight.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        model: str,
        *,
        timeout_s: float = 120.0,
        patience_s: float = 300.0,
        per_minute: int | None = None,
        at_once: int | None = None,
        structure: Structure = Structure.SCHEMA,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError("THROUGHLINE_LLM_BASE_URL must be an http or https address, such as http://127.0.0.1:11434/v1")
        self.host = parts.netloc.rpartition("@")[2]
        self.model = model
        self._timeout_s = timeout_s
        self._patience_s = patience_s
        self._sleep = sleep
        self._pace = Pace(per_minute, sleep, now)
        self._places: AbstractContextManager[object] = threading.BoundedSemaphore(at_once) if at_once else nullcontext()
        self._client = _client(base_url, api_key, timeout_s)
        self._dialect = Dialect(structure)

    @property
    def dialect(self) -> Dialect:
        """What has been found out so far."""
        return self._dialect

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def chat(self, messages: Sequence[Mapping[str, str]], name: str, schema: Mapping[str, Any], max_tokens: int) -> Completion:
        """Ask for a completion, in the strictest form that the endpoint accepts; raises `ModelError`, `ModelUnreachable`."""
        dialect = self._dialect
        while True:
            try:
                completion = self._patiently(_arguments(self.model, messages, name, schema, max_tokens, dialect))
            except openai.APIStatusError as error:
                simpler = _without_what_was_rejected(dialect, error)
                if simpler is None:
                    raise self._failure(error) from None
                dialect = simpler
            except (openai.OpenAIError, ValueError) as error:
                raise self._failure(error) from None
            else:
                self._dialect = dialect  # only what worked is remembered; two threads at worst find out the same thing twice
                return self._read(completion, messages)

    def _patiently(self, arguments: dict[str, Any]) -> Any:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_may_pass),
            wait=_wait,
            stop=self._enough,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._send, **arguments)

    def _send(self, **arguments: Any) -> Any:
        with self._places:
            self._pace.take()
            try:
                return self._client.chat.completions.create(**arguments)
            except openai.RateLimitError as error:
                if asked := _retry_after_s(error.response.headers):
                    self._pace.hold(min(asked, self._patience_s))  # the others would only be refused as well
                raise

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        allowed = MAX_ATTEMPTS
        if isinstance(error, openai.APITimeoutError):
            allowed = MAX_TIMEOUT_ATTEMPTS
        elif isinstance(error, openai.APIConnectionError):
            allowed = MAX_CONNECTION_ATTEMPTS
        waited = max(state.idle_for, state.seconds_since_start or 0.0)
        return state.attempt_number >= allowed or waited + state.upcoming_sleep > self._patience_s

    def _read(self, completion: Any, messages: Sequence[Mapping[str, str]]) -> Completion:
        if not isinstance(completion, ChatCompletion) or not completion.choices:
            raise ModelError(f"{self.host} does not answer as an OpenAI-compatible endpoint; THROUGHLINE_LLM_BASE_URL often ends in /v1")
        choice = completion.choices[0]
        text = (choice.message.content if choice.message else None) or ""
        spent = completion.usage
        sent = sum(len(m["content"]) for m in messages)
        counted_in = spent.prompt_tokens if spent else sent // CHARS_PER_TOKEN
        counted_out = spent.completion_tokens if spent else len(text) // CHARS_PER_TOKEN
        usage = Usage(calls=1, tokens_in=counted_in or 0, tokens_out=counted_out or 0, characters=sent)
        return Completion(text, choice.finish_reason == "length", usage)

    def _failure(self, error: Exception) -> ModelError:
        """The error in our words. The endpoint's own are left out, since they may repeat what was sent."""
        if isinstance(error, openai.APITimeoutError):
            return ModelError(
                f"{self.host} did not answer within {self._timeout_s:g} s; raise THROUGHLINE_LLM_TIMEOUT_S or try again later"
            )
        if isinstance(error, openai.APIConnectionError):
            return ModelUnreachable(f"cannot reach {self.host}; is it running, and is THROUGHLINE_LLM_BASE_URL right?")
        if not isinstance(error, openai.APIStatusError):
            return ModelError(f"{self.host} sent an answer that cannot be read; is THROUGHLINE_LLM_BASE_URL right?")
        return ModelError(f"{self.host} answered with HTTP {error.status_code}: {_advice(error)}")


def _client(base_url: str, api_key: str | None, timeout_s: float) -> openai.OpenAI:
    logging.getLogger("openai").setLevel(logging.WARNING)  # its debug log holds whole requests, and those hold transcript text
    parts = urlsplit(base_url)
    query = dict(parse_qsl(parts.query))
    client = openai.OpenAI(
        base_url=urlunsplit(parts._replace(query="", fragment="")),
        default_query=query,
        api_key=api_key or NO_KEY,
        admin_api_key="",
        webhook_secret="",
        timeout=openai.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
        max_retries=0,
    )
    client.organization = client.project = client.admin_api_key = None
    own = {"api-key": api_key} if api_key and "api-version" in query else {}
    client._custom_headers = own  # noqa: SLF001 - the only way to drop the headers it takes from OPENAI_CUSTOM_HEADERS
    return client


def _arguments(
    model: str, messages: Sequence[Mapping[str, str]], name: str, schema: Mapping[str, Any], max_tokens: int, dialect: Dialect
) -> dict[str, Any]:
    arguments: dict[str, Any] = {"model": model, "messages": list(messages)}
    arguments[dialect.limit] = max_tokens if dialect.limit == "max_tokens" else max_tokens + THINKING_TOKENS
    if dialect.temperature:
        arguments["temperature"] = 0
    match dialect.structure:
        case Structure.SCHEMA:
            described = {"name": name, "strict": True, "schema": schema}
            arguments["response_format"] = {"type": "json_schema", "json_schema": described}
        case Structure.OBJECT_SCHEMA:
            arguments["response_format"] = {"type": "json_object", "schema": schema}
        case Structure.OBJECT:
            arguments["response_format"] = {"type": "json_object"}
        case Structure.TEXT:
            pass
    return arguments


def _body(error: openai.APIStatusError) -> dict[str, Any]:
    return error.body if isinstance(error.body, dict) else {}


def _code(error: openai.APIStatusError) -> str:
    code = _body(error).get("code")
    return code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else ""


def _named_in(error: openai.APIStatusError) -> str:
    """The field that an endpoint complains of; of its prose only the beginning, since the rest may repeat what was sent."""
    body = _body(error)
    message = str(body.get("message", ""))
    detail = body.get("detail")
    places = [str(d.get("loc")) for d in detail if isinstance(d, dict)] if isinstance(detail, list) else []
    places += LOCATION.findall(message)
    return str(body.get("param") or "") or " ".join(places) or message[:300]


def _without_what_was_rejected(dialect: Dialect, error: openai.APIStatusError) -> Dialect | None:
    """The next way to ask after a rejection, or None when the endpoint did not reject the way of asking."""
    if error.status_code not in REJECTIONS or _code(error) == "context_length_exceeded":
        return None
    named = _named_in(error)
    if "max_tokens" in named and dialect.limit == "max_tokens":
        return replace(dialect, limit="max_completion_tokens")
    if "temperature" in named and dialect.temperature:
        return replace(dialect, temperature=False)
    if re.search(r"response_format|json_schema|json_object|schema|grammar|structured", named):
        return dialect.plainer()
    return dialect.plainer() if error.status_code in {400, 422} and not re.search(r"context|length|model", named) else None


def _may_pass(error: BaseException) -> bool:
    """Whether waiting may help."""
    if isinstance(error, openai.APIConnectionError):
        return True
    if not isinstance(error, openai.APIStatusError) or _code(error) == "insufficient_quota":
        return False
    if error.status_code >= SERVER_ERROR:
        return not LOCATION.search(str(_body(error).get("message", "")))  # a rejected field that calls itself a server error
    return error.status_code in RETRIED_STATUS


_BACKOFF = tenacity.wait_exponential_jitter(multiplier=0.5, max=20.0, jitter=0.5)


def _wait(state: tenacity.RetryCallState) -> float:
    """Seconds that the endpoint asked for, else exponential backoff with jitter."""
    error = state.outcome.exception() if state.outcome else None
    asked = _retry_after_s(error.response.headers) if isinstance(error, openai.APIStatusError) else None
    return _BACKOFF(state) if asked is None else asked


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After (or retry-after-ms) header, which holds a number or a date; None without a usable one."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _advice(error: openai.APIStatusError) -> str:
    code = _code(error)
    if code == "context_length_exceeded":
        return "the request is longer than the model's context; lower THROUGHLINE_LLM_CONTEXT_TOKENS to what the model has"
    if code == "insufficient_quota":
        return "the account's quota is used up"
    advice = {
        401: "it refuses the key; check THROUGHLINE_LLM_API_KEY",
        403: "it refuses the key; check THROUGHLINE_LLM_API_KEY",
        404: "no such model or path; check THROUGHLINE_LLM_MODEL and THROUGHLINE_LLM_BASE_URL, which often ends in /v1",
        429: "too many requests, also after waiting; resume later or lower THROUGHLINE_LLM_AT_ONCE",
    }
    fallback = "it is out of order; resume later" if error.status_code >= SERVER_ERROR else "it rejects the request"
    return advice.get(error.status_code, fallback) + (f" ({code})" if code else "")
