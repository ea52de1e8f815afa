"""Many genes at once equal the columns of the matrix, in every layout."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.compute.bulk import ROWS, gene_values
from jupyter_cxg.compute.columns import column_dtype
from jupyter_cxg.model import Array, Dense, GeneValues, Matrix, Sparse
from tests.compute.groups import Example, examples, to_matrix
from tests.reference import naive


def dense(genes: list[GeneValues], n_rows: int) -> Array:
    """What was given, cells × genes."""
    found = []
    for gene in genes:
        values = gene.values
        if gene.rows is not None:
            assert gene.rows.dtype == np.int32 and (np.diff(gene.rows) > 0).all() and (values != 0).all()
            values = np.zeros(n_rows, values.dtype)
            values[gene.rows] = gene.values
        assert len(values) == n_rows
        found.append(values)
    return np.array(found).reshape(len(genes), n_rows).T


@given(example=examples(), data=st.data())
@settings(max_examples=150)
def test_they_are_the_columns(example: Example, data: st.DataObject) -> None:
    n_obs, n_vars = example.x.shape
    positions = np.array(data.draw(st.permutations(range(n_vars)))[: data.draw(st.integers(0, n_vars))], int)
    rows = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=n_obs, max_size=n_obs)))
    rows = data.draw(st.sampled_from([np.arange(n_obs), rows]))
    limits = {"pass_bytes": data.draw(st.sampled_from([1, 100, 2**20])), "threads": 2}
    found = list(gene_values(example.matrix, positions, rows, **limits))
    assert [gene.position for gene in found] == positions.tolist()
    dtype = column_dtype(example.x.dtype)
    assert all(gene.values.dtype == dtype for gene in found)
    expected = example.x[np.ix_(rows, positions)].astype(dtype)
    np.testing.assert_array_equal(dense(found, len(rows)), expected)
    for gene, values in zip(found, expected.T, strict=True):  # what is sent is what is smaller
        n_values = np.count_nonzero(values)
        assert (gene.rows is not None) == (n_values * (4 + dtype.itemsize) < len(rows) * dtype.itemsize)


@pytest.mark.parametrize("layout", ["csr", "csc", "C", "F"])
def test_nan_is_a_value_and_a_stored_zero_is_none(layout: str) -> None:
    x = np.zeros((40, 3), np.float32)
    x[7, 1], x[9, 1] = np.nan, np.inf
    matrix = to_matrix(x, layout)
    if isinstance(matrix, Sparse):
        data = matrix.data.copy()
        data[np.isinf(data)] = 0
        matrix = Sparse(matrix.shape, matrix.layout, data, matrix.indices, matrix.indptr)
    (gene,) = gene_values(matrix, np.array([1]), np.arange(40))
    assert gene.rows is not None
    assert gene.rows.tolist() == ([7] if isinstance(matrix, Sparse) else [7, 9]) and np.isnan(gene.values[0])


@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.parametrize("seed", [None, 3])
@pytest.mark.parametrize("threads", [1, 2])
def test_duplicate_entries_are_summed(layout: Any, seed: int | None, threads: int) -> None:
    rng = np.random.default_rng(0)
    shape = (2 * ROWS + 7, 5)  # three blocks, two parts
    major, minor = (shape[0], shape[1]) if layout == "csr" else (shape[1], shape[0])
    per_major = 3 if layout == "csr" else 3 * shape[0] // 2
    indices = rng.integers(0, minor, (major, per_major)).astype(np.int32)
    if seed is None:
        indices.sort(axis=1)
    data = rng.integers(-2, 3, indices.size).astype(np.float32)
    indptr = np.arange(major + 1, dtype=np.int64) * per_major
    matrix = Sparse(shape, layout, data, indices.ravel(), indptr, sorted=seed is None)
    expected = naive.to_dense(matrix)
    found = list(gene_values(matrix, np.array([4, 0, 2]), np.arange(shape[0]), threads=threads))
    np.testing.assert_array_equal(dense(found, shape[0]), expected[:, [4, 0, 2]])


def big(layout: str, n_obs: int = 20_000, n_vars: int = 300) -> Matrix:
    x = np.random.default_rng(0).random((n_obs, n_vars), np.float32)
    x[x < 0.4] = 0
    return to_matrix(x, layout)


@pytest.mark.parametrize("layout", ["csr", "csc", "C", "F"])
def test_memory_is_bounded_whatever_is_asked(layout: str) -> None:
    matrix, rows = big(layout), np.arange(20_000)
    list(gene_values(matrix, np.arange(2), rows))  # compiles
    tracemalloc.start()
    for gene in gene_values(matrix, np.arange(300), rows, pass_bytes=2**20):
        assert gene.rows is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * 2**20  # all of it would be 24 MB


@pytest.mark.parametrize("layout", ["csr", "csc", "C", "F"])
def test_who_leaves_stops_the_work(layout: str) -> None:
    wanted = [True]
    found = gene_values(
        big(layout, 500, 10), np.arange(10), np.arange(500), pass_bytes=1, cancelled=lambda: not wanted[0]
    )
    next(found)
    wanted[0] = False
    with pytest.raises(Cancelled):
        next(found)


def test_no_genes_and_no_cells() -> None:
    for layout in ("csr", "csc", "C", "F"):
        assert list(gene_values(big(layout, 50, 4), np.empty(0, np.int64), np.arange(50))) == []
        (gene,) = gene_values(big(layout, 50, 4), np.array([2]), np.empty(0, np.int64))
        assert len(gene.values) == 0


def test_beyond_float32_is_infinite() -> None:
    for layout in ("csr", "csc", "C"):
        (gene,) = gene_values(to_matrix(np.full((3, 1), 1e300), layout), np.array([0]), np.arange(3))
        assert np.isinf(gene.values).all()
    (half,) = gene_values(Dense(np.ones((3, 2), np.float16)), np.array([1]), np.arange(3))
    assert half.values.dtype == np.float32 and half.values.tolist() == [1, 1, 1]
