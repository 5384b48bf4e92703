"""`throughline synthesize --tagger hybrid` with the real offline tagger and fit, against a server that answers as a test scripts it."""

import json
import sys

import pytest
from golden import write_study
from scripted_server import ScriptedServer
from test_llm import assert_nothing_is_invented, document, quotes, task_of

from app.cli import main
from app.stages import sample

TALK = """Ann Finch: How did you start with number {n}?

{name}: A friend told me about it at work. The website was slow, and comparing the prices took me {n} whole evenings.

Ann Finch: Did you ever need help?

{name}: I rang the support line on a Sunday and waited {n} minutes. In the end the woman on the phone sorted it in no time.

Ann Finch: Would you stay?

{name}: I think so, the {n} visits were on time and the driver always calls. I would like one bill a quarter instead of {n} a year.
"""
NAMES = ["Tendai", "Bea", "Carla", "Dmitri", "Esi", "Farid", "Greta", "Hanna", "Ivo", "Jia", "Kofi", "Lena"]


@pytest.fixture(autouse=True)
def small_numbers(monkeypatch):
    monkeypatch.setattr(sample, "ALL_UP_TO", 30)
    monkeypatch.setattr(sample, "PER_CUBE_ROOT", 8.0)
    monkeypatch.setattr("app.services.hybrid.LEAST_LEARNED", 10)


@pytest.fixture
def throughline(monkeypatch, capsys, tmp_path):
    """A command in this process, in an empty folder; gives exit code, standard output and standard error."""

    monkeypatch.chdir(tmp_path)

    def run(server, *arguments):
        monkeypatch.setenv("THROUGHLINE_LLM_BASE_URL", server.url)
        monkeypatch.setenv("THROUGHLINE_LLM_MODEL", "scripted")
        monkeypatch.setattr(sys, "argv", ["throughline", *map(str, arguments), "--tagger", "hybrid"])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.mark.slow
def test_a_part_is_tagged_by_the_model_the_rest_by_heads_and_the_agreement_is_told_everywhere(throughline, tmp_path):
    interviews, out = tmp_path / "interviews", tmp_path / "out"
    interviews.mkdir()
    for n, name in enumerate(NAMES, start=2):
        (interviews / f"{name}.txt").write_text(TALK.format(name=f"{name} Marsh", n=n), encoding="utf-8")
    with ScriptedServer() as server:
        code, _, said = throughline(server, "synthesize", interviews, "--out", out)
        assert code == 0, said
        asked = len(server.calls)
        again, _, repeated = throughline(server, "synthesize", interviews, "--out", out)
        assert (again, len(server.calls)) == (0, asked)
    sources = [q["source"] for q in quotes(out)]
    assert set(sources) == {"llm", "hybrid-heads"}
    assert sources.count("llm") <= sample.share(len(sources))
    learned = document(out)["run"]["agreement"]
    assert (learned["asked"], learned["of"]) == (sources.count("llm"), len(sources))
    assert set(learned["fields"]) == {"stage", "channel", "kind", "emotion", "intensity", "experience"}
    told = f"The language model tagged {learned['asked']} of {len(sources)} quotes"
    assert told in said
    assert told in repeated
    report = (out / "report.md").read_text(encoding="utf-8")
    assert told in report
    assert "| stage |" in report
    assert "write_stage" in {task_of(call) for call in server.calls}
    assert_nothing_is_invented(out)


def test_hybrid_tagging_is_measured_like_any_other_tagger(throughline, tmp_path, monkeypatch):
    monkeypatch.setattr(sample, "ALL_UP_TO", 4)
    monkeypatch.setattr(sample, "PER_CUBE_ROOT", 4.0)
    monkeypatch.setattr(sample, "LEAST_HELD", 2)
    monkeypatch.setattr("app.services.hybrid.LEAST_LEARNED", 2)
    monkeypatch.setattr("app.adapters.openai.window_size", lambda *_: 1)
    for name in ("kettle", "toaster", "oven", "lamp"):
        write_study(tmp_path / "gold" / name)
    with ScriptedServer() as server:
        code, said, error = throughline(server, "evaluate", "--gold", tmp_path / "gold", "--json")
        assert code == 0, error
    measured = json.loads(said)
    assert measured["tagger"]["source"] == "hybrid"
    assert measured["gaps"]["quotes"] == 0
    assert 0 < measured["cost"]["calls"] <= sample.share(20) < 20
    assert measured["all"]["fields"]["stage"]["n"] == 20
