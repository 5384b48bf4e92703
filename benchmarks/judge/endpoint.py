"""An OpenAI-compatible endpoint whose model is a reader: it writes each request into a folder and waits for the reply beside it.

`python benchmarks/judge/endpoint.py DIR [--port 8801] [--wait 1800]`; then THROUGHLINE_LLM_BASE_URL=http://127.0.0.1:8801/v1, and
THROUGHLINE_LLM_TIMEOUT_S above the wait.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from exchange import Exchange, count_tokens

POLL_S = 0.5
NO_REPLY = 410
"""A status that a client neither retries nor takes for a complaint about its way of asking."""


class JudgeEndpoint:
    """Serves `POST /v1/chat/completions` on 127.0.0.1; `wait_s` is how long a request waits for its reply, 0 to replay what is there."""

    def __init__(self, exchange: Exchange, *, port: int = 0, wait_s: float = 0.0) -> None:
        self.exchange = exchange
        self.unanswered: set[str] = set()
        self._wait_s = wait_s
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

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

    def answer(self, request: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for one request."""
        messages = request["messages"]
        schema = (request.get("response_format") or {}).get("json_schema", {}).get("schema")
        key = self.exchange.put(messages, schema)
        end = time.monotonic() + self._wait_s
        while (reply := self.exchange.reply(key)) is None and time.monotonic() < end and not self._stopping.wait(POLL_S):
            pass
        if reply is None:
            self.unanswered.add(key)
            return NO_REPLY, {"error": {"message": "nobody has answered this request", "type": "error", "code": "unanswered"}}
        read = sum(count_tokens(message["content"]) for message in messages)
        written = count_tokens(reply.text)
        return 200, {
            "id": f"judge-{key}",
            "object": "chat.completion",
            "created": 0,
            "model": request.get("model", "reader"),
            "choices": [{"index": 0, "message": {"role": "assistant", "content": reply.text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = outer.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing; requests hold transcript text."""

        return Handler


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--wait", type=float, default=1800.0, help="seconds to wait for a reply")
    options = parser.parse_args()
    with JudgeEndpoint(Exchange(options.folder), port=options.port, wait_s=options.wait) as server:
        sys.stdout.write(f"{server.url} writes requests to {options.folder}\n")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
