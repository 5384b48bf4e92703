"""Parsing in a process of its own: what goes wrong costs one file."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.adapters import isolation
from app.adapters.isolation import IsolatedParser, _environment
from app.domain.transcript import ParsedTranscript
from app.errors import NotSpeech, ThroughlineError, UnreadableFile
from app.stages.parse import parse

GOOD = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>How was it?\n\n00:05.000 --> 00:09.000\n<v B\xc3\xa9a>I waited on hold.\n"
STAND_IN = """
import os, sys, time
from app.adapters import reading_child
real = reading_child.parse
def parse(data, name):
    if data.startswith(b"abort"):
        os.abort()
    if data.startswith(b"hang"):
        while True: pass
    if data.startswith(b"sleep"):
        time.sleep(600)
    if data.startswith(b"eat"):
        return [b"x" * 10_000_000 for _ in range(10_000)]
    if data.startswith(b"fault"):
        raise ValueError("spoken words " * 10)
    if data.startswith(b"leave"):
        os._exit(3)
    if data.startswith(b"noise"):
        print("a library talks"); os.write(1, b"even so"); data = data[5:]
    if data.startswith(b"modules"):
        raise reading_child.ThroughlineError(" ".join(sorted(sys.modules)) + "|" + " ".join(sorted(os.environ)) + "|" + str(os.getpid()))
    return real(data, name)
reading_child.parse = parse
reading_child.main()
"""


@pytest.fixture
def make():
    made = []

    def build(**given):
        made.append(IsolatedParser(command=("-c", STAND_IN), **given))
        return made[-1]

    yield build
    for one in made:
        one.close()


@pytest.fixture
def parser(make):
    return make(time_s=2)


def asked(parser):
    """Modules, environment and process id of the child."""
    with pytest.raises(ThroughlineError) as told:
        parser.parse(b"modules", "x")
    modules, environment, pid = str(told.value).split("|")
    return set(modules.split()), set(environment.split()), int(pid)


def test_a_child_gives_what_the_parser_gives(parser):
    assert parser.parse(GOOD, "a.vtt") == parse(GOOD, "a.vtt")


def test_a_refusal_comes_through_with_its_kind_and_its_words(parser):
    with pytest.raises(NotSpeech, match=r"clip\.mp4: this is a video or audio recording"):
        parser.parse(b"\x00\x00\x00\x20ftypisom" + b"\x00" * 500, "clip.mp4")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"abort", r"bad\.pdf: its reader crashed on it \(SIGABRT\)"),
        (b"leave", r"bad\.pdf: its reader crashed on it \(exit status 3\)"),
        (b"hang", r"bad\.pdf: reading it took more than 2 seconds"),
        (b"sleep", r"bad\.pdf: reading it took more than 2 seconds"),
        (b"eat", r"bad\.pdf: reading it needs more than 700 MB of memory"),
        (b"fault", r"bad\.pdf: its reader failed on it \(ValueError\)"),
    ],
)
def test_a_reader_that_dies_hangs_or_eats_costs_its_file_only_and_says_what_happened(parser, data, said):
    told = parser.parse_each([(GOOD, "a.vtt"), (data, "bad.pdf"), (GOOD, "b.vtt"), (GOOD, "c.vtt")])
    assert [type(one) for one in told] == [ParsedTranscript, UnreadableFile, ParsedTranscript, ParsedTranscript]
    with pytest.raises(UnreadableFile, match=said):
        raise told[1]
    assert "spoken words" not in str(told[1])


def test_what_a_library_prints_does_not_disturb_the_reply(parser):
    assert parser.parse(b"noise" + GOOD, "a.vtt") == parse(GOOD, "a.vtt")


def test_a_child_knows_no_model_library_and_no_secret(parser, monkeypatch):
    for name in ("THROUGHLINE_LLM_API_KEY", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "hush")
    modules, environment, _ = asked(parser)
    assert not modules & {"torch", "transformers", "numpy", "openai", "sqlalchemy", "fastapi", "sentence_transformers", "hdbscan", "dbos"}
    assert not {name for name in environment if "KEY" in name or "PASSWORD" in name or name.startswith("THROUGHLINE")}
    assert "hush" not in _environment().values()


def test_a_child_is_used_for_many_files_and_replaced_when_it_dies(parser):
    first = asked(parser)[2]
    parser.parse(GOOD, "a.vtt")
    assert asked(parser)[2] == first
    with pytest.raises(UnreadableFile):
        parser.parse(b"abort", "bad")
    assert asked(parser)[2] != first


def test_a_child_that_somebody_ended_meanwhile_costs_no_file(parser):
    os.kill(asked(parser)[2], 9)
    time.sleep(0.1)
    assert parser.parse(GOOD, "a.vtt").shape == "vtt"


@pytest.mark.slow
def test_no_process_is_left_behind(parser, monkeypatch):
    started = []

    class Recorded(subprocess.Popen):
        def __init__(self, *given, **more):
            super().__init__(*given, **more)
            started.append(self)

    monkeypatch.setattr(isolation.subprocess, "Popen", Recorded)
    parser.parse_each([(GOOD, "a.vtt"), (b"abort", "b"), (b"hang", "c"), (GOOD, "d.vtt")])
    parser.close()
    assert len(started) >= 3
    assert [child.pid for child in started if child.returncode is None] == []


def test_many_threads_share_two_children(parser):
    pids = []
    threads = [threading.Thread(target=lambda: pids.append(asked(parser)[2])) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 12
    assert len(set(pids)) <= 2


@pytest.mark.slow
def test_closing_in_the_middle_ends_what_is_under_way(make):
    parser = make(time_s=60)
    parser.parse(GOOD, "a.vtt")
    threading.Timer(1.0, parser.close).start()
    begun = time.monotonic()
    with pytest.raises(UnreadableFile):
        parser.parse(b"sleep", "a")
    assert time.monotonic() - begun < 20


def test_a_process_that_just_ends_leaves_no_child_and_no_complaint():
    code = (
        "from app.adapters.isolation import IsolatedParser\nimport os\np = IsolatedParser()\n"
        "print(p.parse(b'Ann: Hi there?\\n\\nBen: Hello you.\\n\\nAnn: Bye?\\n', 'a.txt').shape, p._idle[0].process.pid)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout.split()[-1]), 0)
