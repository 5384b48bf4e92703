"""What the command says when it cannot do what it was asked: one sentence, the right exit code, never a traceback."""

import sys
from pathlib import Path

import pytest

from app.cli import main

SPEECH = "Ann: How was it?\n\nBob: I rang them twice and nobody answered the phone at all.\n\nAnn: And then?\n\nBob: I left.\n"


@pytest.fixture
def throughline(monkeypatch, capsys, tmp_path):
    """The command in this process; gives exit code and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["throughline", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.txt").write_text(SPEECH, encoding="utf-8")
    return made


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_an_out_folder_that_is_a_file_is_named(out, throughline, folder, tmp_path):
    (tmp_path / "taken").write_text("x")
    code, said = throughline("synthesize", folder, "--out", out)
    assert code == 2
    assert "taken" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("url", ["nonsense", "nodriver://x/y", "postgresql://me:hush-hush@127.0.0.1:1/x", "sqlite:///taken"])
def test_a_database_that_cannot_be_used_is_said_without_its_password(url, throughline, folder, tmp_path):
    (tmp_path / "taken").write_text("no database")
    for command in (["synthesize", folder, "--out", "out"], ["verify"]):
        code, said = throughline(*command, "--db", url)
        assert code == 2
        assert "database" in said
        assert "hush-hush" not in said


@pytest.mark.parametrize("tagger", ["hybrid", "llm"])
def test_a_tagger_that_is_not_there_is_said_before_any_file_is_read(tagger, throughline, folder, monkeypatch):
    monkeypatch.delenv("THROUGHLINE_LLM_BASE_URL", raising=False)
    monkeypatch.delenv("THROUGHLINE_LLM_MODEL", raising=False)
    code, said = throughline("synthesize", folder, "--out", "out", "--tagger", tagger)
    assert code == 2
    assert "a.txt" not in said


@pytest.mark.slow
def test_names_are_shown_as_they_are_and_a_file_the_system_withholds_costs_no_other(throughline, folder):
    (folder / "b [bold] c.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v [/red]Ann>How was it then?</v>\n\n"
        "00:05.000 --> 00:09.000\n<v [bold]Bob>I rang them and nobody answered.</v>\n",
        encoding="utf-8",
    )
    (folder / "copy.txt").write_text(SPEECH, encoding="utf-8")
    (folder / "withheld.txt").symlink_to("/proc/self/mem")
    code, said = throughline("synthesize", folder, "--out", "out")
    assert code == 3
    assert "b [bold] c.vtt: vtt" in said
    assert "[/red]Ann (interviewer), [bold]Bob (participant)" in said
    assert "copy.txt: inline" in said
    assert "the same words as a.txt, which came with it" in said
    assert "not read withheld.txt: " in said


def test_of_a_large_recording_beside_the_transcripts_only_the_beginning_is_read(throughline, folder):
    with (folder / "zoom.mp4").open("wb") as recording:
        recording.write(b"\0\0\0\x20ftypisom")
        recording.truncate(8_000_000_000)
    code, said = throughline("synthesize", folder, "--out", "out")
    assert code == 3
    assert "zoom.mp4: this is a video or audio recording" in said


def test_files_of_an_earlier_run_that_are_still_on_the_map_are_named(throughline, folder):
    assert throughline("synthesize", folder, "--out", "out")[0] == 0
    (folder / "a.txt").rename(folder / "b.txt")
    (folder / "b.txt").write_text(SPEECH.replace("twice", "three times"), encoding="utf-8")
    code, said = throughline("synthesize", folder, "--out", "out")
    assert code == 0
    assert "from before: a.txt" in said
