"""The main job as its users run it: the installed command, real parts, the bundled studies."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.transcript import normalise

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "transcripts"
STUDY = "first-hearing-aids"
CHANGING = re.compile(
    r'"(?:created_at|review_due)": "[^"]*"|"run": \{\s*"id": "[^"]*"|\d{4}-\d\d-\d\d(?:T[\d:.+]*)?|\d{1,2} [A-Z][a-z]+ 20\d\d'
)


def throughline(*arguments, **environment):
    command = [sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments)]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("THROUGHLINE_", "OPENAI_"))} | environment
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    done = throughline("synthesize", FIXTURES / STUDY, "--out", folder, PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stderr
    return folder


def lines(folder):
    return [json.loads(line) for line in (folder / "quotes.jsonl").read_text(encoding="utf-8").splitlines()]


def document(folder):
    return json.loads((folder / "map.json").read_text(encoding="utf-8"))


def statements(drawn):
    return [(lane, s) for stage in drawn["stages"] for lane, found in stage["lanes"].items() for s in found]


def test_every_quote_is_cut_from_the_canonical_text(out):
    quotes = lines(out)
    assert len(quotes) > 100
    for quote in quotes:
        text = (out / quote["transcript_text"]).read_text(encoding="utf-8")
        assert quote["text"] == text[quote["start"] : quote["end"]]


def test_every_expected_word_is_in_the_canonical_text(out):
    expected = json.loads((FIXTURES / STUDY / "expected.json").read_text(encoding="utf-8"))["files"]
    assert len(expected) == 5
    for file_name, told in expected.items():
        text = (out / "transcripts" / f"{Path(file_name).stem}.txt").read_text(encoding="utf-8")
        assert text.split("\n\n") == [normalise(turn) for turn in told["text"]]


def test_no_interviewer_is_quoted(out):
    expected = json.loads((FIXTURES / STUDY / "expected.json").read_text(encoding="utf-8"))["files"]
    participants = {s["name"] for told in expected.values() for s in told["speakers"] if s["role"] == "participant"}
    assert {quote["speaker"] for quote in lines(out)} == participants


def test_every_statement_has_evidence_that_the_file_holds(out):
    drawn = document(out)
    assert len(statements(drawn)) > 20
    for lane, statement in statements(drawn):
        assert lane != "business_actions"
        assert any(e["relation"] == "supports" for e in statement["evidence"])
        assert all(e["quote_id"] in drawn["quotes"] for e in statement["evidence"])
        assert statement["participants"] <= statement["of_participants"] == len(drawn["participants"])


def test_the_coverage_adds_up_to_the_sentences_of_the_participants(out):
    drawn, quotes = document(out)["coverage"], lines(out)
    assert drawn["sentences"] == drawn["used"] + drawn["unplaced"] + drawn["gap"] + drawn["skipped"]
    assert {quote["state"] for quote in quotes} <= {"used", "unplaced"}
    assert drawn["gap"] == 0


def test_an_instruction_that_is_read_aloud_changes_nothing(out):
    injected = [q for q in lines(out) if "previous instructions" in q["text"].lower()]
    assert injected
    assert len({q["experience"] for q in lines(out)}) > 1


@pytest.mark.slow
def test_an_empty_database_another_process_and_another_order_give_identical_files(out, tmp_path):
    files = sorted((p for p in (FIXTURES / STUDY).iterdir() if p.name != "expected.json"), reverse=True)
    done = throughline("synthesize", *files, "--out", tmp_path, "--study", STUDY, PYTHONHASHSEED="2")
    assert done.returncode == 0, done.stderr
    names = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file() and ".db" not in p.name)
    assert names == sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file() and ".db" not in p.name)
    assert "map.html" in names
    for name in names:
        first, second = ((folder / name).read_text(encoding="utf-8") for folder in (out, tmp_path))
        assert CHANGING.sub("", first) == CHANGING.sub("", second), name


@pytest.mark.slow
def test_verify_says_how_many_it_checked_and_names_what_was_damaged(out, tmp_path):
    with sqlite3.connect(out / "throughline.db") as source, sqlite3.connect(tmp_path / "throughline.db") as copy:
        source.backup(copy)
    whole = throughline("verify", "--data", tmp_path)
    assert whole.returncode == 0, whole.stderr
    assert "checked 5 transcripts" in whole.stdout
    with sqlite3.connect(tmp_path / "throughline.db") as db:
        moved, hashed = (row[0] for row in db.execute("select id from quote order by id limit 2"))
        db.execute("update quote set start = start + 1 where id = ?", (moved,))
        db.execute("update quote set sha256 = 'x' where id = ?", (hashed,))
        db.execute("update transcript_body set text = replace(text, 'hearing', 'herring') where rowid = 1")
    damaged = throughline("verify", "--data", tmp_path)
    assert damaged.returncode == 1
    assert moved in damaged.stderr
    assert hashed in damaged.stderr
    assert "canonical text does not match" in damaged.stderr


@pytest.mark.slow
def test_redacted_output_has_no_names_and_offsets_into_the_redacted_text(tmp_path):
    done = throughline("synthesize", FIXTURES / STUDY, "--out", tmp_path, "--redact")
    assert done.returncode == 0, done.stderr
    expected = json.loads((FIXTURES / STUDY / "expected.json").read_text(encoding="utf-8"))["files"]
    names = {s["name"] for told in expected.values() for s in told["speakers"]}
    everything = "\n".join(p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file() and ".db" not in p.name)
    assert not [name for name in names if name in everything]
    assert document(tmp_path)["redacted"] is True
    for quote in lines(tmp_path):
        text = (tmp_path / quote["transcript_text"]).read_text(encoding="utf-8")
        assert quote["text"] == text[quote["start"] : quote["end"]]


@pytest.mark.slow
def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    talk = "Ann: How was it?\n\nBob: I rang them twice and nobody answered the phone at all.\n\nAnn: And then?\n\nBob: I left.\n"
    (folder / "good.txt").write_text(talk)
    (folder / "empty.vtt").write_bytes(b"")
    (folder / "film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100)
    done = throughline("synthesize", folder, "--out", tmp_path / "out")
    assert done.returncode == 3
    assert "empty.vtt" in done.stderr
    assert "film.mp4" in done.stderr
    assert "Traceback" not in done.stderr
    assert document(tmp_path / "out")["participants"]


@pytest.mark.slow
def test_nothing_readable_is_exit_4_and_a_path_that_is_not_there_exit_2(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    assert throughline("synthesize", tmp_path / "empty.txt", "--out", tmp_path / "out").returncode == 4
    missing = throughline("synthesize", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert missing.returncode == 2
    assert "nowhere" in missing.stderr
    half = throughline("synthesize", FIXTURES, "--out", tmp_path / "out", THROUGHLINE_LLM_MODEL="m")
    assert half.returncode == 2
    assert "THROUGHLINE_LLM_BASE_URL" in half.stderr
