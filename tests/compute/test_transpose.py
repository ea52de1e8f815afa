"""CSR to CSC."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import sparse

from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.compute.transpose import column_starts, move_columns
from jupyter_cxg.model import Array
from tests.compute.test_columns import counts
from tests.reference import naive


def transpose(matrix: "naive.Sparse", advance: object = None) -> tuple[Array, Array, Array]:
    steps = {"advance": advance or (lambda _: None), "cancelled": lambda: False}
    indptr = column_starts(matrix, **steps)  # type: ignore[arg-type]
    data, rows = np.empty(len(matrix.data), matrix.data.dtype), np.empty(len(matrix.data), np.int32)
    move_columns(matrix, indptr, data, rows, **steps)  # type: ignore[arg-type]
    return data, rows, indptr


@given(dense=counts)
@settings(max_examples=40, deadline=None)
def test_it_is_what_scipy_gives(dense: Array) -> None:
    data, rows, indptr = transpose(naive.to_sparse(dense, "csr"))
    expected = sparse.csc_matrix(dense)
    np.testing.assert_array_equal(indptr, expected.indptr)
    np.testing.assert_array_equal(rows, expected.indices)
    np.testing.assert_array_equal(data, expected.data)


def test_rows_ascend_though_columns_were_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_cxg.compute.transpose.ENTRIES", 10)  # many blocks
    dense = np.random.default_rng(0).integers(0, 2, (50, 6)).astype(np.float32)
    fractions: list[float] = []
    data, rows, indptr = transpose(naive.to_sparse(dense, "csr", shuffled=0), fractions.append)
    back = sparse.csc_matrix((data, rows, indptr), dense.shape)
    assert back.has_sorted_indices
    np.testing.assert_array_equal(back.toarray(), dense)
    assert fractions == sorted(fractions) and fractions[-1] == 1 and len(fractions) > 10


def test_it_stops_when_it_is_told_to() -> None:
    matrix = naive.to_sparse(np.ones((3, 2), np.float32), "csr")
    with pytest.raises(Cancelled):
        column_starts(matrix, advance=lambda _: None, cancelled=lambda: True)
