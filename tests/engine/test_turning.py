"""Turned matrices in files: as scipy turns them, whatever stops the work on the way, and in little memory."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.engine import turned, turning
from jupyter_cxg.engine.turned import open_turned
from jupyter_cxg.engine.turning import Sizes, write_turned
from jupyter_cxg.model import Array, Dense, Matrix, Sparse
from tests.reference import naive

SMALL = Sizes(300, 150)


@pytest.fixture
def dense() -> Array:
    rng = np.random.default_rng(0)
    return ((rng.random((210, 90)) < 0.3) * rng.normal(size=(210, 90))).astype(np.float32)


def write(aside: Path, matrix: Matrix, *, threads: int = 2, stop_at: float = 2, sizes: Sizes = SMALL) -> None:
    seen = [0.0]
    write_turned(
        aside,
        matrix,
        threads=threads,
        advance=seen.append,
        cancelled=lambda: seen[-1] >= stop_at,
        sizes=sizes,
    )
    assert seen == sorted(seen) and seen[-1] == 1


def content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_sparse_ones_are_what_scipy_gives(tmp_path: Path, dense: Array, layout: str, threads: int) -> None:
    matrix = naive.to_sparse(dense, layout)
    write(tmp_path / "a", matrix, threads=threads)
    found = open_turned(tmp_path / "a", matrix)
    assert isinstance(found, Sparse) and found.layout != layout
    expected = sparse.csc_matrix(dense) if layout == "csr" else sparse.csr_matrix(dense)
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"data.npy", "indices.npy", "indptr.npy"}


@pytest.mark.parametrize("order", ["C", "F"])
def test_dense_ones_get_the_other_order(tmp_path: Path, dense: Array, order: str) -> None:
    matrix = Dense(np.asarray(dense, order=order))  # type: ignore[call-overload]  # either of the two
    write(tmp_path / "a", matrix)
    found = open_turned(tmp_path / "a", matrix)
    np.testing.assert_array_equal(found.data, dense)
    assert found.data.flags.c_contiguous is (order == "F")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["data.npy"]


@pytest.mark.parametrize("stop_at", [0.05, 0.1, 0.12, 0.4, 0.64, 0.7, 0.9, 0.95])
@pytest.mark.parametrize("is_dense", [False, True])
def test_what_was_stopped_goes_on_to_the_same_bytes(
    tmp_path: Path, dense: Array, stop_at: float, is_dense: bool
) -> None:
    matrix = Dense(dense) if is_dense else naive.to_sparse(dense, "csr")
    write(tmp_path / "whole", matrix)
    with pytest.raises(Cancelled):
        write(tmp_path / "a", matrix, stop_at=stop_at)
    write(tmp_path / "a", matrix, threads=1)
    assert content(tmp_path / "a") == content(tmp_path / "whole")


class Killed(BaseException):
    """Nobody catches it, as nobody does a signal."""


@pytest.mark.parametrize("threads", [1, 4])
def test_a_death_in_the_middle_of_a_write_costs_nothing(
    tmp_path: Path, dense: Array, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = naive.to_sparse(dense, "csr")
    write(tmp_path / "whole", matrix)
    whole_write, deaths = turned.ArrayFile.write, 0
    left = 0

    def write_or_die(self: turned.ArrayFile, values: Array, position: int) -> None:
        nonlocal left
        left -= 1
        if left <= 0:  # all threads die at once
            whole_write(self, values[: len(values) // 2], position)
            raise Killed
        whole_write(self, values, position)

    monkeypatch.setattr(turned.ArrayFile, "write", write_or_die)
    chance = np.random.default_rng(threads)
    n_blocks, per_block = -(-matrix.data.size // SMALL.block), 2 * 40  # a piece for each bucket, in two files
    while True:
        steps = tmp_path / "a" / "unfinished" / "steps.json"
        merging = steps.exists() and json.loads(steps.read_bytes())["sorted"] == n_blocks
        left = int(chance.integers(2, 12) if merging else chance.integers(per_block, 4 * per_block))
        try:
            write(tmp_path / "a", matrix, threads=threads)
            break
        except Killed:
            deaths += 1
    assert deaths >= 8
    assert content(tmp_path / "a") == content(tmp_path / "whole")


def test_it_does_go_on_and_not_start_anew(
    tmp_path: Path, dense: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = naive.to_sparse(dense, "csr")
    with pytest.raises(Cancelled):
        write(tmp_path / "a", matrix, stop_at=0.7)  # some buckets are in order
    monkeypatch.setattr("jupyter_cxg.compute.transpose.SparseTurn.sorter", lambda _: pytest.fail("again"))
    monkeypatch.setattr("jupyter_cxg.compute.transpose.SparseTurn.count", lambda *_: pytest.fail("again"))
    with pytest.raises(pytest.fail.Exception):
        write(tmp_path / "b", matrix)
    monkeypatch.setattr("jupyter_cxg.compute.transpose.SparseTurn.sorter", lambda _: None)
    write(tmp_path / "a", matrix)
    np.testing.assert_array_equal(open_turned(tmp_path / "a", matrix).data, sparse.csc_matrix(dense).data)


def test_after_a_power_cut_nothing_is_trusted(
    tmp_path: Path, dense: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = naive.to_sparse(dense, "csr")
    with pytest.raises(Cancelled):
        write(tmp_path / "a", matrix, stop_at=0.9)
    (tmp_path / "boot").write_text("another\n")
    monkeypatch.setattr(turned, "_BOOT", tmp_path / "boot")
    data = tmp_path / "a" / "data.npy"
    data.write_bytes(bytes(data.stat().st_size))  # what had not reached the disk
    write(tmp_path / "a", matrix)
    np.testing.assert_array_equal(open_turned(tmp_path / "a", matrix).data, sparse.csc_matrix(dense).data)


@pytest.mark.parametrize("steps", [b"", b"{", b"[]", b"null", b'{"about": 1}', b'{"a": "b"}'])
def test_damaged_notes_of_progress_start_anew(tmp_path: Path, dense: Array, steps: bytes) -> None:
    matrix = naive.to_sparse(dense, "csr")
    write(tmp_path / "whole", matrix)
    with pytest.raises(Cancelled):
        write(tmp_path / "a", matrix, stop_at=0.5)
    (tmp_path / "a" / "unfinished" / "steps.json").write_bytes(steps)
    write(tmp_path / "a", matrix)
    assert content(tmp_path / "a") == content(tmp_path / "whole")


CHILD = """
import sys
from pathlib import Path
from threading import Event
import numpy as np
from jupyter_cxg.engine import index, turning
from jupyter_cxg.model import Dense, Sparse

