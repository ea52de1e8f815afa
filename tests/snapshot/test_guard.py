"""Files that lie: about their size, their shape, their structure. A sentence each, and nothing is left."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numpy as np
import pytest
import zarr

from jupyter_cxg.errors import CxgError
from jupyter_cxg.snapshot import arrays
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.identity import snapshot_id
from jupyter_cxg.snapshot.prepare import Job, prepare
from jupyter_cxg.snapshot.reading import Reading
from tests.reference.example import tiny_adata

MEMORY = 200 * 10**6
HUGE = 10**10


@pytest.fixture
def h5ad(tmp_path: Path) -> Path:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


def job_of(path: Path, catalog: Catalog, max_bytes: int | None = None) -> Job:
    return Job(
        snapshot_id(path), str(path), path.name, str(catalog.root), max_bytes, 3600, Reading(memory=MEMORY)
    )


def refused(path: Path, catalog: Catalog, max_bytes: int | None = None) -> tuple[str, int]:
    """The sentence of a process that prepares it, and the most anonymous memory that it had."""
    code = (
        "import sys; from jupyter_cxg.snapshot.prepare import main; status = main()\n"
        "print(open('/proc/self/status').read(), file=sys.stderr); raise SystemExit(status)"
    )
    job = job_of(path, catalog, max_bytes)
    worker = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert worker.stdin
    worker.stdin.write(job.to_line())
    worker.stdin.flush()
    out, said = _read(worker)
    assert worker.returncode == 1, (out, said)
    assert not list(catalog.root.iterdir())
    (peak,) = (int(line.split()[1]) * 1024 for line in said.splitlines() if line.startswith(b"VmHWM"))
    return json.loads(out.splitlines()[-1])["message"], peak


def _read(worker: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """What it says, with its stdin open: that it ends is the worker's sign to stop."""
    assert worker.stdout and worker.stderr and worker.stdin
    out, said = worker.stdout.read(), worker.stderr.read()
    worker.wait(60)
    worker.stdin.close()
    return out, said


def a_bomb(file: h5py.File) -> None:
    """Ten bytes for each billion, as nothing of it was ever written."""
    bomb = file["obsm"].create_dataset("X_bomb", (60, HUGE), "f4", chunks=(60, 1000), compression="gzip")
    bomb.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})


def a_bomb_in_raw(file: h5py.File) -> None:
    del file["raw/X"]
    bomb = file.create_dataset("raw/X", (60, HUGE), "f4", chunks=(60, 1000), compression="gzip")
    bomb.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})


def a_deep_hole(file: h5py.File) -> None:
    group = file["uns"]
    for _ in range(100):
        group = group.create_group("deeper")


def laughs(file: h5py.File) -> None:
    """Each group has the next one ten times."""
    below = file["uns"].create_group("laugh 0")
    for level in range(1, 9):
        group = file["uns"].create_group(f"laugh {level}")
        for at in range(10):
            group[str(at)] = below
        below = group


def a_circle(file: h5py.File) -> None:
    file["uns/self"] = file["uns"]


def a_lying_indptr(file: h5py.File) -> None:
    file["X/indptr"][1] = -5


def an_indptr_that_goes_back(file: h5py.File) -> None:
    file["X/indptr"][5] = file["X/indptr"][60]


def an_indptr_of_another_length(file: h5py.File) -> None:
    values = file["X/indptr"][...]
    del file["X/indptr"]
    file["X/indptr"] = values[:-3]


def an_index_outside(file: h5py.File) -> None:
    file["X/indices"][7] = 10**6


def a_negative_index(file: h5py.File) -> None:
    file["X/indices"][7] = -1


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (a_bomb, "of memory for obs, var and the like, most of it for obsm/X_bomb"),
        (a_bomb_in_raw, "`var` must have as many rows as `X` has columns"),
        (a_deep_hole, "groups in groups, more than 64 deep"),
        (laughs, "has more than 100000 arrays"),
        (a_circle, "has a link at uns/self that leads back to itself"),
    ],
)
def test_what_is_refused_before_it_is_read(
    h5ad: Path, catalog: Catalog, lie: Callable[[h5py.File], None], sentence: str
) -> None:
    with h5py.File(h5ad, "r+") as file:
        lie(file)
    said, peak = refused(h5ad, catalog)
    assert sentence in said, said
    assert peak < 2 * MEMORY


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (a_lying_indptr, "does not ascend from 0"),
        (an_indptr_that_goes_back, "does not ascend from 0"),
        (an_indptr_of_another_length, "does not fit its shape"),
        (an_index_outside, "has an index outside of its"),
        (a_negative_index, "has an index outside of its"),
    ],
)
def test_a_broken_matrix_is_left_out(
    h5ad: Path, catalog: Catalog, lie: Callable[[h5py.File], None], sentence: str
) -> None:
    """The picture needs none: it is shown, and what is wrong with the matrix is said."""
    with h5py.File(h5ad, "r+") as file:
        assert file["X"].attrs["encoding-type"] == "csr_matrix"
        lie(file)
    _prepared(h5ad, catalog)
    (manifest,) = catalog.list()
    assert "X" not in manifest.matrices and "raw" in manifest.matrices
    assert sentence in next(item.reason for item in manifest.left_out if item.where == "X")
    assert catalog.open(manifest.id).schema.layers[0] != "X"


