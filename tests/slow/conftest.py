"""What several slow tests share: the demo, drawn once by the command itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PATIENCE_MS, Visitor, served, visiting
from playwright.sync_api import expect


@pytest.fixture(autouse=True, scope="session")
def _patient() -> None:
    """What a page is expected to show may take a while beside another test."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def drawn_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that `throughline demo` leaves behind."""
    folder = tmp_path_factory.mktemp("demo")
    given = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE_")}
    command = [str(Path(sys.executable).with_name("throughline")), "demo", "--no-serve", "--data", str(folder / "data")]
    subprocess.run(command, env=given, cwd=folder, check=True, capture_output=True, timeout=280)
    return folder / "data"


@pytest.fixture(scope="module")
def demo(drawn_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Somebody who is signed in to a copy of the demo."""
    folder = tmp_path_factory.mktemp("copy") / "data"
    shutil.copytree(drawn_demo, folder)
    with served(folder) as (house, base), visiting(f"{base}/sign-in?token={house.sign_in.issue()}") as visitor:
        yield visitor
