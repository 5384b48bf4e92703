"""Databases of earlier versions are brought up to date with everything that is in them."""

import sqlite3

from alembic import command
from alembic.config import Config
from services.conftest import NAMES, talk

from app.db.engine import MIGRATIONS, Database
from app.domain.runs import RunStatus


def test_a_database_with_data_from_before_intake_remembered_talks_is_brought_up_to_date(bench):
    made = bench()
    made.upload(*map(talk, NAMES))
    assert made.run().status is RunStatus.SUCCEEDED
    before = made.map()
    downgrade(made.app.db, "0001")
    with sqlite3.connect(made.app.settings.data_dir / "throughline.db") as db:
        columns = {row[1] for table in ("transcript", "participant") for row in db.execute(f"pragma table_info({table})")}
    assert not {"sketch", "about", "joined_to", "joined_speakers"} & columns
    made.app.db.migrate()
    assert made.app.db.up_to_date()
    assert made.map()["stages"] == before["stages"]
    assert {o.status for o in made.upload(*map(talk, NAMES))} == {"known"}
    one, other, *_ = made.app.people.participants(made.study.id)[0]
    assert [j.id for j in made.app.people.join(other.id, one.id).joined] == [other.id]


def downgrade(db: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with db._writer.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
