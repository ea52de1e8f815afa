"""Dense and sparse matrices, from memory and from files."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from anndata.io import sparse_dataset, write_elem
from numpy.testing import assert_array_equal
from scipy import sparse

from jupyter_cxg.errors import Unpublishable
from jupyter_cxg.model import Dense, Sparse
from jupyter_cxg.snapshot import arrays, matrices
from jupyter_cxg.snapshot.elements import read_matrix
from jupyter_cxg.snapshot.matrices import Rows, matrix_bytes, write_matrix

RNG = np.random.default_rng(0)
DENSE = (RNG.random((50, 7)) < 0.4) * RNG.integers(1, 9, (50, 7)).astype(np.float32)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that every matrix here takes several."""
    monkeypatch.setattr(matrices, "BLOCK", 200)
    monkeypatch.setattr(matrices, "_LARGEST_BLOCK", 3200)
    monkeypatch.setattr(arrays, "BLOCK", 200)


def written(path: Path, matrix: Any) -> Dense | Sparse:
    write_matrix(path / "m", matrix, lambda n_bytes: None)
    return read_matrix(path / "m")


def to_dense(matrix: Dense | Sparse) -> Any:
    if isinstance(matrix, Dense):
        return matrix.data
    kind = sparse.csr_matrix if matrix.layout == "csr" else sparse.csc_matrix
    return kind((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape).toarray()


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array, sparse.csc_array])
def test_sparse_keeps_its_layout(tmp_path: Path, kind: Any) -> None:
    read = written(tmp_path, kind(DENSE))
    assert isinstance(read, Sparse)
    assert read.layout == kind(DENSE).format
    assert read.sorted
    assert_array_equal(to_dense(read), DENSE)


def test_other_sparse_formats_become_csr(tmp_path: Path) -> None:
    read = written(tmp_path, sparse.coo_matrix(DENSE))
    assert isinstance(read, Sparse)
    assert read.layout == "csr"
    assert_array_equal(to_dense(read), DENSE)


def test_unsorted_and_repeated_indices_are_put_right(tmp_path: Path) -> None:
    indptr, indices = np.array([0, 3, 3, 5]), np.array([4, 1, 4, 2, 0])
    matrix = sparse.csr_matrix((np.arange(1.0, 6.0), indices, indptr), shape=(3, 5))
    read = written(tmp_path, matrix)
    assert isinstance(read, Sparse)
    assert_array_equal(read.indices, [1, 4, 0, 2])
    assert_array_equal(read.data, [2, 4, 5, 4])
    assert_array_equal(matrix.indices, indices, "the user's own matrix was changed")


@pytest.mark.parametrize("indices", [[0, 9], [0, -1]])
def test_an_index_out_of_range_is_refused(tmp_path: Path, indices: list[int]) -> None:
    matrix = sparse.csr_matrix((np.ones(2), np.array([0, 1]), np.array([0, 2])), shape=(1, 3))
    matrix.indices[:] = indices
    with pytest.raises(Unpublishable, match="index outside"):
        write_matrix(tmp_path / "m", matrix, lambda n_bytes: None)


@pytest.mark.parametrize(
    "source", [DENSE, sparse.csr_matrix(DENSE), sparse.csc_matrix(DENSE)], ids=["dense", "csr", "csc"]
)
def test_a_file_is_copied_without_being_loaded(
    tmp_path: Path, source: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = 0
    read_slice = h5py.Dataset.__getitem__

    def spy(self: h5py.Dataset, key: Any) -> Any:
        nonlocal largest
        block = read_slice(self, key)
        largest = max(
            largest, getattr(block, "nbytes", 0) if self.ndim == 2 or "indptr" not in self.name else 0
        )
        return block

    with h5py.File(tmp_path / "x.h5", "w") as file:
        write_elem(file, "x", source)
        matrix = file["x"] if isinstance(source, np.ndarray) else sparse_dataset(file["x"])
        with monkeypatch.context() as patched:
            patched.setattr(h5py.Dataset, "__getitem__", spy)
            read = written(tmp_path, matrix)
    assert_array_equal(to_dense(read), DENSE)
    assert 0 < largest <= 200


@pytest.mark.parametrize("convert", [np.asarray, sparse.csr_matrix], ids=["dense", "csr"])
def test_rows_are_read_a_few_at_a_time(tmp_path: Path, convert: Any) -> None:
    asked: list[int] = []

    def read(start: int, stop: int) -> Any:
        asked.append(stop - start)
        return convert(DENSE[start:stop])

    is_sparse = convert is sparse.csr_matrix
    rows = Rows(read, DENSE.shape, DENSE.dtype, is_sparse, matrix_bytes(convert(DENSE)))
    assert_array_equal(to_dense(written(tmp_path, rows)), DENSE)
    assert sum(asked) == len(DENSE)
    assert max(asked) < len(DENSE)


def test_extended_floats_become_float64(tmp_path: Path) -> None:
    read = written(tmp_path, DENSE.astype(np.longdouble))
    assert isinstance(read, Dense)
    assert read.data.dtype == np.float64
    assert_array_equal(read.data, DENSE)


@pytest.mark.parametrize("dtype", [np.complex64, object])
def test_what_is_no_real_number_is_refused(tmp_path: Path, dtype: Any) -> None:
    with pytest.raises(Unpublishable, match="not real numbers"):
        write_matrix(tmp_path / "m", DENSE.astype(dtype), lambda n_bytes: None)
