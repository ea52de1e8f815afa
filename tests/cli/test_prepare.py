"""``jupyter cxg prepare``, ``list`` and ``remove`` as processes."""

import hashlib
import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.identity import snapshot_id
from tests.cli.commands import COMMAND, Environment, environment_of, ran
from tests.reference.example import tiny_adata


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path)


@pytest.fixture
def catalog(environment: Environment) -> Catalog:
    return Catalog(Path(environment["CXG_SNAPSHOT_DIR"]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files, one of them in a folder, and what is to be passed over."""
    (tmp_path / "data" / "sub").mkdir(parents=True)
    tiny_adata().write_h5ad(tmp_path / "data" / "a.h5ad")
    tiny_adata().write_zarr(tmp_path / "data" / "sub" / "b.zarr")
    (tmp_path / "data" / "notes.txt").write_text("nothing")
    (tmp_path / "data" / ".hidden.h5ad").write_text("nothing")
    (tmp_path / "data" / "circle").symlink_to(tmp_path / "data")
    return tmp_path / "data"


def contents(directory: Path) -> dict[str, str]:
    """Each file of a snapshot and a hash of it; of the manifest, all but when it was made."""
    found = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.name not in ("alive.lock", "last_read"):
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps({**json.loads(content), "created": ""}).encode()
            found[str(path.relative_to(directory))] = hashlib.sha256(content).hexdigest()
    return found


def test_a_folder_is_prepared_once(folder: Path, environment: Environment, catalog: Catalog) -> None:
    code, out, said = ran(["prepare", folder], environment)
    assert (code, said) == (0, "")
    assert [line.partition(":")[0] for line in out.splitlines()] == ["a.h5ad", "sub/b.zarr"]
    assert "60 cells, 20 genes" in out and "\r" not in out
    assert {m.id for m in catalog.list()} == {snapshot_id(folder / name) for name in ("a.h5ad", "sub/b.zarr")}
    before = [manifest.created for manifest in catalog.list()]
    assert ran(["prepare", folder / "a.h5ad"], environment)[0] == 0
    assert [manifest.created for manifest in catalog.list()] == before
    assert ran(["prepare", "--force", folder / "a.h5ad"], environment)[0] == 0
    assert [manifest.created for manifest in catalog.list()] != before


def test_one_bad_file_does_not_stop_the_others(
    folder: Path, environment: Environment, catalog: Catalog
) -> None:
    (folder / "a.h5ad").write_bytes(b"these are no cells")
    code, out, said = ran(["prepare", folder], environment)
    assert code == 1 and "a.h5ad is not an HDF5 file" in said
    assert out.startswith("a.h5ad: not prepared\nsub/b.zarr: 60 cells")
    assert len(catalog.list()) == 1


def test_a_terminal_sees_how_far_it_is(folder: Path, environment: Environment) -> None:
    ours, theirs = pty.openpty()
    deep = folder / ("a folder of a long name " * 4).strip()  # longer than the terminal is wide
    deep.mkdir()
    (folder / "a.h5ad").rename(deep / "a.h5ad")
    with subprocess.Popen([*COMMAND, "prepare", deep / "a.h5ad"], stdout=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # the other end is closed
            pass
        assert process.wait(30) == 0
    assert "name/a.h5ad  █".encode() in said and said.count(b"\r") > 1 and said.endswith(b"s)\x1b[K\r\n")


@pytest.mark.parametrize("when", ["Reading", "copying"])
def test_a_killed_run_is_made_good(
    folder: Path, environment: Environment, catalog: Catalog, tmp_path: Path, when: str
) -> None:
    """The bytes are those of a run that nobody disturbed."""
    path = folder / "a.h5ad"
    undisturbed = {**environment, "CXG_SNAPSHOT_DIR": str(tmp_path / "undisturbed")}
    assert ran(["prepare", path], undisturbed)[0] == 0
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    way = {
        "Reading": f"from jupyter_cxg.snapshot import files\nfiles.open_file = lambda *_, **__: {kill}",
        "copying": f"from jupyter_cxg.snapshot import writer\nwriter._write_raw = lambda *_: {kill}",
    }[when]
    id = snapshot_id(path)
    code = f"import os, signal, sys\n{way}\nfrom jupyter_cxg.snapshot.prepare import main\nmain()"
    from jupyter_cxg.snapshot.prepare import Job

    job = Job(id, str(path.resolve()), str(path), str(catalog.root), None, 3600)
    worker = subprocess.Popen(
        [COMMAND[0], "-c", code], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
    )
    assert worker.stdin
    worker.stdin.write(job.to_line())
    worker.stdin.flush()
    assert worker.wait(30) == -signal.SIGKILL
    worker.stdin.close()
    if when == "copying":
        assert (catalog.root / id / "r1.zarr").exists() and not catalog.list()
    assert ran(["prepare", path], environment)[0] == 0
    assert contents(catalog.root / id) == contents(tmp_path / "undisturbed" / id)
    assert len(contents(catalog.root / id)) > 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_may_be_stopped(folder: Path, environment: Environment, catalog: Catalog, number: int) -> None:
    with catalog.turn(snapshot_id(folder / "a.h5ad")):  # so that it waits
        process = subprocess.Popen(
            [*COMMAND, "prepare", folder],
            stdout=(theirs := pty.openpty())[1],
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        said = b""
        while b"Waiting for another" not in said:
            said += os.read(theirs[0], 4096)
        process.send_signal(number)
        _, error = process.communicate(timeout=30)
    assert process.returncode == 1 and "was cancelled" in error and "Traceback" not in error
    assert not catalog.list()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["prepare"], "Say which file: jupyter cxg prepare FILE"),
        (["prepare", "missing.h5ad"], "There is no file missing.h5ad."),
        (["prepare", "{folder}/notes.txt"], "is of another kind: .h5ad, .h5mu, 10x .h5 and .loom"),
        (["prepare", "{folder}/circle/sub/empty"], "There is no file"),
        (["prepare", "{folder}/pipe.h5ad"], "is not a file"),
        (["prepare", "{folder}/loop.h5ad"], "is a link that leads back to itself"),
        (["prepare", "ftp://example.org/x.h5ad"], "Addresses that begin with ftp:// are not read"),
        (["prepare", "http://127.0.0.1:9/x.h5ad"], "add --allow-private 127.0.0.1 if that is meant"),
        (["prepare", "{folder}/a.h5ad", "--memory=lots"], "is no size"),
        (["prepare", "{folder}/a.h5ad", "--memory=1M"], "are not enough: give at least"),
        (["prepare", "{folder}/a.h5ad", "--forse"], "There is no option --forse"),
        (["prepare", "{folder}/a.h5ad", "-f"], "There is no option -f: see jupyter cxg prepare --help."),
        (["prepare", "--allow-private"], "--allow-private needs a value."),
        (["list", "x"], "takes no arguments"),
        (["remove"], "Say which"),
        (["remove", "--all", "x"], "Say which"),
        (["remove", "0123456789abcdef"], "There is no snapshot 0123456789abcdef"),
        (["remove", "../../etc"], "There is no snapshot"),
    ],
)
def test_what_is_not_asked_for_properly(
    folder: Path, environment: Environment, arguments: list[str], sentence: str
) -> None:
    os.mkfifo(folder / "pipe.h5ad")
    (folder / "loop.h5ad").symlink_to(folder / "loop.h5ad")
    code, _, said = ran([word.format(folder=folder) for word in arguments], environment)
    assert code == 2 and sentence in said and said.count("\n") == 1, said


def test_they_are_listed_and_removed(folder: Path, environment: Environment) -> None:
    assert ran(["list"], environment)[1] == "There are no snapshots.\n"
    assert json.loads(ran(["list", "--json"], environment)[1]) == []
    ran(["prepare", folder], environment)
    listed = json.loads(ran(["list", "--json"], environment)[1])
    assert sorted(item["title"] for item in listed) == ["a.h5ad", "b.zarr"]
    assert listed[0].keys() == {
        "id", "title", "n_obs", "n_vars", "bytes", "state", "created", "source"
    }  # fmt: skip
    text = ran(["list"], environment)[1].splitlines()
    assert text[0].split() == ["id", "title", "cells", "genes", "size", "state", "source"]
    assert len({line.index(word) for line, word in zip(text[1:], ("complete", "complete"), strict=True)}) == 1
    code, out, _ = ran(["remove", listed[0]["id"]], environment)
    assert code == 0 and out == f"removed {listed[0]['id']} ({listed[0]['title']})\n"
    # all that are named, or none
    assert ran(["remove", listed[1]["id"], listed[0]["id"]], environment)[0] == 2
    assert len(json.loads(ran(["list", "--json"], environment)[1])) == 1
    assert ran(["remove", "--all"], environment)[0] == 0
    assert ran(["list"], environment)[1] == "There are no snapshots.\n"
