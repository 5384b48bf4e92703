"""Ids that follow from what a thing is, so that the same input has the same ids on every machine."""

import hashlib

ID_LENGTH = 24


def sha256(data: bytes | str) -> str:
    """SHA-256 of bytes, or of text as UTF-8; 64 hex digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def derive_id(kind: str, *parts: str | int) -> str:
    """An id that depends on its kind and parts only; 24 hex digits (96 bits)."""
    return sha256("\x1f".join([kind, *map(str, parts)]))[:ID_LENGTH]
