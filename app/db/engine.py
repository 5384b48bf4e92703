"""The one module that knows which database it is: engines, transactions, migrations."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, Dialect
from sqlmodel import Session

from app.errors import UsageError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 30
SQLITE_CONNECTIONS = 32
"""Kept open; they cost little, and making one for every transaction costs more than most transactions do."""


ANALYSIS_LIMIT = 400
"""Rows of each index that SQLite looks at to learn what is in it: as its documentation advises, and a matter of milliseconds."""
SQLITE_RECYCLE_S = 600
"""A connection knows what was learnt when it was opened, so they are opened anew now and then; that costs a millisecond."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC time, also where the database keeps none."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("times are stored with a zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Database:
    """A database by URL. `read` and `write` open one transaction each; none may be open across a model call."""

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self.engine = _sqlite_engine(url) if url.startswith("sqlite") else sa.create_engine(url, pool_pre_ping=True)
        except (sa.exc.ArgumentError, ImportError):
            raise UsageError("the database's URL cannot be used; write it like sqlite:///folder/throughline.db") from None
        self._writer = self.engine.execution_options(throughline_write=True)
        # SQLite lets one write at a time and has the others ask again and again; threads of one process wait in a queue instead
        self._turn: AbstractContextManager[object] = threading.RLock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only looks."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits at the end, or leaves nothing behind."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date; doing it again changes nothing. Raises `UsageError` for a database that cannot be used."""
        try:
            self._migrate()
            self._learn()
        except sa.exc.DBAPIError as error:
            raise UsageError(f"the database {self.engine.url} cannot be used: {str(error.orig).splitlines()[0]}") from None
        except CommandError:
            raise UsageError(f"the database {self.engine.url} was made by another version of Throughline") from None

    def _migrate(self) -> None:
        if self.engine.dialect.name == "sqlite" and (file := sa.make_url(self.url).database):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._writer.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def take_stock(self) -> None:
        """Have SQLite learn how much is in its tables, by which it chooses its ways, after much was written; PostgreSQL does by itself.

        Not `PRAGMA optimize`: before SQLite 3.46 that passes over whatever its own connection has not asked for yet.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with suppress(sa.exc.OperationalError), self._turn, self._writer.connect() as connection:  # busy for long: the next run does it
            connection.exec_driver_sql(f"PRAGMA analysis_limit={ANALYSIS_LIMIT}")
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        self.engine.dispose()  # connections that are open go by what they knew

    def _learn(self) -> None:
        """Take stock of a SQLite file with quotes in it that nothing is known of, as earlier versions left them."""
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").first()
            holds = connection.exec_driver_sql("SELECT 1 FROM quote LIMIT 1").first()
        if holds and not known:
            self.take_stock()

    def up_to_date(self) -> bool:
        """Whether the database answers and its tables are those this version works on."""
        head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        try:
            with self.engine.connect() as connection:
                return MigrationContext.configure(connection).get_current_revision() == head
        except sa.exc.SQLAlchemyError:
            return False

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> sa.Engine:
    given = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=given, pool_size=SQLITE_CONNECTIONS, pool_recycle=SQLITE_RECYCLE_S)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_S * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # a deferred BEGIN that reads and then writes fails at once under load, whatever the timeout
        immediate = connection.get_execution_options().get("throughline_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
