"""Measures a tagging prompt through readers: writes a gold standard's requests into a folder, later scores the replies found there.

`ask.py --gold fixtures/gold/test --out DIR` writes all requests and waits for nothing. `ask.py --gold … --replay DIR [--report FILE]` has
the ordinary tagger ask an endpoint that gives the replies of DIR, and prints the figures. `ask.py --gold … --replay DIR --keep FOLDER`
stores requests and replies as recorded cases; `--recorded FOLDER` scores such a store.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from endpoint import JudgeEndpoint
from exchange import Exchange, count_tokens

from app.adapters.agreement import LibraryAgreement
from app.adapters.gold_folder import read_gold
from app.adapters.llm_endpoint import Endpoint
from app.adapters.openai import OpenAIModel, OpenAITagger
from app.adapters.prompts import load_prompt
from app.domain.gold import Gold
from app.ports import Foreseen, ModelRequest, Window, WindowTags
from app.services.evaluation import measure

CONTEXT_TOKENS = 16384
READER = "reader"
SYSTEM, SCHEMA, WINDOWS = "system.txt", "schema.json", "windows.jsonl"
PAIRS = ("stage", "channel", "experience", "emotion", "kind")


class NoVectors:
    """Stands where an embedder would; a language model reads words."""

    name = "none"

    def encode(self, texts: Any) -> Any:
        """Never called."""
        raise NotImplementedError


@dataclass
class Collector:
    """Renders the requests that the tagger would send, and answers none."""

    tagger: OpenAITagger
    requests: list[ModelRequest] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    source: str = "llm"

    def __post_init__(self) -> None:
        self.model, self.prompt, self.window_size = self.tagger.model, self.tagger.prompt, self.tagger.window_size

    def tag(self, window: Window) -> WindowTags:
        """Keep the request."""
        self.requests.append(self.tagger.request(window))
        self.windows.append(window)
        return WindowTags({}, reason="only written")

    def foresee(self, window: Window) -> Foreseen:
        """Nothing."""
        del window
        return Foreseen()


def messages_of(request: ModelRequest) -> list[dict[str, str]]:
    """A request as it goes over the wire."""
    return [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}]


@contextmanager
def reader(exchange: Exchange, version: str | None) -> Iterator[tuple[OpenAITagger, JudgeEndpoint]]:
    """The ordinary tagger, at an endpoint that replays what the folder holds."""
    with JudgeEndpoint(exchange) as server:
        endpoint = Endpoint(server.url, None, READER)
        with OpenAIModel(endpoint, context_tokens=CONTEXT_TOKENS) as model:
            yield OpenAITagger(model, load_prompt("tag_quotes", version)), server


def collect(gold: Gold, version: str | None) -> Collector:
    """All requests for a gold standard, in order."""
    with tempfile.TemporaryDirectory() as nowhere, reader(Exchange(Path(nowhere)), version) as (tagger, _):
        collector = Collector(tagger)
        measure(gold, collector, NoVectors(), LibraryAgreement())
    return collector


def write(gold: Gold, folder: Path, version: str | None) -> int:
    """Write every request and a list of them; the number of requests."""
    exchange = Exchange(folder)
    asked = collect(gold, version)
    keys = [exchange.put(messages_of(request), request.schema) for request in asked.requests]
    listed = [f"{key} {len(window.quotes)} quotes\n" for key, window in zip(keys, asked.windows, strict=True)]
    (folder / "list.txt").write_text("".join(listed), encoding="utf-8")
    users = sum(count_tokens(request.user) for request in asked.requests)
    fixed = count_tokens(asked.requests[0].system) + count_tokens(json.dumps(asked.requests[0].schema, separators=(",", ":")))
    quotes = sum(len(window.quotes) for window in asked.windows)
    sys.stdout.write(f"{asked.prompt}: {len(keys)} requests, {quotes} quotes in {folder}\n")
    sys.stdout.write(f"tokens (o200k): {fixed} fixed, {users / quotes:.1f} a quote beyond\n")
    return len(keys)


def replay(gold: Gold, exchange: Exchange, version: str | None) -> tuple[dict[str, Any], set[str]]:
    """The figures from the replies in a folder, and the keys of requests that nobody answered; repairs asked for are among these."""
    with reader(exchange, version) as (tagger, server):
        return measure(gold, tagger, NoVectors(), LibraryAgreement(), at_once=4), server.unanswered


def keep(gold: Gold, exchange: Exchange, store: Path, version: str | None) -> int:
    """Store requests and replies in few files; the number of requests that have a reply."""
    asked = collect(gold, version)
    store.mkdir(parents=True, exist_ok=True)
    (store / SYSTEM).write_text(asked.requests[0].system, encoding="utf-8", newline="\n")
    (store / SCHEMA).write_text(json.dumps(asked.requests[0].schema) + "\n", encoding="utf-8", newline="\n")
    lines = []
    for request in asked.requests:
        key = exchange.put(messages_of(request), request.schema)
        reply = exchange.reply(key)
        if reply is not None:
            said = {"answered_by": reply.answered_by, "answered_at": reply.answered_at, "reply": reply.text}
            lines.append(json.dumps({"key": key, "user": request.user, **said}, ensure_ascii=False) + "\n")
    (store / WINDOWS).write_text("".join(lines), encoding="utf-8", newline="\n")
    return len(lines)


def unpack(store: Path, folder: Path) -> Exchange:
    """Lay a store of recorded cases out as a folder of requests and replies."""
    exchange = Exchange(folder)
    system = (store / SYSTEM).read_text(encoding="utf-8")
    schema = json.loads((store / SCHEMA).read_text(encoding="utf-8"))
    for line in (store / WINDOWS).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        messages = [{"role": "system", "content": system}, {"role": "user", "content": case["user"]}]
        key = exchange.put(messages, schema)
        (folder / f"{key}.reply.json").write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    return exchange


def show(document: dict[str, Any], unanswered: set[str]) -> None:
    """Print the figures in short."""
    fields = document["all"]["fields"]
    for name in PAIRS:
        if name in fields:
            shown = fields[name]
            sys.stdout.write(f"{name:11} kappa {shown['kappa']:.3f}  accuracy {shown['accuracy']:.3f}  macro-F1 {shown['macro_f1']:.3f}\n")
    sys.stdout.write(f"quotes {document['all']['quotes']}, gaps {document['gaps']}, cost {document['cost']}\n")
    if unanswered:
        sys.stdout.write(f"without a reply: {', '.join(sorted(unanswered))}\n")


def main() -> int:
    """Do what the options say; 1 when requests are without a reply."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--prompt", help="version of the prompt, by default the one in force")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder to write requests into")
    what.add_argument("--replay", type=Path, help="folder with requests and replies")
    what.add_argument("--recorded", type=Path, help="store of recorded cases")
    parser.add_argument("--keep", type=Path, help="with --replay: store requests and replies as recorded cases here")
    parser.add_argument("--report", type=Path, help="write the whole measurement as JSON")
    options = parser.parse_args()
    gold = read_gold(options.gold)
    if options.out:
        write(gold, options.out, options.prompt)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        exchange = unpack(options.recorded, Path(temporary)) if options.recorded else Exchange(options.replay)
        if options.keep:
            keep(gold, exchange, options.keep, options.prompt)
        document, unanswered = replay(gold, exchange, options.prompt)
    show(document, unanswered)
    if options.report:
        options.report.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
