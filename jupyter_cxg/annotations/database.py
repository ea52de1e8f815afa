"""The connection: SQLite (WAL, every commit on the disk) or PostgreSQL, and the tables in it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, table, text
from sqlalchemy import column as sql_column
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from ..errors import BadQuery, Unavailable

log = logging.getLogger(__name__)

HEAD = "0003"
"""The last step of `migrations`; a test compares the two."""

BUSY_SECONDS = 30.0
_UPGRADING = 0x637867  # the number of our lock in PostgreSQL: "cxg"
_VERSION = table("cxg_alembic_version", sql_column("version_num"))


class Database:
    """Transactions on the tables. Thread-safe; connects when first needed.

    Parameters
    ----------
    place
        The path of a SQLite file, which the first edit makes, or a URL ``postgresql://…`` or ``sqlite:///…``.

    Raises
    ------
    BadQuery
        It is a URL of something else.
    """

    def __init__(self, place: str) -> None:
        self.file, self._url = _parse(place)
        self._engine: Engine | None = None
        self._lock = Lock()

    def is_empty(self) -> bool:
        """Whether nobody ever wrote, so that there is nothing to read."""
        return self.file is not None and self._engine is None and not self.file.exists()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the database."""
        with _explained(), self._open().connect() as connection:
            if self.file is None:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, which is on the disk when this ends without an error, or else never was."""
        with (
            _explained(),
            self._open().connect() as connection,
            connection.execution_options(cxg_writes=True).begin(),
        ):
            yield connection

    def close(self) -> None:
        """End all connections."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _open(self) -> Engine:
        with self._lock:
            if self._engine is None:
                engine = _sqlite(self.file) if self.file is not None else _postgresql(self._url)
                try:
                    _upgrade(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


@contextmanager
def _explained() -> Iterator[None]:
    """Errors of the database as one of ours, their text in the log: it may name hosts and files."""
    try:
        yield
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        log.error("The store of annotations failed: %s: %s", type(reason).__name__, reason)
        raise Unavailable(
            "The store of annotations cannot be used now, and nothing was saved: the server's log says why."
        ) from error


def _parse(place: str) -> tuple[Path | None, str]:
    if "://" not in place:
        return Path(place).expanduser().absolute(), ""
    try:
        url = make_url(place)
    except ArgumentError:
        raise BadQuery("Cxg.annotations_url is no URL of a database.") from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database:
        return Path(url.database).absolute(), ""
    if kind not in ("postgresql", "postgres"):
        raise BadQuery(f"Annotations can be stored in SQLite and PostgreSQL, not in {kind!r}.")
    return None, url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _sqlite(file: Path | None) -> Engine:
    assert file is not None  # noqa: S101 - the caller looked
    if not file.parent.exists():
        file.parent.mkdir(0o700, parents=True, exist_ok=True)
    # SQLite gives its other files (-wal, -shm) the mode of this one
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    engine = create_engine(URL.create("sqlite", database=str(file)), connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin when `begin` below says so
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # a commit returns when it is on the disk
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("cxg_writes", False)
        # A reader that turns into a writer fails if another one was faster, so writers say it at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})


def _upgrade(engine: Engine) -> None:
    """Make the tables what this version needs; two servers that start at once take turns."""
    with engine.connect() as connection, connection.begin():
        if _version(connection) == HEAD:
            return
    from alembic import command  # takes a while to import, and is needed once
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "jupyter_cxg.annotations:migrations")
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection, connection.execution_options(cxg_writes=True).begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADING})
        found = _version(connection)
        if found is not None and found > HEAD:
            raise Unavailable(
                "The annotations were written by a newer version of jupyter_cxg: update this one."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar()
    return version
