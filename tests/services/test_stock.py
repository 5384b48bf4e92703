"""SQLite knows how much is in its tables, and a map does not depend on the ways it chooses by that."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from services.conftest import NAMES, talk

from app.db.engine import Database


def learnt(folder):
    with closing(sqlite3.connect(folder / "throughline.db")) as connection:
        told = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone()
        return {table for (table,) in connection.execute("SELECT DISTINCT tbl FROM sqlite_stat1")} if told else set()


def test_a_run_ends_with_sqlite_knowing_what_it_wrote(drawn_once):
    assert {"quote", "suggestion", "speaker", "map_version"} <= learnt(drawn_once)


def test_a_file_of_an_earlier_version_is_learnt_when_it_is_opened(bench, drawn_once):
    made = bench(like=drawn_once)
    folder = made.app.settings.data_dir
    made.app.db.dispose()
    with closing(sqlite3.connect(folder / "throughline.db")) as connection:
        connection.execute("DROP TABLE sqlite_stat1")
        connection.commit()
    assert learnt(folder) == set()
    database = Database(made.app.settings.data_url)
    database._learn()
    database.dispose()
    assert "quote" in learnt(folder)


@pytest.mark.slow
def test_a_map_is_the_same_whatever_the_order_in_which_rows_come(bench):
    def drawn(name):
        made = bench(name)
        made.upload(*map(talk, NAMES))
        made.run()
        document = made.map()
        return {key: value for key, value in document.items() if key not in {"created_at", "run"}}

    def backwards(connection, _record):
        connection.execute("PRAGMA reverse_unordered_selects=ON")

    usual = drawn("usual")
    sa.event.listen(sa.Engine, "connect", backwards)
    try:
        assert drawn("backwards") == usual
    finally:
        sa.event.remove(sa.Engine, "connect", backwards)
