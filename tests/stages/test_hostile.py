"""Hundreds of damaged and hostile files: each ends in a transcript or in an error of the tree, in time and in memory."""

import pytest
from hostile import corpus, outcomes

SECONDS, MEGABYTES, FILES = 5.0, 500, 300


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_damaged_or_hostile_file_crashes_hangs_or_fills_the_memory():
    ended = list(outcomes(corpus()))
    assert len(ended) >= FILES
    assert [(o["name"], o["end"]) for o in ended if o["end"].startswith("crashed")] == []
    assert [(o["name"], round(o["cpu"], 1)) for o in ended if o["cpu"] > SECONDS] == []
    assert max(o["peak_mb"] for o in ended) < MEGABYTES
    assert sum(o["end"] not in {"UnreadableFile", "NotSpeech", "TooLarge"} for o in ended) > FILES / 3, "most seeds should still be read"
