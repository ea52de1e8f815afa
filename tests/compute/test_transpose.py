"""Matrices turned in memory, block by block, equal scipy's and numpy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from jupyter_cxg.compute.transpose import Broken, layout_of, turn_of
from jupyter_cxg.model import Array, Dense, Matrix, Sparse
from tests.compute.test_columns import counts
from tests.reference import naive


def turned(matrix: Matrix, block: int, bucket: int) -> tuple[tuple[Array, ...], Array]:
    """The arrays, as `engine.turning` makes them in files, and where each column begins."""
    turn = turn_of(matrix, block)
    n_blocks = len(turn.bounds) - 1
    found = np.zeros((n_blocks, turn.n_columns), np.uint32)
    for i in range(n_blocks):
        turn.count(i, found[i])
    layout = layout_of(found, bucket)
    meanwhile = [np.empty(turn.n_values, f"u{dtype.itemsize}") for dtype in turn.dtypes.values()]
    sort = turn.sorter()
    for i in range(n_blocks):
        for array, part in zip(meanwhile, sort(i, found[i]), strict=True):
            for start, stop, place in layout.pieces(i):
                array[place : place + stop - start] = part[start:stop]
    out = [np.empty_like(array) for array in meanwhile]
    for bucket_at, (first, last) in enumerate(layout.buckets):
        where = slice(layout.starts[first], layout.starts[last])
        for array, result in zip(meanwhile, out, strict=True):
            layout.merge(bucket_at, array[where], result[where])
    arrays = (array.view(dtype) for array, dtype in zip(out, turn.dtypes.values(), strict=True))
    return tuple(arrays), layout.starts


@given(
    dense=counts,
    layout=st.sampled_from(["csr", "csc"]),
    dtype=st.sampled_from(["?", "i1", "u2", "f2", "f4", "i4", "f8", "i8"]),
    block=st.integers(1, 40),
    bucket=st.integers(1, 40),
)
@settings(max_examples=80)
def test_a_sparse_one_is_what_scipy_gives(
    dense: Array, layout: str, dtype: str, block: int, bucket: int
) -> None:
    matrix = naive.to_sparse(dense, layout)
    data = matrix.data.astype(dtype)
    if not len(data):
        return
    typed = Sparse(matrix.shape, matrix.layout, data, matrix.indices, matrix.indptr)
    (values, lines), starts = turned(typed, block, bucket)
    other = sparse.csc_matrix if layout == "csr" else sparse.csr_matrix
    expected = other(dense)
    np.testing.assert_array_equal(starts, expected.indptr)
    np.testing.assert_array_equal(lines, expected.indices)
    np.testing.assert_array_equal(values, expected.data.astype(dtype))
    assert values.dtype == data.dtype and lines.dtype == np.int32


@given(dense=counts, order=st.sampled_from("CF"), block=st.integers(1, 40), bucket=st.integers(1, 40))
@settings(max_examples=40)
def test_a_dense_one_is_the_other_order(dense: Array, order: str, block: int, bucket: int) -> None:
    matrix = Dense(np.asarray(dense, order=order))  # type: ignore[call-overload]  # either of the two
    (values,), _ = turned(matrix, block, bucket)
    by_gene = order == "C" and not matrix.data.flags.f_contiguous
    np.testing.assert_array_equal(values, dense.ravel(order="F" if by_gene else "C"))


def test_rows_ascend_though_columns_were_shuffled() -> None:
    dense = np.random.default_rng(0).integers(0, 2, (50, 6)).astype(np.float32)
    (data, rows), starts = turned(naive.to_sparse(dense, "csr", shuffled=0), 10, 20)
    back = sparse.csc_matrix((data, rows, starts), dense.shape)
    assert back.has_sorted_indices
    np.testing.assert_array_equal(back.toarray(), dense)


def test_tiles_that_do_not_fit_evenly() -> None:
    dense = np.random.default_rng(0).random((101, 75)).astype(np.float32)
    (values,), _ = turned(Dense(dense), 40 * 75, 2000)
    np.testing.assert_array_equal(values, dense.ravel(order="F"))


@pytest.mark.parametrize("index", [-1, 3, 2**31 - 1])
def test_a_column_that_does_not_exist_is_refused(index: int) -> None:
    arrays = np.ones(2, np.float32), np.array([0, index], np.int32), np.array([0, 1, 2])
    with pytest.raises(Broken):
        turned(Sparse((2, 3), "csr", *arrays), 10, 10)
