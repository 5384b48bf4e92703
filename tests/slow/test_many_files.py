"""A folder of a hundred one-hour interviews is read in seconds."""

import random
import time
from pathlib import Path

import pytest

from app.adapters.isolation import IsolatedParser

pytestmark = [pytest.mark.slow, pytest.mark.alone]
WORDS = (Path(__file__).resolve().parents[2] / "fixtures/transcripts/first-hearing-aids/01-farah.txt").read_text(encoding="utf-8").split()
CUES, CUE_S = 900, 4


def one_hour(seed):
    """An hour of captions, some 10,000 words."""
    rng = random.Random(seed)  # noqa: S311 - the same files on every call
    lines = ["WEBVTT", ""]
    for i in range(CUES):
        begin, end = (f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.000" for s in (i * CUE_S, (i + 1) * CUE_S))
        name = "Ann" if i % 7 == 0 else "Ben"
        lines += [str(i + 1), f"{begin} --> {end}", f"{name}: {' '.join(rng.choices(WORDS, k=11))}", ""]
    return "\n".join(lines).encode()


def test_a_hundred_one_hour_captions_are_parsed_in_ten_seconds_children_and_their_start_included():
    files = [(one_hour(seed), f"{seed:03}.vtt") for seed in range(100)]
    began = time.monotonic()
    parser = IsolatedParser()
    found = parser.parse_each(files)
    took_s = time.monotonic() - began
    parser.close()
    assert {one.canonical.speakers() for one in found} == {("Ann", "Ben")}
    assert min(len(one.canonical.text.split()) for one in found) == CUES * 11
    assert took_s < 10, took_s