home, kind = Path(sys.argv[1]), sys.argv[2]
arrays = [np.load(home / f"{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr", "dense")]
matrix = Sparse((210, 90), "csr", *arrays[:3]) if kind == "csr" else Dense(arrays[3])
turning.FINEST = matrix.data.size // 15

def advance(done):
    print(done, flush=True)
    sys.stdin.readline()  # until we may go on, or are killed

index.build(home / sys.argv[3], matrix, threads=2, advance=advance, stop=Event())
print("built", flush=True)
"""


def build_until(home: Path, kind: str, target: str, steps: int) -> bool:
    """Build in another process, which is killed after so many steps; whether it came to its end before."""
    command = [sys.executable, "-c", CHILD, str(home), kind, target]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        for _ in range(steps):
            if child.stdout.readline() == "built\n":
                child.stdin.close()
                return True
            child.stdin.write("\n")
            child.stdin.flush()
        os.kill(child.pid, signal.SIGKILL)
    return False


@pytest.mark.skipif(not turned.this_boot(), reason="this system does not say when it was started")
@pytest.mark.parametrize("kind", ["csr", "dense"])
def test_a_server_killed_at_any_block_leaves_what_the_next_one_goes_on_with(
    tmp_path: Path, dense: Array, kind: str
) -> None:
    matrix = sparse.csr_matrix(dense)
    np.save(tmp_path / "dense.npy", dense)
    for name in ("data", "indices", "indptr"):
        np.save(tmp_path / f"{name}.npy", getattr(matrix, name))
    assert build_until(tmp_path, kind, "i/whole", 1000)
    chance = np.random.default_rng(len(kind))
    kills = 0
    # the first round counts, which is done anew after a kill
    while not build_until(tmp_path, kind, "i/X", int(chance.integers(2, 9)) + (0 if kills else 16)):
        kills += 1
        assert kills < 30, "it does not get on"
    assert kills >= 2
    assert content(tmp_path / "i" / "X") == content(tmp_path / "i" / "whole")


def test_memory_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    n_obs, per_row = 60_000, 300  # 18 M entries: 144 MB
    indices = np.sort(rng.integers(0, 2_000, (n_obs, per_row)).astype(np.int32), axis=1).ravel()
    np.save(tmp_path / "data.npy", rng.random(len(indices), dtype=np.float32))
    np.save(tmp_path / "indices.npy", indices)
    del indices
    arrays = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("data", "indices")]
    matrix = Sparse((n_obs, 2_000), "csr", *arrays, np.arange(n_obs + 1) * per_row)
    monkeypatch.setattr(turning, "MEMORY", 32 << 20)
    write_turned(tmp_path / "warm", Dense(np.ones((2, 2))), threads=1, advance=lambda _: None, cancelled=bool)
    before, highest = anonymous(), [0]
    write_turned(
        tmp_path / "a",
        matrix,
        threads=2,
        advance=lambda _: highest.append(anonymous()),
        cancelled=bool,
    )
    assert max(highest) - before < 32 << 20
    assert len(highest) > 50


def anonymous() -> int:
    """Bytes of memory that no file backs."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024
