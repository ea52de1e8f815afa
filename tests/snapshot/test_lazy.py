"""AnnData objects whose arrays are somewhere else: published as they are, and never loaded whole."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import anndata
import dask.array as da
import h5py
import numpy as np
import pytest
import zarr
from anndata import AnnData
from anndata.experimental import read_lazy
from scipy import sparse

from jupyter_cxg.errors import Unpublishable
from jupyter_cxg.snapshot import lazy, matrices
from jupyter_cxg.snapshot.arrays import open_array
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.elements import read_matrix
from jupyter_cxg.snapshot.matrices import matrix_bytes, write_matrix
from jupyter_cxg.snapshot.plan import check
from jupyter_cxg.snapshot.schema import read_embeddings
from jupyter_cxg.snapshot.writer import publish
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same

SHAPE = (50, 30)
pytestmark = pytest.mark.filterwarnings("ignore")  # of anndata, about what is experimental


@pytest.fixture
def dense() -> Any:
    values = np.random.default_rng(1).poisson(0.4, SHAPE).astype(np.float32)
    values.flags.writeable = False
    return values


def written(path: Path, matrix: Any) -> Any:
    """As a dense array, after it was written."""
    told: list[int] = []
    write_matrix(path, matrix, told.append)
    assert sum(told) > 0
    return read_matrix(path)


CHUNKS = [(50, 30), (7, 30), (50, 4), (7, 4), (1, 30), ((20, 0, 30), (29, 1))]


@pytest.mark.parametrize("window", [1, lazy.WINDOW])
@pytest.mark.parametrize("chunks", CHUNKS, ids=str)
def test_a_dense_dask_array(
    tmp_path: Path, dense: Any, chunks: Any, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lazy, "WINDOW", window)
    read = written(tmp_path / "X", da.from_array(dense, chunks=chunks) + 1)
    assert np.array_equal(np.asarray(read.data), dense + 1) and np.asarray(read.data).dtype == np.float32


@pytest.mark.parametrize("window", [1, lazy.WINDOW])
@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array])
@pytest.mark.parametrize("chunks", CHUNKS[:-1], ids=str)
def test_a_sparse_dask_array(
    tmp_path: Path, dense: Any, chunks: Any, kind: Any, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lazy, "WINDOW", window)
    lazily = da.from_array(dense, chunks=chunks).map_blocks(kind)
    read = written(tmp_path / "X", lazily)
    made = sparse.csr_matrix if read.layout == "csr" else sparse.csc_matrix
    assert np.array_equal(made((read.data, read.indices, read.indptr), SHAPE).toarray(), dense)
    assert (read.layout == "csc") is (lazily.numblocks[1] > lazily.numblocks[0])


def test_the_size_of_a_sparse_one_is_guessed(dense: Any) -> None:
    lazily = da.from_array(dense, chunks=(10, 30)).map_blocks(sparse.csr_matrix)
    assert 0.5 < matrix_bytes(lazily) / (np.count_nonzero(dense) * 8) < 2


def test_chunks_that_lie(tmp_path: Path, dense: Any) -> None:
    for kind in (np.asarray, sparse.csr_matrix):
        lying = da.from_array(dense, chunks=(10, 30)).map_blocks(lambda b, k=kind: k(b[:5]), dtype="f4")
        lying._meta = kind(np.empty((0, 0), np.float32))
        with pytest.raises(Unpublishable, match="has a chunk of shape"):
            write_matrix(tmp_path / kind.__name__, lying, lambda n: None)
    unknown = da.from_array(dense, chunks=(10, 30))
    with pytest.raises(Unpublishable, match="compute_chunk_sizes"):
        write_matrix(tmp_path / "unknown", unknown[unknown[:, 0] > 0], lambda n: None)


@pytest.mark.parametrize("chunks", [(50, 3), (7, 3)], ids=str)
@pytest.mark.parametrize("kind", ["hdf5", "zarr"])
def test_columns_in_a_file_are_read_once(
    tmp_path: Path, dense: Any, kind: str, chunks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrices, "BLOCK", 64)
    monkeypatch.setattr(matrices, "_LARGEST_BLOCK", 128)
    if kind == "hdf5":
        with h5py.File(tmp_path / "x.h5", "w") as file:
            stored = file.create_dataset("X", data=dense, chunks=chunks, compression="gzip")
            read = written(tmp_path / "X", stored)
    else:
        array = zarr.create_array(str(tmp_path / "x.zarr"), shape=SHAPE, chunks=chunks, dtype="f4")
        array[:] = dense
        read = written(tmp_path / "X", array)
    assert np.array_equal(np.asarray(read.data), dense)


@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_what_anndata_reads_lazily(tmp_path: Path, catalog: Catalog, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    getattr(tiny_adata(), f"write_{ending}")(path)
    manifest = publish(read_lazy(path), catalog, title="x")
    assert manifest.left_out == ()
    assert_same(anndata.read_zarr(catalog.directory(manifest.id) / "r1.zarr"), tiny_adata())


def test_a_view_of_it(tmp_path: Path, catalog: Catalog) -> None:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    manifest = publish(read_lazy(tmp_path / "x.h5ad")[10:30, [3, 1]], catalog, title="x")
    read = anndata.read_zarr(catalog.directory(manifest.id) / "r1.zarr")
    expected = tiny_adata()[10:30, [3, 1]]
    assert np.array_equal(read.X.toarray(), expected.X.toarray())
    assert read.obs_names.equals(expected.obs_names) and read.obsm["X_umap"].shape == (20, 2)


def with_dask(points: Any, chunks: Any = 20) -> AnnData:
    adata = tiny_adata()
    adata.obsm["X_lazy"] = da.from_array(points, chunks=chunks)
    return adata


def test_an_embedding_may_be_lazy(catalog: Catalog) -> None:
    points = np.arange(120, dtype=np.float32).reshape(60, 2)
    points[7, 1] = np.nan
    manifest = publish(with_dask(points), catalog, title="x")
    assert manifest.left_out == ()
    store = catalog.directory(manifest.id) / "r1.zarr"
    np.testing.assert_array_equal(open_array(store / "obsm" / "X_lazy"), points)
    assert {e.name: e.n_missing for e in read_embeddings(store)}["lazy"] == 1


def test_a_lazy_embedding_without_a_point_is_none() -> None:
    adata = with_dask(np.full((60, 2), np.nan))
    del adata.obsm["X_umap"], adata.obsm["X_pca"]
    with pytest.raises(Unpublishable, match="NaN or infinity"):
        check(adata)


def test_what_cannot_be_computed_is_left_out(catalog: Catalog) -> None:
    def broken(block: Any) -> Any:
        raise ZeroDivisionError("of the user's own")

    adata = tiny_adata()
    adata.layers["odd"] = da.zeros((60, 20), chunks=(10, 20)).map_blocks(broken, dtype="f4")
    manifest = publish(adata, catalog, title="x")
    assert "odd" not in manifest.matrices and set(manifest.matrices) == {"X", "raw", "counts"}
    (item,) = manifest.left_out
    assert item.where == "odd" and "ZeroDivisionError: of the user's own" in item.reason


# ── memory ──

ROWS, COLUMNS = 40_000, 2_000
PEAK = """
import resource, sys, threading, warnings
warnings.simplefilter("ignore")
from pathlib import Path
import anndata, dask.array as da, numpy as np, pandas as pd
from scipy import sparse
from anndata.experimental import read_lazy
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.schema import read_embeddings
from jupyter_cxg.snapshot.writer import publish

