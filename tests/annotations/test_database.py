"""The tables and the steps that make them."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from jupyter_cxg.annotations.database import HEAD, Database
from jupyter_cxg.annotations.tables import metadata
from jupyter_cxg.errors import Unavailable


def test_the_steps_make_the_tables(place: str) -> None:
    database = Database(place)
    with database.writing() as connection:
        options = {"version_table": "cxg_alembic_version"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    database.close()


def test_the_last_step_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", "jupyter_cxg.annotations:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_tables_of_a_newer_version_are_left_alone(place: str) -> None:
    database = Database(place)
    with database.writing() as connection:
        connection.execute(text("UPDATE cxg_alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(Unavailable, match="newer"), database.reading():
        pass


def test_sqlite_writes_to_the_disk_before_it_says_so(tmp_path: Path) -> None:
    database = Database(f"{tmp_path}/a.sqlite")
    with database.writing() as connection:
        journal = connection.execute(text("PRAGMA journal_mode")).scalar()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar()
    assert (journal, synchronous) == ("wal", 2)  # FULL
    database.close()
