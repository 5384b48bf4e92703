"""A folder through which a reader answers chat requests: `<key>.request.md` to read, `<key>.reply.json` to write.

The key is a hash of what is asked, so the same request is always the same file, whoever sends it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpe_openai

KEY_DIGITS = 12
HEADINGS = {"system": "System message", "user": "User message", "assistant": "Your reply before"}

Messages = Sequence[Mapping[str, str]]


def count_tokens(text: str) -> int:
    """Tokens by o200k, as current models of OpenAI count them."""
    return len(_encoding().encode(text))


@lru_cache(maxsize=1)
def _encoding() -> Any:
    return bpe_openai.get_encoding("o200k_base")


def key_of(messages: Messages, schema: Mapping[str, Any] | None) -> str:
    """Name of a request in the folder."""
    asked = [[message["role"], message["content"]] for message in messages]
    return hashlib.sha256(json.dumps([asked, schema], sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:KEY_DIGITS]


@dataclass(frozen=True)
class Reply:
    """An answer: `text` is what a model would have sent; who gave it and when, where the file says so."""

    text: str
    answered_by: str = ""
    answered_at: str = ""


class Exchange:
    """The folder. A reply file holds the JSON alone, or `{"answered_by", "answered_at", "reply": …}`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, messages: Messages, schema: Mapping[str, Any] | None) -> str:
        """Write a request, unless it is there; returns its key."""
        key = key_of(messages, schema)
        page = self.folder / f"{key}.request.md"
        if not page.exists():
            data = {"messages": list(messages), "schema": schema}
            self._write(f"{key}.request.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")
            self._write(page.name, page_of(key, messages, schema))
        return key

    def reply(self, key: str) -> Reply | None:
        """What was answered; None where nothing, or only half a file, is there."""
        try:
            value = json.loads((self.folder / f"{key}.reply.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if isinstance(value, dict) and "reply" in value:
            said, who, when = value["reply"], str(value.get("answered_by", "")), str(value.get("answered_at", ""))
        else:
            said, who, when = value, "", ""
        return Reply(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, separators=(",", ":")), who, when)

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all, since somebody may be watching the folder."""
        half = self.folder / f".{name}.half"
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(self.folder / name)


def page_of(key: str, messages: Messages, schema: Mapping[str, Any] | None) -> str:
    """A request as a reader gets it."""
    parts = [f"# Request {key}\n\nAnswer as the model would, from this page alone, into `{key}.reply.json`.\n"]
    parts += [f"## {HEADINGS.get(message['role'], message['role'])}\n\n{message['content']}\n" for message in messages]
    if schema is not None:
        parts.append(f"## JSON schema of the reply\n\n```json\n{json.dumps(schema, ensure_ascii=False)}\n```\n")
    return "\n".join(parts)
