"""Columns of matrices equal the naive ones, in every layout."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from jupyter_cxg.compute.blocks import ROWS
from jupyter_cxg.compute.columns import MANY, column, column_dtype, mean_of_columns
from jupyter_cxg.model import Array, Dense, Sparse
from tests.reference import naive

counts = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.integers(1, 9)),
    elements=st.sampled_from([0.0, 0.0, 1.0, 2.5, -3.0]),
)
layouts = st.sampled_from(["csr", "csc"])


@given(dense=counts, layout=layouts, shuffle=st.booleans(), data=st.data())
@settings(max_examples=60)
def test_a_sparse_column_is_the_naive_one(
    dense: Array, layout: str, shuffle: bool, data: st.DataObject
) -> None:
    matrix = naive.to_sparse(dense, layout, shuffled=1 if shuffle else None)
    position = data.draw(st.integers(0, dense.shape[1] - 1))
    np.testing.assert_array_equal(column(matrix, position), naive.column(matrix, position))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    "dtype", [np.float16, np.float32, np.float64, np.int8, np.uint8, np.int32, np.int64, bool]
)
def test_a_dense_column_keeps_its_values(dtype: type, order: str) -> None:
    dense = np.asarray(np.arange(12).reshape(4, 3) % 2, dtype, order=order)  # type: ignore[call-overload]
    dense.flags.writeable = False
    found = column(Dense(dense), 1)
    np.testing.assert_array_equal(found, dense[:, 1])
    assert found.dtype == column_dtype(np.dtype(dtype))


def test_large_integers_stay_integers_and_small_ones_become_float32() -> None:
    assert column_dtype(np.dtype(np.int64)) == np.int64
    assert column_dtype(np.dtype(np.int16)) == np.float32
    assert column_dtype(np.dtype(np.float64)) == np.float32


def test_duplicate_entries_are_summed() -> None:
    data, indices = np.array([1, 2, 4], np.float32), np.array([1, 1, 2], np.int32)
    rows = Sparse((1, 3), "csr", data, indices, np.array([0, 3]))
    assert column(rows, 1).tolist() == [3]
    columns = Sparse((3, 1), "csc", data, indices, np.array([0, 3]))
    assert column(columns, 0).tolist() == [0, 3, 4]


def test_threads_do_not_change_the_answer() -> None:
    n = 2 * ROWS + 5  # three blocks
    diagonal = Sparse((n, n), "csr", np.ones(n, np.float32), np.arange(n, dtype=np.int32), np.arange(n + 1))
    for position in (0, ROWS - 1, ROWS, n - 1):
        assert np.flatnonzero(column(diagonal, position, threads=3)).tolist() == [position]


@pytest.mark.parametrize("n_genes", [0, 1, 3, MANY, MANY + 5])
@pytest.mark.parametrize("layout", ["csr", "csc"])
def test_the_mean_is_the_naive_one_on_both_ways(layout: str, n_genes: int) -> None:
    rng = np.random.default_rng(0)
    dense = (rng.random((30, 40)) < 0.4) * rng.normal(size=(30, 40))
    matrix = naive.to_sparse(dense, layout)
    positions = rng.permutation(40)[:n_genes]
    found = mean_of_columns(matrix, positions)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, naive.mean_of_columns(matrix, positions.tolist()), atol=1e-6)


def test_a_nan_elsewhere_does_not_reach_the_mean() -> None:
    dense = np.ones((3, MANY + 1), np.float32)
    dense[:, -1] = np.nan
    mean = mean_of_columns(naive.to_sparse(dense, "csr"), np.arange(MANY))
    assert mean.tolist() == [1, 1, 1]
