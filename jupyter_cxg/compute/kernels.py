"""The only numba of the project: serial loops without the GIL, each over a block of rows.

Inputs are memory maps opened read-only and are never written. The compiled code is kept beside this
file or in the user's cache directory, so only the first use ever compiles.
"""

from typing import Any

import numba
import numpy as np

from ..model import Array


def _kernel(function: Any, **options: Any) -> Any:
    try:
        return numba.njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:  # neither this directory nor the user's is writable: compile in every process
        return numba.njit(nogil=True, **options)(function)


def _vector_kernel(function: Any) -> Any:
    """A kernel whose sums may be added up in any order; NaN and infinity keep their meaning."""
    return _kernel(function, fastmath={"reassoc", "contract", "nsz"})


AHEAD = 16
"""Rows whose probable places are fetched from memory together."""
SAMPLE = 64
"""Rows of a block that say where in a row a column is to be expected."""


@_kernel
def csr_column(
    data: Array, indices: Array, indptr: Array, column: int, start: int, stop: int, out: Array
) -> int:
    """Add one column of CSR rows ``start`` to ``stop`` to ``out``; indices within a row ascend.

    What takes the time is waiting for memory. So the search begins where the column probably is, and for
    some rows at a time these places are touched first, without waiting in between. The result has no meaning:
    it keeps the compiler from leaving that out.
    """
    entries: Any = 0
    before: Any = 0
    for row in range(start, stop, max(1, (stop - start) // SAMPLE)):
        first, end = np.int64(indptr[row]), np.int64(indptr[row + 1])
        entries += end - first
        before += _place(indices, column, first, end) - first
    share = before / max(1, entries)
    touched = 0
    for some in range(start, stop, AHEAD):
        last = min(stop, some + AHEAD)
        for row in range(some, last):
            first, end = np.int64(indptr[row]), np.int64(indptr[row + 1])
            if first < end:
                touched += indices[np.uint64(first + np.int64(share * (end - first - 1)))]
        for row in range(some, last):
            first, end = np.int64(indptr[row]), np.int64(indptr[row + 1])
            if first == end:
                continue
            low = high = first + np.int64(share * (end - first - 1))
            width = np.int64(AHEAD)
            if indices[np.uint64(low)] < column:
                high += width
                while high < end and indices[np.uint64(high)] < column:
                    low = high + 1
                    width += width
                    high = low + width
                high = min(high, end)
            else:
                low -= width
                while low >= first and indices[np.uint64(low)] >= column:
                    high = low
                    width += width
                    low = high - width
                low = max(low, first)
            place = _place(indices, column, low, high)
            # more than one only if duplicates were never summed
            while place < end and indices[np.uint64(place)] == column:
                out[row] += data[np.uint64(place)]
                place += 1
    return touched


@_kernel
def _place(indices: Array, column: int, low: int, high: int) -> int:
    """The first of the entries ``low`` to ``high`` that is not before ``column``; ``high`` if all are."""
    while low < high:
        middle = low + (high - low) // 2
        if indices[np.uint64(middle)] < column:
            low = middle + 1
        else:
            high = middle
    return low


@_kernel
def csr_column_unsorted(
    data: Array, indices: Array, indptr: Array, column: int, start: int, stop: int, out: Array
) -> None:
    """As `csr_column`, for indices in any order within a row."""
    for row in range(start, stop):
        for k in range(indptr[row], indptr[row + 1]):
            if indices[k] == column:
                out[row] += data[k]


@_kernel
def csr_sum(
    data: Array, indices: Array, indptr: Array, weight: Array, start: int, stop: int, out: Array
) -> None:
    """Add the weighted sum over the columns of CSR rows ``start`` to ``stop`` to ``out``.

    ``weight`` is (n_columns,), 0 for the columns that are left out; their values are not looked at,
    so a NaN there does no harm.
    """
    for row in range(start, stop):
        total = 0.0
        for k in range(indptr[row], indptr[row + 1]):
            w = weight[indices[k]]
            if w != 0:
                total += w * data[k]
        out[row] += total


@_kernel
def csc_column(data: Array, indices: Array, start: int, stop: int, out: Array) -> None:
    """Add the entries ``start`` to ``stop``, which are one column of a CSC matrix, to ``out``."""
    for k in range(start, stop):
        out[indices[k]] += data[k]
