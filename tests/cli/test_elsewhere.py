"""Addresses on the command line."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.cli.elsewhere import ids_of
from jupyter_cxg.errors import NotFound
from jupyter_cxg.snapshot.address import address_of
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.reading import Reading
from tests.cli.commands import COMMAND, Environment, environment_of, ran
from tests.reference.example import tiny_adata
from tests.snapshot.remote_server import Server

SECRETS = ("s3cret", "abcdef")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "served").mkdir()
    tiny_adata().write_h5ad(tmp_path / "served" / "x.h5ad")
    found = Server(tmp_path / "served")
    yield found
    found.stop()


def secret_url(here: Server) -> str:
    return here.url.replace("//", "//ada:s3cret@") + "/x.h5ad?X-Amz-Signature=abcdef"


def test_an_address_is_prepared_once(here: Server, environment: Environment, tmp_path: Path) -> None:
    words = ["prepare", f"{here.url}/x.h5ad", "--allow-private", here.host]
    code, out, said = ran(words, environment)
    assert (code, said) == (0, "") and out.startswith(f"{here.url}/x.h5ad: 60 cells, 20 genes")
    (manifest,) = Catalog(Path(environment["CXG_SNAPSHOT_DIR"])).list()
    count = len(here.asked)
    assert ran(words, environment)[0] == 0
    assert len(here.asked) == count + 1  # whether it changed
    listed = json.loads(ran(["list", "--json"], environment)[1])
    assert [(item["id"], item["source"]) for item in listed] == [(manifest.id, f"{here.url}/x.h5ad")]


def test_nothing_secret_leaves_the_command(here: Server, environment: Environment, tmp_path: Path) -> None:
    """Not by what it says or writes, and not by the arguments of the processes that it starts."""
    seen: list[str] = []

    async def watched(request: Any, path: Path) -> None:
        for process in Path("/proc").iterdir():
            try:
                seen.append((process / "cmdline").read_text().replace("\0", " "))
            except (OSError, ValueError):
                continue

    here.behave = watched
    asked, code = secret_url(here), "from jupyter_cxg.cli.app import run; import sys; "
    # the command's own argument is the person's to hide: here it comes from stdin
    code += "sys.exit(run(['prepare', sys.stdin.readline().strip(), '--allow-private', sys.argv[1]]))"
    done = subprocess.run(
        [sys.executable, "-c", code, here.host],
        input=asked,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert any("jupyter_cxg.snapshot.prepare" in line for line in seen)
    assert any("jupyter_cxg.snapshot.stamps" in line for line in seen)
    written = [p.read_bytes() for p in Path(environment["CXG_SNAPSHOT_DIR"]).rglob("*") if p.is_file()]
    for secret in SECRETS:
        assert secret not in done.stdout + done.stderr
        assert not [line for line in seen if secret in line]
        assert not [content for content in written if secret.encode() in content]
    assert any("Authorization" in headers for headers in here.headers)


def test_a_served_address_shows_nothing_secret(
    here: Server, environment: Environment, tmp_path: Path
) -> None:
    words = ["serve", secret_url(here), "--allow-private", here.host, "--auth", "none", "--port", "0"]
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout and process.stderr
        said = process.stdout.readline()
        url = process.stdout.readline().strip()
        assert "serves x.h5ad" in said and url.startswith("http://127.0.0.1:")
        pages = [url + path for path in ("", "cxg/api/snapshots")]
        answers = [urllib.request.urlopen(page).read().decode() for page in pages]  # noqa: S310 - our own
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert not [secret for secret in SECRETS if secret in "".join([said, out, err, *answers])]


def test_what_cannot_be_asked_for(here: Server, environment: Environment) -> None:
    code, out, said = ran(["serve", f"{here.url}/none.h5ad", f"--allow-private={here.host}"], environment)
    assert (
        (code, out) == (2, "")
        and said.startswith("jupyter cxg: There is no http://")
        and said.count("\n") == 1
    )
    with pytest.raises(NotFound):
        ids_of([address_of(f"{here.url}/none.h5ad")], Reading(private=(here.host,)))
    here.stop()
    code, _, said = ran(["prepare", f"{here.url}/x.h5ad", f"--allow-private={here.host}"], environment)
    assert code == 1 and "does not answer" in said and said.count("\n") == 1


def test_without_the_libraries(here: Server, environment: Environment, tmp_path: Path) -> None:
    """As in an environment that has them not: the finder says so."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import importlib.util as u, sys\nreal = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'aiohttp' else real(name, *rest)\n"
    )
    changed = {**environment, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(Path.cwd())])}
    code, _, said = ran(["prepare", f"{here.url}/x.h5ad"], changed)
    assert code == 2 and "pip install 'jupyter-cxg[remote]'" in said
    code, _, said = ran(["prepare", "gs://bucket/x.h5ad"], environment)
    assert code == 2 and "pip install 'jupyter-cxg[remote]' gcsfs" in said and not here.asked
