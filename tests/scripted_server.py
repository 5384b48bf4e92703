"""An OpenAI-compatible server that answers as a test scripts it, on 127.0.0.1 and any free port.

    with ScriptedServer(sensible) as server:
        ...  # server.url ends in /v1; server.calls lists the requests so far

A behaviour is a function of (request body, how many requests came before) that gives a `Response`.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Request = dict[str, Any]
CHANNELS = ("website", "app", "email", "phone", "chat", "in_person", "billing", "none")
MOODS = (("frustration2", "pain"), ("relief1", "delight"), ("neutral", "neutral"), ("delight3", "delight"), ("anger2", "pain"))
TOUCHPOINTS = ("support line", "verification email", "price page", None, "delivery")
SAID_WORDS = 10
"""Words of a quote that a statement is made of."""
KINDS = ("action", "thought", "need", "other")


@dataclass(frozen=True)
class Response:
    """What the server sends; `drop` closes the connection without an answer."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drop: bool = False


Behaviour = Callable[[Request, int], Response]


def completion(content: str | None, *, finish_reason: str = "stop", usage: bool = True) -> Response:
    """A chat completion that says `content`."""
    body: dict[str, Any] = {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish_reason}],
    }
    if usage:
        tokens = len(content or "") // 4
        body["usage"] = {"prompt_tokens": 100, "completion_tokens": tokens, "total_tokens": 100 + tokens}
    return Response(body)


def error(status: int, message: str = "", *, param: str | None = None, code: str | None = None, **headers: str) -> Response:
    """An error as OpenAI words it; underscores in header names become hyphens."""
    body = {"error": {"message": message, "type": "error", "param": param, "code": code}}
    return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def script(*responses: Response | Behaviour) -> Behaviour:
    """Answer the first request with the first response and so on; the last one stays."""

    def behave(request: Request, count: int) -> Response:
        answer = responses[min(count, len(responses) - 1)]
        return answer if isinstance(answer, Response) else answer(request, count)

    return behave


def quote_lines(request: Request) -> dict[int, str]:
    """Number and text of every quote in the request's data block."""
    data = re.search(r"<data>\n(.*?)\n?</data>", request["messages"][1]["content"], re.DOTALL)
    assert data, "the request holds no data block"
    return {int(n): text for n, text in re.findall(r"^<q n=(\d+)[^>]*>(.*)</q>$", data[1], re.MULTILINE)}


def asked_again(request: Request) -> list[int] | None:
    """Numbers that a second try asks for; None in a first try."""
    if len(request["messages"]) == 2:
        return None
    only = re.search(r"with the numbers ([\d, ]+) only", request["messages"][-1]["content"])
    return [int(n) for n in only[1].split(",")] if only else list(quote_lines(request))


def tag_of(number: int, text: str, stages: list[str]) -> dict[str, Any]:
    """Valid tags that depend on the quote's words only."""
    pick = hashlib.sha256(text.encode()).digest()
    emotion, experience = MOODS[pick[0] % len(MOODS)]
    return {
        "n": number,
        "s": stages[pick[1] % len(stages)],
        "c": CHANNELS[pick[2] % len(CHANNELS)],
        "t": TOUCHPOINTS[pick[3] % len(TOUCHPOINTS)],
        "k": KINDS[pick[4] % len(KINDS)],
        "e": emotion,
        "x": experience,
        "g": f"what happened in case {pick[5] % 9}",
        "p": 60 + pick[6] % 40,
    }


def sensible_value(request: Request) -> dict[str, Any]:
    """A valid reply to whatever Throughline asks: tags, a code book, where quotes belong, a stage's statements."""
    system, user = (message["content"] for message in request["messages"][:2])
    task = re.match(r"Task: (\w+)", system)
    quotes = {} if task and task[1] == "draft_codebook" else quote_lines(request)
    match task and task[1]:
        case "tag_quotes":
            stages = re.findall(r"^- ([\w-]+): ", user.partition("<data>")[0], re.MULTILINE)
            return {"q": [tag_of(n, quotes[n], stages) for n in asked_again(request) or quotes]}
        case "draft_codebook":
            return {"t": drafted_entries(user)}
        case "assign_themes":
            keys = len(re.findall(r"^\d+(?: \(in \d+\))?: ", user.partition("<data>")[0], re.MULTILINE))
            return {"a": [[n, hashlib.sha256(text.encode()).digest()[0] % (keys + 1)] for n, text in quotes.items()]}
        case "write_stage":
            groups = re.findall(r'<group key="([^"]+)" lane="([^"]+)"[^>]*>\n(.*?)</group>', user, re.DOTALL)
            return {"s": [_statement(*group) for group in groups]}
        case "check_statements":
            return {"c": [_verdict(int(n), text) for n, text in re.findall(r"^<statement n=(\d+)[^>]*>(.*)$", user, re.MULTILINE)]}
        case "propose_stages":
            return {"s": proposed_stages(list(quotes))}
    raise AssertionError("the system message names no task")


