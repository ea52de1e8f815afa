"""The two databases: a SQLite file, and a PostgreSQL server that the test run starts."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from jupyter_cxg.annotations.store import Store
from tests.ports import free_port

QUOTA = 10_000_000


def programs() -> Path:
    """Where PostgreSQL's programs lie; Debian does not put them into the path."""
    found = shutil.which("initdb")
    places = [Path(found).resolve()] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert places, "There is no PostgreSQL: run tests/annotations/postgresql.sh"
    return places[-1].parent


def somebody() -> str | None:
    """Whom to be: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server, without a database; in a directory of its own, for this machine only."""
    user, port, where = somebody(), free_port(), Path(tempfile.mkdtemp(prefix="cxg-pg-"))
    if user is not None:
        os.chown(where, pwd.getpwnam(user).pw_uid, -1)
    (where / "password").write_text("secret")
    (where / "password").chmod(0o644)
    initdb = ["initdb", "-D", str(where / "data"), "-U", "cxg", "--no-sync", "-E", "UTF8", "--locale=C"]
    initdb += ["--auth=scram-sha-256", f"--pwfile={where / 'password'}"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={where}"
    data, log = str(where / "data"), str(where / "log")
    start = ["pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start"]

    def run(command: list[str]) -> None:
        done = subprocess.run(
            [str(programs() / command[0]), *command[1:]],
            user=user,
            cwd=where,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server lives
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, (command, Path(log).read_text() if Path(log).exists() else "")

    run(initdb)
    run(start)
    try:
        yield f"postgresql://cxg:secret@127.0.0.1:{port}"
    finally:
        run(["pg_ctl", "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(where)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "annotations" / "a.sqlite")
    server: str = request.getfixturevalue("postgresql")
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # no text from elsewhere
    return f"{server}/{name}"


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    made = Store(place, quota=QUOTA)
    yield made
    made.close()
