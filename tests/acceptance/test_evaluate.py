"""`throughline evaluate` as its users run it."""

import json
import re
import sys
from pathlib import Path

import pytest
from golden import write_rows, write_study
from scripted_server import ScriptedServer, error, sensible

from app.adapters.gold_folder import read_gold
from app.adapters.measured import OFFLINE, measured
from app.cli import main
from app.errors import AssetError
from app.measuring import document_text

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def evaluate(monkeypatch, capsys, tmp_path):
    """The command in this process, in an empty folder and without a model; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    for name in ("THROUGHLINE_LLM_BASE_URL", "THROUGHLINE_LLM_MODEL", "THROUGHLINE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["throughline", "evaluate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def model(monkeypatch):
    def configure(server):
        monkeypatch.setenv("THROUGHLINE_LLM_BASE_URL", server.url)
        monkeypatch.setenv("THROUGHLINE_LLM_MODEL", "scripted")

    return configure


def test_the_offline_tagger_is_measured_without_a_database_and_its_figures_written(evaluate, tmp_path):
    write_study(tmp_path / "gold" / "kettle", second=True)
    code, said, _ = evaluate("--gold", "gold", "--tagger", "offline", "--out", "quality.json")
    assert code == 0
    assert "5 quotes, 1 of them hard, 2 interviews, 1 fields of life" in said
    for title in ("all quotes", "kappa on the 5 quotes labelled twice", "kappa by study", "stage: label (rows) and answer (columns)"):
        assert title in said
    assert re.search(r"^experience +5 ", said, re.MULTILINE)
    assert "…  " not in said, "a column was cut off"
    document = json.loads((tmp_path / "quality.json").read_text(encoding="utf-8"))
    assert (document["schema_version"], document["tagger"]["source"]) == (1, "offline")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["gold", "quality.json"]
    assert json.loads(document_text(document)) == document


def test_a_model_is_measured_with_what_it_cost_and_asked_nothing_twice(evaluate, model, tmp_path):
    write_study(tmp_path / "gold")
    with ScriptedServer(sensible) as server:
        model(server)
        code, said, _ = evaluate("--gold", "gold", "--json")
        document = json.loads(said)
        asked = len(server.calls)
        again = json.loads(evaluate("--gold", "gold", "--json")[1])
        assert len(server.calls) == asked
    assert (code, document["gaps"]["quotes"]) == (0, 0)
    assert document["tagger"]["model"] == "scripted"
    assert document["cost"]["calls"] == asked == 2
    assert document["cost"]["tokens_in"] == 200
    assert again["all"] == document["all"]
    assert again["cost"]["cached"] == 2


def test_quotes_that_a_model_left_without_tags_are_said_and_the_exit_code_tells(evaluate, model, tmp_path):
    write_study(tmp_path / "gold")
    with ScriptedServer(lambda _request, _before: error(400, "no")) as server:
        model(server)
        code, said, _ = evaluate("--gold", "gold", "--tagger", "llm")
    assert code == 5
    assert "5 quotes have no tags and count as wrong" in said


def test_what_cannot_be_measured_is_said_in_a_line(evaluate, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, said = evaluate("--gold", "empty")
    assert (code, said.count("\n")) == (2, 1)
    assert "holds no gold standard" in said
    rows = write_study(tmp_path / "gold")
    write_rows(tmp_path / "gold" / "labels.jsonl", [rows[0] | {"start": 3}])
    code, _, said = evaluate("--gold", "gold", "--tagger", "offline")
    assert code == 2
    assert "labels.jsonl:1: the transcript does not hold this text" in said
    assert evaluate("--gold", "gold", "--tagger", "llm")[0] == 2


def test_stored_measurements_are_found_beside_what_they_measured_newest_prompt_first(tmp_path):
    for place in ("offline", "prompts/tag_quotes/v2", "prompts/tag_quotes/v10", "prompts/write_stage/v1"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "quality.json").write_text(json.dumps({"schema_version": 1, "place": place}), encoding="utf-8")
    found = measured(tmp_path / "offline" / "quality.json", tmp_path / "prompts")
    assert [document["place"] for document in found] == ["offline", "prompts/tag_quotes/v10", "prompts/tag_quotes/v2"]
    assert measured(tmp_path / "none.json", tmp_path / "none") == []


@pytest.mark.parametrize("text", ["{", "[]", '{"schema_version": 2}'])
def test_a_stored_measurement_that_cannot_be_read_is_named(text, tmp_path):
    file = tmp_path / "quality.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AssetError, match=r"quality\.json is"):
        measured(file, tmp_path)


def test_the_readme_tells_the_figures_that_ship():
    (document,) = (d for d in measured() if d["tagger"]["source"] == "offline")
    words = {"pain or delight": "experience"}
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) % \| (\S+) \((\S+) to (\S+)\) \| (\S+) \| (\S+) \|$", README, re.MULTILINE)
    assert len(rows) == len(document["all"]["fields"])
    for title, *told in rows:
        name = words.get(title, title)
        figures = document["all"]["fields"][name]
        hard, twice = document["hard"]["fields"][name], document["labellers"]["first_second"]["fields"][name]
        kappas = (figures["kappa"], figures["kappa_low"], figures["kappa_high"], hard["kappa"], twice["kappa"])
        assert told == [f"{100 * figures['accuracy']:.0f}", *(f"{kappa:.2f}".replace("-", "−") for kappa in kappas)], title


def test_the_stored_measurement_of_the_offline_tagger_is_small_and_of_the_labels_that_ship():
    (document,) = (d for d in measured() if d["tagger"]["source"] == "offline")
    assert OFFLINE.stat().st_size < 40_000
    assert document["gold"]["sha256"] == read_gold(ROOT / "fixtures" / "gold" / "test").sha256, "measure again with make bench-tags"
    assert document["gaps"]["quotes"] == 0
