"""``jupyter cxg prepare`` when the machine fails: a disk that is full, a process that is killed."""

import resource
import signal
import subprocess
from pathlib import Path

import h5py
import pytest

from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.identity import snapshot_id
from tests.cli.commands import COMMAND, Environment, environment_of, ran
from tests.cli.test_prepare import contents
from tests.reference.example import tiny_adata


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return environment_of(tmp_path)


@pytest.fixture
def h5ad(tmp_path: Path) -> Path:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


@pytest.mark.parametrize("most", [100, 600, 1500])
def test_a_file_that_may_not_grow(h5ad: Path, environment: Environment, most: int) -> None:
    """The system refuses to write beyond so many bytes, as it does beyond a quota."""
    done = subprocess.run(
        [*COMMAND, "prepare", h5ad],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    root = Path(environment["CXG_SNAPSHOT_DIR"])
    assert not [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    assert ran(["prepare", h5ad], environment)[0] == 0


def test_a_matrix_that_lies(h5ad: Path, environment: Environment, tmp_path: Path) -> None:
    """There is a picture, and whoever prepares it learns that there are no genes: also the second time."""
    with h5py.File(h5ad, "r+") as file:
        file["X/indices"][7] = 10**6
    code, out, said = ran(["prepare", h5ad], environment)
    assert code == 1 and out.startswith(f"{h5ad}: 60 cells"), out
    assert "X has an index outside of its" in said and said.count("\n") == 1, said
    tiny_adata().write_h5ad(other := tmp_path / "y.h5ad")
    code, out, said = ran(["prepare", h5ad, other], environment)
    assert code == 1 and out.count("60 cells") == 2
    broken, count = said.splitlines()
    assert "X has an index outside of its" in broken
    assert count == "jupyter cxg: 1 of 2 files could not be prepared as a whole."


def test_a_file_without_matrices_is_whole(environment: Environment, tmp_path: Path) -> None:
    adata = tiny_adata()
    adata.X, adata.raw = None, None
    adata.layers.clear()
    adata.write_h5ad(path := tmp_path / "x.h5ad")
    code, _, said = ran(["prepare", path], environment)
    assert (code, said) == (0, "")


def test_a_disk_that_is_full(h5ad: Path, environment: Environment, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", disk], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        code, _, said = ran(["prepare", h5ad], {**environment, "CXG_SNAPSHOT_DIR": str(disk / "snapshots")})
        assert code == 1 and "The disk of" in said and said.count("\n") == 1, said
        assert not Catalog(disk / "snapshots").list()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("after", [0.4, 0.9, 1.4])
def test_killed_at_any_time(h5ad: Path, environment: Environment, tmp_path: Path, after: float) -> None:
    """Then run again: the bytes are those of a run that nobody disturbed."""
    undisturbed = {**environment, "CXG_SNAPSHOT_DIR": str(tmp_path / "undisturbed")}
    assert ran(["prepare", h5ad], undisturbed)[0] == 0
    process = subprocess.Popen(
        [*COMMAND, "prepare", h5ad],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert ran(["prepare", h5ad], environment)[0] == 0
    id = snapshot_id(h5ad)
    there, expected = Path(environment["CXG_SNAPSHOT_DIR"]) / id, tmp_path / "undisturbed" / id
    assert contents(there) == contents(expected) and len(contents(there)) > 20
