"""The folder that `synthesize` writes: names of files and what goes into each."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

MAP = "map.json"
QUOTES = "quotes.jsonl"
PAGE = "map.html"
REPORT = "report.md"
TEXTS = "transcripts"


def text_paths(files: Mapping[str, str]) -> dict[str, str]:
    """Path of each transcript's text file below the folder, by transcript id; stems that collide get `-2`, `-3` and so on.

    `files` maps transcript ids to file names; collisions are settled in order of (file name, id).
    """
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for transcript_id, file_name in sorted(files.items(), key=lambda f: (f[1], f[0])):
        stem = PurePath(file_name).stem or "transcript"
        name, n = stem, 1
        while name.casefold() in taken:
            n += 1
            name = f"{stem}-{n}"
        taken.add(name.casefold())
        paths[transcript_id] = f"{TEXTS}/{name}.txt"
    return paths


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with line feeds on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def json_text(document: Mapping[str, Any]) -> str:
    """A document as people and programs can read it; keys in their given order."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def jsonl_text(lines: Iterable[Mapping[str, Any]]) -> str:
    """One object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
