"""The child process in which files are parsed: `python -m app.adapters.reading_child MEMORY_MB CPU_S`, started by `isolation`.

Frames both ways are a length (8 bytes, big-endian) and so many bytes. A request is two frames, the file's name and its bytes; the reply is
one frame of JSON. The first frame of all says that the child is ready. It leaves when its standard input ends.
"""

import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from app.domain.transcript import ParsedTranscript
from app.errors import ThroughlineError
from app.stages.parse import parse

LENGTH = struct.Struct(">Q")
OPEN_FILES = 64
WRITTEN_BYTES = 16_000_000
"""Room for Python's own compiled modules; no reader writes anything."""
TIRED_SHARE = 0.5
"""A child that still holds so much of its address space after a file leaves: what is left might not do for the next one."""


def main() -> None:
    """Answer requests until there are none."""
    memory_mb, cpu_s = int(sys.argv[1]), int(sys.argv[2])
    requests, replies = _take_pipes()
    _limit(memory_mb)
    _send(replies, {})
    while (name := _receive(requests)) is not None and (data := _receive(requests)) is not None:
        _allow_cpu(cpu_s)
        reply = answer(data, name.decode("utf-8", "replace"))
        del data
        reply["last"] = bool(reply.get("memory")) or _held_mb() > TIRED_SHARE * memory_mb
        _send(replies, reply)
        if reply["last"]:
            return


def answer(data: bytes, file_name: str) -> dict[str, Any]:
    """What `parse` gives, as JSON can hold it; an error of the error tree by its name."""
    try:
        parsed = parse(data, file_name)
        return {"parsed": as_json(parsed)}
    except ThroughlineError as error:
        return {"error": type(error).__name__, "message": error.message}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # noqa: BLE001  # a reader's fault costs its file only; its message may hold what people said, so it stays here
        return {"fault": type(error).__name__}


def as_json(parsed: ParsedTranscript) -> dict[str, Any]:
    """A parsed transcript in lists and dicts."""
    text = parsed.canonical
    return {
        "shape": parsed.shape,
        "reader": parsed.reader,
        "warnings": list(parsed.warnings),
        "about": dict(parsed.about),
        "text": text.text,
        "turns": [[turn.speaker, turn.start, turn.end] for turn in text.turns],
        "marks": [[mark.offset, mark.ms] for mark in text.marks],
    }


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, out of reach of whatever a library prints."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies


def _limit(memory_mb: int) -> None:
    _set(resource.RLIMIT_CORE, 0)  # a core file would hold what people said
    _set(resource.RLIMIT_NOFILE, OPEN_FILES)
    _set(resource.RLIMIT_FSIZE, WRITTEN_BYTES)
    if sys.platform == "linux":  # elsewhere it is refused or means nothing
        _set(resource.RLIMIT_AS, memory_mb * 1_000_000)


def _set(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def _allow_cpu(seconds: int) -> None:
    """So much more processor time; beyond it the system ends this process, also when nobody watches it any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)


def _held_mb() -> float:
    """Address space in use, where the system tells; `ru_maxrss` would count what the parent held when it started this process."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123  # one small read between two files
            return int(told.read().split()[0]) * resource.getpagesize() / 1_000_000
    except (OSError, ValueError, IndexError):
        return 0.0


def _receive(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _send(pipe: BinaryIO, reply: dict[str, Any]) -> None:
    told = json.dumps(reply, separators=(",", ":")).encode()
    pipe.write(LENGTH.pack(len(told)) + told)
    pipe.flush()


if __name__ == "__main__":
    main()