def anonymous():
    text = Path("/proc/self/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) * 1024

ROWS, COLUMNS = {rows}, {columns}
def block(block_info=None):
    (top, bottom), (left, right) = block_info[None]["array-location"]
    shape = bottom - top, right - left
    if {kind!r} == "dense":
        return np.full(shape, top + left, np.float32)
    return sparse.random(*shape, 0.3, "csr", np.float32, random_state=top)
chunks = {chunks}
empty = np.empty((0, 0), np.float32)
meta = empty if {kind!r} == "dense" else sparse.csr_matrix(empty)
chunks = da.core.normalize_chunks(chunks, (ROWS, COLUMNS))
X = da.map_blocks(block, chunks=chunks, dtype=np.float32, meta=meta)
if {centered}:
    X = X - X.mean(axis=0)  # each chunk depends on all others
adata = anndata.AnnData(X, obs=pd.DataFrame(index=np.arange(ROWS).astype(str)))
adata.obsm["X_umap"] = np.zeros((ROWS, 2), np.float32)
catalog = Catalog(Path(sys.argv[1]))
publish(adata[:64].copy(), catalog, title="warm")  # the libraries are there
before, peak, done = anonymous(), [0], threading.Event()
def watch():
    while not done.wait(0.005):
        peak[0] = max(peak[0], anonymous())
thread = threading.Thread(target=watch)
thread.start()
manifest = publish(adata, catalog, title="x")
done.set()
thread.join()
assert manifest.matrices == ("X",), manifest.left_out
print(peak[0] - before)
"""


@pytest.mark.parametrize(
    ("kind", "chunks", "centered"),
    [
        ("dense", (2_000, 2_000), False),
        ("dense", (40_000, 100), False),
        ("dense", (4_000, 500), False),
        ("dense", (2_000, 2_000), True),
        ("sparse", (2_000, 2_000), False),
        ("sparse", (40_000, 100), False),
    ],
)
def test_it_is_never_loaded_whole(
    tmp_path: Path, kind: str, chunks: tuple[int, int], centered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = PEAK.format(rows=ROWS, columns=COLUMNS, kind=kind, chunks=chunks, centered=centered)
    code = f"from jupyter_cxg.snapshot import lazy\nlazy.WINDOW = {16 * 2**20}\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "snapshots")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    whole = ROWS * COLUMNS * 4 * (1 if kind == "dense" else 0.6)
    print(kind, chunks, centered, f"{int(done.stdout) / 2**20:.0f} MiB of {whole / 2**20:.0f}")
    assert int(done.stdout) < whole / 2.5
