"""Parses files in child processes with limits.

Why a process, and not a `try`: files come from anywhere, and some are made to do harm. Python cannot stop a thread, so a regular expression
or a library that does not end would hold the server for ever; what a C library does wrong (a crash in an XML or font parser) takes the
whole process with it, and so does the system when memory runs out. A child can be killed, has limits of memory, processor time, open files
and written bytes set by the system, knows no keys and no database, and when it dies exactly one file is lost.

Children are kept for the next file, so that many small files cost one start. They leave when their pipe closes: with the pool, at exit, or
however this process dies.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app import errors
from app.adapters.reading_child import LENGTH
from app.domain.transcript import CanonicalTranscript, Mark, ParsedTranscript, Turn
from app.errors import ThroughlineError, UnreadableFile

CHILD = ("-P", "-m", "app.adapters.reading_child")
CHILDREN = 2
TIME_S = 20
MEMORY_MB = 700
"""Address space; of honest files none needs 500 MB in all."""
START_S = 60
"""A machine that is busy may take long to start a process."""
REPLY_BYTES = 1_000_000_000
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")
_AGAIN = "the other files are not affected. Export it again, or save it as plain text and upload that"


class _Died(Exception):
    """The child is gone, or what it sent is no reply."""


class _Child:
    """One process and the pipes to it."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603  # our own module, by the interpreter that runs us
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint may quote what people said
            start_new_session=True,  # Ctrl-C in the terminal is this process's to handle
            env=environment,
        )
        self.timed_out = False

    def ask(self, frames: Sequence[bytes], seconds: float) -> dict[str, Any]:
        """Send frames, wait for the reply; the process is killed after so many seconds. Raises `_Died`."""
        timer = threading.Timer(seconds, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            pipe = self.process.stdin
            for frame in frames:
                pipe.write(LENGTH.pack(len(frame)) + frame)  # type: ignore[union-attr]  # a pipe was asked for
            pipe.flush()  # type: ignore[union-attr]  # same
            reply = json.loads(self._read(LENGTH.unpack(self._read(LENGTH.size))[0]))
        except (OSError, ValueError, RecursionError):
            raise _Died from None
        finally:
            timer.cancel()
        if not isinstance(reply, dict):
            raise _Died
        return reply

    def _read(self, length: int) -> bytes:
        found = self.process.stdout.read(length) if length <= REPLY_BYTES else b""  # type: ignore[union-attr]  # a pipe was asked for
        if len(found) < length:
            raise _Died
        return found

    def _give_up(self) -> None:
        self.timed_out = True
        self.process.kill()

    def end(self, *, kill: bool = False) -> int:
        """Let it leave, or make it; its exit status. Nothing of it is left behind."""
        if kill:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()  # type: ignore[union-attr]  # both were asked for
            except OSError:  # what could not be sent any more
                continue
        try:
            return self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class IsolatedParser:
    """Parses in at most `children` processes at once (`ports.Parser`); safe to use from many threads.

    A file may take `time_s` seconds and `memory_mb` megabytes (10⁶ bytes); what needs more, or crashes, is an `UnreadableFile`.
    """

    def __init__(
        self, *, children: int = CHILDREN, time_s: float = TIME_S, memory_mb: int = MEMORY_MB, command: Sequence[str] = CHILD
    ) -> None:
        self._most = children
        self._time_s = time_s
        self._memory_mb = memory_mb
        self._command = (sys.executable, *command, str(memory_mb), str(max(1, int(time_s))))
        self._free = threading.BoundedSemaphore(children)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._finalizer = weakref.finalize(self, _end_all, self._idle, self._busy)

    def parse(self, data: bytes, file_name: str) -> ParsedTranscript:
        """Parse one file; raises as `app.stages.parse.parse` does, and `UnreadableFile` where the reader was stopped or died."""
        with self._free:
            child = self._take()
            try:
                reply = child.ask((file_name.encode("utf-8", "replace"), data), self._time_s)
            except _Died:
                self._let_go(child)
                raise self._loss(file_name, child.end(kill=child.timed_out), timed_out=child.timed_out) from None
            except BaseException:
                self._let_go(child)
                child.end(kill=True)
                raise
            self._give_back(child, last=bool(reply.get("last")))
        return self._read(reply, file_name)

    def parse_each(self, files: Sequence[tuple[bytes, str]]) -> list[ParsedTranscript | UnreadableFile]:
        """Parse (bytes, name) of many files side by side; in their order what each gives, or why it does not."""
        if len(files) <= 1:
            return [self._outcome(*file) for file in files]
        with ThreadPoolExecutor(self._most, thread_name_prefix="parse") as threads:
            waiting = [threads.submit(self._outcome, *file) for file in files]
            try:
                return [future.result() for future in waiting]
            except BaseException:  # Ctrl-C: what is not begun is not, what is under way is ended
                threads.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def close(self) -> None:
        """End every child; the next file starts a new one."""
        with self._lock:
            _end_all(self._idle, self._busy)

    def _outcome(self, data: bytes, file_name: str) -> ParsedTranscript | UnreadableFile:
        try:
            return self.parse(data, file_name)
        except UnreadableFile as error:
            return error

    def _take(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.process.poll() is None:
                    self._busy.add(child)
                    return child
                child.end()
        child = _Child(self._command, _environment())
        with self._lock:
            self._busy.add(child)
        try:
            child.ask((), START_S)
        except _Died:
            self._let_go(child)
            status = child.end(kill=True)
            raise ThroughlineError(f"the process that reads files did not start (exit status {status}); run `throughline doctor`") from None
        except BaseException:
            self._let_go(child)
            child.end(kill=True)
            raise
        return child

    def _give_back(self, child: _Child, *, last: bool) -> None:
        with self._lock:
            if child not in self._busy:  # closed meanwhile
                return
            self._busy.discard(child)
            if not last:
                self._idle.append(child)
        if last:
            child.end()

    def _let_go(self, child: _Child) -> None:
        with self._lock:
            self._busy.discard(child)

    def _read(self, reply: dict[str, Any], file_name: str) -> ParsedTranscript:
        if reply.get("memory"):
            raise UnreadableFile(f"{file_name}: reading it needs more than {self._memory_mb} MB of memory, so it was stopped; {_AGAIN}")
        if "fault" in reply:
            raise UnreadableFile(f"{file_name}: its reader failed on it ({reply['fault']}); {_AGAIN}")
        if "error" in reply:
            kind = getattr(errors, str(reply["error"]), UnreadableFile)
            raise (kind if issubclass(kind, ThroughlineError) else UnreadableFile)(str(reply["message"]))
        try:
            return _parsed(reply["parsed"])
        except (KeyError, TypeError, ValueError):
            raise UnreadableFile(f"{file_name}: its reader gave no usable answer; {_AGAIN}") from None

    def _loss(self, file_name: str, status: int, *, timed_out: bool) -> UnreadableFile:
        """Why a file was lost with its child, by the child's exit status (minus the signal that ended it)."""
        if timed_out or status == -signal.SIGXCPU:
            what = f"reading it took more than {self._time_s:g} seconds, so it was stopped"
        elif status == -signal.SIGKILL:
            what = "the system ended its reader, probably for want of memory"
        else:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else f"exit status {status}"
            what = f"its reader crashed on it ({name})"
        return UnreadableFile(f"{file_name}: {what}; {_AGAIN}")


def _parsed(told: dict[str, Any]) -> ParsedTranscript:
    turns = tuple(Turn(i, str(speaker), int(start), int(end)) for i, (speaker, start, end) in enumerate(told["turns"]))
    marks = tuple(Mark(int(offset), int(ms)) for offset, ms in told["marks"])
    about = {str(key): str(value) for key, value in told["about"].items()}
    text = CanonicalTranscript(str(told["text"]), turns, marks)
    return ParsedTranscript(str(told["shape"]), str(told["reader"]), text, tuple(map(str, told["warnings"])), about)


def _environment() -> dict[str, str]:
    """What a reader needs to run, and no key, password or address."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    # the child finds the modules that this process found, and none that happen to lie in the current folder
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OMP_NUM_THREADS": "1"}


def _end_all(idle: list[_Child], busy: set[_Child]) -> None:
    """End children; those that are at work are killed, and whoever waits for them is told."""
    while idle:
        idle.pop().end()
    for child in list(busy):
        child.process.kill()
