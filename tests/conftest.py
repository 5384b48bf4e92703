"""Makes the modules beside this file importable from every test (pytest puts this folder on the path)."""

import hashlib
import itertools
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.db.engine import Database
from app.services import store


def writable(folder: Path) -> bool:
    """Whether a file can be made there; who is not allowed to make the folder is told so by the migration itself."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def revision(file: Path) -> str | None:
    """The newest migration that a database went through; None for a file that is no database of ours or not there."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except sqlite3.Error:
        return None


@pytest.fixture(autouse=True, scope="session")
def _migrated_once(tmp_path_factory):
    """Migrations run once in a session: a database that is not there yet starts as a copy of an empty one that went through them all.

    Alembic takes as long to find out that there is nothing to do, so it is not asked where the file says it is at the newest revision.
    """
    template = tmp_path_factory.mktemp("template") / "empty.db"
    made = Database(f"sqlite:///{template}")
    made.migrate()
    made.dispose()
    newest = revision(template)
    migrate = Database.migrate

    def copy_or_migrate(self):
        named = sa.make_url(self.url).database if self.engine.dialect.name == "sqlite" else None
        if named and not Path(named).exists() and writable(Path(named).parent):
            shutil.copyfile(template, named)
        if not named or revision(Path(named)) != newest:
            migrate(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "migrate", copy_or_migrate)
        yield


@pytest.fixture(autouse=True, scope="session")
def _same_ids_each_time():
    """Ids are drawn from the test's own name: the fakes group quotes by their ids, so that another id could mean another map."""
    drawn = itertools.count()
    test = ""

    def token_hex(length: int) -> str:
        nonlocal drawn, test
        now = os.environ.get("PYTEST_CURRENT_TEST", "")
        if now != test:
            drawn, test = itertools.count(), now
        return hashlib.blake2b(f"{now} {next(drawn)}".encode(), digest_size=length).hexdigest()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "secrets", SimpleNamespace(token_hex=token_hex))
        yield
