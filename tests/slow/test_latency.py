"""A run spends its time waiting for the model and little else; `make bench` measures it in full."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(300)]

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "latency.py"


ASKED = ("--windows", "32", "--latency", "0.5", "--at-once", "4", "--most", "1.8")
"""Half as long again as the bar, for a busy machine; one call after the other would take four times as long."""
TRIES = 2
"""A shared machine may stand still for seconds, which no program can help."""


def test_a_run_keeps_as_many_calls_in_flight_as_are_allowed_from_the_command_line_and_in_the_worker():
    for _ in range(TRIES):
        done = subprocess.run([sys.executable, BENCHMARK, *ASKED], capture_output=True, text=True, check=False, timeout=140)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert done.stdout.count("ratio") == 2