def gist_lines(user: str) -> dict[int, tuple[str, str]]:
    """Group and gist of every line that a draft is asked from, by number."""
    lines: dict[int, tuple[str, str]] = {}
    group = ""
    for line in user.partition("<data>\n")[2].partition("</data>")[0].splitlines():
        if read := re.match(r"(\d+) \S+ \S+ [-+.] (.*)", line):
            lines[int(read[1])] = (group, read[2])
        elif line.startswith(("group ", "not grouped")):
            group = line
    return lines


def drafted_entries(user: str) -> list[dict[str, Any]]:
    """An entry for each group of three lines and more, or for all; drafts of the same label are one, and what stands already suffices."""
    data = user.partition("<data>\n")[2]
    if "already in the code book" in data:
        return []
    groups: dict[str, list[tuple[str, int]]] = {}
    for number, (group, gist) in gist_lines(user).items():
        groups.setdefault(group, []).append((gist, number))
    drafts = re.findall(r"^(\d+) ([^:]*): ", data, re.MULTILINE) if data.startswith("part ") else []
    said: dict[str, list[int]] = {}
    for n, label in drafts:
        said.setdefault(label, []).append(int(n))
    entries = [entry_of(label, numbers) for label, numbers in said.items()]
    if entries or not any(len(lines) >= 3 for lines in groups.values()):
        groups = {"all": [line for lines in groups.values() for line in lines]}
    for lines in groups.values():
        digest = hashlib.sha256("|".join(sorted(gist for gist, _ in lines)).encode()).hexdigest()[:4]
        if len(lines) >= 3:
            entries.append(entry_of(f"Customers meet the same thing {digest}", [n for _, n in lines[:3]]))
    return entries


def proposed_stages(numbers: list[int]) -> list[dict[str, Any]]:
    """Three stages of a journey, each with quotes of another third of the talk."""
    third = max(1, len(numbers) // 3)
    named = (("Hearing of it", ["awareness"]), ("Getting it to work", ["purchase", "onboarding"]), ("When it breaks", ["support"]))
    return [
        {
            "title": title,
            "definition": f"What they do around {title.lower()}.",
            "base": base,
            "why": "It ends with something that happens.",
            "n": numbers[place * third : (place + 1) * third][:4],
        }
        for place, (title, base) in enumerate(named)
    ]


def entry_of(label: str, numbers: list[int]) -> dict[str, Any]:
    """An entry of a drafted code book."""
    return {"label": label, "definition": "It happens to them.", "use_when": "it happens", "not_when": "", "n": numbers, "parent": None}


def _statement(key: str, lane: str, inside: str) -> dict[str, Any]:
    quotes = re.findall(r"^<q n=(\d+)[^>]*>(.*)</q>$", inside, re.MULTILINE)
    words = " ".join(quotes[0][1].rstrip(".?!").split()[:SAID_WORDS])
    told = f"at the kitchen table that {words}"  # a table is specific enough for any rule
    text = f"How might we help those who say {told}?" if lane == "opportunities" else f"Tells {told}."
    return {"group": key, "text": text, "n": [int(n) for n, _ in quotes[:3]]}


def _verdict(number: int, text: str) -> dict[str, Any]:
    """One sentence in three is doubted."""
    doubt = (None, None, None, None, "partly", "not")[hashlib.sha256(text.encode()).digest()[0] % 6]
    return {"n": number, "v": doubt or "supported", "r": "Their words go less far." if doubt else ""}


def sensible(request: Request, _count: int = 0) -> Response:
    """Answer everything validly, the same request always in the same way."""
    return completion(json.dumps(sensible_value(request), separators=(",", ":")))


class ScriptedServer:
    """Serves `POST /v1/chat/completions` by a behaviour, and logs what came: `calls` (bodies), `headers` (in lower case), `paths`."""

    def __init__(self, behaviour: Behaviour = sensible) -> None:
        self.behaviour = behaviour
        self.calls: list[Request] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: Request, headers: dict[str, str], path: str) -> Response:
        with self._lock:
            count = len(self.calls)
            self.calls.append(request)
            self.headers.append(headers)
            self.paths.append(path)
        response = self.behaviour(request, count)
        end = time.monotonic() + response.delay_s
        while time.monotonic() < end and not self._stopping.wait(0.02):
            pass
        return response

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                response = outer._answer(request, {name.lower(): value for name, value in self.headers.items()}, self.path)
                self.close_connection = True
                if response.drop:
                    return
                body = response.body if isinstance(response.body, bytes) else json.dumps(response.body).encode()
                try:
                    self.send_response(response.status)
                    for name, value in {"Content-Type": "application/json", "Connection": "close", **response.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client gave up waiting, which is what some tests are about

            def log_message(self, *_: object) -> None:
                pass

        return Handler
