"""Every bundled interview is read exactly as its script was written."""

import json
from pathlib import Path

import pytest

from app.domain.transcript import normalise
from app.errors import NotSpeech
from app.stages.parse import parse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "transcripts"
CASES = [
    pytest.param(path.parent / name, expected, id=f"{path.parent.name}/{name}")
    for path in sorted(FIXTURES.glob("*/expected.json"))
    for name, expected in json.loads(path.read_text(encoding="utf-8"))["files"].items()
]


def test_there_are_fixtures():
    assert CASES


@pytest.mark.parametrize(("path", "expected"), CASES)
def test_a_fixture_is_read_as_its_script_was_written(path, expected):
    parsed = parse(path.read_bytes(), path.name)
    canonical = parsed.canonical
    assert parsed.shape == expected["shape"]
    assert [canonical.text[t.start : t.end] for t in canonical.turns] == [normalise(text) for text in expected["text"]]
    said = canonical.words_by_speaker()
    turns = [t.speaker for t in canonical.turns]
    assert {s["name"]: (s["turns"], s["words"]) for s in expected["speakers"]} == {n: (turns.count(n), said[n]) for n in said}
    assert (canonical.marks[0].ms if canonical.marks else None) == expected["first_ms"]
    assert canonical.duration_ms == expected["last_ms"]


@pytest.mark.parametrize(("path", "expected"), CASES)
def test_a_fixture_reads_the_same_with_windows_newlines_and_a_byte_order_mark(path, expected):
    data = path.read_bytes()
    windows = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    assert parse(windows, path.name) == parse(data, path.name)
    assert len(parse(windows, path.name).canonical.turns) == expected["turns"]


def test_the_files_beside_the_fixtures_are_refused_as_no_speech():
    beside = [*FIXTURES.glob("*/expected.json"), *FIXTURES.glob("*/participants.csv")]
    assert beside
    for path in beside:
        with pytest.raises(NotSpeech, match="JSON" if path.suffix == ".json" else "table"):
            parse(path.read_bytes(), path.name)
