"""Prompts as artefacts: versioned folders under `prompts/`, rendered into requests, held still by a lock file of hashes.

`python -m app.adapters.prompts lock` rewrites the lock after a new version was added; `check` says what drifted.
"""

import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jinja2

from app.domain.identity import sha256
from app.errors import AssetError, UsageError
from app.ports import ModelRequest

PROMPTS_DIR = Path(__file__).resolve().parents[2] / "prompts"
LOCK_NAME = "prompts.lock"
TEMPLATES = ("system.jinja", "user.jinja", "reply.schema.jinja")
CURRENT = {
    "tag_quotes": "v2",
    "draft_codebook": "v1",
    "assign_themes": "v1",
    "write_stage": "v2",
    "check_statements": "v1",
    "propose_stages": "v1",
}
"""The version in force of each task."""
HASH_DIGITS = 6
QUALITY = "quality.json"
"""How good a version was measured to be; it may be measured again, so the lock leaves it out."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def as_data(text: object) -> str:
    """Make a text safe to stand in a data block: one line, nothing invisible, no angle bracket that could close the block."""
    said = str(text)
    if not said.isprintable():  # else there is nothing to be left out, and most texts are
        said = "".join(" " if c.isspace() else c for c in said if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join(said.replace("<", "‹").replace(">", "›").split())


def as_attribute(text: object) -> str:
    """Make a text safe to stand in an attribute of a data block: as `as_data`, without double quotes."""
    return as_data(text).replace('"', "'")


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt: its folder holds system.jinja, user.jinja, reply.schema.jinja and cases.jsonl."""

    task: str
    version: str
    folder: Path

    @cached_property
    def id(self) -> str:
        """Version and the start of the hash of what is sent, such as `v1@9f2c01`."""
        return f"{self.version}@{sha256(chr(0x1F).join(self._read(name) for name in TEMPLATES))[:HASH_DIGITS]}"

    @property
    def fixed_chars(self) -> int:
        """Code points of the part that is the same in every request."""
        return len(self._read("system.jinja")) + len(self._read("reply.schema.jinja"))

    def request(self, context: Mapping[str, Any], max_tokens: int, transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
        """Render the messages and the reply's schema; `context` must hold every variable the templates name."""
        return ModelRequest(
            task=self.task,
            prompt=self.id,
            system=self._render("system.jinja", context),
            user=self._render("user.jinja", context),
            schema=json.loads(self._render("reply.schema.jinja", context)),
            max_tokens=max_tokens,
            transcript_ids=transcript_ids,
        )

    def _render(self, name: str, context: Mapping[str, Any]) -> str:
        return self._compiled[name].render(context).strip()

    @cached_property
    def _compiled(self) -> dict[str, jinja2.Template]:
        env = jinja2.Environment(  # noqa: S701 - prompts are no HTML; `data` is what escapes here
            undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        env.filters |= {"data": as_data, "attr": as_attribute}
        return {name: env.from_string(self._read(name)) for name in TEMPLATES}

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_bytes().decode().replace("\r\n", "\n")
        except OSError:
            raise AssetError(
                f"the prompt {self.task}/{self.version}/{name} is missing; install Throughline from a whole checkout"
            ) from None


@lru_cache(maxsize=32)
def load_prompt(task: str, version: str | None = None, root: Path = PROMPTS_DIR) -> Prompt:
    """Load a task's prompt, by default in the version that is in force; raises `AssetError` where its files are missing."""
    version = version or CURRENT[task]
    return Prompt(task, version, root / task / version)


class PromptLibrary:
    """Renders the requests of every task from the versions in force (`stages.wording.Prompts`)."""

    def __init__(self, root: Path = PROMPTS_DIR) -> None:
        self._root = root

    def id(self, task: str) -> str:
        """Prompt id for the record."""
        return load_prompt(task, root=self._root).id

    def request(self, task: str, context: Mapping[str, Any], max_tokens: int, transcript_ids: tuple[str, ...] = ()) -> ModelRequest:
        """Render one request."""
        return load_prompt(task, root=self._root).request(context, max_tokens, transcript_ids)


def file_hashes(root: Path = PROMPTS_DIR) -> dict[str, str]:
    """SHA-256 of every prompt file by its path below `root`; line ends count as line feeds, so a checkout elsewhere agrees."""
    files = sorted(p for p in root.glob("*/v*/*") if p.is_file() and p.name != QUALITY)
    return {p.relative_to(root).as_posix(): sha256(p.read_bytes().replace(b"\r\n", b"\n")) for p in files}


def locked_hashes(root: Path = PROMPTS_DIR) -> dict[str, str]:
    """What the lock file says."""
    lines = (root / LOCK_NAME).read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines if line)}


def write_lock(root: Path = PROMPTS_DIR) -> None:
    """Write the lock file anew from the files as they are."""
    text = "".join(f"{digest}  {path}\n" for path, digest in file_hashes(root).items())
    (root / LOCK_NAME).write_text(text, encoding="utf-8", newline="\n")


def drift(root: Path = PROMPTS_DIR) -> list[str]:
    """Paths that the lock file does not know, knows otherwise, or misses."""
    now, locked = file_hashes(root), locked_hashes(root)
    return sorted(path for path in now.keys() | locked.keys() if now.get(path) != locked.get(path))


def main(arguments: list[str]) -> int:
    """Run `lock` or `check`; exit status 1 when something drifted."""
    match arguments:
        case ["lock"]:
            write_lock()
            return 0
        case ["check"]:
            changed = drift()
            sys.stdout.writelines(f"{path}: not as in {LOCK_NAME}\n" for path in changed)
            return 1 if changed else 0
        case _:
            raise UsageError("use `python -m app.adapters.prompts lock` or `… check`")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