def _prepared(path: Path, catalog: Catalog) -> None:
    job = Job(snapshot_id(path), str(path), path.name, str(catalog.root), None, 3600)
    prepare(job, lambda now: None)


def said_here(path: Path, catalog: Catalog, max_bytes: int | None = None) -> str:
    """As `refused`, in this process, which has its memory to itself."""
    job = Job(snapshot_id(path), str(path), path.name, str(catalog.root), max_bytes, 3600)
    with pytest.raises(CxgError) as caught:
        prepare(job, lambda now: None)
    assert not list(catalog.root.iterdir())
    return str(caught.value)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut(h5ad: Path, catalog: Catalog, keep: float) -> None:
    content = h5ad.read_bytes()
    h5ad.write_bytes(content[: int(keep * len(content))])
    assert "is cut short" in said_here(h5ad, catalog)


@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_flipped_bytes_ends_well(h5ad: Path, catalog: Catalog, seed: int) -> None:
    """It opens, as anndata would have it, or there is a sentence; never a crash, never half a snapshot."""
    rng = np.random.default_rng(seed)
    content = bytearray(h5ad.read_bytes())
    for at in rng.integers(8, len(content), 200):
        content[at] = rng.integers(256)
    h5ad.write_bytes(content)
    worker = subprocess.Popen(
        [sys.executable, "-m", "jupyter_cxg.snapshot.prepare"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert worker.stdin
    worker.stdin.write(job_of(h5ad, catalog).to_line())
    worker.stdin.flush()
    out, _ = _read(worker)
    if worker.returncode == 0:
        assert [manifest.state for manifest in catalog.list()] == ["complete"]
    else:
        assert worker.returncode == 1 and b'"message"' in out.splitlines()[-1]
        assert not list(catalog.root.iterdir())


def test_declared_sizes_count_against_the_room(h5ad: Path, catalog: Catalog) -> None:
    with h5py.File(h5ad, "r+") as file:
        del file["X/data"], file["X/indices"]
        for part in ("data", "indices"):
            file["X"].create_dataset(part, (HUGE,), "i4", chunks=(1000,), compression="gzip")
    assert "CXG_MAX_BYTES" in said_here(h5ad, catalog, max_bytes=10**9)


def test_a_row_that_is_too_long_is_not_read(h5ad: Path, catalog: Catalog) -> None:
    with h5py.File(h5ad, "r+") as file:
        del file["X/data"], file["X/indices"]
        for part in ("data", "indices"):
            file["X"].create_dataset(part, (10**8,), "i4", chunks=(10**5,), compression="gzip")
        indptr = file["X/indptr"]
        indptr[1:] = 10**8
    _prepared(h5ad, catalog)
    (manifest,) = catalog.list()
    assert "more values in a row" in next(i.reason for i in manifest.left_out if i.where == "X")


@pytest.mark.parametrize("kind", ["pipe", "folder", "circle"])
def test_what_is_no_file(tmp_path: Path, catalog: Catalog, kind: str) -> None:
    path = tmp_path / "x.h5ad"
    if kind == "circle":
        path.symlink_to(path)
        with pytest.raises(CxgError, match="There is no file"):
            snapshot_id(path)
        return
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert {"pipe": "neither a file nor a folder", "folder": "is no Zarr store"}[kind] in said_here(
        path, catalog
    )


def test_a_store_with_a_link_to_itself(tmp_path: Path, catalog: Catalog) -> None:
    tiny_adata().write_zarr(store := tmp_path / "x.zarr")
    (store / "uns" / "self").symlink_to(store)
    assert "has a link to a folder (self)" in said_here(store, catalog)


def test_a_store_that_is_a_bomb(tmp_path: Path, catalog: Catalog) -> None:
    with anndata.settings.override(zarr_write_format=3):
        tiny_adata().write_zarr(store := tmp_path / "x.zarr")
    group = zarr.open_group(str(store), mode="r+", use_consolidated=False)
    bomb = group["obsm"].create_array("X_bomb", shape=(60, HUGE), chunks=(60, 1000), dtype="f4")
    bomb.attrs.update({"encoding-type": "array", "encoding-version": "0.2.0"})
    zarr.consolidate_metadata(str(store))
    said, peak = refused(store, catalog)
    assert "most of it for obsm/X_bomb" in said and peak < 2 * MEMORY


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up(
    h5ad: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    written, append = [0], arrays.ArrayFile.append

    def full(self: arrays.ArrayFile, block: np.ndarray) -> None:
        written[0] += block.nbytes
        if written[0] > 3000:
            raise OSError(number, os.strerror(number))
        append(self, block)

    monkeypatch.setattr(arrays.ArrayFile, "append", full)
    assert "The disk of" in said_here(h5ad, catalog)
