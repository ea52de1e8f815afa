"""CSR to CSC by counting, into arrays that the caller provides."""

from collections.abc import Callable

import numpy as np

from ..model import Array, Sparse
from .blocks import in_order

ENTRIES = 1 << 22
"""Entries per block: tens of milliseconds between two looks at whether to stop."""

COUNTING = 0.15
"""The share of the time that counting takes; the rest is moving."""


def column_starts(
    matrix: Sparse, *, advance: Callable[[float], None], cancelled: Callable[[], bool]
) -> Array:
    """The ``indptr`` of the CSC form of a CSR matrix: (n_columns + 1,), int64."""
    from . import kernels

    indices = np.asarray(matrix.indices)
    counts = np.zeros(matrix.shape[1], np.int64)
    in_order(
        lambda start, stop: kernels.count_columns(indices, start, stop, counts),
        len(indices),
        rows=ENTRIES,
        advance=lambda done: advance(COUNTING * done),
        cancelled=cancelled,
    )
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])


def move_columns(
    matrix: Sparse,
    indptr: Array,
    out_data: Array,
    out_rows: Array,
    *,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fill ``data`` and ``indices`` of the CSC form.

    Parameters
    ----------
    indptr
        From `column_starts`.
    out_data, out_rows
        (n_entries,); the rows of every column ascend, duplicates stay.
    """
    from . import kernels

    data, indices = np.asarray(matrix.data), np.asarray(matrix.indices)
    rows_at, cursor = np.asarray(matrix.indptr), indptr[:-1].copy()
    n_obs = matrix.shape[0]
    in_order(
        lambda start, stop: kernels.scatter_rows(
            data, indices, rows_at, start, stop, cursor, out_data, out_rows
        ),
        n_obs,
        rows=max(1, ENTRIES * n_obs // max(1, len(indices))),
        advance=lambda done: advance(COUNTING + (1 - COUNTING) * done),
        cancelled=cancelled,
    )
