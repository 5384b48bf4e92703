"""`throughline inspect` as its users run it."""

import json
import zipfile

import pytest
from acceptance.test_synthesize import FIXTURES, STUDY, throughline

TALK = "Ann: How was it?\n\nBob: I rang them twice and nobody answered the phone at all.\n\nAnn: And then?\n\nBob: I left.\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    return made


def told(*arguments):
    done = throughline("inspect", "--json", *arguments)
    return done.returncode, {file["file"]: file for file in json.loads(done.stdout)}


@pytest.mark.slow
def test_every_bundled_transcript_is_understood_as_expected_and_nothing_is_stored(tmp_path):
    code, files = told(FIXTURES / STUDY)
    expected = json.loads((FIXTURES / STUDY / "expected.json").read_text(encoding="utf-8"))["files"]
    assert code == 0
    assert set(files) == {*expected, "participants.csv"}
    for name, wanted in expected.items():
        file = files[name]
        assert {"file", "shape", "language", "speakers", "turns", "duration_ms", "warnings", "error"} <= set(file)
        assert (file["turns"], file["error"], file["language"]) == (len(wanted["text"]), None, "en")
        assert {s["name"]: s["role"] for s in file["speakers"]} == {s["name"]: s["role"] for s in wanted["speakers"]}
        assert sum(s["share"] for s in file["speakers"]) == pytest.approx(1, abs=0.001)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_file_that_is_none_is_told_and_the_others_are_shown(folder):
    (folder / "good.txt").write_text(TALK)
    (folder / "empty.vtt").write_bytes(b"")
    with zipfile.ZipFile(folder / "more.zip", "w") as made:
        made.writestr(
            "a/other.txt", "Cleo: Where did it stop?\n\nDan: Near the bridge, in the rain, for an hour.\n\nCleo: Oh, why?\n\nDan: Ice.\n"
        )
    done = throughline("inspect", folder)
    assert done.returncode == 3
    for words in (
        "good.txt",
        "other.txt",
        "there is nothing in this file",
        "participant",
        "Bob: I rang them twice",
        "2 transcripts, 1 not read",
    ):
        assert words in done.stdout, words
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_exit_codes_say_how_much_could_be_read(folder):
    (folder / "good.txt").write_text(TALK)
    (folder / "empty.vtt").write_bytes(b"")
    assert told(folder / "good.txt")[0] == 0
    assert told(folder)[0] == 3
    code, files = told(folder / "empty.vtt")
    assert (code, files["empty.vtt"]["shape"]) == (4, None)
    assert throughline("inspect", folder / "nowhere.txt").returncode == 2


@pytest.mark.slow
def test_two_files_of_one_talk_are_recognised(folder):
    said = " ".join(f"On day {i} I moved the {thing} to the attic and told nobody." for i, thing in enumerate("abcdefghijklmnopqrstuvw"))
    (folder / "p1.txt").write_text(f"Ann: What did you do?\n\nBob: {said}\n\nAnn: I see, and why?\n\nBob: No reason.\n")
    (folder / "p1.vtt").write_text(f"WEBVTT\n\n00:01.000 --> 05:00.000\nWhat did you do?\n\n05:00.000 --> 09:00.000\n{said}\n")
    _, files = told(folder)
    assert files["p1.vtt"]["status"] == "paired"
    assert files["p1.vtt"]["note"] == "the same talk as p1.txt, which is used: it names the speakers"
