"""Measurements that ship beside what they measured: the offline tagger's beside its weights, a prompt's beside its version."""

import json
from pathlib import Path
from typing import Any

from app.adapters.prompts import PROMPTS_DIR, QUALITY
from app.errors import AssetError

OFFLINE = Path(__file__).parent / "offline" / QUALITY
SCHEMA_VERSION = 1


def measured(offline: Path = OFFLINE, prompts: Path = PROMPTS_DIR) -> list[dict[str, Any]]:
    """Every stored measurement, as `throughline evaluate --out` wrote it: the offline tagger's, then the prompts', newest version first."""
    files = [offline, *sorted(prompts.glob(f"tag_quotes/v*/{QUALITY}"), key=_version, reverse=True)]
    return [_read(file) for file in files if file.is_file()]


def _version(file: Path) -> int:
    digits = file.parent.name.removeprefix("v")
    return int(digits) if digits.isdigit() else 0


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise AssetError(f"{file} is no JSON; write it again with `throughline evaluate --out`") from error
    if not isinstance(document, dict) or document.get("schema_version") != SCHEMA_VERSION:
        raise AssetError(f"{file} is of another version; write it again with `throughline evaluate --out`")
    return document
